//! The groups that a person may change.

use people::{GroupId, PersonId, Uai};
use store::{Database, Row, params};

use crate::{Error, Refusal};

/// An ad hoc group as its keepers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdHoc {
    /// Its id.
    pub id: GroupId,
    /// Its establishment.
    pub uai: Uai,
    /// The name of its establishment.
    pub establishment: String,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Pérenne: not purged at the end of the school year.
    pub permanent: bool,
    /// Whether members may write to each other.
    pub open: bool,
    /// Members, managers among them; the blocked and the departed do not count.
    pub members: u32,
}

/// Who keeps a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// Her id.
    pub id: PersonId,
    /// First name, last name; empty when the viewer may not know her.
    pub name: String,
}

const COLUMNS: &str =
    "g.id, g.uai, (SELECT e.name FROM establishment e WHERE e.uai = g.uai), g.name, g.description, g.permanent, g.open,
    (SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id
        WHERE m.group_id = g.id AND p.blocked_at IS NULL AND p.left_at IS NULL)";

/// The groups that she may change, in order of name: those she keeps, and those of the establishments she administers. At most
/// 500.
///
/// # Errors
/// When the database cannot be used.
pub fn kept(database: &impl Database, by: &PersonId) -> Result<Vec<AdHoc>, Error> {
    let rows = database.execute(
        &format!(
            "SELECT {COLUMNS} FROM (SELECT DISTINCT x.group_id AS id FROM group_keeper x WHERE x.person_id = ?1) x
             CROSS JOIN ad_hoc_group g ON g.id = x.id ORDER BY g.folded_name, g.id LIMIT 500"
        ),
        params![by.as_str()],
    )?;
    rows.iter().map(found).collect()
}

/// One group that she may change, and its managers.
///
/// # Errors
/// [`Refusal::Unknown`] when there is none.
pub fn one(database: &impl Database, by: &PersonId, id: &GroupId) -> Result<(AdHoc, Vec<Manager>), Error> {
    known(database, by, id)?;
    let row = database.first(&format!("SELECT {COLUMNS} FROM ad_hoc_group g WHERE g.id = ?1"), params![id.as_str()])?;
    let group = found(&row.ok_or(Refusal::Unknown)?)?;
    let rows = database.execute(
        "SELECT p.id, CASE WHEN p.id = ?2 OR EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?2 AND v.recipient_id = p.id)
            THEN p.first_name || ' ' || p.last_name ELSE '' END
         FROM group_manager k JOIN person p ON p.id = k.person_id WHERE k.group_id = ?1 ORDER BY p.folded_name, p.id",
        params![id.as_str(), by.as_str()],
    )?;
    let manager = |row: &Row| Ok(Manager { id: row.text(0)?.parse()?, name: row.text(1)?.to_owned() });
    Ok((group, rows.iter().map(manager).collect::<Result<_, Error>>()?))
}

/// Refuses what is not a group that she may change.
pub(crate) fn known(database: &impl Database, by: &PersonId, id: &GroupId) -> Result<(), Error> {
    let row = database.first(
        "SELECT 1 FROM group_keeper x WHERE x.group_id = ?1 AND x.person_id = ?2",
        params![id.as_str(), by.as_str()],
    )?;
    if row.is_some() { Ok(()) } else { Err(Refusal::Unknown.into()) }
}

fn found(row: &Row) -> Result<AdHoc, Error> {
    Ok(AdHoc {
        id: row.text(0)?.parse()?,
        uai: row.text(1)?.parse()?,
        establishment: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        description: row.text(4)?.to_owned(),
        permanent: row.boolean(5)?,
        open: row.boolean(6)?,
        members: u32::try_from(row.integer(7)?).unwrap_or(0),
    })
}
