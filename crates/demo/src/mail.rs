//! Sends letters of the past through the one door: a row in `message`, then a row in `submission`, whose trigger judges,
//! expands and fills the mailboxes as it does for everybody. Mails to outside addresses count as delivered: a demo must
//! not make the outbox send what was written last week.

use people::Profile;
use store::{Database, params};
use ulid::Ulid;

use crate::Error;
use crate::leads::Leads;
use crate::rng::Rng;
use crate::rubriques::HEAD_OFFICE;
use crate::school::School;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    To,
    Cc,
    Bcc,
}

/// Someone with a part in the story.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Teacher,
    Colleague,
    Admin,
    Principal,
    Cpe,
    Student,
    Friend,
    Parent,
    Mother,
    Unreachable,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum To {
    Part(Part),
    /// The groups of 6A.
    ClassStudents,
    ClassRelatives,
    ClassTeachers,
    /// The population of all relatives, in the rubrique of the head's office (B-1).
    AllRelatives,
}

pub(crate) struct Letter {
    /// What an answer calls it; empty when nothing answers it.
    pub(crate) key: &'static str,
    pub(crate) answers: &'static str,
    /// Days before the clock, and the time of that day (UTC hours and minutes).
    pub(crate) days: i64,
    pub(crate) at: (i64, i64),
    pub(crate) from: Part,
    pub(crate) to: &'static [(Field, To)],
    pub(crate) subject: &'static str,
    /// Paragraphs with an empty line between them.
    pub(crate) text: &'static str,
    /// B-1: sent to a population, without the limit of M-2.
    pub(crate) population: bool,
}

struct Sent {
    key: &'static str,
    id: String,
    thread: String,
}

pub(crate) fn send(
    database: &dyn Database,
    school: &School,
    leads: Leads,
    now: i64,
    mut rng: Rng,
    letters: &[Letter],
) -> Result<(), Error> {
    let mut sent: Vec<Sent> = Vec::with_capacity(letters.len());
    let relatives = relatives(database, school)?;
    for letter in letters {
        let at = now - now.rem_euclid(DAY) - letter.days * DAY + letter.at.0 * HOUR + letter.at.1 * MINUTE;
        let id = Ulid::from_parts(u64::try_from(at).unwrap_or(0), rng.bits()).to_string();
        let answered = sent.iter().find(|s| !letter.answers.is_empty() && s.key == letter.answers);
        let thread = answered.map_or_else(|| id.clone(), |s| s.thread.clone());
        let in_reply_to = answered.map(|s| s.id.clone());
        let addressees = addressees(school, leads, &relatives, letter.to)?;
        let author = part(school, leads, letter.from).ok_or(Error::Contradiction("a letter without author"))?;
        let (subject, text) = (letter.subject.replace('~', "\u{a0}"), letter.text.replace('~', "\u{a0}"));
        let html: String = text.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>")).collect();
        database.execute(
            "INSERT INTO message (id, uai, author_id, thread_id, in_reply_to, message_id, subject, body_html, body_text,
                addressees, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, lower(?1) || '@' || ?6, ?7, ?8, ?9, ?10, ?11, ?11)",
            params![&id, &school.uai, author, &thread, in_reply_to, &school.domain, &subject, &html, text, addressees, at],
        )?;
        database.execute(
            "INSERT INTO submission (message_id, submitted_at, size, broadcast)
             SELECT id, ?2, length(CAST(subject AS BLOB)) + length(CAST(body_html AS BLOB)), ?3 FROM message WHERE id = ?1",
            params![&id, at, letter.population],
        )?;
        sent.push(Sent { key: letter.key, id, thread });
    }
    settle(database, now)
}

/// Mails of the past have left; what is older than two days was read by those who can sign in.
fn settle(database: &dyn Database, now: i64) -> Result<(), Error> {
    database.execute(
        "UPDATE delivery SET state = 'sent', attempts = 1, finished_at = created_at + 60000, last_status = '2.0.0'",
        &[],
    )?;
    database.execute(
        "INSERT INTO delivery_attempt (delivery_id, attempt, at, outcome, status)
         SELECT id, 1, finished_at, 'sent', '2.0.0' FROM delivery",
        &[],
    )?;
    database.execute(
        "UPDATE mailbox_entry SET seen = 1
         WHERE seen = 0 AND received_at < ?1
            AND person_id IN (SELECT p.id FROM person p WHERE p.password_hash IS NOT NULL)",
        params![now - 2 * DAY],
    )?;
    Ok(())
}

/// The population of all relatives.
fn relatives(database: &dyn Database, school: &School) -> Result<String, Error> {
    let group = school.groups.get(School::everybody(Profile::Relative)).map(|group| group.id.as_str());
    let row = database.first(
        "SELECT o.id FROM population o JOIN rubrique r ON r.id = o.rubrique_id WHERE r.uai = ?1 AND r.name = ?2 AND o.group_id = ?3",
        params![&school.uai, HEAD_OFFICE, group],
    )?;
    Ok(row.ok_or(Error::Contradiction("a head's office without relatives"))?.text(0)?.to_owned())
}

fn addressees(school: &School, leads: Leads, relatives: &str, to: &[(Field, To)]) -> Result<String, Error> {
    let class = school.classes.first();
    let entries = to.iter().map(|(field, to)| {
        let field = match field {
            Field::To => "to",
            Field::Cc => "cc",
            Field::Bcc => "bcc",
        };
        let group = |index: usize| school.groups.get(index).map(|g| ("group", g.id.as_str()));
        let (kind, id) = match to {
            To::Part(who) => part(school, leads, *who).map(|id| ("person", id)),
            To::ClassStudents => class.and_then(|c| group(c.students)),
            To::ClassRelatives => class.and_then(|c| group(c.relatives)),
            To::ClassTeachers => class.and_then(|c| group(c.teachers)),
            To::AllRelatives => Some(("population", relatives)),
        }?;
        Some(serde_json::json!({ "field": field, "kind": kind, "id": id }))
    });
    let list = entries.collect::<Option<Vec<_>>>().ok_or(Error::Contradiction("a letter to nobody"))?;
    Ok(serde_json::Value::Array(list).to_string())
}

/// The id of who plays a part.
fn part(school: &School, leads: Leads, part: Part) -> Option<&str> {
    let staff = |start: &str| {
        school
            .members(School::everybody(Profile::Staff))
            .iter()
            .copied()
            .find(|index| school.people.get(*index).is_some_and(|person| person.function.starts_with(start)))
    };
    let index = match part {
        Part::Teacher => Some(leads.teacher),
        Part::Colleague => Some(leads.colleague),
        Part::Admin => Some(leads.admin),
        Part::Principal => staff("Principal").filter(|index| *index != leads.admin).or(Some(leads.admin)),
        Part::Cpe => staff("Conseill"),
        Part::Student => Some(leads.student),
        Part::Friend => Some(leads.friend),
        Part::Parent => Some(leads.parent),
        Part::Mother => Some(leads.mother),
        Part::Unreachable => Some(leads.unreachable),
    };
    school.people.get(index?).map(|person| person.id.as_str())
}
