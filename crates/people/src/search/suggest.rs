//! What the composer proposes while a name is typed (M-1, D-6): those to whom the viewer usually writes, a few groups, then
//! people, those of her classes first; and where that is little, those whose name is near.

use std::collections::HashSet;

use store::{Database, params};

use super::chosen::chosen_people;
use super::groups::{FoundGroup, GroupQuery, find_group, search_groups};
use super::habits::{Habit, habits};
use super::page::PageSize;
use super::people::{FoundPerson, PeopleQuery, search_people};
use super::similar::similar;
use crate::{Error, PersonId, words};

/// Suggestions in all.
const MOST: usize = 8;
/// Groups among them when people could fill the rest.
const GROUPS: usize = 3;
/// People among whom those of her classes are looked for.
const CLOSE: u32 = 25;
/// With fewer people than this, near names are looked for.
const FEW: usize = 3;

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SuggestionKind {
    /// One person.
    Person,
    /// A group.
    Group,
}

/// A recipient to propose.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Suggestion {
    /// Person or group.
    pub kind: SuggestionKind,
    /// Its id.
    pub id: String,
    /// What to show.
    pub name: String,
    /// What tells it from another, in French: "Élève de 6A".
    pub detail: String,
    /// Members of a group that shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// Up to 8 people and groups whose names begin with what is typed, or are near it; while nothing is typed, those to whom she
/// usually writes. `now` in UTC milliseconds.
///
/// # Errors
/// When the database cannot be used.
pub fn suggest(database: &impl Database, viewer: &PersonId, typed: &str, now: i64) -> Result<Vec<Suggestion>, Error> {
    let words = words(typed);
    let mut list = usual(database, viewer, &habits(database, viewer, &words, now)?)?;
    if words.is_empty() {
        return Ok(list);
    }
    let size = PageSize::near(MOST as u32);
    let groups = search_groups(database, &GroupQuery { text: typed, size, ..GroupQuery::of(viewer) })?.items;
    let mut people = close_first(database, viewer, typed)?;
    if people.len() < FEW {
        for text in similar(database, &words)? {
            let query = PeopleQuery { text: &text, size, ..PeopleQuery::of(viewer) };
            people.extend(search_people(database, &query)?.items);
            if people.len() >= MOST {
                break;
            }
        }
    }
    let room = MOST.saturating_sub(people.len()).max(GROUPS);
    let found = groups.into_iter().take(room).map(of_group).chain(people.into_iter().map(of_person));
    let mut there: HashSet<String> = list.iter().map(|suggestion| suggestion.id.clone()).collect();
    list.extend(found.filter(|suggestion| there.insert(suggestion.id.clone())));
    list.truncate(MOST);
    Ok(list)
}

/// What may have been meant by a text that found nobody: the nearest that finds somebody whom the viewer may write to.
///
/// # Errors
/// When the database cannot be used.
pub fn meant(database: &impl Database, query: &PeopleQuery<'_>) -> Result<Option<String>, Error> {
    for text in similar(database, &words(query.text))? {
        let query = PeopleQuery { text: &text, after: None, size: PageSize::near(1), ..query.clone() };
        if !search_people(database, &query)?.items.is_empty() {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

fn usual(database: &impl Database, viewer: &PersonId, habits: &[Habit]) -> Result<Vec<Suggestion>, Error> {
    let ids: Vec<&str> = habits.iter().filter(|habit| habit.kind == "person").map(|habit| habit.id.as_str()).collect();
    let people = if ids.is_empty() { Vec::new() } else { chosen_people(database, viewer, &ids)? };
    let mut list = Vec::new();
    for habit in habits {
        if habit.kind == "person" {
            list.extend(people.iter().find(|person| person.id.as_str() == habit.id).cloned().map(of_person));
        } else {
            list.extend(find_group(database, viewer, &habit.id.parse()?)?.map(of_group));
        }
    }
    Ok(list)
}

/// The people found, those first with whom she shares a class or a teaching group, or a child there: of two homonyms the one she
/// means is hardly ever the other.
fn close_first(database: &impl Database, viewer: &PersonId, typed: &str) -> Result<Vec<FoundPerson>, Error> {
    let query = PeopleQuery { text: typed, size: PageSize::near(CLOSE), ..PeopleQuery::of(viewer) };
    let mut people = search_people(database, &query)?.items;
    let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let rows = database.execute(SHARING, params![viewer.as_str(), serde_json::to_string(&ids)?])?;
    let close: HashSet<&str> = rows.iter().map(|row| row.text(0)).collect::<Result<_, store::Error>>()?;
    // Stable: by name within each half.
    people.sort_by_key(|person| !close.contains(person.id.as_str()));
    people.truncate(MOST);
    Ok(people)
}

/// Those of ?2 who are in a class or teaching group of ?1, in whatever part; children and relatives are by that too.
const SHARING: &str = "
    WITH hers (id) AS MATERIALIZED (
        SELECT DISTINCT g.class_id FROM membership m CROSS JOIN person_group g ON g.id = m.group_id
        WHERE m.person_id = ?1 AND g.class_id IS NOT NULL)
    SELECT j.value FROM json_each(?2) j
    WHERE EXISTS (SELECT 1 FROM membership m CROSS JOIN person_group g ON g.id = m.group_id
        WHERE m.person_id = j.value AND g.class_id IN (SELECT h.id FROM hers h))";

fn of_group(group: FoundGroup) -> Suggestion {
    Suggestion {
        kind: SuggestionKind::Group,
        detail: group.detail(),
        id: group.id.to_string(),
        name: group.name,
        count: group.members,
    }
}

fn of_person(person: FoundPerson) -> Suggestion {
    Suggestion {
        kind: SuggestionKind::Person,
        detail: person.detail(),
        id: person.id.to_string(),
        name: person.name,
        count: None,
    }
}
