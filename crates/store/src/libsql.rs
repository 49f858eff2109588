//! The port over a libSQL server, for the runner's subcommands: Hrana over HTTP (Hrana 2 specification, "Hrana over HTTP"). The bundle
//! itself reaches libSQL through Spin.
//!
//! Statements go as they are written: libSQL's own client would print `STRICT, WITHOUT ROWID` wrongly. Each statement is a transaction of
//! its own, but for [`Libsql::transaction`].

use std::cell::RefCell;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value as Json, json};

use crate::kept::{Host, Kept};
use crate::{Database, Error, Row, Value};

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
            pipeline: format!("{}/v2/pipeline", base.trim_end_matches('/')),
            authorization: Some(format!("Bearer {token}")).filter(|_| !token.is_empty()),
            started: Instant::now(),
        }))
    }

    /// Runs all statements as one transaction, or none of them.
    ///
    /// # Errors
    /// The first that fails, by its reason.
    pub fn transaction(&self, statements: &[(&str, &[Value])]) -> Result<(), Error> {
        let mut steps = vec![json!({"stmt": {"sql": "BEGIN IMMEDIATE", "want_rows": false}})];
        steps.extend(statements.iter().map(|(sql, parameters)| json!({"stmt": statement(sql, parameters, false)})));
        steps.push(json!({"stmt": {"sql": "COMMIT", "want_rows": false}}));
        for (index, step) in steps.iter_mut().enumerate().skip(1) {
            step["condition"] = json!({"type": "ok", "step": index - 1});
        }
        let commit = steps.len() - 1;
        steps.push(json!({
            "stmt": {"sql": "ROLLBACK", "want_rows": false},
            "condition": {"type": "not", "cond": {"type": "ok", "step": commit}},
        }));
        let stream = RefCell::default();
        let batch = json!({"type": "batch", "batch": {"steps": steps}});
        let result = self.0.host().ask(&stream, &[batch, json!({"type": "close"})])?;
        let errors = result["step_errors"].as_array().into_iter().flatten().take(commit + 1);
        match errors.filter_map(|error| error["message"].as_str()).next() {
            Some(message) => Err(Error::from_message(message)),
            None => Ok(()),
        }
    }
}

impl Database for Libsql {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.0.execute(statement, parameters)
    }
}

struct Server {
    agent: ureq::Agent,
    pipeline: String,
    authorization: Option<String>,
    started: Instant,
}

impl Server {
    /// Sends requests on a stream; the result of the first.
    fn ask(&self, stream: &RefCell<Option<String>>, requests: &[Json]) -> Result<Json, Error> {
        let baton = stream.take();
        let mut request = self.agent.post(&self.pipeline);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let answer = request.send_json(json!({"baton": baton, "requests": requests}));
        let mut answer = answer.map_err(|error| match error {
            ureq::Error::ConnectionFailed | ureq::Error::HostNotFound => {
                unavailable(format!("tcp connect error: {error}"))
            }
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                unavailable(format!("tcp connect error: {error}"))
            }
            error => unavailable(error.to_string()),
        })?;
        let text = answer.body_mut().with_config().limit(256 << 20).read_to_string();
        let text = text.map_err(|error| unavailable(error.to_string()))?;
        if !answer.status().is_success() {
            return Err(unavailable(format!("status {}: {text}", answer.status())));
        }
        let mut answer: Json = serde_json::from_str(&text).map_err(|error| unavailable(error.to_string()))?;
        *stream.borrow_mut() = answer["baton"].as_str().map(str::to_owned);
        let mut first = answer["results"][0].take();
        match first["error"]["message"].as_str() {
            Some(message) => Err(Error::from_message(message)),
            None => Ok(first["response"]["result"].take()),
        }
    }
}

impl Host for Server {
    /// The baton of an open stream.
    type Connection = RefCell<Option<String>>;

    fn open(&self) -> Result<Self::Connection, Error> {
        Ok(RefCell::default())
    }

    fn execute(&self, on: &Self::Connection, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let mut result = self.ask(on, &[json!({"type": "execute", "stmt": statement(sql, parameters, true)})])?;
        let Json::Array(rows) = result["rows"].take() else {
            return Err(unavailable("an answer without rows".to_owned()));
        };
        rows.into_iter()
            .map(|row| {
                let Json::Array(values) = row else { return Err(unavailable("a row that is none".to_owned())) };
                values.iter().map(value).collect::<Result<_, _>>().map(Row)
            })
            .collect()
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

fn unavailable(reason: String) -> Error {
    Error::Unavailable(reason)
}

fn statement(sql: &str, parameters: &[Value], rows: bool) -> Json {
    let argument = |value: &Value| match value {
        Value::Null => json!({"type": "null"}),
        Value::Integer(integer) => json!({"type": "integer", "value": integer.to_string()}),
        Value::Real(real) => json!({"type": "float", "value": real}),
        Value::Text(text) => json!({"type": "text", "value": text}),
        Value::Blob(bytes) => json!({"type": "blob", "base64": STANDARD_NO_PAD.encode(bytes)}),
    };
    json!({"sql": sql, "args": parameters.iter().map(argument).collect::<Vec<_>>(), "want_rows": rows})
}

fn value(json: &Json) -> Result<Value, Error> {
    let text = |member: &str| json[member].as_str();
    let read = match json["type"].as_str() {
        Some("null") => Some(Value::Null),
        Some("integer") => text("value").and_then(|digits| digits.parse().ok()).map(Value::Integer),
        Some("float") => json["value"].as_f64().map(Value::Real),
        Some("text") => text("value").map(|text| Value::Text(text.to_owned())),
        // With or without padding, as servers differ.
        Some("blob") => {
            text("base64").and_then(|text| STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()).map(Value::Blob)
        }
        _ => None,
    };
    read.ok_or_else(|| unavailable("a value of an unknown kind".to_owned()))
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
        let sent = statement("SELECT 1", &values, true);
        let back: Vec<Value> = sent["args"].as_array().unwrap().iter().map(|json| value(json).unwrap()).collect();
        assert_eq!(back, values);
        assert_eq!(value(&json!({"type": "blob", "base64": "AP8="})), Ok(Value::Blob(vec![0, 255])));
        assert!(value(&json!({"type": "vector"})).is_err());
    }

    #[test]
    fn a_server_that_is_not_there_is_said_to_be() {
        let nobody = Libsql::new("http://127.0.0.1:1", "");
        assert!(
            matches!(nobody.execute("SELECT 1", &[]), Err(Error::Unavailable(reason)) if reason.contains("connect"))
        );
    }
}
