//! Load by one thread of our own: 32 connections kept open, each asking its next question when the last is answered. The same
//! for both sides of a comparison, whatever their protocol; one thread, so that it takes little from the side that is measured.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, LocalSet};

const CONNECTIONS: usize = 32;
const SECONDS: u64 = 5;

/// What the bytes received so far are.
pub(crate) enum Received {
    /// Not all of the answer.
    Part,
    /// All of it; with the milliseconds the other side says it worked on it, where it says so.
    Whole(Option<f64>),
}

/// The two ends of a protocol: the bytes of question `number`, and what the bytes of an answer are.
pub(crate) trait Protocol {
    fn question(&self, number: usize) -> Vec<u8>;
    fn answer(&self, bytes: &[u8]) -> Result<Received>;
}

/// What one round gave.
pub(crate) struct Round {
    /// Answers a second.
    pub(crate) rate: f64,
    /// 99th percentile from question to answer, milliseconds.
    pub(crate) p99: f64,
    /// 99th percentile of what the other side says of itself; NaN where it says nothing.
    pub(crate) inside: f64,
}

/// One round against `address`.
pub(crate) fn run<P: Protocol + Clone + 'static>(address: &str, protocol: &P) -> Result<Round> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcomes = LocalSet::new().block_on(&runtime, async {
        let end = Instant::now() + Duration::from_secs(SECONDS);
        let mut connections = JoinSet::new();
        for number in 0..CONNECTIONS {
            connections.spawn_local(connection(address.to_owned(), protocol.clone(), number, end));
        }
        connections.join_all().await
    });
    let (mut whole, mut inside) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        for (time, said) in outcome? {
            whole.push(time);
            inside.extend(said);
        }
    }
    let rate = whole.len() as f64 / SECONDS as f64;
    Ok(Round { rate, p99: percentile(whole), inside: percentile(inside) })
}

async fn connection<P: Protocol>(
    address: String,
    protocol: P,
    mut number: usize,
    end: Instant,
) -> Result<Vec<(f64, Option<f64>)>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut times = Vec::new();
    let mut bytes = Vec::with_capacity(1 << 16);
    while Instant::now() < end {
        let begun = Instant::now();
        stream.write_all(&protocol.question(number)).await?;
        bytes.clear();
        let said = loop {
            if stream.read_buf(&mut bytes).await? == 0 {
                bail!("the connection was closed");
            }
            if let Received::Whole(said) = protocol.answer(&bytes)? {
                break said;
            }
        };
        times.push((begun.elapsed().as_secs_f64() * 1000.0, said));
        number += CONNECTIONS + 1;
    }
    Ok(times)
}

fn percentile(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * 99 / 100).copied().unwrap_or(f64::NAN)
}
