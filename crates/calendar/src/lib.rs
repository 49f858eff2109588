//! iCalendar (RFC 5545) as it leaves the house: invitations by mail (iTIP RFC 5546, iMIP RFC 6047), downloads and feeds;
//! and the answers that mail clients send back ([`reply`]). No database, no clock, no network.
//!
//! Invariants: lines end in CRLF, are at most 75 octets long and never cut a character; no value can end a line or begin
//! a property; the same [`Event`] always gives the same text.

mod event;
mod line;
pub mod reply;
mod zone;

pub use event::{Event, Method, Participation, Person, When, feed, file, message};
