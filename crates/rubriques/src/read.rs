//! The rubriques that somebody sees.

use store::{Database, Error, Row, params};

/// A rubrique as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rubrique {
    /// ULID.
    pub id: String,
    /// Its establishment.
    pub uai: String,
    /// The name of its establishment.
    pub establishment: String,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// When it was closed, in UTC milliseconds: only local administrators see it then.
    pub closed_at: Option<i64>,
    /// Whether she edits it: writes news and events, sends messages. Nobody edits a closed one.
    pub edits: bool,
    /// Whether she administers its establishment.
    pub administers: bool,
}

/// Views are asked with ?1 and not joined, so that SQLite begins with the person.
const SEEN: &str = "\
    SELECT r.id, r.uai, e.name, r.name, r.description, r.closed_at,
        r.id IN (SELECT x.rubrique_id FROM editable_rubrique x WHERE x.person_id = ?1),
        r.uai IN (SELECT a.uai FROM local_admin a WHERE a.person_id = ?1)
    FROM rubrique r JOIN establishment e ON e.uai = r.uai
    WHERE (r.id IN (SELECT x.rubrique_id FROM readable_rubrique x WHERE x.person_id = ?1)
        OR r.uai IN (SELECT a.uai FROM local_admin a WHERE a.person_id = ?1))";

/// The rubriques that `viewer` reads, by name; those closed, which local administrators alone see, last.
///
/// # Errors
/// Those of the database.
pub fn readable(database: &dyn Database, viewer: &str) -> Result<Vec<Rubrique>, Error> {
    let statement = format!("{SEEN} ORDER BY r.closed_at IS NOT NULL, r.folded_name, r.id LIMIT 500");
    let rows = database.execute(&statement, params![viewer])?;
    rows.iter().map(rubrique).collect()
}

/// The rubrique `id`, if `viewer` reads it or administers its establishment.
///
/// # Errors
/// Those of the database.
pub fn one(database: &dyn Database, viewer: &str, id: &str) -> Result<Option<Rubrique>, Error> {
    database.first(&format!("{SEEN} AND r.id = ?2"), params![viewer, id])?.as_ref().map(rubrique).transpose()
}

fn rubrique(row: &Row) -> Result<Rubrique, Error> {
    Ok(Rubrique {
        id: row.text(0)?.to_owned(),
        uai: row.text(1)?.to_owned(),
        establishment: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        description: row.text(4)?.to_owned(),
        closed_at: row.optional_integer(5)?,
        edits: row.boolean(6)?,
        administers: row.boolean(7)?,
    })
}
