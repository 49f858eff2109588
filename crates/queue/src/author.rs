//! What an author learns of her own messages (M-12): who received, how, and whether the mail to the redirect address was
//! taken. Every statement asks for her id; Cci recipients are in it, since she named them; an outside address never is (F-2).

use serde::Serialize;
use store::{Database, Error, Row, params};

use crate::State;

/// A message of hers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// ULID.
    pub id: String,
    /// May be empty.
    pub subject: String,
    /// Submission, in UTC milliseconds.
    pub at: i64,
    /// People who receive.
    pub recipients: i64,
    /// Mails to redirect addresses.
    pub mails: i64,
    /// Of these, taken by a server.
    pub sent: i64,
    /// Of these, still on their way or held.
    pub waiting: i64,
    /// Of these, refused or given up.
    pub failed: i64,
}

/// A page of her messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentPage {
    /// Newest first.
    pub items: Vec<Sent>,
    /// What to ask for the next page with.
    pub next: Option<String>,
}

/// How one recipient is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// ULID of the person.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// `to`, `cc` or `bcc`.
    pub field: String,
    /// It is in her mailbox.
    pub by_mailbox: bool,
    /// A mail goes to her redirect address.
    pub by_redirect: bool,
    /// Where that mail stands.
    pub state: Option<State>,
    /// When it is tried next, while it waits, in UTC milliseconds.
    pub due_at: Option<i64>,
    /// When it came to its end, in UTC milliseconds.
    pub finished_at: Option<i64>,
    /// Why it was not taken, in a French sentence.
    pub error: Option<String>,
}

pub(crate) const SENT: &str = "\
    SELECT page.id, page.subject, s.submitted_at, page.updated_at,
        (SELECT count(*) FROM recipient r WHERE r.message_id = page.id),
        count(d.id), coalesce(sum(d.state = 'sent'), 0), coalesce(sum(d.state IN ('pending', 'leased', 'held')), 0),
        coalesce(sum(d.state IN ('failed', 'dead')), 0)
    FROM (SELECT id, subject, updated_at FROM message
        WHERE author_id = ?1 AND (updated_at, id) < (?2, ?3) AND EXISTS (SELECT 1 FROM submission x WHERE x.message_id = message.id)
        ORDER BY updated_at DESC, id DESC LIMIT ?4 + 0) page
    JOIN submission s ON s.message_id = page.id
    LEFT JOIN delivery d ON d.message_id = page.id
    GROUP BY page.id
    ORDER BY page.updated_at DESC, page.id DESC";

/// What is in trouble first, then by name.
pub(crate) const RECIPIENTS: &str = "\
    SELECT p.id, p.first_name || ' ' || p.last_name, r.field, r.by_mailbox, r.by_redirect, d.state, d.due_at, d.finished_at, d.last_error
    FROM message m
    JOIN recipient r ON r.message_id = m.id
    JOIN person p ON p.id = r.person_id
    LEFT JOIN delivery d ON d.message_id = r.message_id AND d.person_id = r.person_id
    WHERE m.id = ?2 AND m.author_id = ?1
    ORDER BY d.state IN ('failed', 'dead') DESC, d.state = 'sent', p.folded_name, p.id
    LIMIT ?3 + 0 OFFSET ?4";

/// The messages that `author` sent, newest first, from `after` (a page's `next`) on; at most `limit` (1 to 100).
///
/// # Errors
/// Those of the database.
pub fn sent(database: &dyn Database, author: &str, after: Option<&str>, limit: usize) -> Result<SentPage, Error> {
    let limit = limit.clamp(1, 100);
    let (at, id) = after
        .and_then(|cursor| cursor.split_once('-'))
        .and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id)))
        .unwrap_or((i64::MAX, ""));
    let rows = database.execute(SENT, params![author, at, id, i64::try_from(limit + 1).unwrap_or(101)])?;
    let next = if rows.len() > limit { rows.get(limit - 1).map(cursor).transpose()? } else { None };
    let items = rows.iter().take(limit).map(message).collect::<Result<_, _>>()?;
    Ok(SentPage { items, next })
}

fn cursor(row: &Row) -> Result<String, Error> {
    Ok(format!("{}-{}", row.integer(3)?, row.text(0)?))
}

fn message(row: &Row) -> Result<Sent, Error> {
    Ok(Sent {
        id: row.text(0)?.to_owned(),
        subject: row.text(1)?.to_owned(),
        at: row.integer(2)?,
        recipients: row.integer(4)?,
        mails: row.integer(5)?,
        sent: row.integer(6)?,
        waiting: row.integer(7)?,
        failed: row.integer(8)?,
    })
}

/// How each recipient of `message` is reached, `limit` (1 to 500) from the `offset`-th on; empty when `author` did not send
/// it.
///
/// # Errors
/// Those of the database.
pub fn recipients(
    database: &dyn Database,
    author: &str,
    message: &str,
    offset: u32,
    limit: u32,
) -> Result<Vec<Recipient>, Error> {
    let rows = database.execute(RECIPIENTS, params![author, message, limit.clamp(1, 500), offset])?;
    rows.iter().map(recipient).collect()
}

fn recipient(row: &Row) -> Result<Recipient, Error> {
    let state = row.optional_text(5)?.map(|state| State::parse(state).ok_or(Error::Column(5))).transpose()?;
    let waits = state == Some(State::Pending);
    Ok(Recipient {
        id: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        field: row.text(2)?.to_owned(),
        by_mailbox: row.boolean(3)?,
        by_redirect: row.boolean(4)?,
        state,
        due_at: row.optional_integer(6)?.filter(|_| waits),
        finished_at: row.optional_integer(7)?,
        error: row.optional_text(8)?.map(str::to_owned),
    })
}
