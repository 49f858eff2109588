//! Drafts: kept, edited and thrown away by their author alone.

use store::params;

use crate::body::Body;
use crate::{Desk, Draft, Refusal, addressee, new_id};

/// Characters of a subject; the table allows twice as many, for the prefixes of notices.
const MAX_SUBJECT: usize = 200;

/// The establishment and Message-ID domain come from the author; an answer joins the conversation of what it answers,
/// which the author must have received or sent. A key that was used before leaves the first message alone.
const INSERT: &str = "
    INSERT INTO message (id, uai, author_id, thread_id, in_reply_to, message_id, subject, body_html, body_text, addressees,
        copy_to_author, idempotency_key, created_at, updated_at)
    SELECT ?1, p.uai, p.id, coalesce((SELECT o.thread_id FROM message o WHERE o.id = ?3), ?1), ?3,
        lower(?1) || '@' || e.domain, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10
    FROM person p JOIN establishment e ON e.uai = p.uai
    WHERE p.id = ?2 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM mailbox_entry x WHERE x.person_id = ?2 AND x.message_id = ?3))
    ON CONFLICT (author_id, idempotency_key) DO NOTHING
    RETURNING id";

const UPDATE: &str = "
    UPDATE message SET subject = ?3, body_html = ?4, body_text = ?5, addressees = ?6, copy_to_author = ?7, updated_at = ?8
    WHERE id = ?1 AND author_id = ?2 AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = ?1)
    RETURNING id";

/// Keeps `draft`: as a new one, or in place of what draft `id` was. `key` is the client's idempotency key for a new one.
///
/// # Errors
/// [`Refusal::BadSubject`], [`Refusal::BadBody`], [`Refusal::TooMany`] for the content; [`Refusal::NotFound`] when `id` or
/// `in_reply_to` is not the author's to use; [`Refusal::AlreadySubmitted`]; [`Refusal::KeyReused`].
pub fn save(
    desk: Desk<'_>,
    author: &str,
    id: Option<&str>,
    draft: &Draft,
    key: Option<&str>,
) -> Result<String, Refusal> {
    let subject = subject(&draft.subject)?;
    let body = Body::parse(&draft.body)?;
    let addressees = addressee::to_json(&draft.addressees)?;
    let reply = draft.in_reply_to.as_deref();
    if let Some(id) = id {
        let parameters =
            params![id, author, subject, &body.html, &body.text, addressees, draft.copy_to_author, desk.now];
        let updated = desk.database.first(UPDATE, parameters)?;
        return match updated {
            Some(row) => Ok(row.text(0)?.to_owned()),
            None => Err(why_not_editable(desk, author, id)?),
        };
    }
    if key.is_some_and(|key| key.is_empty() || key.len() > 128 || !key.bytes().all(|b| b.is_ascii_graphic())) {
        return Err(Refusal::KeyReused);
    }
    let new = new_id(desk.now);
    let parameters =
        params![new, author, reply, &subject, &body.html, &body.text, &addressees, draft.copy_to_author, key, desk.now];
    match desk.database.first(INSERT, parameters)? {
        Some(row) => Ok(row.text(0)?.to_owned()),
        None => same_as_before(desk, author, key, &subject, &body.html, &addressees),
    }
}

/// Throws a draft away, with its files.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySubmitted`].
pub fn discard(desk: Desk<'_>, author: &str, id: &str) -> Result<(), Refusal> {
    let deleted = desk.database.first(
        "DELETE FROM message WHERE id = ?1 AND author_id = ?2
            AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = ?1) RETURNING id",
        params![id, author],
    )?;
    match deleted {
        Some(_) => Ok(()),
        None => Err(why_not_editable(desk, author, id)?),
    }
}

/// What stands in the way of editing `id`.
pub(crate) fn why_not_editable(desk: Desk<'_>, author: &str, id: &str) -> Result<Refusal, Refusal> {
    let submitted = desk.database.first(
        "SELECT 1 FROM submission s JOIN message m ON m.id = s.message_id WHERE m.id = ?1 AND m.author_id = ?2",
        params![id, author],
    )?;
    Ok(if submitted.is_some() { Refusal::AlreadySubmitted } else { Refusal::NotFound })
}

/// A line of text: outer spaces dropped, no control character (header injection), at most 200 characters.
fn subject(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > MAX_SUBJECT || text.chars().any(char::is_control) {
        return Err(Refusal::BadSubject);
    }
    Ok(text.to_owned())
}

/// The message of an earlier request with the same key, if it is the same message.
fn same_as_before(
    desk: Desk<'_>,
    author: &str,
    key: Option<&str>,
    subject: &str,
    html: &str,
    addressees: &str,
) -> Result<String, Refusal> {
    let earlier = desk.database.first(
        "SELECT id, subject = ?3 AND body_html = ?4 AND addressees = ?5 FROM message
            WHERE author_id = ?1 AND idempotency_key = ?2",
        params![author, key, subject, html, addressees],
    )?;
    match earlier {
        Some(row) if row.boolean(1)? => Ok(row.text(0)?.to_owned()),
        Some(_) => Err(Refusal::KeyReused),
        None => Err(Refusal::NotFound),
    }
}
