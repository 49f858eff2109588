//! Mails from the service itself to an address that is not verified yet (F-1).

use store::params;

use crate::{Desk, Refusal, new_id};

/// Of the text of such a mail.
const MAX_TEXT_BYTES: usize = 4096;

/// Queues a plain-text mail to `address` on behalf of `person`; it goes before other mail, since she waits for it.
///
/// # Errors
/// [`Refusal::BadAddress`], [`Refusal::BadSubject`], [`Refusal::BadBody`] for the content, [`Refusal::NotFound`] for a
/// person who is not there.
pub fn write_to_address(
    desk: Desk<'_>,
    person: &str,
    address: &str,
    subject: &str,
    text: &str,
) -> Result<String, Refusal> {
    let address = mail::Address::parse(address).map_err(|_| Refusal::BadAddress)?;
    if subject.chars().count() > 200 || subject.chars().any(char::is_control) {
        return Err(Refusal::BadSubject);
    }
    if text.len() > MAX_TEXT_BYTES {
        return Err(Refusal::BadBody);
    }
    let queued = desk.database.first(
        "INSERT INTO notice (message_id, person_id, kind, address, subject, body_text, created_at)
            SELECT ?1, p.id, 'verification', ?3, ?4, ?5, ?6 FROM person p
            WHERE p.id = ?2 AND p.blocked_at IS NULL AND p.left_at IS NULL
            RETURNING message_id",
        params![new_id(desk.now), person, address.as_str(), subject, text, desk.now],
    )?;
    match queued {
        Some(row) => Ok(row.text(0)?.to_owned()),
        None => Err(Refusal::NotFound),
    }
}
