//! What goes out comes back: our files re-import to the same book, and say the same to another reader of vCards.

use calcard::vcard::{VCard, VCardProperty, VCardValue};
use contacts::{Address, Card, Entry, Labelled, Version};
use proptest::prelude::*;

use crate::book::Book;

/// Text with everything that structures a file of cards, and characters of one to four bytes.
fn text(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z0-9 ]",
        2 => "[éèçœßÅ漢字😀\u{200d}\u{a0}]",
        2 => r#"[;,:\\"'=.^<>&%-]"#,
        1 => Just("\r\nEND:VCARD\r\n".to_owned()),
        1 => Just("\n".to_owned()),
        1 => Just("\u{0}\u{7f}\t\u{85}".to_owned()),
        1 => Just("\\n".to_owned()),
        1 => Just("mailto:tel:urn:uuid:".to_owned()),
    ];
    proptest::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["", "home", "work", "mobile", "fax", "other", "Domicile", "_$!<Home>!$_"])
            .prop_map(str::to_owned),
        text(5),
    ]
}

fn labelled() -> impl Strategy<Value = Vec<Labelled>> {
    proptest::collection::vec((text(12), label()).prop_map(|(value, label)| Labelled { value, label }), 0..4)
}

fn address() -> impl Strategy<Value = Address> {
    (text(20), text(8), text(8), text(8), text(8), label())
        .prop_map(|(street, city, region, code, country, label)| Address { street, city, region, code, country, label })
}

fn birthday() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        (1_u32..10_000, 1_u32..13, 1_u32..29).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")),
        (1_u32..13, 1_u32..29).prop_map(|(m, d)| format!("--{m:02}-{d:02}")),
    ]
}

fn card() -> impl Strategy<Value = Card> {
    let names = (text(12), text(10), text(10), text(6), text(4), text(4), text(6));
    let rest =
        (text(10), text(15), labelled(), labelled(), proptest::collection::vec(address(), 0..3), birthday(), text(200));
    (names, rest).prop_map(|(names, rest)| {
        let (name, last_name, first_name, other_names, prefix, suffix, nickname) = names;
        let (function, organisation, mails, phones, addresses, birthday, note) = rest;
        Card {
            name,
            last_name,
            first_name,
            other_names,
            prefix,
            suffix,
            nickname,
            function,
            organisation,
            mails,
            phones,
            addresses,
            birthday,
            note,
        }
    })
}

/// A book of cards, each in some of three groups, the last of which may stay empty.
fn filled(cards: &[(Card, u8)]) -> Book {
    let book = Book::new();
    let owner = book.owner.as_str();
    let names = ["Amis, voisins ; etc.", "Échecs\\n", "Été"];
    let groups: Vec<String> = names
        .iter()
        .map(|name| {
            let id = book.id();
            contacts::new_group(&book.database, owner, &id, name).unwrap();
            id
        })
        .collect();
    for (card, within) in cards {
        let own: Vec<&str> =
            groups.iter().enumerate().filter(|(n, _)| within >> n & 1 == 1).map(|(_, id)| id.as_str()).collect();
        match contacts::save_card(&book.database, owner, &book.id(), card.clone(), Some(&own)) {
            Ok(()) | Err(contacts::Error::Card(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    book
}

/// The rows of a book, without the groups that nobody is in, which 3.0 has no way to tell.
fn rows(book: &Book, version: Version) -> Vec<String> {
    let mut rows = book.dump();
    if version == Version::V3 {
        let groups = contacts::groups(&book.database, book.owner.as_str()).unwrap();
        rows.retain(|row| !groups.iter().any(|group| group.contacts == 0 && group.name == *row));
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_card_once_checked_stays_as_it_is(card in card()) {
        if let Ok(once) = card.checked() {
            prop_assert_eq!(once.clone().checked().unwrap(), once);
        }
    }

    #[test]
    fn our_files_come_back_to_the_same_book(cards in proptest::collection::vec((card(), 0_u8..8), 0..6), old in any::<bool>()) {
        let version = if old { Version::V3 } else { Version::V4 };
        let book = filled(&cards);
        let file = contacts::export(&book.database, book.owner.as_str(), None, version).unwrap();
        prop_assert!(file.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n', '\0'])));
        let count = book.contacts().len();
        if file.is_empty() {
            return Ok(());
        }
        // Into the book it came from: nothing changes.
        let before = book.dump();
        let again = book.import(file.as_bytes());
        prop_assert_eq!((again.created, again.updated, again.unchanged, again.groups), (0, 0, count, 0));
        prop_assert_eq!(again.refused, vec![]);
        prop_assert_eq!(book.dump(), before);
        // Into an empty one: the same.
        let other = Book::new();
        let imported = other.import(file.as_bytes());
        prop_assert_eq!((imported.created, imported.refused.len()), (count, 0));
        prop_assert_eq!(other.dump(), rows(&book, version));
        // Folded by whoever, with bare line ends: no less.
        let bare = Book::new();
        bare.import(file.replace("\r\n", "\n").as_bytes());
        prop_assert_eq!(bare.dump(), rows(&book, version));
    }

    /// calcard is not ours: what it reads in our files is what we meant.
    #[test]
    fn another_reader_reads_the_same(card in card(), old in any::<bool>()) {
        let version = if old { Version::V3 } else { Version::V4 };
        let book = filled(&[(card, 1)]);
        let Some((Entry::Card(card), _)) = book.contacts().pop() else { return Ok(()) };
        let file = contacts::export(&book.database, book.owner.as_str(), None, version).unwrap();
        let read = VCard::parse(&file).unwrap();
        let texts = |property: VCardProperty| -> Vec<Vec<String>> {
            read.entries.iter().filter(|entry| entry.name == property).map(|entry| entry.values.iter().map(|value| match value {
                VCardValue::Text(text) => text.clone(),
                VCardValue::Component(parts) => parts.join(","),
                other => format!("{other:?}"),
            }).collect()).collect()
        };
        prop_assert_eq!(texts(VCardProperty::Fn), vec![vec![card.name]]);
        prop_assert_eq!(&texts(VCardProperty::N)[0][..2], &[card.last_name, card.first_name]);
        let values = |list: &[Labelled]| list.iter().map(|one| vec![one.value.clone()]).collect::<Vec<_>>();
        prop_assert_eq!(texts(VCardProperty::Email), values(&card.mails));
        prop_assert_eq!(texts(VCardProperty::Tel), values(&card.phones));
        let note = if card.note.is_empty() { vec![] } else { vec![vec![card.note]] };
        prop_assert_eq!(texts(VCardProperty::Note), note);
    }
}
