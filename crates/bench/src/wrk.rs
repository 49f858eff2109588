//! Load by wrk (Debian): one thread, 32 connections kept open.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// What one round gave.
pub(crate) struct Round {
    /// Requests a second.
    pub(crate) rate: f64,
    /// 99th percentile of the latency, milliseconds.
    pub(crate) p99: f64,
}

/// Three seconds against `url`.
pub(crate) fn run(url: &str) -> Result<Round> {
    let output = Command::new("wrk")
        .args(["-t1", "-c32", "-d3s", "--latency", url])
        .output()
        .context("wrk is not installed: apt-get install wrk")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        bail!("{url}: {text}");
    }
    let after =
        |label: &str| text.lines().find_map(|line| line.trim().strip_prefix(label)).map(|rest| rest.trim().to_owned());
    let rate = after("Requests/sec:").and_then(|rate| rate.parse().ok()).context("wrk gave no rate")?;
    let p99 = after("99%").as_deref().and_then(milliseconds).context("wrk gave no latency")?;
    Ok(Round { rate, p99 })
}

fn milliseconds(text: &str) -> Option<f64> {
    let (number, factor) = if let Some(number) = text.strip_suffix("us") {
        (number, 0.001)
    } else if let Some(number) = text.strip_suffix("ms") {
        (number, 1.0)
    } else {
        (text.strip_suffix('s')?, 1000.0)
    };
    number.parse::<f64>().ok().map(|number| number * factor)
}
