//! From a request to its answer, in two pure steps, so that the same code runs in a component and in a test: [`Service::plan`]
//! reads the head and says what is needed, [`Service::answer`] does the rest once the body and the session are there.

use bytes::Bytes;
use http::{HeaderValue, Request, header, request::Parts};
use percent_encoding::percent_decode_str;
use store::Database;

use crate::exchange::Opened;
use crate::pieces::Pieces;
use crate::response::SessionChange;
use crate::route::BODY_LIMIT;
use crate::session::{self, Bearer, Session};
use crate::{
    Access, Capability, Exchange, MenuItem, Method, Page, Problem, Response, Route, Viewer, flash_messages, guard,
};

/// A capability's routes, ready to be asked.
pub struct Service {
    capability: &'static Capability,
    router: matchit::Router<Vec<&'static Route>>,
    menu_path: String,
}

/// What the head of a request asks for.
pub struct Plan {
    target: Target,
    params: Vec<(String, String)>,
    presented: Option<(String, Bearer)>,
    /// The most bytes the body may have; over it the answer is [`Problem::too_large`].
    pub body_limit: usize,
}

enum Target {
    Route(&'static Route),
    Menu,
    Nothing(Problem),
}

/// What an answer needs beside the request.
pub struct Context<'a> {
    /// What is kept under [`Plan::session_key`].
    pub session: Option<Vec<u8>>,
    /// The database.
    pub db: &'a dyn Database,
    /// The instant of the request, in UTC milliseconds.
    pub now: i64,
    /// The capabilities that run.
    pub menu: &'a [MenuItem],
    /// See [`Exchange::public_url`].
    pub public_url: Option<&'a str>,
}

/// A change to make in the session store before the answer leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Keep `1` under `0`.
    Set(String, Vec<u8>),
    /// Forget what is under it.
    Delete(String),
    /// A session began: a good time to sweep those that are over ([`crate::session::is_stale`]).
    Sweep,
}

/// An answer, and what has to be done with it.
pub struct Outcome {
    /// To be sent as it is.
    pub response: http::Response<Bytes>,
    /// In place of its body, pieces to be read while they leave.
    pub(crate) pieces: Option<Pieces>,
    /// To be done before, in order.
    pub writes: Vec<Write>,
    /// To be logged.
    pub log: Option<String>,
}

impl Plan {
    /// Where the session of the request is kept, when the answer depends on it.
    #[must_use]
    pub fn session_key(&self) -> Option<String> {
        self.presented.as_ref().and_then(|(token, _)| session::key(token))
    }

    /// Whether the answer may show the menu.
    #[must_use]
    pub fn shows_menu(&self) -> bool {
        match self.target {
            Target::Route(route) => route.access != Access::Open && !route.is_api(),
            Target::Menu => false,
            Target::Nothing(_) => self.presented.is_some(),
        }
    }
}

impl Service {
    /// # Errors
    /// When two routes cannot stand beside each other; names them.
    pub fn new(capability: &'static Capability, routes: &'static [Route]) -> Result<Self, String> {
        let mut router: matchit::Router<Vec<&'static Route>> = matchit::Router::new();
        for route in routes {
            match router.at_mut(route.path) {
                // The very same path, asked by another method.
                Ok(matched) if matched.value.iter().any(|other| other.path == route.path) => matched.value.push(route),
                _ => {
                    router.insert(route.path, vec![route]).map_err(|error| format!("route {}: {error}", route.path))?
                }
            }
        }
        Ok(Self { capability, router, menu_path: format!("/{}/menu", capability.id) })
    }

    /// What the head of a request asks for.
    #[must_use]
    pub fn plan(&self, head: &Parts) -> Plan {
        let (target, params) = self.target(head);
        let (looks_at_session, body_limit) = match &target {
            Target::Route(route) => (route.access != Access::Open, route.body_limit),
            Target::Menu => (false, BODY_LIMIT),
            Target::Nothing(_) => (true, BODY_LIMIT),
        };
        let presented = if looks_at_session { session::presented(&head.headers) } else { None };
        Plan { target, params, presented, body_limit }
    }

    fn target(&self, head: &Parts) -> (Target, Vec<(String, String)>) {
        let path = head.uri.path();
        let method = Method::of(&head.method);
        if path == self.menu_path && method == Some(Method::Get) {
            return (Target::Menu, Vec::new());
        }
        let Ok(matched) = self.router.at(path) else { return (Target::Nothing(Problem::not_found()), Vec::new()) };
        let Some(route) = matched.value.iter().find(|route| Some(route.method) == method) else {
            let allow = matched.value.iter().map(|route| route.method.as_str()).collect::<Vec<_>>().join(", ");
            return (Target::Nothing(Problem::method_not_allowed(&allow)), Vec::new());
        };
        let decoded = matched.params.iter().map(|(name, value)| {
            percent_decode_str(value).decode_utf8().map(|value| (name.to_owned(), value.into_owned()))
        });
        match decoded.collect() {
            Ok(params) => (Target::Route(route), params),
            Err(_) => (Target::Nothing(Problem::malformed("L’adresse n’est pas de l’UTF-8.")), Vec::new()),
        }
    }

    /// Answers a request whose body is whole, or for which `request` is an error.
    #[must_use]
    pub fn answer(
        &self,
        plan: Plan,
        request: &Request<Bytes>,
        failed: Option<Problem>,
        context: Context<'_>,
    ) -> Outcome {
        if matches!(plan.target, Target::Menu) {
            let answer = Response::json(&self.capability.item()).unwrap_or_else(|problem| Response::problem(&problem));
            let length = answer.body.len() as u64;
            return Outcome { response: finish(answer, length, None), pieces: None, writes: Vec::new(), log: None };
        }
        let mut exchange = Exchange {
            request,
            params: plan.params,
            db: context.db,
            now: context.now,
            opened: None,
            viewer: None,
            flash_messages: Vec::new(),
            capability: self.capability,
            menu: context.menu,
            public_url: context.public_url,
            form: std::cell::OnceCell::new(),
        };
        let mut writes = Vec::new();
        let asked = match plan.target {
            Target::Route(route) => route.path,
            Target::Menu | Target::Nothing(_) => "no route",
        };
        let result = recognise(&mut exchange, plan.presented.clone(), context.session, &mut writes)
            .and_then(|()| failed.map_or(Ok(()), Err))
            .and_then(|()| match plan.target {
                Target::Route(route) => dispatch(route, &exchange),
                Target::Nothing(problem) => Err(problem),
                Target::Menu => Err(Problem::not_found()),
            })
            .map_err(|problem| if request.method().is_safe() { problem } else { problem.doubtful() });
        let log = result.as_ref().err().and_then(|problem| log_line(problem, &exchange, asked));
        let mut answer = result.unwrap_or_else(|problem| show(&problem, &exchange));
        change_session(&mut answer, &exchange, &mut writes);
        // A cookie that opens nothing any more would be sent for ever.
        let dead = matches!(plan.presented, Some((_, Bearer::Cookie))) && exchange.opened.is_none();
        if dead && matches!(answer.session, SessionChange::Keep) {
            answer = answer.cookie(&session::no_session_cookie());
        }
        let pieces = answer.pieces.take();
        let length = pieces.as_ref().map_or(answer.body.len() as u64, |pieces| pieces.length);
        Outcome { response: finish(answer, length, Some(&exchange)), pieces, writes, log }
    }
}

/// Finds out who is asking.
fn recognise(
    exchange: &mut Exchange<'_>,
    presented: Option<(String, Bearer)>,
    kept: Option<Vec<u8>>,
    writes: &mut Vec<Write>,
) -> Result<(), Problem> {
    let Some((token, bearer)) = presented else { return Ok(()) };
    let Some(key) = session::key(&token) else { return Ok(()) };
    let Some(kept) = kept else { return Ok(()) };
    let session = Session::decode(&kept).filter(|session| !session.is_over(exchange.now));
    let viewer = match &session {
        Some(session) => {
            let flash_at = flash_messages::shown_at(exchange);
            Viewer::load_with_flash(exchange.db, &session.person_id, session.epoch, flash_at)?
        }
        None => None,
    };
    let (Some(session), Some((viewer, flash_messages))) = (session, viewer) else {
        writes.push(Write::Delete(key));
        return Ok(());
    };
    // What a page asks on its own (the unread count) is no use by its owner, and must not keep the session alive.
    let background = exchange.header("x-background").is_some();
    if let Some(touched) = session.touched(exchange.now).filter(|_| !background) {
        writes.push(Write::Set(key, touched.encode()?));
    }
    exchange.viewer = Some(viewer);
    exchange.flash_messages = flash_messages;
    exchange.opened = Some(Opened { token, bearer, session });
    Ok(())
}

fn dispatch(route: &Route, exchange: &Exchange<'_>) -> Result<Response, Problem> {
    match route.access {
        Access::Open | Access::Anyone => {}
        Access::SignedIn => drop(exchange.viewer()?),
        Access::LocalAdmin if !exchange.viewer()?.is_local_admin() => {
            return Err(Problem::forbidden("Cette page est réservée aux administrateurs de l’établissement."));
        }
        Access::LocalAdmin => {}
    }
    if !route.method.is_safe() {
        guard::check(exchange)?;
    }
    (route.handler)(exchange)
}

/// A problem as the asker can use it: JSON, a page, or the way to the sign-in.
fn show(problem: &Problem, exchange: &Exchange<'_>) -> Response {
    let wants_json = exchange.header("accept").is_some_and(|accept| accept.contains("json"));
    let mut answer = if exchange.is_api() || wants_json {
        Response::problem(problem)
    } else if problem.code == "unauthenticated" && exchange.request.method() == http::Method::GET {
        let next = crate::url_escape(exchange.path_and_query());
        return Response::see_other(&format!("/session/sign-in?next={next}"));
    } else {
        Page::problem(problem).render(exchange).status(problem.status)
    };
    if let Some(seconds) = problem.retry_after {
        answer = answer.header(header::RETRY_AFTER, &seconds.to_string());
    }
    if problem.status == http::StatusCode::UNAUTHORIZED {
        answer = answer.header(header::WWW_AUTHENTICATE, "Bearer");
    }
    match problem.extra.get("allow").and_then(serde_json::Value::as_str) {
        Some(allow) if problem.status == http::StatusCode::METHOD_NOT_ALLOWED => answer.header(header::ALLOW, allow),
        _ => answer,
    }
}

/// One readable line for what is our fault, and nothing about what was sent: of the path only the pattern, since some paths are
/// private links.
fn log_line(problem: &Problem, exchange: &Exchange<'_>, asked: &str) -> Option<String> {
    problem.status.is_server_error().then(|| {
        format!(
            "{} could not answer a request: {}. code={} status={} method={} route={asked}",
            exchange.capability.id,
            problem.cause.as_deref().unwrap_or("no cause given"),
            problem.code,
            problem.status.as_u16(),
            exchange.request.method(),
        )
    })
}

fn change_session(answer: &mut Response, exchange: &Exchange<'_>, writes: &mut Vec<Write>) {
    let old = exchange.opened.as_ref().and_then(|opened| session::key(&opened.token));
    match answer.session.clone() {
        SessionChange::Keep => {}
        SessionChange::Start { token, session, cookie } => {
            // The session before, if any, ends: a token is never carried over from one person to the next.
            writes.extend(old.filter(|_| cookie).map(Write::Delete));
            match (session::key(&token), session.encode()) {
                (Some(key), Ok(kept)) => writes.push(Write::Set(key, kept)),
                _ => *answer = Response::problem(&Problem::internal("a session could not be written")),
            }
            writes.push(Write::Sweep);
            if cookie {
                *answer = answer.clone().cookie(&session::session_cookie(&token));
            }
        }
        SessionChange::End => {
            writes.extend(old.map(Write::Delete));
            *answer = answer.clone().cookie(&session::no_session_cookie());
        }
    }
}

/// The headers every answer has, and its length.
fn finish(mut answer: Response, length: u64, exchange: Option<&Exchange<'_>>) -> http::Response<Bytes> {
    let is_page =
        answer.headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_page && exchange.is_some_and(|exchange| exchange.flash().is_some()) {
        answer = answer.cookie(&session::no_flash_cookie());
    }
    // The body of an answer to HEAD as well: the server holds it back, and would take a length without it for a mistake.
    let mut response = http::Response::new(answer.body);
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    *headers = answer.headers;
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if answer.status != http::StatusCode::NO_CONTENT {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}
