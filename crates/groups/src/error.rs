//! What can go wrong, by what the caller can do.

/// A rule of the house that refuses a change; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The name is empty, over 200 characters, or has control characters.
    #[error("the name is empty or too long")]
    Name,
    /// The description is over 2,000 characters.
    #[error("the description is too long")]
    Description,
    /// Nobody keeps the group, too many do, or one of them may not: no role, or out of reach of who asks.
    #[error("the managers do not do")]
    Managers,
    /// The establishment is neither hers nor one that she administers.
    #[error("not her establishment")]
    Establishment,
    /// She may not make groups.
    #[error("she may not make groups")]
    Role,
    /// There is no such group that she may change.
    #[error("no such group of hers")]
    Unknown,
    /// She may not write to these people (ids as given): nobody was added.
    #[error("some people are out of her reach")]
    OutOfReach(Vec<String>),
    /// More than [`crate::MOST_PEOPLE`] at once.
    #[error("too many at once")]
    TooMany,
    /// These are managers: they stay members as long as they are.
    #[error("managers stay members")]
    Manager,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of the house.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database could not be used: try again.
    #[error(transparent)]
    Store(store::Error),
    /// The database holds a word that this version does not know.
    #[error(transparent)]
    Unknown(#[from] people::BadId),
    /// A list could not be written or read as JSON: a mistake of ours.
    #[error(transparent)]
    List(#[from] serde_json::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        let store::Error::Raised(reason) = &error else { return Self::Store(error) };
        Self::Refused(match reason.as_str() {
            "group-managers" => Refusal::Managers,
            "group-establishment" => Refusal::Establishment,
            "group-role" => Refusal::Role,
            "group-keeper" => Refusal::Unknown,
            _ => return Self::Store(error),
        })
    }
}
