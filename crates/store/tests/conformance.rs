//! What every implementation of the port must do. Runs on a file here; the scenarios in `tests/` put the same demands on
//! `spin:sqlite` through the components.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use store::{Database, Error, File, Value, params};

fn database() -> File {
    let database = File::in_memory().unwrap();
    database
        .batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v ANY, u TEXT UNIQUE) STRICT;
            CREATE TABLE child (t INTEGER NOT NULL REFERENCES t (id)) STRICT;
            CREATE TRIGGER refuse BEFORE INSERT ON t WHEN new.u = 'no' BEGIN SELECT RAISE(ABORT, 'post:too-many'); END;",
        )
        .unwrap();
    database
}

#[test]
fn every_kind_of_value_comes_back_as_it_went() {
    let database = database();
    let values = [
        Value::Null,
        Value::Integer(i64::MIN),
        Value::Real(0.1),
        Value::Text("œuf \u{0} 💌 '; DROP TABLE t".to_owned()),
        Value::Blob(vec![0, 255, 10]),
    ];
    for (id, value) in values.iter().enumerate() {
        let id = i64::try_from(id).unwrap();
        let row = database
            .first("INSERT INTO t (id, v) VALUES (?1, ?2) RETURNING id, v", &[Value::Integer(id), value.clone()])
            .unwrap()
            .unwrap();
        assert_eq!(row.integer(0).unwrap(), id);
        let same = database
            .first("SELECT v IS ?1 FROM t WHERE id = ?2", &[value.clone(), Value::Integer(id)])
            .unwrap()
            .unwrap();
        assert!(same.boolean(0).unwrap(), "{value:?}");
    }
}

#[test]
fn a_second_statement_never_runs() {
    let database = database();
    // Refused here, ignored by Spin.
    let _ = database.execute("INSERT INTO t (id) VALUES (1); INSERT INTO t (id) VALUES (2)", params![]);
    assert!(database.first("SELECT 1 FROM t WHERE id = 2", params![]).unwrap().is_none());
}

#[test]
fn errors_say_what_can_be_done_and_nothing_is_written() {
    let database = database();
    database.execute("INSERT INTO t (id, u) VALUES (1, 'a')", params![]).unwrap();
    let many =
        "INSERT INTO t (id, u) SELECT value, CASE value WHEN 4 THEN ?1 ELSE 'x' || value END FROM json_each('[2,3,4]')";
    assert_eq!(database.execute(many, params!["no"]), Err(Error::Raised("too-many".to_owned())));
    assert!(matches!(database.execute(many, params!["a"]), Err(Error::Constraint(_))));
    assert!(matches!(database.execute("INSERT INTO child VALUES (9)", params![]), Err(Error::Constraint(_))));
    assert!(matches!(database.execute("SELECT nothing FROM nowhere", params![]), Err(Error::Unavailable(_))));
    assert_eq!(database.execute("SELECT id FROM t", params![]).unwrap().len(), 1);
}

#[test]
fn a_column_of_another_kind_is_said_not_guessed() {
    let row = database().first("SELECT 1, 'a', NULL", params![]).unwrap().unwrap();
    assert_eq!(row.text(0), Err(Error::Column(0)));
    assert_eq!(row.integer(1), Err(Error::Column(1)));
    assert_eq!(row.text(2), Err(Error::Column(2)));
    assert_eq!(row.optional_text(2), Ok(None));
    assert_eq!(row.integer(7), Err(Error::Column(7)));
}
