//! A file between its preview and its owner's yes. One at a time for each person.

use store::{Database, params};

use crate::{Error, Parsed};

/// After a day a file that nobody said yes to is forgotten.
const KEPT_FOR: i64 = 24 * 60 * 60 * 1000;

/// Keeps what was read, in the place of what was kept before. `now` is in UTC milliseconds.
///
/// # Errors
/// Those of the database.
pub fn keep(database: &impl Database, owner: &str, parsed: &Parsed, now: i64) -> Result<(), Error> {
    database.execute("DELETE FROM contact_import WHERE made_at < ?1", params![now - KEPT_FOR])?;
    database.execute(
        "INSERT INTO contact_import (owner_id, parsed, made_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (owner_id) DO UPDATE SET parsed = excluded.parsed, made_at = excluded.made_at",
        params![owner, serde_json::to_string(parsed)?, now],
    )?;
    Ok(())
}

/// What was kept, if anything is.
///
/// # Errors
/// Those of the database.
pub fn pending(database: &impl Database, owner: &str) -> Result<Option<Parsed>, Error> {
    let row = database.first("SELECT parsed FROM contact_import WHERE owner_id = ?1", params![owner])?;
    row.map(|row| Ok(serde_json::from_str(row.text(0)?)?)).transpose()
}

/// Forgets it.
///
/// # Errors
/// Those of the database.
pub fn forget(database: &impl Database, owner: &str) -> Result<(), Error> {
    database.execute("DELETE FROM contact_import WHERE owner_id = ?1", params![owner])?;
    Ok(())
}
