//! What ties the people of a page to the school: the class of a student, the children of a relative. Statements of their
//! own, asked when the page has such people: one big statement would be slower to prepare than all of them to run.

use std::collections::HashMap;

use store::{Database, params};

use super::people::{Child, FoundPerson};
use crate::{Error, PersonId, Profile};

/// CROSS JOIN: from the person's few groups, not from all the classes of the network.
pub(super) const CLASSES: &str = "
    SELECT j.value, k.name
    FROM json_each(?1) j
    CROSS JOIN membership m ON m.person_id = j.value
    CROSS JOIN person_group g ON g.id = m.group_id AND g.kind = 'class' AND g.profile = 'student'
    CROSS JOIN class k ON k.id = g.class_id
    ORDER BY k.name";

/// Only the children that the viewer may write to, or is: whose parent somebody is tells of the child as well.
pub(super) const CHILDREN: &str = "
    SELECT j.value, c.first_name || ' ' || c.last_name,
        (SELECT k.name FROM membership m
            CROSS JOIN person_group g ON g.id = m.group_id AND g.kind = 'class' AND g.profile = 'student'
            CROSS JOIN class k ON k.id = g.class_id WHERE m.person_id = c.id LIMIT 1)
    FROM json_each(?1) j
    CROSS JOIN kinship s ON s.relative_id = j.value
    CROSS JOIN person c ON c.id = s.student_id AND c.blocked_at IS NULL AND c.left_at IS NULL
    WHERE c.id = ?2 OR EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?2 AND v.recipient_id = c.id)
    ORDER BY c.first_name, c.last_name, c.id";

/// Adds classes and children to the people of a page.
pub(super) fn add(database: &impl Database, viewer: &PersonId, mut people: Vec<&mut FoundPerson>) -> Result<(), Error> {
    if let Some(students) = ids(&people, Profile::Student)? {
        let mut classes: HashMap<String, Vec<String>> = HashMap::new();
        for row in database.execute(CLASSES, params![students])? {
            classes.entry(row.text(0)?.to_owned()).or_default().push(row.text(1)?.to_owned());
        }
        for person in &mut people {
            person.classes = classes.remove(person.id.as_str()).unwrap_or_default();
        }
    }
    if let Some(relatives) = ids(&people, Profile::Relative)? {
        let mut children: HashMap<String, Vec<Child>> = HashMap::new();
        for row in database.execute(CHILDREN, params![relatives, viewer.as_str()])? {
            let child = Child { name: row.text(1)?.to_owned(), class: row.optional_text(2)?.map(str::to_owned) };
            children.entry(row.text(0)?.to_owned()).or_default().push(child);
        }
        for person in &mut people {
            person.children = children.remove(person.id.as_str()).unwrap_or_default();
        }
    }
    Ok(())
}

/// The ids of the people of that profile, as JSON; `None` when there is none.
fn ids(people: &[&mut FoundPerson], profile: Profile) -> Result<Option<String>, Error> {
    let ids: Vec<&str> = people.iter().filter(|p| p.profile == profile).map(|p| p.id.as_str()).collect();
    if ids.is_empty() { Ok(None) } else { Ok(Some(serde_json::to_string(&ids)?)) }
}
