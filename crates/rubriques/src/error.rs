//! What can go wrong, by what the caller can do.

/// A rule of the house that refuses a change; nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The name is empty, over 100 characters, or has control characters.
    #[error("the name is empty or too long")]
    Name,
    /// An open rubrique of the establishment has this name.
    #[error("the name is taken")]
    NameTaken,
    /// The description is over 2,000 characters.
    #[error("the description is too long")]
    Description,
    /// A group is not of the establishment, or is crossed with a profile that it has not.
    #[error("a group does not do")]
    Group,
    /// More than [`crate::MOST_SEATS`] editors or populations.
    #[error("too many groups")]
    TooMany,
    /// There is no such rubrique that she administers.
    #[error("no such rubrique of hers")]
    Unknown,
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
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        let refusal = match &error {
            store::Error::Raised(reason) => match reason.as_str() {
                "rubrique-unknown" => Refusal::Unknown,
                "rubrique-group" => Refusal::Group,
                _ => return Self::Store(error),
            },
            store::Error::Constraint(what) if what.contains("rubrique.folded_name") => Refusal::NameTaken,
            _ => return Self::Store(error),
        };
        Self::Refused(refusal)
    }
}
