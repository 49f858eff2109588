//! The application: routes a request to its component and applies the limits.
//!
//! Invariants: a request that is not answered by a component is answered by a problem; at most `places` requests from
//! outside are inside at once, the others wait their turn; requests of the application to itself take no place, so they
//! cannot wait for one another.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::warn;
use wasmtime_wasi_http::WasiBody;

use super::handler::{About, Component};
use super::problem::Problem;
use super::{body, headers};
use crate::outbound::SelfDispatch;
use crate::routes::Router;

/// Where a request of the application to itself comes from, as in Spin.
const ITSELF: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// Limits of every request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most bytes of a body.
    pub body: u64,
    /// How long until the response starts.
    pub time: Duration,
    /// How many requests are inside at once.
    pub places: usize,
}

/// The application as the server sees it.
pub struct App {
    router: Router,
    components: Vec<Component>,
    limits: Limits,
    places: Arc<Semaphore>,
}

impl App {
    /// Makes it; the router's targets index `components`.
    #[must_use]
    pub fn new(router: Router, components: Vec<Component>, limits: Limits) -> Arc<Self> {
        Arc::new(Self { router, components, limits, places: Arc::new(Semaphore::new(limits.places)) })
    }

    /// The components, in the order of their routes' targets.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The routes and the ids of their components.
    pub fn routes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.router.iter().filter_map(|(p, t)| Some((p.raw.as_str(), self.components.get(t)?.config().id.as_str())))
    }

    /// Answers a request from outside.
    pub async fn answer(&self, request: Request<Incoming>, client: SocketAddr) -> Response<WasiBody> {
        let deadline = Instant::now() + self.limits.time;
        let head = request.method() == http::Method::HEAD;
        match tokio::time::timeout_at(deadline.into(), self.admit(request)).await {
            Ok(Ok((request, exceeded, place))) => {
                let response = self.route(request, client, About { deadline, depth: 0 }).await;
                if exceeded.load(Ordering::Relaxed) {
                    return Problem::TooLarge.response();
                }
                // The place of a streaming response stays taken until its end.
                if head || http_body::Body::size_hint(response.body()).exact().is_some() {
                    return response;
                }
                response.map(|body| body::Held { body, _place: place }.boxed_unsync())
            }
            Ok(Err(problem)) => problem.response(),
            Err(_) => Problem::Busy.response(),
        }
    }

    /// Takes the request's body under the limit, then a place.
    async fn admit(
        &self,
        request: Request<Incoming>,
    ) -> Result<(Request<WasiBody>, Arc<std::sync::atomic::AtomicBool>, OwnedSemaphorePermit), Problem> {
        let (parts, incoming) = request.into_parts();
        let length = body::announced(&parts.headers);
        if length.is_some_and(|length| length > self.limits.body) {
            body::discard(incoming, self.limits.body).await;
            return Err(Problem::TooLarge);
        }
        let (body, exceeded) =
            body::incoming(incoming, length, self.limits.body).await.map_err(|_| Problem::BadRequest)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Problem::Busy)?;
        Ok((Request::from_parts(parts, body), exceeded, place))
    }

    async fn route(&self, mut request: Request<WasiBody>, client: SocketAddr, about: About) -> Response<WasiBody> {
        if headers::complete_uri(&mut request).is_err() {
            return Problem::BadRequest.response();
        }
        let path = request.uri().path().to_owned();
        let Some(matched) = self.router.route(&path) else { return Problem::NotFound.response() };
        let Some(component) = self.components.get(matched.target) else { return Problem::NotFound.response() };
        headers::describe(&mut request, &matched, client);
        let response = match component.handle(about, request).await {
            Ok(response) => response,
            Err(problem) => return problem.response(),
        };
        match tokio::time::timeout_at(about.deadline.into(), body::gather(response)).await {
            Ok(Ok(response)) => response,
            Ok(Err(e)) => {
                warn!(component = component.config().id, error = %e, "A response broke off.");
                Problem::Failed.response()
            }
            Err(_) => Problem::TimedOut.response(),
        }
    }
}

impl SelfDispatch for App {
    fn dispatch(
        self: Arc<Self>,
        request: Request<WasiBody>,
        depth: u32,
    ) -> Pin<Box<dyn Future<Output = Response<WasiBody>> + Send>> {
        let deadline = Instant::now() + self.limits.time;
        Box::pin(async move { self.route(request, ITSELF, About { deadline, depth }).await })
    }
}
