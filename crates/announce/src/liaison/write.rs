//! What an author writes, and whom she may choose.

use counter::{Desk, Kind};
use store::{Database, params};
use submission::Body;

use super::Content;
use crate::dispatch::{Due, RUN, link, tell_first};
use crate::{Error, Told, content};

/// A group that pupils can be chosen by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// ULID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `establishment`, `class`, `teaching-group`, `manual`, `ad-hoc`.
    pub kind: String,
    /// How many pupils are in it.
    pub pupils: i64,
}

/// Whether `person` may write liaison notices at all: teachers, staff, local administrators.
///
/// # Errors
/// [`Error::Store`].
pub fn may_write(database: &dyn Database, person: &str) -> Result<bool, Error> {
    let row = database.first(
        "SELECT 1 FROM person p WHERE p.id = ?1 AND p.profile IN ('teacher', 'staff')
            UNION ALL SELECT 1 FROM local_admin a WHERE a.person_id = ?1",
        params![person],
    )?;
    Ok(row.is_some())
}

/// The groups that `author` can choose pupils by: classes first, then in order of name.
///
/// # Errors
/// [`Error::Store`].
pub fn groups(database: &dyn Database, author: &str) -> Result<Vec<Group>, Error> {
    let rows = database.execute(
        "SELECT g.id, g.name, g.kind, (SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id
                AND p.profile = 'student' AND p.blocked_at IS NULL AND p.left_at IS NULL WHERE m.group_id = g.id) AS pupils
            FROM (SELECT DISTINCT x.group_id FROM liaison_group x WHERE x.author_id = ?1) v JOIN person_group g ON g.id = v.group_id
            WHERE pupils > 0
            ORDER BY CASE g.kind WHEN 'class' THEN 0 WHEN 'teaching-group' THEN 1 WHEN 'establishment' THEN 2 ELSE 3 END, g.folded_name",
        params![author],
    )?;
    rows.iter()
        .map(|row| {
            let text = |index| row.text(index).map(str::to_owned);
            Ok(Group { id: text(0)?, name: text(1)?, kind: text(2)?, pupils: row.integer(3)? })
        })
        .collect()
}

/// Id and name of the pupils of `group` whom a notice of `author` may concern, in order of name.
///
/// # Errors
/// [`Error::NotFound`] when the group is not one of [`groups`].
pub fn pupils(database: &dyn Database, author: &str, group: &str) -> Result<Vec<(String, String)>, Error> {
    let hers = database
        .first("SELECT 1 FROM liaison_group x WHERE x.author_id = ?1 AND x.group_id = ?2", params![author, group])?;
    if hers.is_none() {
        return Err(Error::NotFound);
    }
    let rows = database.execute(
        "SELECT p.id, p.last_name || ' ' || p.first_name FROM membership m JOIN person p ON p.id = m.person_id AND p.profile = 'student'
            WHERE m.group_id = ?2
            AND EXISTS (SELECT 1 FROM liaison_pupil_of x WHERE x.author_id = ?1 AND x.student_id = p.id)
            ORDER BY p.folded_name, p.id",
        params![author, group],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

/// Id and name of those of `ids` whom a notice of `author` may concern, in order of name.
///
/// # Errors
/// [`Error::Invalid`] for more ids than a form has.
pub fn named(database: &dyn Database, author: &str, ids: &[String]) -> Result<Vec<(String, String)>, Error> {
    let rows = database.execute(
        "SELECT p.id, p.last_name || ' ' || p.first_name FROM person p WHERE p.id IN (SELECT j.value FROM json_each(?2) j)
            AND EXISTS (SELECT 1 FROM liaison_pupil_of x WHERE x.author_id = ?1 AND x.student_id = p.id)
            ORDER BY p.folded_name, p.id",
        params![author, content::ids("pupils", ids)?],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

/// Writes a notice under the new id `id`; gives its id. With a `key` that was used before, gives the one that was written
/// then. Its message is sent by [`tell`], or by the cron trigger.
///
/// # Errors
/// [`Error::Invalid`] for the content; [`Error::Refused`] with `groups` or `pupils` for those that are not the author's to
/// choose, `no-pupil` when nobody is concerned, `establishments` when they are of several.
pub fn write(desk: Desk<'_>, author: &str, id: &str, content: &Content, key: Option<&str>) -> Result<String, Error> {
    let key = content::key(key)?;
    let title = content::title(&content.title)?;
    let Body { html, text } = content::body(&content.body)?;
    if content.remind_days.is_some_and(|days| !(1..=60).contains(&days)) {
        return Err(Error::invalid("remind_days", "Le rappel part de 1 à 60 jours après l’envoi."));
    }
    let (groups, pupils) = (content::ids("groups", &content.groups)?, content::ids("pupils", &content.pupils)?);
    let made = desk.database.first(
        "INSERT INTO liaison (id, uai, author_id, title, body_html, body_text, groups, pupils, remind_days, idempotency_key, created_at)
            SELECT ?1, p.uai, p.id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM person p WHERE p.id = ?2
            ON CONFLICT (author_id, idempotency_key) DO NOTHING RETURNING id",
        params![id, author, title, html, text, groups, pupils, content.remind_days, key, desk.now],
    )?;
    let row = match made {
        Some(row) => Some(row),
        None => desk
            .database
            .first("SELECT id FROM liaison WHERE author_id = ?1 AND idempotency_key = ?2", params![author, key])?,
    };
    row.map_or(Err(Error::NotFound), |row| Ok(row.text(0)?.to_owned()))
}

/// Sends the message of notice `id`, if it is due; see [`Told`].
///
/// # Errors
/// [`Error::Store`]; the cron trigger tries again then.
pub fn tell(desk: Desk<'_>, site: Option<&str>, id: &str) -> Result<Told, Error> {
    tell_first(desk, &due(desk, site, Some(id))?)
}

/// Sends the message of reminder `id`, as [`super::remind`] gave it; see [`Told`].
///
/// # Errors
/// [`Error::Store`]; the cron trigger tries again then.
pub fn tell_reminder(desk: Desk<'_>, site: Option<&str>, id: &str) -> Result<Told, Error> {
    tell(desk, site, id)
}

pub(crate) fn due(desk: Desk<'_>, site: Option<&str>, only: Option<&str>) -> Result<Vec<Due>, Error> {
    let rows = desk.database.execute(
        "SELECT l.id, l.author_id, l.title, l.body_text, l.id, 0 FROM liaison l
            WHERE l.notified_at IS NULL AND l.notify_problem IS NULL AND (?1 IS NULL OR l.id = ?1)
            UNION ALL
            SELECT r.id, l.author_id, l.title, l.body_text, l.id, 1 FROM liaison_reminder r JOIN liaison l ON l.id = r.liaison_id
            WHERE r.notified_at IS NULL AND r.notify_problem IS NULL AND (?1 IS NULL OR r.id = ?1)
            LIMIT ?2 + 0",
        params![only, RUN],
    )?;
    rows.iter()
        .map(|row| {
            let (title, notice, reminder) = (row.text(2)?, row.text(4)?, row.boolean(5)?);
            let html = maud::html! {
                @if reminder { p { "Rappel : la lecture de cet avis n’est pas encore confirmée." } }
                p { strong { (title) } }
                @for paragraph in row.text(3)?.split("\n\n") { p { (paragraph) } }
                (link(site, &format!("/broadcast/liaison/{notice}"), "Confirmer la lecture",
                    "Confirmez la lecture sur le site, sous « Rubriques », « Carnet de liaison »."))
            };
            Ok(Due {
                kind: Kind::Liaison,
                id: row.text(0)?.to_owned(),
                author: row.text(1)?.to_owned(),
                subject: format!(
                    "{} : {title}",
                    if reminder { "Rappel, carnet de liaison" } else { "Carnet de liaison" }
                ),
                html: html.into_string(),
            })
        })
        .collect()
}
