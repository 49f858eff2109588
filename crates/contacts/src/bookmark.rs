//! Bookmarks (favoris de partage, seed 001): named sets of people and groups, filtered at each use to what may be written to.

use people::{FoundGroup, FoundPerson, PersonId};
use serde::Serialize;
use store::{Database, params};

use crate::{Error, checked_name};

/// A bookmark in the list of its owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookmark {
    /// ULID.
    pub id: String,
    /// As typed.
    pub name: String,
    /// People and groups that are visible now.
    pub visible: usize,
    /// Those that are not any more.
    pub hidden: usize,
}

/// A bookmark with what is visible of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// ULID.
    pub id: String,
    /// As typed.
    pub name: String,
    /// In order of name.
    pub people: Vec<FoundPerson>,
    /// In order of name.
    pub groups: Vec<FoundGroup>,
    /// How many of its people and groups are not visible any more.
    pub hidden: usize,
}

/// What a bookmark holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// `person` or `group`; anything else is left out.
    pub kind: String,
    /// ULID.
    pub id: String,
}

/// The bookmarks of a person in order of name.
///
/// # Errors
/// Those of the database.
pub fn bookmarks(database: &impl Database, owner: &str) -> Result<Vec<Bookmark>, Error> {
    let rows = database.execute(
        "SELECT b.id, b.name, (SELECT count(*) FROM bookmark_visible v WHERE v.bookmark_id = b.id),
            (SELECT count(*) FROM bookmark_entry e WHERE e.bookmark_id = b.id)
        FROM bookmark b WHERE b.owner_id = ?1 ORDER BY b.folded_name",
        params![owner],
    )?;
    let bookmark = |row: &store::Row| {
        let count = |index| Ok::<_, Error>(usize::try_from(row.integer(index)?).unwrap_or_default());
        let (visible, all) = (count(2)?, count(3)?);
        Ok(Bookmark {
            id: row.text(0)?.to_owned(),
            name: row.text(1)?.to_owned(),
            visible,
            hidden: all.saturating_sub(visible),
        })
    };
    rows.iter().map(bookmark).collect()
}

/// One of them, with the people and groups that are visible now.
///
/// # Errors
/// [`Error::NotFound`] when it is not hers.
pub fn bookmark(database: &impl Database, owner: &PersonId, id: &str) -> Result<Opened, Error> {
    let row = database.first(
        "SELECT b.id, b.name,
            (SELECT json_group_array(e.target_id) FROM bookmark_entry e WHERE e.bookmark_id = b.id AND e.kind = 'person'),
            (SELECT json_group_array(e.target_id) FROM bookmark_entry e WHERE e.bookmark_id = b.id AND e.kind = 'group')
        FROM bookmark b WHERE b.id = ?2 AND b.owner_id = ?1",
        params![owner.as_str(), id],
    )?;
    let row = row.ok_or(Error::NotFound)?;
    let ids = |index| Ok::<Vec<String>, Error>(serde_json::from_str(row.text(index)?)?);
    let (people, groups) = (ids(2)?, ids(3)?);
    let all = people.len() + groups.len();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let people = people::chosen_people(database, owner, &people)?;
    let groups = people::chosen_groups(database, owner, &groups)?;
    let hidden = all.saturating_sub(people.len() + groups.len());
    Ok(Opened { id: row.text(0)?.to_owned(), name: row.text(1)?.to_owned(), people, groups, hidden })
}

/// Makes the bookmark `id`, a ULID that nothing has, or changes the one she has (`exists`): what is chosen takes the place of
/// what is visible. What is not visible stays, unless `drop_hidden`. Whom she may not write to is left out.
///
/// # Errors
/// [`Error::NotFound`] when it should exist and is not hers, [`Error::Name`], [`Error::NameTaken`], [`Error::TooMany`].
pub fn save_bookmark(
    database: &impl Database,
    owner: &str,
    id: &str,
    exists: bool,
    name: &str,
    chosen: &[Chosen],
    drop_hidden: bool,
) -> Result<(), Error> {
    let (name, key) = checked_name(name)?;
    if exists {
        let own = "SELECT 1 FROM bookmark WHERE id = ?2 AND owner_id = ?1";
        database.first(own, params![owner, id])?.ok_or(Error::NotFound)?;
    }
    database.execute(
        "INSERT INTO bookmark_saved (owner_id, id, name, folded_name, entries, drop_hidden) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![owner, id, name, key, serde_json::to_string(chosen)?, drop_hidden],
    )?;
    Ok(())
}

/// Deletes a bookmark.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete_bookmark(database: &impl Database, owner: &str, id: &str) -> Result<(), Error> {
    let deleted =
        database.first("DELETE FROM bookmark WHERE id = ?2 AND owner_id = ?1 RETURNING id", params![owner, id])?;
    deleted.map(|_| ()).ok_or(Error::NotFound)
}
