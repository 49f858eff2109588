//! The cron trigger: calls a component's `handle-cron-event` on a schedule.
//!
//! What it calls, as published by `fermyon/spin-trigger-cron`: package `fermyon:spin-cron@2.0.0`, world `spin-cron`.
//! The export is a plain function of the world, `handle-cron-event: func(metadata) -> result<_, error>`, and its types
//! come from the interface `fermyon:spin-cron/cron-types@2.0.0` (types only): `metadata` is `{ timestamp: u64 }` in
//! seconds of Unix time, `error` is `other(string)`.
//!
//! Invariants: one fresh instance per fire, as in Spin; fires do not wait for each other; the schedule is in UTC and
//! nothing missed is caught up. It must not log what a component returns beyond its error text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};
use wasmtime::component::{ComponentType, InstancePre, Lift, Lower};

use crate::engine;
use crate::guest::{Guest, GuestConfig};

/// The export every cron component must have.
pub const EXPORT: &str = "handle-cron-event";

/// Reads a cron expression of six fields, seconds first, with the parser and the settings of Spin's cron plug-in: day of month and
/// day of week must both match, 0 and 7 are Sunday, and a year is refused.
///
/// # Errors
/// Says what is wrong with it.
pub fn parse(expression: &str) -> Result<Cron, String> {
    let fields = expression.split_whitespace().count();
    if fields != 6 {
        return Err(format!("\"{expression}\" has {fields} fields; write six, seconds first, such as \"0 * * * * *\""));
    }
    let parser = CronParser::builder().seconds(Seconds::Required).year(Year::Disallowed).dom_and_dow(true).build();
    parser.parse(expression).map_err(|e| format!("\"{expression}\" is not a schedule: {e}"))
}

#[derive(Debug, Clone, Copy, ComponentType, Lower)]
#[component(record)]
struct Metadata {
    timestamp: u64,
}

#[derive(Debug, ComponentType, Lift)]
#[component(variant)]
enum CronError {
    #[component(name = "other")]
    Other(String),
}

/// One scheduled component, ready to run.
pub struct Job {
    /// The component's id.
    pub component: String,
    /// When it runs.
    pub schedule: Cron,
    /// The linked component.
    pub pre: InstancePre<Guest>,
    /// What it is given.
    pub config: Arc<GuestConfig>,
    /// How long one call may take.
    pub limit: Duration,
}

impl Job {
    /// Waits for each time of the schedule and fires, until `stop`; calls run on `tracker`.
    pub async fn run(self: Arc<Self>, stop: CancellationToken, tracker: TaskTracker) {
        let mut last = Utc::now();
        loop {
            let Ok(next) = self.schedule.find_next_occurrence(&last, false) else {
                info!(component = self.component, "The schedule has no further time.");
                return;
            };
            if !sleep_until(next, &stop).await {
                return;
            }
            last = next.max(Utc::now());
            let job = Arc::clone(&self);
            tracker.spawn(async move { job.fire(next.timestamp()).await });
        }
    }

    /// Calls the component once and logs how it went. `timestamp` is in seconds of Unix time.
    pub async fn fire(&self, timestamp: i64) {
        let started = Instant::now();
        let timestamp = u64::try_from(timestamp).unwrap_or_default();
        let outcome = tokio::time::timeout(self.limit, self.call(timestamp)).await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let component = self.component.as_str();
        match outcome {
            Ok(Ok(Ok(()))) => info!(component, ms, "The scheduled call succeeded."),
            Ok(Ok(Err(CronError::Other(why)))) => warn!(component, ms, why, "The scheduled call reported an error."),
            Ok(Err(e)) => error!(component, ms, error = %e.root_cause(), "The scheduled call trapped."),
            Err(_) => error!(component, ms, "The scheduled call was stopped: it took too long."),
        }
    }

    async fn call(&self, timestamp: u64) -> wasmtime::Result<Result<(), CronError>> {
        let mut store = engine::store(self.pre.engine(), Arc::clone(&self.config))?;
        store.data_mut().deadline = Some(Instant::now() + self.limit);
        let instance = self.pre.instantiate_async(&mut store).await?;
        let function = instance.get_typed_func::<(Metadata,), (Result<(), CronError>,)>(&mut store, EXPORT)?;
        // `call_async` takes exports that are sync and those that are async by type alike.
        let (result,) = function.call_async(&mut store, (Metadata { timestamp },)).await?;
        Ok(result)
    }
}

/// Sleeps until a wall-clock time, in steps, so that a suspended machine or a changed clock is noticed within a
/// minute. False when asked to stop.
async fn sleep_until(at: chrono::DateTime<Utc>, stop: &CancellationToken) -> bool {
    loop {
        let Ok(left) = (at - Utc::now()).to_std() else { return !stop.is_cancelled() };
        tokio::select! {
            () = stop.cancelled() => return false,
            () = tokio::time::sleep(left.min(Duration::from_secs(60))) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_fields_seconds_first() {
        let now: chrono::DateTime<Utc> = "2026-11-22T12:00:31Z".parse().unwrap();
        let next = |expression| parse(expression).unwrap().find_next_occurrence(&now, false).unwrap().to_rfc3339();
        assert_eq!(next("30 0 12 * * *"), "2026-11-23T12:00:30+00:00");
        assert_eq!(next("*/10 * * * * *"), "2026-11-22T12:00:40+00:00");
        // The 22nd of November 2026 is a Sunday.
        assert_eq!(next("0 0 6 * * 0"), "2026-11-29T06:00:00+00:00");
        assert!(parse("0 0 12 * * * 2030").unwrap_err().contains("7 fields"));
        assert!(parse("* * * * *").unwrap_err().contains("5 fields"));
        assert!(parse("0 61 * * * *").is_err());
    }
}
