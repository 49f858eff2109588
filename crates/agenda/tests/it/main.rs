//! The agenda over a database: who makes, sees, books, is told and answers (B-2).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

mod answers;
mod booking;
mod comments;
mod events;
mod feeds;
mod mail;
mod plans;
mod school;
mod telling;
