//! What ties the people of a page to the school: the class of a student, the children of a relative. A statement of its own,
//! asked when the page has such people: within the search it would have to be prepared each time.

use std::collections::HashMap;

use store::{Database, params};

use super::people::{Child, FoundPerson};
use crate::{Error, PersonId, Profile};

/// CROSS JOIN: from the person's few groups, not from all the classes of the network.
const CLASSES: &str = "
    SELECT 'class', j.value, k.name, '', '', NULL
    FROM json_each(?2) j
    CROSS JOIN membership m ON m.person_id = j.value
    CROSS JOIN person_group g ON g.id = m.group_id AND g.kind = 'class' AND g.profile = 'student'
    CROSS JOIN class k ON k.id = g.class_id";

/// Only the children that the viewer may write to, or is: whose parent somebody is tells of the child as well.
const CHILDREN: &str = "
    SELECT 'child', j.value, c.first_name, c.last_name, c.id,
        (SELECT k.name FROM membership m
            CROSS JOIN person_group g ON g.id = m.group_id AND g.kind = 'class' AND g.profile = 'student'
            CROSS JOIN class k ON k.id = g.class_id WHERE m.person_id = c.id LIMIT 1)
    FROM json_each(?3) j
    CROSS JOIN kinship s ON s.relative_id = j.value
    CROSS JOIN person c ON c.id = s.student_id AND c.blocked_at IS NULL AND c.left_at IS NULL
    WHERE c.id = ?1 OR EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = c.id)";

/// Classes in order of name, children of first name, last name, id.
const ORDER: &str = "ORDER BY 3, 4, 5";

/// Adds classes and children to people, each of whom is there once.
pub(super) fn add(database: &impl Database, viewer: &PersonId, people: Vec<&mut FoundPerson>) -> Result<(), Error> {
    let (students, relatives) = (ids(&people, Profile::Student), ids(&people, Profile::Relative));
    let Some(statement) = statement(!students.is_empty(), !relatives.is_empty()) else { return Ok(()) };
    let mut parameters = params![viewer.as_str(), serde_json::to_string(&students)?].to_vec();
    if !relatives.is_empty() {
        parameters.push(serde_json::to_string(&relatives)?.into());
    }
    let (mut classes, mut children) = (HashMap::<String, Vec<String>>::new(), HashMap::<String, Vec<Child>>::new());
    for row in database.execute(&statement, &parameters)? {
        let (person, name) = (row.text(1)?.to_owned(), row.text(2)?);
        if row.text(0)? == "class" {
            classes.entry(person).or_default().push(name.to_owned());
        } else {
            let name = format!("{name} {}", row.text(3)?);
            let class = row.optional_text(5)?.map(str::to_owned);
            children.entry(person).or_default().push(Child { name, class });
        }
    }
    for person in people {
        person.classes = classes.remove(person.id.as_str()).unwrap_or_default();
        person.children = children.remove(person.id.as_str()).unwrap_or_default();
    }
    Ok(())
}

/// Of ?1 viewer, ?2 students, ?3 relatives. Asks only for what there is to ask; `None` when that is nothing.
pub(super) fn statement(students: bool, relatives: bool) -> Option<String> {
    match (students, relatives) {
        (false, false) => None,
        (true, false) => Some(format!("{CLASSES} {ORDER}")),
        (false, true) => Some(format!("{CHILDREN} {ORDER}")),
        (true, true) => Some(format!("{CLASSES} UNION ALL {CHILDREN} {ORDER}")),
    }
}

/// The ids of the people of that profile.
fn ids<'a>(people: &'a [&mut FoundPerson], profile: Profile) -> Vec<&'a str> {
    people.iter().filter(|p| p.profile == profile).map(|p| p.id.as_str()).collect()
}
