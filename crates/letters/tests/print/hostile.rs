//! Names that mean harm: a good letter or a refusal that says which and why; a login and a code whole or not at all.

use letters::{Account, Field, Layout, Letter, Press, Profile, Run, Unprintable, Why, check};
use letters::{Block, blocks_from_html, page_png};
use proptest::prelude::*;

use crate::reader;
use crate::school::{account, print, sender};

const CODE: &str = "k3mn8xyz";

#[test]
fn strange_names_get_good_letters() {
    let long = "Bartholomé ".repeat(1000);
    let zalgo = format!("Z{}", "\u{301}\u{322}".repeat(5000));
    for name in [
        long.as_str(),
        zalgo.as_str(),
        "\u{202e}nitraM\u{2066}",
        "Zoé 🌸👩‍👩‍👧",
        "a\0b\u{1b}[31m\r\n",
        "(\\)Tj ET",
        "\u{feff}Léa\u{ad}",
    ] {
        for layout in [Layout::OnePerPage, Layout::EightPerPage] {
            let texts = reader::texts(&print(&sender(), layout, &[account(name, name, "lina.benali", Some(CODE))]));
            assert_eq!(texts.len(), 1, "{name:.20}");
            assert_eq!(texts[0].iter().filter(|text| *text == CODE).count(), 1);
            assert_eq!(texts[0].iter().filter(|text| *text == "lina.benali").count(), 1);
            assert!(texts[0].iter().all(|text| text.chars().count() < 120 && !text.chars().any(char::is_control)));
        }
    }
}

#[test]
fn what_cannot_be_printed_is_said() {
    let school = ["Ελένη".to_owned()];
    let fine = account("Lina", "Benali", "lina.benali", Some(CODE));
    let long = "x".repeat(67);
    for (account, field, why) in [
        (Account { given: "علي", ..fine }, Field::Name, Why::Letter('ع')),
        (Account { family: "李", ..fine }, Field::Name, Why::Letter('李')),
        (Account { given: "🌸", family: " \u{200f}", ..fine }, Field::Name, Why::Empty),
        (Account { login: "", ..fine }, Field::Login, Why::Empty),
        (Account { login: "lïna", ..fine }, Field::Login, Why::Letter('ï')),
        (Account { login: "a b", ..fine }, Field::Login, Why::Letter(' ')),
        (Account { login: &long, ..fine }, Field::Login, Why::TooLong),
        (Account { code: Some(""), ..fine }, Field::Code, Why::Empty),
        (Account { code: Some("\u{202e}abc"), ..fine }, Field::Code, Why::Letter('\u{202e}')),
        (Account { code: Some("123456789012345678901"), ..fine }, Field::Code, Why::TooLong),
        (Account { class: Some("६"), ..fine }, Field::Class, Why::Letter('६')),
        (Account { children: &school, ..fine }, Field::Child, Why::Letter('Ε')),
        (Account { address: &school, ..fine }, Field::Address, Why::Letter('Ε')),
    ] {
        let expected = Err(Unprintable { index: 1, field, why });
        assert_eq!(check(1, &account), expected);
        let mut press = Press::new(&sender(), Layout::EightPerPage, "");
        let before = postcard::to_allocvec(&press).unwrap();
        assert_eq!(press.accounts(&sender(), &[fine, account]).map(drop), expected);
        assert_eq!(postcard::to_allocvec(&press).unwrap(), before, "nothing was drawn");
        assert!(!why.french().is_empty() && field.french().starts_with(['l', 'a']));
    }
    // What is not drawn needs not be right.
    assert_eq!(check(0, &Account { login: "", federated: true, ..fine }), Ok(()));
}

#[test]
fn the_longest_login_is_whole_and_neither_login_nor_code_is_shown_to_federated_families() {
    let login = format!("{}.{}9999", "m".repeat(30), "w".repeat(30));
    for layout in [Layout::OnePerPage, Layout::EightPerPage] {
        let texts =
            reader::texts(&print(&sender(), layout, &[account("A", "B", &login, Some("12345678901234567890"))]));
        assert!(texts[0].contains(&login) && texts[0].contains(&"12345678901234567890".to_owned()));
        let federated = Account { federated: true, ..account("A", "B", &login, Some(CODE)) };
        let texts = reader::texts(&print(&sender(), layout, &[federated])).concat().concat();
        assert!(!texts.contains(&login) && !texts.contains(CODE) && texts.contains("EduConnect"));
    }
}

#[test]
fn long_letters_take_the_pages_they_need_and_endless_ones_are_refused() {
    let words = "mot ".repeat(40_000);
    let table = format!("<table>{}</table>", "<tr><td>a</td><td>b b b b</td></tr>".repeat(300));
    for (blocks, least, most) in [
        (vec![Block::Paragraph(vec![Run::plain(&words)])], 20, 60),
        (vec![Block::Paragraph(vec![Run::plain("x".repeat(20_000))])], 3, 10),
        (blocks_from_html(&table), 5, 20),
        (vec![Block::Space(255); 50], 1, 60),
    ] {
        let letter = Letter { blocks, ..Letter::default() };
        let mut press = Press::new(&sender(), Layout::OnePerPage, "x");
        let mut pdf = press.letters(&sender(), std::slice::from_ref(&letter)).unwrap();
        assert!((least..=most).contains(&press.pages()), "{}", press.pages());
        pdf.extend(press.finish());
        assert!((least as usize..=most as usize).contains(&reader::open(&pdf).get_pages().len()));
        assert!(page_png(&sender(), &letter, 100).is_ok());
    }
    let endless =
        Letter { blocks: vec![Block::Paragraph(vec![Run::plain("mot ".repeat(400_000))])], ..Letter::default() };
    let refusal = Unprintable { index: 0, field: Field::Body, why: Why::TooLong };
    assert_eq!(page_png(&sender(), &endless, 800), Err(refusal.into()));
    let arabic = Letter { subject: "مرحبا".to_owned(), ..Letter::default() };
    let mut press = Press::new(&sender(), Layout::OnePerPage, "x");
    let refusal = Unprintable { index: 0, field: Field::Subject, why: Why::Letter('م') };
    assert_eq!(press.letters(&sender(), std::slice::from_ref(&arabic)), Err(refusal));
    assert_eq!(page_png(&sender(), &arabic, 800), Err(refusal.into()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn any_text_anywhere_does_no_harm(
        given in "\\PC{0,40}|.{0,20}", family in "[a-zé]{1,200}|\\PC{0,30}", login in "[a-z.0-9()\\\\]{1,66}", class in "\\PC{0,9}",
        school in "\\PC{0,200}", site in "\\PC{0,60}", eight: bool,
    ) {
        let sender = letters::Sender { name: school, site, ..sender() };
        let layout = if eight { Layout::EightPerPage } else { Layout::OnePerPage };
        let account = Account { class: Some(&class), profile: Profile::Teacher, ..account(&given, &family, &login, Some(CODE)) };
        if check(0, &account).is_ok() {
            let texts = reader::texts(&print(&sender, layout, &[account]));
            prop_assert!(texts[0].contains(&login));
            prop_assert_eq!(texts.concat().iter().filter(|text| text.as_str() == CODE).count(), 1);
        }
    }

    #[test]
    fn any_letter_does_no_harm(lines in proptest::collection::vec("[ -~é\n]{0,80}", 0..8), html in "(<(p|li|ul|td|table|h2|b)>|[a-z ]{1,9}){0,30}") {
        let letter = Letter { addressee: lines.clone(), signature: lines, blocks: blocks_from_html(&html), ..Letter::default() };
        let mut press = Press::new(&sender(), Layout::OnePerPage, "x");
        let mut pdf = press.letters(&sender(), &[letter]).unwrap();
        pdf.extend(press.finish());
        prop_assert!(!reader::texts(&pdf).is_empty());
    }
}
