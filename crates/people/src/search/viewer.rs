//! What is known of the viewer herself: her roles, the classes she can choose among.

use std::str::FromStr as _;

use store::{Database, params};

use crate::{ClassId, Error, GroupKind, PersonId, Role};

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

/// Whether there is more than one establishment, so that it makes sense to look beyond one's own.
///
/// # Errors
/// When the database cannot be used.
pub fn is_network(database: &impl Database) -> Result<bool, Error> {
    Ok(database.first("SELECT 1 FROM establishment LIMIT 1 OFFSET 1", &[])?.is_some())
}
