//! What one statement tells of what was typed, before people are searched: those to whom the viewer usually writes (D-6), the
//! groups of that name, how many names match. One statement, since each is a round trip to a database elsewhere.

use store::{Database, Value};

use super::groups::{self, FoundGroup, GroupQuery};
use super::people::{self, FoundPerson, matching};
use super::plan::count_matches;
use crate::{Error, PersonId};

/// Messages looked at, the newest.
const MESSAGES: u32 = 200;
/// How far back, in milliseconds: half a year.
const MONTHS: i64 = 182 * 86_400_000;

/// A person, whose ties are not known yet, or a group.
#[derive(Debug, Clone)]
pub(super) enum Recipient {
    Person(FoundPerson),
    Group(FoundGroup),
}

impl Recipient {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Person(person) => person.id.as_str(),
            Self::Group(group) => group.id.as_str(),
        }
    }

    pub(super) fn person(&mut self) -> Option<&mut FoundPerson> {
        match self {
            Self::Person(person) => Some(person),
            Self::Group(_) => None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Known {
    /// The people and groups she typed in her own messages of the last months, as far as she may still write to them and their
    /// names are like what is typed; at most 8, the most usual first.
    pub(super) usual: Vec<Recipient>,
    /// In order of folded name.
    pub(super) groups: Vec<FoundGroup>,
    /// How many names of the whole network match, no further than the choice of a plan needs; `None` while nothing is typed.
    pub(super) matches: Option<i64>,
}

/// At most `most` groups; none while nothing is typed. `now` in UTC milliseconds.
pub(super) fn known(
    database: &impl Database,
    viewer: &PersonId,
    typed: &str,
    most: u32,
    now: i64,
) -> Result<Known, Error> {
    let query = GroupQuery { text: typed, ..GroupQuery::of(viewer) };
    let mut parameters = groups::parameters(&query, most)?;
    parameters.extend([now, MONTHS, MESSAGES.into()].map(Value::from));
    let matching = matching(typed).map(Value::from);
    let typed = matching.is_some();
    parameters.extend(matching);
    let statement = statement(&query, typed.then_some(parameters.len()));
    let mut known = Known::default();
    for row in &database.execute(&statement, &parameters)? {
        match row.text(8)? {
            "person" => known.usual.push(Recipient::Person(people::found(row)?.1)),
            "group" => known.usual.push(Recipient::Group(groups::found(row)?)),
            "named" => known.groups.push(groups::found(row)?),
            _ => known.matches = Some(row.integer(6)?),
        }
    }
    Ok(known)
}

/// `matching` is the number of the parameter that FTS5 is asked for; without it there are habits only. Each row begins with
/// the columns of a group or of a person, which are as many; then which it is, and what puts it in order.
fn statement(query: &GroupQuery<'_>, matching: Option<usize>) -> String {
    let (page, named, may, matches) = match matching {
        None => (
            String::new(),
            "",
            "EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = u.id)",
            String::new(),
        ),
        Some(parameter) => (
            format!("{},", groups::page(query)),
            // First, since SQLite plans what is put aside as its first use would have it.
            "SELECT x.id, 'named', 0 FROM page x UNION ALL",
            // The same view, which the page has listed.
            "u.id IN (SELECT v.id FROM named v)",
            format!(
                "UNION ALL SELECT '', '', '', '', '', '', ({}), '', 'matches', 0, ''",
                count_matches(&format!("?{parameter}"))
            ),
        ),
    };
    format!(
        "WITH {page} {SENT},
        habit AS MATERIALIZED (
            SELECT u.kind, u.id, u.weight FROM usual u
            WHERE CASE u.kind WHEN 'person' THEN {PERSON} ELSE {GROUP} AND {may} END
            ORDER BY u.weight DESC, u.id LIMIT 8),
        listed (id, what, weight) AS MATERIALIZED (
            {named} SELECT h.id, 'group', h.weight FROM habit h WHERE h.kind IS NOT 'person')
        SELECT {}, l.what, l.weight, CASE l.what WHEN 'named' THEN g.folded_name ELSE '' END
        FROM listed l CROSS JOIN person_group g ON g.id = l.id
        UNION ALL
        SELECT {}, 'person', h.weight, '' FROM habit h CROSS JOIN person p ON p.id = h.id WHERE h.kind = 'person'
        {matches}
        ORDER BY 10 DESC, 11, 1",
        groups::COLUMNS,
        people::COLUMNS
    )
}

/// What she wrote to, each with its weight: a message counts half as much for every month that passed. ?1 viewer, ?9 now, ?10 how
/// far back, ?11 messages.
const SENT: &str = "
    sent AS MATERIALIZED (
        SELECT m.addressees, m.updated_at FROM message m
        WHERE m.author_id = ?1 AND m.updated_at > ?9 - ?10
            AND EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)
        ORDER BY m.updated_at DESC LIMIT ?11 + 0),
    usual AS MATERIALIZED (
        SELECT j.value ->> 'kind' AS kind, j.value ->> 'id' AS id,
            sum(1.0 / (1 << min(30, max(0, (?9 - s.updated_at) / 2592000000)))) AS weight
        FROM sent s CROSS JOIN json_each(s.addressees) j GROUP BY 1, 2)";

/// Whether ?1 may write to the person `u`, whose name has words beginning with the words ?4 (JSON).
const PERSON: &str = "
    EXISTS (SELECT 1 FROM person p WHERE p.id = u.id
        AND NOT EXISTS (SELECT 1 FROM json_each(?4) w WHERE instr(' ' || p.folded_name, ' ' || w.value) = 0))
    AND EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = u.id)";

/// Whether the group `u` has such a name.
const GROUP: &str = "
    EXISTS (SELECT 1 FROM person_group g WHERE g.id = u.id
        AND NOT EXISTS (SELECT 1 FROM json_each(?4) w WHERE instr(' ' || g.folded_name, ' ' || w.value) = 0))";
