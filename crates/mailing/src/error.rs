//! What can go wrong, by what the caller can do.

/// A rule of the house that refuses; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or not for whom asks.
    #[error("no such thing")]
    Unknown,
    /// Nobody is selected, or nobody whose letters she may make.
    #[error("nobody is selected")]
    Nobody,
    /// The idempotency key was used for another campaign.
    #[error("the idempotency key was used before")]
    KeyReused,
    /// The file is not there any more, or not yet.
    #[error("there is no file")]
    NoFile,
    /// The person named cannot administer classes: neither teacher nor staff of the establishment.
    #[error("not a teacher or staff of the establishment")]
    NotEligible,
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
    /// The database holds a word that this version does not know.
    #[error(transparent)]
    Unknown(#[from] people::BadId),
    /// A list could not be written or read as JSON: a mistake of ours.
    #[error(transparent)]
    List(#[from] serde_json::Error),
    /// What a job goes on from could not be written: a mistake of ours.
    #[error("the progress of a job cannot be written")]
    Progress(#[from] postcard::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        let store::Error::Raised(reason) = &error else { return Self::Store(error) };
        match reason.as_str() {
            "campaign-empty" => Refusal::Nobody.into(),
            _ => Self::Store(error),
        }
    }
}
