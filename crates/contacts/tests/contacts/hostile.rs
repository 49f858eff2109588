//! Files that mean harm, or are broken: told, bounded, never fatal, and nothing half-written.

use std::time::{Duration, Instant};

use contacts::{MAX_CARDS, MAX_CONTACTS, Unreadable, parse};
use proptest::prelude::*;

use crate::book::Book;

fn card(inside: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\n{inside}\r\nEND:VCARD\r\n")
}

/// Reads a file in time, and gives the reasons of refusal.
fn reasons(file: &str) -> Vec<(usize, String)> {
    let begun = Instant::now();
    let parsed = parse(file.as_bytes()).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    parsed.refused.into_iter().map(|refused| (refused.line, refused.reason)).collect()
}

#[test]
fn what_is_no_file_of_cards_is_said() {
    for file in
        [&b""[..], b"\xff\xfe", b"Nom;Prenom\r\nDuval;Ana", b"%PDF-1.7", b"\0\0\0\0", b"BEGIN:VCALENDAR\nEND:VCALENDAR"]
    {
        assert_eq!(parse(file), Err(Unreadable::NotCards));
    }
    let many = "BEGIN:VCARD\nFN:A\nEND:VCARD\n".repeat(MAX_CARDS + 1);
    assert_eq!(parse(many.as_bytes()), Err(Unreadable::TooManyCards));
}

#[test]
fn refusals_name_the_line_and_the_others_come_in() {
    let long = "x".repeat(201);
    let file = format!(
        "{}BEGIN:VCARD\nFN:Coupée\n{}BEGIN:VCARD\nNOTE:sans nom\nEND:VCARD\n{}{}BEGIN:VCARD\nFN:Tronquée\nTEL:05",
        card("TEL:1"),
        card("TEL:2"),
        card(&format!("TEL:{long}")),
        card(&format!("CATEGORIES:{long}")),
    );
    let refused = parse(file.as_bytes()).unwrap().refused;
    let lines: Vec<_> = refused.iter().map(|refused| (refused.line, refused.name.as_str())).collect();
    assert_eq!(lines, [(6, "Coupée"), (13, ""), (16, "Ana"), (21, "Ana"), (26, "Tronquée")]);
    assert!(refused[0].reason.contains("END:VCARD") && refused[2].reason.contains("200"));
    let book = Book::new();
    let imported = book.import(file.as_bytes());
    assert_eq!((imported.created, imported.refused.len()), (2, 5));
}

#[test]
fn ten_megabytes_in_one_line_or_in_many() {
    let ten = 10 * 1024 * 1024;
    for (inside, refused) in [
        (format!("NOTE:{}", "a".repeat(ten)), true),
        (format!("TEL;{}:1", "A;".repeat(ten / 2)), false),
        (format!("PHOTO;ENCODING=b:{}", "A".repeat(ten)), false),
        (format!("NOTE;ENCODING=QUOTED-PRINTABLE:{}", "=\r\n".repeat(ten / 3)), false),
        (format!("NOTE:{}", "\r\n ".repeat(ten / 3)), false),
        ("NOTE:a\r\n".repeat(ten / 8), true),
        ("TEL:1\r\n".repeat(ten / 7), true),
        ("x\r\n".repeat(ten / 3), false),
        ("AGENT:\r\nBEGIN:VCARD\r\n".repeat(ten / 21), true),
        (format!("N:{}", ";".repeat(200_000)), false),
        (format!("CATEGORIES:{}", "a,".repeat(100_000)), true),
        ("item1.X-ABLabel:a\r\n".repeat(ten / 19), false),
        (format!("FN:{}", "&lol9;".repeat(ten / 6)), true),
        (format!("NOTE:{}", "\\".repeat(200_000)), true),
    ] {
        let name: String = inside.chars().take(20).collect();
        assert_eq!(!reasons(&card(&inside)).is_empty(), refused, "{name}");
    }
}

#[test]
fn many_cards_that_look_alike_cost_no_more_than_they_are() {
    let begun = Instant::now();
    let same = |n: usize| format!("BEGIN:VCARD\nUID:a\nFN:A\nTEL:{n}\nEND:VCARD\n");
    let members = format!("BEGIN:VCARD\nKIND:group\nFN:G\n{}END:VCARD\n", "MEMBER:a\n".repeat(4000));
    let file: String = (0..2000).map(same).chain(std::iter::repeat_n(members, 200)).collect();
    let book = Book::new();
    let imported = book.import(file.as_bytes());
    // One contact, of the first twenty numbers; the other cards are refused since it is full.
    assert_eq!((imported.created, imported.groups, imported.refused.len()), (1, 1, 1980));
    let names = |n: usize| format!("BEGIN:VCARD\nFN:A\nEMAIL:{n}@example.org\nEND:VCARD\n");
    let file: String = (0..MAX_CONTACTS).map(names).collect();
    let book = Book::new();
    assert_eq!(book.import(file.as_bytes()).created, MAX_CONTACTS);
    assert_eq!(book.import(file.as_bytes()).unchanged, MAX_CONTACTS);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn a_book_that_would_be_too_full_stays_as_it_is() {
    let cards = |from: usize, to: usize| -> String {
        (from..to).map(|n| format!("BEGIN:VCARD\nFN:A{n}\nCATEGORIES:G{}\nEND:VCARD\n", n % 3)).collect()
    };
    let book = Book::new();
    book.import(cards(0, MAX_CONTACTS - 1).as_bytes());
    let before = book.dump();
    let parsed = parse(cards(MAX_CONTACTS - 2, MAX_CONTACTS + 1).as_bytes()).unwrap();
    for done in [
        contacts::preview(&book.database, book.owner.as_str(), parsed.clone()),
        contacts::apply(&book.database, book.owner.as_str(), parsed, book.ulid()),
    ] {
        assert!(matches!(done, Err(contacts::Error::TooMany(which)) if which == "too-many-contacts"));
    }
    assert_eq!(book.dump(), before);
    let groups: String = (0..101).map(|n| format!("BEGIN:VCARD\nFN:A{n}\nCATEGORIES:H{n}\nEND:VCARD\n")).collect();
    let parsed = parse(groups.as_bytes()).unwrap();
    let done = contacts::apply(&Book::new().database, book.owner.as_str(), parsed, book.ulid());
    assert!(matches!(done, Err(contacts::Error::TooMany(which)) if which == "too-many-groups"));
}

/// The database holds the limit too, whoever asks, and takes the whole statement back.
#[test]
fn the_database_keeps_the_limits() {
    let book = Book::new();
    let full: String = (0..MAX_CONTACTS).map(|n| format!("BEGIN:VCARD\nFN:A{n}\nEND:VCARD\n")).collect();
    book.import(full.as_bytes());
    let card = contacts::Card { name: "De trop".into(), ..contacts::Card::default() };
    let done = contacts::save_card(&book.database, book.owner.as_str(), &book.id(), card, Some(&[]));
    assert!(matches!(done, Err(contacts::Error::TooMany(which)) if which == "too-many-contacts"));
    assert_eq!(book.contacts().len(), MAX_CONTACTS);
}

#[test]
fn nuls_and_control_characters_stay_outside() {
    let book = Book::new();
    book.import(card("TEL:\0 0\u{1b}5\u{7f}5\0\r\nNOTE:a\0b\\nc\u{8}\r\nX\0:y").as_bytes());
    let kept = book.dump().concat();
    assert!(kept.contains("\"055\"") && kept.contains("ab\\nc"), "{kept}");
}

const PIECES: &[&[u8]] = &[
    b"BEGIN:VCARD\r\n",
    b"END:VCARD\r\n",
    b"VERSION:2.1\n",
    b"VERSION:4.0\n",
    b"N;CHARSET=UTF-16;ENCODING=QUOTED-PRINTABLE:=D8=00=\r\n",
    b"item1.TEL;TYPE=\"a:b",
    b"KIND:group\n",
    b"MEMBER:mailto:\xe9\n",
    b"UID:urn:uuid:",
    b"AGENT:\n",
    b"TEL;ENCODING=b:AA\n",
    b"ADR:;;;;",
    b"CATEGORIES:,a",
    b"X-ABLabel:",
    b"EMAIL:a@b\n",
    b"BDAY:-",
    b"FN:",
    b"\r\n ",
    b"\r",
    b":",
    b";",
    b",",
    b"\\",
    b"=",
    b"\"",
    b"\xff\xfe",
    b"\xc3",
    b"\0",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Anything at all, made of what cards are made of.
    #[test]
    fn nothing_breaks_the_reader(pieces in proptest::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let file = pieces.concat();
        if let Ok(parsed) = parse(&file) {
            let book = Book::new();
            contacts::apply(&book.database, book.owner.as_str(), parsed, book.ulid()).unwrap();
            prop_assert!(book.dump().concat().chars().all(|c| !c.is_control()));
        }
    }

    #[test]
    fn nor_do_bytes(file in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&[b"BEGIN:VCARD\n", file.as_slice(), b"\nEND:VCARD"].concat());
        let _ = parse(&file);
    }
}
