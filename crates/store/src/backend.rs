//! Where a deployment keeps its data, for whoever works on it from outside: a SQLite file or a libSQL server.

use crate::{Database, Error, File, Libsql, Row, Value};

/// A SQLite file or a libSQL server.
pub enum Backend {
    /// A file.
    File(File),
    /// A server.
    Libsql(Libsql),
}

/// A database on which much is done at once.
pub trait Bulk: Database {
    /// Runs `work` as one transaction on a file. libSQL ends a transaction that stays open for some seconds: there each statement stands
    /// by itself, and `work` must bear being done again.
    ///
    /// # Errors
    /// Those of `work`, and of the transaction; nothing of it stays in a file then.
    fn together<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E>;
}

impl Bulk for File {
    fn together<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.batch("BEGIN IMMEDIATE")?;
        match work() {
            Ok(done) => {
                self.batch("COMMIT")?;
                Ok(done)
            }
            Err(error) => {
                self.batch("ROLLBACK")?;
                Err(error)
            }
        }
    }
}

impl Bulk for Backend {
    fn together<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        match self {
            Self::File(file) => file.together(work),
            Self::Libsql(_) => work(),
        }
    }
}

impl Database for Backend {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        match self {
            Self::File(file) => file.execute(statement, parameters),
            Self::Libsql(server) => server.execute(statement, parameters),
        }
    }
}
