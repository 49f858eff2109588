//! A capability in a test: its routes over a real database in memory, with sessions, cookies and CSRF as in a component.
//!
//! ```no_run
//! # use web::{Capability, Route};
//! # const CAPABILITY: Capability = Capability::new("hello", "Bonjour", "/hello", 90);
//! # const ROUTES: &[Route] = &[];
//! let site = web::testing::Site::new(&CAPABILITY, ROUTES);
//! site.database().batch("INSERT INTO …").unwrap();
//! let visitor = site.sign_in("01J0000000000000000000MARC");
//! let page = visitor.get("/hello/monde");
//! assert_eq!(page.status(), 200);
//! let answer = visitor.post_form("/hello", &[("name", "monde")]);
//! ```

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header};
use store::{Database as _, params};

use crate::service::{Context, Service, Write};
use crate::session::{self, Session};
use crate::{Capability, MenuItem, Problem, Route};

/// A capability over a database and a session store in memory.
pub struct Site {
    service: Service,
    capability: &'static Capability,
    database: store::File,
    sessions: RefCell<BTreeMap<String, Vec<u8>>>,
    now: Cell<i64>,
    log: RefCell<Vec<String>>,
    sweeps: Cell<u32>,
    neighbours: Vec<MenuItem>,
    /// See [`crate::Exchange::public_url`].
    pub public_url: Option<String>,
}

/// A browser: keeps cookies, and sends the CSRF token with every form.
pub struct Visitor<'a> {
    site: &'a Site,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer(http::Response<Bytes>);

#[expect(clippy::expect_used, clippy::panic, reason = "a helper of tests: a failure is a failed test")]
impl Site {
    /// A site over an empty database of the newest schema; the clock stands at 1 October 2026, 8:00 in Paris.
    ///
    /// # Panics
    /// When the migrations do not run or two routes are in each other's way.
    #[must_use]
    pub fn new(capability: &'static Capability, routes: &'static [Route]) -> Self {
        let database = store::File::in_memory().expect("a database in memory");
        let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations");
        store::apply_migrations(&database, &migrations).expect("migrations run");
        Self {
            service: Service::new(capability, routes).expect("routes stand beside each other"),
            capability,
            database,
            sessions: RefCell::default(),
            now: Cell::new(1_790_834_400_000),
            log: RefCell::default(),
            sweeps: Cell::default(),
            neighbours: Vec::new(),
            public_url: None,
        }
    }

    /// The database, to fill and to look at.
    #[must_use]
    pub fn database(&self) -> &store::File {
        &self.database
    }

    /// Puts another capability in the menu, as if it were enabled (U-3).
    pub fn add_neighbour(&mut self, capability: &Capability) {
        self.neighbours.push(capability.item());
    }

    /// Adds an establishment of this UAI and name; its domain is `ent.test`.
    ///
    /// # Panics
    /// When it cannot be added.
    pub fn add_establishment(&self, uai: &str, name: &str) {
        let insert = "INSERT INTO establishment (uai, name, domain, created_at) VALUES (?, ?, 'ent.test', 0)";
        self.database.execute(insert, params![uai, name]).expect("an establishment");
    }

    /// Adds an activated person; her login is `first.last` in lower case, her roles those of her profile.
    ///
    /// # Panics
    /// When she cannot be added.
    pub fn add_person(&self, id: &str, uai: &str, profile: &str, first_name: &str, last_name: &str) {
        let login = format!("{first_name}.{last_name}").to_lowercase();
        let insert =
            "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address,
                password_hash, activated_at, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, lower(?4 || ' ' || ?5), ?6, ?6 || '@ent.test', 'none', 1, 0)";
        self.database.execute(insert, params![id, uai, profile, last_name, first_name, login]).expect("a person");
    }

    /// The instant of the next requests, in UTC milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now.get()
    }

    /// Moves the clock on.
    pub fn wait(&self, milliseconds: i64) {
        self.now.set(self.now.get() + milliseconds);
    }

    /// What was logged so far.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    /// How many sessions are kept.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.sessions.borrow().len()
    }

    /// How often the whole session store was looked through.
    #[must_use]
    pub fn sweeps(&self) -> u32 {
        self.sweeps.get()
    }

    /// A browser where nobody is signed in.
    #[must_use]
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor { site: self, cookies: RefCell::default() }
    }

    /// A browser where the person `id` is signed in.
    ///
    /// # Panics
    /// When there is no such person.
    #[must_use]
    pub fn sign_in(&self, id: &str) -> Visitor<'_> {
        let visitor = self.visitor();
        let token = self.token(id);
        visitor.cookies.borrow_mut().insert(session::COOKIE.to_owned(), token);
        visitor
    }

    /// A bearer token for the person `id`.
    ///
    /// # Panics
    /// When there is no such person.
    #[must_use]
    pub fn token(&self, id: &str) -> String {
        let row =
            self.database.first("SELECT session_epoch FROM person WHERE id = ?", params![id]).expect("a database");
        let Some(row) = row else { panic!("no person {id}") };
        let (token, session) = Session::begin(id, row.integer(0).expect("an epoch"), self.now()).expect("random bytes");
        let key = session::key(&token).expect("a token of ours");
        self.sessions.borrow_mut().insert(key, session.encode().expect("a session"));
        token
    }

    /// Any request.
    #[must_use]
    pub fn request(&self, request: Request<Bytes>) -> Answer {
        let (head, body) = request.into_parts();
        let plan = self.service.plan(&head);
        let failed = (body.len() > plan.body_limit).then(|| Problem::too_large(plan.body_limit));
        let session = plan.session_key().and_then(|key| self.sessions.borrow().get(&key).cloned());
        let mut menu = vec![self.capability.item()];
        menu.extend(self.neighbours.iter().cloned());
        let context = Context {
            session,
            db: &self.database,
            now: self.now(),
            menu: &menu,
            public_url: self.public_url.as_deref(),
        };
        let mut outcome = self.service.answer(plan, &Request::from_parts(head, body), failed, context);
        for write in outcome.writes {
            match write {
                Write::Set(key, value) => drop(self.sessions.borrow_mut().insert(key, value)),
                Write::Delete(key) => drop(self.sessions.borrow_mut().remove(&key)),
                Write::Sweep => {
                    if session::sweep_is_due(&self.database, self.now.get()).expect("a database") {
                        self.sweeps.set(self.sweeps.get() + 1);
                        self.sessions.borrow_mut().retain(|key, _| !session::is_stale(key, self.now.get()));
                    }
                }
            }
        }
        self.log.borrow_mut().extend(outcome.log);
        if let Some(pieces) = outcome.pieces {
            let body = (0..).map_while(|position| pieces.read(&self.database, position).expect("a piece"));
            *outcome.response.body_mut() = body.flatten().collect();
        }
        Answer(outcome.response)
    }
}

#[expect(clippy::expect_used, reason = "a helper of tests: a failure is a failed test")]
impl Visitor<'_> {
    /// Asks for a page or a resource.
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, Bytes::new())
    }

    /// Sends a form, with its CSRF token.
    #[must_use]
    pub fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        let csrf = self.csrf();
        fields.push(("csrf", &csrf));
        let body = serde_urlencoded::to_string(&fields).expect("a form");
        self.send("POST", path, Some("application/x-www-form-urlencoded"), Bytes::from(body))
    }

    /// Sends JSON, with the CSRF token in its header.
    #[must_use]
    pub fn json(&self, method: &str, path: &str, body: &serde_json::Value) -> Answer {
        self.send(method, path, Some("application/json"), Bytes::from(body.to_string()))
    }

    /// Sends any body.
    #[must_use]
    pub fn send(&self, method: &str, path: &str, content_type: Option<&str>, body: Bytes) -> Answer {
        // As a component sees it: an absolute URI, and no `Host`.
        let mut request = Request::builder().method(method).uri(format!("http://ent.test{path}"));
        let cookies: Vec<_> = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        if method != "GET" && content_type != Some("application/x-www-form-urlencoded") {
            request = request.header("x-csrf-token", self.csrf());
        }
        let answer = self.site.request(request.body(body).expect("a request"));
        self.keep_cookies(answer.0.headers());
        answer
    }

    /// The CSRF token of this browser's session; empty without one.
    #[must_use]
    pub fn csrf(&self) -> String {
        self.cookies.borrow().get(session::COOKIE).map_or_else(String::new, |token| session::csrf_token(token))
    }

    fn keep_cookies(&self, headers: &HeaderMap<HeaderValue>) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("a cookie of text");
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            let mut cookies = self.cookies.borrow_mut();
            if text.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// A header; empty when it is not there or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.0.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        self.0.body()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.0.body()).into_owned()
    }

    /// The body as JSON; null when it is not.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(self.0.body()).unwrap_or_default()
    }
}
