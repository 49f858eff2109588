//! What can go wrong, by what the caller can do.

use crate::Fault;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or somebody else's: the two are not told apart.
    #[error("no such object of this person")]
    NotFound,
    /// A name is missing or longer than [`crate::MAX_NAME`].
    #[error("a name has 1 to {} characters", crate::MAX_NAME)]
    Name,
    /// Another of the same kind has this name.
    #[error("the name is taken")]
    NameTaken,
    /// A field of a card will not do.
    #[error(transparent)]
    Card(#[from] Fault),
    /// One of the limits of this crate is reached; which one, as the database says it: `too-many-contacts`…
    #[error("a limit is reached: {0}")]
    TooMany(String),
    /// The database could not be used, or holds what this version does not know.
    #[error(transparent)]
    Store(store::Error),
    /// The search of people failed.
    #[error(transparent)]
    People(#[from] people::Error),
    /// What the database holds is not the JSON it should be.
    #[error("a kept card cannot be read")]
    Json(#[from] serde_json::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Raised(reason) => Self::TooMany(reason),
            // The only names that must not repeat.
            store::Error::Constraint(words) if words.contains("UNIQUE") && words.contains(".folded_name") => {
                Self::NameTaken
            }
            other => Self::Store(other),
        }
    }
}
