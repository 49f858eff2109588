//! What components may reach: the allow-list of each, and the HTTP client behind `wasi:http`.

mod allow;
mod client;

pub use allow::AllowList;
pub use client::{Client, Hooks, Outbound, SelfDispatch};
