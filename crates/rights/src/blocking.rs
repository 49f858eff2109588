//! Blocking: a person, or a profile of an establishment, is out until it is lifted: no sign-in, not in the directory,
//! no recipient. The triggers `blocking_begun` and `blocking_lifted` keep `person.blocked_at`; the rows are the history.

use people::{PersonId, Profile, Uai};
use store::{Database, Error, Row, params};

/// Who is blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// One person.
    Person(PersonId),
    /// Everybody of a profile in the establishment, newcomers too; its local administrators not.
    Profile(Profile),
}

impl Blocked {
    fn columns(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Person(person) => (Some(person.as_str()), None),
            Self::Profile(profile) => (None, Some(profile.as_str())),
        }
    }
}

/// A blocking, past or present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocking {
    /// Who.
    pub who: Blocked,
    /// The person's name, or the profile's.
    pub name: String,
    /// Why.
    pub reason: String,
    /// By whom; empty when nobody knows.
    pub by: String,
    /// Since when, UTC milliseconds.
    pub at: i64,
    /// When it was lifted, and by whom.
    pub lifted: Option<(i64, String)>,
}

/// Blocks under `id` (a new ULID). False when `by` does not administer the establishment, when the person is not of it or is
/// `by` herself, or when it is blocked already.
///
/// # Errors
/// When the database cannot be used; nothing was written then.
pub fn block(
    database: &impl Database,
    id: &str,
    uai: &Uai,
    by: &PersonId,
    who: &Blocked,
    reason: &str,
    now: i64,
) -> Result<bool, Error> {
    let (person, profile) = who.columns();
    let row = database.first(
        "INSERT INTO blocking (id, uai, person_id, profile, reason, by_id, at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
         WHERE EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?6 AND a.uai = ?2)
            AND (?3 IS NULL OR ?3 <> ?6 AND EXISTS (SELECT 1 FROM person p WHERE p.id = ?3 AND p.uai = ?2))
         ON CONFLICT DO NOTHING RETURNING 1",
        params![id, uai.as_str(), person, profile, reason, by.as_str(), now],
    )?;
    Ok(row.is_some())
}

/// Lifts a blocking. False when there is none that `by` may lift.
///
/// # Errors
/// When the database cannot be used.
pub fn unblock(database: &impl Database, uai: &Uai, by: &PersonId, who: &Blocked, now: i64) -> Result<bool, Error> {
    let (person, profile) = who.columns();
    let row = database.first(
        "UPDATE blocking SET lifted_at = ?5, lifted_by = ?4
         WHERE uai = ?1 AND person_id IS ?2 AND profile IS ?3 AND lifted_at IS NULL
            AND EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?4 AND a.uai = ?1)
         RETURNING 1",
        params![uai.as_str(), person, profile, by.as_str(), now],
    )?;
    Ok(row.is_some())
}

/// The blockings of the establishment, present ones first, newest first; of one person where one is given. At most 200.
///
/// # Errors
/// When the database cannot be used.
pub fn blockings(database: &impl Database, uai: &Uai, person: Option<&PersonId>) -> Result<Vec<Blocking>, Error> {
    let rows = database.execute(
        "SELECT x.person_id, x.profile, coalesce(p.first_name || ' ' || p.last_name, ''), x.reason,
            coalesce(b.first_name || ' ' || b.last_name, ''), x.at, x.lifted_at, coalesce(l.first_name || ' ' || l.last_name, '')
         FROM blocking x LEFT JOIN person p ON p.id = x.person_id LEFT JOIN person b ON b.id = x.by_id
            LEFT JOIN person l ON l.id = x.lifted_by
         WHERE x.uai = ?1 AND (?2 IS NULL OR x.person_id = ?2)
         ORDER BY x.lifted_at IS NOT NULL, x.at DESC, x.rowid DESC LIMIT 200",
        params![uai.as_str(), person.map(PersonId::as_str)],
    )?;
    rows.iter().map(blocking).collect()
}

fn blocking(row: &Row) -> Result<Blocking, Error> {
    let (who, name) = match (row.optional_text(0)?, row.optional_text(1)?) {
        (Some(person), _) => (Blocked::Person(person.parse().map_err(|_| Error::Column(0))?), row.text(2)?.to_owned()),
        (None, Some(profile)) => {
            let profile: Profile = profile.parse().map_err(|_| Error::Column(1))?;
            (Blocked::Profile(profile), profile.plural().to_owned())
        }
        (None, None) => return Err(Error::Column(0)),
    };
    Ok(Blocking {
        who,
        name,
        reason: row.text(3)?.to_owned(),
        by: row.text(4)?.to_owned(),
        at: row.integer(5)?,
        lifted: row.optional_integer(6)?.map(|at| Ok::<_, Error>((at, row.text(7)?.to_owned()))).transpose()?,
    })
}
