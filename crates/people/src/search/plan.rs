//! How a search of people goes about it. The conditions are always the same; only where the candidates come from changes,
//! because a parent reaches forty people out of 100,000, a head of the network all of them, and "ma" matches a sixth.
//!
//! Whom the viewer reaches is said by the views `way`, `kin_way` and `barred`, of which `reachable` is made: what leads from
//! her is listed once per search, instead of asking `reachable` 15 µs for each candidate. To look at one candidate costs
//! about 3 µs, to step to the next name of a roster a tenth of that.

use store::{Database, Value, params};

use super::people::{PeopleQuery, matching};
use crate::{ClassId, Error, GroupId, Profile, Uai, words};

/// After the parameter of a LIMIT: SQLite looks at a bare one while it plans, and plans again each time a value is bound,
/// which takes longer than these statements run.
pub(super) const NOT_PEEKED: &str = " + 0";

/// Up to this many matches, looking at each is cheaper than stepping through the names.
const FEW_MATCHES: i64 = 150;

/// Where candidates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// The people of the class asked for.
    Class,
    /// The people of the group asked for.
    Group,
    /// The teachers of the discipline asked for.
    Discipline,
    /// Those whose name matches.
    Match,
    /// The people of each establishment asked for in order of name, until there are enough.
    Schools,
    /// The same in each great group through which the viewer reaches its members, and all of the small ones.
    Rosters,
}

impl Plan {
    pub(crate) fn choose(database: &impl Database, query: &PeopleQuery<'_>) -> Result<Self, Error> {
        if query.group.is_some() {
            return Ok(Self::Group);
        }
        if query.class.is_some() {
            return Ok(Self::Class);
        }
        if query.discipline.is_some() {
            return Ok(Self::Discipline);
        }
        if let Some(matching) = matching(query.text)
            && count_matches(database, &matching)? <= FEW_MATCHES
        {
            return Ok(Self::Match);
        }
        Ok(if query.establishments.is_empty() { Self::Rosters } else { Self::Schools })
    }

    /// The statement and its parameters: `page` is the rowids of at most `limit` people, and `what` reads them. Only what is
    /// asked is in it: preparing it takes as long as running it.
    pub(crate) fn statement(
        self,
        query: &PeopleQuery<'_>,
        limit: u32,
        what: &str,
    ) -> Result<(String, Vec<Value>), Error> {
        let mut parameters = parameters(query)?;
        let words = words(query.text);
        let first_word = parameters.len() + 1;
        let named = |column: &str| -> String {
            let word = |(index, _)| format!(" AND instr(' ' || {column}, ?{}) > 0", first_word + index);
            words.iter().enumerate().map(word).collect()
        };
        let conditions = [
            (query.profile.is_some(), OF_PROFILE),
            (!query.establishments.is_empty(), "AND p.uai IN (SELECT e.value FROM json_each(?6) e)"),
            // What a plan begins with needs not be asked again.
            (query.class.is_some() && self != Self::Class, IN_CLASS),
            (query.group.is_some(), IN_GROUP),
            (query.discipline.is_some() && self != Self::Discipline, IN_DISCIPLINE),
        ];
        let conditions = conditions.into_iter().filter(|(given, _)| *given).map(|(_, sql)| sql);
        let conditions = conditions.collect::<Vec<_>>().join(" ");
        let limited = format!("?{}{NOT_PEEKED}", first_word + words.len());
        let asked = format!("{PRESENT} {conditions} {}", named("p.folded_name"));
        let within = |candidates: &str| {
            format!(
                "candidate (id) AS MATERIALIZED ({candidates}),
                page AS MATERIALIZED (SELECT p.n FROM candidate c CROSS JOIN person p ON p.id = c.id
                    WHERE {asked} {REACHED} {NOT_BARRED} ORDER BY p.folded_name, p.id LIMIT {limited})"
            )
        };
        let page = match self {
            Self::Class => within(CLASS),
            Self::Group => within(GROUP),
            Self::Discipline if query.establishments.is_empty() => within(DISCIPLINE),
            Self::Discipline => within(&format!("{DISCIPLINE} AND g.uai IN (SELECT e.value FROM json_each(?6) e)")),
            Self::Match => within(MATCH),
            Self::Schools => within(&schools(query, &asked, &limited)),
            Self::Rosters => {
                let plain = conditions.is_empty() || conditions == OF_PROFILE;
                rosters(query, &asked, &named("r.folded_name"), &limited, plain)
            }
        };
        let statement = format!("WITH {WAYS}, {page} {what}");
        parameters.extend(words.into_iter().map(|word| Value::from(format!(" {word}"))));
        parameters.push(limit.into());
        Ok((statement, parameters))
    }
}

/// Always ?1 viewer, ?2 and ?3 folded name and id to begin after, ?4 match, ?5 profile, ?6 establishments, ?7 class, ?8 group,
/// ?9 discipline; then the words, and the limit.
fn parameters(query: &PeopleQuery<'_>) -> Result<Vec<Value>, Error> {
    let (name, id) = query.after.as_ref().map_or(("", ""), |c| (&c.folded_name, &c.id));
    let establishments: Vec<&str> = query.establishments.iter().map(Uai::as_str).collect();
    let parameters = params![
        query.viewer.as_str(),
        name,
        id,
        matching(query.text),
        query.profile.map(Profile::as_str),
        serde_json::to_string(&establishments)?,
        query.class.as_ref().map(ClassId::as_str),
        query.group.as_ref().map(GroupId::as_str),
        query.discipline,
    ];
    Ok(parameters.to_vec())
}

fn count_matches(database: &impl Database, matching: &str) -> Result<i64, Error> {
    let statement = format!(
        "SELECT count(*) FROM (SELECT 1 FROM person_search f WHERE f.person_search MATCH ?1 LIMIT ?2{NOT_PEEKED})"
    );
    let row = database.first(&statement, params![matching, FEW_MATCHES + 1])?;
    Ok(row.ok_or(store::Error::Column(0))?.integer(0)?)
}

/// The first of each establishment: SQLite has no lateral join, but a list in JSON that depends on the row does the same.
fn schools(query: &PeopleQuery<'_>, asked: &str, limited: &str) -> String {
    let (index, profile) = match query.profile {
        Some(_) => ("person_by_profile", "AND p.profile = ?5"),
        None => ("person_by_name", ""),
    };
    format!(
        "SELECT j.value FROM json_each(?6) s CROSS JOIN json_each((SELECT json_group_array(x.id) FROM (
            SELECT p.id FROM person p INDEXED BY {index} WHERE p.uai = s.value {profile} AND {asked} {REACHED} {NOT_BARRED}
            ORDER BY p.folded_name, p.id LIMIT {limited}) x)) j"
    )
}

/// The first of each roster, profile by profile since it is in that order; the members of the groups that have none; kin. Each as
/// its place in the list, which ends with its id: name, tabulation (before any letter or space), id. So people are looked at
/// once the page is known, unless there are conditions that rosters know nothing of.
fn rosters(query: &PeopleQuery<'_>, asked: &str, named: &str, limited: &str, plain: bool) -> String {
    let profiles = match query.profile {
        Some(_) => "(SELECT ?5 AS profile)",
        None => {
            "(SELECT 'student' AS profile UNION ALL SELECT 'relative' UNION ALL SELECT 'teacher' UNION ALL SELECT 'staff' UNION ALL SELECT 'guest')"
        }
    };
    let (person, conditions) = if plain {
        (
            "",
            "NOT EXISTS (SELECT 1 FROM person o INDEXED BY person_away WHERE o.id = r.person_id
            AND (o.blocked_at IS NOT NULL OR o.left_at IS NOT NULL))",
        )
    } else {
        ("CROSS JOIN person p ON p.id = r.person_id", asked)
    };
    format!(
        "candidate (place) AS MATERIALIZED (
            SELECT j.value FROM through w CROSS JOIN {profiles} v CROSS JOIN json_each((SELECT json_group_array(x.place) FROM (
                SELECT r.folded_name || char(9) || r.person_id AS place FROM roster r {person}
                WHERE r.group_id = w.id AND r.profile = v.profile AND (r.folded_name, r.person_id) > (?2, ?3) {named}
                    AND {conditions}
                    AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = ?1 AND x.recipient_id = r.person_id)
                ORDER BY r.folded_name, r.person_id LIMIT {limited}) x)) j
            UNION
            SELECT p.folded_name || char(9) || p.id FROM (
                SELECT m.person_id AS id FROM through w
                CROSS JOIN person_group g ON g.id = w.id AND g.kind NOT IN ('network', 'establishment')
                CROSS JOIN membership m ON m.group_id = g.id
                UNION SELECT k.id FROM kin k) c
            CROSS JOIN person p ON p.id = c.id WHERE {asked} {NOT_BARRED}),
        first (id) AS MATERIALIZED (SELECT substr(c.place, -26) FROM candidate c ORDER BY c.place LIMIT {limited}),
        page AS MATERIALIZED (SELECT p.n FROM first f CROSS JOIN person p ON p.id = f.id)"
    )
}

/// What leads from the viewer.
const WAYS: &str = "
    through (id) AS MATERIALIZED (SELECT DISTINCT a.to_group FROM way a WHERE a.sender_id = ?1),
    kin (id) AS MATERIALIZED (SELECT k.recipient_id FROM kin_way k WHERE k.sender_id = ?1)";

const CLASS: &str = "SELECT DISTINCT m.person_id FROM person_group g CROSS JOIN membership m ON m.group_id = g.id WHERE g.class_id = ?7";
const GROUP: &str = "SELECT m.person_id FROM membership m WHERE m.group_id = ?8";
const DISCIPLINE: &str = "SELECT DISTINCT m.person_id FROM person_group g CROSS JOIN membership m ON m.group_id = g.id
    WHERE g.kind = 'discipline' AND g.discipline = ?9";
const MATCH: &str =
    "SELECT p.id FROM person_search f CROSS JOIN person p ON p.n = f.rowid WHERE f.person_search MATCH ?4";

const OF_PROFILE: &str = "AND p.profile = ?5";

const PRESENT: &str = "(p.folded_name, p.id) > (?2, ?3) AND p.blocked_at IS NULL AND p.left_at IS NULL";

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

const IN_DISCIPLINE: &str = "
    AND EXISTS (SELECT 1 FROM membership m CROSS JOIN person_group g ON g.id = m.group_id AND g.kind = 'discipline'
        AND g.discipline = ?9 WHERE m.person_id = p.id)";

const REACHED: &str = "
    AND (EXISTS (SELECT 1 FROM membership m WHERE m.person_id = p.id AND m.group_id IN (SELECT w.id FROM through w))
        OR p.id IN (SELECT k.id FROM kin k))";

const NOT_BARRED: &str = "AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = ?1 AND x.recipient_id = p.id)";
