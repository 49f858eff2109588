//! Making, changing, closing and opening again: by the local administrators of the establishment, one statement each.

use people::{PersonId, Uai, fold};
use store::{Database, params};

use crate::{Error, MOST_SEATS, Refusal, Seat, seat};

/// Characters of a name.
const NAME: usize = 100;
/// Characters of a description.
const DESCRIPTION: usize = 2000;

/// What an administrator says of a rubrique.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// 1 to 100 characters; no other open rubrique of the establishment has it, whatever its case and accents.
    pub name: String,
    /// At most 2,000 characters.
    pub description: String,
    /// Who edits it, beside the local administrators; at most [`MOST_SEATS`].
    pub editors: Vec<Seat>,
    /// Who reads it, and who can be written to from it; at most [`MOST_SEATS`].
    pub populations: Vec<Seat>,
}

/// Keeps the rubrique `id` (ULID) of the establishment `uai`, new or not. `now` in UTC milliseconds.
///
/// # Errors
/// [`Refusal::Name`], [`Refusal::NameTaken`], [`Refusal::Description`], [`Refusal::Group`], [`Refusal::TooMany`];
/// [`Refusal::Unknown`] when `by` does not administer `uai`, or `id` is a rubrique of another establishment.
pub fn keep(
    database: &dyn Database,
    by: &PersonId,
    uai: &Uai,
    id: &str,
    content: &Content,
    now: i64,
) -> Result<(), Error> {
    let name = content.name.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) || fold(name).is_empty() {
        return Err(Refusal::Name.into());
    }
    let description = content.description.trim();
    if description.chars().count() > DESCRIPTION {
        return Err(Refusal::Description.into());
    }
    if content.editors.len() > MOST_SEATS || content.populations.len() > MOST_SEATS {
        return Err(Refusal::TooMany.into());
    }
    let (editors, populations) = (seat::to_json(&content.editors), seat::to_json(&content.populations));
    database.execute(
        "INSERT INTO rubrique_saved (id, uai, name, folded_name, description, editors, populations, by_id, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![id, uai.as_str(), name, fold(name), description, editors, populations, by.as_str(), now],
    )?;
    Ok(())
}

/// Closes a rubrique: nobody reads it any more, nothing is sent from it; what was sent stays. Closed already, it stays so.
///
/// # Errors
/// [`Refusal::Unknown`] when `by` administers no such rubrique.
pub fn close(database: &dyn Database, by: &PersonId, id: &str, now: i64) -> Result<(), Error> {
    let row = database.first(
        "UPDATE rubrique SET closed_at = coalesce(closed_at, ?3)
            WHERE id = ?1 AND uai IN (SELECT a.uai FROM local_admin a WHERE a.person_id = ?2) RETURNING id",
        params![id, by.as_str(), now],
    )?;
    row.map(|_| ()).ok_or_else(|| Refusal::Unknown.into())
}

/// Opens a closed rubrique again, with the editors and populations it had.
///
/// # Errors
/// [`Refusal::Unknown`] when `by` administers no such rubrique; [`Refusal::NameTaken`] when another has its name by now.
pub fn open_again(database: &dyn Database, by: &PersonId, id: &str) -> Result<(), Error> {
    let row = database.first(
        "UPDATE rubrique SET closed_at = NULL
            WHERE id = ?1 AND uai IN (SELECT a.uai FROM local_admin a WHERE a.person_id = ?2) RETURNING id",
        params![id, by.as_str()],
    )?;
    row.map(|_| ()).ok_or_else(|| Refusal::Unknown.into())
}
