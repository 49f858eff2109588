//! The decisions on a database in memory, and runs against a transport and a clock that do what they are told.

mod account_mail;
mod admin;
mod author;
mod drain;
mod invitation;
mod letter;
mod plans;

use std::collections::VecDeque;
use std::path::Path;

use mail::{Disposition, Envelope, Reply};
use store::{Database, File, params};

use crate::{Transport, World};

pub(super) const UAI: &str = "0310001A";
/// 2025-11-22T16:00:00Z
pub(super) const NOW: i64 = 1_763_827_200_000;

pub(super) const CAMILLE: &str = "01JD00000000000000000000CA";
pub(super) const LEA: &str = "01JD00000000000000000000EA";
pub(super) const NOE: &str = "01JD00000000000000000000N0";
pub(super) const ADMIN: &str = "01JD00000000000000000000AD";
pub(super) const OTHER_ADMIN: &str = "01JD00000000000000000000A2";

/// Two establishments, a few people, an administrator each.
pub(super) fn school() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    for (uai, name, domain) in [(UAI, "Lycée Jaurès", "jaures.example"), ("0310002B", "Collège Curie", "curie.example")]
    {
        database
            .execute(
                "INSERT INTO establishment (uai, name, domain, created_at) VALUES (?1, ?2, ?3, 0)",
                params![uai, name, domain],
            )
            .unwrap();
    }
    for (id, uai, profile, last, first) in [
        (CAMILLE, UAI, "teacher", "Petit", "Camille"),
        (LEA, UAI, "relative", "Martin", "Léa"),
        (NOE, UAI, "student", "Œuvrard", "Noé"),
        (ADMIN, UAI, "staff", "Durand", "Marc"),
        (OTHER_ADMIN, "0310002B", "staff", "Roux", "Anne"),
    ] {
        let login = format!("{first}.{last}").to_lowercase();
        let ascii = login.replace('é', "e").replace('œ', "oe");
        database
            .execute(
                "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
                params![id, uai, profile, last, first, ascii.clone(), login, format!("{ascii}@jaures.example")],
            )
            .unwrap();
    }
    for (admin, uai) in [(ADMIN, UAI), (OTHER_ADMIN, "0310002B")] {
        database.execute("INSERT INTO local_admin VALUES (?1, ?2)", params![admin, uai]).unwrap();
    }
    database
}

/// The `n`-th id of a kind.
pub(super) fn id(kind: char, n: u32) -> String {
    format!("01JD8K4X5V{kind}{n:015}")
}

/// A submitted message of `author`, without recipients.
pub(super) fn message(database: &File, n: u32, author: Option<&str>) -> String {
    let message = id('M', n);
    database
        .execute(
            "INSERT INTO message (id, uai, author_id, thread_id, message_id, subject, body_html, body_text, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?1, lower(?1) || '@jaures.example', 'Sortie', '<p>Bonjour</p>', 'Bonjour', ?4, ?4)",
            params![message.as_str(), UAI, author, NOW + i64::from(n)],
        )
        .unwrap();
    message
}

/// One delivery of `message`, due at `due`.
pub(super) fn delivery(database: &File, n: u32, message: &str, person: &str, due: i64) -> String {
    let delivery = id('D', n);
    database
        .execute(
            "INSERT INTO delivery (id, uai, message_id, person_id, address, due_at, expires_at, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6 + 172800000, ?6)",
            params![delivery.as_str(), UAI, message, person, format!("perso{n}@fournisseur.example"), due],
        )
        .unwrap();
    delivery
}

/// `count` messages of Camille, each with one mail to Léa.
pub(super) fn queued(database: &File, count: u32) {
    for n in 0..count {
        let message = message(database, n, Some(CAMILLE));
        delivery(database, n, &message, LEA, NOW);
    }
}

pub(super) fn state(database: &File, delivery: &str) -> (String, i64, i64) {
    let row = database
        .first("SELECT state, attempts, due_at FROM delivery WHERE id = ?1", params![delivery])
        .unwrap()
        .unwrap();
    (row.text(0).unwrap().to_owned(), row.integer(1).unwrap(), row.integer(2).unwrap())
}

pub(super) fn count(database: &File, condition: &str) -> i64 {
    let statement = format!("SELECT count(*) FROM {condition}");
    database.first(&statement, &[]).unwrap().unwrap().integer(0).unwrap()
}

/// A clock that goes on by `tick` each time it is read, and chance that is none.
pub(super) struct Fixed {
    pub(super) now: i64,
    pub(super) tick: i64,
    random: u64,
}

impl Fixed {
    pub(super) fn at(now: i64) -> Self {
        Self { now, tick: 0, random: 200 }
    }
}

impl World for Fixed {
    fn now(&mut self) -> i64 {
        self.now += self.tick;
        self.now
    }

    fn random(&mut self) -> u64 {
        // A multiple of 401 more: another lease, the same jitter.
        self.random += 401;
        self.random
    }

    fn rest(&mut self, milliseconds: i64) {
        self.now += milliseconds;
    }
}

/// A transport that answers as told, then `sent`, and keeps what it was given.
#[derive(Default)]
pub(super) struct Told {
    pub(super) answers: VecDeque<Disposition>,
    pub(super) given: Vec<(String, Envelope, Vec<u8>)>,
}

impl Told {
    pub(super) fn with(answers: impl IntoIterator<Item = Disposition>) -> Self {
        Self { answers: answers.into_iter().collect(), given: Vec::new() }
    }
}

impl Transport for Told {
    fn name(&self) -> &str {
        "192.0.2.1:25"
    }

    fn deliver(&mut self, delivery: &str, envelope: &Envelope, message: &[u8]) -> Disposition {
        let answer = self.answers.pop_front().unwrap_or_else(|| Disposition::Sent(Reply::new("2.0.0", "queued as 4X")));
        self.given.push((delivery.to_owned(), envelope.clone(), message.to_owned()));
        answer
    }
}
