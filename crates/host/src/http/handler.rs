//! Running a component's `wasi:http/handler@0.3.0` with reused instances.
//!
//! An instance takes one request at a time by default, and up to 128 in its life. One at a time because a handler may
//! call the synchronous functions of `spin:sqlite`, which hold the whole instance: a neighbour in the same instance
//! would wait for a query that is not its own. Requests that find no free instance get a fresh one.
//!
//! Two watches bound a request: a timer beside the guest (`on_request_start`), and one outside it (`Expiry`) for guests
//! that never give way.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::time::Sleep;
use tracing::{debug, error};
use wasmtime::component::GuestTaskId;
use wasmtime::{Engine, Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::handler::{
    ExpirationError, HandlerState, Instance, InstantiationError, ProxyHandler, ProxyPre, Request, Response,
    ShouldAccept, TrapOrPanicError, WorkerExpiration, WorkerState, WorkerStatus,
};

use super::problem::Problem;
use crate::engine;
use crate::guest::{Guest, GuestConfig};

/// How instances are reused and bounded.
#[derive(Debug, Clone, Copy)]
pub struct Reuse {
    /// Requests an instance serves in its life.
    pub count: usize,
    /// Requests an instance serves at once.
    pub concurrent: usize,
    /// How long an idle instance is kept.
    pub idle: Duration,
    /// How long a request may take until its response starts.
    pub request: Duration,
    /// How long an instance may go on after that: streams, work left behind.
    pub afterwards: Duration,
}

/// A component that answers HTTP.
pub struct Component(ProxyHandler<State>);

/// What a request brings besides itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) deadline: Instant,
    pub(super) depth: u32,
}

struct State {
    engine: Engine,
    pre: ProxyPre<Guest>,
    config: Arc<GuestConfig>,
    reuse: Reuse,
}

impl Component {
    /// Makes it from a linked component.
    #[must_use]
    pub fn new(engine: Engine, pre: ProxyPre<Guest>, config: Arc<GuestConfig>, reuse: Reuse) -> Self {
        Self(ProxyHandler::new(State { engine, pre, config, reuse }))
    }

    /// What the component was granted.
    #[must_use]
    pub fn config(&self) -> &Arc<GuestConfig> {
        &self.0.state().config
    }

    /// Handles one request. When no instance can be made for lack of room it tries again until the deadline.
    pub(super) async fn handle(&self, about: About, mut request: Request) -> Result<Response, Problem> {
        let mut pause = Duration::from_millis(1);
        loop {
            let failure = match self.0.handle(about, request).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            let late = Instant::now() + pause >= about.deadline;
            match failure.downcast::<InstantiationError<About>>() {
                Ok(refused) if !late && full(&refused.error) => {
                    request = refused.request.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_millis(50));
                }
                Ok(refused) => {
                    let component = self.config().id.as_str();
                    error!(component, error = format!("{:#}", refused.error), "No instance could be made.");
                    return Err(if full(&refused.error) { Problem::Busy } else { Problem::Failed });
                }
                Err(failure) if late || failure.is::<ExpirationError>() => {
                    error!(component = self.config().id, "A request was given up: it took too long.");
                    return Err(Problem::TimedOut);
                }
                Err(failure) => {
                    // A trap was logged by the instance it stopped.
                    if !failure.is::<TrapOrPanicError>() {
                        error!(component = self.config().id, error = %failure.root_cause(), "A request failed.");
                    }
                    return Err(Problem::Failed);
                }
            }
        }
    }
}

/// Whether the pool of instances is exhausted, which passes.
fn full(error: &wasmtime::Error) -> bool {
    error.is::<wasmtime::PoolConcurrencyLimitError>()
}

impl HandlerState for State {
    type StoreData = Guest;
    type WorkerExpiration = Expiry;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<Guest, Expiry, Worker>> {
        let mut store = engine::store(&self.engine, Arc::clone(&self.config))?;
        let proxy = self.pre.instantiate_async(&mut store).await?;
        Ok(Instance {
            store,
            proxy,
            view: |guest| guest.http(),
            expiration: Expiry { reuse: self.reuse, sleep: Box::pin(tokio::time::sleep(self.reuse.idle)) },
            state: Worker { reuse: self.reuse },
        })
    }
}

struct Worker {
    reuse: Reuse,
}

impl WorkerState for Worker {
    type StoreData = Guest;
    type RequestData = About;

    fn should_accept_request(&self, concurrent_count: usize, total_count: usize) -> ShouldAccept {
        if total_count >= self.reuse.count {
            ShouldAccept::Never
        } else if concurrent_count >= self.reuse.concurrent {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        mut store: StoreContextMut<'_, Guest>,
        about: About,
        _task: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        let guest = store.data_mut();
        guest.deadline = Some(about.deadline);
        guest.set_depth(about.depth);
        Box::pin(tokio::time::sleep_until(about.deadline.into()))
    }

    fn drop(&self, store: Store<Guest>, result: Result<(), wasmtime::Error>) {
        let Err(failure) = result else { return };
        let guest = store.data();
        let component = guest.config.id.as_str();
        if guest.memory.refused {
            error!(component, limit = guest.config.memory, "An instance was stopped: it asked for too much memory.");
        } else {
            error!(component, error = %failure.root_cause(), "An instance was stopped.");
            debug!(component, trace = format!("{failure:?}"), "Where it was stopped.");
        }
    }
}

/// Ends an instance that is idle, or whose last request is over time.
struct Expiry {
    reuse: Reuse,
    sleep: Pin<Box<Sleep>>,
}

impl WorkerExpiration for Expiry {
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>, state: WorkerStatus, start: Instant) -> Poll<()> {
        let limit = match state {
            WorkerStatus::Idle => self.reuse.idle,
            // A little later than the timer beside the guest, which gives a better error.
            WorkerStatus::Requests => self.reuse.request + Duration::from_millis(100),
            WorkerStatus::PostReturn => self.reuse.afterwards,
        };
        let end = tokio::time::Instant::from_std(start + limit);
        if self.sleep.deadline() != end {
            self.sleep.as_mut().reset(end);
        }
        self.sleep.as_mut().poll(cx)
    }
}
