//! What holds of any file.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use crate::aaf::{FILE, NAME};
use crate::kept::{UAI, read, try_read};
use crate::tables::{OURS, RELATIVES, STUDENTS};
use feed::aaf::Writer;
use feed::{Change, Entry, Function, Kind, Place, Record, Tie};

/// A text as a record has it: no spaces at its ends nor doubled, no `$`.
fn text() -> impl Strategy<Value = String> {
    "[\\p{L}\\p{N}&<>'\"\\]\\.;/-]{1,12}( [\\p{L}&<>]{1,6}){0,2}"
}

fn date() -> impl Strategy<Value = String> {
    (1900..2100, 1..13, 1..29).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"))
}

/// Places as they are read: sorted, each once, without subject only where the same is not there with one.
fn places(subjects: bool) -> impl Strategy<Value = Vec<Place>> {
    let subject = if subjects { prop_oneof![Just(String::new()), text()].boxed() } else { Just(String::new()).boxed() };
    let place = (text(), text(), subject).prop_map(|(structure, name, subject)| Place { structure, name, subject });
    vec(place, 1..4).prop_map(|mut places| {
        places.sort();
        places.dedup_by(|one, other| (&one.structure, &one.name) == (&other.structure, &other.name));
        places
    })
}

fn ties() -> impl Strategy<Value = Vec<Tie>> {
    vec((text(), 0..100_u16, any::<bool>()).prop_map(|(id, link, legal)| Tie { id, link, legal }), 1..3)
}

fn functions() -> impl Strategy<Value = Vec<Function>> {
    let label = || prop_oneof![Just(String::new()), text()];
    let function = (text(), text(), label(), label()).prop_map(|(structure, code, label, discipline)| Function {
        structure,
        code,
        label,
        discipline,
    });
    vec(function, 1..3)
}

prop_compose! {
    fn person()(
        (last_name, first_name, birth_name, birth_date) in (text(), text(), of(text()), of(date())),
        (title, mail, mobile, home_phone, work_phone) in
            (of(prop_oneof![Just("M.".to_owned()), Just("Mme".to_owned())]), of("[a-z]{1,8}@example\\.org"), of(text()), of(text()), of(text())),
        (street, postcode, city, country, structure) in (of(vec(text(), 1..4)), of(text()), of(text()), of(text()), of(text())),
    ) -> Record {
        Record {
            last_name: Some(last_name), first_name: Some(first_name), birth_name, birth_date, title, mail, mobile, home_phone,
            work_phone, street, postcode, city, country, structure, ..Record::default()
        }
    }
}

prop_compose! {
    fn student()(record in person(), ine in of(text()), level in of(text()), classes in of(places(false)), groups in of(places(false)), relatives in of(ties()))
        -> Record {
        Record { ine, level, classes, groups, relatives, ..record }
    }
}

prop_compose! {
    fn adult()(record in person(), classes in of(places(true)), groups in of(places(true)), head_of in of(places(false)),
        functions in of(functions()), disciplines in of(vec(text(), 1..3)), teaching in of(any::<bool>())) -> Record {
        Record { classes, groups, head_of, functions, disciplines, teaching, ..record }
    }
}

fn entry() -> impl Strategy<Value = (Kind, Record)> {
    let named = || text().prop_map(|name| Record { name: Some(name), ..Record::default() });
    let establishment =
        text().prop_map(|name| Record { name: Some(name), uai: Some(UAI.to_owned()), ..Record::default() });
    prop_oneof![
        student().prop_map(|record| (Kind::Student, record)),
        person().prop_map(|record| (Kind::Relative, record)),
        adult().prop_map(|record| (Kind::Adult, record)),
        named().prop_map(|record| (Kind::Subject, record)),
        named().prop_map(|record| (Kind::Level, record)),
        establishment.prop_map(|record| (Kind::Establishment, record)),
    ]
}

fn written(entries: &[Entry]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new()).unwrap();
    entries.iter().for_each(|entry| writer.entry(entry).unwrap());
    writer.finish().unwrap()
}

/// Each field emptied that is there.
fn emptied(record: &Record) -> Record {
    let text = |field: &Option<String>| field.as_ref().map(|_| String::new());
    Record {
        birth_date: text(&record.birth_date),
        title: text(&record.title),
        mail: text(&record.mail),
        mobile: text(&record.mobile),
        ine: text(&record.ine),
        street: record.street.as_ref().map(|_| Vec::new()),
        classes: record.classes.as_ref().map(|_| Vec::new()),
        head_of: record.head_of.as_ref().map(|_| Vec::new()),
        relatives: record.relatives.as_ref().map(|_| Vec::new()),
        functions: record.functions.as_ref().map(|_| Vec::new()),
        disciplines: record.disciplines.as_ref().map(|_| Vec::new()),
        teaching: record.teaching.map(|_| false),
        ..Record::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read((id, entries) in (text(), vec(entry(), 1..4))) {
        let change = |turn: usize, record: &Record| match turn {
            0 => Change::Put(Box::new(record.clone())),
            1 => Change::Patch(Box::new(record.clone())),
            2 => Change::Patch(Box::new(emptied(record))),
            _ => Change::Delete,
        };
        let entries: Vec<Entry> = entries.iter().flat_map(|(kind, record)| {
            (0..4).map(|turn| Entry { line: 0, kind: *kind, id: id.clone(), change: change(turn, record) })
        }).collect();
        let (kept, summary) = read("x.xml", written(&entries));
        prop_assert!(kept.rejects.is_empty() && summary.unknown.is_empty() && summary.incomplete.is_empty(), "{kept:?} {summary:?}");
        let again: Vec<Entry> = kept.entries.into_iter().map(|entry| Entry { line: 0, ..entry }).collect();
        prop_assert_eq!(again, entries);
    }

    #[test]
    fn a_table_that_is_written_is_read(rows in vec(("[a-zé;\"\r\n,| x]{0,8}", "[a-zé;\"\r\n, x]{1,8}", "[A-Z]{1,5}"), 1..6), comma in any::<bool>()) {
        let separator = if comma { ',' } else { ';' };
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut file = ["profil", "nom", "prénom", "identifiant", "fonction"].join(&separator.to_string());
        for (function, last, id) in &rows {
            file += &format!("\n{}", ["personnel", &cell(last), &cell("Zoé"), id, &cell(function)].join(&separator.to_string()));
        }
        let tidy = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (kept, _) = read("x.csv", file);
        let expected: Vec<_> = rows.iter().filter(|(_, last, _)| !tidy(last).is_empty()).collect();
        prop_assert_eq!(kept.entries.len(), expected.len());
        prop_assert_eq!(kept.entries.len() + kept.rejects.len(), rows.len());
        for (entry, (function, last, id)) in kept.entries.iter().zip(expected) {
            let Change::Put(record) = &entry.change else { panic!("not whole") };
            let name = record.last_name.as_deref().unwrap_or_default();
            let (last, function) = (tidy(last), tidy(function));
            prop_assert_eq!((&entry.id, name), (id, last.as_str()));
            let label = record.functions.as_ref().map_or("", |functions| functions[0].label.as_str());
            prop_assert_eq!(label, function);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200)) {
        for before in ["", "<ficAlimMENESR>", "<?xml version='1.0' encoding='ISO-8859-15'?><ficAlimMENESR><addRequest>", "profil;nom;prénom\n"] {
            let _ = try_read(NAME, &[before.as_bytes(), &bytes].concat());
        }
    }

    /// Bytes put, changed and taken out, where they hurt most: in files that are nearly right.
    #[test]
    fn no_damage_makes_it_panic(which in 0..4_usize, damage in vec((any::<prop::sample::Index>(), "[<>&;/\"'!\\[\\]\r\n\0x-]{0,3}", 0..6_usize), 1..6)) {
        let (name, file) = [(NAME, FILE), ("e.csv", STUDENTS), ("r.csv", RELATIVES), ("o.csv", OURS)][which];
        let mut bytes = file.as_bytes().to_vec();
        for (at, put, taken) in damage {
            let at = at.index(bytes.len());
            let end = (at + taken).min(bytes.len());
            bytes.splice(at..end, put.into_bytes());
        }
        let (kept, _) = try_read(name, &bytes);
        let lines: Vec<u64> = kept.entries.iter().map(|entry| entry.line).collect();
        prop_assert!(lines.is_sorted());
        prop_assert!(kept.entries.iter().all(|entry| !entry.id.is_empty()));
    }
}
