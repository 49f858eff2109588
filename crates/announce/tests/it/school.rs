//! Two demo schools, and a rubrique of the first: its editors are the teachers, its readers 6A, pupils and parents.

use std::cell::Cell;

use counter::Desk;
use store::{Database, Error, File, Row, Value, params};

/// 2026-10-01T08:00:00Z
pub(crate) const NOW: i64 = 1_790_841_600_000;
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const SITE: Option<&str> = Some("https://ent.example.fr");
pub(crate) const RUBRIQUE: &str = "01RVBR1QVE0000000000000000";
pub(crate) const PARENTS: &str = "01P0PVPARENTS0000000000000";
pub(crate) const PUPILS: &str = "01P0PVPVP11S00000000000000";

pub(crate) struct School(pub(crate) File);

impl School {
    pub(crate) fn open() -> Self {
        Self::fill(File::in_memory().unwrap())
    }

    pub(crate) fn fill(file: File) -> Self {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        store::apply_migrations(&file, &root.join("sql/migrations")).unwrap();
        demo::run(&file, &demo::Options { people: 320, establishments: 2, seed: 1, now: NOW }).unwrap();
        let school = Self(file);
        school
            .0
            .batch("UPDATE rubrique SET closed_at = 0; DELETE FROM news; DELETE FROM flash; DELETE FROM liaison;")
            .unwrap();
        let uai = school.text("SELECT uai FROM person WHERE login = 'lina.benali'");
        school
            .0
            .execute("INSERT INTO rubrique (id, uai, name, folded_name, created_at) VALUES (?1, ?2, 'Club photo', 'club photo', 0)", params![RUBRIQUE, uai.as_str()])
            .unwrap();
        school.editor(&school.group("establishment", "teacher", None));
        for (population, profile) in [(PARENTS, "relative"), (PUPILS, "student")] {
            let group = school.group("class", profile, Some("6A"));
            school
                .0
                .execute(
                    "INSERT INTO population (id, rubrique_id, group_id) VALUES (?1, ?2, ?3)",
                    params![population, RUBRIQUE, group],
                )
                .unwrap();
        }
        school
    }

    pub(crate) fn editor(&self, group: &str) {
        self.0
            .execute("INSERT INTO rubrique_editor (rubrique_id, group_id) VALUES (?1, ?2)", params![RUBRIQUE, group])
            .unwrap();
    }

    /// A group of the first school.
    pub(crate) fn group(&self, kind: &str, profile: &str, class: Option<&str>) -> String {
        let row = self.0.first(
            "SELECT g.id FROM person_group g LEFT JOIN class c ON c.id = g.class_id
                WHERE g.kind = ?1 AND g.profile = ?2 AND c.name IS ?3 AND g.uai = (SELECT uai FROM person WHERE login = 'lina.benali')",
            params![kind, profile, class],
        );
        row.unwrap().unwrap().text(0).unwrap().to_owned()
    }

    pub(crate) fn id(&self, login: &str) -> String {
        self.text(&format!("SELECT id FROM person WHERE login = '{login}'"))
    }

    pub(crate) fn desk(&self, now: i64) -> Desk<'_> {
        Desk { database: &self.0, now }
    }

    pub(crate) fn text(&self, question: &str) -> String {
        let row = self.0.first(question, params![]).unwrap();
        row.unwrap_or_else(|| panic!("nothing: {question}")).text(0).unwrap().to_owned()
    }

    pub(crate) fn texts(&self, question: &str) -> Vec<String> {
        self.0.execute(question, params![]).unwrap().iter().map(|row| row.text(0).unwrap().to_owned()).collect()
    }

    pub(crate) fn count(&self, question: &str) -> i64 {
        self.0.first(question, params![]).unwrap().unwrap().integer(0).unwrap()
    }

    /// Who got messages about `subject`, in order, once for each message.
    pub(crate) fn told(&self, subject: &str) -> Vec<String> {
        self.texts(&format!(
            "SELECT r.person_id FROM audience a JOIN recipient r ON r.message_id = a.message_id
                WHERE a.about_id = '{subject}' ORDER BY r.person_id"
        ))
    }
}

/// A new id; the same number gives the same id.
pub(crate) fn id(number: u32) -> String {
    format!("01NEW0000000000000{number:08}")
}

/// A database that is lost at one statement, before or after it was done.
pub(crate) struct Failing<'a> {
    pub(crate) database: &'a dyn Database,
    pub(crate) at: u32,
    pub(crate) after: bool,
    pub(crate) done: Cell<u32>,
}

impl Database for Failing<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let number = self.done.replace(self.done.get() + 1);
        let lost = || Err(Error::Unavailable("lost".to_owned()));
        if number > self.at || number == self.at && !self.after {
            return lost();
        }
        let rows = self.database.execute(statement, parameters)?;
        if number == self.at { lost() } else { Ok(rows) }
    }
}
