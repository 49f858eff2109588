//! The search of people among 100,000 in 100 establishments, beside OpenLDAP; the reach of a teacher, and the judgement of fifty
//! addressees.

use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use people::PersonId;
use rights::Addressee;
use store::{Database as _, File, params};
use tests::{House, NEVER, Options};

use crate::ldap::Filter;
use crate::load::{self, Protocol, Received};
use crate::row::{Row, median};
use crate::slapd::{BASE, Slapd};
use crate::{http, ldap};

const ROUNDS: usize = 3;
const PEOPLE: u32 = 100_000;
/// Milliseconds inside the component, 99th percentile.
const SEARCH_LIMIT: f64 = 10.0;
/// Milliseconds of a preview in a school of 3,300 people.
const PREVIEW_LIMIT: f64 = 500.0;
/// Milliseconds to list whom a teacher reaches.
const REACH_LIMIT: f64 = 20.0;
/// Milliseconds to judge fifty addressees.
const JUDGE_LIMIT: f64 = 2.0;
/// Beginnings of names as people type them.
const TYPED: [&str; 16] = [
    "m", "ma", "mar", "mart", "martin", "é", "lé", "be", "benali", "du", "dur", "d’", "so le", "cl lef", "nguyen", "ro",
];

/// A question, for us and for the peer.
struct Question {
    path: String,
    token: String,
    filter: Filter,
}

impl Question {
    fn nth(questions: &[Self], number: usize) -> Option<&Self> {
        questions.get(number % questions.len().max(1))
    }
}

#[derive(Clone)]
struct Ours(Rc<Vec<Question>>);

impl Protocol for Ours {
    fn question(&self, number: usize) -> Vec<u8> {
        Question::nth(&self.0, number).map_or_else(Vec::new, |question| http::get(&question.path, &question.token))
    }

    fn answer(&self, bytes: &[u8]) -> Result<Received> {
        http::answer(bytes)
    }
}

#[derive(Clone)]
struct Theirs(Rc<Vec<Question>>);

impl Protocol for Theirs {
    fn question(&self, number: usize) -> Vec<u8> {
        Question::nth(&self.0, number).map_or_else(Vec::new, |question| ldap::search(BASE, &question.filter))
    }

    fn answer(&self, bytes: &[u8]) -> Result<Received> {
        ldap::answer(bytes)
    }
}

/// `people-search`, `people-search-p99-ms`
pub(crate) fn search() -> Result<Vec<Row>> {
    let house = house()?;
    let database = house.database()?;
    let questions = questions(&house, &database)?;
    let peer = Slapd::start(&database)?;
    let (mut ours, mut inside, mut whole, mut theirs, mut their_p99) = (vec![], vec![], vec![], vec![], vec![]);
    let asked = Ours(Rc::new(questions));
    let asked_peer = Theirs(Rc::clone(&asked.0));
    for _ in 0..ROUNDS {
        let round = load::run(house.url().trim_start_matches("http://"), &asked)?;
        ours.push(round.rate);
        inside.push(round.inside);
        whole.push(round.p99);
        if let Some(peer) = &peer {
            let round = load::run(&peer.address, &asked_peer)?;
            theirs.push(round.rate);
            their_p99.push(round.p99);
        }
    }
    eprintln!("people-search: 99 % answered within {:.1} ms, waiting for a processor included", median(whole));
    let mut rows = Vec::new();
    if peer.is_some() {
        eprintln!("people-search: slapd within {:.1} ms", median(their_p99));
        rows.push(Row::more(
            "people-search",
            median(ours),
            "requests/s",
            "OpenLDAP slapd, without rights",
            median(theirs),
        ));
    } else {
        eprintln!("people-search: {:.0} requests/s", median(ours));
    }
    rows.push(Row::less("people-search-p99-ms", median(inside), "ms", "limit", SEARCH_LIMIT));
    Ok(rows)
}

/// `rights-reach-ms`, `rights-50-ms`: the statements, on the file of a house, with the settings of the runner.
pub(crate) fn rights() -> Result<Vec<Row>> {
    let house = house()?;
    let database = house.database()?;
    database.batch("PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY")?;
    let teacher: PersonId = id(&database, "claire.lefevre")?.parse()?;
    let reach = || {
        database.execute(
            "SELECT DISTINCT v.recipient_id FROM reachable v WHERE v.sender_id = ?1",
            params![teacher.as_str()],
        )
    };
    let reached = reach()?;
    let fifty: Vec<Addressee> = reached
        .iter()
        .step_by((reached.len() / 50).max(1))
        .take(50)
        .map(|row| Ok(Addressee::Person(row.text(0)?.to_owned())))
        .collect::<Result<_>>()?;
    eprintln!("rights: the teacher reaches {} of {PEOPLE}", reached.len());
    let reach = time(|| reach().map(drop).map_err(Into::into))?;
    let judge = time(|| rights::judge(&database, &teacher, None, &fifty).map(drop).map_err(Into::into))?;
    Ok(vec![
        Row::less("rights-reach-ms", reach, "ms", "limit", REACH_LIMIT),
        Row::less("rights-50-ms", judge, "ms", "limit", JUDGE_LIMIT),
    ])
}

/// `rules-preview-ms`: what a change of the rules would bring, told before it is made, in a large school: the slower of another preset,
/// and of parents who may write to all teachers.
pub(crate) fn preview() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let database = File::open(&folder.path().join("school.db"))?;
    store::apply_migrations(&database, &tests::repository().join("sql/migrations"))?;
    demo::run(&database, &demo::Options { people: 3300, establishments: 1, seed: 1, now: 1_790_834_400_000 })?;
    database.batch("PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY")?;
    let row = database.first("SELECT uai FROM establishment", &[])?.context("no school")?;
    let uai: people::Uai = row.text(0)?.parse()?;
    let group = |profile| -> Result<people::GroupId> {
        let row = database
            .first("SELECT id FROM person_group WHERE kind = 'establishment' AND profile = ?1", params![profile])?
            .context("no such group")?;
        Ok(row.text(0)?.parse()?)
    };
    let editor = rights::Editor { person: None, uai: &uai, now: 1_790_834_400_000 };
    let mut slowest: f64 = 0.0;
    for edit in
        [rights::Edit::Preset(rights::Preset::Edifice), rights::Edit::AddRule(group("relative")?, group("teacher")?)]
    {
        let took = time(|| rights::rehearse(&database, &editor, &edit).map(drop).map_err(Into::into))?;
        slowest = slowest.max(took);
    }
    Ok(vec![Row::less("rules-preview-ms", slowest, "ms", "limit", PREVIEW_LIMIT)])
}

fn house() -> Result<House> {
    House::start(Options { people: Some(PEOPLE), schedule: Some(NEVER), ..Options::with(&["session", "directory"]) })
}

fn time(mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..31 {
        let begun = Instant::now();
        run()?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(times))
}

fn id(database: &File, login: &str) -> Result<String> {
    let row = database.first("SELECT id FROM person WHERE login = ?1", params![login])?;
    Ok(row.context("no such login")?.text(0)?.to_owned())
}

/// What a teacher, an administrator, a parent and a student ask: each beginning of a name alone, crossed with a profile, with a
/// class, and for those whose role allows with the establishment.
fn questions(house: &House, database: &File) -> Result<Vec<Question>> {
    let mut questions = Vec::new();
    for (login, wide) in
        [("claire.lefevre", true), ("karim.benali", false), ("lina.benali", false), ("sophie.legoff", true)]
    {
        let token = house.sign_in(login)?.token().context("no token")?.to_owned();
        let viewer: PersonId = id(database, login)?.parse()?;
        let row = database.first("SELECT uai FROM person WHERE id = ?1", params![viewer.as_str()])?;
        let uai = row.context("no such person")?.text(0)?.to_owned();
        let classes: Vec<String> = people::classes(database, &viewer)?
            .into_iter()
            .filter(|c| c.kind == people::GroupKind::Class)
            .map(|c| c.id.to_string())
            .collect();
        for (number, typed) in TYPED.iter().enumerate() {
            let class = classes.get(number % classes.len().max(1)).cloned().unwrap_or_default();
            let profile = ["student", "relative", "teacher", "staff"].get(number % 4).copied().unwrap_or_default();
            let mut asked = vec![vec![], vec![("profile", profile.to_owned())], vec![("class", class.clone())]];
            asked.push(vec![("class", class), ("profile", profile.to_owned())]);
            if wide {
                asked.push(vec![("establishment", uai.clone())]);
                asked.push(vec![("establishment", uai.clone()), ("profile", profile.to_owned())]);
            }
            for conditions in asked {
                questions.push(question(typed, &conditions, &token, &uai));
            }
        }
    }
    // Spread, so that neighbours are not alike: by a step that has no divisor in common with their number.
    let step = (questions.len() / 3..).find(|step| gcd(*step, questions.len()) == 1).unwrap_or(1);
    let order: Vec<usize> = (0..questions.len()).map(|n| n * step % questions.len()).collect();
    let mut spread: Vec<(usize, Question)> = order.into_iter().zip(questions).collect();
    spread.sort_by_key(|(place, _)| *place);
    Ok(spread.into_iter().map(|(_, question)| question).collect())
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn question(typed: &str, conditions: &[(&'static str, String)], token: &str, uai: &str) -> Question {
    let mut path = format!("/api/v1/directory/people?q={}", escaped(typed));
    let mut filters: Vec<Filter> = people::words(typed)
        .into_iter()
        .map(|word| Filter::Or(vec![Filter::Begins("sn", word.clone()), Filter::Begins("givenName", word)]))
        .collect();
    let mut placed = false;
    for (name, value) in conditions {
        path.push_str(&format!("&{name}={value}"));
        placed |= *name != "profile";
        filters.push(match *name {
            "profile" => Filter::Equal("employeeType", value.clone()),
            "class" => Filter::Equal("departmentNumber", value.clone()),
            _ => Filter::Equal("ou", value.clone()),
        });
    }
    // Whom she may see is above all her establishment.
    if !placed {
        filters.push(Filter::Equal("ou", uai.to_owned()));
    }
    Question { path, token: token.to_owned(), filter: Filter::And(filters) }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
