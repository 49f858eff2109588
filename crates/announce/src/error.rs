//! Why nothing was done.

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing there, or nothing that this person may know of.
    #[error("no such thing for this person")]
    NotFound,
    /// What was given for a field will not do; French words that say what would.
    #[error("{field}: {detail}")]
    Invalid {
        /// Name of the field.
        field: &'static str,
        /// What would do.
        detail: String,
    },
    /// A rule of the house refuses: `not-editor`, `audience`, `poll-answered`, `not-author`, `groups`, `pupils`, `no-pupil`,
    /// `establishments`, `comments-closed`, `reminded`, `all-confirmed`, `not-sent`.
    #[error("refused: {0}")]
    Refused(String),
    /// The database could not be used.
    #[error(transparent)]
    Store(store::Error),
}

impl Error {
    pub(crate) fn invalid(field: &'static str, detail: &str) -> Self {
        Self::Invalid { field, detail: detail.to_owned() }
    }

    pub(crate) fn refused(code: &str) -> Self {
        Self::Refused(code.to_owned())
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Raised(code) => Self::Refused(code),
            other => Self::Store(other),
        }
    }
}
