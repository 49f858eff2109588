//! The counter of the post office: where the other components hand in mail, and the words for what it refuses.
//!
//! Functions and types are those of `submission`. In a component they are calls of `vaguemestre:post/submission`, filled by
//! the `post` component, which has a database and a clock of its own; natively they are the crate behind that component, at
//! the desk that is given.

mod problem;
#[cfg(target_family = "wasm")]
mod wasm;

pub use submission::{AccountText, Addressee, Desk, Draft, Field, Kind, Receipt, Refusal, Refused, Response};
#[cfg(not(target_family = "wasm"))]
pub use submission::{attach, detach, discard, mail_accounts, mail_letters, respond, save, submit, write_to_address};
#[cfg(target_family = "wasm")]
pub use wasm::{attach, detach, discard, mail_accounts, mail_letters, respond, save, submit, write_to_address};

pub use problem::{CODES, problem};

/// The desk of a request: its database, its instant.
#[must_use]
pub fn desk<'a>(exchange: &'a web::Exchange<'_>) -> Desk<'a> {
    Desk { database: exchange.db(), now: exchange.now() }
}
