//! What holds for any academy: twice is once, a full file is the one before and its delta, order says nothing, a kill between
//! any two statements is made good by running again.

use std::cell::Cell;
use std::collections::BTreeMap;

use feed::{Change, Entry, Kind, Record};
use people::Uai;
use proptest::prelude::*;
use provisioning::{Mode, Source};

use crate::world::{
    Counting, Failing, database, delete, difference, directory, import, named, patch, place, put, request, run, school,
    student, teacher,
};

type World = BTreeMap<(Kind, String), Record>;

const NAMES: [(&str, &str); 4] = [("MARTIN", "Léa"), ("MARTIN", "Léa"), ("NOËL", "Zoé"), ("DE LA TOUR", "Jean")];
const CLASSES: [&str; 3] = ["6A", "6B", "5A"];

fn record(kind: Kind, seed: u64) -> Record {
    let pick = |shift: u32, of: usize| usize::try_from(seed >> shift).unwrap_or(0) % of;
    let (last, first) = NAMES[pick(0, NAMES.len())];
    let structure = ["1", "2"][pick(3, 2)];
    let relatives: Vec<String> = (0..5).filter(|n| seed >> (8 + n) & 1 == 1).map(|n| format!("r{n}")).collect();
    match kind {
        Kind::Student => Record {
            birth_date: (pick(5, 2) == 0).then(|| "2014-02-01".to_owned()),
            ..student(
                structure,
                CLASSES[pick(6, 3)],
                last,
                first,
                &relatives.iter().map(String::as_str).collect::<Vec<_>>(),
            )
        },
        Kind::Relative => Record { mail: (pick(5, 2) == 0).then(|| "m@home.test".to_owned()), ..named(last, first) },
        _ => {
            let mut record =
                teacher(structure, &CLASSES[..pick(6, 3)], last, first, ["ANGLAIS", "MATHEMATIQUES"][pick(8, 2)]);
            if pick(9, 2) == 0 {
                record.head_of = Some(vec![place(structure, CLASSES[pick(10, 3)])]);
            }
            if pick(12, 2) == 0 {
                record.functions.as_mut().unwrap()[0].structure = "2".to_owned();
            }
            record
        }
    }
}

/// At least one of each kind: a kind that is not in a full file says nothing.
fn world() -> impl Strategy<Value = World> {
    let of = |prefix: &'static str, kind: Kind| {
        proptest::collection::btree_map(0..6_u8, any::<u64>(), 1..5).prop_map(move |seeds| {
            seeds.into_iter().map(|(n, seed)| ((kind, format!("{prefix}{n}")), record(kind, seed))).collect::<Vec<_>>()
        })
    };
    (of("s", Kind::Student), of("r", Kind::Relative), of("a", Kind::Adult))
        .prop_map(|(students, relatives, adults)| students.into_iter().chain(relatives).chain(adults).collect())
}

fn schools() -> Vec<Entry> {
    vec![school("1", "0310001A"), school("2", "0310002B")]
}

fn files(world: &World) -> Vec<Vec<Entry>> {
    vec![schools(), world.iter().map(|((kind, id), record)| put(*kind, id, record.clone())).collect()]
}

/// What changes from one to the other, as an academy would say it.
fn delta(from: &World, to: &World) -> Vec<Entry> {
    let mut entries: Vec<Entry> =
        from.keys().filter(|key| !to.contains_key(*key)).map(|(kind, id)| delete(*kind, id)).collect();
    for ((kind, id), record) in to {
        match from.get(&(*kind, id.clone())) {
            None => entries.push(put(*kind, id, record.clone())),
            Some(before) if before != record => {
                let (before, after) = (serde_json::to_value(before).unwrap(), serde_json::to_value(record).unwrap());
                let mut changed = serde_json::Map::new();
                for (field, value) in before.as_object().unwrap() {
                    let empty = if value.is_array() { serde_json::json!([]) } else { serde_json::json!("") };
                    let value = after.get(field).cloned().unwrap_or(empty);
                    changed.insert(field.clone(), value);
                }
                for (field, value) in after.as_object().unwrap() {
                    changed.insert(field.clone(), value.clone());
                }
                entries.push(patch(*kind, id, serde_json::from_value(changed.into()).unwrap()));
            }
            Some(_) => {}
        }
    }
    entries
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn twice_is_once(world in world()) {
        let database = database();
        import(&database, Mode::Full, &files(&world));
        let once = directory(&database);
        let again = import(&database, Mode::Full, &files(&world));
        prop_assert_eq!(directory(&database), once);
        prop_assert_eq!(again.dirtied, Some(0));
        prop_assert_eq!(again.counts.read, again.counts.total().unchanged);
    }

    #[test]
    fn a_full_import_is_the_one_before_and_its_delta(a in world(), b in world()) {
        let (full, step) = (database(), database());
        import(&full, Mode::Full, &files(&a));
        let done = import(&full, Mode::Full, &files(&b));
        import(&step, Mode::Full, &files(&a));
        import(&step, Mode::Delta, &[schools(), delta(&a, &b)]);
        prop_assert_eq!(difference(&full, &step), Vec::<String>::new());
        let total = done.counts.total();
        prop_assert_eq!(done.counts.read, total.created + total.changed + total.unchanged + total.deleted + done.counts.rejected);
        prop_assert_eq!(total.left, a.keys().filter(|key| !b.contains_key(*key)).count() as u64);
        // And what follows from B alone knows nothing of A, but for logins once given and people who left.
        let again = import(&step, Mode::Full, &files(&b));
        prop_assert_eq!(again.dirtied, Some(0));
    }

    #[test]
    fn the_order_of_files_and_entries_says_nothing(
        world in world(),
        order in Just((0..64_usize).collect::<Vec<_>>()).prop_shuffle(),
        cut in 0..20_usize,
    ) {
        let sorted = database();
        import(&sorted, Mode::Full, &files(&world));
        let mut entries: Vec<_> = files(&world).concat().into_iter().zip(order).collect();
        entries.sort_by_key(|(_, place)| *place);
        let entries: Vec<Entry> = entries.into_iter().map(|(entry, _)| entry).collect();
        let (one, other) = entries.split_at(cut.min(entries.len()));
        let shuffled = database();
        import(&shuffled, Mode::Full, &[one.to_vec(), other.to_vec()]);
        prop_assert_eq!(difference(&sorted, &shuffled), Vec::<String>::new());
    }

    #[test]
    fn a_kill_anywhere_is_made_good_by_running_again(a in world(), b in world(), at in 0..400_u32) {
        killed(&a, &b, at);
    }

    /// Whatever the files of one school's administrator say, the other school stays as it is.
    #[test]
    fn limits_hold(a in world(), b in world()) {
        let database = database();
        import(&database, Mode::Full, &files(&a));
        let logins = crate::world::texts(&database, "SELECT login FROM person WHERE uai = '0310002B'");
        let others = |database: &store::File| {
            let mut tables = directory(database);
            tables.retain(|table, _| ["person", "detail", "member", "rule"].contains(table));
            let mut rows: Vec<String> = tables.into_values().flatten().map(|row| format!("{row:?}")).collect();
            rows.retain(|row| logins.iter().any(|login| row.contains(&format!("\"{login}\""))) || row.contains("0310002B/"));
            // In a class of the other school nobody comes or goes either; a parent may get another child.
            rows.retain(|row| !row.contains("0310001A"));
            rows.sort();
            rows
        };
        let before = others(&database);
        let limits: Vec<Uai> = vec!["0310001A".parse().unwrap()];
        let source = Source::aaf(None);
        let limited = provisioning::Request { limits: Some(&limits), ..request(&source, Mode::Full) };
        match run(&database, &mut Counting(1 << 40), &limited, &files(&b)) {
            Ok(_) | Err(provisioning::Error::Refused(_)) => {}
            Err(error) => panic!("{error}"),
        }
        let after = others(&database);
        let changed: Vec<_> = after.iter().filter(|row| !before.contains(row)).chain(before.iter().filter(|row| !after.contains(row))).collect();
        prop_assert_eq!(changed, Vec::<&String>::new());
    }
}

/// One world after another, killed at a statement of the second import, and the whole of it again.
fn killed(a: &World, b: &World, at: u32) -> bool {
    let (whole, broken) = (database(), database());
    for database in [&whole, &broken] {
        import(database, Mode::Full, &files(a));
    }
    import(&whole, Mode::Full, &files(b));
    let failing = Failing { file: &broken, left: Cell::new(at) };
    let source = Source::aaf(None);
    let outcome = run(&failing, &mut Counting(1 << 41), &request(&source, Mode::Full), &files(b));
    import(&broken, Mode::Full, &files(b));
    assert_eq!(difference(&whole, &broken), Vec::<String>::new(), "killed at statement {at}");
    outcome.is_err()
}

/// The worst of small changes, at each statement.
#[test]
fn a_kill_between_any_two_statements() {
    let world = |seeds: &[(Kind, &str, u64)]| -> World {
        seeds.iter().map(|(kind, id, seed)| ((*kind, (*id).to_owned()), record(*kind, *seed))).collect()
    };
    let a = world(&[
        (Kind::Student, "s0", 0x300),
        (Kind::Student, "s1", 0x108),
        (Kind::Relative, "r0", 1),
        (Kind::Relative, "r1", 2),
        (Kind::Adult, "a0", 0x80),
    ]);
    let b = world(&[
        (Kind::Student, "s0", 0x248),
        (Kind::Student, "s2", 0x701),
        (Kind::Relative, "r1", 3),
        (Kind::Relative, "r2", 0),
        (Kind::Adult, "a0", 0x5100),
        (Kind::Adult, "a1", 0),
    ]);
    let statements = (0..).take_while(|at| killed(&a, &b, *at)).count();
    assert!(statements > 50, "{statements}");
}

#[test]
fn the_delta_of_this_test_says_all() {
    let world: World = [((Kind::Adult, "a0".to_owned()), record(Kind::Adult, 0))].into();
    assert_eq!(delta(&world, &world), []);
    assert!(matches!(delta(&world, &World::new())[0].change, Change::Delete));
}
