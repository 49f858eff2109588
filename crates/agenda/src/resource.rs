//! What an establishment lends, managed by its local administrators; and who holds what.

use people::fold;
use store::{Database, Row, params};

use crate::{Error, Refusal, Stored};

/// What a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A room.
    Room,
    /// A vehicle.
    Vehicle,
    /// Laptops, a projector…
    Equipment,
}

impl Kind {
    /// As it is kept, and sent in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Vehicle => "vehicle",
            Self::Equipment => "equipment",
        }
    }

    /// Reads [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Room, Self::Vehicle, Self::Equipment].into_iter().find(|known| known.as_str() == text)
    }

    /// In French.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Room => "Salle",
            Self::Vehicle => "Véhicule",
            Self::Equipment => "Matériel",
        }
    }
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// ULID.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Seats, keys, to be asked for where.
    pub description: String,
}

/// What an administrator says of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceContent {
    /// What it is.
    pub kind: Kind,
    /// 1 to 100 characters, another than those of the other resources.
    pub name: String,
    /// At most 500 characters.
    pub description: String,
}

/// A resource that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub resource: String,
    /// The event that holds it: id and title, when she may see it.
    pub by: Option<(String, String)>,
    /// From when (UTC milliseconds).
    pub from: i64,
    /// Until when, excluded.
    pub until: i64,
}

const LIST: &str = "
    SELECT r.id, r.kind, r.name, r.description FROM resource r
    WHERE r.uai = ?1 AND r.retired_at IS NULL ORDER BY r.kind <> 'room', r.kind, r.folded_name";

/// Who holds what of these at that time. A draft is told of to editors only, and what one may not read has no name.
const HELD: &str = "
    SELECT r.name, e.id, e.title, b.starts_at, b.ends_at,
        EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?5 AND v.rubrique_id = e.rubrique_id)
        OR (e.state <> 'draft' AND EXISTS (SELECT 1 FROM readable_rubrique v WHERE v.person_id = ?5 AND v.rubrique_id = e.rubrique_id))
    FROM json_each(?1) j JOIN resource r ON r.id = j.value
    JOIN booking b ON b.resource_id = r.id AND b.starts_at < ?3 AND b.starts_at > ?2 - 31708800000 AND b.ends_at > ?2
    JOIN event e ON e.id = b.event_id
    WHERE b.event_id <> ?4
    ORDER BY b.starts_at LIMIT 20";

const MINE: &str = "EXISTS (SELECT 1 FROM local_admin a JOIN person p ON p.id = a.person_id AND p.blocked_at IS NULL
    AND p.left_at IS NULL WHERE a.person_id = ?1 AND a.uai = resource.uai)";

/// What the establishment lends, rooms first, by name.
///
/// # Errors
/// Those of the database.
pub fn resources(db: &dyn Database, uai: &str) -> Result<Vec<Resource>, Error> {
    db.execute(LIST, params![uai])?.iter().map(|row| read(row, 0)).collect()
}

pub(crate) fn read(row: &Row, first: usize) -> Result<Resource, Error> {
    Ok(Resource {
        id: row.text(first)?.to_owned(),
        kind: Kind::parse(row.text(first + 1)?).ok_or_else(|| Error::Unknown("a kind of resource".to_owned()))?,
        name: row.text(first + 2)?.to_owned(),
        description: row.text(first + 3)?.to_owned(),
    })
}

/// Adds the resource `id` (ULID) to an establishment that `by` administers.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Field`], [`Refusal::NameTaken`].
pub fn add_resource(
    db: &dyn Database,
    now: i64,
    by: &str,
    uai: &str,
    id: &str,
    content: &ResourceContent,
) -> Result<(), Error> {
    let (name, folded) = named(content)?;
    let added = db.first(
        "INSERT INTO resource (id, uai, kind, name, folded_name, description, created_at)
            SELECT ?2, a.uai, ?4, ?5, ?6, ?7, ?8 FROM local_admin a WHERE a.person_id = ?1 AND a.uai = ?3 RETURNING id",
        params![by, id, uai, content.kind.as_str(), name, folded, content.description.trim(), now],
    );
    found(added)
}

/// Changes a resource of an establishment that `by` administers.
///
/// # Errors
/// As [`add_resource`].
pub fn change_resource(db: &dyn Database, by: &str, id: &str, content: &ResourceContent) -> Result<(), Error> {
    let (name, folded) = named(content)?;
    let statement = format!(
        "UPDATE resource SET kind = ?3, name = ?4, folded_name = ?5, description = ?6
            WHERE id = ?2 AND retired_at IS NULL AND {MINE} RETURNING id"
    );
    found(db.first(&statement, params![by, id, content.kind.as_str(), name, folded, content.description.trim()]))
}

/// Lends a resource no more; events that hold it keep it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn retire_resource(db: &dyn Database, now: i64, by: &str, id: &str) -> Result<(), Error> {
    let statement =
        format!("UPDATE resource SET retired_at = ?3 WHERE id = ?2 AND retired_at IS NULL AND {MINE} RETURNING id");
    found(db.first(&statement, params![by, id, now]))
}

fn named(content: &ResourceContent) -> Result<(&str, String), Refusal> {
    let name = content.name.trim();
    let folded = fold(name);
    if name.is_empty() || folded.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Refusal::Field("name"));
    }
    if content.description.trim().chars().count() > 500 {
        return Err(Refusal::Field("description"));
    }
    Ok((name, folded))
}

fn found(written: Result<Option<Row>, store::Error>) -> Result<(), Error> {
    match written {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(Refusal::NotFound.into()),
        Err(store::Error::Constraint(_)) => Err(Refusal::NameTaken.into()),
        Err(error) => Err(error.into()),
    }
}

/// Finds the words for a refusal of the triggers: who holds what.
pub(crate) fn explain(
    db: &dyn Database,
    by: &str,
    event: &str,
    wanted: &[String],
    stored: &Stored,
    written: Result<Option<Row>, store::Error>,
) -> Result<Option<Row>, Error> {
    match written.map_err(Error::from) {
        Err(Error::Refused(Refusal::Booked(_))) => {
            let ids = serde_json::to_string(wanted)?;
            let rows = db.execute(HELD, params![ids, stored.starts_at, stored.ends_at, event, by])?;
            let held = rows.iter().map(|row| {
                let by = if row.boolean(5)? { Some((row.text(1)?.to_owned(), row.text(2)?.to_owned())) } else { None };
                Ok(Held { resource: row.text(0)?.to_owned(), by, from: row.integer(3)?, until: row.integer(4)? })
            });
            Err(Refusal::Booked(held.collect::<Result<_, store::Error>>()?).into())
        }
        other => other,
    }
}
