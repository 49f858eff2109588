//! Why an account was not opened or changed.

use crate::Weakness;

/// What somebody can do about a refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Unknown login or wrong password: which, is not told.
    #[error("wrong login or password")]
    Wrong,
    /// Too many failures: to be tried again after these milliseconds.
    #[error("too many failures, wait {0} ms")]
    Wait(i64),
    /// The right password of a person who is blocked.
    #[error("blocked")]
    Blocked,
    /// The right password of a person who has left.
    #[error("left")]
    Left,
    /// The new password will not do.
    #[error("weak password: {0}")]
    Weak(#[from] Weakness),
    /// The mailed link is unknown, used or over.
    #[error("the link is no good any more")]
    Link,
}

/// A refusal, or a failure of ours.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was done, for this reason.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// There are no random bytes to be had.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// Argon2 refused its parameters or its memory.
    #[error("argon2: {0}")]
    Hash(String),
}

impl From<Weakness> for Error {
    fn from(weakness: Weakness) -> Self {
        Self::Refused(weakness.into())
    }
}
