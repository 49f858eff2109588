//! The subcommands of `vaguemestre`, one module each.

pub mod demo;
pub mod migrate;
pub mod up;
