//! From cards to a file: vCard 3.0 (RFC 2426) or 4.0 (RFC 6350). Every value goes out through one escape and one fold, so
//! that nothing kept can begin a line of its own.

use super::uid::is_uuid;
use crate::{Address, Card, Labelled};

/// Octets of a line, its end not counted (RFC 6350 §3.2).
const FOLD: usize = 75;

/// The version of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// vCard 3.0, which every program reads: groups are CATEGORIES, and one without members is left out.
    V3,
    /// vCard 4.0: groups are cards of their own.
    V4,
}

/// A contact as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exported {
    pub(crate) uid: String,
    pub(crate) card: Card,
    /// Names of its groups.
    pub(crate) groups: Vec<String>,
}

/// The file: one card per contact, then in 4.0 one per group (`groups`: UUID, name).
#[must_use]
pub(crate) fn write(version: Version, contacts: &[Exported], groups: &[(String, String)]) -> String {
    let mut out = Out { text: String::new(), version, items: 0 };
    for contact in contacts {
        out.card(contact);
    }
    if version == Version::V4 {
        for (uuid, name) in groups {
            let members = contacts.iter().filter(|contact| contact.groups.contains(name));
            out.group(uuid, name, members.map(|contact| contact.uid.as_str()));
        }
    }
    out.text
}

struct Out {
    text: String,
    version: Version,
    /// `item1`, `item2`… of this card.
    items: usize,
}

impl Out {
    fn begin(&mut self, uid: &str) {
        self.items = 0;
        self.line("BEGIN", "VCARD");
        self.line("VERSION", if self.version == Version::V3 { "3.0" } else { "4.0" });
        // In 4.0 a UID is a URI unless it says otherwise (§6.7.6).
        let is_uri = uid.split_once(':').is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphanumeric()));
        let name = if self.version == Version::V3 || is_uuid(uid) || is_uri { "UID" } else { "UID;VALUE=text" };
        self.line(name, &if self.version == Version::V3 { escaped(uid) } else { uri(uid) });
    }

    fn card(&mut self, contact: &Exported) {
        let card = &contact.card;
        self.begin(&contact.uid);
        self.line("FN", &escaped(&card.name));
        let names = [&card.last_name, &card.first_name, &card.other_names, &card.prefix, &card.suffix];
        self.line("N", &names.map(|name| escaped(name)).join(";"));
        let old = self.version == Version::V3;
        for (name, text) in [("NICKNAME", &card.nickname), ("TITLE", &card.function), ("ORG", &card.organisation)] {
            self.text(name, text);
        }
        for mail in &card.mails {
            self.labelled(if old { "EMAIL;TYPE=INTERNET" } else { "EMAIL" }, mail);
        }
        for phone in &card.phones {
            self.labelled("TEL", phone);
        }
        for address in &card.addresses {
            self.address(address);
        }
        self.birthday(&card.birthday);
        self.text("NOTE", &card.note);
        if old && !contact.groups.is_empty() {
            let groups: Vec<String> = contact.groups.iter().map(|name| escaped(name)).collect();
            self.line("CATEGORIES", &groups.join(","));
        }
        self.line("END", "VCARD");
    }

    fn group<'a>(&mut self, uuid: &str, name: &str, members: impl Iterator<Item = &'a str>) {
        self.begin(uuid);
        self.line("KIND", "group");
        self.line("FN", &escaped(name));
        members.for_each(|uid| self.line("MEMBER", &uri(uid)));
        self.line("END", "VCARD");
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.line(name, &escaped(text));
        }
    }

    fn labelled(&mut self, name: &str, one: &Labelled) {
        self.with_label(name, &escaped(&one.value), &one.label);
    }

    fn address(&mut self, address: &Address) {
        let Address { street, city, region, code, country, label } = address;
        let parts = ["", "", street, city, region, code, country].map(escaped);
        self.with_label("ADR", &parts.join(";"), label);
    }

    /// A label that has no TYPE of its own goes along as Apple and Google write it, in a group with its property.
    fn with_label(&mut self, name: &str, value: &str, label: &str) {
        let word = match label {
            "" => return self.line(name, value),
            "mobile" => "CELL",
            "home" => "HOME",
            "work" => "WORK",
            "fax" => "FAX",
            _ => "",
        };
        if !word.is_empty() {
            return self.line(&format!("{name};TYPE={word}"), value);
        }
        self.items += 1;
        let item = format!("item{}", self.items);
        self.line(&format!("{item}.{name}"), value);
        self.line(&format!("{item}.X-ABLabel"), &escaped(label));
    }

    fn birthday(&mut self, day: &str) {
        let digits = day.replace('-', "");
        match (day.strip_prefix("--"), self.version) {
            _ if day.is_empty() => {}
            (None, Version::V3) => self.line("BDAY", day),
            (None, Version::V4) => self.line("BDAY", &digits),
            // 3.0 has no date without year: Apple's way, which others know too.
            (Some(rest), Version::V3) => self.line("BDAY;X-APPLE-OMIT-YEAR=1604", &format!("1604-{rest}")),
            (Some(_), Version::V4) => self.line("BDAY", &format!("--{digits}")),
        }
    }

    /// One line, folded without cutting a character.
    fn line(&mut self, name: &str, value: &str) {
        let mut room = FOLD;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                self.text.push_str("\r\n ");
                room = FOLD - 1;
            }
            room -= c.len_utf8();
            self.text.push(c);
        }
        self.text.push_str("\r\n");
    }
}

/// RFC 6350 §3.4; control characters, which no kept text has, would be left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A UID as the URI it was, or the text it is.
fn uri(uid: &str) -> String {
    if is_uuid(uid) { format!("urn:uuid:{uid}") } else { escaped(uid) }
}
