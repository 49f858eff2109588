//! Runs: a model used once, frozen as it was checked, and what became of each letter. Long because all that reads or moves a run
//! stands beside the statements that it must agree with.

use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Database, Error as StoreError, Row, params};
use submission::{Addressee, Field};

use super::{Drafted, Error, Letterhead, Model, Plan, Refusal, Selection};
use crate::job::{self, Job, Kind};

/// People who get a copy.
const MAX_COPIES: usize = 5;
/// Copies of a run: letters times people who get one.
const MAX_COPIED: usize = 200;

/// How letters leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A message each, with the letter as PDF, and its text in the body.
    Attached,
    /// A message each: the letter is its body.
    Body,
    /// One PDF of all letters, to print.
    Print,
    /// One PDF of those whom no message reaches (« Uniquement à ceux qui ne reçoivent pas d’e-mail », S2).
    PrintUnreached,
}

impl Way {
    /// The word in forms and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attached => "attached",
            Self::Body => "body",
            Self::Print => "print",
            Self::PrintUnreached => "print-unreached",
        }
    }

    /// By its word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Attached, Self::Body, Self::Print, Self::PrintUnreached].into_iter().find(|way| way.as_str() == word)
    }

    /// Whether messages are sent.
    #[must_use]
    pub const fn sends(self) -> bool {
        matches!(self, Self::Attached | Self::Body)
    }
}

/// Somebody who gets a copy of each letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Seen by who is written to (Cc), or not (Cci).
    pub hidden: bool,
    /// Id of the person.
    pub person: String,
}

/// What is to be launched.
#[derive(Debug, Clone)]
pub struct Launch<'a> {
    /// The model.
    pub model: &'a Model,
    /// The head of its letters.
    pub head: &'a Letterhead,
    /// Its letters.
    pub plan: &'a Plan,
    /// What its people were chosen by.
    pub selection: &'a Selection,
    /// How they leave.
    pub way: Way,
    /// The selection in words: "Parents de 6A".
    pub audience: &'a str,
    /// Who gets a copy of each.
    pub copies: &'a [Copy],
    /// The client's idempotency key.
    pub key: Option<&'a str>,
}

const LAUNCH: &str = "INSERT INTO model_launch
    (id, uai, by_id, model_id, name, way, audience, dated, signature, copies, idempotency_key, digest, at, letters, job_id, file_name)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

/// Starts a run of letters as they were planned; its id. With the same key again, for the same people, way and copies, the same run.
///
/// # Errors
/// [`Refusal::Incomplete`], [`Refusal::Nobody`], [`Refusal::Copies`], [`Refusal::KeyReused`]; nothing was kept then.
pub fn launch(db: &dyn Database, now: i64, viewer: &str, launch: &Launch<'_>) -> Result<String, Error> {
    let Launch { model, head, plan, way, .. } = launch;
    let person = |letter: &Drafted| plan.people.get(letter.to);
    if !plan.incomplete.is_empty() {
        let name = |to: usize| plan.people.get(to).map(super::Addressed::name).unwrap_or_default();
        return Err(
            Refusal::Incomplete(plan.incomplete.iter().map(|(to, why)| (name(*to), why.clone())).collect()).into()
        );
    }
    let letters: Vec<_> = plan
        .letters
        .iter()
        .filter_map(|letter| Some((letter, person(letter)?)))
        .filter(|(_, to)| *way != Way::PrintUnreached || !to.reached())
        .map(|(letter, to)| {
            let left_out = match (way.sends(), to.may_write, to.by_mailbox || to.by_redirect) {
                (true, false, _) => "refused",
                (true, true, false) => "nowhere",
                _ => "",
            };
            json!({ "person": to.id, "children": letter.children, "addressee": to.postal.join("\n"),
                "subject": letter.subject, "body": letter.html, "left_out": left_out })
        })
        .collect();
    if way.sends() && letters.iter().all(|letter| letter.get("left_out").is_some_and(|left_out| left_out != "")) {
        return Err(Refusal::Nobody.into());
    }
    let asked = launch.asked()?;
    let copies = if way.sends() { copies(db, viewer, launch.copies, letters.len())? } else { "[]".to_owned() };
    let way = if way.sends() { way.as_str() } else { Way::Print.as_str() };
    let id = new_id(now);
    let file_name = format!("{}.pdf", ::mail::FileName::tidy(&model.name).as_str());
    let signature = head.signature.as_deref();
    let kept = db.execute(
        LAUNCH,
        params![
            id.as_str(),
            model.uai.as_str(),
            viewer,
            model.id.as_str(),
            model.name.as_str(),
            way,
            launch.audience,
            head.place_and_date.as_str(),
            signature,
            copies,
            launch.key,
            asked.as_str(),
            now,
            serde_json::to_string(&letters)?,
            new_id(now),
            file_name,
        ],
    );
    match (kept, launch.key) {
        (Err(StoreError::Constraint(_)), Some(key)) => again(db, viewer, key, &asked),
        (kept, _) => kept.map(|_| id).map_err(Into::into),
    }
}

impl Launch<'_> {
    /// What a key stands for: another request with it is refused.
    fn asked(&self) -> Result<String, Error> {
        let copies: Vec<_> = self.copies.iter().map(|copy| (copy.hidden, &copy.person)).collect();
        let asked = serde_json::to_vec(&(&self.model.id, self.selection, self.way.as_str(), copies))?;
        Ok(super::slice::hex(&Sha256::digest(asked)))
    }
}

/// The run that a key started before, if it is this one.
fn again(db: &dyn Database, viewer: &str, key: &str, asked: &str) -> Result<String, Error> {
    let row = db.first(
        "SELECT id FROM model_run WHERE by_id = ?1 AND idempotency_key = ?2 AND digest = ?3",
        params![viewer, key, asked],
    )?;
    row.map_or(Err(Refusal::KeyReused.into()), |row| Ok(row.text(0)?.to_owned()))
}

/// The copies as the messages' addressees, once each; whoever gets one is somebody the viewer may write to.
fn copies(db: &dyn Database, viewer: &str, copies: &[Copy], letters: usize) -> Result<String, Error> {
    let mut once: Vec<&Copy> = Vec::new();
    for copy in copies {
        if !once.iter().any(|known| known.person == copy.person) {
            once.push(copy);
        }
    }
    if once.len() > MAX_COPIES {
        return Err(Refusal::Copies("Cinq personnes au plus peuvent être mises en copie.").into());
    }
    if once.len() * letters > MAX_COPIED {
        return Err(Refusal::Copies(
            "Une personne en copie reçoit chaque lettre, et 200 copies au plus sont envoyées à la fois. Retirez les copies, ou choisissez moins de destinataires.",
        )
        .into());
    }
    let ids = serde_json::to_string(&once.iter().map(|copy| &copy.person).collect::<Vec<_>>())?;
    let row = db.first(
        "SELECT count(*) FROM json_each(?2) c WHERE EXISTS (
            SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = c.value)",
        params![viewer, ids],
    )?;
    if row.map_or(Ok(0), |row| row.integer(0))? != i64::try_from(once.len()).unwrap_or(0) {
        return Err(Refusal::Copies("Vous ne pouvez pas écrire à l’une des personnes en copie. Retirez-la.").into());
    }
    let field = |copy: &Copy| if copy.hidden { Field::Bcc } else { Field::Cc };
    let addressees: Vec<_> = once.iter().map(|copy| Addressee::person(field(copy), &copy.person)).collect();
    Ok(serde_json::to_string(&addressees)?)
}

/// A run to print the letters that a sent run left out, and that have not been thrown away yet; its id. With the same key
/// again, the same run.
///
/// # Errors
/// [`Refusal::Unknown`]; [`Refusal::Nobody`] when there is none; [`Refusal::KeyReused`].
pub fn print_rest(db: &dyn Database, now: i64, viewer: &str, id: &str, key: Option<&str>) -> Result<String, Error> {
    let of = run(db, viewer, id)?;
    let new = new_id(now);
    let asked = format!("rest of {id}");
    let kept = db.execute(
        "INSERT INTO model_launch
            (id, uai, by_id, model_id, name, way, audience, dated, signature, copies, idempotency_key, digest, at, letters,
             job_id, file_name)
         SELECT ?2, r.uai, ?3, r.model_id, r.name, 'print', r.audience, r.dated, r.signature, '[]', ?7, ?8, ?4,
            (SELECT json_group_array(json_object('person', l.person_id, 'children', json(l.children), 'addressee', l.addressee,
                'subject', l.subject, 'body', l.body, 'left_out', ''))
             FROM (SELECT * FROM model_letter l WHERE l.run_id = r.id AND l.left_out IN ('refused', 'nowhere') AND l.body <> ''
                ORDER BY l.position) l),
            ?5, ?6
         FROM model_run r WHERE r.id = ?1 AND r.sent_at IS NOT NULL",
        params![id, new.as_str(), viewer, now, new_id(now), of.job.file_name, key, asked.as_str()],
    );
    match (kept, key) {
        (Err(StoreError::Constraint(_)), Some(key)) => again(db, viewer, key, &asked),
        (kept, _) => kept.map_err(Error::from).and_then(|_| run(db, viewer, &new)).map(|run| run.id),
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// ULID.
    pub id: String,
    /// The establishment.
    pub uai: String,
    /// The model, while it is there.
    pub model: Option<String>,
    /// What the model was called.
    pub name: String,
    /// "attached", "body", "print"
    pub way: Way,
    /// Whom, in words.
    pub audience: String,
    /// Who started it.
    pub by: String,
    /// UTC milliseconds.
    pub created_at: i64,
    /// When its messages left, UTC milliseconds.
    pub sent_at: Option<i64>,
    /// Why they did not, in French; else empty.
    pub refused: String,
    /// Letters.
    pub letters: u32,
    /// Of these, sent.
    pub sent: u32,
    /// Of these, left out and still to be printed.
    pub rest: u32,
    /// The making of its letters.
    pub job: Job,
}

const COLUMNS: &str = "r.id, r.uai, r.model_id, r.name, r.way, r.audience, p.first_name || ' ' || p.last_name, r.created_at, r.sent_at,
    r.refused, (SELECT count(*) FROM model_letter l WHERE l.run_id = r.id),
    (SELECT count(l.message_id) FROM model_letter l WHERE l.run_id = r.id),
    (SELECT count(*) FROM model_letter l WHERE l.run_id = r.id AND l.left_out IN ('refused', 'nowhere') AND l.body <> '')
    FROM model_run r JOIN person p ON p.id = r.by_id JOIN local_admin a ON a.uai = r.uai AND a.person_id = ?1";

/// The last runs of an establishment that the viewer administers, newest first, at most 50.
///
/// # Errors
/// When the database cannot be used.
pub fn runs(db: &dyn Database, viewer: &str, uai: &str) -> Result<Vec<Run>, Error> {
    let statement = format!("SELECT {COLUMNS} WHERE r.uai = ?2 ORDER BY r.id DESC LIMIT 50");
    db.execute(&statement, params![viewer, uai])?.iter().map(|row| read(db, row)).collect()
}

/// A run of an establishment that the viewer administers.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn run(db: &dyn Database, viewer: &str, id: &str) -> Result<Run, Error> {
    let row = db.first(&format!("SELECT {COLUMNS} WHERE r.id = ?2"), params![viewer, id])?;
    row.map_or(Err(Refusal::Unknown.into()), |row| read(db, &row))
}

fn read(db: &dyn Database, row: &Row) -> Result<Run, Error> {
    let text = |column| row.text(column).map(str::to_owned);
    let count = |column| row.integer(column).map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    let job = job::of(db, Kind::Model, row.text(0)?).map_err(|error| Error::Unreadable(error.to_string()))?;
    Ok(Run {
        id: text(0)?,
        uai: text(1)?,
        model: row.optional_text(2)?.map(str::to_owned),
        name: text(3)?,
        way: Way::of(row.text(4)?).ok_or_else(|| Error::Unreadable("way".to_owned()))?,
        audience: text(5)?,
        by: text(6)?,
        created_at: row.integer(7)?,
        sent_at: row.optional_integer(8)?,
        refused: text(9)?,
        letters: count(10)?,
        sent: count(11)?,
        rest: count(12)?,
        job: job.ok_or_else(|| Error::Unreadable("a run without job".to_owned()))?,
    })
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// To be sent, or printed.
    Waiting,
    /// In her mailbox.
    Mailbox,
    /// Mailed to her redirect address, and in her mailbox if she has one.
    Redirect,
    /// She is blocked or has left.
    Away,
    /// Who started the run may not write to her.
    Refused,
    /// She has neither mailbox nor redirect address.
    Nowhere,
}

impl LetterState {
    /// The word in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Mailbox => "mailbox",
            Self::Redirect => "redirect",
            Self::Away => "away",
            Self::Refused => "refused",
            Self::Nowhere => "nowhere",
        }
    }
}

/// A letter of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLetter {
    /// From 0.
    pub position: u32,
    /// Whom it is to.
    pub name: String,
    /// The children it is about.
    pub children: Vec<String>,
    /// What became of it.
    pub state: LetterState,
}

/// The letters of a run, by name, from `after` on (`None`: from the first), at most 100.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn run_letters(db: &dyn Database, viewer: &str, id: &str, after: Option<u32>) -> Result<Vec<RunLetter>, Error> {
    run(db, viewer, id)?;
    let rows = db.execute(
        "SELECT l.position, p.first_name || ' ' || p.last_name, l.children, l.left_out, l.message_id IS NOT NULL,
            coalesce((SELECT x.by_redirect FROM recipient x WHERE x.message_id = l.message_id AND x.person_id = l.person_id), 0)
         FROM model_letter l JOIN person p ON p.id = l.person_id
         WHERE l.run_id = ?1 AND l.position > ?2 ORDER BY l.position LIMIT 100",
        params![id, after.map_or(-1, i64::from)],
    )?;
    let letter = |row: &Row| {
        Ok(RunLetter {
            position: u32::try_from(row.integer(0)?).unwrap_or(0),
            name: row.text(1)?.to_owned(),
            children: serde_json::from_str(row.text(2)?)?,
            state: match (row.text(3)?, row.boolean(4)?, row.boolean(5)?) {
                ("away", ..) => LetterState::Away,
                ("refused", ..) => LetterState::Refused,
                ("nowhere", ..) => LetterState::Nowhere,
                (_, false, _) => LetterState::Waiting,
                (_, true, false) => LetterState::Mailbox,
                (_, true, true) => LetterState::Redirect,
            },
        })
    };
    rows.iter().map(letter).collect()
}

/// Subject and HTML of one letter of a run; empty HTML when it was thrown away.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn run_letter(db: &dyn Database, viewer: &str, id: &str, position: u32) -> Result<(String, String), Error> {
    run(db, viewer, id)?;
    let row = db.first(
        "SELECT l.subject, coalesce(m.body_html, l.body) FROM model_letter l LEFT JOIN message m ON m.id = l.message_id
         WHERE l.run_id = ?1 AND l.position = ?2",
        params![id, position],
    )?;
    let Some(row) = row else { return Err(Refusal::Unknown.into()) };
    // Until a slice of the job has looked at it, it is as merged.
    Ok((row.text(0)?.to_owned(), super::sanitised(row.text(1)?)))
}

/// Runs whose letters are made and not sent: run and author, at most 20. Whoever has the post office at hand sends them.
///
/// # Errors
/// When the database cannot be used.
pub fn due(db: &dyn Database) -> Result<Vec<(String, String)>, Error> {
    let rows = db.execute(
        "SELECT r.id, r.by_id FROM model_run r JOIN job j ON j.kind = 'model' AND j.about_id = r.id AND j.state = 'done'
         WHERE r.sent_at IS NULL AND r.way <> 'print' AND r.refused = '' ORDER BY r.id LIMIT 20",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

/// Notes why a run was not sent, in French: it is not tried again.
///
/// # Errors
/// When the database cannot be used.
pub fn note_refused(db: &dyn Database, id: &str, words: &str) -> Result<(), Error> {
    db.execute(
        "UPDATE model_run SET refused = ?2 WHERE id = ?1 AND sent_at IS NULL AND refused = ''",
        params![id, words],
    )?;
    Ok(())
}

/// Throws away what runs older than two days still hold of their letters; those that have not left by then never will. Twice
/// does no harm.
///
/// # Errors
/// When the database cannot be used.
pub fn purge(db: &dyn Database, now: i64) -> Result<(), Error> {
    // First, so that no letter leaves empty.
    db.execute(
        "UPDATE model_run SET refused = 'Rien n’est parti en deux jours : les lettres ont été effacées. Recommencez l’envoi.'
         WHERE sent_at IS NULL AND way <> 'print' AND refused = '' AND created_at <= ?1 - 2 * ?2",
        params![now, job::KEPT],
    )?;
    db.execute(
        "UPDATE model_letter SET body = '', body_text = '', addressee = '', sha256 = NULL
         WHERE body <> '' AND run_id IN (SELECT r.id FROM model_run r WHERE r.created_at <= ?1 - 2 * ?2)",
        params![now, job::KEPT],
    )?;
    Ok(())
}

/// A new ULID, with the time `now`.
pub(super) fn new_id(now: i64) -> String {
    let time = u64::try_from(now).unwrap_or(0);
    let random = u128::from(ulid::Ulid::generate()) & ((1 << 80) - 1);
    ulid::Ulid::from_parts(time, random).to_string()
}
