//! Making, changing and dropping a group: one statement each on the view `ad_hoc_group`.

use people::{GroupId, PersonId, Uai, fold};
use store::{Database, params};

use crate::{Error, MOST_MANAGERS, Refusal};

/// Characters of a name.
const NAME: usize = 200;
/// Characters of a description.
const DESCRIPTION: usize = 2000;

/// What a keeper says of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// 1 to 200 characters.
    pub name: String,
    /// What it is for, at most 2,000 characters.
    pub description: String,
    /// Pérenne: not purged at the end of the school year.
    pub permanent: bool,
    /// Whether members may write to each other; otherwise only managers may write to the group.
    pub open: bool,
    /// At least one, at most [`MOST_MANAGERS`]; they are members too.
    pub managers: Vec<PersonId>,
}

impl Content {
    fn managers(&self) -> Result<String, Error> {
        let refused = |refusal| Err(Error::Refused(refusal));
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
            return refused(Refusal::Name);
        }
        if self.description.chars().count() > DESCRIPTION {
            return refused(Refusal::Description);
        }
        if self.managers.is_empty() || self.managers.len() > MOST_MANAGERS {
            return refused(Refusal::Managers);
        }
        Ok(serde_json::to_string(&self.managers)?)
    }
}

/// Makes the group `ids[0]` of the establishment; `ids[1]` is for the group of its managers, if it needs one. `now` in UTC
/// milliseconds.
///
/// # Errors
/// [`Refusal::Name`], [`Refusal::Description`], [`Refusal::Managers`], [`Refusal::Establishment`], [`Refusal::Role`].
pub fn make(
    database: &impl Database,
    by: &PersonId,
    uai: &Uai,
    ids: &[GroupId; 2],
    content: &Content,
    now: i64,
) -> Result<(), Error> {
    let managers = content.managers()?;
    let [id, keepers] = ids;
    let name = content.name.trim();
    database.execute(
        "INSERT INTO ad_hoc_group (id, uai, name, folded_name, description, permanent, open, managers, created_at, keepers_id, by_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            id.as_str(),
            uai.as_str(),
            name,
            fold(name),
            content.description.trim(),
            content.permanent,
            content.open,
            managers,
            now,
            keepers.as_str(),
            by.as_str(),
        ],
    )?;
    Ok(())
}

/// Changes a group; `keepers` is an id for the group of its managers, if it needs one now.
///
/// # Errors
/// [`Refusal::Unknown`] when there is none that she may change, [`Refusal::Name`], [`Refusal::Description`],
/// [`Refusal::Managers`].
pub fn change(
    database: &impl Database,
    by: &PersonId,
    id: &GroupId,
    keepers: &GroupId,
    content: &Content,
) -> Result<(), Error> {
    let managers = content.managers()?;
    crate::read::known(database, by, id)?;
    let name = content.name.trim();
    database.execute(
        "UPDATE ad_hoc_group SET name = ?2, folded_name = ?3, description = ?4, permanent = ?5, open = ?6, managers = ?7,
            keepers_id = ?8, by_id = ?9
         WHERE id = ?1",
        params![
            id.as_str(),
            name,
            fold(name),
            content.description.trim(),
            content.permanent,
            content.open,
            managers,
            keepers.as_str(),
            by.as_str(),
        ],
    )?;
    Ok(())
}

/// Drops a group. Messages that went to it stay where they are.
///
/// # Errors
/// [`Refusal::Unknown`] when there is none that she may change.
pub fn drop_group(database: &impl Database, by: &PersonId, id: &GroupId) -> Result<(), Error> {
    crate::read::known(database, by, id)?;
    database.execute(
        "DELETE FROM ad_hoc_group WHERE id = ?1
            AND EXISTS (SELECT 1 FROM group_keeper x WHERE x.group_id = ?1 AND x.person_id = ?2)",
        params![id.as_str(), by.as_str()],
    )?;
    Ok(())
}
