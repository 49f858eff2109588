//! Reminders: a row is the decision, its message goes to the parents of the pupils for whom nobody has confirmed when it leaves.

use store::{Database, params};

use super::follow;
use crate::Error;

/// Between two reminders of one notice, in milliseconds: 12 hours, so that a form sent twice reminds once.
const APART: i64 = 12 * 3_600_000;
const DAY: i64 = 86_400_000;

/// `author` reminds of her notice, under the new id `reminder`; its message is sent by [`super::tell_reminder`].
///
/// # Errors
/// [`Error::NotFound`] when the notice is not hers to see; [`Error::Refused`] with `not-author`, `not-sent` before the notice
/// itself has left, `all-confirmed` when nobody is left to remind, `reminded` within 12 hours of another reminder.
pub fn remind(database: &dyn Database, author: &str, id: &str, reminder: &str, now: i64) -> Result<(), Error> {
    let made = database.first(
        "INSERT INTO liaison_reminder (id, liaison_id, scheduled, created_at)
            SELECT ?3, l.id, 0, ?4 FROM liaison l
            WHERE l.id = ?2 AND l.author_id = ?1 AND l.notified_at IS NOT NULL
            AND EXISTS (SELECT 1 FROM liaison_asked d WHERE d.liaison_id = l.id AND NOT EXISTS (
                SELECT 1 FROM liaison_asked y
                WHERE y.liaison_id = d.liaison_id AND y.student_id = d.student_id AND y.confirmed_at IS NOT NULL))
            AND NOT EXISTS (SELECT 1 FROM liaison_reminder r WHERE r.liaison_id = l.id AND r.created_at > ?4 - ?5)
            RETURNING 1",
        params![author, id, reminder, now, APART],
    )?;
    if made.is_some() {
        return Ok(());
    }
    let followed = follow(database, author, id)?;
    Err(Error::refused(if !followed.author {
        "not-author"
    } else if followed.notified_at.is_none() {
        "not-sent"
    } else if followed.pupils.iter().all(|pupil| pupil.parents.is_empty() || pupil.confirmed()) {
        "all-confirmed"
    } else {
        "reminded"
    }))
}

/// Makes the reminders that go by themselves and are due: one for each notice, ever. Gives how many.
///
/// # Errors
/// [`Error::Store`].
pub fn remind_due(database: &dyn Database, now: i64) -> Result<u32, Error> {
    let made = database.execute(
        "INSERT INTO liaison_reminder (id, liaison_id, scheduled, created_at)
            SELECT substr(l.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), l.id, 1, ?1 FROM liaison l
            WHERE l.remind_days IS NOT NULL AND l.notified_at <= ?1 - l.remind_days * ?2
            AND NOT EXISTS (SELECT 1 FROM liaison_reminder r
                WHERE r.liaison_id = l.id AND (r.scheduled = 1 OR r.created_at > ?1 - ?3))
            AND EXISTS (SELECT 1 FROM liaison_asked d WHERE d.liaison_id = l.id AND NOT EXISTS (
                SELECT 1 FROM liaison_asked y
                WHERE y.liaison_id = d.liaison_id AND y.student_id = d.student_id AND y.confirmed_at IS NOT NULL))
            ON CONFLICT DO NOTHING RETURNING 1",
        params![now, DAY, APART],
    )?;
    Ok(u32::try_from(made.len()).unwrap_or(u32::MAX))
}
