//! What the composer proposes while a name is typed (M-1, D-6): those to whom the viewer usually writes, a few groups, then
//! people, those of her classes first; and where that is little, those whose name is near.

use std::collections::HashSet;

use store::{Database, Value};

use super::groups::FoundGroup;
use super::known::{Recipient, known};
use super::people::{self, COLUMNS, FoundPerson, PeopleQuery};
use super::plan::Plan;
use super::similar::{self, Term, people_near, similar};
use super::ties;
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
/// At most three statements, four where near names are looked for, two while nothing is typed: each is a round trip to a
/// database elsewhere, and she waits at every letter.
///
/// # Errors
/// When the database cannot be used.
pub fn suggest(database: &impl Database, viewer: &PersonId, typed: &str, now: i64) -> Result<Vec<Suggestion>, Error> {
    let known = known(database, viewer, typed, MOST as u32, now)?;
    let mut list = known.usual;
    let query = PeopleQuery { text: typed, ..PeopleQuery::of(viewer) };
    let people = match known.matches {
        Some(matches) => people(database, &query, matches)?,
        None => Vec::new(),
    };
    let room = MOST.saturating_sub(people.len()).max(GROUPS);
    let groups = known.groups.into_iter().take(room).map(Recipient::Group);
    let mut there: HashSet<String> = list.iter().map(|recipient| recipient.id().to_owned()).collect();
    let found = groups.chain(people.into_iter().map(Recipient::Person));
    list.extend(found.filter(|recipient| there.insert(recipient.id().to_owned())));
    list.truncate(MOST);
    ties::add(database, viewer, list.iter_mut().filter_map(Recipient::person).collect())?;
    Ok(list.into_iter().map(Suggestion::from).collect())
}

/// Those whose names match, and where they are few, those whose names are near; somebody may be there twice.
fn people(database: &impl Database, query: &PeopleQuery<'_>, matches: i64) -> Result<Vec<FoundPerson>, Error> {
    let words = words(query.text);
    let long = similar::long(&words);
    let (page, mut parameters) = Plan::by_matches(query, matches).statement(query, CLOSE, "")?;
    let statement = format!("{page}, {}", close_first(parameters.len() + 1, long.len()));
    parameters.extend(long.into_iter().map(|(_, word)| Value::from(word)));
    let rows = database.execute(&statement, &parameters)?;
    let (mut people, mut terms) = (Vec::new(), Vec::<Term>::new());
    for row in &rows {
        match row.optional_integer(8)? {
            Some(_) => people.push(people::found(row)?.1),
            None => terms = serde_json::from_str(row.text(0)?)?,
        }
    }
    for near in people_near(database, query, &similar(&words, &terms), MOST as u32)? {
        people.extend(near);
        if people.len() >= MOST {
            break;
        }
    }
    Ok(people)
}

/// Those of the page first with whom ?1 shares a class or a teaching group, in whatever part, or a child there: children and
/// relatives are by that too. Of two homonyms the one she means is hardly ever the other. Where few are found, the words that
/// could be meant follow, if there are `long` parameters from `first`.
fn close_first(first: usize, long: usize) -> String {
    let few = format!("(SELECT 1 FROM (SELECT count(*) AS n FROM shown) s WHERE s.n < {FEW}) q CROSS JOIN");
    let columns = ", '', '', '', '', '', NULL, '', NULL";
    let terms =
        if long == 0 { String::new() } else { format!("UNION ALL {}", similar::could_be(first, long, columns, &few)) };
    format!(
        "shown (n, close) AS MATERIALIZED (
            SELECT p.n, EXISTS (SELECT 1 FROM membership m CROSS JOIN person_group g ON g.id = m.group_id
                WHERE m.person_id = p.id AND g.class_id IN (
                    SELECT o.class_id FROM membership n CROSS JOIN person_group o ON o.id = n.group_id
                    WHERE n.person_id = ?1 AND o.class_id IS NOT NULL))
            FROM page x CROSS JOIN person p ON p.n = x.n ORDER BY 2 DESC, p.folded_name, p.id LIMIT {MOST})
        SELECT {COLUMNS}, x.close FROM shown x CROSS JOIN person p ON p.n = x.n {terms} ORDER BY 9 DESC, 2, 1"
    )
}

impl From<Recipient> for Suggestion {
    fn from(recipient: Recipient) -> Self {
        match recipient {
            Recipient::Person(person) => of_person(person),
            Recipient::Group(group) => of_group(group),
        }
    }
}

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
