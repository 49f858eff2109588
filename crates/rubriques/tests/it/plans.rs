//! No question of a page reads everybody.

use store::{Database as _, File, params};

use crate::school::{POPULATION, TEACHER, fill};

#[test]
fn questions_begin_with_the_person_or_the_rubrique() {
    let file = File::in_memory().unwrap();
    fill(&file, 1000);
    for question in [
        "SELECT x.rubrique_id FROM readable_rubrique x WHERE x.person_id = ?1",
        "SELECT x.rubrique_id FROM editable_rubrique x WHERE x.person_id = ?1",
        "SELECT 1 FROM writable_population w WHERE w.person_id = ?1 AND w.population_id = ?2",
        "SELECT * FROM population_audience x WHERE x.author_id = ?1 AND x.population_id = ?2",
        "SELECT 1 FROM report_reader v WHERE v.person_id = ?1 AND v.message_id = ?2",
        "SELECT 1 FROM history_reader v WHERE v.person_id = ?1 AND v.rubrique_id = ?2",
        "SELECT o.state FROM outcome o WHERE o.message_id = ?2",
    ] {
        let parameters = params![TEACHER, POPULATION];
        let asked = (1..=2).rev().find(|n| question.contains(&format!("?{n}"))).unwrap();
        let plan = file.execute(&format!("EXPLAIN QUERY PLAN {question}"), &parameters[..asked]).unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.text(3).unwrap().to_owned()).collect();
        // `x` and `v` are views of a person, read as they come; a table under one of these names would be read by an index.
        let whole =
            ["SCAN m", "SCAN p", "SCAN r", "SCAN d", "SCAN a", "SCAN o", "SCAN x USING", "SCAN l", "SCAN e USING"];
        let bad = steps.iter().find(|step| {
            whole
                .iter()
                .any(|scan| step.strip_prefix(scan).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
        });
        assert!(bad.is_none(), "{question}: {steps:#?}");
    }
}
