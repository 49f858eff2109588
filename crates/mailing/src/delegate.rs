//! Administrators of classes: named by local administrators, for the letters of these classes' students and relatives only.

use store::{Database, params};

use crate::{Error, Refusal};

/// Somebody who administers a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassAdmin {
    /// Her id.
    pub person: String,
    /// First and last name.
    pub name: String,
    /// What she does; may be empty.
    pub function: String,
    /// The class: id and name.
    pub class: (String, String),
}

/// Those of an establishment, by name and class.
///
/// # Errors
/// When the database cannot be used.
pub fn class_admins(db: &dyn Database, uai: &str) -> Result<Vec<ClassAdmin>, Error> {
    let rows = db.execute(
        "SELECT p.id, p.first_name || ' ' || p.last_name, p.function, c.id, c.name
         FROM class c JOIN class_admin a ON a.class_id = c.id JOIN person p ON p.id = a.person_id
         WHERE c.uai = ?1 ORDER BY p.folded_name, p.id, c.name",
        params![uai],
    )?;
    let text = |row: &store::Row, column| row.text(column).map(str::to_owned);
    rows.iter()
        .map(|row| {
            let class = (text(row, 3)?, text(row, 4)?);
            Ok(ClassAdmin { person: text(row, 0)?, name: text(row, 1)?, function: text(row, 2)?, class })
        })
        .collect()
}

/// Gives a class of the establishment to a teacher or staff member of it, named by her login; her name.
///
/// # Errors
/// [`Refusal::NotEligible`] when there is no such person or class there.
pub fn add(db: &dyn Database, uai: &str, login: &str, class: &str) -> Result<String, Error> {
    let row = db.first(
        "INSERT INTO class_admin (person_id, class_id)
         SELECT p.id, c.id FROM person p JOIN class c ON c.id = ?3 AND c.uai = ?1 AND c.kind = 'class'
         WHERE p.uai = ?1 AND p.login = lower(?2) AND p.profile IN ('teacher', 'staff')
            AND p.blocked_at IS NULL AND p.left_at IS NULL
         ON CONFLICT DO UPDATE SET class_id = excluded.class_id
         RETURNING (SELECT p.first_name || ' ' || p.last_name FROM person p WHERE p.id = person_id)",
        params![uai, login, class],
    )?;
    row.map_or(Err(Refusal::NotEligible.into()), |row| Ok(row.text(0)?.to_owned()))
}

/// Takes a class of the establishment back.
///
/// # Errors
/// [`Refusal::Unknown`] when she did not have it.
pub fn remove(db: &dyn Database, uai: &str, person: &str, class: &str) -> Result<(), Error> {
    let row = db.first(
        "DELETE FROM class_admin WHERE person_id = ?2 AND class_id IN (SELECT c.id FROM class c WHERE c.id = ?3 AND c.uai = ?1)
         RETURNING class_id",
        params![uai, person, class],
    )?;
    row.map_or(Err(Refusal::Unknown.into()), |_| Ok(()))
}
