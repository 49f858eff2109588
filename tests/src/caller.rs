//! HTTP as one person: JSON API by bearer token.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Caller {
    agent: ureq::Agent,
    url: String,
    token: Option<String>,
    /// ULID of the person signed in; empty without a session.
    pub id: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Content-Type.
    pub media_type: String,
    /// Location; empty without a redirection.
    pub location: String,
    /// Body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is not.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The stable code of a problem (RFC 9457), checked to be one.
    ///
    /// # Errors
    /// When this is no problem+json.
    pub fn code(&self) -> Result<String> {
        if self.media_type != "application/problem+json" {
            bail!("status {} with {}: {}", self.status, self.media_type, self.text());
        }
        self.json()["code"].as_str().map(str::to_owned).context("a problem without code")
    }

    /// The JSON of a success.
    ///
    /// # Errors
    /// When the status is not 2xx.
    pub fn ok(&self) -> Result<Value> {
        if !(200..300).contains(&self.status) {
            bail!("status {}: {}", self.status, self.text());
        }
        Ok(self.json())
    }
}

impl Caller {
    pub(crate) fn new(url: &str) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        Self { agent, url: url.to_owned(), token: None, id: String::new() }
    }

    pub(crate) fn sign_in(mut self, login: &str, password: &str) -> Result<Self> {
        let session = self.post("/api/v1/session", &json!({"login": login, "password": password}))?.ok()?;
        self.token = Some(session["token"].as_str().context("no token")?.to_owned());
        self.id = session["person"]["id"].as_str().context("no person")?.to_owned();
        Ok(self)
    }

    /// The bearer token of the session.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// GET
    ///
    /// # Errors
    /// When there is no answer.
    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[], Vec::new())
    }

    /// POST of JSON.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send("POST", path, &[("content-type", "application/json")], serde_json::to_vec(body)?)
    }

    /// Any request, with headers of its own.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Result<Answer> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(body)?)?;
        let header =
            |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (media_type, location) = (header("content-type"), header("location"));
        let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        Ok(Answer { status: response.status().as_u16(), media_type, location, bytes })
    }
}
