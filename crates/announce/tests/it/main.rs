//! News, flash messages and liaison notices over the demo schools.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

mod faults;
mod flash;
mod liaison;
mod news;
mod school;
