//! Whatever the plan, the answer is the same, and none reads a table from end to end.

use std::path::Path;

use proptest::prelude::*;
use store::{Database as _, File, params};

use super::people::{PeopleQuery, matching, run};
use super::plan::Plan;
use crate::{ClassId, GroupId, Page, PageSize, PersonId, Profile, Uai};

pub(super) fn network() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    let options = demo::Options { people: 450, establishments: 3, seed: 7, now: 1_800_000_000_000 };
    demo::run(&database, &options).unwrap();
    database
}

pub(super) fn ids<T: std::str::FromStr<Err: std::fmt::Debug>>(database: &File, statement: &str) -> Vec<T> {
    database.execute(statement, &[]).unwrap().iter().map(|row| row.text(0).unwrap().parse().unwrap()).collect()
}

/// The plans that can serve a query: rosters always, and what it gives.
fn able(query: &PeopleQuery<'_>) -> Vec<Plan> {
    let given = [
        (true, Plan::Rosters),
        (matching(query.text).is_some(), Plan::Match),
        (query.class.is_some(), Plan::Class),
        (query.group.is_some(), Plan::Group),
        (query.discipline.is_some(), Plan::Discipline),
        (!query.establishments.is_empty(), Plan::Schools),
    ];
    given.into_iter().filter(|(able, _)| *able).map(|(_, plan)| plan).collect()
}

fn page(database: &File, query: &PeopleQuery<'_>, plan: Plan) -> Page<super::FoundPerson> {
    Page::of(run(database, query, plan, query.size.get() + 1).unwrap(), query.size)
}

/// What the query means, without any of the shortcuts.
fn plainly(database: &File, query: &PeopleQuery<'_>) -> Vec<String> {
    let rows = database.execute(
        "SELECT DISTINCT p.id, p.folded_name, p.uai, p.profile FROM reachable v JOIN person p ON p.id = v.recipient_id
         WHERE v.sender_id = ?1
            AND (?2 IS NULL OR p.id IN (SELECT m.person_id FROM membership m JOIN person_group g ON g.id = m.group_id WHERE g.class_id = ?2))
            AND (?3 IS NULL OR p.id IN (SELECT m.person_id FROM membership m JOIN person_group g ON g.id = m.group_id AND g.members_hidden = 0
                WHERE g.id = ?3 AND (g.id IN (SELECT group_id FROM reachable_group WHERE sender_id = ?1)
                    OR g.id IN (SELECT group_id FROM membership WHERE person_id = ?1))))
            AND (?4 IS NULL OR p.id IN (SELECT m.person_id FROM membership m JOIN person_group g ON g.id = m.group_id WHERE g.discipline = ?4))
         ORDER BY p.folded_name, p.id",
        params![
            query.viewer.as_str(),
            query.class.as_ref().map(ClassId::as_str),
            query.group.as_ref().map(GroupId::as_str),
            query.discipline
        ],
    );
    let matches = |row: &&store::Row| {
        let name = format!(" {}", row.text(1).unwrap());
        crate::words(query.text).iter().all(|word| name.contains(&format!(" {word}")))
            && query.profile.is_none_or(|profile| profile.as_str() == row.text(3).unwrap())
            && (query.establishments.is_empty()
                || query.establishments.iter().any(|uai| uai.as_str() == row.text(2).unwrap()))
    };
    rows.unwrap().iter().filter(matches).map(|row| row.text(0).unwrap().to_owned()).collect()
}

#[test]
fn plans_agree() {
    let database = network();
    // Somebody in a group that is not of her profile, as an administrator could put her.
    database
        .batch("INSERT INTO membership SELECT g.id, (SELECT max(id) FROM person WHERE profile = 'guest') FROM person_group g
            WHERE g.kind IN ('network', 'establishment') AND g.profile = 'staff'")
        .unwrap();
    let viewers: Vec<PersonId> =
        ids(&database, "SELECT id FROM person WHERE blocked_at IS NULL AND left_at IS NULL AND n % 7 = 1 ORDER BY n");
    let classes: Vec<ClassId> = ids(&database, "SELECT id FROM class ORDER BY id");
    let groups: Vec<GroupId> = ids(&database, "SELECT id FROM person_group ORDER BY id");
    let schools: Vec<Uai> = ids(&database, "SELECT uai FROM establishment");
    let one_of = |n: usize| proptest::option::weighted(0.3, 0..n);
    let query = (
        0..viewers.len(),
        proptest::sample::select(vec!["", "m", "ma", "le", "martin", "a b", "zzz", "D’", "é l", "कि", "ﬁ"]),
        proptest::option::weighted(0.4, proptest::sample::select(Profile::ALL.to_vec())),
        one_of(classes.len()),
        one_of(groups.len()),
        proptest::sample::subsequence((0..schools.len()).collect::<Vec<_>>(), 0..=2),
        proptest::option::weighted(0.2, proptest::sample::select(vec!["Anglais", "EPS", "Couture"])),
        1_u32..40,
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(80));
    let outcome = runner.run(&query, |(viewer, text, profile, class, group, establishments, discipline, size)| {
        let mut query = PeopleQuery {
            text,
            profile,
            discipline,
            class: class.map(|n| classes[n].clone()),
            group: group.map(|n| groups[n].clone()),
            establishments: establishments.iter().map(|n| schools[*n].clone()).collect(),
            size: PageSize::near(size),
            ..PeopleQuery::of(&viewers[viewer])
        };
        let all = plainly(&database, &query);
        let found = super::people_ids(&database, &query, 1000).unwrap().unwrap();
        prop_assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), all.clone());
        prop_assert_eq!(super::count_people(&database, &query, 1000).unwrap(), Some(u32::try_from(all.len()).unwrap()));
        let mut seen = 0;
        for _ in 0..3 {
            let chosen = super::search_people(&database, &query).unwrap();
            let names: Vec<_> = chosen.items.iter().map(|p| p.id.to_string()).collect();
            prop_assert_eq!(&names[..], &all[seen..(seen + size as usize).min(all.len())]);
            seen += names.len();
            for plan in able(&query) {
                prop_assert_eq!(&page(&database, &query, plan), &chosen, "{:?}", plan);
            }
            let Some(next) = chosen.next else { break };
            query.after = Some(next);
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn no_plan_reads_a_table_from_end_to_end() {
    let database = network();
    let viewer: PersonId = "01K41XRSR00000000000000000".parse().unwrap();
    let all = PeopleQuery {
        text: "m",
        profile: Some(Profile::Guest),
        discipline: Some("EPS"),
        class: Some("01K41XRSR00000000000000001".parse().unwrap()),
        group: Some("01K41XRSR00000000000000002".parse().unwrap()),
        establishments: vec!["0990001A".parse().unwrap()],
        ..PeopleQuery::of(&viewer)
    };
    let none = PeopleQuery::of(&viewer);
    for plan in [Plan::Class, Plan::Group, Plan::Discipline, Plan::Match, Plan::Schools, Plan::Rosters] {
        let own = match plan {
            Plan::Class => PeopleQuery { class: all.class.clone(), ..none.clone() },
            Plan::Group => PeopleQuery { group: all.group.clone(), ..none.clone() },
            Plan::Discipline => PeopleQuery { discipline: all.discipline, ..none.clone() },
            Plan::Match => PeopleQuery { text: "m", ..none.clone() },
            Plan::Schools => PeopleQuery { establishments: all.establishments.clone(), ..none.clone() },
            Plan::Rosters => none.clone(),
        };
        for query in [&own, &all] {
            let (statement, parameters) = plan.statement(query, 26, "SELECT * FROM page").unwrap();
            let rows = database.execute(&format!("EXPLAIN QUERY PLAN {statement}"), &parameters).unwrap();
            let scans = rows.iter().map(|row| row.text(3).unwrap().to_owned()).filter(|step| step.starts_with("SCAN"));
            // What the statement itself has put aside: the viewer's ways, candidates, the page; lists in JSON; and the search
            // index.
            let own = [
                "SCAN f",
                "SCAN a",
                "SCAN c",
                "SCAN w",
                "SCAN k",
                "SCAN x",
                "SCAN v",
                "SCAN page",
                "SCAN kin_way",
                "SCAN way",
                "SCAN CONSTANT ROW",
                "SCAN f VIRTUAL TABLE INDEX 0:M1",
            ];
            let scans: Vec<_> = scans
                .filter(|step| !own.contains(&step.as_str()))
                .filter(|step| {
                    !["s", "j", "e"].iter().any(|list| *step == format!("SCAN {list} VIRTUAL TABLE INDEX 1:"))
                })
                .collect();
            assert_eq!(scans, Vec::<String>::new(), "{plan:?}");
        }
    }
}

/// Rosters follow what becomes of people and groups.
#[test]
fn rosters_are_the_members_in_order() {
    let database = network();
    let same = || {
        let rows = database.execute(
            "SELECT (SELECT group_concat(group_id || profile || folded_name || person_id) FROM (SELECT * FROM roster ORDER BY 1, 2, 3, 4))
                = (SELECT group_concat(group_id || profile || folded_name || id) FROM (
                    SELECT m.group_id, p.profile, p.folded_name, p.id FROM membership m JOIN person p ON p.id = m.person_id
                    JOIN person_group g ON g.id = m.group_id WHERE g.kind IN ('network', 'establishment') ORDER BY 1, 2, 3, 4)),
                (SELECT count(*) FROM roster)",
            &[],
        );
        let rows = rows.unwrap();
        (rows[0].boolean(0).unwrap(), rows[0].integer(1).unwrap())
    };
    assert_eq!(same(), (true, 900));
    database.batch("UPDATE person SET folded_name = 'zz ' || folded_name WHERE n % 3 = 0").unwrap();
    assert_eq!(same(), (true, 900));
    database.batch("UPDATE person SET profile = 'guest' WHERE n % 10 = 0").unwrap();
    assert_eq!(same(), (true, 900));
    database.batch("DELETE FROM membership WHERE person_id IN (SELECT id FROM person WHERE n % 9 = 0)").unwrap();
    assert_eq!(same(), (true, 800));
    database.batch("INSERT INTO membership SELECT g.id, p.id FROM person_group g, person p WHERE g.kind = 'network' AND p.n = 9").unwrap();
    assert_eq!(same(), (true, 805));
    database.batch("UPDATE person SET left_at = 1, purged_at = 2, folded_name = '' WHERE n = 5").unwrap();
    assert_eq!(same(), (true, 803));
}

#[test]
fn ties_are_found_by_index() {
    let database = network();
    for (students, relatives) in [(true, false), (false, true), (true, true)] {
        let statement = super::ties::statement(students, relatives).unwrap();
        let parameters = &params!["v", "[]", "[]"][..if relatives { 3 } else { 2 }];
        let rows = database.execute(&format!("EXPLAIN QUERY PLAN {statement}"), parameters).unwrap();
        let scans = rows.iter().map(|row| row.text(3).unwrap().to_owned()).filter(|step| step.starts_with("SCAN"));
        let scans: Vec<_> = scans.filter(|step| step != "SCAN j VIRTUAL TABLE INDEX 1:").collect();
        assert_eq!(scans, Vec::<String>::new(), "{statement}");
    }
}
