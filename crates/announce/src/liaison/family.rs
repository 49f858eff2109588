//! What a parent sees and does: the notices about the children whose legal parent she was when the
//! notice was written, and is still.

use store::{Database, Row, params};

use crate::Error;

/// Notices of one list.
const LIST: i64 = 150;

/// A notice about one child, as a parent sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// ULID of the notice.
    pub notice: String,
    /// One line.
    pub title: String,
    /// Name of who wrote it.
    pub author: String,
    /// When it was written, UTC milliseconds.
    pub at: i64,
    /// ULID of the child.
    pub student: String,
    /// First and last name.
    pub student_name: String,
    /// When she confirmed herself, UTC milliseconds.
    pub confirmed_at: Option<i64>,
    /// A legal parent of the child confirmed, she or another; which, she is not told.
    pub confirmed: bool,
}

/// A notice as a parent reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForParent {
    /// Sanitised HTML.
    pub html: String,
    /// Her children whom it concerns, at least one.
    pub children: Vec<Child>,
}

macro_rules! children {
    ($condition:literal) => {
        concat!(
            "SELECT l.id, l.title, a.first_name || ' ' || a.last_name, l.created_at, s.id, s.first_name || ' ' || s.last_name,
                d.confirmed_at, EXISTS (SELECT 1 FROM liaison_asked y
                    WHERE y.liaison_id = d.liaison_id AND y.student_id = d.student_id AND y.confirmed_at IS NOT NULL) AS confirmed,
                l.body_html
                FROM liaison_asked d JOIN liaison l ON l.id = d.liaison_id
                JOIN person a ON a.id = l.author_id JOIN person s ON s.id = d.student_id
                WHERE d.relative_id = ?1 AND ",
            $condition,
            " ORDER BY confirmed, l.id DESC, s.folded_name, s.id LIMIT ?3 + 0"
        )
    };
}

/// The notices about the children of `relative`, one for each child, at most 150: those to confirm first, then the newest.
///
/// # Errors
/// [`Error::Store`].
pub fn of_parent(database: &dyn Database, relative: &str) -> Result<Vec<Child>, Error> {
    let rows = database.execute(children!("?2 IS NULL"), params![relative, None::<String>, LIST])?;
    rows.iter().map(child).collect()
}

/// Notice `id` as `relative` reads it.
///
/// # Errors
/// [`Error::NotFound`] when it concerns no child of hers.
pub fn one_for_parent(database: &dyn Database, relative: &str, id: &str) -> Result<ForParent, Error> {
    let rows = database.execute(children!("l.id = ?2"), params![relative, id, LIST])?;
    let Some(first) = rows.first() else { return Err(Error::NotFound) };
    let html = first.text(8)?.to_owned();
    Ok(ForParent { html, children: rows.iter().map(child).collect::<Result<_, _>>()? })
}

/// `relative` confirms notice `id` for `student`. Doing it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when she was not asked about this child, or is no legal parent of it any more.
pub fn confirm(database: &dyn Database, relative: &str, id: &str, student: &str, now: i64) -> Result<(), Error> {
    let done = database.first(
        "UPDATE liaison_addressee SET confirmed_at = coalesce(confirmed_at, ?4)
            WHERE liaison_id = ?2 AND student_id = ?3 AND relative_id = ?1 AND EXISTS (SELECT 1 FROM liaison_asked x
                WHERE x.liaison_id = ?2 AND x.student_id = ?3 AND x.relative_id = ?1) RETURNING 1",
        params![relative, id, student, now],
    )?;
    done.map_or(Err(Error::NotFound), |_| Ok(()))
}

fn child(row: &Row) -> Result<Child, Error> {
    let text = |index| row.text(index).map(str::to_owned);
    Ok(Child {
        notice: text(0)?,
        title: text(1)?,
        author: text(2)?,
        at: row.integer(3)?,
        student: text(4)?,
        student_name: text(5)?,
        confirmed_at: row.optional_integer(6)?,
        confirmed: row.boolean(7)?,
    })
}
