//! Two small schools with every case: who is in them is a table that tests read as well.

use store::{Database as _, File, params};

use crate::{add_school, database, id};

pub(crate) const UAI: &str = "0310001A";
pub(crate) const OTHER: &str = "0310002B";

/// A person, and what selections look at.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) tail: &'static str,
    pub(crate) uai: &'static str,
    pub(crate) profile: &'static str,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) function: &'static str,
    /// `a`: active, `b`: blocked, `l`: left, `p`: purged, `r`: redirect address, `m`: address of the sources, `x`: no code.
    pub(crate) marks: &'static str,
    pub(crate) classes: &'static [&'static str],
    pub(crate) created: i64,
}

const fn person(
    tail: &'static str,
    profile: &'static str,
    (first, last): (&'static str, &'static str),
    marks: &'static str,
    classes: &'static [&'static str],
    created: i64,
) -> Person {
    Person { tail, uai: UAI, profile, first, last, function: "", marks, classes, created }
}

pub(crate) const PEOPLE: &[Person] = &[
    Person { function: "Principale adjointe", ..person("ADM", "staff", ("Sophie", "Le Goff"), "a", &[], 100) },
    Person { function: "Principal", ..person("DEAD", "staff", ("Marc", "Durand"), "r", &[], 100) },
    Person { function: "CPE", ..person("CPE", "staff", ("Anne", "Roux"), "m", &[], 200) },
    person("TEACH", "teacher", ("Claire", "Lefèvre"), "ar", &["6A", "6B"], 100),
    person("TEACH2", "teacher", ("Antoine", "de La Villéon"), "", &["4A"], 300),
    person("S1", "student", ("Lina", "Benali"), "", &["6A"], 300),
    person("S2", "student", ("Yanis", "Benali"), "a", &["4A"], 300),
    person("S3", "student", ("Maïtena", "Etcheverry"), "m", &["6A"], 400),
    person("S4", "student", ("Zoé", "Abadie"), "x", &["6B"], 400),
    person("SBAN", "student", ("Paul", "Blanc"), "b", &["6A"], 400),
    person("SGNE", "student", ("Rose", "Noir"), "l", &["6A"], 400),
    person("SPRG", "student", ("Purgée", "Oubliée"), "lp", &[], 400),
    person("R1", "relative", ("Karim", "Benali"), "rm", &["6A", "4A"], 300),
    person("R2", "relative", ("Nadia", "Haddad"), "m", &["6A", "4A"], 300),
    // A parent who administers the school next door.
    person("R3", "relative", ("Gérard", "Etcheverry"), "", &["6A"], 500),
    person("GUEST", "guest", ("Inès", "Garcia"), "", &[], 500),
    Person { uai: OTHER, ..person("ADM2", "staff", ("Luc", "Autre"), "a", &[], 100) },
    Person { uai: OTHER, ..person("S9", "student", ("Élève", "Ailleurs"), "", &["6A"], 100) },
];

pub(crate) const LEVELS: &[(&str, &str)] = &[("6A", "6EME"), ("6B", "6EME"), ("4A", "4EME")];

pub(crate) fn class(uai: &str, name: &str) -> String {
    id(&format!("C{}{name}", if uai == UAI { 1 } else { 2 }))
}

impl Person {
    pub(crate) fn has(&self, mark: char) -> bool {
        self.marks.contains(mark)
    }

    pub(crate) fn address(&self) -> String {
        let tail = self.tail.to_lowercase();
        match (self.has('r'), self.has('m')) {
            (true, _) => format!("{tail}@redirect.example"),
            (false, true) => format!("{tail}@source.example"),
            _ => String::new(),
        }
    }

    pub(crate) fn code(&self) -> String {
        format!("code{}", self.tail.to_lowercase())
    }
}

pub(crate) fn school() -> File {
    let db = database();
    for uai in [UAI, OTHER] {
        add_school(&db, uai);
        for (name, level) in LEVELS {
            let class = class(uai, name);
            db.execute(
                "INSERT INTO class (id, uai, kind, name, level) VALUES (?1, ?2, 'class', ?3, ?4)",
                params![&class, uai, *name, *level],
            )
            .unwrap();
            for profile in ["student", "relative", "teacher"] {
                db.execute(
                    "INSERT INTO person_group (id, uai, kind, profile, class_id, name, folded_name)
                     VALUES (substr(?1 || 'G' || upper(substr(?3, 1, 1)), -26), ?2, 'class', ?3, ?1, ?4, lower(?4))",
                    params![&class, uai, profile, *name],
                )
                .unwrap();
            }
        }
    }
    for p in PEOPLE {
        add(&db, p);
    }
    for (admin, uai) in [("ADM", UAI), ("ADM2", OTHER), ("R3", OTHER)] {
        db.execute("INSERT INTO local_admin VALUES (?1, ?2)", params![id(admin), uai]).unwrap();
    }
    for (relative, student) in [("R1", "S1"), ("R1", "S2"), ("R2", "S1"), ("R2", "S2"), ("R3", "S3")] {
        db.execute("INSERT INTO kinship (relative_id, student_id) VALUES (?1, ?2)", params![id(relative), id(student)])
            .unwrap();
    }
    db.execute("INSERT INTO class_admin VALUES (?1, ?2)", params![id("TEACH"), class(UAI, "6A")]).unwrap();
    db
}

fn add(db: &File, p: &Person) {
    crate::add_person(db, p.tail, p.uai, p.profile, p.first, p.last);
    let id = id(p.tail);
    let set = |what: &str| {
        db.execute(&format!("UPDATE person SET {what} WHERE id = ?1"), params![&id]).unwrap();
    };
    db.execute("UPDATE person SET function = ?2, created_at = ?3 WHERE id = ?1", params![&id, p.function, p.created])
        .unwrap();
    if p.has('a') {
        set("activated_at = 50, password_hash = 'none', activation_code = NULL");
    }
    if p.has('x') {
        set("activation_code = NULL");
    }
    if p.has('b') {
        set("blocked_at = 60");
    }
    if p.has('l') {
        set("left_at = 60");
    }
    if p.has('p') {
        set("purged_at = 70");
    }
    if p.has('m') {
        let mail = format!("{}@source.example", p.tail.to_lowercase());
        db.execute("INSERT INTO person_detail (person_id, mail) VALUES (?1, ?2)", params![&id, mail]).unwrap();
    }
    if p.has('r') {
        let address = format!("{}@redirect.example", p.tail.to_lowercase());
        db.execute("INSERT INTO redirect (person_id, address, verified_at) VALUES (?1, ?2, 1)", params![&id, address])
            .unwrap();
    }
    for name in p.classes {
        db.execute(
            "INSERT INTO membership (group_id, person_id)
             SELECT g.id, ?1 FROM person_group g WHERE g.class_id = ?2 AND g.profile = ?3",
            params![&id, class(p.uai, name), p.profile],
        )
        .unwrap();
    }
}
