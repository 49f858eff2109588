//! The subcommands of `vaguemestre`, one module each.

pub mod migrate;
pub mod up;
