//! SQLite databases as the runner keeps them: one file per label, a pool of connections, one writer at a time.
//!
//! Spin's behaviour is kept: one statement per call, foreign keys on, a locked database is waited for up to five
//! seconds. What differs is how: nothing here blocks the server while it waits (see [`run`]).

mod guard;
mod host;
mod pool;
mod run;

pub use host::SqlConnection;
pub use pool::{Database, Pooled};
pub use run::{Answer, Value};

/// The most bytes one result may hold, as in Spin: 128 MiB.
pub const MAX_RESULT_BYTES: usize = 128 << 20;

/// Why a database call failed.
#[derive(Debug, thiserror::Error)]
pub enum SqliteError {
    /// SQLite's own words.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Another writer held the lock too long.
    #[error("database is locked")]
    Locked,
    /// The result is larger than [`MAX_RESULT_BYTES`].
    #[error("query result exceeds limit of {MAX_RESULT_BYTES} bytes")]
    TooLarge,
    /// The text holds no statement.
    #[error("no statement to execute")]
    Empty,
    /// The request's time is over.
    #[error("interrupted: the request's time is over")]
    TimedOut,
}

impl SqliteError {
    fn is_busy(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        matches!(self, Self::Sqlite(e) if matches!(e.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked)))
    }

    fn is_interrupted(&self) -> bool {
        matches!(self, Self::Sqlite(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted))
    }

    /// A read transaction that another writer has overtaken: waiting cannot help.
    fn is_stale_snapshot(&self) -> bool {
        matches!(self, Self::Sqlite(rusqlite::Error::SqliteFailure(e, _))
            if e.extended_code == rusqlite::ffi::SQLITE_BUSY_SNAPSHOT)
    }
}
