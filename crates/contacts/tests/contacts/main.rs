//! The address book over a database: what comes in, what goes out, and what nobody else sees (D-4, D-5).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

mod book;
mod hostile;
mod merging;
mod owned;
mod round;
mod vendors;
