//! The runner: serves the very `spin.toml` that Spin serves, with the published wasmtime crates, so that a fresh machine
//! needs no Spin.
//!
//! It does what the components of Vaguemestre use and refuses the rest by name. The same `.wasm` files run on Spin 4.1
//! untouched: anything that works only here is a mistake.
//!
//! The way of a request: [`http`] accepts and routes it, an instance made by [`engine`] from a component prepared by
//! [`load`] answers it, with what [`guest`] grants: [`sqlite`], [`key_value`], [`variables`], [`outbound`].

mod bindings;
pub mod cache;
pub mod capabilities;
pub mod commands;
pub mod compose;
pub mod cron;
pub mod engine;
pub mod guest;
pub mod http;
pub mod key_value;
pub mod linker;
pub mod load;
pub mod manifest;
pub mod memory;
pub mod outbound;
pub mod routes;
pub mod runtime_config;
pub mod schema;
pub mod serve;
pub mod sqlite;
mod stdio;
pub mod variables;
mod variables_host;
