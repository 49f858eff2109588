//! What can go wrong with a statement, by what the caller can do.

/// Why a statement gave no rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A trigger refused with `RAISE(ABORT, 'post:<reason>')`; the reason without its prefix.
    #[error("the database refused: {0}")]
    Raised(String),
    /// A UNIQUE, CHECK, NOT NULL or foreign key constraint failed; SQLite's words, which name columns, not values.
    #[error("a constraint failed: {0}")]
    Constraint(String),
    /// A column of a result is missing or has another type than the statement promises: a mistake in our own SQL.
    #[error("column {0} of the result is not what was expected")]
    Column(usize),
    /// The database could not be used (locked for too long, I/O, full).
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
}

impl Error {
    /// Sorts SQLite's message: the only thing that crosses `spin:sqlite` is a string.
    pub(crate) fn from_message(message: &str) -> Self {
        if let Some((_, reason)) = message.split_once("post:") {
            let reason: String = reason.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            Self::Raised(reason)
        } else if message.contains("constraint failed") {
            Self::Constraint(message.to_owned())
        } else {
            Self::Unavailable(message.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn messages_are_sorted_by_what_can_be_done() {
        assert_eq!(Error::from_message("post:too-many"), Error::Raised("too-many".into()));
        assert_eq!(Error::from_message("error: post:nobody (1811)"), Error::Raised("nobody".into()));
        assert!(matches!(Error::from_message("UNIQUE constraint failed: person.login"), Error::Constraint(_)));
        assert!(matches!(Error::from_message("database is locked"), Error::Unavailable(_)));
    }
}
