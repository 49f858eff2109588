//! Groups of contacts: made, renamed, deleted, filled, and written to (seed 000, II.1).

use people::PersonId;
use store::{Database, params};

use crate::{Error, checked_name};

/// A group of contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// ULID.
    pub id: String,
    /// As typed.
    pub name: String,
    /// How many contacts are in it, accessible or not.
    pub contacts: usize,
}

/// Who would receive a message to a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// Ids of the people of the directory whom the owner may write to, in order of name.
    pub people: Vec<PersonId>,
    /// People of the directory who are not accessible any more.
    pub inaccessible: usize,
    /// Cards of people outside: never written to.
    pub outside: usize,
}

/// The groups of a person in order of name, each with its number of contacts.
///
/// # Errors
/// Those of the database.
pub fn groups(database: &impl Database, owner: &str) -> Result<Vec<Group>, Error> {
    let rows = database.execute(
        "SELECT g.id, g.name, (SELECT count(*) FROM contact_membership m WHERE m.group_id = g.id)
        FROM contact_group g WHERE g.owner_id = ?1 ORDER BY g.folded_name",
        params![owner],
    )?;
    rows.iter().map(group).collect()
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] when it is not hers.
pub fn find_group(database: &impl Database, owner: &str, id: &str) -> Result<Group, Error> {
    let row = database.first(
        "SELECT g.id, g.name, (SELECT count(*) FROM contact_membership m WHERE m.group_id = g.id)
        FROM contact_group g WHERE g.id = ?2 AND g.owner_id = ?1",
        params![owner, id],
    )?;
    group(&row.ok_or(Error::NotFound)?)
}

fn group(row: &store::Row) -> Result<Group, Error> {
    Ok(Group {
        id: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        contacts: usize::try_from(row.integer(2)?).unwrap_or_default(),
    })
}

/// Makes a group, under a ULID that nothing has.
///
/// # Errors
/// [`Error::Name`], [`Error::NameTaken`], [`Error::TooMany`].
pub fn new_group(database: &impl Database, owner: &str, id: &str, name: &str) -> Result<(), Error> {
    let (name, key) = checked_name(name)?;
    let inserted = database.first(
        "INSERT INTO contact_group (id, owner_id, name, folded_name) SELECT ?2, ?1, ?3, ?4
        WHERE (SELECT count(*) FROM contact_group g WHERE g.owner_id = ?1) < ?5 RETURNING id",
        params![owner, id, name, key, crate::MAX_GROUPS as i64],
    )?;
    inserted.map(|_| ()).ok_or_else(|| Error::TooMany("too-many-groups".to_owned()))
}

/// Renames a group.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Name`], [`Error::NameTaken`].
pub fn rename_group(database: &impl Database, owner: &str, id: &str, name: &str) -> Result<(), Error> {
    let (name, key) = checked_name(name)?;
    let renamed = database.first(
        "UPDATE contact_group SET name = ?3, folded_name = ?4 WHERE id = ?2 AND owner_id = ?1 RETURNING id",
        params![owner, id, name, key],
    )?;
    renamed.map(|_| ()).ok_or(Error::NotFound)
}

/// Deletes a group; its contacts stay in the book.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete_group(database: &impl Database, owner: &str, id: &str) -> Result<(), Error> {
    let deleted =
        database.first("DELETE FROM contact_group WHERE id = ?2 AND owner_id = ?1 RETURNING id", params![owner, id])?;
    deleted.map(|_| ()).ok_or(Error::NotFound)
}

/// Puts contacts into a group; how many were not in it. Those that are not hers are left out.
///
/// # Errors
/// [`Error::NotFound`] when the group is not hers.
pub fn join(database: &impl Database, owner: &str, group: &str, contacts: &[&str]) -> Result<usize, Error> {
    find_group(database, owner, group)?;
    let joined = database.execute(
        "INSERT INTO contact_membership (owner_id, group_id, contact_id)
        SELECT c.owner_id, g.id, c.id FROM json_each(?3) j
        CROSS JOIN contact c ON c.id = j.value AND c.owner_id = ?1
        CROSS JOIN contact_group g ON g.id = ?2 AND g.owner_id = ?1
        WHERE true ON CONFLICT DO NOTHING RETURNING contact_id",
        params![owner, group, serde_json::to_string(contacts)?],
    )?;
    Ok(joined.len())
}

/// Takes contacts out of a group; how many were in it. They stay in the book.
///
/// # Errors
/// [`Error::NotFound`] when the group is not hers.
pub fn leave(database: &impl Database, owner: &str, group: &str, contacts: &[&str]) -> Result<usize, Error> {
    find_group(database, owner, group)?;
    let left = database.execute(
        "DELETE FROM contact_membership WHERE owner_id = ?1 AND group_id = ?2
            AND contact_id IN (SELECT j.value FROM json_each(?3) j) RETURNING contact_id",
        params![owner, group, serde_json::to_string(contacts)?],
    )?;
    Ok(left.len())
}

/// Who would receive a message to a group of hers.
///
/// # Errors
/// [`Error::NotFound`] when the group is not hers.
pub fn recipients(database: &impl Database, owner: &str, group: &str) -> Result<Recipients, Error> {
    find_group(database, owner, group)?;
    let rows = database.execute(
        "SELECT c.person_id, EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = c.person_id)
        FROM contact_membership m JOIN contact c ON c.id = m.contact_id LEFT JOIN person p ON p.id = c.person_id
        WHERE m.group_id = ?2 AND m.owner_id = ?1 ORDER BY p.folded_name, c.id",
        params![owner, group],
    )?;
    let mut recipients = Recipients::default();
    for row in &rows {
        match (row.optional_text(0)?, row.boolean(1)?) {
            (None, _) => recipients.outside += 1,
            (Some(_), false) => recipients.inaccessible += 1,
            (Some(id), true) => recipients.people.push(id.parse().map_err(people::Error::from)?),
        }
    }
    Ok(recipients)
}

/// Whom of these contacts of hers she may write to: ids of people of the directory, in order of name.
///
/// # Errors
/// Those of the database.
pub fn recipients_among(database: &impl Database, owner: &str, contacts: &[&str]) -> Result<Vec<PersonId>, Error> {
    let rows = database.execute(
        "SELECT c.person_id FROM contact c JOIN person p ON p.id = c.person_id
        WHERE c.owner_id = ?1 AND c.id IN (SELECT j.value FROM json_each(?2) j)
            AND EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = c.person_id)
        ORDER BY p.folded_name, c.id",
        params![owner, serde_json::to_string(contacts)?],
    )?;
    rows.iter().map(|row| Ok(row.text(0)?.parse().map_err(people::Error::from)?)).collect()
}
