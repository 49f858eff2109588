//! What a person has given, as the database holds it.

use store::{Database, Error, params};

/// The address in force, and the one waiting for its code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State {
    pub(crate) verified: Option<Verified>,
    pub(crate) pending: Option<Pending>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) address: String,
    /// UTC milliseconds.
    pub(crate) at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) address: String,
    /// UTC milliseconds; the code is no good after it.
    pub(crate) expires_at: i64,
    pub(crate) attempts_left: i64,
}

/// The state of `person`.
pub(crate) fn load(db: &dyn Database, person: &str) -> Result<State, Error> {
    let row = db.first(
        "SELECT address, verified_at, pending_address, pending_expires_at, pending_attempts FROM redirect WHERE person_id = ?",
        params![person],
    )?;
    let Some(row) = row else { return Ok(State::default()) };
    let verified = match (row.optional_text(0)?, row.optional_integer(1)?) {
        (Some(address), Some(at)) => Some(Verified { address: address.to_owned(), at }),
        _ => None,
    };
    let pending = match (row.optional_text(2)?, row.optional_integer(3)?) {
        (Some(address), Some(expires_at)) => Some(Pending {
            address: address.to_owned(),
            expires_at,
            attempts_left: (crate::verification::MAX_ATTEMPTS - row.integer(4)?).max(0),
        }),
        _ => None,
    };
    Ok(State { verified, pending })
}
