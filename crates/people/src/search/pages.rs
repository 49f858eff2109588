//! The SQL of a search of people, plan by plan; of one text, or of several at once.
//!
//! Whom the viewer reaches is said by the views `way`, `kin_way` and `barred`, of which `reachable` is made: what leads from
//! her is listed once per search, instead of asking `reachable` 15 µs for each candidate.

use store::{Value, params};

use super::people::{PeopleQuery, matching};
use super::plan::{FEW_MATCHES, NOT_PEEKED, Plan, count_matches};
use crate::{ClassId, Error, GroupId, Profile, Uai, words};

/// The statement of one plan and its parameters: `page` is the rowids of at most `limit` people, and `what` reads them. Only
/// what is asked is in it: preparing it takes as long as running it.
pub(super) fn of_query(
    query: &PeopleQuery<'_>,
    plan: Plan,
    limit: u32,
    what: &str,
) -> Result<(String, Vec<Value>), Error> {
    let mut parameters = parameters(query)?;
    let words = words(query.text);
    let first = parameters.len() + 1;
    parameters.push(matching(query.text).into());
    let numbers = (1..=words.len()).map(|word| format!("?{}", first + word)).collect();
    let text = Text { matching: format!("?{first}"), words: numbers };
    parameters.extend(words.into_iter().map(|word| Value::from(format!(" {word}"))));
    let page = text.people(query, plan, &last(&mut parameters, limit));
    Ok((format!("WITH {WAYS}, page (n) AS MATERIALIZED ({page}) {what}"), parameters))
}

/// The same for several texts in place of the query's own, one after the other until there are `limit` people; `page` is at most
/// `limit` people for each, and the number of the text, from 0. With a text comes the most names that could match it: when they
/// may be more than a few, they are counted first.
pub(super) fn of_texts(
    query: &PeopleQuery<'_>,
    texts: &[(&str, i64)],
    limit: u32,
    what: &str,
) -> Result<(String, Vec<Value>), Error> {
    let mut parameters = parameters(query)?;
    let plan = Plan::by_matches(query, 0);
    let mut rows = Vec::new();
    let most_words = texts.iter().map(|(text, _)| words(text).len()).max().unwrap_or(0);
    for (number, (text, most)) in texts.iter().enumerate() {
        let first = parameters.len() + 1;
        // A space is in what is looked at whatever the name.
        let words = words(text).into_iter().chain(std::iter::repeat(String::new())).take(most_words);
        parameters.push(matching(text).into());
        parameters.extend(words.map(|word| Value::from(format!(" {word}"))));
        let given: String = (first..=parameters.len()).map(|parameter| format!(", ?{parameter}")).collect();
        rows.push(format!("({number}, {}{given})", u8::from(*most <= FEW_MATCHES)));
    }
    let words: Vec<String> = (1..=most_words).map(|word| format!("t.word{word}")).collect();
    let columns: String = (1..=most_words).map(|word| format!(", word{word}")).collect();
    let text = Text { matching: "t.matching".to_owned(), words };
    let limited = last(&mut parameters, limit);
    let list = |plan| format!("(SELECT json_group_array(x.n) FROM ({}) x)", text.people(query, plan, &limited));
    let mut people = list(plan);
    if plan == Plan::Match && texts.iter().any(|(_, most)| *most > FEW_MATCHES) {
        let (count, wide) = (count_matches(&text.matching), list(Plan::wide(query)));
        people = format!("CASE WHEN t.few OR ({count}) <= {FEW_MATCHES} THEN {people} ELSE {wide} END");
    }
    let texts = format!("texts (number, few, matching{columns}) AS MATERIALIZED (VALUES {})", rows.join(", "));
    Ok((format!("WITH {WAYS}, {texts}, {}, {PAGE} {what}", turns(&people, &limited)), parameters))
}

/// Text by text, how many people those before it gave, and the list of its own. SQLite has no lateral join, but a list in JSON
/// that depends on the row does the same.
fn turns(people: &str, limited: &str) -> String {
    format!(
        "turn (number, before, list) AS (
            SELECT -1, 0, '[]'
            UNION ALL
            SELECT t.number, o.before + json_array_length(o.list), {people}
            FROM turn o CROSS JOIN texts t ON t.number = o.number + 1
            WHERE o.before + json_array_length(o.list) < {limited})"
    )
}

/// The limit comes last, so that the statement has the parameter of the highest number.
fn last(parameters: &mut Vec<Value>, limit: u32) -> String {
    parameters.push(limit.into());
    format!("?{}{NOT_PEEKED}", parameters.len())
}

/// Always ?1 viewer, ?2 and ?3 folded name and id to begin after, ?4 profile, ?5 establishments, ?6 class, ?7 group,
/// ?8 discipline; then for each text what FTS5 is asked for, and the words; and the limit.
fn parameters(query: &PeopleQuery<'_>) -> Result<Vec<Value>, Error> {
    let (name, id) = query.after.as_ref().map_or(("", ""), |c| (&c.folded_name, &c.id));
    let establishments: Vec<&str> = query.establishments.iter().map(Uai::as_str).collect();
    let parameters = params![
        query.viewer.as_str(),
        name,
        id,
        query.profile.map(Profile::as_str),
        serde_json::to_string(&establishments)?,
        query.class.as_ref().map(ClassId::as_str),
        query.group.as_ref().map(GroupId::as_str),
        query.discipline,
    ];
    Ok(parameters.to_vec())
}

/// What a text is in the SQL.
struct Text {
    /// What FTS5 is asked for.
    matching: String,
    /// Each after a space.
    words: Vec<String>,
}

impl Text {
    /// The rowids `n` of the first people.
    fn people(&self, query: &PeopleQuery<'_>, plan: Plan, limited: &str) -> String {
        let conditions = conditions(query, plan);
        let asked = format!("{PRESENT} {conditions} {}", self.named("p.folded_name"));
        let candidates = match plan {
            Plan::Class => CLASS.to_owned(),
            Plan::Group => GROUP.to_owned(),
            Plan::Discipline if query.establishments.is_empty() => DISCIPLINE.to_owned(),
            Plan::Discipline => format!("{DISCIPLINE} AND g.uai IN (SELECT e.value FROM json_each(?5) e)"),
            Plan::Match => format!("{MATCH} {}", self.matching),
            Plan::Schools => schools(query, &asked, limited),
            Plan::Rosters => return self.rosters(query, &conditions, &asked, limited),
        };
        format!(
            "WITH candidate (id) AS MATERIALIZED ({candidates})
            SELECT p.n FROM candidate c CROSS JOIN person p ON p.id = c.id
            WHERE {asked} {REACHED} {NOT_BARRED} ORDER BY p.folded_name, p.id LIMIT {limited}"
        )
    }

    fn named(&self, column: &str) -> String {
        self.words.iter().map(|word| format!(" AND instr(' ' || {column}, {word}) > 0")).collect()
    }

    /// The first of each roster, profile by profile since it is in that order; the members of the groups that have none; kin. Each
    /// as its place in the list, which ends with its id: name, tabulation (before any letter or space), id. So people are looked
    /// at once the page is known, unless there are conditions that rosters know nothing of.
    fn rosters(&self, query: &PeopleQuery<'_>, conditions: &str, asked: &str, limited: &str) -> String {
        let named = self.named("r.folded_name");
        let profiles = if query.profile.is_some() { "(SELECT ?4 AS profile)" } else { PROFILES };
        let (person, conditions) = if conditions.is_empty() || conditions == OF_PROFILE {
            ("", THERE)
        } else {
            ("CROSS JOIN person p ON p.id = r.person_id", asked)
        };
        format!(
            "WITH candidate (place) AS MATERIALIZED (
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
            first (id) AS MATERIALIZED (SELECT substr(c.place, -26) FROM candidate c ORDER BY c.place LIMIT {limited})
            SELECT p.n FROM first f CROSS JOIN person p ON p.id = f.id"
        )
    }
}

/// What is asked beside the text.
fn conditions(query: &PeopleQuery<'_>, plan: Plan) -> String {
    let conditions = [
        (query.profile.is_some(), OF_PROFILE),
        (!query.establishments.is_empty(), "AND p.uai IN (SELECT e.value FROM json_each(?5) e)"),
        // What a plan begins with needs not be asked again.
        (query.class.is_some() && plan != Plan::Class, IN_CLASS),
        (query.group.is_some(), IN_GROUP),
        (query.discipline.is_some() && plan != Plan::Discipline, IN_DISCIPLINE),
    ];
    let conditions = conditions.into_iter().filter(|(given, _)| *given).map(|(_, sql)| sql);
    conditions.collect::<Vec<_>>().join(" ")
}

/// The first of each establishment, as in [`turns`].
fn schools(query: &PeopleQuery<'_>, asked: &str, limited: &str) -> String {
    let (index, profile) = match query.profile {
        Some(_) => ("person_by_profile", "AND p.profile = ?4"),
        None => ("person_by_name", ""),
    };
    format!(
        "SELECT j.value FROM json_each(?5) s CROSS JOIN json_each((SELECT json_group_array(x.id) FROM (
            SELECT p.id FROM person p INDEXED BY {index} WHERE p.uai = s.value {profile} AND {asked} {REACHED} {NOT_BARRED}
            ORDER BY p.folded_name, p.id LIMIT {limited}) x)) j"
    )
}

const PAGE: &str =
    "page (n, text) AS MATERIALIZED (SELECT j.value, o.number FROM turn o CROSS JOIN json_each(o.list) j)";

/// What leads from the viewer.
const WAYS: &str = "
    through (id) AS MATERIALIZED (SELECT DISTINCT a.to_group FROM way a WHERE a.sender_id = ?1),
    kin (id) AS MATERIALIZED (SELECT k.recipient_id FROM kin_way k WHERE k.sender_id = ?1)";

const CLASS: &str = "SELECT DISTINCT m.person_id FROM person_group g CROSS JOIN membership m ON m.group_id = g.id WHERE g.class_id = ?6";
const GROUP: &str = "SELECT m.person_id FROM membership m WHERE m.group_id = ?7";
const DISCIPLINE: &str = "SELECT DISTINCT m.person_id FROM person_group g CROSS JOIN membership m ON m.group_id = g.id
    WHERE g.kind = 'discipline' AND g.discipline = ?8";
const MATCH: &str = "SELECT p.id FROM person_search f CROSS JOIN person p ON p.n = f.rowid WHERE f.person_search MATCH";

const PROFILES: &str =
    "(SELECT 'student' AS profile UNION ALL SELECT 'relative' UNION ALL SELECT 'teacher' UNION ALL SELECT 'staff'
    UNION ALL SELECT 'guest')";

/// Of somebody in a roster, without looking at the person.
const THERE: &str = "NOT EXISTS (SELECT 1 FROM person o INDEXED BY person_away WHERE o.id = r.person_id
    AND (o.blocked_at IS NOT NULL OR o.left_at IS NOT NULL))";

const OF_PROFILE: &str = "AND p.profile = ?4";

const PRESENT: &str = "(p.folded_name, p.id) > (?2, ?3) AND p.blocked_at IS NULL AND p.left_at IS NULL";

const IN_CLASS: &str = "
    AND EXISTS (SELECT 1 FROM membership m CROSS JOIN person_group g ON g.id = m.group_id AND g.class_id = ?6
        WHERE m.person_id = p.id)";

/// Whom a group has is said of the groups that the viewer may write to or belongs to, never of a list that hides its
/// members.
const IN_GROUP: &str = "
    AND EXISTS (SELECT 1 FROM membership m WHERE m.group_id = ?7 AND m.person_id = p.id)
    AND EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?7 AND g.members_hidden = 0)
    AND (EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = ?7)
        OR EXISTS (SELECT 1 FROM membership m WHERE m.group_id = ?7 AND m.person_id = ?1))";

const IN_DISCIPLINE: &str = "
    AND EXISTS (SELECT 1 FROM membership m CROSS JOIN person_group g ON g.id = m.group_id AND g.kind = 'discipline'
        AND g.discipline = ?8 WHERE m.person_id = p.id)";

const REACHED: &str = "
    AND (EXISTS (SELECT 1 FROM membership m WHERE m.person_id = p.id AND m.group_id IN (SELECT w.id FROM through w))
        OR p.id IN (SELECT k.id FROM kin k))";

const NOT_BARRED: &str = "AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = ?1 AND x.recipient_id = p.id)";
