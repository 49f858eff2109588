//! Running one statement without stalling the server.
//!
//! A statement that only reads runs on the spot, with a small allowance of time; when it goes over, it is stopped and
//! run again on a thread set aside for waiting, which is safe because reading twice changes nothing. A statement that
//! writes takes its turn first (waiting as a task, not as a thread), then runs on a thread set aside, because a write
//! cannot be started over, unless it has been fast lately ([`Pace`]). `BUSY`, which then only another process can cause, is waited for as a task as well.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Rows, Statement, ToSql};

use super::pool::{BUSY_TIMEOUT, Pooled};
use super::{MAX_RESULT_BYTES, SqliteError};

/// How long a reading statement may run on the spot.
const ALLOWANCE: Duration = Duration::from_millis(1);
/// Virtual-machine steps between two looks at the clock: about a tenth of a millisecond.
const STEPS: i32 = 4000;

/// A value that goes in or comes out.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "SQLite's five storage classes")]
pub enum Value {
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
    Null,
}

/// What a statement answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(i) => ValueRef::Integer(*i),
            Self::Real(r) => ValueRef::Real(*r),
            Self::Text(t) => ValueRef::Text(t.as_bytes()),
            Self::Blob(b) => ValueRef::Blob(b),
            Self::Null => ValueRef::Null,
        }))
    }
}

/// Stops a statement when a moment has passed. One per connection.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    start: Instant,
    /// Microseconds after `start`; `u64::MAX` when there is no end.
    end: Arc<AtomicU64>,
}

impl Budget {
    pub(super) fn install(connection: &Connection) -> rusqlite::Result<Self> {
        let budget = Self { start: Instant::now(), end: Arc::new(AtomicU64::new(u64::MAX)) };
        let (start, end) = (budget.start, Arc::clone(&budget.end));
        connection.progress_handler(
            STEPS,
            Some(move || match end.load(Ordering::Relaxed) {
                u64::MAX => false,
                end => start.elapsed().as_micros() > u128::from(end),
            }),
        )?;
        Ok(budget)
    }

    fn set(&self, end: Option<Instant>) {
        let micros = end.map_or(u64::MAX, |end| {
            u64::try_from(end.saturating_duration_since(self.start).as_micros()).unwrap_or(u64::MAX)
        });
        self.end.store(micros, Ordering::Relaxed);
    }
}

/// Which writing statements have been fast lately. One per database; its users take turns anyway.
///
/// Setting a thread aside costs a third of a short write. A statement that ran fast several times in a row is therefore
/// run on the spot; one that turns slow is set aside again, for much longer. As writers take turns, at most one thread of
/// the server is ever held up by a database.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<u64, i32>>);

impl Pace {
    /// Fast runs in a row that earn a statement its place on the spot.
    const EARN: i32 = 4;
    /// What a slow run costs.
    const LOSE: i32 = -64;
    /// Statements remembered.
    const MOST: usize = 1024;

    fn key(sql: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        sql.hash(&mut hasher);
        hasher.finish()
    }

    fn is_fast(&self, sql: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&Self::key(sql)).is_some_and(|runs| *runs >= Self::EARN)
    }

    fn note(&self, sql: &str, took: Duration) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        let runs = known.entry(Self::key(sql)).or_default();
        *runs = if took > ALLOWANCE { Self::LOSE } else { runs.saturating_add(1).min(Self::EARN) };
    }
}

/// How a statement must be run.
enum Kind {
    Reads,
    Writes,
}

impl Pooled {
    /// Runs the first statement of `sql`; what follows it is ignored, as in Spin. `deadline` is when the caller's own
    /// time is over.
    ///
    /// # Errors
    /// SQLite's own, or that the lock or the time ran out.
    pub async fn execute(
        &mut self,
        sql: &str,
        parameters: &[Value],
        deadline: Option<Instant>,
    ) -> Result<Answer, SqliteError> {
        let mut attempt = Attempt::new(deadline);
        loop {
            let outcome = self.attempt(sql, parameters, deadline).await;
            self.end_statement();
            match outcome {
                Err(e) if e.is_busy() && !e.is_stale_snapshot() => attempt.wait(e).await?,
                Err(e) if e.is_interrupted() => return Err(SqliteError::TimedOut),
                other => return other,
            }
        }
    }

    async fn attempt(
        &mut self,
        sql: &str,
        parameters: &[Value],
        deadline: Option<Instant>,
    ) -> Result<Answer, SqliteError> {
        let now = Instant::now();
        let on_the_spot = deadline.map_or(now + ALLOWANCE, |d| d.min(now + ALLOWANCE));
        let writes = match self.read_or_tell(sql, parameters, on_the_spot) {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(Kind::Reads)) => false,
            Ok(Err(Kind::Writes)) => true,
            Err(e) => return Err(e),
        };
        if writes {
            self.begin_write().await?;
        }
        if let Some(budget) = self.budget() {
            budget.set(deadline);
        }
        let connection = self.connection()?;
        let run = || with_statement(connection, sql, |statement| collect(statement, parameters));
        if !writes {
            return tokio::task::block_in_place(run);
        }
        let pace = self.pace();
        let started = Instant::now();
        let outcome = if pace.is_fast(sql) { run() } else { tokio::task::block_in_place(run) };
        pace.note(sql, started.elapsed());
        outcome
    }

    /// Runs the statement if it only reads and stays within the allowance; otherwise tells which kind it is.
    fn read_or_tell(&self, sql: &str, parameters: &[Value], end: Instant) -> Result<Result<Answer, Kind>, SqliteError> {
        if let Some(budget) = self.budget() {
            budget.set(Some(end));
        }
        with_statement(self.connection()?, sql, |statement| {
            if !statement.readonly() {
                return Ok(Err(Kind::Writes));
            }
            match collect(statement, parameters) {
                Ok(answer) => Ok(Ok(answer)),
                Err(e) if e.is_interrupted() => Ok(Err(Kind::Reads)),
                Err(e) => Err(e),
            }
        })
    }
}

/// Waiting for another process's lock.
struct Attempt {
    give_up: Instant,
    pause: Duration,
}

impl Attempt {
    fn new(deadline: Option<Instant>) -> Self {
        let give_up = Instant::now() + BUSY_TIMEOUT;
        Self { give_up: deadline.map_or(give_up, |d| d.min(give_up)), pause: Duration::from_millis(1) }
    }

    async fn wait(&mut self, error: SqliteError) -> Result<(), SqliteError> {
        if Instant::now() + self.pause > self.give_up {
            return Err(error);
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(Duration::from_millis(50));
        Ok(())
    }
}

/// Gives the first statement of a text to `use_it`, from the cache when it stands alone.
fn with_statement<R>(
    connection: &Connection,
    sql: &str,
    use_it: impl FnOnce(&mut Statement<'_>) -> Result<R, SqliteError>,
) -> Result<R, SqliteError> {
    match connection.prepare_cached(sql) {
        Ok(mut statement) => use_it(&mut statement),
        Err(rusqlite::Error::MultipleStatement) => {
            use rusqlite::fallible_iterator::FallibleIterator as _;
            match rusqlite::Batch::new(connection, sql).next()? {
                Some(mut first) => use_it(&mut first),
                None => Err(SqliteError::Empty),
            }
        }
        Err(e) => Err(e.into()),
    }
}

fn collect(statement: &mut Statement<'_>, parameters: &[Value]) -> Result<Answer, SqliteError> {
    let columns: Vec<String> = statement.column_names().into_iter().map(ToOwned::to_owned).collect();
    let width = columns.len();
    let rows = rows(statement.query(rusqlite::params_from_iter(parameters))?, width)?;
    Ok(Answer { columns, rows })
}

fn rows(mut source: Rows<'_>, width: usize) -> Result<Vec<Vec<Value>>, SqliteError> {
    let mut rows = Vec::new();
    let mut bytes = 0;
    while let Some(row) = source.next()? {
        let mut values = Vec::with_capacity(width);
        for column in 0..width {
            let value = match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(i) => Value::Integer(i),
                ValueRef::Real(r) => Value::Real(r),
                ValueRef::Text(t) => Value::Text(String::from_utf8_lossy(t).into_owned()),
                ValueRef::Blob(b) => Value::Blob(b.to_vec()),
            };
            bytes += size_of::<Value>()
                + match &value {
                    Value::Text(t) => t.len(),
                    Value::Blob(b) => b.len(),
                    _ => 0,
                };
            values.push(value);
        }
        if bytes > MAX_RESULT_BYTES {
            return Err(SqliteError::TooLarge);
        }
        rows.push(values);
    }
    Ok(rows)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
