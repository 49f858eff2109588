//! What is known of the viewer herself: her roles, the classes she can choose among.

use std::str::FromStr as _;

use store::{Database, Value, params};

use super::people::matching;
use super::plan::count_matches;
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
    Ok(form(database, viewer, "")?.classes)
}

/// What a page of people shows and needs before it searches, in one statement.
#[derive(Debug)]
pub struct SearchForm {
    /// See [`classes`].
    pub classes: Vec<Class>,
    /// How many names match what is typed, as far as the choice of a plan needs; none while nothing is typed.
    pub(super) matches: Option<i64>,
}

/// The form for what is `typed`.
///
/// # Errors
/// When the database cannot be used.
pub fn form(database: &impl Database, viewer: &PersonId, typed: &str) -> Result<SearchForm, Error> {
    let matching = matching(typed);
    let matches = if matching.is_some() { format!("({})", count_matches("?2")) } else { "NULL".to_owned() };
    // Last, whatever the classes: `kind` is null there alone.
    let statement = format!(
        "SELECT k.id, k.name, k.kind, k.level, NULL FROM class k WHERE k.id IN (
            SELECT g.class_id FROM membership m JOIN person_group g ON g.id = m.group_id WHERE m.person_id = ?1
            UNION
            SELECT g.class_id FROM reachable_group v JOIN person_group g ON g.id = v.group_id
            WHERE v.sender_id = ?1 AND g.profile <> 'staff')
        UNION ALL SELECT '', '', NULL, '', {matches}
        ORDER BY 3 NULLS LAST, 2, 1"
    );
    let mut parameters = params![viewer.as_str()].to_vec();
    parameters.extend(matching.map(Value::from));
    let mut form = SearchForm { classes: Vec::new(), matches: None };
    for row in &database.execute(&statement, &parameters)? {
        match row.optional_text(2)? {
            None => form.matches = row.optional_integer(4)?,
            Some(kind) => form.classes.push(Class {
                id: row.text(0)?.parse()?,
                name: row.text(1)?.to_owned(),
                kind: GroupKind::from_str(kind)?,
                level: row.text(3)?.to_owned(),
            }),
        }
    }
    Ok(form)
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
