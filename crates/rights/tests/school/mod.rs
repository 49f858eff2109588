//! Two small schools of one network, in which every relation of the table of DOMAIN §1 occurs, and the three ways of
//! asking whether one person may write to another.

#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use people::{PersonId, Profile, automatic_group_name, fold, network_group};
use rights::{Addressee, Preset};
use store::{Database as _, File, params};
use ulid::Ulid;

pub(crate) const A: &str = "0990001A";
pub(crate) const B: &str = "0990002B";

/// Name, establishment, classes and teaching groups. The first letter says the profile: student, relative, teacher,
/// personnel, guest; `s1`'s relative is `r1`. In A: classes 6A and 6B, and Latin across both.
pub(crate) const PEOPLE: [(&str, &str, &[&str]); 21] = [
    ("s1", A, &["6A", "Latin"]),
    ("s2", A, &["6A"]),
    ("s3", A, &["6B", "Latin"]),
    ("s4", A, &["6B"]),
    ("r1", A, &["6A", "Latin"]),
    ("r2", A, &["6A"]),
    ("r3", A, &["6B", "Latin"]),
    ("r4", A, &["6B"]),
    ("t6A", A, &["6A"]),
    ("t6B", A, &["6B"]),
    ("tLatin", A, &["Latin"]),
    ("p", A, &[]),
    ("p6A", A, &["6A"]),
    ("p6B", A, &["6B"]),
    ("g1", A, &[]),
    ("g2", A, &[]),
    ("s9", B, &["3C"]),
    ("r9", B, &["3C"]),
    ("t9", B, &["3C"]),
    ("p9", B, &[]),
    ("g9", B, &[]),
];

/// The members of a manual group whose members may write to each other.
pub(crate) const PROJECT: [&str; 3] = ["g1", "t6B", "s4"];

pub(crate) struct Schools {
    pub(crate) database: File,
    people: BTreeMap<&'static str, PersonId>,
    groups: BTreeMap<String, String>,
}

pub(crate) fn profile(name: &str) -> Profile {
    match &name[..1] {
        "s" => Profile::Student,
        "r" => Profile::Relative,
        "t" => Profile::Teacher,
        "p" => Profile::Staff,
        _ => Profile::Guest,
    }
}

/// A stable id: tests that fail show the same names again.
fn id(number: usize) -> String {
    Ulid::from_parts(1_000, number as u128).to_string()
}

impl Schools {
    /// Provisioned, then put on the preset.
    pub(crate) fn new(preset: Preset) -> Self {
        let schools = Self::provisioned();
        for uai in [A, B] {
            schools.apply(uai, preset);
        }
        schools
    }

    /// Without any rule yet.
    pub(crate) fn provisioned() -> Self {
        let database = File::in_memory().unwrap();
        store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations"))
            .unwrap();
        let mut schools = Self { database, people: BTreeMap::new(), groups: BTreeMap::new() };
        for uai in [A, B] {
            schools.establishment(uai);
        }
        for (uai, name, kind) in
            [(A, "6A", "class"), (A, "6B", "class"), (A, "Latin", "teaching-group"), (B, "3C", "class")]
        {
            schools.class(uai, name, kind);
        }
        schools.group("Projet", A, "manual", None, None, "both");
        for (number, (name, uai, classes)) in PEOPLE.into_iter().enumerate() {
            schools.person(number, name, uai, classes);
        }
        for name in PROJECT {
            schools.join("Projet", name);
        }
        schools
    }

    /// Another preset, by whoever runs the service.
    pub(crate) fn apply(&self, uai: &str, preset: Preset) {
        let uai = uai.parse().unwrap();
        let editor = rights::Editor { person: None, uai: &uai, now: 0 };
        let id = Ulid::generate().to_string();
        rights::edit(&self.database, &editor, &id, &rights::Edit::Preset(preset)).unwrap().unwrap();
    }

    /// Whether the person may send at all: neither blocked nor gone, and with a role that lets her (A-3, A-5).
    pub(crate) fn may_send(&self, name: &str) -> bool {
        self.run(
            "SELECT 1 FROM person p WHERE p.id = ?1 AND p.blocked_at IS NULL AND p.left_at IS NULL
                AND EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id AND x.role IN ('send', 'send-extended', 'mailbox'))",
            params![self.id(name).as_str()],
        ) == 1
    }

    fn establishment(&mut self, uai: &str) {
        self.run(
            "INSERT INTO establishment (uai, name, domain, created_at) VALUES (?1, ?1, 'ent.example', 0)",
            params![uai],
        );
        for (profile, roles) in [
            ("student", &["mailbox", "user"][..]),
            ("relative", &["send", "user", "mailbox"]),
            ("guest", &["send", "user", "mailbox"]),
            ("teacher", &["send-extended", "directory-manager", "mailbox"]),
            ("staff", &["send-extended", "advanced-user", "mailbox"]),
        ] {
            for role in roles {
                self.run(
                    "INSERT INTO profile_role (uai, profile, role) VALUES (?1, ?2, ?3)",
                    params![uai, profile, *role],
                );
            }
        }
        for profile in Profile::ALL {
            self.group(&format!("{uai} {profile}"), uai, "establishment", Some(*profile), None, "none");
        }
    }

    fn class(&mut self, uai: &str, name: &str, kind: &str) {
        let class = id(10_000 + self.groups.len());
        self.run("INSERT INTO class (id, uai, kind, name) VALUES (?1, ?2, ?3, ?4)", params![&class, uai, kind, name]);
        for profile in [Profile::Student, Profile::Relative, Profile::Teacher, Profile::Staff] {
            self.group(&format!("{name} {profile}"), uai, kind, Some(profile), Some((&class, name)), "none");
        }
    }

    fn group(
        &mut self,
        key: &str,
        uai: &str,
        kind: &str,
        profile: Option<Profile>,
        class: Option<(&str, &str)>,
        participation: &str,
    ) {
        let group = id(20_000 + self.groups.len());
        let name = profile.map_or_else(|| key.to_owned(), |p| automatic_group_name(p, class.map(|c| c.1)));
        self.run(
            "INSERT INTO person_group (id, uai, kind, profile, class_id, name, folded_name, participation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                &group,
                uai,
                kind,
                profile.map(Profile::as_str),
                class.map(|c| c.0),
                &name,
                fold(&name),
                participation
            ],
        );
        self.groups.insert(key.to_owned(), group);
    }

    pub(crate) fn person(&mut self, number: usize, name: &'static str, uai: &str, classes: &[&str]) {
        let (person, profile) = (id(number), profile(name));
        self.run(
            "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
             VALUES (?1, ?2, ?3, ?4, 'Camille', lower(?4) || ' camille', ?4, lower(?4) || '@ent.example', 0)",
            params![&person, uai, profile.as_str(), name],
        );
        self.people.insert(name, person.parse().unwrap());
        self.run(
            "INSERT INTO membership (group_id, person_id) VALUES (?1, ?2)",
            params![network_group(profile), &person],
        );
        self.join(&format!("{uai} {profile}"), name);
        for class in classes {
            self.join(&format!("{class} {profile}"), name);
        }
        if profile == Profile::Relative {
            let child = name.replace('r', "s");
            let child = self.people.get(child.as_str()).unwrap().clone();
            self.run("INSERT INTO kinship (relative_id, student_id) VALUES (?1, ?2)", params![&person, child.as_str()]);
        }
    }

    pub(crate) fn join(&self, group: &str, person: &str) {
        self.run(
            "INSERT INTO membership (group_id, person_id) VALUES (?1, ?2)",
            params![self.group_id(group), self.id(person).as_str()],
        );
    }

    pub(crate) fn run(&self, statement: &str, parameters: &[store::Value]) -> usize {
        self.database.execute(statement, parameters).unwrap().len()
    }

    pub(crate) fn id(&self, name: &str) -> &PersonId {
        self.people.get(name).unwrap()
    }

    pub(crate) fn group_id(&self, key: &str) -> &str {
        self.groups.get(key).unwrap()
    }

    pub(crate) fn name(&self, id: &str) -> &'static str {
        self.people.iter().find(|(_, person)| person.as_str() == id).unwrap().0
    }

    /// By the view.
    pub(crate) fn reach(&self, sender: &str) -> BTreeSet<&'static str> {
        let rows = self.database.execute(
            "SELECT DISTINCT recipient_id FROM reachable WHERE sender_id = ?1",
            params![self.id(sender).as_str()],
        );
        rows.unwrap().iter().map(|row| self.name(row.text(0).unwrap())).collect()
    }

    /// By judgement.
    pub(crate) fn judged(&self, sender: &str, to: &str) -> bool {
        let asked = [Addressee::Person(self.id(to).to_string())];
        rights::judge(&self.database, self.id(sender), None, &asked).unwrap().is_empty()
    }

    /// By sending for good, then taking it back.
    pub(crate) fn sends(&self, sender: &str, kind: &str, to: &str) -> bool {
        self.database.batch("SAVEPOINT sending").unwrap();
        let message = Ulid::from_parts(2_000, 1).to_string();
        let addressees = format!(r#"[{{"field":"to","kind":"{kind}","id":"{to}"}}]"#);
        self.run(
            "INSERT INTO message (id, uai, author_id, thread_id, message_id, addressees, created_at, updated_at)
             SELECT ?1, p.uai, p.id, ?1, ?1, ?3, 0, 0 FROM person p WHERE p.id = ?2",
            params![&message, self.id(sender).as_str(), addressees],
        );
        let sent = self.database.execute(
            "INSERT INTO submission (message_id, submitted_at, size, broadcast) VALUES (?1, 0, 0, 1)",
            params![&message],
        );
        self.database.batch("ROLLBACK TO sending; RELEASE sending").unwrap();
        sent.is_ok()
    }
}
