//! The card of somebody outside: what is kept, how much of it, and in which form. [`Card::checked`] is the only way in, for
//! forms, programs and files alike, and changes nothing when asked again.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::birthday;

/// Kinds of mail, phone and address: the word kept, and what it is called in French. Any other word is the owner's own.
pub const LABELS: [(&str, &str); 6] = [
    ("", "Sans précision"),
    ("home", "Domicile"),
    ("work", "Travail"),
    ("mobile", "Mobile"),
    ("fax", "Télécopie"),
    ("other", "Autre"),
];

const MAX_LINE: usize = 200;
const MAX_MAIL: usize = 254;
const MAX_NOTE: usize = 10_000;
const MAX_STREET: usize = 500;
const MAX_LABEL: usize = 50;
const MAX_LIST: usize = 20;
/// Characters of a folded name that are kept for search.
const MAX_FOLDED: usize = 400;

/// A mail address or phone number, and what it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Labelled {
    /// As it is written.
    pub value: String,
    /// One of [`LABELS`], or a word of the owner's.
    pub label: String,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Number, street, box: one line or several.
    pub street: String,
    /// Town.
    pub city: String,
    /// Region or département.
    pub region: String,
    /// Postal code.
    pub code: String,
    /// Country.
    pub country: String,
    /// As [`Labelled::label`].
    pub label: String,
}

/// What is known of somebody outside. Empty text is "not known".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The name that is shown; never empty once checked.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// First name.
    pub first_name: String,
    /// Further first names.
    pub other_names: String,
    /// "Mme", "Dr".
    pub prefix: String,
    /// "Jr".
    pub suffix: String,
    /// What friends call her.
    pub nickname: String,
    /// What she does.
    pub function: String,
    /// Where she does it.
    pub organisation: String,
    /// At most 20 mail addresses, the preferred one first. Not checked to be valid: they are kept, not written to.
    pub mails: Vec<Labelled>,
    /// At most 20 phone numbers, the preferred one first.
    pub phones: Vec<Labelled>,
    /// At most 20 postal addresses.
    pub addresses: Vec<Address>,
    /// "1990-01-31", or "--01-31" when the year is not known.
    pub birthday: String,
    /// Several lines, at most 10,000 characters.
    pub note: String,
}

/// Why a card will not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Fault {
    /// The field of [`Card`].
    pub field: &'static str,
    /// In French: what is wrong and what to do.
    pub reason: String,
}

/// One line without control characters, spaces at its ends taken off.
pub(crate) fn line(text: &str) -> String {
    let kept = text.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    });
    kept.collect::<String>().trim().to_owned()
}

/// Lines, without other control characters.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}'], "\n").replace('\t', " ");
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>().trim().to_owned()
}

/// The French word for a kept label.
#[must_use]
pub fn label_text(label: &str) -> &str {
    LABELS.iter().find(|(word, _)| *word == label && !word.is_empty()).map_or(label, |(_, french)| french)
}

fn checked_label(field: &'static str, label: &str) -> Result<String, Fault> {
    // `_$!<HomeFAX>!$_`: the words of Apple's address book for its own labels.
    let label = line(label).replace("_$!<", "").replace(">!$_", "");
    let label = limited(field, label.trim().to_owned(), MAX_LABEL)?;
    if matches!(label.to_lowercase().as_str(), "homefax" | "workfax" | "otherfax") {
        return Ok("fax".to_owned());
    }
    let known = LABELS.iter().find(|(word, french)| {
        !word.is_empty() && (word.eq_ignore_ascii_case(&label) || french.to_lowercase() == label.to_lowercase())
    });
    Ok(known.map_or(label, |(word, _)| (*word).to_owned()))
}

fn limited(field: &'static str, text: String, most: usize) -> Result<String, Fault> {
    if text.chars().count() <= most {
        return Ok(text);
    }
    Err(Fault { field, reason: format!("« {} » dépasse {most} caractères : raccourcissez-le.", french(field)) })
}

fn french(field: &str) -> &str {
    match field {
        "name" => "Nom affiché",
        "last_name" => "Nom",
        "first_name" => "Prénom",
        "other_names" => "Autres prénoms",
        "prefix" => "Civilité",
        "suffix" => "Suffixe",
        "nickname" => "Surnom",
        "function" => "Fonction",
        "organisation" => "Organisme",
        "mails" => "Adresse électronique",
        "phones" => "Téléphone",
        "addresses" => "Adresse postale",
        "note" => "Note",
        other => other,
    }
}

/// What tells one phone number from another: not how it is spaced.
pub(crate) fn phone_key(number: &str) -> String {
    number
        .to_lowercase()
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '/' | '\u{a0}' | '\u{202f}'))
        .collect()
}

/// What tells one mail address from another.
pub(crate) fn mail_key(address: &str) -> String {
    address.to_lowercase()
}

/// `scheme:` taken off, whatever its case.
fn bare<'a>(text: &'a str, scheme: &str) -> &'a str {
    match text.split_at_checked(scheme.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(scheme) => rest.trim(),
        _ => text,
    }
}

/// Cleaned, empty ones and repeats left out.
fn list(
    field: &'static str,
    values: Vec<Labelled>,
    scheme: &str,
    most: usize,
    key: fn(&str) -> String,
) -> Result<Vec<Labelled>, Fault> {
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for Labelled { value, label } in values {
        let mut cleaned = line(&value);
        while bare(&cleaned, scheme).len() < cleaned.len() {
            cleaned = bare(&cleaned, scheme).to_owned();
        }
        let value = limited(field, cleaned, most)?;
        let label = checked_label(field, &label)?;
        if !value.is_empty() && seen.insert(key(&value)) {
            kept.push(Labelled { value, label });
        }
    }
    few(field, kept)
}

fn few<T>(field: &'static str, kept: Vec<T>) -> Result<Vec<T>, Fault> {
    if kept.len() <= MAX_LIST {
        return Ok(kept);
    }
    Err(Fault { field, reason: format!("« {} » : {MAX_LIST} au plus pour un contact.", french(field)) })
}

impl Address {
    fn checked(self) -> Result<Self, Fault> {
        let short = |text: &str| limited("addresses", line(text), MAX_LINE);
        Ok(Self {
            street: limited("addresses", lines(&self.street), MAX_STREET)?,
            city: short(&self.city)?,
            region: short(&self.region)?,
            code: short(&self.code)?,
            country: short(&self.country)?,
            label: checked_label("addresses", &self.label)?,
        })
    }

    fn is_empty(&self) -> bool {
        [&self.street, &self.city, &self.region, &self.code, &self.country].into_iter().all(String::is_empty)
    }
}

impl Card {
    /// The card in the form it is kept in: control characters and spaces at the ends taken off, repeats left out, a name
    /// found among what is known when none is given.
    ///
    /// # Errors
    /// What is too long, too many, or missing; nothing is cut.
    pub fn checked(self) -> Result<Self, Fault> {
        let short = |field, text: &str| limited(field, line(text), MAX_LINE);
        let mut addresses: Vec<Address> = Vec::new();
        for address in self.addresses {
            let address = address.checked()?;
            if !address.is_empty() && !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        let mut card = Self {
            name: short("name", &self.name)?,
            last_name: short("last_name", &self.last_name)?,
            first_name: short("first_name", &self.first_name)?,
            other_names: short("other_names", &self.other_names)?,
            prefix: short("prefix", &self.prefix)?,
            suffix: short("suffix", &self.suffix)?,
            nickname: short("nickname", &self.nickname)?,
            function: short("function", &self.function)?,
            organisation: short("organisation", &self.organisation)?,
            mails: list("mails", self.mails, "mailto:", MAX_MAIL, mail_key)?,
            phones: list("phones", self.phones, "tel:", MAX_LINE, phone_key)?,
            addresses: few("addresses", addresses)?,
            birthday: birthday::checked(&self.birthday)?,
            note: limited("note", lines(&self.note), MAX_NOTE)?,
        };
        if card.name.is_empty() {
            card.name = card.found_name();
        }
        if card.name.is_empty() {
            let reason = "Donnez un nom, une adresse électronique ou un numéro de téléphone.".to_owned();
            return Err(Fault { field: "name", reason });
        }
        Ok(card)
    }

    /// "Mme Jeanne Marie Duval", else what else tells who this is.
    fn found_name(&self) -> String {
        let parts = [&self.prefix, &self.first_name, &self.other_names, &self.last_name, &self.suffix];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let first = |list: &[Labelled]| list.first().map(|one| one.value.clone()).unwrap_or_default();
        let all = [
            parts.join(" "),
            self.nickname.clone(),
            self.organisation.clone(),
            first(&self.mails),
            first(&self.phones),
        ];
        let name = all.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        // Five parts of a name may be longer together than one line.
        name.chars().take(MAX_LINE).collect::<String>().trim().to_owned()
    }

    /// What it is sorted and found by: last and first name, then the further words of name, nickname and organisation.
    #[must_use]
    pub fn folded_name(&self) -> String {
        let sort = people::fold(&format!("{} {}", self.last_name, self.first_name));
        let mut words: Vec<&str> = sort.split(' ').filter(|word| !word.is_empty()).collect();
        let further = people::fold(&format!("{} {} {}", self.name, self.nickname, self.organisation));
        for word in further.split(' ') {
            if !word.is_empty() && !words.contains(&word) {
                words.push(word);
            }
        }
        let folded: String = words.join(" ").chars().take(MAX_FOLDED).collect();
        folded.trim_end().to_owned()
    }
}
