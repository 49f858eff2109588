//! From files to the directory, over a real database in memory.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test may panic")]

mod feeds;
mod limits;
mod plans;
mod properties;
mod school;
mod world;
