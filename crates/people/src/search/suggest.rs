//! What the composer proposes while a name is typed (M-1): a few groups, then people.

use store::Database;

use super::groups::{GroupQuery, search_groups};
use super::page::PageSize;
use super::people::{PeopleQuery, search_people};
use crate::{Error, PersonId, words};

/// Suggestions in all.
const MOST: usize = 8;
/// Groups among them when people could fill the rest.
const GROUPS: usize = 3;

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

/// Up to 8 people and groups whose names begin with what is typed; none while nothing is.
///
/// # Errors
/// When the database cannot be used.
pub fn suggest(database: &impl Database, viewer: &PersonId, typed: &str) -> Result<Vec<Suggestion>, Error> {
    if words(typed).is_empty() {
        return Ok(Vec::new());
    }
    let size = PageSize::near(MOST as u32);
    let groups = search_groups(database, &GroupQuery { text: typed, size, ..GroupQuery::of(viewer) })?;
    let people = search_people(database, &PeopleQuery { text: typed, size, ..PeopleQuery::of(viewer) })?;
    let room = MOST.saturating_sub(people.items.len()).max(GROUPS);
    let groups = groups.items.into_iter().take(room).map(|group| Suggestion {
        kind: SuggestionKind::Group,
        detail: group.detail(),
        id: group.id.to_string(),
        name: group.name,
        count: group.members,
    });
    let people = people.items.into_iter().map(|person| Suggestion {
        kind: SuggestionKind::Person,
        detail: person.detail(),
        id: person.id.to_string(),
        name: person.name,
        count: None,
    });
    Ok(groups.chain(people).take(MOST).collect())
}
