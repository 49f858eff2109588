//! One school through a year: what its files make of the directory.

use crate::world::{
    Counting, DAY, NOW, database, delete, directory, import, members, named, patch, place, put, reload, request,
    school, stage, student, teacher, texts,
};
use feed::{Entry, Kind, Record};
use provisioning::{Error, Mode, Refusal, Source, confirm, departures, prepare, purge, rejects};
use store::{Database as _, params};

const UAI: &str = "0310001A";

/// Two classes, three pupils of two families, two teachers, a head.
fn files() -> Vec<Vec<Entry>> {
    let head = Record {
        functions: Some(vec![feed::Function {
            structure: "1".into(),
            code: "DIR".into(),
            label: "DIRECTION".into(),
            discipline: String::new(),
        }]),
        structure: Some("1".into()),
        title: Some("Mme".into()),
        ..named("PETIT", "Anne")
    };
    let principal = Record {
        head_of: Some(vec![place("1", "6A")]),
        ..teacher("1", &["6A", "6B"], "VIDAL", "Rose", "MATHEMATIQUES")
    };
    vec![
        vec![school("1", UAI)],
        vec![
            put(Kind::Student, "10", student("1", "6A", "MARTIN", "Léa", &["20", "21"])),
            put(Kind::Student, "11", student("1", "6B", "MARTIN", "Hugo", &["20"])),
            put(Kind::Student, "12", student("1", "6B", "MARTIN", "Léa", &["22"])),
        ],
        vec![
            put(Kind::Relative, "20", Record { mail: Some("j@home.test".into()), ..named("MARTIN", "Jeanne") }),
            put(Kind::Relative, "21", named("DURAND", "Paul")),
            put(Kind::Relative, "22", named("MARTIN", "Jeanne")),
        ],
        vec![
            put(Kind::Adult, "30", principal),
            put(Kind::Adult, "31", teacher("1", &["6B"], "ROUX", "Jean", "ANGLAIS")),
            put(Kind::Adult, "32", head),
        ],
    ]
}

#[test]
fn files_become_people_groups_and_ties() {
    let database = database();
    let done = import(&database, Mode::Full, &files());
    assert_eq!((done.state.as_str(), done.counts.read, done.counts.rejected), ("applied", 10, 0));
    assert_eq!(
        texts(&database, "SELECT login || ' ' || function || ' ' || uai FROM person ORDER BY login"),
        [
            "anne.petit Cheffe d’établissement 0310001A",
            "hugo.martin  0310001A",
            "jean.roux Professeur d’anglais 0310001A",
            "jeanne.martin  0310001A",
            "jeanne.martin2  0310001A",
            "lea.martin  0310001A",
            "lea.martin2  0310001A",
            "paul.durand  0310001A",
            "rose.vidal Professeur de mathématiques 0310001A",
        ]
    );
    for (group, expected) in [
        ("Élèves de 6A", vec!["lea.martin"]),
        ("Parents de 6A", vec!["jeanne.martin", "paul.durand"]),
        ("Parents de 6B", vec!["jeanne.martin", "jeanne.martin2"]),
        ("Enseignants de 6B", vec!["jean.roux", "rose.vidal"]),
        ("Personnels de 6B", vec![]),
        ("Professeurs principaux – 6A", vec!["rose.vidal"]),
        ("Tous les professeurs principaux", vec!["rose.vidal"]),
        ("Enseignants – Anglais", vec!["jean.roux"]),
        ("Tous les personnels", vec!["anne.petit"]),
        ("Tous les parents", vec!["jeanne.martin", "jeanne.martin2", "paul.durand"]),
    ] {
        assert_eq!(members(&database, UAI, group), expected, "{group}");
    }
    // The preset has been given to all of them, and the level is that of the pupils.
    assert_eq!(texts(&database, "SELECT name FROM person_group WHERE settled = 0"), Vec::<String>::new());
    assert_eq!(texts(&database, "SELECT DISTINCT level FROM class WHERE kind = 'class'"), ["6EME"]);
    let codes = texts(&database, "SELECT activation_code FROM person WHERE activated_at IS NULL");
    assert!(codes.len() == 9 && codes.iter().all(|code| code.len() == 8));
}

#[test]
fn the_same_files_again_touch_nothing() {
    let database = database();
    import(&database, Mode::Full, &files());
    let before = directory(&database);
    let changes = || database.first("SELECT total_changes()", params![]).unwrap().unwrap().integer(0).unwrap();
    let again = import(&database, Mode::Full, &files());
    let total = again.counts.total();
    assert_eq!((total.created, total.changed, total.unchanged, total.left), (0, 0, 10, 0));
    assert_eq!(again.dirtied, Some(0));
    assert_eq!(directory(&database), before);
    // Staging and its end, and the import's own row: no more.
    let writes = changes();
    import(&database, Mode::Full, &files());
    assert!(changes() - writes < 40, "{}", changes() - writes);
}

#[test]
fn who_leaves_is_kept_comes_back_as_before_and_is_purged_in_time() {
    let database = database();
    import(&database, Mode::Full, &files());
    database.execute("UPDATE person SET activated_at = 1, password_hash = 'x', activation_code = NULL WHERE login = 'lea.martin'", params![]).unwrap();
    let mut without = files();
    without[1].remove(0);
    without[2].remove(1);
    let done = import(&database, Mode::Full, &without);
    assert_eq!(done.counts.total().left, 2);
    assert_eq!(
        texts(&database, "SELECT login FROM person WHERE left_at IS NOT NULL ORDER BY login"),
        ["lea.martin", "paul.durand"]
    );
    assert_eq!(members(&database, UAI, "Parents de 6A"), Vec::<String>::new());
    assert_eq!(
        texts(
            &database,
            "SELECT p.login FROM kinship k JOIN person p ON p.id = k.relative_id WHERE p.login = 'paul.durand'"
        ),
        Vec::<String>::new()
    );
    import(&database, Mode::Full, &files());
    assert_eq!(texts(&database, "SELECT login FROM person WHERE left_at IS NOT NULL"), Vec::<String>::new());
    assert_eq!(members(&database, UAI, "Élèves de 6A"), ["lea.martin"]);
    assert_eq!(texts(&database, "SELECT login FROM person WHERE password_hash = 'x'"), ["lea.martin"]);

    import(&database, Mode::Full, &without);
    assert_eq!(purge(&database, NOW + 90 * DAY).unwrap().people, 0);
    assert_eq!(purge(&database, NOW + 90 * DAY + 1).unwrap().people, 2);
    assert_eq!(purge(&database, NOW + 99 * DAY).unwrap().people, 0);
    let rest = directory(&database);
    assert!(!format!("{:?} {:?} {:?}", rest["detail"], rest["mirror"], rest["person"]).contains("DURAND"));
    // A namesake comes: the address of before is not hers.
    import(&database, Mode::Full, &files());
    let addresses =
        texts(&database, "SELECT universal_address FROM person WHERE left_at IS NULL AND last_name = 'DURAND'");
    assert_eq!(addresses, ["paul.durand2@ent.test"]);
}

#[test]
fn a_delta_says_what_changes_and_nothing_else() {
    let database = database();
    import(&database, Mode::Full, &files());
    let moved = Record { classes: Some(vec![place("1", "6B")]), ..Record::default() };
    let done = import(
        &database,
        Mode::Delta,
        &[vec![
            patch(Kind::Student, "10", moved.clone()),
            patch(Kind::Student, "99", moved),
            delete(Kind::Adult, "31"),
            delete(Kind::Adult, "98"),
            put(Kind::Student, "13", student("1", "6B", "NOËL", "Zoé", &[])),
        ]],
    );
    let total = done.counts.total();
    assert_eq!((total.created, total.changed, total.unchanged, total.deleted, done.counts.rejected), (1, 1, 1, 1, 1));
    assert_eq!(done.counts.read, 5);
    assert_eq!(members(&database, UAI, "Élèves de 6B"), ["hugo.martin", "lea.martin", "lea.martin2", "zoe.noel"]);
    assert_eq!(members(&database, UAI, "Parents de 6B"), ["jeanne.martin", "jeanne.martin2", "paul.durand"]);
    // Mme Vidal still teaches in 6A.
    assert_eq!(members(&database, UAI, "Parents de 6A"), Vec::<String>::new());
    assert_eq!(members(&database, UAI, "Enseignants – Anglais"), Vec::<String>::new());
    let left = &rejects(&database, &done, 0, 10).unwrap()[0];
    assert_eq!(
        (left.code.as_str(), left.id.as_str(), left.line, left.file.as_str()),
        ("unknown-id", "99", 2, "f0.xml")
    );
}

#[test]
fn what_cannot_be_used_is_said_and_nobody_leaves_for_it() {
    let database = database();
    import(&database, Mode::Full, &files());
    let mut odd = files();
    // Her entry names a school nobody knows; an id stands twice; a tie leads nowhere, and one to herself.
    odd[1][0] = put(Kind::Student, "10", student("77", "6A", "MARTIN", "Léa", &["20"]));
    odd[1].push(put(Kind::Student, "11", student("1", "6A", "AUTRE", "Nom", &[])));
    odd[1][2] = put(Kind::Student, "12", student("1", "6B", "MARTIN", "Léa", &["22", "12", "404"]));
    let import = stage(&database, &mut Counting(1 << 40), &request(&Source::aaf(None), Mode::Full), &odd).unwrap();
    let counts = prepare(&database, &import).unwrap();
    assert_eq!((counts.read, counts.rejected, counts.remarks, counts.total().left), (11, 2, 1, 0));
    let import = reload(&database, &import).unwrap();
    let said = rejects(&database, &import, 0, 10).unwrap();
    let said: Vec<_> = said.iter().map(|said| (said.code.as_str(), said.line, said.remark)).collect();
    assert_eq!(said, [("unknown-establishment", 1, false), ("duplicate", 4, false), ("unknown-relative", 3, true)]);
    let duplicate = &rejects(&database, &import, 1, 1).unwrap()[0];
    assert!(duplicate.words.contains("ligne 2 du fichier f1.xml"), "{}", duplicate.words);
    assert_eq!(departures(&database, &import, 10).unwrap(), []);
}

#[test]
fn an_exodus_has_to_be_meant() {
    let database = database();
    import(&database, Mode::Full, &files());
    let mut few = files();
    few[1].truncate(1);
    let mut chance = Counting(1 << 40);
    let import = stage(&database, &mut chance, &request(&Source::aaf(None), Mode::Full), &few).unwrap();
    prepare(&database, &import).unwrap();
    let import = reload(&database, &import).unwrap();
    let before = directory(&database);
    let Err(Error::Refused(Refusal::Exodus(exodus))) = confirm(&database, &import, false) else { panic!("refused") };
    assert_eq!((exodus[0].uai.as_str(), exodus[0].leaving, exodus[0].people), (UAI, 2, 9));
    assert_eq!(departures(&database, &import, 10).unwrap()[0].name, "MARTIN Hugo");
    assert_eq!(directory(&database), before);
    confirm(&database, &import, true).unwrap();
}

#[test]
fn nothing_usable_is_refused_and_so_is_a_preview_that_is_not_true_any_more() {
    let database = database();
    let mut chance = Counting(1 << 40);
    let source = Source::aaf(None);
    let empty = stage(&database, &mut chance, &request(&source, Mode::Full), &[vec![]]).unwrap();
    assert!(matches!(prepare(&database, &empty), Err(Error::Refused(Refusal::Empty))));
    let first = stage(&database, &mut chance, &request(&source, Mode::Full), &files()).unwrap();
    prepare(&database, &first).unwrap();
    let first = reload(&database, &first).unwrap();
    // Somebody else's import of the same source is applied meanwhile.
    database
        .batch(
            "INSERT INTO establishment (uai, name, domain, created_at) VALUES ('0310009Z', 'Z', 'z.test', 0);
        INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
        VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAV', '0310009Z', 'staff', 'A', 'B', 'a b', 'a.b', 'a.b@z.test', 0)",
        )
        .unwrap();
    let other = provisioning::Request { person: Some("01ARZ3NDEKTSV4RRFFQ69G5FAV"), ..request(&source, Mode::Full) };
    crate::world::run(&database, &mut chance, &other, &files()).unwrap();
    assert!(matches!(confirm(&database, &first, true), Err(Error::Refused(Refusal::Stale))));
    prepare(&database, &first).unwrap();
    confirm(&database, &reload(&database, &first).unwrap(), true).unwrap();
}

#[test]
fn one_person_of_two_sources_is_one_person() {
    let database = database();
    let born = |record: Record| Record { birth_date: Some("2014-02-01".into()), ..record };
    let mut first = files();
    first[1][0] = put(Kind::Student, "10", born(student("1", "6A", "MARTIN", "Léa", &["20", "21"])));
    import(&database, Mode::Full, &first);
    let onde = Source::school(&UAI.parse().unwrap());
    let child = |class| feed::NamedChild {
        usual_name: String::new(),
        last_name: "MARTIN".into(),
        first_name: "Hugo".into(),
        class,
    };
    let lists = vec![vec![
        put(Kind::Student, "i1", born(student(UAI, "Club", "Martin", "LEA", &[]))),
        // Same name, but nobody knows when she was born: somebody else.
        put(Kind::Student, "i2", student(UAI, "Club", "Martin", "Hugo", &[])),
        // The same mail and name.
        put(
            Kind::Relative,
            "i3",
            Record {
                mail: Some("J@home.test".into()),
                children: Some(vec![child("Club".to_owned())]),
                ..named("Martin", "Jeanne")
            },
        ),
    ]];
    crate::world::run(&database, &mut Counting(1 << 40), &request(&onde, Mode::Full), &lists).unwrap();
    assert_eq!(members(&database, UAI, "Élèves de Club"), ["hugo.martin2", "lea.martin"]);
    assert_eq!(members(&database, UAI, "Parents de Club"), ["jeanne.martin", "paul.durand"]);
    // One source drops her: she stays for the other.
    let mut without = first.clone();
    without[1].remove(0);
    import(&database, Mode::Full, &without);
    assert_eq!(texts(&database, "SELECT login FROM person WHERE left_at IS NOT NULL"), ["paul.durand"]);
    assert_eq!(members(&database, UAI, "Élèves de 6A"), Vec::<String>::new());
    assert_eq!(members(&database, UAI, "Élèves de Club"), ["hugo.martin2", "lea.martin"]);
}

#[test]
fn people_and_groups_made_by_hand_stay() {
    let database = database();
    import(&database, Mode::Full, &files());
    database
        .batch(
            "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
                VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAV', '0310001A', 'staff', 'A', 'B', 'a b', 'a.b', 'a.b@z.test', 0);
            INSERT INTO membership SELECT id, '01ARZ3NDEKTSV4RRFFQ69G5FAV' FROM person_group WHERE name = 'Tous les personnels';
            INSERT INTO person_group (id, uai, kind, name, folded_name, permanent, created_at)
                VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAW', '0310001A', 'ad-hoc', 'Club', 'club', 0, 1700000000000);
            INSERT INTO membership SELECT '01ARZ3NDEKTSV4RRFFQ69G5FAW', id FROM person WHERE login IN ('a.b', 'lea.martin');
            UPDATE establishment SET name = 'Le collège' WHERE uai = '0310001A'",
        )
        .unwrap();
    let mut changed = files();
    changed[0][0] = put(
        Kind::Establishment,
        "1",
        Record { uai: Some(UAI.into()), name: Some("COLLEGE".into()), ..Record::default() },
    );
    changed[1][0] = put(Kind::Student, "10", student("1", "6C", "MARTIN", "Léa", &["20"]));
    import(&database, Mode::Full, &changed);
    assert_eq!(members(&database, UAI, "Club"), ["a.b", "lea.martin"]);
    assert_eq!(members(&database, UAI, "Tous les personnels"), ["a.b", "anne.petit"]);
    assert_eq!(texts(&database, "SELECT name FROM establishment"), ["Le collège"]);
    // The end of the school year (D-3) is that of Paris, and comes once.
    let summer = 1_785_535_200_000; // 1 August 2026, 0:00 in Paris
    assert_eq!(purge(&database, 1_690_840_799_000).unwrap().groups, 0);
    assert_eq!(purge(&database, summer).unwrap().groups, 1);
    assert_eq!(purge(&database, summer).unwrap().groups, 0);
}
