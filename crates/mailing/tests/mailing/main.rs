//! Campaigns and jobs over a real database.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod campaigns;
mod jobs;
mod school;
mod selection;

use std::path::Path;

use store::{Database as _, File, params};

/// An empty database of the newest schema.
pub(crate) fn database() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    database
}

/// A ULID that ends like this.
pub(crate) fn id(tail: &str) -> String {
    format!("{tail:0>26}")
}

pub(crate) fn add_school(db: &File, uai: &str) {
    let insert = "INSERT INTO establishment (uai, name, domain, created_at) VALUES (?1, 'Collège ' || ?1, lower(?1) || '.test', 0)";
    db.execute(insert, params![uai]).unwrap();
}

/// Adds a person who has not activated her account; her code is `code` and her id's tail.
pub(crate) fn add_person(db: &File, tail: &str, uai: &str, profile: &str, first: &str, last: &str) {
    let folded = people::fold(&format!("{last} {first}"));
    let tail_lower = tail.to_lowercase();
    db.execute(
        "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, activation_code, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'login-' || ?7, ?7 || '@ent.test', 'code' || ?7, 0)",
        params![id(tail), uai, profile, last, first, folded, tail_lower],
    )
    .unwrap();
}
