//! The HTTP trigger: from a connection to a component and back.
//!
//! [`server`] accepts connections, [`App`](app::App) routes requests and applies the limits, [`handler`] runs the
//! components and reuses their instances. Answers made by the runner itself are `application/problem+json`.

pub mod app;
mod body;
mod handler;
mod headers;
mod problem;
pub mod server;

pub use handler::{Component, Reuse};
