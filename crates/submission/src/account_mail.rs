//! Account mails (P-4): the mails of a whole campaign in one statement.

use serde_json::json;
use store::{Error, params};

use crate::{Desk, Refusal, new_id};

/// Of one text, in bytes.
const MAX_TEXT_BYTES: usize = 4096;

/// The text for accounts of one profile, active or not: see `account-text` in wit/post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountText {
    /// `student`, `relative`, `teacher`, `staff` or `guest`.
    pub profile: String,
    /// Whether for active accounts.
    pub active: bool,
    /// At most 200 characters, none of them a control character.
    pub subject: String,
    /// Plain text with markers; at most 4 kB.
    pub text: String,
}

/// Queues the mails of a campaign: to the addresses that were frozen when it was started, to no mailbox, from the service.
/// How many; asked again, the same number, and nothing is queued twice.
///
/// # Errors
/// [`Refusal::BadSubject`], [`Refusal::BadBody`] for a text; [`Refusal::NotFound`] when there is no such campaign of mails;
/// [`Refusal::AuthorMayNotSend`] when who started it is blocked or gone.
pub fn mail_accounts(desk: Desk<'_>, campaign: &str, texts: &[AccountText]) -> Result<u32, Refusal> {
    if texts.iter().any(|text| text.subject.chars().count() > 200 || text.subject.chars().any(char::is_control)) {
        return Err(Refusal::BadSubject);
    }
    if texts.iter().any(|text| text.text.is_empty() || text.text.len() > MAX_TEXT_BYTES) {
        return Err(Refusal::BadBody);
    }
    let texts: Vec<_> = texts
        .iter()
        .map(|t| json!({ "profile": t.profile, "active": t.active, "subject": t.subject, "text": t.text }))
        .collect();
    let id = new_id(desk.now);
    let prefix = id.get(..10).unwrap_or_default();
    let queued = desk.database.execute(
        "INSERT INTO account_mailing (campaign_id, id_prefix, at, texts) VALUES (?1, ?2, ?3, ?4)",
        params![campaign, prefix, desk.now, json!(texts).to_string()],
    );
    match queued {
        Ok(_) => {}
        Err(Error::Raised(reason)) => match reason.as_str() {
            "campaign-mailed" => {}
            "campaign-unknown" => return Err(Refusal::NotFound),
            "author" => return Err(Refusal::AuthorMayNotSend),
            _ => return Err(Refusal::Unavailable(Error::Raised(reason))),
        },
        Err(error) => return Err(error.into()),
    }
    let row = desk.database.first(
        "SELECT count(*) FROM campaign_account WHERE campaign_id = ?1 AND message_id IS NOT NULL",
        params![campaign],
    )?;
    let count = row.map(|row| row.integer(0)).transpose()?;
    Ok(count.and_then(|count| u32::try_from(count).ok()).unwrap_or(0))
}
