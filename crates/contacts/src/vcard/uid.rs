//! By what a card is known when it comes again.

use sha2::{Digest as _, Sha256};
use ulid::Ulid;

use crate::Card;
use crate::card::{mail_key, phone_key};

const PREFIX: &str = "urn:uuid:";
/// Before the id of a person of the directory; no card of a file is known by such a uid.
const PERSON: &str = "person:";
const MAX: usize = 255;

/// A UID as it is kept: without `urn:uuid:`, a UUID in lower case; empty when it cannot be kept.
pub(super) fn normal(uid: &str) -> String {
    let uid = crate::card::line(uid);
    let mut bare = uid.as_str();
    while let Some((start, rest)) = bare.split_at_checked(PREFIX.len()) {
        if !start.eq_ignore_ascii_case(PREFIX) {
            break;
        }
        bare = rest.trim();
    }
    if bare.chars().count() > MAX || bare.starts_with(PERSON) {
        return String::new();
    }
    if is_uuid(bare) { bare.to_lowercase() } else { bare.to_owned() }
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn uuid(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// The uid of a contact who is a person of the directory.
pub(crate) fn person_uid(person: &str) -> String {
    format!("{PERSON}{person}")
}

/// The UUID that stands for a ULID in a file: the same 128 bits.
pub(crate) fn uuid_of(ulid: &str) -> Option<String> {
    Ulid::from_string(ulid).ok().map(|ulid| uuid(ulid.0))
}

/// The ULID that a UID of a file may stand for.
pub(crate) fn person_of(uid: &str) -> Option<String> {
    let hex: String = uid.chars().filter(|c| *c != '-').collect();
    if !is_uuid(uid) {
        return None;
    }
    u128::from_str_radix(&hex, 16).ok().map(|bits| Ulid(bits).to_string())
}

/// A UID for a card without one. Made from what tells cards apart, not drawn, so that the same card gets the same one
/// however often it comes, and two imports at once do not make two contacts.
pub(crate) fn made_uid(card: &Card) -> String {
    let mut keys: Vec<String> = card.mails.iter().map(|mail| mail_key(&mail.value)).collect();
    if keys.is_empty() {
        keys = card.phones.iter().map(|phone| phone_key(&phone.value)).collect();
    }
    keys.sort();
    let digest = Sha256::digest(format!("{}\n{}", people::fold(&card.name), keys.join("\n")));
    let bits = digest.iter().take(16).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    // UUID version 8, "made in a way of one's own" (RFC 9562 §5.8).
    uuid(bits & !(0xf << 76) & !(0x3 << 62) | 0x8 << 76 | 0x2 << 62)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_go_out_as_uuids_and_come_back() {
        let id = "01K41XRSR0000000000000000A";
        let uuid = uuid_of(id).unwrap();
        assert!(is_uuid(&uuid));
        assert_eq!(person_of(&uuid).as_deref(), Some(id));
        assert_eq!(person_of("x"), None);
    }

    #[test]
    fn uids_are_kept_in_one_form() {
        for (given, kept) in [
            ("urn:uuid:4FBE8971-0BC3-424C-9C26-36C3E1EFF6B1", "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"),
            ("4fbe8971-0bc3-424c-9c26-36c3e1eff6b1", "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"),
            (" ABCD:ABPerson ", "ABCD:ABPerson"),
            ("person:01K41XRSR0000000000000000A", ""),
            ("", ""),
        ] {
            assert_eq!(normal(given), kept);
            assert_eq!(normal(kept), kept);
        }
        assert_eq!(normal(&"x".repeat(300)), "");
    }

    #[test]
    fn a_made_uid_follows_name_and_mail() {
        let card = |name: &str, mail: &str| Card {
            name: name.to_owned(),
            mails: vec![crate::Labelled { value: mail.to_owned(), label: String::new() }],
            ..Card::default()
        };
        let uid = made_uid(&card("Zoë Duval", "Zoe@example.org"));
        assert!(is_uuid(&uid));
        assert_eq!(uid, made_uid(&card("ZOE DUVAL", "zoe@example.org")));
        assert_ne!(uid, made_uid(&card("Zoë Duval", "zoe@example.com")));
    }
}
