//! A group crossed with a profile: who edits a rubrique, and who reads it.

use std::fmt;

use people::Profile;
use store::{Database, Error, Row, params};

/// Groups that one search gives, at most.
const FOUND: u32 = 40;

/// A group, whole or one profile of it. Its text form, in forms, is `<group>:<profile>`, with an empty profile for all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seat {
    /// ULID of the group.
    pub group: String,
    /// Only its members of this profile; none: all of them. A group made by a profile has no other.
    pub profile: Option<Profile>,
}

impl Seat {
    /// From its text form; none for a text that is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (group, profile) = text.split_once(':')?;
        let profile = if profile.is_empty() { None } else { Some(profile.parse().ok()?) };
        Some(Self { group: group.to_owned(), profile })
    }

    fn profile_text(&self) -> &'static str {
        self.profile.map_or("", Profile::as_str)
    }
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.group, self.profile_text())
    }
}

/// A seat as it is shown to who administers the establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSeat {
    /// Which one.
    pub seat: Seat,
    /// The name of the group.
    pub name: String,
    /// How many it has now, the blocked and the departed not among them.
    pub members: u32,
}

/// The JSON array that `rubrique_saved` takes.
pub(crate) fn to_json(seats: &[Seat]) -> String {
    let list: Vec<_> =
        seats.iter().map(|seat| serde_json::json!({ "group": seat.group, "profile": seat.profile_text() })).collect();
    serde_json::Value::Array(list).to_string()
}

const MEMBERS: &str = "(SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id
    AND (x.profile = '' OR p.profile = x.profile) AND p.blocked_at IS NULL AND p.left_at IS NULL WHERE m.group_id = x.group_id)";

/// Those who edit the rubrique, by name.
///
/// # Errors
/// Those of the database.
pub fn editors(database: &dyn Database, rubrique: &str) -> Result<Vec<NamedSeat>, Error> {
    list(database, "SELECT e.group_id, e.profile FROM rubrique_editor e WHERE e.rubrique_id = ?1", rubrique)
}

/// Those who read the rubrique, by name.
///
/// # Errors
/// Those of the database.
pub fn populations(database: &dyn Database, rubrique: &str) -> Result<Vec<NamedSeat>, Error> {
    list(database, "SELECT o.group_id, o.profile FROM population o WHERE o.rubrique_id = ?1", rubrique)
}

fn list(database: &dyn Database, seats: &str, rubrique: &str) -> Result<Vec<NamedSeat>, Error> {
    let statement = format!(
        "SELECT x.group_id, x.profile, g.name, {MEMBERS} FROM ({seats}) x JOIN person_group g ON g.id = x.group_id
         ORDER BY g.folded_name, x.profile"
    );
    let rows = database.execute(&statement, params![rubrique])?;
    rows.iter().map(seat).collect()
}

/// The names of seats that are not kept yet, as far as they are of the establishment `uai`; the others are left out.
///
/// # Errors
/// Those of the database.
pub fn named(database: &dyn Database, uai: &str, seats: &[Seat]) -> Result<Vec<NamedSeat>, Error> {
    let statement = format!(
        "SELECT x.group_id, x.profile, g.name, {MEMBERS}
         FROM (SELECT DISTINCT j.value ->> 'group' AS group_id, j.value ->> 'profile' AS profile FROM json_each(?2) j) x
         JOIN person_group g ON g.id = x.group_id AND g.uai = ?1
         ORDER BY g.folded_name, x.profile"
    );
    let rows = database.execute(&statement, params![uai, to_json(seats)])?;
    rows.iter().map(seat).collect()
}

/// The groups of the establishment whose name has all the words of `typed`, and of those that mix profiles each profile too;
/// without a word, the groups of the whole establishment. At most 40 groups.
///
/// # Errors
/// Those of the database.
pub fn find(database: &dyn Database, uai: &str, typed: &str) -> Result<Vec<NamedSeat>, Error> {
    let words = serde_json::Value::from(people::words(typed)).to_string();
    let statement = format!(
        "SELECT x.group_id, x.profile, x.name, {MEMBERS} FROM (
            WITH found (id, name, folded_name, profile) AS MATERIALIZED (
                SELECT g.id, g.name, g.folded_name, g.profile FROM person_group g
                WHERE g.uai = ?1 AND g.keepers_of IS NULL AND (json_array_length(?2) > 0 OR g.kind = 'establishment')
                    AND NOT EXISTS (SELECT 1 FROM json_each(?2) j WHERE instr(' ' || g.folded_name, ' ' || j.value) = 0)
                ORDER BY g.folded_name, g.id LIMIT ?3 + 0)
            SELECT f.id AS group_id, '' AS profile, f.name AS name, f.folded_name AS folded_name FROM found f
            UNION
            SELECT f.id, p.profile, f.name, f.folded_name
            FROM found f JOIN membership m ON m.group_id = f.id JOIN person p ON p.id = m.person_id WHERE f.profile IS NULL
        ) x ORDER BY x.folded_name, x.group_id, x.profile"
    );
    let rows = database.execute(&statement, params![uai, words, FOUND])?;
    rows.iter().map(seat).collect()
}

fn seat(row: &Row) -> Result<NamedSeat, Error> {
    let profile = row.text(1)?;
    let profile = if profile.is_empty() { None } else { Some(profile.parse().map_err(|_| Error::Column(1))?) };
    Ok(NamedSeat {
        seat: Seat { group: row.text(0)?.to_owned(), profile },
        name: row.text(2)?.to_owned(),
        members: u32::try_from(row.integer(3)?).unwrap_or(0),
    })
}
