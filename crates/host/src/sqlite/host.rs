//! The host side of `spin:sqlite@3.1.0` (and so of `@3.0.0`, which the linker takes for the same).
//!
//! A guest's connection is one of the pool's for the length of a statement, or of a transaction, or from the moment its state was
//! changed: guests keep connections as long as they live, and there are many guests. The asynchronous functions hand out the rows after the statement is done, so a
//! write is committed even if the guest does not drain them; Spin commits only then, so guests must drain all the same.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;
use tracing::trace;
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use super::{Answer, Database, Pooled, SqliteError, Value};
use crate::bindings::spin::sqlite::sqlite as wit;
use crate::guest::{Guest, MAX_HANDLES};
use crate::linker::HasGuest;

/// A guest's open connection.
#[derive(Debug, Clone)]
pub struct SqlConnection(Arc<Mutex<Session>>);

#[derive(Debug)]
struct Session {
    database: Arc<Database>,
    /// Held between statements while a transaction is open, or once settings or temporary tables make it this guest's own.
    held: Option<Pooled>,
    last_insert_rowid: i64,
    changes: u64,
}

impl Session {
    async fn execute(
        &mut self,
        statement: &str,
        parameters: &[Value],
        deadline: Option<Instant>,
    ) -> Result<Answer, SqliteError> {
        let mut pooled = match self.held.take() {
            Some(pooled) => pooled,
            None => self.database.checkout()?,
        };
        let outcome = pooled.execute(statement, parameters, deadline).await;
        if pooled.wrote() {
            (self.last_insert_rowid, self.changes) = (pooled.last_insert_rowid(), pooled.changes());
        }
        self.held = pooled.is_own().then_some(pooled);
        outcome
    }
}

impl From<SqliteError> for wit::Error {
    fn from(error: SqliteError) -> Self {
        match &error {
            SqliteError::Sqlite(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) => {
                Self::DatabaseFull
            }
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<wit::Value> for Value {
    fn from(value: wit::Value) -> Self {
        match value {
            wit::Value::Integer(i) => Self::Integer(i),
            wit::Value::Real(r) => Self::Real(r),
            wit::Value::Text(t) => Self::Text(t),
            wit::Value::Blob(b) => Self::Blob(b),
            wit::Value::Null => Self::Null,
        }
    }
}

impl From<Value> for wit::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Integer(i) => Self::Integer(i),
            Value::Real(r) => Self::Real(r),
            Value::Text(t) => Self::Text(t),
            Value::Blob(b) => Self::Blob(b),
            Value::Null => Self::Null,
        }
    }
}

fn rows(answer: Vec<Vec<Value>>) -> Vec<wit::RowResult> {
    answer.into_iter().map(|row| wit::RowResult { values: row.into_iter().map(Into::into).collect() }).collect()
}

fn open(guest: &mut Guest, label: &str) -> wasmtime::Result<Result<Resource<SqlConnection>, wit::Error>> {
    let database = match guest.config.databases.get(label) {
        None => return Ok(Err(wit::Error::AccessDenied)),
        Some(None) => return Ok(Err(wit::Error::NoSuchDatabase)),
        Some(Some(database)) => Arc::clone(database),
    };
    if guest.handles >= MAX_HANDLES {
        return Ok(Err(wit::Error::Io("too many connections opened".into())));
    }
    trace!(component = guest.config.id, "A connection is opened.");
    guest.handles += 1;
    let session = Session { database, held: None, last_insert_rowid: 0, changes: 0 };
    Ok(Ok(guest.table().push(SqlConnection(Arc::new(Mutex::new(session))))?))
}

fn parameters(values: Vec<wit::Value>) -> Vec<Value> {
    values.into_iter().map(Into::into).collect()
}

impl wit::Host for Guest {}

impl wit::HostConnection for Guest {
    async fn open(&mut self, database: String) -> wasmtime::Result<Result<Resource<SqlConnection>, wit::Error>> {
        open(self, &database)
    }

    async fn execute(
        &mut self,
        connection: Resource<SqlConnection>,
        statement: String,
        values: Vec<wit::Value>,
    ) -> wasmtime::Result<Result<wit::QueryResult, wit::Error>> {
        let connection = self.table().get(&connection)?.0.clone();
        // An asynchronous call on the same connection cannot go on while this one holds the instance: no waiting.
        let Ok(mut session) = connection.try_lock() else {
            return Ok(Err(wit::Error::Io("the connection is busy with another statement".into())));
        };
        trace!(component = self.config.id, "A statement is run.");
        let answer = session.execute(&statement, &parameters(values), self.deadline).await;
        Ok(answer
            .map(|Answer { columns, rows: list }| wit::QueryResult { columns, rows: rows(list) })
            .map_err(Into::into))
    }

    async fn last_insert_rowid(&mut self, connection: Resource<SqlConnection>) -> wasmtime::Result<i64> {
        let connection = self.table().get(&connection)?.0.clone();
        Ok(connection.try_lock().map_or(0, |c| c.last_insert_rowid))
    }

    async fn changes(&mut self, connection: Resource<SqlConnection>) -> wasmtime::Result<u64> {
        let connection = self.table().get(&connection)?.0.clone();
        Ok(connection.try_lock().map_or(0, |c| c.changes))
    }

    async fn drop(&mut self, connection: Resource<SqlConnection>) -> wasmtime::Result<()> {
        self.table().delete(connection)?;
        self.handles = self.handles.saturating_sub(1);
        Ok(())
    }
}

impl<T: Send> wit::HostConnectionWithStore<T> for HasGuest {
    async fn open_async(
        accessor: &Accessor<T, Self>,
        database: String,
    ) -> wasmtime::Result<Result<Resource<SqlConnection>, wit::Error>> {
        accessor.with(|mut access| open(access.get(), &database))
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<SqlConnection>,
        statement: String,
        values: Vec<wit::Value>,
    ) -> wasmtime::Result<
        Result<(Vec<String>, StreamReader<wit::RowResult>, FutureReader<Result<(), wit::Error>>), wit::Error>,
    > {
        let (connection, deadline) = accessor.with(|mut access| {
            let guest = access.get();
            trace!(component = guest.config.id, "A statement is run.");
            wasmtime::error::Ok((guest.table().get(&connection)?.0.clone(), guest.deadline))
        })?;
        let outcome = connection.lock().await.execute(&statement, &parameters(values), deadline).await;
        // As in Spin, a failing statement shows as an empty answer and an error at its end.
        let (answer, end) = match outcome {
            Ok(answer) => (answer, Ok(())),
            Err(e) => (Answer::default(), Err(wit::Error::from(e))),
        };
        accessor.with(|mut access| {
            let stream = StreamReader::new(&mut access, rows(answer.rows))?;
            let end = FutureReader::new(&mut access, async move { wasmtime::error::Ok(end) })?;
            Ok(Ok((answer.columns, stream, end)))
        })
    }

    async fn last_insert_rowid_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<SqlConnection>,
    ) -> wasmtime::Result<i64> {
        let connection = accessor.with(|mut a| wasmtime::error::Ok(a.get().table().get(&connection)?.0.clone()))?;
        let id = connection.lock().await.last_insert_rowid;
        Ok(id)
    }

    async fn changes_async(accessor: &Accessor<T, Self>, connection: Resource<SqlConnection>) -> wasmtime::Result<u64> {
        let connection = accessor.with(|mut a| wasmtime::error::Ok(a.get().table().get(&connection)?.0.clone()))?;
        let changes = connection.lock().await.changes;
        Ok(changes)
    }
}
