//! Load by threads of our own: 32 connections kept open, each asking its next question when the last is answered. The same
//! for both sides of a comparison, whatever their protocol.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

const CONNECTIONS: usize = 32;
const SECONDS: u64 = 5;

/// One answer: milliseconds the other side says it worked on it, where it says so.
pub(crate) struct Sample {
    pub(crate) inside: Option<f64>,
}

/// What one round gave.
pub(crate) struct Round {
    /// Answers a second.
    pub(crate) rate: f64,
    /// 99th percentile from question to answer, milliseconds.
    pub(crate) p99: f64,
    /// 99th percentile of [`Sample::inside`]; NaN where it is not said.
    pub(crate) inside: f64,
}

/// One round; `connect` is called for each connection with its number, `ask` with the number of the question.
pub(crate) fn run<C: Send>(
    connect: impl Fn() -> Result<C> + Sync,
    ask: impl Fn(&mut C, usize) -> Result<Sample> + Sync,
) -> Result<Round> {
    let start = Barrier::new(CONNECTIONS);
    let one = |number: usize| -> Result<(Vec<f64>, Vec<f64>)> {
        let connection = connect();
        start.wait();
        let mut connection = connection?;
        let (mut whole, mut inside) = (Vec::new(), Vec::new());
        let end = Instant::now() + Duration::from_secs(SECONDS);
        let mut question = number;
        while Instant::now() < end {
            let begun = Instant::now();
            let sample = ask(&mut connection, question)?;
            whole.push(begun.elapsed().as_secs_f64() * 1000.0);
            inside.extend(sample.inside);
            question += CONNECTIONS + 1;
        }
        Ok((whole, inside))
    };
    let outcomes = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|number| scope.spawn(move || one(number))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a connection ended badly"))?)
            .collect::<Result<Vec<_>>>()
    })?;
    let (mut whole, mut inside) = (Vec::new(), Vec::new());
    for (times, others) in outcomes {
        whole.extend(times);
        inside.extend(others);
    }
    let rate = whole.len() as f64 / SECONDS as f64;
    Ok(Round { rate, p99: percentile(whole), inside: percentile(inside) })
}

fn percentile(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * 99 / 100).copied().unwrap_or(f64::NAN)
}
