//! People and groups by id, as kept in an address book or a bookmark (D-4, D-5): those that the viewer may write to now.

use store::{Database, params};

use super::groups::{self, FoundGroup};
use super::people::{self, FoundPerson};
use super::ties;
use crate::{Error, PersonId};

/// Those of these people whom the viewer may write to, in order of folded name; what is no id of a person is left out.
///
/// # Errors
/// When the database cannot be used.
pub fn chosen_people(database: &impl Database, viewer: &PersonId, ids: &[&str]) -> Result<Vec<FoundPerson>, Error> {
    // IN, so that an id given twice is one person.
    let statement = format!(
        "WITH page AS MATERIALIZED (SELECT p.n FROM person p WHERE p.id IN (SELECT j.value FROM json_each(?2) j)
            AND EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id))
        {}",
        people::shown()
    );
    let rows = database.execute(&statement, params![viewer.as_str(), serde_json::to_string(ids)?])?;
    let mut people = rows.iter().map(|row| Ok(people::found(row)?.1)).collect::<Result<Vec<_>, Error>>()?;
    ties::add(database, viewer, people.iter_mut().collect())?;
    Ok(people)
}

/// Those of these groups that the viewer may write to, in order of folded name.
///
/// # Errors
/// When the database cannot be used.
pub fn chosen_groups(database: &impl Database, viewer: &PersonId, ids: &[&str]) -> Result<Vec<FoundGroup>, Error> {
    let columns = groups::COLUMNS;
    let statement = format!(
        "SELECT {columns} FROM person_group g
        WHERE g.id IN (SELECT j.value FROM json_each(?2) j)
            AND EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = g.id)
        ORDER BY g.folded_name, g.id"
    );
    let rows = database.execute(&statement, params![viewer.as_str(), serde_json::to_string(ids)?])?;
    rows.iter().map(groups::found).collect()
}
