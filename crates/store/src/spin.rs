//! The port over `spin:sqlite`, for components. Its synchronous functions are the only ones that both the HTTP trigger
//! and the cron trigger can call (DOMAIN §5).

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::kept::{Host, Kept};
use crate::{Database, Error, Row, Value};

mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/deps/spin-sqlite",
        inline: "package vaguemestre:store; world store { import spin:sqlite/sqlite@3.0.0; }",
        generate_all,
    });
}

use bindings::spin::sqlite::sqlite;

static KEPT: LazyLock<Kept<SpinSqlite>> = LazyLock::new(|| Kept::new(SpinSqlite { started: Instant::now() }));

/// The database named `default` in the manifest. All values share the one connection that the instance keeps.
#[derive(Debug, Clone, Copy)]
pub struct Spin;

impl Database for Spin {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        KEPT.execute(statement, parameters)
    }
}

struct SpinSqlite {
    started: Instant,
}

impl Host for SpinSqlite {
    type Connection = sqlite::Connection;

    fn open(&self) -> Result<sqlite::Connection, Error> {
        sqlite::Connection::open("default").map_err(sort)
    }

    fn execute(&self, on: &sqlite::Connection, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let parameters: Vec<_> = parameters.iter().map(into_host).collect();
        let result = on.execute(statement, &parameters).map_err(sort)?;
        Ok(result.rows.into_iter().map(|row| Row(row.values.into_iter().map(from_host).collect())).collect())
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

fn into_host(value: &Value) -> sqlite::Value {
    match value {
        Value::Null => sqlite::Value::Null,
        Value::Integer(value) => sqlite::Value::Integer(*value),
        Value::Real(value) => sqlite::Value::Real(*value),
        Value::Text(value) => sqlite::Value::Text(value.clone()),
        Value::Blob(value) => sqlite::Value::Blob(value.clone()),
    }
}

fn from_host(value: sqlite::Value) -> Value {
    match value {
        sqlite::Value::Null => Value::Null,
        sqlite::Value::Integer(value) => Value::Integer(value),
        sqlite::Value::Real(value) => Value::Real(value),
        sqlite::Value::Text(value) => Value::Text(value),
        sqlite::Value::Blob(value) => Value::Blob(value),
    }
}

fn sort(error: sqlite::Error) -> Error {
    match error {
        sqlite::Error::Io(message) => Error::from_message(&message),
        other => Error::Unavailable(format!("{other:?}")),
    }
}
