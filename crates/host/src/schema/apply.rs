//! Doing it: on a file, or on a libSQL server.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use store::{Database as _, Libsql, Value};

use super::plan::{FOUND, Found, RECORDS, plan};
use super::{Schema, SchemaError};

/// What was found and done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Migrations applied now, in order.
    pub applied: Vec<(i64, String)>,
    /// Whether views and triggers were made anew.
    pub logic: bool,
    /// The schema's version after that; 0 when there are no migrations.
    pub version: i64,
}

/// Brings a database file up to date. The connection must allow schema changes. An up-to-date one is only read.
///
/// # Errors
/// When history and schema disagree, or a step fails.
pub fn migrate(connection: &Connection, schema: &Schema) -> Result<Outcome, SchemaError> {
    if *schema == Schema::default() && !is_known(connection)? {
        return Ok(Outcome { applied: Vec::new(), logic: false, version: 0 });
    }
    RECORDS.into_iter().try_for_each(|table| connection.execute_batch(table)).map_err(failed("making the records"))?;
    if plan(schema, &found(connection)?, 0)?.steps.is_empty() {
        return Ok(outcome(schema, Vec::new(), false));
    }
    // Off for the rebuilding of tables, which is only possible outside a transaction; references are checked at the end of it.
    connection.execute_batch("PRAGMA foreign_keys = OFF").map_err(failed("turning foreign keys off"))?;
    let done = in_transaction(connection, schema);
    let on = connection.execute_batch("PRAGMA foreign_keys = ON").map_err(failed("turning foreign keys on"));
    let done = done?;
    on?;
    Ok(done)
}

/// The write lock is taken first, so that of two runners starting at once the second finds nothing left to do.
fn in_transaction(connection: &Connection, schema: &Schema) -> Result<Outcome, SchemaError> {
    connection.execute_batch("BEGIN IMMEDIATE").map_err(failed("beginning"))?;
    let work = || {
        let plan = plan(schema, &found(connection)?, now())?;
        for (what, sql) in &plan.steps {
            connection.execute_batch(sql).map_err(failed(what))?;
        }
        connection.execute_batch("COMMIT").map_err(failed("committing"))?;
        Ok(outcome(schema, plan.applied, !plan.steps.is_empty()))
    };
    work().inspect_err(|_| {
        // The first error is the one to tell.
        let _ = connection.execute_batch("ROLLBACK");
    })
}

/// Brings the database of a libSQL server up to date, in one request.
///
/// # Errors
/// As [`migrate`].
pub fn migrate_libsql(server: &Libsql, schema: &Schema) -> Result<Outcome, SchemaError> {
    let refused =
        |what: &str, error: store::Error| SchemaError::Failed { what: what.to_owned(), why: error.to_string() };
    for table in RECORDS {
        server.execute(table, &[]).map_err(|error| refused("making the records", error))?;
    }
    let mut found = Found::default();
    let read = |row: &store::Row| {
        Ok::<_, store::Error>((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.text(2)?.to_owned()))
    };
    for row in server.execute(FOUND, &[]).map_err(|error| refused("reading the history", error))? {
        let (kind, name, detail) = read(&row).map_err(|error| refused("reading the history", error))?;
        found.take(&kind, name, &detail);
    }
    let plan = plan(schema, &found, now())?;
    if plan.steps.is_empty() {
        return Ok(outcome(schema, Vec::new(), false));
    }
    // A server has no temporary tables: the check stands beside the others until the end of the transaction.
    let steps: Vec<String> = plan
        .steps
        .iter()
        .map(|(_, sql)| sql.replace("CREATE TEMP TABLE", "CREATE TABLE").replace("temp.", ""))
        .collect();
    let statements: Vec<(&str, &[Value])> = steps.iter().map(|sql| (sql.as_str(), [].as_slice())).collect();
    server.migration(&statements).map_err(|error| match error {
        // The server's own refusals come with the words of SQLite.
        store::Error::Unavailable(why) if !why.contains("SQLite") => {
            SchemaError::Unknown { what: "the migration".to_owned(), why }
        }
        error => refused("the migration", error),
    })?;
    Ok(outcome(schema, plan.applied, true))
}

fn outcome(schema: &Schema, applied: Vec<(i64, String)>, logic: bool) -> Outcome {
    Outcome { applied, logic, version: schema.migrations.last().map_or(0, |migration| migration.version) }
}

fn found(connection: &Connection) -> Result<Found, SchemaError> {
    let mut found = Found::default();
    let mut read = || {
        let mut statement = connection.prepare(FOUND)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            found.take(row.get_ref(0)?.as_str()?, row.get(1)?, row.get_ref(2)?.as_str()?);
        }
        Ok(())
    };
    read().map_err(failed("reading the history"))?;
    Ok(found)
}

fn is_known(connection: &Connection) -> Result<bool, SchemaError> {
    let statement = "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'";
    connection.query_row(statement, [], |row| row.get(0)).map_err(failed("reading the history"))
}

fn failed(what: &str) -> impl Fn(rusqlite::Error) -> SchemaError {
    move |error| SchemaError::Failed { what: what.to_owned(), why: error.to_string() }
}

/// UTC milliseconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
