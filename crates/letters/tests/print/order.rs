//! Nobody gets another's code: order, count, and the same file however it was divided.

use letters::{Account, Layout, Press};
use proptest::prelude::*;

use crate::reader;
use crate::school::{account, print, sender};

struct School {
    logins: Vec<String>,
    codes: Vec<String>,
}

impl School {
    fn of(people: usize) -> Self {
        Self {
            logins: (0..people).map(|n| format!("eleve.{n:04}x")).collect(),
            codes: (0..people).map(|n| format!("c{:07}", (n * 7919 + 13) % 9_999_991)).collect(),
        }
    }

    fn accounts(&self) -> Vec<Account<'_>> {
        let both = self.logins.iter().zip(&self.codes);
        both.map(|(login, code)| account("Lina", login, login, Some(code))).collect()
    }
}

#[test]
fn three_hundred_codes_are_each_once_with_their_owner() {
    let school = School::of(300);
    for (layout, per_page) in [(Layout::OnePerPage, 1), (Layout::EightPerPage, 8)] {
        let pdf = print(&sender(), layout, &school.accounts());
        let pages = reader::texts(&pdf);
        assert_eq!(pages.len(), 300_usize.div_ceil(per_page));
        for (number, (login, code)) in school.logins.iter().zip(&school.codes).enumerate() {
            let places: Vec<_> = pages
                .iter()
                .enumerate()
                .flat_map(|(page, texts)| {
                    texts.iter().enumerate().filter(|(_, t)| t.contains(code.as_str())).map(move |(at, _)| (page, at))
                })
                .collect();
            assert_eq!(places.len(), 1, "{login}");
            let (page, at) = places[0];
            assert_eq!(page, number / per_page);
            // Label and login stand right before it, and the name in its cell is the last name before that.
            assert_eq!(&pages[page][at], code);
            assert_eq!(&pages[page][at - 2], login);
            let name = format!("Lina {}", login.to_uppercase());
            let before = pages[page][..at].iter().rev().find(|text| text.starts_with("Lina "));
            assert_eq!(before, Some(&name));
        }
    }
}

#[test]
fn the_state_of_a_long_job_stays_small() {
    let school = School::of(10_000);
    let accounts = school.accounts();
    let mut press = Press::new(&sender(), Layout::OnePerPage, "Comptes");
    let mut largest = 0;
    for slice in accounts.chunks(500) {
        press.accounts(&sender(), slice).unwrap();
        largest = largest.max(postcard::to_allocvec(&press).unwrap().len());
    }
    assert_eq!(press.pages(), 10_000);
    assert!(largest < 400_000, "{largest} bytes");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn the_file_is_the_same_however_it_is_divided(
        people in 0_usize..150,
        cuts in proptest::collection::vec(0_usize..40, 0..12),
        eight: bool,
    ) {
        let layout = if eight { Layout::EightPerPage } else { Layout::OnePerPage };
        let school = School::of(people);
        let accounts = school.accounts();
        let whole = print(&sender(), layout, &accounts);
        let mut press = Press::new(&sender(), layout, "Comptes");
        let mut file = Vec::new();
        let mut rest = accounts.as_slice();
        for cut in cuts.into_iter().chain([usize::MAX]) {
            let (slice, after) = rest.split_at(cut.min(rest.len()));
            file.extend(press.accounts(&sender(), slice).unwrap());
            press = postcard::from_bytes(&postcard::to_allocvec(&press).unwrap()).unwrap();
            rest = after;
        }
        file.extend(press.finish());
        prop_assert!(file == whole);
    }
}
