//! One figure beside its peer.

use serde::Serialize;

/// A line of the table and of `target/bench.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    name: &'static str,
    value: f64,
    unit: &'static str,
    peer: &'static str,
    peer_value: f64,
    ratio: f64,
}

impl Row {
    /// A rate: more is better.
    pub(crate) fn more(
        name: &'static str,
        value: f64,
        unit: &'static str,
        peer: &'static str,
        peer_value: f64,
    ) -> Self {
        Self { name, value, unit, peer, peer_value, ratio: value / peer_value }
    }

    /// A duration or a size: less is better.
    pub(crate) fn less(
        name: &'static str,
        value: f64,
        unit: &'static str,
        peer: &'static str,
        peer_value: f64,
    ) -> Self {
        Self { name, value, unit, peer, peer_value, ratio: peer_value / value }
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!("{:<26} {:>12} {:<12} {:<34} {:>12} {:>7}", "name", "value", "unit", "peer", "peer value", "ratio");
    for row in rows {
        println!(
            "{:<26} {:>12.1} {:<12} {:<34} {:>12.1} {:>7.2}",
            row.name, row.value, row.unit, row.peer, row.peer_value, row.ratio
        );
    }
}

/// The middle of the rounds.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
