//! What every implementation of the port must do, wherever it runs: included by the test of the native ones (`conformance.rs`) and by the
//! runner's guest probe, which puts the same demands on `spin:sqlite`.

use store::{Database, Error, Value, params};

type Outcome = Result<(), String>;

fn demand(holds: bool, what: impl std::fmt::Display) -> Outcome {
    if holds { Ok(()) } else { Err(what.to_string()) }
}

fn run(database: &dyn Database, statement: &str, parameters: &[Value]) -> Result<Vec<store::Row>, String> {
    database.execute(statement, parameters).map_err(|error| format!("{statement}: {error}"))
}

/// All of them, on tables of their own.
///
/// # Errors
/// Which one does not hold.
pub(crate) fn all(database: &dyn Database) -> Outcome {
    for statement in [
        "DROP TABLE IF EXISTS demand_child",
        "DROP TABLE IF EXISTS demand",
        "CREATE TABLE demand (id INTEGER PRIMARY KEY, v ANY, u TEXT UNIQUE) STRICT",
        "CREATE TABLE demand_child (t INTEGER NOT NULL REFERENCES demand (id)) STRICT",
        "CREATE TRIGGER demand_refuse BEFORE INSERT ON demand WHEN new.u = 'no' BEGIN SELECT RAISE(ABORT, 'post:too-many'); END",
    ] {
        run(database, statement, &[])?;
    }
    every_kind_of_value_comes_back_as_it_went(database)?;
    a_second_statement_never_runs(database)?;
    errors_say_what_can_be_done_and_nothing_is_written(database)?;
    what_was_returned_was_written(database)
}

fn every_kind_of_value_comes_back_as_it_went(database: &dyn Database) -> Outcome {
    let values = [
        Value::Null,
        Value::Integer(i64::MIN),
        Value::Real(0.1),
        Value::Text("œuf 💌 '; DROP TABLE t".to_owned()),
        Value::Text(String::new()),
        Value::Blob(vec![0, 255, 10]),
        Value::Blob(Vec::new()),
    ];
    for (id, value) in (100_i64..).zip(&values) {
        let inserted = run(
            database,
            "INSERT INTO demand (id, v) VALUES (?1, ?2) RETURNING id, v IS ?2",
            &[Value::Integer(id), value.clone()],
        )?;
        let row = inserted.first().ok_or("RETURNING gave no row")?;
        demand(row.integer(0) == Ok(id) && row.boolean(1) == Ok(true), format!("{value:?} is not what was written"))?;
        let read = run(database, "SELECT v, typeof(v) FROM demand WHERE id = ?1", params![id])?;
        let row = read.first().ok_or("the row is gone")?;
        let same = match value {
            Value::Null => row.optional_text(0) == Ok(None),
            Value::Integer(integer) => row.integer(0) == Ok(*integer),
            Value::Real(_) => row.text(1) == Ok("real"),
            Value::Text(text) => row.text(0) == Ok(text),
            Value::Blob(bytes) => row.blob(0) == Ok(bytes),
        };
        demand(same, format!("{value:?} came back as another"))?;
    }
    Ok(())
}

/// Refused by a file, ignored by Spin.
fn a_second_statement_never_runs(database: &dyn Database) -> Outcome {
    let _ = database.execute("INSERT INTO demand (id) VALUES (1); INSERT INTO demand (id) VALUES (2)", params![]);
    demand(run(database, "SELECT 1 FROM demand WHERE id = 2", &[])?.is_empty(), "a second statement was run")
}

fn errors_say_what_can_be_done_and_nothing_is_written(database: &dyn Database) -> Outcome {
    run(database, "DELETE FROM demand", &[])?;
    run(database, "INSERT INTO demand (id, u) VALUES (1, 'a')", &[])?;
    let many = "INSERT INTO demand (id, u) SELECT value, CASE value WHEN 4 THEN ?1 ELSE 'x' || value END FROM json_each('[2,3,4]')";
    let raised = database.execute(many, params!["no"]);
    demand(raised == Err(Error::Raised("too-many".to_owned())), format!("a trigger's refusal was {raised:?}"))?;
    let twice = database.execute(many, params!["a"]);
    demand(matches!(twice, Err(Error::Constraint(_))), format!("a doubled value was {twice:?}"))?;
    let orphan = database.execute("INSERT INTO demand_child VALUES (9)", params![]);
    demand(matches!(orphan, Err(Error::Constraint(_))), format!("foreign keys are not kept: {orphan:?}"))?;
    let nonsense = database.execute("SELECT nothing FROM nowhere", params![]);
    demand(matches!(nonsense, Err(Error::Unavailable(_))), format!("nonsense was {nonsense:?}"))?;
    demand(run(database, "SELECT id FROM demand", &[])?.len() == 1, "a refused statement left something")
}

/// Spin commits a statement once its rows are drained.
fn what_was_returned_was_written(database: &dyn Database) -> Outcome {
    let many = "INSERT INTO demand (id) SELECT value FROM json_each('[11,12,13]') RETURNING id";
    database.first(many, &[]).map_err(|error| error.to_string())?;
    demand(
        run(database, "SELECT id FROM demand WHERE id > 10", &[])?.len() == 3,
        "a RETURNING statement was not committed",
    )
}
