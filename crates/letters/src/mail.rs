//! The two account mails (P-4): the same words as the letters, as plain text.

use std::fmt::Write as _;

use crate::account::Account;
use crate::text::french;
use crate::wording::{self, Case};
use crate::{Profile, Sender};

/// The subject of the mail; it says nothing of the login or the code.
#[must_use]
pub fn mail_subject(sender: &Sender, account: &Account<'_>) -> String {
    let words = wording::words(Case::of(account), account.profile, sender);
    one_line(&format!("{} – {}", words.title, sender.name))
}

/// The body of the mail, in plain text. The code is in it when the account is not active: it goes to the person's own address.
#[must_use]
pub fn mail_text(sender: &Sender, account: &Account<'_>) -> String {
    let case = Case::of(account);
    let words = wording::words(case, account.profile, sender);
    let plain = |text: &str| french(&text.replace('*', ""));
    let mut text = match account.profile {
        Profile::Student => format!("Bonjour {},\n\n", one_line(account.given)),
        _ => "Madame, Monsieur,\n\n".to_owned(),
    };
    let _ = writeln!(text, "{}\n", plain(words.intro));
    if account.profile == Profile::Relative && !account.children.is_empty() {
        let children: Vec<String> = account.children.iter().map(|child| one_line(child)).collect();
        let _ = writeln!(text, "{}\n", plain(&format!("Enfants concernés : {}.", children.join(", "))));
    }
    if case != Case::EduConnect {
        let _ = writeln!(text, "{}{}", plain("Votre identifiant : "), one_line(account.login));
        if let Some(code) = account.code {
            let _ = writeln!(text, "{}{}", plain("Votre code d’activation : "), one_line(code));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{}\n", plain(&format!("{} :", words.how)));
    for (number, step) in (1..).zip(&words.steps) {
        // Nothing is to be scanned in a mail: the page is a link.
        let link = sender.activation_url.as_deref().filter(|_| number == 1 && case == Case::Activate);
        let step = match link.and_then(|url| url.split_once('?')) {
            Some((page, _)) => format!("{} {page}", plain("Ouvrez la page d’activation :")),
            None => plain(step),
        };
        let _ = writeln!(text, "{number}. {step}");
    }
    text.push('\n');
    for note in words.notes {
        let _ = writeln!(text, "{}", plain(note));
    }
    let _ = write!(text, "\n{}", one_line(&sender.name));
    text
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}
