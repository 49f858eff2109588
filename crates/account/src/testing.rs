//! A database with a few accounts, for the tests of this crate.

use std::path::Path;

use store::{Database as _, params};

pub(crate) const ACTIVE: &str = "01J00000000000000000000001";
pub(crate) const INACTIVE: &str = "01J00000000000000000000002";
pub(crate) const PASSWORD: &str = "une courte phrase";
pub(crate) const CODE: &str = "abcd3456";

pub(crate) fn database() -> store::File {
    let db = store::File::in_memory().unwrap();
    store::apply_migrations(&db, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    db.batch("INSERT INTO establishment (uai, name, domain, created_at) VALUES ('0120001A', 'Collège', 'ent.test', 0)")
        .unwrap();
    let kept = crate::hash_password(PASSWORD).unwrap();
    for (id, login, active, blocked, left) in [
        (ACTIVE, "alice.martin", true, false, false),
        (INACTIVE, "bob.durand", false, false, false),
        ("01J00000000000000000000003", "carl.blocked", true, true, false),
        ("01J00000000000000000000004", "dora.left", true, false, true),
    ] {
        db.execute(
            "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address,
                password_hash, activation_code, activated_at, blocked_at, left_at, created_at)
            VALUES (?1, '0120001A', 'teacher', ?2, ?2, ?2, ?2, ?2 || '@ent.test', ?3, ?4, ?5, ?6, ?7, 0)",
            params![
                id,
                login,
                active.then_some(kept.as_str()),
                (!active).then_some(CODE),
                active.then_some(1),
                blocked.then_some(1),
                left.then_some(1),
            ],
        )
        .unwrap();
    }
    db.execute(
        "INSERT INTO redirect (person_id, address, verified_at) VALUES (?, 'alice@exemple.fr', 1)",
        params![ACTIVE],
    )
    .unwrap();
    db
}
