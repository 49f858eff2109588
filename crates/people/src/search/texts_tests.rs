//! Several texts searched at once give what each gives alone, and what suggestions ask is found by index.

use std::cell::RefCell;

use proptest::prelude::*;
use store::{Database, Error, File, Row, Value};

use super::pages;
use super::people::PeopleQuery;
use super::plan_tests::{ids, network};
use crate::{ClassId, GroupId, PageSize, PersonId, Profile, Uai};

const FOUND: &str =
    "SELECT p.id, x.text FROM page x CROSS JOIN person p ON p.n = x.n ORDER BY x.text, p.folded_name, p.id";

#[test]
fn several_texts_give_what_each_gives() {
    let database = network();
    // A word that many names have: with it the statement turns from the names that match to those that are reached.
    database.batch("UPDATE person SET folded_name = folded_name || ' zz' WHERE n % 2 = 0").unwrap();
    let viewers: Vec<PersonId> =
        ids(&database, "SELECT id FROM person WHERE blocked_at IS NULL AND left_at IS NULL AND n % 7 = 1 ORDER BY n");
    let classes: Vec<ClassId> = ids(&database, "SELECT id FROM class ORDER BY id");
    let groups: Vec<GroupId> = ids(&database, "SELECT id FROM person_group ORDER BY id");
    let schools: Vec<Uai> = ids(&database, "SELECT uai FROM establishment");
    let one_of = |n: usize| proptest::option::weighted(0.2, 0..n);
    let query = (
        0..viewers.len(),
        proptest::sample::subsequence(vec!["zz", "m zz", "ma", "le", "zz l", "martin", "a b zz", "yyy"], 1..=4),
        proptest::option::weighted(0.3, proptest::sample::select(Profile::ALL.to_vec())),
        one_of(classes.len()),
        one_of(groups.len()),
        proptest::sample::subsequence((0..schools.len()).collect::<Vec<_>>(), 0..=2),
        proptest::option::weighted(0.2, proptest::sample::select(vec!["Anglais", "EPS"])),
        (1_u32..12, any::<bool>()),
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(120));
    let outcome = runner.run(&query, |(viewer, texts, profile, class, group, uais, discipline, (size, rare))| {
        let query = PeopleQuery {
            profile,
            discipline,
            class: class.map(|n| classes[n].clone()),
            group: group.map(|n| groups[n].clone()),
            establishments: uais.iter().map(|n| schools[*n].clone()).collect(),
            size: PageSize::near(size),
            ..PeopleQuery::of(&viewers[viewer])
        };
        let asked: Vec<(&str, i64)> = texts.iter().map(|text| (*text, if rare { 1 } else { 1000 })).collect();
        let (statement, parameters) = pages::of_texts(&query, &asked, size, FOUND).unwrap();
        let rows = database.execute(&statement, &parameters).unwrap();
        let found: Vec<_> = rows.iter().map(|row| (row.text(0).unwrap().to_owned(), row.integer(1).unwrap())).collect();
        let mut each = Vec::new();
        for (number, text) in (0..).zip(&texts) {
            if each.len() >= size as usize {
                break;
            }
            let alone = super::search_people(&database, &PeopleQuery { text, ..query.clone() }).unwrap().items;
            each.extend(alone.into_iter().map(|person| (person.id.to_string(), number)));
        }
        prop_assert_eq!(found, each);
        Ok(())
    });
    outcome.unwrap();
}

/// A database that says what each statement scans.
struct Explained<'a>(&'a File, RefCell<Vec<String>>);

impl Database for Explained<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        for row in self.0.execute(&format!("EXPLAIN QUERY PLAN {statement}"), parameters)? {
            let step = row.text(3)?.to_owned();
            if step.starts_with("SCAN") {
                self.1.borrow_mut().push(step);
            }
        }
        self.0.execute(statement, parameters)
    }
}

#[test]
fn suggestions_are_found_by_index() {
    let database = network();
    let viewer: PersonId = ids(&database, "SELECT id FROM person WHERE login = 'claire.lefevre'").remove(0);
    let explained = Explained(&database, RefCell::default());
    for typed in ["", "ma", "benaly", "kerim benali"] {
        super::suggest(&explained, &viewer, typed, 1_800_000_000_000).unwrap();
        super::meant(&explained, &PeopleQuery { text: typed, ..PeopleQuery::of(&viewer) }).unwrap();
    }
    // What the statements have put aside; lists in JSON; the search index and its words; the people who are away, who are few;
    // the establishments, to see whether there are two.
    let own = ["a", "c", "f", "h", "k", "l", "o", "page", "q", "s", "shown", "t", "u", "w", "x", "way", "kin_way"];
    let own = own.map(|name| format!("SCAN {name}"));
    let lists = ["e", "j", "s", "w"].map(|name| format!("SCAN {name} VIRTUAL TABLE INDEX 1:"));
    let known = |step: &String| {
        own.contains(step)
            || lists.contains(step)
            || step.starts_with("SCAN f VIRTUAL TABLE INDEX 0:M")
            || step.starts_with("SCAN v VIRTUAL TABLE")
            || step.contains("CONSTANT ROW")
            || step.starts_with("SCAN (subquery-")
            || ["SCAN v", "SCAN p USING INDEX person_away"].contains(&step.as_str())
            || step == "SCAN establishment USING COVERING INDEX sqlite_autoindex_establishment_1"
    };
    let scans: Vec<String> = explained.1.into_inner().into_iter().filter(|step| !known(step)).collect();
    assert_eq!(scans, Vec::<String>::new());
}
