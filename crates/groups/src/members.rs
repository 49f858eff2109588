//! Who is in a group, as its keepers see and change it.

use people::{GroupId, PersonId, Profile};
use store::{Database, params};

use crate::{Error, MOST_PEOPLE, Refusal, read};

/// Members of a group that the keeper may know: those she may write to, and herself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// In order of name, at most [`MOST_PEOPLE`].
    pub known: Vec<Member>,
    /// How many others there are.
    pub others: u32,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Her id.
    pub id: PersonId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What she is.
    pub profile: Profile,
    /// Whether she keeps the group.
    pub manager: bool,
}

/// The members; the blocked and the departed do not count.
///
/// # Errors
/// [`Refusal::Unknown`] when there is no such group that she may change.
pub fn members(database: &impl Database, by: &PersonId, id: &GroupId) -> Result<Members, Error> {
    read::known(database, by, id)?;
    let rows = database.execute(
        "SELECT p.id, p.first_name, p.last_name, p.profile,
            EXISTS (SELECT 1 FROM group_manager k WHERE k.group_id = ?1 AND k.person_id = p.id),
            p.id = ?2 OR EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?2 AND v.recipient_id = p.id)
         FROM membership m CROSS JOIN person p ON p.id = m.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
         WHERE m.group_id = ?1 ORDER BY p.folded_name, p.id LIMIT 5000",
        params![id.as_str(), by.as_str()],
    )?;
    let mut members = Members { known: Vec::new(), others: 0 };
    for row in &rows {
        if !row.boolean(5)? || members.known.len() == MOST_PEOPLE {
            members.others += 1;
            continue;
        }
        members.known.push(Member {
            id: row.text(0)?.parse()?,
            first_name: row.text(1)?.to_owned(),
            last_name: row.text(2)?.to_owned(),
            profile: row.text(3)?.parse()?,
            manager: row.boolean(4)?,
        });
    }
    Ok(members)
}

/// Adds people, all or nobody; those who are members already are left alone. How many are new.
///
/// # Errors
/// [`Refusal::Unknown`], [`Refusal::TooMany`], [`Refusal::OutOfReach`] naming those to whom she may not write.
pub fn add(database: &impl Database, by: &PersonId, id: &GroupId, people: &[String]) -> Result<usize, Error> {
    let asked = list(people)?;
    read::known(database, by, id)?;
    let parameters = params![id.as_str(), by.as_str(), asked];
    let added = database.execute(
        &format!(
            "INSERT INTO membership (group_id, person_id)
             SELECT DISTINCT ?1, j.value FROM json_each(?3) j
             WHERE EXISTS (SELECT 1 FROM group_keeper x WHERE x.group_id = ?1 AND x.person_id = ?2)
                AND NOT EXISTS ({OUT_OF_REACH})
             ON CONFLICT DO NOTHING RETURNING person_id"
        ),
        parameters,
    )?;
    if added.is_empty() {
        let out = database.execute(OUT_OF_REACH, parameters)?;
        let out: Vec<String> =
            out.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<_, store::Error>>()?;
        if !out.is_empty() {
            return Err(Refusal::OutOfReach(out).into());
        }
    }
    Ok(added.len())
}

/// Those asked for who are neither members, nor herself, nor people she may write to.
const OUT_OF_REACH: &str = "SELECT o.value FROM json_each(?3) o
    WHERE o.value IS NOT ?2 AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.group_id = ?1 AND m.person_id = o.value)
        AND NOT EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?2 AND v.recipient_id = o.value)";

/// Takes people out; those who are no members are left alone. How many went.
///
/// # Errors
/// [`Refusal::Unknown`], [`Refusal::TooMany`], [`Refusal::Manager`] when one of them keeps the group: nobody goes then.
pub fn remove(database: &impl Database, by: &PersonId, id: &GroupId, people: &[String]) -> Result<usize, Error> {
    let asked = list(people)?;
    read::known(database, by, id)?;
    let parameters = params![id.as_str(), by.as_str(), asked];
    let gone = database.execute(
        &format!(
            "DELETE FROM membership WHERE group_id = ?1 AND person_id IN (SELECT j.value FROM json_each(?3) j)
                AND EXISTS (SELECT 1 FROM group_keeper x WHERE x.group_id = ?1 AND x.person_id = ?2)
                AND NOT EXISTS ({KEEPING})
             RETURNING person_id"
        ),
        parameters,
    )?;
    if gone.is_empty() && database.first(KEEPING, parameters)?.is_some() {
        return Err(Refusal::Manager.into());
    }
    Ok(gone.len())
}

const KEEPING: &str =
    "SELECT 1 FROM group_manager k WHERE k.group_id = ?1 AND k.person_id IN (SELECT j.value FROM json_each(?3) j)";

fn list(people: &[String]) -> Result<String, Error> {
    if people.len() > MOST_PEOPLE {
        return Err(Refusal::TooMany.into());
    }
    Ok(serde_json::to_string(people)?)
}
