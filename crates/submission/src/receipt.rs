//! Submission: the moment a draft becomes a message, and what is said of it.

use people::PersonId;
use rights::Refused;
use store::{Error, params};

use crate::{Addressee, Desk, Refusal};

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// ULID of the message.
    pub message: String,
    /// UTC milliseconds.
    pub submitted_at: i64,
    /// People who receive.
    pub recipients: u32,
    /// Of these, in their mailbox.
    pub by_mailbox: u32,
    /// Of these, by mail to their redirect address.
    pub by_redirect: u32,
    /// Names of those reached by neither (M-9), in order.
    pub unreachable: Vec<String>,
}

/// The whole decision; the trigger `submission_accepted` does the rest or refuses.
const SUBMIT: &str = "
    INSERT INTO submission (message_id, submitted_at, size, broadcast, priority)
    SELECT m.id, ?3, length(CAST(m.subject AS BLOB)) + length(CAST(m.body_html AS BLOB))
        + (SELECT coalesce(sum(a.size), 0) FROM attachment a WHERE a.message_id = m.id),
        EXISTS (SELECT 1 FROM addressee x WHERE x.message_id = m.id AND x.kind NOT IN ('person', 'group')),
        NOT EXISTS (SELECT 1 FROM addressee x WHERE x.message_id = m.id AND x.kind = 'flash')
    FROM message m
    WHERE m.id = ?1 AND m.author_id = ?2 AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)
    RETURNING message_id";

const RECEIPT: &str = "
    SELECT s.submitted_at, count(r.person_id), coalesce(sum(r.by_mailbox), 0), coalesce(sum(r.by_redirect), 0),
        coalesce((SELECT json_group_array(p.first_name || ' ' || p.last_name) FROM recipient u JOIN person p ON p.id = u.person_id
            WHERE u.message_id = s.message_id AND NOT u.by_mailbox AND NOT u.by_redirect), '[]')
    FROM submission s JOIN message m ON m.id = s.message_id LEFT JOIN recipient r ON r.message_id = s.message_id
    WHERE s.message_id = ?1 AND m.author_id = ?2
    GROUP BY s.message_id";

/// Sends draft `id`. When it was sent before, gives the same receipt again.
///
/// # Errors
/// [`Refusal::Refused`], [`Refusal::TooMany`], [`Refusal::Nobody`], [`Refusal::MailboxFull`],
/// [`Refusal::AuthorMayNotSend`], [`Refusal::NotFound`]; nothing was written then.
pub fn submit(desk: Desk<'_>, author: &str, id: &str) -> Result<Receipt, Refusal> {
    match desk.database.first(SUBMIT, params![id, author, desk.now]) {
        // No row: it has left already, or it is not the author's. A constraint: the same, a moment ago.
        Ok(_) | Err(Error::Constraint(_)) => receipt(desk, author, id),
        Err(Error::Raised(reason)) => Err(explain(desk, id, &reason)?),
        Err(error) => Err(error.into()),
    }
}

fn receipt(desk: Desk<'_>, author: &str, id: &str) -> Result<Receipt, Refusal> {
    let Some(row) = desk.database.first(RECEIPT, params![id, author])? else { return Err(Refusal::NotFound) };
    let count = |index| row.integer(index).map(|value| u32::try_from(value).unwrap_or(u32::MAX));
    Ok(Receipt {
        message: id.to_owned(),
        submitted_at: row.integer(0)?,
        recipients: count(1)?,
        by_mailbox: count(2)?,
        by_redirect: count(3)?,
        unreachable: serde_json::from_str(row.text(4)?).map_err(|error| Refusal::Other(error.to_string()))?,
    })
}

/// The words for what the trigger refused: the details are asked for only when they are needed.
fn explain(desk: Desk<'_>, id: &str, reason: &str) -> Result<Refusal, Refusal> {
    Ok(match reason {
        "author" => Refusal::AuthorMayNotSend,
        "refused" => Refusal::Refused(refused(desk, id)?),
        "audience" => Refusal::Audience,
        "nobody" => Refusal::Nobody,
        "too-many" => too_many(desk, id)?,
        "quota" => Refusal::MailboxFull(full_mailboxes(desk, id)?),
        other => Refusal::Other(other.to_owned()),
    })
}

/// Who exactly, by the judge's own words: who may be named is part of the judgement.
fn refused(desk: Desk<'_>, id: &str) -> Result<Vec<Refused>, Refusal> {
    let row =
        desk.database.first("SELECT author_id, in_reply_to, addressees FROM message WHERE id = ?1", params![id])?;
    let Some(row) = row else { return Err(Refusal::NotFound) };
    let author: PersonId = row.text(0)?.parse().map_err(|error: people::BadId| Refusal::Other(error.to_string()))?;
    let addressees: Vec<Addressee> =
        serde_json::from_str(row.text(2)?).map_err(|error| Refusal::Other(error.to_string()))?;
    let asked: Vec<_> = addressees.into_iter().filter_map(Addressee::asked).collect();
    Ok(rights::judge(&desk.database, &author, row.optional_text(1)?, &asked)?)
}

fn too_many(desk: Desk<'_>, id: &str) -> Result<Refusal, Refusal> {
    let row = desk.database.first(
        "SELECT (SELECT count(DISTINCT x.person_id) FROM expanded x
                JOIN person p ON p.id = x.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL WHERE x.message_id = m.id),
            e.max_recipients
            FROM message m JOIN establishment e ON e.uai = m.uai WHERE m.id = ?1",
        params![id],
    )?;
    let Some(row) = row else { return Err(Refusal::NotFound) };
    let count = |index| row.integer(index).map(|value| u64::try_from(value).unwrap_or(0));
    Ok(Refusal::TooMany { actual: count(0)?, allowed: count(1)? })
}

fn full_mailboxes(desk: Desk<'_>, id: &str) -> Result<Vec<String>, Refusal> {
    let rows = desk.database.execute(
        "SELECT DISTINCT p.first_name || ' ' || p.last_name
            FROM expanded x JOIN person p ON p.id = x.person_id JOIN establishment e ON e.uai = p.uai
            WHERE x.message_id = ?1
            AND EXISTS (SELECT 1 FROM person_role y WHERE y.person_id = p.id AND y.role = 'mailbox')
            AND (SELECT coalesce(sum(y.size), 0) FROM mailbox_entry y WHERE y.person_id = p.id)
                + (SELECT length(CAST(m.subject AS BLOB)) + length(CAST(m.body_html AS BLOB))
                    + (SELECT coalesce(sum(a.size), 0) FROM attachment a WHERE a.message_id = m.id)
                    FROM message m WHERE m.id = ?1) > e.mailbox_quota
            ORDER BY p.folded_name",
        params![id],
    )?;
    Ok(rows.iter().map(|row| row.text(0).map(str::to_owned)).collect::<Result<_, _>>()?)
}
