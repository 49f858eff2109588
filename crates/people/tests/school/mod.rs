//! The made-up school, and who is who in it.

use std::path::Path;

use people::PersonId;
use store::{Database as _, File, params};

/// When it was made.
pub(crate) const NOW: i64 = 1_800_000_000_000;

pub(crate) fn school() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    demo::run(&database, &demo::Options::of(300, NOW)).unwrap();
    database
}

pub(crate) fn who(database: &File, login: &str) -> PersonId {
    let row = database.first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    row.text(0).unwrap().parse().unwrap()
}
