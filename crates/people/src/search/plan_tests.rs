//! Whatever the plan, the answer is the same, and none reads a table from end to end.

use std::path::Path;

use proptest::prelude::*;
use store::{Database as _, File, params};

use super::people::{PeopleQuery, matching, run};
use super::plan::Plan;
use crate::{ClassId, GroupId, PageSize, PersonId, Profile, Uai};

fn network() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    let options = demo::Options { people: 450, establishments: 3, seed: 7, now: 1_800_000_000_000 };
    demo::run(&database, &options).unwrap();
    database
}

fn ids<T: std::str::FromStr<Err: std::fmt::Debug>>(database: &File, statement: &str) -> Vec<T> {
    database.execute(statement, &[]).unwrap().iter().map(|row| row.text(0).unwrap().parse().unwrap()).collect()
}

/// The plans that can serve a query: those that need no class, group, text or establishment, and those it gives.
fn able(query: &PeopleQuery<'_>, matching: Option<&str>) -> Vec<Plan> {
    let mut plans = vec![Plan::Reach, Plan::Walk];
    plans.extend(matching.map(|_| Plan::Match));
    plans.extend(query.class.as_ref().map(|_| Plan::Class));
    plans.extend(query.group.as_ref().map(|_| Plan::Group));
    plans.extend(query.establishment.as_ref().map(|_| Plan::WalkEstablishment));
    plans
}

#[test]
fn plans_agree() {
    let database = network();
    let viewers: Vec<PersonId> =
        ids(&database, "SELECT id FROM person WHERE blocked_at IS NULL AND left_at IS NULL AND n % 7 = 1 ORDER BY n");
    let classes: Vec<ClassId> = ids(&database, "SELECT id FROM class ORDER BY id");
    let groups: Vec<GroupId> = ids(&database, "SELECT id FROM person_group ORDER BY id");
    let schools: Vec<Uai> = ids(&database, "SELECT uai FROM establishment");
    let one_of = |n: usize| proptest::option::weighted(0.3, 0..n);
    let query = (
        0..viewers.len(),
        proptest::sample::select(vec!["", "m", "ma", "le", "martin", "a b", "zzz", "D’", "é l"]),
        proptest::option::weighted(0.4, proptest::sample::select(Profile::ALL.to_vec())),
        one_of(classes.len()),
        one_of(groups.len()),
        one_of(schools.len()),
        1_u32..40,
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(60));
    let outcome = runner.run(&query, |(viewer, text, profile, class, group, establishment, size)| {
        let mut query = PeopleQuery {
            text,
            profile,
            class: class.map(|n| classes[n].clone()),
            group: group.map(|n| groups[n].clone()),
            establishment: establishment.map(|n| schools[n].clone()),
            size: PageSize::near(size),
            ..PeopleQuery::of(&viewers[viewer])
        };
        let matching = matching(text);
        for _ in 0..3 {
            let chosen = super::search_people(&database, &query).unwrap();
            for plan in able(&query, matching.as_deref()) {
                prop_assert_eq!(&run(&database, &query, matching.as_deref(), plan).unwrap(), &chosen, "{:?}", plan);
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
        profile: Some(Profile::Guest),
        class: Some("01K41XRSR00000000000000001".parse().unwrap()),
        group: Some("01K41XRSR00000000000000002".parse().unwrap()),
        establishment: Some("0990001A".parse().unwrap()),
        ..PeopleQuery::of(&viewer)
    };
    for plan in [Plan::Class, Plan::Group, Plan::Match, Plan::Reach, Plan::Walk, Plan::WalkEstablishment] {
        let own = match plan {
            Plan::Class => PeopleQuery { group: None, ..all.clone() },
            Plan::Match | Plan::Reach | Plan::Walk => PeopleQuery::of(&viewer),
            Plan::WalkEstablishment => PeopleQuery { group: None, class: None, ..all.clone() },
            Plan::Group => all.clone(),
        };
        for (query, matching) in [(&own, plan == Plan::Match), (&all, true)] {
            let statement = format!("EXPLAIN QUERY PLAN {}", plan.statement(query, matching));
            let rows = database.execute(&statement, params!["v", "", "", "\"m\" *", "p", "u", "c", "g", 26]).unwrap();
            let scans = rows.iter().map(|row| row.text(3).unwrap().to_owned()).filter(|step| step.starts_with("SCAN"));
            // What the statement itself has put aside: candidates, the page, the rows of the view; and the search index.
            let own = ["SCAN c", "SCAN x", "SCAN w", "SCAN CONSTANT ROW", "SCAN f VIRTUAL TABLE INDEX 0:M1"];
            let scans: Vec<_> = scans.filter(|step| !own.contains(&step.as_str())).collect();
            assert_eq!(scans, Vec::<String>::new(), "{plan:?}");
        }
    }
}

#[test]
fn ties_are_found_by_index() {
    let database = network();
    for (statement, parameters) in
        [(super::ties::CLASSES, &params!["[]"][..]), (super::ties::CHILDREN, &params!["[]", "v"][..])]
    {
        let rows = database.execute(&format!("EXPLAIN QUERY PLAN {statement}"), parameters).unwrap();
        let scans = rows.iter().map(|row| row.text(3).unwrap().to_owned()).filter(|step| step.starts_with("SCAN"));
        let scans: Vec<_> = scans.filter(|step| step != "SCAN j VIRTUAL TABLE INDEX 1:").collect();
        assert_eq!(scans, Vec::<String>::new(), "{statement}");
    }
}
