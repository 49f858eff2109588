//! The subcommands of `vaguemestre`, one module each.

pub mod demo;
pub mod import;
pub mod migrate;
pub mod place;
pub mod up;
