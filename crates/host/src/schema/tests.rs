//! The rules of the migrator, on databases in memory.

use std::path::Path;

use rusqlite::Connection;

use super::*;

fn folder(migrations: &[(&str, &str)], logic: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (folder, files) in [("migrations", migrations), ("logic", logic)] {
        std::fs::create_dir(dir.path().join(folder)).unwrap();
        for (name, sql) in files {
            std::fs::write(dir.path().join(folder).join(name), sql).unwrap();
        }
    }
    dir
}

fn schema(migrations: &[(&str, &str)], logic: &[(&str, &str)]) -> Schema {
    Schema::read(folder(migrations, logic).path()).unwrap()
}

fn memory() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    connection
}

fn count(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

const TABLE: (&str, &str) = ("0001_a.sql", "CREATE TABLE t (a TEXT);");
const VIEW: (&str, &str) = ("v.sql", "-- All.\nCREATE VIEW v AS SELECT a FROM t;");

#[test]
fn each_migration_is_applied_once_in_order() {
    let schema = schema(&[("0002_b.sql", "ALTER TABLE t ADD b TEXT;"), TABLE], &[]);
    let c = memory();
    assert_eq!(migrate(&c, &schema).unwrap().applied, [(1, "a".into()), (2, "b".into())]);
    assert_eq!(migrate(&c, &schema).unwrap(), Outcome { applied: vec![], logic: false, version: 2 });
    c.execute("INSERT INTO t (a, b) VALUES ('1', '2')", []).unwrap();
}

#[test]
fn a_failing_one_leaves_nothing() {
    let c = memory();
    migrate(&c, &schema(&[TABLE], &[VIEW])).unwrap();
    let broken = schema(&[TABLE, ("0002_b.sql", "CREATE TABLE u (a); CREATE TABLE u (a);")], &[]);
    let error = migrate(&c, &broken).unwrap_err();
    assert!(matches!(error, SchemaError::Failed { .. }) && error.to_string().contains("migration 2 (b)"), "{error}");
    assert!(c.prepare("SELECT * FROM u").is_err());
    assert_eq!(count(&c, "SELECT count(*) FROM v"), 0, "the logic of before is there");
    assert_eq!(count(&c, "SELECT max(version) FROM schema_migration"), 1);
    assert_eq!(count(&c, "PRAGMA foreign_keys"), 1);
}

#[test]
fn logic_is_made_anew_whenever_it_differs_and_only_then() {
    let c = memory();
    assert!(migrate(&c, &schema(&[TABLE], &[VIEW])).unwrap().logic);
    assert!(!migrate(&c, &schema(&[TABLE], &[VIEW])).unwrap().logic);
    let other = [(
        "v.sql",
        "CREATE VIEW w AS SELECT count(*) AS n FROM t; CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END;",
    )];
    assert!(migrate(&c, &schema(&[TABLE], &other)).unwrap().logic);
    assert_eq!(count(&c, "SELECT n FROM w"), 0);
    assert!(c.prepare("SELECT * FROM v").is_err());
    assert!(migrate(&c, &schema(&[TABLE], &[])).unwrap().logic);
    assert_eq!(count(&c, "SELECT count(*) FROM sqlite_schema WHERE type IN ('view', 'trigger')"), 0);
    let error = Schema::read(folder(&[], &[("v.sql", "CREATE TABLE t (a);")]).path()).unwrap_err();
    assert!(error.to_string().contains("not a view or a trigger"), "{error}");
}

/// The recipe by which a table once lost what hung on it (ON DELETE CASCADE), an index and a trigger.
#[test]
fn rebuilding_a_table_loses_nothing_unseen() {
    let before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX t_a ON t (a);
        CREATE TABLE child (t INTEGER NOT NULL REFERENCES t (id) ON DELETE CASCADE);";
    let logic = [("l.sql", "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM child WHERE t = 0; END;")];
    let filled = || {
        let c = memory();
        migrate(&c, &schema(&[("0001_a.sql", before)], &logic)).unwrap();
        c.execute_batch("INSERT INTO t VALUES (1, 'x'), (2, 'y'); INSERT INTO child VALUES (1), (2)").unwrap();
        c
    };
    let rebuild =
        "CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT NOT NULL); INSERT INTO u SELECT * FROM t; DROP TABLE t;
        ALTER TABLE u RENAME TO t;";
    let with = |second: &str| schema(&[("0001_a.sql", before), ("0002_b.sql", second)], &logic);

    let c = filled();
    migrate(&c, &with(&format!("{rebuild} CREATE INDEX t_a ON t (a);"))).unwrap();
    assert_eq!(count(&c, "SELECT count(*) FROM child"), 2);
    assert_eq!(count(&c, "SELECT count(*) FROM sqlite_schema WHERE name IN ('t_a', 'x')"), 2);

    for (second, what) in [
        (rebuild.to_owned(), "index t_a"),
        (format!("{rebuild} CREATE INDEX t_a ON t (a); DELETE FROM child WHERE t = 1;"), "rows of child"),
        (format!("{rebuild} CREATE INDEX t_a ON t (a); UPDATE child SET t = 9 WHERE t = 1;"), "foreign keys"),
    ] {
        let c = filled();
        let error = migrate(&c, &with(&second)).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
        assert_eq!(count(&c, "SELECT count(*) FROM child WHERE t = 1"), 1);
        assert_eq!(count(&c, "SELECT count(*) FROM sqlite_schema WHERE name IN ('t_a', 'x')"), 2);
    }
    let c = filled();
    migrate(
        &c,
        &with(&format!("-- drops index t_a\n-- changes rows of child\n{rebuild} DELETE FROM child WHERE t = 1;")),
    )
    .unwrap();
}

#[test]
fn changed_missing_and_newer_ones_are_refused() {
    let c = memory();
    let two = ("0002_b.sql", "CREATE TABLE u (a);");
    migrate(&c, &schema(&[TABLE, two], &[])).unwrap();
    let changed = schema(&[("0001_a.sql", "CREATE TABLE t (b);"), two], &[]);
    assert!(matches!(migrate(&c, &changed), Err(SchemaError::Changed { version: 1, .. })));
    assert!(matches!(migrate(&c, &schema(&[TABLE], &[])), Err(SchemaError::Newer { version: 2, .. })));
    assert!(matches!(migrate(&c, &Schema::default()), Err(SchemaError::Newer { version: 1, .. })));
    let c = memory();
    migrate(&c, &schema(&[two], &[])).unwrap();
    assert!(matches!(
        migrate(&c, &schema(&[TABLE, two], &[])),
        Err(SchemaError::OutOfOrder { version: 1, latest: 2, .. })
    ));
}

#[test]
fn names_and_numbers_are_checked() {
    for files in [&[("1_a.sql", "")][..], &[("0001_a.sql", ""), ("0001_b.sql", "")], &[("x.sql", "")]] {
        assert!(matches!(Schema::read(folder(files, &[]).path()), Err(SchemaError::Name { .. })), "{files:?}");
    }
    assert_eq!(Schema::read(Path::new("/nonexistent/folder")).unwrap().migrations, []);
    let c = memory();
    assert_eq!(migrate(&c, &Schema::default()).unwrap().version, 0);
    assert_eq!(count(&c, "SELECT count(*) FROM sqlite_schema"), 0);
}

#[test]
fn the_printed_script_makes_what_the_migrator_makes() {
    let schema = Schema::embedded().unwrap();
    let (migrated, printed) = (memory(), memory());
    migrate(&migrated, &schema).unwrap();
    printed.execute_batch(&script(&schema, 0, 1).unwrap()).unwrap();
    let objects = |c: &Connection| {
        let mut statement = c.prepare("SELECT type || ' ' || name FROM sqlite_schema ORDER BY 1").unwrap();
        let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        names
    };
    assert_eq!(objects(&migrated), objects(&printed));
    assert!(objects(&migrated).len() > 200);
    assert_eq!(
        migrate(&printed, &schema).unwrap(),
        Outcome { applied: vec![], logic: false, version: migrate(&migrated, &schema).unwrap().version }
    );
    // Again, on a database that is up to date already.
    printed.execute_batch(&script(&schema, 99, 1).unwrap()).unwrap();
}
