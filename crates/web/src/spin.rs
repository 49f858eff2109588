//! The only part that knows Spin: reads the body and the session, asks [`Service`], writes the session, answers.
//!
//! Statics of an instance hold nothing of anybody: the routes, the menu, the address of the service.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{HeaderValue, Request};
use http_body_util::BodyExt as _;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::key_value::Store;
use spin_sdk::wasip3::http_compat::IncomingRequestBody;

use crate::pieces::Body;
use crate::service::{Context, Service, Write};
use crate::session::{is_stale, sweep_failed, sweep_is_due};
use crate::{Capability, MenuItem, Problem, Response, Route, menu};

static SERVICE: OnceLock<Result<Service, String>> = OnceLock::new();
static PUBLIC_URL: OnceLock<Option<String>> = OnceLock::new();
static MENU: Mutex<Option<Menu>> = Mutex::new(None);

/// Milliseconds after which a menu is asked for again when a neighbour did not answer: one minute.
const MENU_RETRY: i64 = 60_000;
/// The most sessions that one sweep forgets: somebody waits for her sign-in. The next one goes on.
const MOST_SWEPT: usize = 5000;
/// The most bytes of a neighbour's menu entry.
const MENU_LIMIT: usize = 4096;

#[derive(Clone)]
struct Menu {
    items: Vec<MenuItem>,
    /// Every neighbour answered, if only that it is not there.
    complete: bool,
    asked_at: i64,
}

/// Serves one request from `routes`; [`crate::component!`] makes the entry of the component of it.
pub async fn serve(
    request: Request<IncomingRequestBody>,
    capability: &'static Capability,
    routes: &'static [Route],
) -> http::Response<Body> {
    let service = match SERVICE.get_or_init(|| Service::new(capability, routes)) {
        Ok(service) => service,
        Err(reason) => return failure(capability, &Problem::internal(reason.as_str())),
    };
    let (head, body) = request.into_parts();
    let plan = service.plan(&head);
    let safe = head.method.is_safe();
    let (body, failed) = match read(body, plan.body_limit).await {
        Ok(body) => (body, None),
        Err(problem) => (Bytes::new(), Some(problem)),
    };
    let now = now();
    let session = match plan.session_key() {
        Some(key) => match kept(&key).await {
            Ok(session) => session,
            Err(problem) => return failure(capability, &problem),
        },
        None => None,
    };
    let menu = if plan.shows_menu() { menu(capability, now).await } else { Vec::new() };
    let public_url = public_url().await;
    let context = Context { session, db: &store::Spin, now, menu: &menu, public_url };
    let begun = Instant::now();
    let mut outcome = service.answer(plan, &Request::from_parts(head, body), failed, context);
    // How long the component itself worked, for whoever wonders where the time goes (Server-Timing, W3C).
    let worked = format!("app;dur={:.2}", begun.elapsed().as_secs_f64() * 1000.0);
    if let Ok(worked) = HeaderValue::try_from(worked) {
        outcome.response.headers_mut().insert("server-timing", worked);
    }
    if let Some(line) = outcome.log {
        eprintln!("{line}");
    }
    for write in outcome.writes {
        if let Err(problem) = apply(write, now).await {
            return failure(capability, &if safe { problem } else { problem.doubtful() });
        }
    }
    let pieces = outcome.pieces;
    outcome.response.map(|body| match pieces {
        Some(pieces) => Body::Pieces { pieces, position: 0 },
        None => Body::Whole(Some(body)),
    })
}

/// The answer when there is not even enough to show a page.
fn failure(capability: &Capability, problem: &Problem) -> http::Response<Body> {
    let (id, status, cause) = (capability.id, problem.status.as_u16(), problem.cause.as_deref().unwrap_or_default());
    eprintln!("{id} could not answer a request: {cause}. code={} status={status}", problem.code);
    let answer = Response::problem(problem);
    let mut response = http::Response::new(Body::Whole(Some(answer.body)));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

async fn read(mut body: IncomingRequestBody, limit: usize) -> Result<Bytes, Problem> {
    let (mut whole, mut too_large) = (Vec::new(), false);
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|error| Problem::malformed("L’envoi a été interrompu.").because(error.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        // What is too much is read on and dropped, up to the host's own limit: a client that is still sending would see
        // its connection break instead of the answer.
        too_large |= whole.len() + data.len() > limit;
        if too_large {
            whole = Vec::new();
        } else {
            whole.extend_from_slice(&data);
        }
    }
    if too_large { Err(Problem::too_large(limit)) } else { Ok(Bytes::from(whole)) }
}

async fn sessions() -> Result<Store, Problem> {
    Store::open_default().await.map_err(|error| Problem::unavailable(format!("session store: {error}")))
}

async fn kept(key: &str) -> Result<Option<Vec<u8>>, Problem> {
    let read = sessions().await?.get(key).await;
    read.map_err(|error| Problem::unavailable(format!("session store: {error}")))
}

async fn apply(write: Write, now: i64) -> Result<(), Problem> {
    let done = match write {
        Write::Set(key, value) => sessions().await?.set(key, value).await,
        Write::Delete(key) => sessions().await?.delete(key).await,
        Write::Sweep => {
            // Whoever signs in is signed in all the same.
            if let Err(problem) = sweep(now).await {
                eprintln!("Old sessions could not be swept: {}.", problem.cause.as_deref().unwrap_or_default());
            }
            return Ok(());
        }
    };
    done.map_err(|error| Problem::unavailable(format!("session store: {error}")))
}

/// Forgets sessions that nobody can use any more: key-value stores have no expiry of their own.
async fn sweep(now: i64) -> Result<(), Problem> {
    if !sweep_is_due(&store::Spin, now)? {
        return Ok(());
    }
    let swept = forget_stale(now).await;
    if swept.is_err() {
        sweep_failed(&store::Spin)?;
    }
    swept
}

async fn forget_stale(now: i64) -> Result<(), Problem> {
    let store = sessions().await?;
    let keys = store.get_keys().await.collect().await;
    let keys = keys.map_err(|error| Problem::unavailable(format!("session store: {error}")))?;
    for key in keys.iter().filter(|key| is_stale(key, now)).take(MOST_SWEPT) {
        store.delete(key).await.map_err(|error| Problem::unavailable(format!("session store: {error}")))?;
    }
    Ok(())
}

async fn menu(capability: &Capability, now: i64) -> Vec<MenuItem> {
    let known = MENU.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(menu) = known.filter(|menu| menu.complete || now - menu.asked_at < MENU_RETRY) {
        return menu.items;
    }
    let answers = join_all(menu::KNOWN.iter().filter(|id| **id != capability.id).map(|id| ask(id))).await;
    let complete = answers.iter().all(Result::is_ok);
    let mut items: Vec<MenuItem> = answers.into_iter().filter_map(|answer| answer.ok().flatten()).collect();
    items.push(capability.item());
    let items = menu::arrange(items);
    let fresh = Menu { items: items.clone(), complete, asked_at: now };
    *MENU.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
    items
}

/// The menu entry of capability `id`; none when it does not run; an error when there is no telling.
async fn ask(id: &str) -> Result<Option<MenuItem>, ()> {
    // `self.alt` is Spin's name for "this application" where a host name is needed; it obeys `http://self` in
    // `allowed_outbound_hosts`.
    let response = spin_sdk::http::get(format!("http://self.alt/{id}/menu")).await.map_err(drop)?;
    if response.status() == http::StatusCode::NOT_FOUND {
        return Ok(None);
    }
    if !response.status().is_success() {
        return Err(());
    }
    let body = response.into_body().bytes().await.map_err(drop)?;
    if body.len() > MENU_LIMIT {
        return Err(());
    }
    serde_json::from_slice::<MenuItem>(&body).map(|item| Some(item).filter(|item| item.id == id)).map_err(drop)
}

async fn public_url() -> Option<&'static str> {
    if PUBLIC_URL.get().is_none() {
        let read = spin_sdk::variables::get("public_url").await.ok();
        let url = read.map(|url| url.trim_end_matches('/').to_owned()).filter(|url| url.starts_with("http"));
        // Another request of this instance may have been first; it read the same.
        let _ = PUBLIC_URL.set(url);
    }
    PUBLIC_URL.get().and_then(Option::as_deref)
}

fn now() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}
