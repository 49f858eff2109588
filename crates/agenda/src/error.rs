//! What can go wrong, by what the caller can do.

use crate::resource::Held;

/// A rule that refuses; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing for this person.
    #[error("no such thing for this person")]
    NotFound,
    /// A field cannot be so; the same words for people in the component.
    #[error("the field {0} does not do")]
    Field(&'static str),
    /// These dates are the wrong way round, too long, or skipped by the clocks.
    #[error("the dates do not do")]
    Dates,
    /// The population is not of the rubrique, or she may not write to it.
    #[error("the population cannot be told")]
    Population,
    /// A resource is not of the establishment, or is not lent any more.
    #[error("a resource cannot be booked")]
    Resource,
    /// Resources that other events hold at that time.
    #[error("{} resources are taken", .0.len())]
    Booked(Vec<Held>),
    /// The state of the event does not let it (cancelled, not a draft, not published).
    #[error("the event is not in a state for this")]
    State,
    /// It has begun: answers are closed.
    #[error("the event has begun")]
    Begun,
    /// No answer is asked, or no comments are taken.
    #[error("nothing is asked")]
    NotAsked,
    /// The name is taken.
    #[error("the name is taken")]
    NameTaken,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database could not be used.
    #[error(transparent)]
    Store(store::Error),
    /// What the database holds is not what it should be: a mistake of ours.
    #[error("the database holds {0}")]
    Unknown(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match &error {
            store::Error::Raised(reason) if reason == "resource" => Self::Refused(Refusal::Resource),
            store::Error::Raised(reason) if reason == "booked" => Self::Refused(Refusal::Booked(Vec::new())),
            _ => Self::Store(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unknown(format!("a list that is none: {error}"))
    }
}
