//! The same contact again: by UID, else by name and mail; nothing is lost, and twice is once.

use contacts::{Card, Entry};
use proptest::prelude::*;

use crate::book::Book;

fn cards(book: &Book) -> Vec<Card> {
    let cards = book.contacts().into_iter().map(|(entry, _)| match entry {
        Entry::Card(card) => card,
        other => panic!("{other:?}"),
    });
    cards.collect()
}

fn vcard(lines: &[&str]) -> String {
    format!("BEGIN:VCARD\nVERSION:3.0\n{}\nEND:VCARD\n", lines.join("\n"))
}

fn counts(book: &Book, file: &str) -> (usize, usize, usize) {
    let imported = book.import(file.as_bytes());
    assert_eq!(imported.refused, []);
    (imported.created, imported.updated, imported.unchanged)
}

#[test]
fn a_known_uid_learns_what_is_new_and_loses_nothing() {
    let book = Book::new();
    let first = vcard(&["UID:u1", "FN:Ana", "TEL:05 55 00 00 01", "NOTE:Voisine", "EMAIL:ana@example.org"]);
    assert_eq!(counts(&book, &first), (1, 0, 0));
    let second =
        vcard(&["UID:urn:uuid:u1", "FN:Ana Roca", "TEL;TYPE=CELL:0555000001", "TEL:05 55 00 00 02", "NOTE:Clés"]);
    assert_eq!(counts(&book, &second), (0, 1, 0));
    assert_eq!(counts(&book, &second), (0, 0, 1));
    let ana = &cards(&book)[0];
    assert_eq!((ana.name.as_str(), ana.note.as_str(), ana.mails.len()), ("Ana Roca", "Voisine\nClés", 1));
    let phones: Vec<_> = ana.phones.iter().map(|phone| (phone.value.as_str(), phone.label.as_str())).collect();
    assert_eq!(phones, [("05 55 00 00 01", "mobile"), ("05 55 00 00 02", "")]);
}

#[test]
fn without_uid_name_and_mail_tell() {
    let book = Book::new();
    counts(&book, &vcard(&["UID:u1", "FN:Ana Roça", "EMAIL:ana@example.org"]));
    assert_eq!(counts(&book, &vcard(&["FN:ANA ROCA", "EMAIL:Ana@Example.org", "TEL:1"])), (0, 1, 0));
    // Another name, or another mail, is another person.
    assert_eq!(counts(&book, &vcard(&["FN:Ana Roca", "EMAIL:other@example.org"])), (1, 0, 0));
    assert_eq!(counts(&book, &vcard(&["FN:Luc Roca", "EMAIL:ana@example.org"])), (1, 0, 0));
    // Without mail, a phone; without phone, the name.
    assert_eq!(counts(&book, &vcard(&["FN:Mairie", "TEL:05 55 00 00 01"])), (1, 0, 0));
    assert_eq!(counts(&book, &vcard(&["FN:Mairie", "TEL:0555000001", "TEL:0555000002"])), (0, 1, 0));
    assert_eq!(counts(&book, &vcard(&["FN:Mairie", "TEL:0555000009"])), (1, 0, 0));
}

#[test]
fn repeats_within_a_file_are_one_contact() {
    let book = Book::new();
    let file = [
        vcard(&["FN:Ana", "EMAIL:ana@example.org", "TEL:1", "CATEGORIES:A"]),
        vcard(&["FN:Ana", "EMAIL:ana@example.org", "TEL:2", "CATEGORIES:a,B"]),
        vcard(&["UID:u", "FN:Ana", "EMAIL:ana@example.org", "TEL:3"]),
        vcard(&["UID:u", "FN:Ana", "TEL:4"]),
    ]
    .concat();
    assert_eq!(counts(&book, &file), (1, 0, 0));
    assert_eq!(cards(&book)[0].phones.len(), 4);
    assert_eq!(book.contacts()[0].1, ["A", "B"]);
    assert_eq!(counts(&book, &file), (0, 0, 1));
}

#[test]
fn a_contact_that_was_renamed_here_is_known_again() {
    let book = Book::new();
    let file = vcard(&["FN:Mairie", "TEL:1"]);
    counts(&book, &file);
    let query = contacts::ContactQuery {
        owner: &book.owner,
        text: "mair",
        group: None,
        after: None,
        size: people::PageSize::default(),
    };
    let id = contacts::contacts(&book.database, &query).unwrap().page.items[0].id.clone();
    let renamed = Card { note: "Étage 2".into(), ..cards(&book)[0].clone() };
    contacts::save_card(&book.database, book.owner.as_str(), &id, renamed, None).unwrap();
    assert_eq!(counts(&book, &file), (0, 0, 1));
    assert_eq!(cards(&book)[0].note, "Étage 2");
}

/// A file of cards with few names, mails, phones and UIDs, so that they meet in all ways.
fn files() -> impl Strategy<Value = String> {
    let one = |prefix: &'static str| proptest::option::of((0_u8..4).prop_map(move |n| format!("{prefix}{n}")));
    let card = (
        one("UID:u"),
        one("FN:N"),
        one("EMAIL:m@"),
        one("EMAIL:m@"),
        one("TEL:"),
        one("TEL:"),
        one("NOTE:n"),
        one("CATEGORIES:C"),
    );
    let card = card.prop_map(|(a, b, c, d, e, f, g, h)| {
        let lines: Vec<String> = [a, b, c, d, e, f, g, h].into_iter().flatten().collect();
        format!("BEGIN:VCARD\n{}\nEND:VCARD\n", lines.join("\n"))
    });
    proptest::collection::vec(card, 1..8).prop_map(|cards| cards.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn twice_is_once(before in files(), file in files()) {
        let book = Book::new();
        book.import(before.as_bytes());
        let first = book.import(file.as_bytes());
        let kept = book.dump();
        let second = book.import(file.as_bytes());
        prop_assert_eq!((second.created, second.updated, second.groups), (0, 0, 0));
        prop_assert_eq!(second.unchanged, first.created + first.updated + first.unchanged);
        prop_assert_eq!(book.dump(), kept);
    }

    /// Every mail and phone of the file is in the book afterwards, and none that was there has gone.
    #[test]
    fn nothing_is_lost(before in files(), file in files()) {
        let book = Book::new();
        book.import(before.as_bytes());
        book.import(file.as_bytes());
        let kept = book.dump().concat();
        let read = contacts::parse(format!("{before}{file}").as_bytes()).unwrap();
        let refused: Vec<usize> = read.refused.iter().map(|refused| refused.line).collect();
        let mut line = 0;
        for card in format!("{before}{file}").split_inclusive("END:VCARD\n") {
            if !refused.contains(&(line + 1)) {
                for value in card.lines().filter(|line| line.starts_with("EMAIL:") || line.starts_with("TEL:")) {
                    let value = value.split_once(':').unwrap().1;
                    prop_assert!(kept.contains(&format!("\"value\":\"{value}\"")), "{} in {}", value, kept);
                }
            }
            line += card.lines().count();
        }
    }
}

/// Two cards of a file that may both be the same contact are not taken for her: which one is would change from one import to
/// the next.
#[test]
fn who_is_in_doubt_is_added_and_stays() {
    let book = Book::new();
    let before = [vcard(&["UID:r1", "FN:Ana", "EMAIL:m9@a"]), vcard(&["UID:r2", "FN:Ana", "EMAIL:m8@a"])].concat();
    assert_eq!(counts(&book, &before), (2, 0, 0));
    let file = [
        vcard(&["UID:d", "FN:Ana", "EMAIL:m@a", "EMAIL:m8@a"]),
        vcard(&["UID:c", "FN:Ana", "EMAIL:m9@a", "EMAIL:m@a"]),
    ]
    .concat();
    assert_eq!(counts(&book, &file), (2, 0, 0));
    assert_eq!(counts(&book, &file), (0, 0, 2));
}
