//! The texts of account mails (P-4), with markers where the account's own words go: the database merges them set-wise
//! (trigger `accounts_mailed`), so that 10,000 mails are one statement.

use letters::Sender;
use people::Profile;

use crate::accounts;

/// The text for accounts of one profile, active or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// For whom.
    pub profile: Profile,
    /// Whether for active accounts.
    pub active: bool,
    /// The subject.
    pub subject: String,
    /// Plain text with the markers `MARQUEPRENOM`, `MARQUENOM`, `MARQUELOGIN`, `MARQUECODE`.
    pub text: String,
}

/// Both texts for every profile.
#[must_use]
pub fn texts(sender: &Sender) -> Vec<Text> {
    let text = |profile, active: bool| {
        let account = letters::Account {
            given: "MARQUEPRENOM",
            family: "MARQUENOM",
            profile: accounts::profile(profile),
            login: "MARQUELOGIN",
            code: (!active).then_some("MARQUECODE"),
            class: None,
            children: &[],
            address: &[],
            federated: false,
        };
        Text {
            profile,
            active,
            subject: letters::mail_subject(sender, &account),
            text: letters::mail_text(sender, &account),
        }
    };
    Profile::ALL.iter().flat_map(|profile| [text(*profile, false), text(*profile, true)]).collect()
}
