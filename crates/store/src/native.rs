//! The port over a SQLite file (or memory), for native tests and the runner's subcommands.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::{Database, Error, Row, Value, portable};

/// A SQLite database file, opened as Spin opens it: foreign keys on, WAL, 5 s of patience.
pub struct File {
    connection: rusqlite::Connection,
    /// What libSQL would run in place of each statement, where that is run.
    reprinted: Option<RefCell<HashMap<String, String>>>,
}

impl File {
    /// Opens the file at `path`, making it when it is not there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::prepare(rusqlite::Connection::open(path), None)
    }

    /// An empty database in memory, for tests. It takes only statements that libSQL's client takes, and runs what that would send.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is no memory for it.
    pub fn in_memory() -> Result<Self, Error> {
        Self::prepare(rusqlite::Connection::open_in_memory(), Some(RefCell::default()))
    }

    fn prepare(
        opened: rusqlite::Result<rusqlite::Connection>,
        reprinted: Option<RefCell<HashMap<String, String>>>,
    ) -> Result<Self, Error> {
        let connection = opened.map_err(sort)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
            )
            .map_err(sort)?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self { connection, reprinted })
    }

    /// Runs several statements, for migrations and bulk loading.
    ///
    /// # Errors
    /// As [`Database::execute`]; what ran before the failing statement stays, unless the text opens a transaction.
    pub fn batch(&self, statements: &str) -> Result<(), Error> {
        self.connection.execute_batch(statements).map_err(sort)
    }

    /// The statement as it is run.
    fn text<'a>(&self, statement: &'a str) -> Result<Cow<'a, str>, Error> {
        let Some(reprinted) = &self.reprinted else { return Ok(Cow::Borrowed(statement)) };
        if let Some(known) = reprinted.borrow().get(statement) {
            return Ok(Cow::Owned(known.clone()));
        }
        let text = portable::reprint(statement)
            .map_err(|why| Error::Unavailable(format!("libSQL would refuse this statement: {why}\n{statement}")))?;
        reprinted.borrow_mut().insert(statement.to_owned(), text.clone());
        Ok(Cow::Owned(text))
    }
}

impl Database for File {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let mut prepared = self.connection.prepare_cached(&self.text(statement)?).map_err(sort)?;
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

/// Brings an empty database to the newest schema: what the runner does before the first request, for tests. `folder` has the
/// migrations (tables, indexes, constant rows); the folder `logic` beside it has the views and triggers.
///
/// # Errors
/// [`Error::Unavailable`] when a migration or a file of the logic cannot be read or run.
pub fn apply_migrations(database: &File, folder: &Path) -> Result<(), Error> {
    for folder in [folder, &folder.with_file_name("logic")] {
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
    }
    Ok(())
}
