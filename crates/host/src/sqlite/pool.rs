//! A database file, its pool of connections and its write lock.
//!
//! Invariants: a connection in the pool is outside any transaction and has nothing of its last user; at most one
//! connection of this process writes, and writers are served in the order they came. The WAL is switched on once, when
//! the file is opened first; checkpoints run beside the requests, on a thread that may wait.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::{debug, warn};

use super::SqliteError;
use super::guard::{self, Tainted};
use super::run::{Budget, Pace};

/// How long a locked database is waited for, as in Spin.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections kept for reuse; more may be open at once, they are closed when handed back.
const KEEP: usize = 16;
/// Statements kept prepared on each connection.
const STATEMENTS: usize = 256;

/// A write-ahead log larger than this, in bytes, holds writers back until it is emptied.
const LARGE_LOG: u64 = 32 << 20;

/// One database file.
#[derive(Debug)]
pub struct Database {
    path: PathBuf,
    idle: Mutex<Vec<Session>>,
    writer: Arc<Semaphore>,
    pace: Pace,
    /// Whether anything was written since the last checkpoint.
    dirty: AtomicBool,
}

#[derive(Debug)]
struct Session {
    connection: Connection,
    tainted: Tainted,
    budget: Budget,
}

impl Database {
    /// Opens the file, creating it and its folder when needed, and switches the WAL on.
    ///
    /// # Errors
    /// When the folder or the file cannot be used.
    pub fn open(path: &Path) -> anyhow::Result<Arc<Self>> {
        use anyhow::Context as _;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let database = Arc::new(Self {
            path: path.to_path_buf(),
            idle: Mutex::default(),
            writer: Arc::new(Semaphore::new(1)),
            pace: Pace::default(),
            dirty: AtomicBool::new(false),
        });
        let first = Connection::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        first.busy_timeout(BUSY_TIMEOUT)?;
        let mode: String = first
            .query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0))
            .with_context(|| format!("cannot use {} as a database", path.display()))?;
        if !mode.eq_ignore_ascii_case("wal") {
            warn!(database = %path.display(), mode, "This file system does not allow a write-ahead log; expect slow writes.");
        }
        Ok(database)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A connection with the runner's own settings and no guard, for migrations and statements given at start.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn trusted(&self) -> Result<Connection, SqliteError> {
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        settings(&connection)?;
        Ok(connection)
    }

    /// Takes a connection from the pool, or opens one.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn checkout(self: &Arc<Self>) -> Result<Pooled, SqliteError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let session = match idle {
            Some(session) => session,
            None => tokio::task::block_in_place(|| self.connect())?,
        };
        Ok(Pooled { session: Some(session), database: Arc::clone(self), writing: None, wrote: false })
    }

    fn connect(&self) -> Result<Session, SqliteError> {
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        settings(&connection)?;
        // From here on nothing may wait inside SQLite: the one that holds the lock may need this very thread.
        connection.busy_timeout(Duration::ZERO)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let budget = Budget::install(&connection)?;
        let tainted = guard::install(&connection)?;
        Ok(Session { connection, tainted, budget })
    }

    /// Moves the write-ahead log into the file, once a second while there is something to move, until dropped.
    pub async fn maintain(self: Arc<Self>) {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if !self.dirty.swap(false, Ordering::Relaxed) {
                continue;
            }
            // Writers that never pause keep the log from being reused: past this size they wait for one checkpoint.
            let turn =
                if self.log_size() > LARGE_LOG { Arc::clone(&self.writer).acquire_owned().await.ok() } else { None };
            let database = Arc::clone(&self);
            let done = tokio::task::spawn_blocking(move || database.checkpoint("PRAGMA wal_checkpoint(PASSIVE)")).await;
            drop(turn);
            if done.is_err() {
                return;
            }
        }
    }

    /// Closes the idle connections and empties the write-ahead log. It waits for the disk.
    pub fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    fn checkpoint(&self, statement: &str) {
        let started = Instant::now();
        let outcome = self.trusted().and_then(|c| Ok(c.query_row(statement, [], |row| row.get::<_, i64>(0))?));
        let database = self.path.display();
        match outcome {
            Ok(_) => debug!(%database, ms = started.elapsed().as_millis(), "Checkpoint done."),
            Err(e) => warn!(%database, error = %e, "The checkpoint failed."),
        }
    }

    fn log_size(&self) -> u64 {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        std::fs::metadata(log).map_or(0, |m| m.len())
    }
}

/// Settings of every connection. `wal_autocheckpoint` is off because the runner checkpoints beside the requests.
fn settings(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;
         PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;",
    )
}

/// A connection on loan. Dropped, it rolls back what was not committed and goes back to the pool.
#[derive(Debug)]
pub struct Pooled {
    session: Option<Session>,
    database: Arc<Database>,
    /// Held while this connection may write: for one statement, or for a whole transaction.
    writing: Option<OwnedSemaphorePermit>,
    /// Something was written on this loan.
    wrote: bool,
}

impl Pooled {
    pub(super) fn connection(&self) -> Result<&Connection, SqliteError> {
        // The session is only taken by `drop`.
        self.session.as_ref().map(|s| &s.connection).ok_or(SqliteError::Empty)
    }

    pub(super) fn budget(&self) -> Option<&Budget> {
        self.session.as_ref().map(|s| &s.budget)
    }

    pub(super) fn pace(&self) -> &Pace {
        &self.database.pace
    }

    /// Waits for its turn to write. At once when it already has it.
    pub(super) async fn begin_write(&mut self) -> Result<(), SqliteError> {
        self.database.dirty.store(true, Ordering::Relaxed);
        self.wrote = true;
        if self.writing.is_some() {
            return Ok(());
        }
        let turn = Arc::clone(&self.database.writer);
        let permit = match Arc::clone(&turn).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => match tokio::time::timeout(BUSY_TIMEOUT, turn.acquire_owned()).await {
                Ok(Ok(permit)) => permit,
                Ok(Err(_)) | Err(_) => return Err(SqliteError::Locked),
            },
        };
        self.writing = Some(permit);
        Ok(())
    }

    /// After a statement: gives the turn to write away unless a transaction is open.
    pub(super) fn end_statement(&mut self) {
        if self.session.as_ref().is_none_or(|s| s.connection.is_autocommit()) {
            self.writing = None;
        }
    }

    /// Whether something was written on this loan.
    #[must_use]
    pub(super) fn wrote(&self) -> bool {
        self.wrote
    }

    /// Whether it must stay with its user after a statement: a transaction is open, or its state was changed.
    #[must_use]
    pub(super) fn is_own(&self) -> bool {
        self.session.as_ref().is_some_and(|s| !s.connection.is_autocommit() || s.tainted.get())
    }

    /// The row id of the last insertion on this loan, 0 if none.
    #[must_use]
    pub fn last_insert_rowid(&self) -> i64 {
        if self.wrote { self.session.as_ref().map_or(0, |s| s.connection.last_insert_rowid()) } else { 0 }
    }

    /// Rows changed by the last statement on this loan.
    #[must_use]
    pub fn changes(&self) -> u64 {
        if self.wrote { self.session.as_ref().map_or(0, |s| s.connection.changes()) } else { 0 }
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else { return };
        if !session.connection.is_autocommit() && session.connection.execute_batch("ROLLBACK").is_err() {
            return;
        }
        self.writing = None;
        if session.tainted.get() {
            return;
        }
        let mut idle = self.database.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEEP {
            idle.push(session);
        }
    }
}
