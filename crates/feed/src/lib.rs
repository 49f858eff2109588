//! The files that say who is who, read as a stream: AAF (full and delta), ONDE, and a plain CSV of ours (A-7, DOMAIN §2).
//!
//! Whatever the format, a file becomes a stream of [`Entry`]s and [`Reject`]s, given to a [`Sink`] as they are read, in flat
//! memory. Nothing here knows the database.

mod record;

pub use record::{Change, Entry, Function, Kind, NamedChild, Place, Record, Reject, RejectCode, Sink, Stop, Tie};
