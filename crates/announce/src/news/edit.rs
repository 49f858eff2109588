//! What editors do: each is one statement, which judges and writes (triggers `news_written` and `news_edited`).

use counter::{Desk, Kind};
use store::{Database, Value, params};
use submission::Body;

use super::Content;
use crate::dispatch::{Due, RUN, link, tell_first};
use crate::{Error, Told, content};

/// Characters of an excerpt in a message.
const EXCERPT: usize = 400;

/// Writes a news in `rubrique` under the new id `id`; gives its id. With a `key` that was used before, gives the one that was
/// written then.
///
/// # Errors
/// [`Error::Invalid`] for the content; [`Error::NotFound`] when there is no such rubrique; [`Error::Refused`] with
/// `not-editor`, or `audience` for a population that is not the rubrique's or not within the rights of `editor`.
pub fn write(
    desk: Desk<'_>,
    editor: &str,
    rubrique: &str,
    id: &str,
    content: &Content,
    key: Option<&str>,
) -> Result<String, Error> {
    let key = content::key(key)?;
    let mut parameters = vec![Value::from(id), Value::from(editor)];
    parameters.extend(columns(content, desk.now)?);
    parameters.extend([Value::from(rubrique), Value::from(key)]);
    let made = desk.database.first(
        "INSERT INTO news (id, rubrique_id, author_id, edited_by, title, body_html, body_text, audience, publish_at, expires_at,
            comments, acknowledge, notify, question, choices, named, results_shown, idempotency_key, created_at, updated_at)
            SELECT ?1, r.id, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?18, ?16, ?16
            FROM rubrique r WHERE r.id = ?17
            ON CONFLICT (author_id, idempotency_key) DO NOTHING RETURNING id",
        &parameters,
    )?;
    let row = match made {
        Some(row) => Some(row),
        None => desk
            .database
            .first("SELECT id FROM news WHERE author_id = ?1 AND idempotency_key = ?2", params![editor, key])?,
    };
    row.map_or(Err(Error::NotFound), |row| Ok(row.text(0)?.to_owned()))
}

/// Puts `content` in the place of what news `id` was. One that is out keeps the instant it came out, unless it becomes a draft
/// again; a message that left does not leave again.
///
/// # Errors
/// As [`write`]; [`Error::NotFound`] also when `editor` is not one of its rubrique's; [`Error::Refused`] with `poll-answered`
/// when the poll would change and somebody has answered.
pub fn change(desk: Desk<'_>, editor: &str, id: &str, content: &Content) -> Result<(), Error> {
    let mut parameters = vec![Value::from(id), Value::from(editor)];
    parameters.extend(columns(content, desk.now)?);
    let changed = desk.database.first(
        "UPDATE news SET edited_by = ?2, title = ?3, body_html = ?4, body_text = ?5, audience = ?6,
            publish_at = CASE WHEN ?7 IS NOT NULL AND publish_at <= ?16 THEN publish_at ELSE ?7 END, expires_at = ?8,
            comments = ?9, acknowledge = ?10, notify = ?11, question = ?12, choices = ?13, named = ?14, results_shown = ?15,
            updated_at = ?16, notify_problem = NULL
            WHERE id = ?1 AND EXISTS (
                SELECT 1 FROM editable_rubrique e WHERE e.person_id = ?2 AND e.rubrique_id = news.rubrique_id)
            RETURNING 1",
        &parameters,
    )?;
    changed.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// Makes a draft of news `id` again: readers see it no more. Its comments, answers and acknowledgements stay with it.
///
/// # Errors
/// [`Error::NotFound`] when `editor` is not one of its rubrique's.
pub fn withdraw(database: &dyn Database, editor: &str, id: &str, now: i64) -> Result<(), Error> {
    let done = database.first(
        "UPDATE news SET publish_at = NULL, updated_at = ?3 WHERE id = ?1 AND EXISTS (
            SELECT 1 FROM editable_rubrique e WHERE e.person_id = ?2 AND e.rubrique_id = news.rubrique_id)
            RETURNING 1",
        params![id, editor, now],
    )?;
    done.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// Deletes draft `id`, with all that readers left in it. A news that is out has to be withdrawn first.
///
/// # Errors
/// [`Error::NotFound`] when there is no such draft in a rubrique of `editor`.
pub fn delete(database: &dyn Database, editor: &str, id: &str) -> Result<(), Error> {
    let done = database.first(
        "DELETE FROM news WHERE id = ?1 AND publish_at IS NULL AND EXISTS (
            SELECT 1 FROM editable_rubrique e WHERE e.person_id = ?2 AND e.rubrique_id = news.rubrique_id)
            RETURNING 1",
        params![id, editor],
    )?;
    done.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// Sends the message that tells of news `id`, if it is due; see [`Told`].
///
/// # Errors
/// [`Error::Store`]; the cron trigger tries again then.
pub fn tell(desk: Desk<'_>, site: Option<&str>, id: &str) -> Result<Told, Error> {
    tell_first(desk, &due(desk, site, Some(id))?)
}

pub(crate) fn due(desk: Desk<'_>, site: Option<&str>, only: Option<&str>) -> Result<Vec<Due>, Error> {
    let rows = desk.database.execute(
        "SELECT n.id, n.edited_by, n.title, n.body_text, r.name FROM news n
            JOIN rubrique r ON r.id = n.rubrique_id AND r.closed_at IS NULL
            WHERE n.notify = 1 AND n.notified_at IS NULL AND n.notify_problem IS NULL
            AND n.publish_at <= ?1 AND (n.expires_at IS NULL OR n.expires_at > ?1) AND (?2 IS NULL OR n.id = ?2)
            ORDER BY n.publish_at LIMIT ?3 + 0",
        params![desk.now, only, RUN],
    )?;
    rows.iter()
        .map(|row| {
            let (id, title, rubrique) = (row.text(0)?, row.text(2)?, row.text(4)?);
            let html = maud::html! {
                p { strong { (title) } }
                p { (content::excerpt(row.text(3)?, EXCERPT)) }
                (link(site, &format!("/broadcast/news/{id}"), "Lire l’actualité",
                    &format!("L’actualité est à lire dans la rubrique « {rubrique} », sous « Actualités ».")))
            };
            Ok(Due {
                kind: Kind::News,
                id: id.to_owned(),
                author: row.text(1)?.to_owned(),
                subject: format!("Actualité : {title}"),
                html: html.into_string(),
            })
        })
        .collect()
}

/// The values of `?3` to `?16`.
fn columns(content: &Content, now: i64) -> Result<Vec<Value>, Error> {
    let title = content::title(&content.title)?;
    let Body { html, text } = content::body(&content.body)?;
    let audience = content.audience.as_ref().map(|ids| content::ids("audience", ids)).transpose()?;
    if content.audience.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::invalid("audience", "Cochez au moins une population, ou choisissez tous les lecteurs."));
    }
    let publish_at = content.publish_at.map(|at| at.max(now));
    if content.expires_at.is_some_and(|expiry| expiry <= publish_at.unwrap_or(now)) {
        return Err(Error::invalid("expires_at", "La date d’expiration doit être à venir, et après la publication."));
    }
    let (question, choices, named, results_shown) = match &content.poll {
        Some(poll) => {
            (one_line(&poll.question, "question", 200)?, choices(&poll.choices)?, poll.named, poll.results_shown)
        }
        None => (String::new(), Vec::new(), false, false),
    };
    Ok(vec![
        title.into(),
        html.into(),
        text.into(),
        audience.into(),
        publish_at.into(),
        content.expires_at.into(),
        content.comments.into(),
        content.acknowledge.into(),
        content.notify.into(),
        question.into(),
        content::json(&choices)?.into(),
        named.into(),
        results_shown.into(),
        now.into(),
    ])
}

fn choices(given: &[String]) -> Result<Vec<String>, Error> {
    let choices = given.iter().map(|choice| one_line(choice, "choices", 100)).collect::<Result<Vec<_>, _>>()?;
    let mut sorted = choices.clone();
    sorted.sort();
    sorted.dedup();
    if !(2..=10).contains(&choices.len()) || sorted.len() != choices.len() {
        return Err(Error::invalid("choices", "Proposez de 2 à 10 réponses, toutes différentes."));
    }
    Ok(choices)
}

fn one_line(text: &str, field: &'static str, most: usize) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(Error::Invalid { field, detail: format!("Une ligne de 1 à {most} caractères est attendue.") });
    }
    Ok(text.to_owned())
}
