//! Files of each format, good and bad, as whoever calls [`feed::read`] sees them.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod aaf;
mod hostile;
mod kept;
mod properties;
mod tables;
