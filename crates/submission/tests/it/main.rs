//! Submission against a real database: what is sent, to whom, and what is refused.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod school;

mod attach;
mod respond;
mod submit;
