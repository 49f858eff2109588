//! Every statement of an import and of a purge finds its rows by an index: a big school waits for nothing.

use std::cell::RefCell;
use std::collections::BTreeSet;

use feed::Kind;
use provisioning::{Mode, Source, purge};
use store::{Database, File, Row, Value};

use crate::world::{Counting, NOW, database, delete, named, patch, place, put, request, run, school, student, teacher};

/// Remembers what was asked.
struct Recording<'a> {
    file: &'a File,
    statements: RefCell<BTreeSet<String>>,
}

impl Database for Recording<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, store::Error> {
        self.statements.borrow_mut().insert(statement.to_owned());
        self.file.execute(statement, parameters)
    }
}

/// Tables that grow with the people of a network.
const BIG: [&str; 9] = [
    "person",
    "person_detail",
    "membership",
    "kinship",
    "person_group",
    "class",
    "source_record",
    "source_tie",
    "import_entry",
];
/// What is looked at once in an import, whole: all classes at the end, the groups that are new.
const WHOLE: [&str; 4] = [
    "UPDATE class SET level",
    "WITH empty AS",
    "SELECT DISTINCT g.uai FROM person_group",
    "DELETE FROM person_group WHERE id IN (SELECT g.id FROM person_group g WHERE g.kind = 'ad-hoc'",
];

#[test]
fn statements_use_indexes() {
    let file = database();
    let recording = Recording { file: &file, statements: RefCell::default() };
    let (academy, own) = (Source::aaf(None), Source::school(&"0310001A".parse().unwrap()));
    let mut head = teacher("1", &["6A"], "VIDAL", "Rose", "ANGLAIS");
    head.head_of = Some(vec![place("1", "6A")]);
    let people = vec![
        school("1", "0310001A"),
        put(Kind::Student, "10", student("1", "6A", "MARTIN", "Léa", &["20"])),
        put(Kind::Relative, "20", named("MARTIN", "Jeanne")),
        put(Kind::Adult, "30", head),
    ];
    let moved = patch(Kind::Student, "10", student("1", "6B", "MARTIN", "Léa", &["20"]));
    let limits = ["0310001A".parse().unwrap()];
    let limited = provisioning::Request { limits: Some(&limits), ..request(&academy, Mode::Delta) };
    let mut chance = Counting::default();
    run(&recording, &mut chance, &request(&academy, Mode::Full), &[people]).unwrap();
    run(&recording, &mut chance, &limited, &[vec![moved, delete(Kind::Adult, "30")]]).unwrap();
    let table = feed_table();
    run(&recording, &mut chance, &request(&own, Mode::Full), &[table]).unwrap();
    purge(&recording, NOW).unwrap();

    let statements = recording.statements.borrow();
    assert!(statements.len() > 60, "{}", statements.len());
    let mut slow = Vec::new();
    for statement in statements.iter() {
        let whole = WHOLE.iter().any(|whole| statement.contains(whole));
        let parameters = vec![Value::Null; (1..20).filter(|n| statement.contains(&format!("?{n}"))).count()];
        let plan = file.execute(&format!("EXPLAIN QUERY PLAN {statement}"), &parameters).unwrap();
        for step in plan.iter().map(|row| row.text(3).unwrap().to_owned()) {
            let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
            let big =
                !whole && !step.contains("VIRTUAL TABLE") && (BIG.contains(&scanned) || aliased(statement, scanned));
            // Few groups are of a class, many of a kind.
            let wide = step.contains("person_group_automatic (kind=? AND profile=?)");
            // An index of few rows: what is dirty, who left.
            if wide || big && !step.contains("source_record_dirty") && !step.contains("person_left") {
                slow.push(format!("{step} in {statement}"));
            }
        }
    }
    assert_eq!(slow, Vec::<String>::new());
}

/// Whether the name stands for a big table in this statement.
fn aliased(statement: &str, name: &str) -> bool {
    let words: Vec<&str> = statement.split([' ', '\n', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| BIG.contains(&pair[0]) && pair[1] == name)
}

fn feed_table() -> Vec<feed::Entry> {
    let child = feed::NamedChild {
        usual_name: String::new(),
        last_name: "Martin".into(),
        first_name: "Zoé".into(),
        class: "CM1".into(),
    };
    let parent =
        feed::Record { children: Some(vec![child]), structure: Some("0310001A".into()), ..named("Martin", "Ève") };
    vec![
        put(Kind::Student, "a", student("0310001A", "CM1", "Martin", "Zoé", &[])),
        put(Kind::Relative, "b", parent),
        put(Kind::Adult, "c", teacher("0310001A", &["CM1"], "Roux", "Luc", "")),
    ]
}
