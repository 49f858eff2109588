//! `sql/schema.sql` is what the migrations make. `BLESS=1 cargo test -p store --test schema` writes it anew.

use std::path::Path;

use store::{Database, File, params};

#[test]
fn the_schema_file_is_what_the_migrations_make() {
    let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql");
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &sql.join("migrations")).unwrap();
    // The tables that full-text search keeps for itself are left out.
    let rows = database
        .execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'person_search_%' OR type = 'trigger'
                ORDER BY type = 'trigger', type = 'view', type = 'index', tbl_name, name",
            params![],
        )
        .unwrap();
    let statements: Vec<_> = rows.iter().map(|row| format!("{};\n", row.text(0).unwrap())).collect();
    let made =
        format!("-- Made by the migrations; do not edit (crates/store/tests/schema.rs).\n\n{}", statements.join("\n"));
    let file = sql.join("schema.sql");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    assert!(std::fs::read_to_string(&file).unwrap() == made, "sql/schema.sql lags behind: BLESS=1 writes it anew");
}
