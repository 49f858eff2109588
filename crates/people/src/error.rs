//! What can go wrong, by what the caller can do.

/// Text that is not an id, a code or a word of the expected kind: a mistake of whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct BadId(pub(crate) &'static str);

/// A cursor that this service did not give: start again from the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct BadCursor;

/// Why a search gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database could not be used: try again.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The database holds a word that this version does not know: the schema is newer.
    #[error("the database holds an unknown value: {0}")]
    Unknown(#[from] BadId),
    /// A column made by our own SQL is not the JSON it should be.
    #[error("a list made by the database cannot be read")]
    List(#[from] serde_json::Error),
}
