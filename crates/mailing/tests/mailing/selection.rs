//! The selection against a reference written by hand, and who sees which codes.

use mailing::{Code, Criteria, Sort, Viewpoint, select};
use people::fold;
use proptest::prelude::*;
use store::{Database as _, File};

use crate::id;
use crate::school::{LEVELS, OTHER, PEOPLE, Person, UAI, class, school};

fn at<'a>(viewer: &'a str, uai: &'a str) -> Viewpoint<'a> {
    Viewpoint { viewer, uai }
}

fn level(class: &str) -> &'static str {
    LEVELS.iter().find(|(name, _)| *name == class).unwrap().1
}

/// What the words of P-1 say, without SQL.
fn wanted(p: &Person, c: &Criteria) -> bool {
    let present = p.uai == UAI && !p.has('b') && !p.has('l');
    let in_class = |name: &&str| {
        (c.levels.is_empty() || c.levels.iter().any(|l| l == level(name)))
            && (c.classes.is_empty() || c.classes.contains(&class(UAI, name)))
    };
    present
        && (c.profiles.is_empty() || c.profiles.iter().any(|profile| profile.as_str() == p.profile))
        && (c.levels.is_empty() && c.classes.is_empty() || p.classes.iter().any(in_class))
        && c.active.is_none_or(|active| active == p.has('a'))
        && c.mail.is_none_or(|mail| mail != p.address().is_empty())
        && (!c.admins || p.tail == "ADM")
        && c.from.is_none_or(|from| p.created >= from)
        && c.until.is_none_or(|until| p.created < until)
}

fn reference(c: &Criteria) -> Vec<&'static Person> {
    let mut found: Vec<&Person> = PEOPLE.iter().filter(|p| wanted(p, c)).collect();
    let profiles = ["student", "relative", "teacher", "staff", "guest"];
    found.sort_by_key(|p| {
        let name = fold(&format!("{} {}", p.last, p.first));
        let place = match c.sort {
            Sort::Name => String::new(),
            Sort::Profile => profiles.iter().position(|other| *other == p.profile).unwrap().to_string(),
            Sort::Class if ["student", "relative"].contains(&p.profile) => {
                p.classes.iter().min().map_or("~".to_owned(), |name| (*name).to_owned())
            }
            Sort::Class => "~".to_owned(),
        };
        (place, name)
    });
    found
}

fn criteria() -> impl Strategy<Value = Criteria> {
    let some = |of: &'static [&'static str]| prop::sample::subsequence(of.to_vec(), 0..=of.len().min(2));
    let edge = || prop::option::of(prop::sample::select(vec![0_i64, 100, 200, 201, 300, 400, 500, 501]));
    (
        some(&["student", "relative", "teacher", "staff", "guest"]),
        some(&["6EME", "4EME"]),
        some(&["6A", "6B", "4A"]),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        prop::bool::weighted(0.1),
        (edge(), edge()),
        prop::sample::select(vec![Sort::Name, Sort::Profile, Sort::Class]),
    )
        .prop_map(|(profiles, levels, classes, active, mail, admins, (from, until), sort)| Criteria {
            profiles: profiles.into_iter().map(|p| p.parse().unwrap()).collect(),
            levels: levels.into_iter().map(str::to_owned).collect(),
            classes: classes.into_iter().map(|name| class(UAI, name)).collect(),
            active,
            mail,
            admins,
            from,
            until,
            sort,
        })
}

fn tails(db: &File, viewer: &str, uai: &str, criteria: &Criteria) -> Vec<String> {
    let found = select(db, at(&id(viewer), uai), criteria, 0, 100).unwrap();
    found.items.into_iter().map(|account| account.person).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_selection_is_what_the_words_say(asked in criteria()) {
        thread_local! { static DB: File = school(); }
        DB.with(|db| {
            let expected = reference(&asked);
            let found = select(db, at(&id("ADM"), UAI), &asked, 0, 100).unwrap();
            let ids: Vec<_> = found.items.iter().map(|a| a.person.clone()).collect();
            prop_assert_eq!(&ids, &expected.iter().map(|p| id(p.tail)).collect::<Vec<_>>());
            let mails: Vec<_> = found.items.iter().map(|a| a.mail.clone()).collect();
            prop_assert_eq!(mails, expected.iter().map(|p| p.address()).collect::<Vec<_>>());
            prop_assert_eq!(found.total as usize, expected.len());
            prop_assert_eq!(found.without_mail as usize, expected.iter().filter(|p| p.address().is_empty()).count());
            prop_assert_eq!(found.inactive as usize, expected.iter().filter(|p| !p.has('a')).count());
            // Page after page it is the same list, with the same counts.
            let mut paged = Vec::new();
            while let page = select(db, at(&id("ADM"), UAI), &asked, u32::try_from(paged.len()).unwrap(), 3).unwrap()
                && !page.items.is_empty()
            {
                prop_assert_eq!((page.total, page.without_mail, page.inactive), (found.total, found.without_mail, found.inactive));
                paged.extend(page.items);
            }
            prop_assert_eq!(paged, found.items);
            // What comes back from the database as JSON is what was asked.
            let kept: Criteria = serde_json::from_str(&serde_json::to_string(&asked).unwrap()).unwrap();
            prop_assert_eq!(kept, asked);
            Ok(())
        })?;
    }
}

#[test]
fn nobody_else_selects_anybody() {
    let db = school();
    let everybody = Criteria::default();
    for (viewer, uai) in [
        ("ADM", OTHER),
        ("ADM2", UAI),
        ("S1", UAI),
        ("R1", UAI),
        ("R3", UAI),
        ("TEACH2", UAI),
        ("CPE", UAI),
        ("TEACH", OTHER),
    ] {
        assert!(tails(&db, viewer, uai, &everybody).is_empty(), "{viewer} {uai}");
    }
    assert_eq!(tails(&db, "R3", OTHER, &everybody).len(), 2);
}

#[test]
fn an_administrator_of_a_class_has_its_students_and_their_relatives() {
    let db = school();
    let mut expected: Vec<_> = ["R1", "R2", "R3", "S1", "S3"].map(id).to_vec();
    let mut found = tails(&db, "TEACH", UAI, &Criteria::default());
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    let names: Vec<_> = mailing::classes(&db, at(&id("TEACH"), UAI)).unwrap().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["6A"]);
    let names: Vec<_> = mailing::classes(&db, at(&id("ADM"), UAI)).unwrap().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["6A", "6B", "4A"]);
}

fn code(db: &File, viewer: &str, tail: &str) -> Option<Code> {
    let found = select(db, at(&id(viewer), UAI), &Criteria::default(), 0, 100).unwrap();
    found.items.into_iter().find(|account| account.person == id(tail)).map(|account| account.code)
}

#[test]
fn a_code_is_shown_to_whom_administers_all_that_its_owner_does() {
    let db = school();
    assert_eq!(code(&db, "ADM", "S1"), Some(Code::Given("codes1".to_owned())));
    assert_eq!(
        code(&db, "ADM", "DEAD"),
        Some(Code::Given("codedead".to_owned())),
        "the head, to a local administrator"
    );
    assert_eq!(code(&db, "ADM", "ADM"), Some(Code::Active));
    assert_eq!(code(&db, "ADM", "S4"), Some(Code::Missing));
    assert_eq!(code(&db, "ADM", "R3"), Some(Code::Withheld), "she administers the school next door");
    assert_eq!(code(&db, "TEACH", "S1"), Some(Code::Given("codes1".to_owned())));
    assert_eq!(code(&db, "TEACH", "R3"), Some(Code::Withheld));
    // Should the head, an administrator or another administrator of a class be a parent in the class, by whatever accident.
    for (tail, sql) in [
        ("DEAD", "SELECT 1"),
        ("CPE", "INSERT INTO local_admin SELECT id, uai FROM person WHERE function = 'CPE'"),
        (
            "R2",
            "INSERT INTO class_admin SELECT p.id, c.id FROM person p, class c WHERE p.last_name = 'Haddad' AND c.uai = p.uai AND c.name = '6A'",
        ),
    ] {
        db.execute(sql, &[]).unwrap();
        let withheld = db
            .first(
                "SELECT 1 FROM withheld_code WHERE viewer_id = ?1 AND person_id = ?2",
                store::params![id("TEACH"), id(tail)],
            )
            .unwrap();
        assert!(withheld.is_some(), "{tail}");
        assert_ne!(code(&db, "ADM", tail), Some(Code::Withheld), "{tail}");
    }
    for function in [
        "Chef d’établissement",
        "Cheffe d’établissement",
        "Adjointe au chef d’établissement",
        "Proviseure",
        "Directrice",
    ] {
        db.execute("UPDATE person SET function = ?1 WHERE id = ?2", store::params![function, id("TEACH2")]).unwrap();
        let withheld = db.first(
            "SELECT 1 FROM withheld_code WHERE viewer_id = ?1 AND person_id = ?2",
            store::params![id("TEACH"), id("TEACH2")],
        );
        assert!(withheld.unwrap().is_some(), "{function}");
    }
}
