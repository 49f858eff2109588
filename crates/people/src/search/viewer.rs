//! What is known of the viewer herself: her roles, the classes she can choose among.

use std::str::FromStr as _;

use store::{Database, params};

use crate::{ClassId, Error, GroupKind, PersonId, Role, Uai};

/// The roles of a person, in no order.
///
/// # Errors
/// When the database cannot be used.
pub fn roles(database: &impl Database, person: &PersonId) -> Result<Vec<Role>, Error> {
    let rows = database
        .execute("SELECT DISTINCT r.role FROM person_role r WHERE r.person_id = ?1", params![person.as_str()])?;
    rows.iter().map(|row| Ok(row.text(0)?.parse()?)).collect()
}

/// A class or teaching group to choose.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Class {
    /// Its id.
    pub id: ClassId,
    /// "6A".
    pub name: String,
    /// [`GroupKind::Class`] or [`GroupKind::TeachingGroup`].
    pub kind: GroupKind,
    /// "6EME"; empty across levels.
    pub level: String,
}

/// The classes and teaching groups in which the viewer can look for people: her own, and those of whose students,
/// relatives or teachers she may write to. Classes first, then in order of name.
///
/// # Errors
/// When the database cannot be used.
pub fn classes(database: &impl Database, viewer: &PersonId) -> Result<Vec<Class>, Error> {
    let rows = database.execute(
        "SELECT k.id, k.name, k.kind, k.level FROM class k WHERE k.id IN (
            SELECT g.class_id FROM membership m JOIN person_group g ON g.id = m.group_id WHERE m.person_id = ?1
            UNION
            SELECT g.class_id FROM reachable_group v JOIN person_group g ON g.id = v.group_id
            WHERE v.sender_id = ?1 AND g.profile <> 'staff')
        ORDER BY k.kind, k.name, k.id",
        params![viewer.as_str()],
    )?;
    let class = |row: &store::Row| {
        Ok(Class {
            id: row.text(0)?.parse()?,
            name: row.text(1)?.to_owned(),
            kind: GroupKind::from_str(row.text(2)?)?,
            level: row.text(3)?.to_owned(),
        })
    };
    rows.iter().map(class).collect()
}

/// The disciplines by which the viewer can look for teachers (D-1): those of the establishments, or of all, among the groups
/// she may write to. In order of name.
///
/// # Errors
/// When the database cannot be used.
pub fn disciplines(database: &impl Database, viewer: &PersonId, establishments: &[Uai]) -> Result<Vec<String>, Error> {
    let uais: Vec<&str> = establishments.iter().map(Uai::as_str).collect();
    let rows = database.execute(
        "SELECT DISTINCT g.discipline FROM (SELECT DISTINCT v.group_id FROM reachable_group v WHERE v.sender_id = ?1) v
         CROSS JOIN person_group g ON g.id = v.group_id
         WHERE g.kind = 'discipline' AND (json_array_length(?2) = 0 OR g.uai IN (SELECT e.value FROM json_each(?2) e))",
        params![viewer.as_str(), serde_json::to_string(&uais)?],
    )?;
    let mut names: Vec<String> = rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<_, Error>>()?;
    names.sort_by_cached_key(|name| crate::fold(name));
    Ok(names)
}

/// An establishment of the network to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Establishment {
    /// Its code.
    pub uai: Uai,
    /// "Collège Jean-Moulin".
    pub name: String,
}

/// The establishments of the network whose name has words that begin so, or whose code is typed; all of them for an empty
/// text. In order of name.
///
/// # Errors
/// When the database cannot be used.
pub fn establishments(database: &impl Database, typed: &str) -> Result<Vec<Establishment>, Error> {
    let words = crate::words(typed);
    // Names of establishments are not kept folded: there are some hundreds of them, and they are rarely asked for.
    let rows = database.execute("SELECT e.uai, e.name FROM establishment e", &[])?;
    let mut found: Vec<(String, Establishment)> = Vec::new();
    for row in &rows {
        let (uai, name) = (row.text(0)?, row.text(1)?);
        let folded = format!(" {} {}", crate::fold(name), crate::fold(uai));
        if words.iter().all(|word| folded.contains(&format!(" {word}"))) {
            found.push((folded, Establishment { uai: uai.parse()?, name: name.to_owned() }));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found.into_iter().map(|(_, establishment)| establishment).collect())
}

/// To how many people at most the viewer's messages may go (M-2): a setting of her establishment.
///
/// # Errors
/// When the database cannot be used.
pub fn message_limit(database: &impl Database, viewer: &PersonId) -> Result<u32, Error> {
    let row = database.first(
        "SELECT e.max_recipients FROM person p JOIN establishment e ON e.uai = p.uai WHERE p.id = ?1",
        params![viewer.as_str()],
    )?;
    Ok(row.map_or(Ok(0), |row| row.integer(0)).map(|limit| u32::try_from(limit).unwrap_or(0))?)
}

/// Whether there is more than one establishment, so that it makes sense to look beyond one's own.
///
/// # Errors
/// When the database cannot be used.
pub fn is_network(database: &impl Database) -> Result<bool, Error> {
    Ok(database.first("SELECT 1 FROM establishment LIMIT 1 OFFSET 1", &[])?.is_some())
}
