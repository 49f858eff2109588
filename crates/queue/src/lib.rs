//! The outbox's decisions (O-1, M-12): which mails are due, what becomes of each, and what authors and administrators see
//! and do. One decision is one statement; [`drain`] strings them together around a [`Transport`].
//!
//! Invariants: a mail is sent at least once and its Message-ID never changes; a row is finished only by the run that holds
//! its lease; no statement is open while a mail is on the wire; an outside address leaves this crate only in an envelope.

mod admin;
mod author;
mod backoff;
mod claim;
mod drain;
mod finish;
mod invitation;
mod letter;
mod outlet;
mod pickup;
#[cfg(target_family = "wasm")]
pub mod plugs;
mod state;
#[cfg(test)]
mod tests;
mod words;
mod world;

pub use admin::{Action, Item, Outcome, Page, Pause, Summary, Target, act, list, pauses, resume, summaries};
pub use author::{Recipient, Sent, SentPage, recipients, sent};
pub use drain::{Limits, Report, drain};
pub use outlet::{Outlet, Pickup, Relay, Transport, choose};
pub use pickup::{Kept, visible};
pub use state::State;
pub use world::{System, World};
