//! The letters of a run of a model (P-5): as many messages, in one decision.

use store::{Error, params};

use crate::{Desk, Refusal, new_id};

/// The whole decision: the trigger `model_letters_mailed` (sql/logic/model_letters.sql) makes the messages and submits them,
/// each judged as any message is, or refuses and leaves nothing.
const MAIL: &str = "
    INSERT INTO model_mailing (run_id, id_prefix, at)
    SELECT r.id, ?3, ?4 FROM model_run r WHERE r.id = ?1 AND r.by_id = ?2 AND r.sent_at IS NULL";

/// Sends the letters of run `id`, which `author` started and whose letters are made; gives how many left. When they were sent
/// before, the same number again. Those who cannot be written to any more are left out, and the run says so.
///
/// # Errors
/// [`Refusal::NotFound`], also while letters are being made; [`Refusal::AuthorMayNotSend`]; [`Refusal::Refused`] when somebody who
/// was to get a copy may not be written to; [`Refusal::Nobody`] when nobody is left. Nothing was written then.
pub fn mail_letters(desk: Desk<'_>, author: &str, id: &str) -> Result<u32, Refusal> {
    let prefix: String = new_id(desk.now).chars().take(10).collect();
    match desk.database.execute(MAIL, params![id, author, prefix, desk.now]) {
        Ok(_) => {}
        Err(Error::Raised(reason)) => match reason.as_str() {
            "run-sent" => {}
            "run-unknown" | "run-unready" => return Err(Refusal::NotFound),
            "author" => return Err(Refusal::AuthorMayNotSend),
            "refused" => return Err(Refusal::Refused(Vec::new())),
            "nobody" => return Err(Refusal::Nobody),
            other => return Err(Refusal::Other(other.to_owned())),
        },
        Err(error) => return Err(error.into()),
    }
    let sent = desk.database.first(
        "SELECT count(l.message_id) FROM model_run r JOIN model_letter l ON l.run_id = r.id
         WHERE r.id = ?1 AND r.by_id = ?2 AND r.sent_at IS NOT NULL GROUP BY r.id",
        params![id, author],
    )?;
    let Some(sent) = sent else { return Err(Refusal::NotFound) };
    Ok(u32::try_from(sent.integer(0)?).unwrap_or(u32::MAX))
}
