//! One card while it is read: what its properties say, in bounds.

use std::collections::HashMap;

use super::MAX_CARDS;
use super::line::Property;
use super::uid::normal;
use crate::birthday::day;
use crate::{Address, Card, Labelled, MAX_GROUPS, MAX_NAME};

/// Mails, phones and the like that are looked at in one card, repeats included.
const MAX_ITEMS: usize = 500;
/// What Gmail calls everybody.
const EVERYBODY: &str = "mycontacts";

/// One mail, phone or address with what its label may be.
struct Item<T> {
    value: T,
    /// The group it shares with its `X-ABLabel` ("item1"), or empty.
    group: String,
    /// Smallest first.
    rank: u8,
}

/// A card that is being read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) line: usize,
    pub(super) fault: Option<String>,
    pub(super) uid: String,
    pub(super) is_group: bool,
    pub(super) card: Card,
    mails: Vec<Item<Labelled>>,
    phones: Vec<Item<Labelled>>,
    addresses: Vec<Item<Address>>,
    /// Groups of this card, as CATEGORIES name them.
    pub(super) groups: Vec<String>,
    /// Members, when this card is a group.
    pub(super) members: Vec<String>,
    /// `X-ABLabel` by group.
    labels: HashMap<String, String>,
    /// The last property is an AGENT, whose value is a card of its own (2.1).
    pub(super) agent: bool,
}

impl Draft {
    /// A card that begins at this line.
    pub(super) fn at(line: usize) -> Self {
        Self { line, ..Self::default() }
    }

    pub(super) fn shown_name(&self) -> String {
        let Card { name, first_name, last_name, .. } = &self.card;
        let name = if name.trim().is_empty() { format!("{first_name} {last_name}") } else { name.clone() };
        crate::card::line(&name).chars().take(MAX_NAME + 1).collect()
    }

    /// Takes in one line; `old` is set by its VERSION.
    pub(super) fn read(&mut self, line: &[u8], old: &mut bool) {
        let Some(property) = Property::of(line, *old) else { return };
        self.agent = property.name == "AGENT" && property.is_empty();
        let kept = matches!(
            property.name.as_str(),
            "VERSION"
                | "UID"
                | "KIND"
                | "X-ADDRESSBOOKSERVER-KIND"
                | "FN"
                | "N"
                | "NICKNAME"
                | "EMAIL"
                | "TEL"
                | "ADR"
                | "ORG"
                | "TITLE"
                | "ROLE"
                | "BDAY"
                | "NOTE"
                | "CATEGORIES"
                | "MEMBER"
                | "X-ADDRESSBOOKSERVER-MEMBER"
                | "X-ABLABEL"
        );
        if !kept {
            return;
        }
        if property.is_huge() {
            self.fault = Some(format!("« {} » est bien trop long : raccourcissez-le.", property.name));
            return;
        }
        if property.name == "VERSION" {
            *old = property.text().trim().starts_with('2');
        }
        self.property(&property);
    }

    fn property(&mut self, property: &Property<'_>) {
        match property.name.as_str() {
            "UID" => self.uid = normal(&property.text()),
            "KIND" | "X-ADDRESSBOOKSERVER-KIND" => {
                self.is_group = property.text().trim().eq_ignore_ascii_case("group");
            }
            "FN" => fill(&mut self.card.name, property.text()),
            "N" => self.names(property),
            "NICKNAME" => fill(&mut self.card.nickname, property.items().join(", ")),
            "EMAIL" => self.mails.push(item(property, labelled(property))),
            "TEL" => self.phones.push(item(property, labelled(property))),
            "ADR" => self.addresses.push(item(property, address(property))),
            "ORG" => fill(&mut self.card.organisation, joined(&property.components(), ", ")),
            "TITLE" | "ROLE" => fill(&mut self.card.function, property.text()),
            // What is no date is nothing to remember.
            "BDAY" => fill(&mut self.card.birthday, day(property.text().trim()).unwrap_or_default()),
            "NOTE" => {
                self.card.note.push('\n');
                self.card.note.push_str(property.text().trim());
            }
            "CATEGORIES" => self.categories(property),
            "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER" => {
                let member = property.text();
                let mail = member.trim().to_lowercase();
                self.members.push(if mail.starts_with("mailto:") { mail } else { normal(&member) });
            }
            "X-ABLABEL" => drop(self.labels.insert(property.group.clone(), property.text())),
            _ => {}
        }
        let most = [self.mails.len(), self.phones.len(), self.addresses.len(), self.labels.len()].into_iter().max();
        if most > Some(MAX_ITEMS) || self.members.len() > MAX_CARDS || self.card.note.len() > MAX_ITEMS * 1024 {
            // What is over is not even kept.
            self.fault = Some("La fiche a bien trop d’éléments pour un seul contact.".to_owned());
            (self.mails, self.phones, self.addresses) = Default::default();
            (self.labels, self.members, self.card.note) = Default::default();
        }
    }

    fn names(&mut self, property: &Property<'_>) {
        let card = &mut self.card;
        let fields =
            [&mut card.last_name, &mut card.first_name, &mut card.other_names, &mut card.prefix, &mut card.suffix];
        if fields.iter().all(|field| field.is_empty()) {
            for (field, name) in fields.into_iter().zip(property.names()) {
                *field = name.trim().to_owned();
            }
        }
    }

    fn categories(&mut self, property: &Property<'_>) {
        for name in property.items() {
            match group_name(&name) {
                _ if name.to_lowercase() == EVERYBODY => {}
                Some(name) if self.groups.len() < MAX_GROUPS => self.groups.push(name),
                _ => self.fault = Some(long_group()),
            }
        }
    }
}

impl Draft {
    /// The card with its mails, phones and addresses, the preferred ones first, each with its label.
    pub(super) fn whole(&self) -> Card {
        let own = |group: &str| self.labels.get(group).filter(|_| !group.is_empty()).cloned();
        let values = |items: &[Item<Labelled>]| {
            let mut sorted: Vec<&Item<Labelled>> = items.iter().collect();
            sorted.sort_by_key(|item| item.rank);
            let with_label = |item: &&Item<Labelled>| Labelled {
                value: item.value.value.clone(),
                label: own(&item.group).unwrap_or_else(|| item.value.label.clone()),
            };
            sorted.iter().map(with_label).collect()
        };
        let mut addresses: Vec<&Item<Address>> = self.addresses.iter().collect();
        addresses.sort_by_key(|item| item.rank);
        let addresses = addresses.into_iter().map(|item| Address {
            label: own(&item.group).unwrap_or_else(|| item.value.label.clone()),
            ..item.value.clone()
        });
        Card {
            mails: values(&self.mails),
            phones: values(&self.phones),
            addresses: addresses.collect(),
            ..self.card.clone()
        }
    }
}

/// The first one that says something counts.
fn fill(field: &mut String, text: String) {
    if field.is_empty() {
        text.trim().clone_into(field);
    }
}

fn joined(parts: &[String], separator: &str) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join(separator)
}

fn item<T>(property: &Property<'_>, value: T) -> Item<T> {
    Item { value, group: property.group.clone(), rank: property.rank }
}

/// The label that the types say: of "work, fax" the fax, which one must know before dialling.
fn label(property: &Property<'_>) -> String {
    let known = [
        ("fax", "fax"),
        ("cell", "mobile"),
        ("mobile", "mobile"),
        ("work", "work"),
        ("home", "home"),
        ("other", "other"),
    ];
    let found = known.into_iter().find(|(word, _)| property.types.iter().any(|own| own == word));
    found.map_or("", |(_, label)| label).to_owned()
}

fn labelled(property: &Property<'_>) -> Labelled {
    Labelled { value: property.text(), label: label(property) }
}

/// RFC 6350 §6.3.1: box; extension; street; town; region; code; country.
fn address(property: &Property<'_>) -> Address {
    let mut parts = property.components();
    parts.resize(7, String::new());
    let mut part = |at: usize| parts.get_mut(at).map(std::mem::take).unwrap_or_default();
    let (post_box, extension, street) = (part(0), part(1), part(2));
    Address {
        street: joined(&[street, extension, post_box], "\n"),
        city: part(3),
        region: part(4),
        code: part(5),
        country: part(6),
        label: label(property),
    }
}

/// The name of a group as it is kept; `None` when it is too long or empty.
pub(super) fn group_name(name: &str) -> Option<String> {
    let name = crate::card::line(name);
    (!name.is_empty() && name.chars().count() <= MAX_NAME).then_some(name)
}

/// Why a card with another name for a group is refused.
pub(super) fn long_group() -> String {
    format!("Le nom d’un groupe doit avoir de 1 à {MAX_NAME} caractères : changez-le.")
}
