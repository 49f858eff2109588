//! Cards as Outlook, Gmail, iPhones and RFC 6350 write them come in without loss of names, mails and phones (D-4). All
//! people are made up.

use contacts::{Address, Card, Entry, Labelled};

use crate::book::Book;

fn labelled(values: &[(&str, &str)]) -> Vec<Labelled> {
    values.iter().map(|(value, label)| Labelled { value: (*value).to_owned(), label: (*label).to_owned() }).collect()
}

fn card(name: &str, last: &str, first: &str) -> Card {
    Card { name: name.into(), last_name: last.into(), first_name: first.into(), ..Card::default() }
}

/// The cards of the book after the import of a fixture into an empty one, in order of name, with their groups.
fn read(fixture: &str) -> Vec<(Card, Vec<String>)> {
    let book = Book::new();
    let path = format!("{}/tests/fixtures/{fixture}", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read(path).unwrap();
    let imported = book.import(&file);
    assert_eq!(imported.refused, [], "{fixture}");
    let before = book.dump();
    let again = book.import(&file);
    assert_eq!((again.created, again.updated, again.groups), (0, 0, 0), "{fixture}: the second import changes nothing");
    assert_eq!(again.unchanged, imported.created, "{fixture}");
    assert_eq!(book.dump(), before, "{fixture}");
    book.contacts()
        .into_iter()
        .filter_map(|(entry, groups)| match entry {
            Entry::Card(card) => Some((card, groups)),
            _ => None,
        })
        .collect()
}

#[test]
fn outlook_2_1_with_quoted_printable_windows_1252() {
    let anais = Card {
        prefix: "Mme".into(),
        organisation: "Bibliothèque de Bréziers, Pôle jeunesse".into(),
        function: "Bibliothécaire".into(),
        phones: labelled(&[("05 55 00 10 01", "work"), ("06 55 00 10 02", "mobile"), ("05 55 00 10 03", "fax")]),
        mails: labelled(&[("anais.levesque@example.org", ""), ("anais@example.org", "")]),
        addresses: vec![Address {
            street: "3 rue du Château\nBâtiment B".into(),
            city: "Bréziers".into(),
            code: "19000".into(),
            country: "France".into(),
            label: "work".into(),
            ..Address::default()
        }],
        birthday: "1979-03-14".into(),
        note: "Prête la salle € 0\nFermée le lundi".into(),
        ..card("Anaïs Lévesque", "Lévesque", "Anaïs")
    };
    assert_eq!(read("outlook-2.1.vcf"), [(anais, vec![])]);
}

#[test]
fn outlook_in_utf_16_of_both_orders() {
    for fixture in ["outlook-utf-16.vcf", "outlook-utf-16-be.vcf"] {
        let inigo = Card {
            mails: labelled(&[("inigo.nunez@example.org", "")]),
            ..card("Íñigo Núñez", "Núñez", "Íñigo")
        };
        let zoe = Card {
            mails: labelled(&[("zoe.oeuvrard@example.org", "")]),
            phones: labelled(&[("+33 5 55 00 20 01", "home")]),
            ..card("Zoë Œuvrard", "Œuvrard", "Zoë")
        };
        assert_eq!(read(fixture), [(inigo, vec![]), (zoe, vec![])], "{fixture}");
    }
}

#[test]
fn latin_1_without_a_word_of_it() {
    let helene = Card {
        mails: labelled(&[("helene.dubois@example.org", "")]),
        phones: labelled(&[("0655003001", "mobile")]),
        ..card("Hélène Dubôis", "Dubôis", "Hélène")
    };
    assert_eq!(read("latin-1.vcf"), [(helene, vec![])]);
}

#[test]
fn gmail_3_0_with_labels_of_its_own() {
    let theo = Card {
        other_names: "Paul, Jean".into(),
        nickname: "Tétéo".into(),
        mails: labelled(&[("theo.garrigue@example.org", "Asso"), ("t.garrigue@example.com", "work")]),
        phones: labelled(&[("+33 5 55 00 40 01", "fax"), ("+33 6 55 00 40 02", "mobile")]),
        addresses: vec![Address {
            street: "12 allée des Tilleuls".into(),
            city: "Brive".into(),
            code: "19100".into(),
            country: "FR".into(),
            ..Address::default()
        }],
        organisation: "Club d'échecs; section jeunes".into(),
        function: "Trésorier".into(),
        birthday: "--02-29".into(),
        note: "Joint le soir.\nSinon, laisser un message ; il rappelle.".into(),
        ..card("Théo Garrigue", "Garrigue", "Théo")
    };
    let nameless =
        Card { mails: labelled(&[("theo-sans-nom@example.org", "")]), ..card("theo-sans-nom@example.org", "", "") };
    let groups = vec!["Clubs, associations".to_owned(), "Échecs".to_owned()];
    assert_eq!(read("gmail-3.0.vcf"), [(theo, groups), (nameless, vec![])]);
}

#[test]
fn iphone_3_0_folded_with_groups() {
    let eleonore = Card {
        prefix: "Dr".into(),
        organisation: "Cabinet médical des Quatre-Vents de Saint-Germain-les-Vergnes et alentours".into(),
        mails: labelled(&[("e.marchand@example.com", "work"), ("eleonore@example.org", "home")]),
        phones: labelled(&[
            ("06 55 00 50 02", "mobile"),
            ("06 55 00 50 01", "mobile"),
            ("05 55 00 50 03", ""),
            ("05 55 00 50 04", "secrétariat"),
        ]),
        addresses: vec![Address {
            street: "1, place de l’Église\nRésidence Les Érables".into(),
            city: "Tulle".into(),
            region: "Corrèze".into(),
            code: "19000".into(),
            country: "France".into(),
            label: "home".into(),
        }],
        birthday: "--07-14".into(),
        note:
            "Vaccinations le mercredi après-midi, sur rendez-vous seulement ; apporter le carnet de santé de l’élève."
                .into(),
        ..card("Dr Éléonore Marchand", "Marchand", "Éléonore")
    };
    assert_eq!(read("iphone-3.0.vcf"), [(eleonore, vec!["Santé".to_owned()])]);
}

#[test]
fn rfc_6350_with_uris_and_a_group() {
    let noe = Card { mails: labelled(&[("noe.faure@example.org", "")]), ..card("Noé Faure", "Faure", "Noé") };
    let anh = Card {
        other_names: "Thị".into(),
        // PREF says which comes first.
        phones: labelled(&[("+33-6-55-00-60-02;ext=12", "mobile"), ("+33-5-55-00-60-01", "home")]),
        mails: labelled(&[("anh.nguyen@example.org", "")]),
        addresses: vec![Address {
            street: "8 quai Est".into(),
            city: "Tulle".into(),
            code: "19000".into(),
            country: "France".into(),
            label: "home".into(),
            ..Address::default()
        }],
        birthday: "1985-02-03".into(),
        organisation: "Librairie « Les Pages »".into(),
        function: "Libraire".into(),
        ..card("Nguyễn Thị Ánh", "Nguyễn", "Ánh")
    };
    let livres = || vec!["Livres".to_owned()];
    assert_eq!(read("rfc6350-4.0.vcf"), [(noe, livres()), (anh, livres())]);
}

#[test]
fn a_card_within_a_card_and_words_in_lower_case() {
    let luc = Card { phones: labelled(&[("06 55 00 70 01", "mobile")]), ..card("Luc Abadie", "Abadie", "Luc") };
    let small = Card { phones: labelled(&[("06 55 00 70 02", "mobile")]), ..card("Minuscule Tout", "", "") };
    assert_eq!(read("nested-2.1.vcf"), [(luc, vec![]), (small, vec![])]);
}
