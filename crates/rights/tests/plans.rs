//! The views are asked with a sender, alone or with a recipient, on every send and every keystroke of a search: neither
//! may read a table from one end to the other.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod school;

use rights::Preset;
use school::Schools;
use store::Database as _;

/// Tables that are read from end to end, by what `EXPLAIN QUERY PLAN` says.
fn scans(schools: &Schools, statement: &str) -> Vec<String> {
    let parameters = ["?1", "?2", "?3"].into_iter().filter(|p| statement.contains(p)).map(store::Value::from);
    let parameters: Vec<_> = parameters.collect();
    let rows = schools.database.execute(&format!("EXPLAIN QUERY PLAN {statement}"), &parameters).unwrap();
    let steps = rows.iter().map(|row| row.text(3).unwrap().to_owned());
    // The addressees of one message, and the one row that holds them.
    steps
        .filter(|step| step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE") && !step.contains("CONSTANT ROW"))
        .collect()
}

#[test]
fn rules_are_followed_by_index() {
    let schools = Schools::new(Preset::Minors2025);
    for statement in [
        "SELECT recipient_id FROM reachable WHERE sender_id = ?1",
        "SELECT 1 FROM reachable WHERE sender_id = ?1 AND recipient_id = ?2",
        "SELECT group_id FROM reachable_group WHERE sender_id = ?1",
        "SELECT 1 FROM reachable_group WHERE sender_id = ?1 AND group_id = ?2",
        "SELECT role FROM person_role WHERE person_id = ?1",
        "SELECT 1 FROM answerable WHERE message_id = ?1 AND sender_id = ?2 AND recipient_id = ?3",
        "SELECT 1 FROM answerable WHERE sender_id = ?1 AND recipient_id = ?2",
        "SELECT * FROM refused_addressee WHERE message_id = ?1",
        "SELECT * FROM expanded WHERE message_id = ?1",
    ] {
        assert_eq!(scans(&schools, statement), Vec::<String>::new(), "{statement}");
    }
}

#[test]
fn correlated_questions_scan_only_what_asks() {
    let schools = Schools::new(Preset::Minors2025);
    for (statement, asking) in [
        (
            "SELECT 1 FROM person q WHERE EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = q.id)",
            "SCAN q",
        ),
        (
            "SELECT 1 FROM person q WHERE EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = q.id AND v.recipient_id = ?1)",
            "SCAN q",
        ),
        (
            "SELECT 1 FROM person_group q WHERE EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = q.id)",
            "SCAN q",
        ),
    ] {
        let scans = scans(&schools, statement);
        assert!(scans.iter().all(|scan| scan.starts_with(asking)), "{statement}: {scans:?}");
    }
}
