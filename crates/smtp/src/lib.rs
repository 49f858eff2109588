//! An SMTP client (RFC 5321) over any blocking stream: STARTTLS or implicit TLS, AUTH, SIZE, PIPELINING, one connection for
//! many mails. [`Client::deliver`] always returns, within a time and with a memory that no server can stretch, and says
//! what became of the mail; it decides that alone, from the server's codes and from where a connection broke.
//!
//! Invariants: a password is spoken only under TLS; a mail whose last dot may have been read is never sent again by this
//! crate; nothing is printed or logged. It opens no socket itself: [`Dial`] is the caller's.

mod answer;
mod capabilities;
mod client;
mod link;
mod session;
mod settings;
mod stuffing;
mod tls;
mod transaction;
mod wire;

pub use client::{Client, Dial, Times};
pub use link::Link;
pub use settings::{Credentials, Security, Settings, SettingsError};
