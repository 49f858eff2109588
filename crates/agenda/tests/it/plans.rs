//! No statement that runs often walks through a table of a whole network.

use std::cell::RefCell;

use agenda::{List, Page, Publication};
use store::{Database, Error, Row, Value, params};

use crate::school::{NOW, RUBRIQUE, School, told};

/// Explains each statement before it runs it.
struct Explaining<'a>(&'a dyn Database, RefCell<Vec<String>>);

impl Database for Explaining<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        for step in self.0.execute(&format!("EXPLAIN QUERY PLAN {statement}"), parameters)? {
            let step = step.text(3).unwrap();
            let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
            let great = [
                "person",
                "p",
                "membership",
                "m",
                "e",
                "event",
                "booking",
                "b",
                "invitation",
                "i",
                "answer",
                "a",
                "event_comment",
                "c",
                "agenda_feed",
                "f",
                "resource",
            ];
            if great.contains(&scanned) && !step.contains("USING") {
                self.1.borrow_mut().push(format!("{step}\n{statement}"));
            }
        }
        self.0.execute(statement, parameters)
    }
}

#[test]
fn what_runs_often_follows_indexes() {
    let school = School::open();
    let id = school.make(&told(), &Publication::Now).unwrap();
    agenda::tell(&school.db, NOW, &id).unwrap();
    let db = Explaining(&school.db, RefCell::default());
    let list = List { rubrique: None, from: NOW, until: NOW + 40 * 86_400_000, after: None, limit: 100 };
    assert!(!agenda::events(&db, &school.lina, &list).unwrap().is_empty());
    assert!(!agenda::events(&db, &school.lina, &List { rubrique: Some(RUBRIQUE), ..list }).unwrap().is_empty());
    agenda::one(&db, &school.lina, &id).unwrap();
    agenda::rubriques(&db, &school.lina).unwrap();
    agenda::publish_due(&db, NOW).unwrap();
    agenda::answer(&db, NOW, &school.lina, &id, calendar::Participation::Accepted, "").unwrap();
    agenda::counts(&db, &school.claire, &id).unwrap();
    agenda::answers(&db, &school.claire, &id, Page { after: None, limit: 50 }).unwrap();
    agenda::comments(&db, &school.lina, &id, None, 50).unwrap();
    agenda::calendar_of(&db, NOW, "nothing").unwrap();
    agenda::open_feed(&db, NOW, &school.lina, None, "token").unwrap();
    agenda::calendar_of(&db, NOW, "token").unwrap();
    assert!(db.1.borrow().is_empty(), "{}", db.1.borrow().join("\n\n"));
}

#[test]
fn telling_many_takes_as_many_statements_as_telling_few() {
    struct Counting<'a>(&'a dyn Database, RefCell<usize>);
    impl Database for Counting<'_> {
        fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
            *self.1.borrow_mut() += 1;
            self.0.execute(statement, parameters)
        }
    }
    let school = School::open();
    let count = |school: &School| {
        let id = school.make(&told(), &Publication::Now).unwrap();
        let db = Counting(&school.db, RefCell::default());
        agenda::tell(&db, NOW, &id).unwrap();
        let invited =
            school.db.first("SELECT count(*) FROM invitation WHERE event_id = ?1", params![&id]).unwrap().unwrap();
        (*db.1.borrow(), invited.integer(0).unwrap())
    };
    let (few_statements, few) = count(&school);
    let everybody = "INSERT OR IGNORE INTO membership SELECT o.group_id, p.id FROM population o JOIN person p ON p.profile IN ('student', 'relative') WHERE o.rubrique_id = ";
    school.db.batch(&format!("{everybody}'{RUBRIQUE}'")).unwrap();
    let (many_statements, many) = count(&school);
    assert!(many > 3 * few, "{few} {many}");
    assert_eq!(few_statements, many_statements);
}
