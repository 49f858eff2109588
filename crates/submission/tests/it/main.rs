//! Submission against a real database: what is sent, to whom, and what is refused.

mod school;

mod attach;
mod respond;
mod submit;
