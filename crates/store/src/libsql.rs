//! The port over a libSQL server, for the runner's subcommands: Hrana over HTTP (Hrana 2 specification, "Hrana over HTTP"). The bundle
//! itself reaches libSQL through Spin.
//!
//! Statements go as they are written: libSQL's own client would print `STRICT, WITHOUT ROWID` wrongly. Each statement is a transaction of
//! its own, but for [`Libsql::transaction`].

use std::cell::RefCell;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::kept::{Host, Kept};
use crate::{Database, Error, Row, Value};

/// The most bytes of an answer.
const MAX_ANSWER: u64 = 256 << 20;

/// A libSQL server, spoken to over one stream that is opened anew when it has expired.
pub struct Libsql(Kept<Server>);

impl Libsql {
    /// `url` as in Spin's runtime configuration: `http:`, `https:` or `libsql:` (which is `https:`); `token` may be empty. Nothing is
    /// connected to yet.
    #[must_use]
    pub fn new(url: &str, token: &str) -> Self {
        let base = url.strip_prefix("libsql://").map_or_else(|| url.to_owned(), |rest| format!("https://{rest}"));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        Self(Kept::new(Server {
            agent,
            base: base.trim_end_matches('/').to_owned(),
            authorization: Some(format!("Bearer {token}")).filter(|_| !token.is_empty()),
            started: Instant::now(),
        }))
    }

    /// Runs all statements as one transaction, or none of them.
    ///
    /// # Errors
    /// The first that fails, by its reason.
    pub fn transaction(&self, statements: &[(&str, &[Value])]) -> Result<(), Error> {
        self.batch(statements, true)
    }

    /// The same without foreign keys, as the rebuilding of tables needs; whoever calls checks them within.
    ///
    /// # Errors
    /// As [`Self::transaction`].
    pub fn migration(&self, statements: &[(&str, &[Value])]) -> Result<(), Error> {
        self.batch(statements, false)
    }

    fn batch(&self, statements: &[(&str, &[Value])], foreign_keys: bool) -> Result<(), Error> {
        let mut steps = Vec::new();
        if !foreign_keys {
            steps.push(Step { stmt: Statement::of("PRAGMA foreign_keys = OFF", &[]), condition: None });
        }
        steps.push(Step { stmt: Statement::of("BEGIN IMMEDIATE", &[]), condition: None });
        for (sql, parameters) in statements.iter().copied().chain([("COMMIT", [].as_slice())]) {
            let condition = Some(Condition::Ok { step: steps.len() - 1 });
            steps.push(Step { stmt: Statement::of(sql, parameters), condition });
        }
        let not_committed = Condition::Not { cond: Box::new(Condition::Ok { step: steps.len() - 1 }) };
        steps.push(Step { stmt: Statement::of("ROLLBACK", &[]), condition: Some(not_committed) });
        match self.0.host().ask(&RefCell::default(), &[Request::Batch { batch: Batch { steps } }, Request::Close])? {
            // A rollback without a transaction fails too, after whatever it follows.
            Response::Batch { result } => match result.step_errors.into_iter().flatten().next() {
                Some(failure) => Err(Error::from_message(&failure.message)),
                None => Ok(()),
            },
            _ => Err(unavailable("an answer to something else")),
        }
    }
}

impl Database for Libsql {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.0.execute(statement, parameters)
    }
}

/// A stream that the server holds open.
struct Opened {
    baton: String,
    /// Where it is held, when not where it was opened.
    base: Option<String>,
}

struct Server {
    agent: ureq::Agent,
    base: String,
    authorization: Option<String>,
    started: Instant,
}

impl Server {
    /// Sends requests on a stream; the response to the first.
    fn ask(&self, stream: &RefCell<Option<Opened>>, requests: &[Request]) -> Result<Response, Error> {
        let opened = stream.take();
        let (baton, base) = opened.map_or((None, None), |stream| (Some(stream.baton), stream.base));
        let mut request = self.agent.post(format!("{}/v2/pipeline", base.as_deref().unwrap_or(&self.base)));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut answer = request.send_json(Pipeline { baton, requests }).map_err(not_sent)?;
        let text = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_string();
        let text = text.map_err(|error| unavailable(error.to_string()))?;
        if !answer.status().is_success() {
            return Err(unavailable(format!("status {}: {text}", answer.status())));
        }
        let answer: Answer = serde_json::from_str(&text).map_err(|error| unavailable(error.to_string()))?;
        let base = answer.base_url.map(|url| url.trim_end_matches('/').to_owned()).or(base);
        *stream.borrow_mut() = answer.baton.map(|baton| Opened { baton, base });
        match answer.results.into_iter().next() {
            Some(Outcome::Ok { response }) => Ok(response),
            Some(Outcome::Error { error }) => Err(Error::from_message(&error.message)),
            None => Err(unavailable("an empty answer")),
        }
    }
}

/// Whether a request reached the server decides whether it may be sent again ([`crate::kept`]).
fn not_sent(error: ureq::Error) -> Error {
    match error {
        ureq::Error::ConnectionFailed | ureq::Error::HostNotFound => unavailable(format!("tcp connect error: {error}")),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            unavailable(format!("tcp connect error: {error}"))
        }
        error => unavailable(error.to_string()),
    }
}

fn unavailable(reason: impl Into<String>) -> Error {
    Error::Unavailable(reason.into())
}

impl Host for Server {
    type Connection = RefCell<Option<Opened>>;

    fn open(&self) -> Result<Self::Connection, Error> {
        Ok(RefCell::default())
    }

    fn execute(&self, on: &Self::Connection, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        match self.ask(on, &[Request::Execute { stmt: Statement::of(sql, parameters) }])? {
            Response::Execute { result } => result
                .rows
                .into_iter()
                .map(|row| row.into_iter().map(Cell::read).collect::<Result<_, _>>().map(Row))
                .collect(),
            _ => Err(unavailable("an answer to something else")),
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

#[derive(Serialize)]
struct Pipeline<'a> {
    baton: Option<String>,
    requests: &'a [Request],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Request {
    Execute { stmt: Statement },
    Batch { batch: Batch },
    Close,
}

#[derive(Serialize)]
struct Batch {
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    stmt: Statement,
    condition: Option<Condition>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Condition {
    Ok { step: usize },
    Not { cond: Box<Condition> },
}

#[derive(Serialize)]
struct Statement {
    sql: String,
    args: Vec<Cell>,
    want_rows: bool,
}

impl Statement {
    fn of(sql: &str, parameters: &[Value]) -> Self {
        Self { sql: sql.to_owned(), args: parameters.iter().map(Cell::of).collect(), want_rows: true }
    }
}

#[derive(Deserialize)]
struct Answer {
    baton: Option<String>,
    base_url: Option<String>,
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Outcome {
    Ok { response: Response },
    Error { error: Failure },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Response {
    Execute {
        result: Executed,
    },
    Batch {
        result: Batched,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Executed {
    rows: Vec<Vec<Cell>>,
}

#[derive(Deserialize)]
struct Batched {
    /// One for each step, null where it succeeded or was left out.
    step_errors: Vec<Option<Failure>>,
}

#[derive(Deserialize)]
struct Failure {
    message: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Cell {
    Null,
    Integer { value: String },
    Float { value: f64 },
    Text { value: String },
    Blob { base64: String },
}

impl Cell {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(integer) => Self::Integer { value: integer.to_string() },
            Value::Real(real) => Self::Float { value: *real },
            Value::Text(text) => Self::Text { value: text.clone() },
            Value::Blob(bytes) => Self::Blob { base64: STANDARD_NO_PAD.encode(bytes) },
        }
    }

    fn read(self) -> Result<Value, Error> {
        Ok(match self {
            Self::Null => Value::Null,
            Self::Integer { value } => {
                Value::Integer(value.parse().map_err(|_| unavailable("an integer that is none"))?)
            }
            Self::Float { value } => Value::Real(value),
            Self::Text { value } => Value::Text(value),
            // With or without padding, as servers differ.
            Self::Blob { base64 } => Value::Blob(
                STANDARD_NO_PAD.decode(base64.trim_end_matches('=')).map_err(|_| unavailable("bytes that are none"))?,
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cross_and_come_back() {
        let values = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(0.5),
            Value::Text("é".into()),
            Value::Blob(vec![0, 255]),
        ];
        let sent = serde_json::to_string(&Statement::of("SELECT 1", &values).args).unwrap();
        let cells: Vec<Cell> = serde_json::from_str(&sent).unwrap();
        assert_eq!(cells.into_iter().map(|cell| cell.read().unwrap()).collect::<Vec<_>>(), values);
        let padded: Cell = serde_json::from_str(r#"{"type":"blob","base64":"AP8="}"#).unwrap();
        assert_eq!(padded.read(), Ok(Value::Blob(vec![0, 255])));
        assert!(serde_json::from_str::<Cell>(r#"{"type":"vector"}"#).is_err());
    }

    #[test]
    fn a_server_that_is_not_there_is_said_to_be() {
        let nobody = Libsql::new("http://127.0.0.1:1", "");
        assert!(
            matches!(nobody.execute("SELECT 1", &[]), Err(Error::Unavailable(reason)) if reason.contains("connect"))
        );
    }
}
