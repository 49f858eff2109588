//! A small school: two classes, a teacher of the first, a head, parents, and a pupil of another school.

use store::{Database, File, params};
use submission::{Addressee, Desk, Draft, Field, Kind};

/// A fixed instant, so that nothing depends on the day the tests run: 2026-09-01T08:00:00Z.
pub(crate) const NOW: i64 = 1_788_249_600_000;

/// People, named for what they are in the tests.
pub(crate) const TEACHER: &str = "01TEACHER00000000000000000";
pub(crate) const HEAD: &str = "01HEAD00000000000000000000";
pub(crate) const ALICE: &str = "01A11CE0000000000000000000";
pub(crate) const BOB: &str = "01B0B000000000000000000000";
pub(crate) const CARLA: &str = "01CAR1A0000000000000000000";
pub(crate) const PARENT: &str = "01PARENT000000000000000000";
pub(crate) const OTHER_PARENT: &str = "01PARENT0THER0000000000000";
pub(crate) const STRANGER: &str = "01STRANGER0000000000000000";

/// Groups.
pub(crate) const PARENTS_6A: &str = "01GR0VPPARENTS6A0000000000";
pub(crate) const LIST: &str = "01GR0VP11ST000000000000000";

pub(crate) struct School(pub(crate) File);

impl School {
    pub(crate) fn open() -> Self {
        let file = File::in_memory().unwrap();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        store::apply_migrations(&file, &root.join("sql/migrations")).unwrap();
        let school = Self(file);
        school.0.batch(include_str!("school.sql")).unwrap();
        for uai in ["0310001A", "0310002B"] {
            rights::settle(&school.0, &uai.parse().unwrap()).unwrap();
        }
        school
            .0
            .batch(
                "INSERT INTO rule (from_group, to_group) SELECT g.id, '01GR0VP11ST000000000000000' FROM person_group g
                WHERE g.uai = '0310001A' AND g.kind = 'establishment' AND g.profile = 'teacher'",
            )
            .unwrap();
        school
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk { database: &self.0, now: NOW }
    }

    pub(crate) fn draft(&self, author: &str, draft: &Draft) -> String {
        submission::save(self.desk(), author, None, draft, None).unwrap()
    }

    /// Writes and submits at once.
    pub(crate) fn send(
        &self,
        author: &str,
        addressees: Vec<Addressee>,
    ) -> Result<submission::Receipt, submission::Refusal> {
        let draft = Draft { subject: "Sortie".into(), body: "<p>Bonjour</p>".into(), addressees, ..Draft::default() };
        submission::submit(self.desk(), author, &self.draft(author, &draft))
    }

    pub(crate) fn count(&self, question: &str) -> i64 {
        self.0.first(question, params![]).unwrap().unwrap().integer(0).unwrap()
    }

    pub(crate) fn texts(&self, question: &str) -> Vec<String> {
        self.0.execute(question, params![]).unwrap().iter().map(|row| row.text(0).unwrap().to_owned()).collect()
    }
}

pub(crate) fn to(id: &str) -> Addressee {
    Addressee { field: Field::To, kind: Kind::Person, id: id.into() }
}

pub(crate) fn group(field: Field, id: &str) -> Addressee {
    Addressee { field, kind: Kind::Group, id: id.into() }
}
