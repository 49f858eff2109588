//! Whom an account letter is for (P-3, P-4), and what of it can be printed.

use serde::{Deserialize, Serialize};

use crate::clean;
use crate::font::Face;
use crate::wording::{self, Case};
use crate::{Field, Unprintable, Why};

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

/// The longest login that is drawn, at the smallest size that can be read; logins are made of twice 30 letters and a number.
const LONGEST_LOGIN: usize = 66;
const LONGEST_CODE: usize = 20;
/// Under the name, in the window of an envelope.
const ADDRESS_LINES: usize = 5;

/// Whether a letter can be made of this account, which is `index` in its list.
///
/// # Errors
/// What cannot be printed, and why.
pub fn check(index: usize, account: &Account<'_>) -> Result<(), Unprintable> {
    Ready::new(index, account).map(drop)
}

/// An account whose every text can be drawn.
pub(crate) struct Ready<'a> {
    pub(crate) case: Case,
    pub(crate) profile: Profile,
    pub(crate) given: String,
    /// First name and capital last name.
    pub(crate) name: String,
    pub(crate) login: &'a str,
    pub(crate) code: Option<&'a str>,
    /// "Élève, 6e B", "Parent de Lina BENALI (6e B)"
    pub(crate) whom: String,
    /// "Lina BENALI (6e B) et Adam BENALI (CM2)"; empty when it is not known.
    pub(crate) children: String,
    pub(crate) address: Vec<String>,
}

impl<'a> Ready<'a> {
    pub(crate) fn new(index: usize, account: &Account<'a>) -> Result<Self, Unprintable> {
        let refused = |field, why| Unprintable { index, field, why };
        let line = |field, text: &str| clean::line(text).map_err(|letter| refused(field, Why::Letter(letter)));
        let typed = |field, text: &'a str, longest: usize| match text {
            "" => Err(refused(field, Why::Empty)),
            text => match text.chars().find(|c| *c == ' ' || !Face::Mono.has(*c)) {
                Some(letter) => Err(refused(field, Why::Letter(letter))),
                None if text.len() > longest => Err(refused(field, Why::TooLong)),
                None => Ok(text),
            },
        };
        let given = line(Field::Name, account.given)?;
        let family = line(Field::Name, &line(Field::Name, account.family)?.to_uppercase())?;
        let name = format!("{given} {family}").trim().to_owned();
        if name.is_empty() {
            return Err(refused(Field::Name, Why::Empty));
        }
        let case = Case::of(account);
        let login = typed(Field::Login, account.login, LONGEST_LOGIN).or_else(|refusal| {
            // It is not drawn then.
            if case == Case::EduConnect { Ok("") } else { Err(refusal) }
        })?;
        let code = match (case, account.code) {
            (Case::Activate, Some(code)) => Some(typed(Field::Code, code, LONGEST_CODE)?),
            _ => None,
        };
        let children = account.children.iter().map(|child| line(Field::Child, child));
        let children = listed(&children.collect::<Result<Vec<_>, _>>()?);
        let class = line(Field::Class, account.class.unwrap_or(""))?;
        let mut whom = wording::profile(account.profile).to_owned();
        if account.profile == Profile::Relative && !children.is_empty() {
            whom = format!("{whom} de {children}");
        } else if !class.is_empty() {
            whom = format!("{whom}, {class}");
        }
        let address = account.address.iter().map(|text| line(Field::Address, text));
        let address = address.filter(|line| line.as_ref().map_or(true, |line| !line.is_empty())).take(ADDRESS_LINES);
        let address = address.collect::<Result<_, _>>()?;
        Ok(Self { case, profile: account.profile, given, name, login, code, whom, children, address })
    }
}

/// "a, b et c"
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} et {last}", first.join(", ")),
    }
}
