//! The made-up school, with a rubrique of 6A: its teachers edit, its students and relatives read.

use std::path::Path;

use agenda::{Content, Error, Event, Notify, Publication, Refusal};
use store::{Database as _, File, params};

/// 2026-10-01T06:00:00Z
pub(crate) const NOW: i64 = 1_790_834_400_000;
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const SITE: &str = "https://ent.example";
pub(crate) const STUDENTS: &str = "01K9P0P00000000000STVDENTS";
pub(crate) const RELATIVES: &str = "01K9P0P0000000000RE1AT1VES";
pub(crate) const RUBRIQUE: &str = "01K9RVBR1QVE00000000000006";
/// A rubrique of the staff, where Sophie alone is.
pub(crate) const OFFICE: &str = "01K9RVBR1QVE000000000FF1CE";
pub(crate) const ROOM: &str = "01K9R000000000000000000001";
pub(crate) const BUS: &str = "01K9R000000000000000000002";

pub(crate) struct School {
    pub(crate) db: File,
    /// Teacher of 6A.
    pub(crate) claire: String,
    /// Student of 6A.
    pub(crate) lina: String,
    /// Her father, with a redirect address.
    pub(crate) karim: String,
    /// Local administrator.
    pub(crate) sophie: String,
    /// A relative of another class.
    pub(crate) other: String,
    /// A local administrator of another school.
    pub(crate) stranger: String,
}

impl School {
    pub(crate) fn open() -> Self {
        Self::over(File::in_memory().unwrap())
    }

    pub(crate) fn over(db: File) -> Self {
        store::apply_migrations(&db, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
        demo::run(&db, &demo::Options { people: 300, establishments: 2, seed: 1, now: NOW }).unwrap();
        let text = |statement: &str| db.first(statement, &[]).unwrap().unwrap().text(0).unwrap().to_owned();
        let by_login = |login: &str| text(&format!("SELECT id FROM person WHERE login = '{login}'"));
        let [claire, lina, karim, sophie] =
            ["claire.lefevre", "lina.benali", "karim.benali", "sophie.legoff"].map(by_login);
        let uai = text("SELECT uai FROM person WHERE login = 'claire.lefevre'");
        let other = text(&format!(
            "SELECT p.id FROM person p WHERE p.uai = '{uai}' AND p.profile = 'relative' AND p.left_at IS NULL
                AND p.blocked_at IS NULL AND NOT EXISTS (SELECT 1 FROM membership m JOIN person_group g ON g.id = m.group_id
                JOIN class c ON c.id = g.class_id AND c.name = '6A' WHERE m.person_id = p.id) ORDER BY p.id LIMIT 1"
        ));
        let stranger = text(&format!("SELECT person_id FROM local_admin WHERE uai <> '{uai}' LIMIT 1"));
        let group = |profile: &str| {
            text(&format!(
                "SELECT g.id FROM person_group g JOIN class c ON c.id = g.class_id AND c.name = '6A' AND c.kind = 'class'
                    WHERE g.uai = '{uai}' AND g.kind = 'class' AND g.profile = '{profile}'"
            ))
        };
        let (teachers, students, relatives) = (group("teacher"), group("student"), group("relative"));
        db.batch(&format!(
            "INSERT INTO rubrique (id, uai, name, folded_name, created_at) VALUES
                ('{RUBRIQUE}', '{uai}', 'Classe de 6A', 'classe de 6a test', 0), ('{OFFICE}', '{uai}', 'Direction', 'direction test', 0);
            INSERT INTO rubrique_editor (rubrique_id, group_id) VALUES ('{RUBRIQUE}', '{teachers}');
            INSERT INTO population (id, rubrique_id, group_id) VALUES
                ('{STUDENTS}', '{RUBRIQUE}', '{students}'), ('{RELATIVES}', '{RUBRIQUE}', '{relatives}');
            INSERT INTO resource (id, uai, kind, name, folded_name, created_at) VALUES
                ('{ROOM}', '{uai}', 'room', 'Salle d’essai', 'salle d essai', 0), ('{BUS}', '{uai}', 'vehicle', 'Minibus d’essai', 'minibus d essai', 0);"
        ))
        .unwrap();
        Self { db, claire, lina, karim, sophie, other, stranger }
    }

    /// Makes an event of Claire's.
    pub(crate) fn make(&self, content: &Content, publication: &Publication) -> Result<String, Error> {
        self.make_as(&self.claire, RUBRIQUE, content, publication)
    }

    pub(crate) fn make_as(
        &self,
        by: &str,
        rubrique: &str,
        content: &Content,
        publication: &Publication,
    ) -> Result<String, Error> {
        let id = self.text("SELECT '01K9' || substr(hex(randomblob(11)), 1, 22)");
        agenda::make(&self.db, NOW, by, rubrique, &id, content, publication, Some(SITE))?;
        Ok(id)
    }

    pub(crate) fn seen(&self, by: &str, id: &str) -> Option<Event> {
        agenda::one(&self.db, by, id).unwrap()
    }

    pub(crate) fn text(&self, statement: &str) -> String {
        self.db.first(statement, &[]).unwrap().unwrap().text(0).unwrap().to_owned()
    }

    pub(crate) fn count(&self, from: &str) -> i64 {
        self.db.first(&format!("SELECT count(*) FROM {from}"), &[]).unwrap().unwrap().integer(0).unwrap()
    }

    pub(crate) fn token(&self, event: &str, person: &str) -> String {
        let row = self
            .db
            .first("SELECT token FROM invitation WHERE event_id = ?1 AND person_id = ?2", params![event, person]);
        row.unwrap().unwrap().text(0).unwrap().to_owned()
    }
}

/// An evening in November, in Paris.
pub(crate) fn evening() -> Content {
    Content {
        title: "Réunion parents-professeurs".into(),
        place: "Salle polyvalente".into(),
        summary: "Remise des bulletins.".into(),
        starts: "2026-11-03T18:00".into(),
        ends: "2026-11-03T20:00".into(),
        ..Content::default()
    }
}

pub(crate) fn told() -> Content {
    Content { notify: Notify::Everybody, confirmation: true, ..evening() }
}

/// The refusal of what was refused.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}
