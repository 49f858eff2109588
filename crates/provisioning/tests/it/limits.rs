//! What the administrator of one school can do with files to another school of the same network: nothing.

use feed::{Entry, Kind, Record};
use people::Uai;
use provisioning::{Mode, Request, Source, prepare, rejects};
use store::File;

use crate::world::{
    Counting, database, delete, import, members, named, place, put, reload, request, run, school, stage, student,
    teacher, texts,
};

const MINE: &str = "0310001A";
const THEIRS: &str = "0310002B";

fn born(record: Record) -> Record {
    Record { birth_date: Some("2014-02-01".into()), ine: Some("123456789AB".into()), ..record }
}

/// Two schools, a family in each, and a teacher in both who belongs to the first.
fn network() -> File {
    let database = database();
    let both = Record {
        classes: Some(vec![place("1", "6A"), place("2", "6A")]),
        ..teacher("1", &[], "COMMUN", "Line", "ANGLAIS")
    };
    import(
        &database,
        Mode::Full,
        &[vec![
            school("1", MINE),
            school("2", THEIRS),
            put(Kind::Student, "10", student("1", "6A", "MIEN", "Max", &["20"])),
            put(Kind::Student, "11", born(student("2", "6A", "LEUR", "Lou", &["21"]))),
            put(Kind::Relative, "20", named("MIEN", "Marc")),
            put(Kind::Relative, "21", Record { mail: Some("l@home.test".into()), ..named("LEUR", "Luc") }),
            put(Kind::Adult, "30", both),
            put(Kind::Adult, "31", teacher("2", &["6A"], "AUTRE", "Ada", "ANGLAIS")),
        ]],
    );
    database
}

fn limited<'a>(source: &'a Source, mode: Mode, limits: &'a [Uai]) -> Request<'a> {
    Request { limits: Some(limits), domain: None, ..request(source, mode) }
}

#[test]
fn entries_that_reach_for_another_school_are_left_out() {
    let mut remapped = school("2", MINE);
    remapped.line = 1;
    let hostile: Vec<(&str, Entry)> = vec![
        ("take over a pupil", put(Kind::Student, "11", born(student("1", "6A", "LEUR", "Lou", &[])))),
        ("rename a pupil", put(Kind::Student, "11", student("2", "6A", "VOLE", "Nom", &[]))),
        ("add a pupil there", put(Kind::Student, "12", student("2", "6A", "NEUF", "Nina", &[]))),
        ("take a pupil away", delete(Kind::Student, "11")),
        ("take a teacher away", delete(Kind::Adult, "31")),
        ("call their school ours", remapped),
        ("rename their school", school("2", THEIRS)),
        ("rename a parent", put(Kind::Relative, "21", named("VOLE", "Luc"))),
        ("take a parent away", delete(Kind::Relative, "21")),
    ];
    for (what, entry) in hostile {
        let database = network();
        let (source, limits) = (Source::aaf(None), [MINE.parse().unwrap()]);
        let mine = put(Kind::Student, "10", student("1", "6B", "MIEN", "Max", &["20"]));
        let before = crate::world::directory(&database);
        let import =
            stage(&database, &mut Counting(1 << 40), &limited(&source, Mode::Delta, &limits), &[vec![entry, mine]])
                .unwrap();
        let counts = prepare(&database, &import).unwrap();
        let said = rejects(&database, &reload(&database, &import).unwrap(), 0, 10).unwrap();
        assert_eq!((counts.rejected, said[0].code.as_str()), (1, "outside"), "{what}");
        assert_eq!(crate::world::directory(&database), before, "{what}");
        assert_eq!(counts.total().changed, 1, "{what}");
    }
}

#[test]
fn ties_and_places_elsewhere_are_taken_out_and_those_that_were_there_stay() {
    let database = network();
    let (source, limits) = (Source::aaf(None), [MINE.parse().unwrap()]);
    let spy = Record {
        classes: Some(vec![place("1", "6A"), place("2", "6A")]),
        ..student("1", "6A", "ESPION", "Eve", &["21"])
    };
    let files = vec![vec![
        put(Kind::Student, "13", spy),
        // Born like their pupil, named like her: a pupil of ours all the same.
        put(Kind::Student, "14", born(student("1", "6A", "LEUR", "Lou", &[]))),
        // Our file knows nothing of what she does there.
        put(Kind::Adult, "30", teacher("1", &["6B"], "COMMUN", "Line", "ANGLAIS")),
    ]];
    run(&database, &mut Counting(1 << 40), &limited(&source, Mode::Delta, &limits), &files).unwrap();
    assert_eq!(members(&database, THEIRS, "Élèves de 6A"), ["lou.leur"]);
    assert_eq!(members(&database, MINE, "Élèves de 6A"), ["eve.espion", "lou.leur2", "max.mien"]);
    assert_eq!(members(&database, MINE, "Parents de 6A"), ["marc.mien"]);
    assert_eq!(members(&database, THEIRS, "Enseignants de 6A"), ["ada.autre", "line.commun"]);
    assert_eq!(members(&database, MINE, "Enseignants de 6A"), Vec::<String>::new());
    assert_eq!(members(&database, MINE, "Enseignants de 6B"), ["line.commun"]);
}

#[test]
fn a_parent_of_both_schools_is_tied_by_who_knows_her_name_and_her_card_stays() {
    let database = network();
    let (source, limits) = (Source::aaf(None), [MINE.parse().unwrap()]);
    let files = vec![vec![
        put(Kind::Student, "15", student("1", "6A", "LEUR", "Léo", &["21"])),
        put(Kind::Relative, "21", Record { mail: Some("other@home.test".into()), ..named("Leur", "LUC") }),
    ]];
    run(&database, &mut Counting(1 << 40), &limited(&source, Mode::Delta, &limits), &files).unwrap();
    assert_eq!(members(&database, MINE, "Parents de 6A"), ["luc.leur", "marc.mien"]);
    assert_eq!(texts(&database, "SELECT uai FROM person WHERE login = 'luc.leur'"), [THEIRS]);
    assert_eq!(texts(&database, "SELECT mail FROM person_detail WHERE mail <> ''"), ["l@home.test"]);
}

#[test]
fn a_full_file_of_one_school_makes_nobody_leave_elsewhere() {
    let database = network();
    let (source, limits) = (Source::aaf(None), [MINE.parse().unwrap()]);
    let files = vec![vec![
        school("1", MINE),
        school("2", THEIRS),
        put(Kind::Student, "16", student("1", "6A", "SEUL", "Sam", &["22"])),
        put(Kind::Relative, "22", named("SEUL", "Sue")),
        put(Kind::Adult, "32", teacher("1", &["6A"], "NEUVE", "Nora", "ANGLAIS")),
    ]];
    run(&database, &mut Counting(1 << 40), &limited(&source, Mode::Full, &limits), &files).unwrap();
    // She also teaches in the other school, which these files do not tell of.
    assert_eq!(
        texts(&database, "SELECT login FROM person WHERE left_at IS NOT NULL ORDER BY login"),
        ["marc.mien", "max.mien"]
    );
}

#[test]
fn nobody_becomes_a_parent_elsewhere_by_an_id_that_was_waited_for() {
    let database = network();
    // Their pupil names a parent of whom no file tells yet.
    let waiting = student("2", "6A", "SEULE", "Sia", &["77"]);
    import(&database, Mode::Delta, &[vec![put(Kind::Student, "17", waiting)]]);
    let (source, limits) = (Source::aaf(None), [MINE.parse().unwrap()]);
    let stranger = vec![vec![
        put(Kind::Relative, "77", named("INTRUS", "Ivo")),
        put(Kind::Student, "18", student("1", "6A", "INTRUS", "Ida", &["77"])),
    ]];
    run(&database, &mut Counting(1 << 40), &limited(&source, Mode::Delta, &limits), &stranger).unwrap();
    assert_eq!(members(&database, MINE, "Parents de 6A"), ["ivo.intrus", "marc.mien"]);
    assert_eq!(members(&database, THEIRS, "Parents de 6A"), ["luc.leur"]);
    // The academy's own files say that she is.
    import(&database, Mode::Delta, &[vec![put(Kind::Relative, "77", named("INTRUS", "Ivo"))]]);
    assert_eq!(members(&database, THEIRS, "Parents de 6A"), ["ivo.intrus", "luc.leur"]);
}
