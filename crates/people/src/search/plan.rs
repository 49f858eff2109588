//! How a search of people goes about it. The conditions are always the same; only where the candidates come from changes,
//! because a parent reaches forty people out of 100,000, a head of the network all of them, and "ma" matches a sixth.
//!
//! To ask `reachable` about one candidate costs about 25 µs for a teacher, to list what she reaches 2 µs a row, to step to
//! the next name less than 1 µs.

use store::{Database, params};

use super::people::PeopleQuery;
use crate::Error;

/// Up to this many matches, asking about each is cheaper than listing the reach of a teacher.
const FEW_MATCHES: i64 = 60;
/// Up to this many, it is cheaper than walking through the names.
const MANY_MATCHES: i64 = 2_000;
/// A reach up to here is listed and sorted, but for a viewer who reaches one person in eight or more: walking soon fills
/// her page.
const LARGE_REACH: i64 = 5_000;

/// Where candidates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// The people of the class asked for.
    Class,
    /// The people of the group asked for.
    Group,
    /// Those whose name matches.
    Match,
    /// Those the viewer reaches.
    Reach,
    /// Everybody, in order of name, until the page is full.
    Walk,
    /// The same within the establishment asked for.
    WalkEstablishment,
}

impl Plan {
    pub(crate) fn choose(
        database: &impl Database,
        query: &PeopleQuery<'_>,
        matching: Option<&str>,
    ) -> Result<Self, Error> {
        if query.group.is_some() {
            return Ok(Self::Group);
        }
        if query.class.is_some() {
            return Ok(Self::Class);
        }
        let matches = match matching {
            None => i64::MAX,
            Some(matching) => count(database, COUNT_MATCHES, matching, MANY_MATCHES)?,
        };
        if matches <= FEW_MATCHES {
            return Ok(Self::Match);
        }
        let everybody =
            database.first("SELECT max(n) FROM person", &[])?.map_or(Ok(None), |row| row.optional_integer(0))?;
        let large = (everybody.unwrap_or(0) / 8).clamp(100, LARGE_REACH);
        if count(database, COUNT_REACH, query.viewer.as_str(), large)? <= large {
            return Ok(Self::Reach);
        }
        Ok(match matches {
            ..=MANY_MATCHES => Self::Match,
            _ if query.establishment.is_some() => Self::WalkEstablishment,
            _ => Self::Walk,
        })
    }

    /// The statement: one row per person of the page, and one more if there is a next page. Only what is asked is in it:
    /// preparing it takes longer than running it.
    pub(crate) fn statement(self, query: &PeopleQuery<'_>, matching: bool) -> String {
        let (candidates, from, asked) = match self {
            Self::Class => (CLASS, CANDIDATES, REACHABLE),
            Self::Group => (GROUP, CANDIDATES, REACHABLE),
            Self::Match => (MATCH, CANDIDATES, REACHABLE),
            // What comes from the view needs not be asked of the view again.
            Self::Reach => (REACH, CANDIDATES, ""),
            Self::Walk => (NONE, "person p INDEXED BY person_by_folded_name", REACHABLE),
            Self::WalkEstablishment => (NONE, "person p INDEXED BY person_by_name", REACHABLE),
        };
        let conditions = [
            (matching, MATCHING),
            (query.profile.is_some(), "AND p.profile = ?5"),
            (query.establishment.is_some(), "AND p.uai = ?6"),
            (query.class.is_some(), IN_CLASS),
            (query.group.is_some(), IN_GROUP),
        ];
        let conditions: Vec<&str> = conditions.into_iter().filter(|(given, _)| *given).map(|(_, sql)| sql).collect();
        format!(
            "WITH candidate (id) AS MATERIALIZED ({candidates}),
                page AS MATERIALIZED (SELECT p.n FROM {from} WHERE {PRESENT} {} {asked}
                    ORDER BY p.folded_name, p.id LIMIT ?9)
            {SHOWN}",
            conditions.join(" ")
        )
    }
}

fn count(database: &impl Database, statement: &str, of: &str, enough: i64) -> Result<i64, Error> {
    let row = database.first(statement, params![of, enough + 1])?;
    Ok(row.ok_or(store::Error::Column(0))?.integer(0)?)
}

const COUNT_MATCHES: &str =
    "SELECT count(*) FROM (SELECT 1 FROM person_search f WHERE f.person_search MATCH ?1 LIMIT ?2)";
const COUNT_REACH: &str = "SELECT count(*) FROM (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 LIMIT ?2)";

const NONE: &str = "SELECT NULL";
const CLASS: &str = "SELECT DISTINCT m.person_id FROM person_group g CROSS JOIN membership m ON m.group_id = g.id WHERE g.class_id = ?7";
const GROUP: &str = "SELECT m.person_id FROM membership m WHERE m.group_id = ?8";
const MATCH: &str =
    "SELECT p.id FROM person_search f CROSS JOIN person p ON p.n = f.rowid WHERE f.person_search MATCH ?4";
const REACH: &str = "SELECT DISTINCT v.recipient_id FROM reachable v WHERE v.sender_id = ?1";
const CANDIDATES: &str = "candidate c CROSS JOIN person p ON p.id = c.id";

/// Always ?1 viewer, ?2 and ?3 folded name and id to begin after, ?4 match, ?5 profile, ?6 establishment, ?7 class,
/// ?8 group, ?9 how many.
const PRESENT: &str = "(p.folded_name, p.id) > (?2, ?3) AND p.blocked_at IS NULL AND p.left_at IS NULL";

/// `+p.n` keeps the planner from starting with all the matches.
const MATCHING: &str = "AND +p.n IN (SELECT f.rowid FROM person_search f WHERE f.person_search MATCH ?4)";

const IN_CLASS: &str = "
    AND EXISTS (SELECT 1 FROM membership m CROSS JOIN person_group g ON g.id = m.group_id AND g.class_id = ?7
        WHERE m.person_id = p.id)";

/// Whom a group has is said of the groups that the viewer may write to or belongs to, never of a list that hides its
/// members.
const IN_GROUP: &str = "
    AND EXISTS (SELECT 1 FROM membership m WHERE m.group_id = ?8 AND m.person_id = p.id)
    AND EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?8 AND g.members_hidden = 0)
    AND (EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = ?8)
        OR EXISTS (SELECT 1 FROM membership m WHERE m.group_id = ?8 AND m.person_id = ?1))";

const REACHABLE: &str = "AND EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id)";

/// What is shown of the people of the page; the establishment when it is not the viewer's.
const SHOWN: &str = "
    SELECT p.id, p.folded_name, p.first_name, p.last_name, p.profile, p.function,
        (SELECT e.name FROM establishment e WHERE e.uai = p.uai
            AND p.uai <> (SELECT w.uai FROM person w WHERE w.id = ?1))
    FROM page x CROSS JOIN person p ON p.n = x.n
    ORDER BY p.folded_name, p.id";
