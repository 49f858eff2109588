//! A broadcast over a database: whole or not at all, once, to those announced, in a constant number of statements.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod announced;
mod faults;
mod once;
mod plans;
mod school;
