//! The port over a SQLite file (or memory), for native tests and the runner's subcommands.

use std::path::Path;

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::{Database, Error, Row, Value};

/// A SQLite database file, opened as Spin opens it: foreign keys on, WAL, 5 s of patience.
pub struct File(rusqlite::Connection);

impl File {
    /// Opens the file at `path`, making it when it is not there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::prepare(rusqlite::Connection::open(path))
    }

    /// An empty database in memory.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is no memory for it.
    pub fn in_memory() -> Result<Self, Error> {
        Self::prepare(rusqlite::Connection::open_in_memory())
    }

    fn prepare(opened: rusqlite::Result<rusqlite::Connection>) -> Result<Self, Error> {
        let connection = opened.map_err(sort)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
            )
            .map_err(sort)?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self(connection))
    }

    /// Runs several statements, for migrations and bulk loading.
    ///
    /// # Errors
    /// As [`Database::execute`]; what ran before the failing statement stays, unless the text opens a transaction.
    pub fn batch(&self, statements: &str) -> Result<(), Error> {
        self.0.execute_batch(statements).map_err(sort)
    }
}

impl Database for File {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let mut prepared = self.0.prepare_cached(statement).map_err(sort)?;
        let columns = prepared.column_count();
        let mut rows = prepared.query(rusqlite::params_from_iter(parameters)).map_err(sort)?;
        let mut collected = Vec::new();
        while let Some(row) = rows.next().map_err(sort)? {
            let values =
                (0..columns).map(|index| row.get_ref(index).map(owned)).collect::<Result<_, _>>().map_err(sort)?;
            collected.push(Row(values));
        }
        Ok(collected)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Blob(value) => Value::Blob(value.to_vec()),
    }
}

fn sort(error: rusqlite::Error) -> Error {
    match &error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => Error::from_message(message),
        _ => Error::Unavailable(error.to_string()),
    }
}

/// Brings an empty database to the newest schema: what the runner does before the first request, for tests.
///
/// # Errors
/// [`Error::Unavailable`] when a migration cannot be read or run.
pub fn apply_migrations(database: &File, folder: &Path) -> Result<(), Error> {
    let unavailable = |error: std::io::Error| Error::Unavailable(format!("{}: {error}", folder.display()));
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map_err(unavailable)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()
        .map_err(unavailable)?;
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "sql")) {
        let statements = std::fs::read_to_string(file).map_err(unavailable)?;
        database.batch(&format!("BEGIN IMMEDIATE; {statements}; COMMIT"))?;
    }
    Ok(())
}
