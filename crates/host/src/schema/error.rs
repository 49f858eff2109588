//! Why the schema cannot be brought up to date.

use std::path::PathBuf;

/// But for [`SchemaError::Unknown`], nothing was changed in the database.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A folder or a file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A migration is not named `NNNN_name.sql`, or two have one number.
    #[error("{name}: {why}")]
    Name {
        /// Which.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// The text of an applied migration changed.
    #[error(
        "migration {version} ({name}) was changed after it was applied; restore it and write a new one instead. A database made before the first release starts anew"
    )]
    Changed {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
    /// An applied migration is not known.
    #[error(
        "migration {version} ({name}) was applied to this database but is not known here: this program is older than the database; update it, or restore the database of its time"
    )]
    Newer {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
    /// A migration is older than one already applied.
    #[error(
        "migration {version} ({name}) comes after {latest} was applied; give it a number above {latest}, or start from an empty database"
    )]
    OutOfOrder {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
        /// The latest one applied.
        latest: i64,
    },
    /// A text of SQL is not what the parser takes, or not what its folder is for.
    #[error("{name}: {why}")]
    Sql {
        /// The file.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// The answer to the migration of a server was lost: whether it was done is not known.
    #[error(
        "{what} may have been done: its answer was lost ({why}); run `vaguemestre migrate` again, it goes on from what there is"
    )]
    Unknown {
        /// Which step.
        what: String,
        /// What is known.
        why: String,
    },
    /// A statement failed; nothing was kept.
    #[error("{what} failed and nothing was changed: {why}")]
    Failed {
        /// Which step.
        what: String,
        /// The words of the database.
        why: String,
    },
}
