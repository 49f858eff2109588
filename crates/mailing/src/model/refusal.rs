//! Why something about a model was not done, by what the caller can do.

use letters::template::{Mistake, Unmerged};

/// A rule of the house that refuses; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or not for whom asks.
    #[error("no such thing")]
    Unknown,
    /// No name, or over 100 characters.
    #[error("the name cannot be taken")]
    BadName,
    /// Another model of the establishment is called so.
    #[error("the name is taken")]
    NameTaken,
    /// The body or the subject is longer than a model may be, or nested too deep.
    #[error("the text cannot be taken")]
    BadText,
    /// Another administrator saved it meanwhile: her name.
    #[error("the model was changed meanwhile")]
    Changed(String),
    /// Neither PNG nor JPEG, or too large: what is wrong, in French.
    #[error("the picture cannot be taken")]
    BadPicture(&'static str),
    /// The template has mistakes.
    #[error("{} mistakes in the template", .0.len())]
    Mistakes(Vec<Mistake>),
    /// Nobody is selected, or nobody is left for this way of sending.
    #[error("nobody is selected")]
    Nobody,
    /// More people than one run takes; how many it takes.
    #[error("more than {0} people are selected")]
    TooMany(usize),
    /// All letters together are too long.
    #[error("the letters together are too long")]
    TooMuch,
    /// Letters in which a field has no value: names and reasons.
    #[error("{} letters lack a value", .0.len())]
    Incomplete(Vec<(String, Unmerged)>),
    /// Copies to somebody who cannot be written to, or too many.
    #[error("the copies cannot be made")]
    Copies(&'static str),
    /// The idempotency key was used for another run.
    #[error("the idempotency key was used before")]
    KeyReused,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of the house.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database could not be used: try again.
    #[error(transparent)]
    Store(store::Error),
    /// The database holds what this version cannot read: a mistake of ours.
    #[error("unreadable: {0}")]
    Unreadable(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Raised(reason) if reason == "run-empty" => Refusal::Nobody.into(),
            _ => Self::Store(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<people::BadId> for Error {
    fn from(error: people::BadId) -> Self {
        Self::Unreadable(error.to_string())
    }
}
