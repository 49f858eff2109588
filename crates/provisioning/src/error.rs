//! What can go wrong, by what the caller can do.

/// People of an establishment who would leave at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exodus {
    /// The establishment.
    pub uai: String,
    /// How many would leave.
    pub leaving: u64,
    /// Of how many.
    pub people: u64,
}

/// Why an import does not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing that can be used was read: look at what was left out.
    #[error("no entry that can be used")]
    Empty,
    /// This file was not read to its end: give it again, or cancel.
    #[error("a file was not read to its end")]
    Unread(String),
    /// More than a fifth of an establishment would leave: ask whether that is meant.
    #[error("more than a fifth of an establishment would leave")]
    Exodus(Vec<Exodus>),
    /// Another import of the source was applied since the preview: prepare it again.
    #[error("another import was applied since the preview")]
    Stale,
    /// The import is cancelled, applied, or not read to its end.
    #[error("the import is not in a state for that")]
    State,
}

/// Why nothing, or not all, was done. What was done stays, and calling again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database could not be used: try again.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The names in use could not be read.
    #[error(transparent)]
    People(#[from] people::Error),
    /// JSON of our own cannot be read back: the database was written by something else.
    #[error("an entry cannot be read back")]
    Json(#[from] serde_json::Error),
    /// There are no random bytes to be had.
    #[error("no random bytes")]
    Random,
    /// A rule of the house.
    #[error(transparent)]
    Refused(#[from] Refusal),
}
