//! Precise prohibitions: one person may not write to one other, for a reason, and for a time where one is given.
//! They bar new messages; an answer to a message that was received stays possible (DOMAIN §1).

use people::{PersonId, Uai};
use store::{Database, Error, Row, params};

/// A prohibition, as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prohibition {
    /// Who may not write, and her name.
    pub sender: (PersonId, String),
    /// To whom, and her name.
    pub recipient: (PersonId, String),
    /// Why.
    pub reason: String,
    /// Until when, UTC milliseconds; `None`: until it is lifted.
    pub until: Option<i64>,
    /// By whom; empty when nobody knows.
    pub by: String,
    /// Since when.
    pub created_at: i64,
    /// When it was lifted or replaced, or its time was over.
    pub ended_at: Option<i64>,
}

/// Forbids `sender` to write to `recipient`; at least one of them belongs to an establishment that `by` administers, or it
/// answers false. A prohibition that was there goes to the history.
///
/// # Errors
/// When the database cannot be used; nothing was written then.
pub fn forbid(
    database: &impl Database,
    by: &PersonId,
    sender: &PersonId,
    recipient: &PersonId,
    reason: &str,
    until: Option<i64>,
    now: i64,
) -> Result<bool, Error> {
    let row = database.first(
        "INSERT INTO prohibition (sender_id, recipient_id, reason, until, by_id, created_at)
         SELECT s.id, r.id, ?4, ?5, ?1, ?6 FROM person s JOIN person r ON r.id = ?3
         WHERE s.id = ?2 AND s.id <> r.id AND EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?1 AND a.uai IN (s.uai, r.uai))
         ON CONFLICT (sender_id, recipient_id) DO UPDATE SET reason = excluded.reason, until = excluded.until,
            by_id = excluded.by_id, created_at = excluded.created_at
         RETURNING 1",
        params![by.as_str(), sender.as_str(), recipient.as_str(), reason, until, now],
    )?;
    Ok(row.is_some())
}

/// Lifts a prohibition; false when there is none that `by` may lift.
///
/// # Errors
/// When the database cannot be used.
pub fn lift(
    database: &impl Database,
    by: &PersonId,
    sender: &PersonId,
    recipient: &PersonId,
    now: i64,
) -> Result<bool, Error> {
    // Kept in the history by the trigger `prohibition_lifted`, which reads who and when from the row.
    let row = database.first(
        "UPDATE prohibition SET ended_by = ?1, ended_at = ?4 WHERE sender_id = ?2 AND recipient_id = ?3
            AND EXISTS (SELECT 1 FROM local_admin a JOIN person p ON p.uai = a.uai AND p.id IN (?2, ?3) WHERE a.person_id = ?1)
         RETURNING 1",
        params![by.as_str(), sender.as_str(), recipient.as_str(), now],
    )?;
    Ok(row.is_some())
}

/// The prohibitions that touch people of the establishment, newest first, with those of the past when `past`: at most 500.
///
/// # Errors
/// When the database cannot be used.
pub fn prohibitions(database: &impl Database, uai: &Uai, now: i64, past: bool) -> Result<Vec<Prohibition>, Error> {
    let rows = database.execute(
        "SELECT x.sender_id, s.first_name || ' ' || s.last_name, x.recipient_id, r.first_name || ' ' || r.last_name,
            x.reason, x.until, coalesce(b.first_name || ' ' || b.last_name, ''), x.created_at, x.ended_at
         FROM (SELECT sender_id, recipient_id, reason, until, by_id, created_at, CASE WHEN until <= ?2 THEN until END AS ended_at
                FROM prohibition
            UNION ALL SELECT sender_id, recipient_id, reason, until, by_id, created_at, ended_at FROM prohibition_past) x
            JOIN person s ON s.id = x.sender_id JOIN person r ON r.id = x.recipient_id LEFT JOIN person b ON b.id = x.by_id
         WHERE (s.uai = ?1 OR r.uai = ?1) AND (x.ended_at IS NULL OR ?3)
         ORDER BY x.ended_at IS NOT NULL, x.created_at DESC, x.sender_id, x.recipient_id LIMIT 500",
        params![uai.as_str(), now, i64::from(past)],
    )?;
    rows.iter().map(prohibition).collect()
}

fn prohibition(row: &Row) -> Result<Prohibition, Error> {
    let person = |column: usize| {
        let id = row.text(column)?.parse().map_err(|_| Error::Column(column))?;
        Ok::<_, Error>((id, row.text(column + 1)?.to_owned()))
    };
    Ok(Prohibition {
        sender: person(0)?,
        recipient: person(2)?,
        reason: row.text(4)?.to_owned(),
        until: row.optional_integer(5)?,
        by: row.text(6)?.to_owned(),
        created_at: row.integer(7)?,
        ended_at: row.optional_integer(8)?,
    })
}
