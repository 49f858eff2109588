//! What became of a notice: for its author, and for the local administrators of its establishment.

use store::{Database, Row, params};

use crate::Error;

/// Notices of one list.
const LIST: i64 = 100;

/// A notice in the list of its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// ULID.
    pub id: String,
    /// One line.
    pub title: String,
    /// When it was written, UTC milliseconds.
    pub at: i64,
    /// Name of who wrote it.
    pub author: String,
    /// Pupils concerned.
    pub pupils: i64,
    /// Of these, confirmed.
    pub confirmed: i64,
}

/// A notice, pupil by pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// What the list says of it.
    pub notice: Written,
    /// Sanitised HTML.
    pub html: String,
    /// Who is looking wrote it.
    pub author: bool,
    /// When its message left, UTC milliseconds.
    pub notified_at: Option<i64>,
    /// Why it did not: a code of `counter::CODES`.
    pub notify_problem: Option<String>,
    /// Days to the reminder that goes by itself.
    pub remind_days: Option<i64>,
    /// When reminders left, UTC milliseconds, and whether by themselves; the first first.
    pub reminders: Vec<(i64, bool)>,
    /// By class, then in order of name.
    pub pupils: Vec<Pupil>,
}

/// A pupil whom a notice concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pupil {
    /// ULID.
    pub id: String,
    /// Last and first name.
    pub name: String,
    /// Name of her class when the notice was written; empty without one.
    pub class: String,
    /// Her legal parents who were asked and are so still, in order of name.
    pub parents: Vec<Parent>,
}

impl Pupil {
    /// At least one legal parent has confirmed.
    #[must_use]
    pub fn confirmed(&self) -> bool {
        self.parents.iter().any(|parent| parent.confirmed_at.is_some())
    }

    /// No legal parent can be reached by a message: the family has to be told otherwise.
    #[must_use]
    pub fn unreachable(&self) -> bool {
        !self.parents.iter().any(|parent| parent.reachable)
    }
}

/// A legal parent who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// First and last name.
    pub name: String,
    /// UTC milliseconds.
    pub confirmed_at: Option<i64>,
    /// She has a mailbox or a redirect address, and is neither blocked nor gone.
    pub reachable: bool,
}

// ?1 the person; one condition more on `l`.
macro_rules! written {
    ($condition:literal) => {
        concat!(
            "SELECT l.id, l.title, l.created_at, a.first_name || ' ' || a.last_name,
                (SELECT count(*) FROM liaison_pupil p WHERE p.liaison_id = l.id),
                (SELECT count(DISTINCT d.student_id) FROM liaison_asked d WHERE d.liaison_id = l.id AND d.confirmed_at IS NOT NULL),
                l.body_html, l.author_id = ?1, l.notified_at, l.notify_problem, l.remind_days
                FROM liaison l JOIN person a ON a.id = l.author_id WHERE ",
            $condition,
            " ORDER BY l.id DESC LIMIT ?3 + 0"
        )
    };
}

/// The notices that `person` wrote, newest first, the last 100; with `uai`, all those of that establishment, for its local
/// administrators.
///
/// # Errors
/// [`Error::Store`].
pub fn written(database: &dyn Database, person: &str, uai: Option<&str>) -> Result<Vec<Written>, Error> {
    let rows = match uai {
        Some(_) => database.execute(
            written!("l.uai = ?2 AND EXISTS (SELECT 1 FROM local_admin x WHERE x.person_id = ?1 AND x.uai = ?2)"),
            params![person, uai, LIST],
        )?,
        None => database.execute(written!("l.author_id = ?1 AND ?2 IS NULL"), params![person, uai, LIST])?,
    };
    rows.iter().map(notice).collect()
}

/// Notice `id`, pupil by pupil.
///
/// # Errors
/// [`Error::NotFound`] when `person` neither wrote it nor administers its establishment.
pub fn follow(database: &dyn Database, person: &str, id: &str) -> Result<Follow, Error> {
    let row = database.first(
        written!(
            "l.id = ?2 AND (l.author_id = ?1 OR EXISTS (SELECT 1 FROM local_admin x WHERE x.person_id = ?1 AND x.uai = l.uai))"
        ),
        params![person, id, 1],
    )?;
    let Some(row) = row else { return Err(Error::NotFound) };
    let reminders = database.execute(
        "SELECT r.notified_at, r.scheduled FROM liaison_reminder r WHERE r.liaison_id = ?1 AND r.notified_at IS NOT NULL
            ORDER BY r.notified_at",
        params![id],
    )?;
    Ok(Follow {
        notice: notice(&row)?,
        html: row.text(6)?.to_owned(),
        author: row.boolean(7)?,
        notified_at: row.optional_integer(8)?,
        notify_problem: row.optional_text(9)?.map(str::to_owned),
        remind_days: row.optional_integer(10)?,
        reminders: reminders.iter().map(|row| Ok((row.integer(0)?, row.boolean(1)?))).collect::<Result<_, Error>>()?,
        pupils: pupils(database, id)?,
    })
}

fn pupils(database: &dyn Database, id: &str) -> Result<Vec<Pupil>, Error> {
    let rows = database.execute(
        "SELECT s.id, s.last_name || ' ' || s.first_name, p.class_name, q.first_name || ' ' || q.last_name, d.confirmed_at,
            q.blocked_at IS NULL AND q.left_at IS NULL AND (c.by_mailbox OR c.by_redirect)
            FROM liaison_pupil p JOIN person s ON s.id = p.student_id
            LEFT JOIN liaison_asked d ON d.liaison_id = p.liaison_id AND d.student_id = p.student_id
            LEFT JOIN person q ON q.id = d.relative_id LEFT JOIN conveyance c ON c.person_id = d.relative_id
            WHERE p.liaison_id = ?1 ORDER BY p.class_name, s.folded_name, s.id, q.folded_name",
        params![id],
    )?;
    let mut pupils: Vec<Pupil> = Vec::new();
    for row in &rows {
        let student = row.text(0)?;
        if pupils.last().is_none_or(|last| last.id != student) {
            let (name, class) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
            pupils.push(Pupil { id: student.to_owned(), name, class, parents: Vec::new() });
        }
        if let (Some(name), Some(pupil)) = (row.optional_text(3)?, pupils.last_mut()) {
            let (name, confirmed_at) = (name.to_owned(), row.optional_integer(4)?);
            pupil.parents.push(Parent { name, confirmed_at, reachable: row.boolean(5)? });
        }
    }
    Ok(pupils)
}

fn notice(row: &Row) -> Result<Written, Error> {
    let text = |index| row.text(index).map(str::to_owned);
    Ok(Written {
        id: text(0)?,
        title: text(1)?,
        at: row.integer(2)?,
        author: text(3)?,
        pupils: row.integer(4)?,
        confirmed: row.integer(5)?,
    })
}
