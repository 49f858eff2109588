//! No statement that runs often walks through the table of deliveries.

use store::{Database, Value};

use super::school;
use crate::admin::{COUNT, OLDEST, list_statement};
use crate::claim::{CLAIM, EXPIRE, RELEASE};
use crate::finish::FINISH;
use crate::invitation::{ATTENDEE, EVENT};
use crate::letter::{CHUNKS, FILES, HEAD, THREAD, VISIBLE};
use crate::{Action, State, Target, author, pickup};

#[test]
fn hot_statements_follow_indexes() {
    let database = school();
    let list_all = list_statement(&State::ALL);
    let list_some = list_statement(&[State::Pending, State::Leased]);
    let actions: Vec<_> = [Action::Hold, Action::Release, Action::Requeue, Action::Cancel]
        .iter()
        .flat_map(|action| [action.statement(Target::One("")), action.statement(Target::All(""))])
        .collect();
    let statements = [
        CLAIM,
        EXPIRE,
        RELEASE,
        FINISH,
        HEAD,
        VISIBLE,
        THREAD,
        FILES,
        CHUNKS,
        EVENT,
        ATTENDEE,
        COUNT,
        OLDEST,
        author::SENT,
        author::RECIPIENTS,
        pickup::VISIBLE,
        &list_all,
        &list_some,
    ];
    // What the statements themselves made: never a table.
    let harmless = ["due", "page", "above", "j", "json_each", "(subquery-1)", "(subquery-3)"];
    for statement in statements.into_iter().chain(actions.iter().map(String::as_str)) {
        let parameters: Vec<Value> = (0..parameter_count(statement)).map(|_| Value::Null).collect();
        for step in database.execute(&format!("EXPLAIN QUERY PLAN {statement}"), &parameters).unwrap() {
            let step = step.text(3).unwrap();
            let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            assert!(scanned.is_none_or(|name| harmless.contains(&name)), "{step}\n{statement}");
            assert!(statement != CLAIM || !step.contains("TEMP B-TREE"), "{step}\n{statement}");
        }
    }
}

fn parameter_count(statement: &str) -> usize {
    (1..10).rev().find(|n| statement.contains(&format!("?{n}"))).unwrap_or(0)
}
