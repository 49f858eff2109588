//! The database port. [`Database::execute`] runs one SQL statement: over `spin:sqlite` in a component, over a SQLite
//! file or a libSQL server natively (tests, the runner's subcommands). Everything else is written against it.
//!
//! One decision is one statement (DOMAIN §5): there is no transaction call here, and there must not be one, since libSQL
//! has none that would hold across calls.

#[cfg(not(target_family = "wasm"))]
mod backend;
mod error;
mod kept;
#[cfg(not(target_family = "wasm"))]
mod libsql;
#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(not(target_family = "wasm"))]
pub mod portable;
mod row;
#[cfg(target_family = "wasm")]
mod spin;
mod value;

#[cfg(not(target_family = "wasm"))]
pub use backend::{Backend, Bulk};
pub use error::Error;
#[cfg(not(target_family = "wasm"))]
pub use libsql::Libsql;
#[cfg(not(target_family = "wasm"))]
pub use native::{File, apply_migrations};
pub use row::Row;
#[cfg(target_family = "wasm")]
pub use spin::Spin;
pub use value::Value;

/// Something that runs SQL statements.
pub trait Database {
    /// Runs one statement to its end and gives all its rows. One only: Spin ignores the text after it, a file refuses it.
    ///
    /// # Errors
    /// [`Error::Raised`] when a trigger said `RAISE(ABORT, 'post:…')`, [`Error::Constraint`] when a constraint failed,
    /// [`Error::Unavailable`] for anything else. Nothing was written in the first two cases; in the last it may have been, where the answer of a
    /// server was lost.
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error>;

    /// Like [`Self::execute`], for a statement that gives at most one row; further rows are dropped.
    ///
    /// # Errors
    /// As [`Self::execute`].
    fn first(&self, statement: &str, parameters: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.execute(statement, parameters)?.into_iter().next())
    }
}

impl<D: Database + ?Sized> Database for &D {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        (**self).execute(statement, parameters)
    }
}

/// A parameter list from anything that converts to [`Value`]: `params![id, 12, None::<String>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] };
}
