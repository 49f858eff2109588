//! A message from draft to submission (M-1 to M-4, M-7 to M-10): the logic behind `vaguemestre:post/submission`.
//!
//! Every function is one decision, and every decision one SQL statement: it happened whole, or nothing was written. Who
//! may write to whom is judged in the statement itself, by the trigger `submission_accepted` (sql/logic/messages.sql);
//! what stands here prepares the content before, and finds the words for a refusal after.

mod account_mail;
mod addressee;
mod attachment;
mod body;
mod draft;
mod letters;
mod media;
mod notify;
mod receipt;
mod refusal;
mod respond;

use store::Database;

pub use account_mail::{AccountText, mail_accounts};
pub use addressee::{Addressee, Field, Kind};
pub use attachment::{attach, detach};
pub use body::{Body, MAX_HTML_BYTES};
pub use draft::{discard, save};
pub use letters::mail_letters;
pub use media::media_type;
pub use notify::write_to_address;
pub use receipt::{Receipt, submit};
pub use refusal::Refusal;
pub use respond::{Response, respond};
pub use rights::Refused;

/// What the functions of this crate work with: a database, and an instant.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Where messages are kept.
    pub database: &'a dyn Database,
    /// Now, UTC milliseconds.
    pub now: i64,
}

/// What an author edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// At most 200 characters, none of them a control character.
    pub subject: String,
    /// HTML as written; sanitised before it is kept.
    pub body: String,
    /// At most 1,000.
    pub addressees: Vec<Addressee>,
    /// The message this one answers.
    pub in_reply_to: Option<String>,
    /// M-4: a mail to the author's own redirect address as well.
    pub copy_to_author: bool,
}

/// A new ULID, with the time `now`.
pub(crate) fn new_id(now: i64) -> String {
    let time = u64::try_from(now).unwrap_or(0);
    let random = u128::from(ulid::Ulid::generate()) & ((1 << 80) - 1);
    ulid::Ulid::from_parts(time, random).to_string()
}
