//! Whom a model letter goes to: profiles of classes, groups, single people, of one establishment.

use letters::template::{Child, Person};
use people::Profile;
use serde::{Deserialize, Serialize};
use store::{Database, Row, params};

use super::{Error, Refusal};

/// People of one run; more are several runs.
pub(super) const MAX_PEOPLE: usize = 5000;
/// Ids of one list of a selection.
const MAX_IDS: usize = 500;

/// What is ticked. Classes narrow profiles; without any, they are of the whole establishment. Groups and people come on top.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// "student", "relative", "teacher", "staff", "guest"
    pub profiles: Vec<String>,
    /// Ids of classes and teaching groups.
    pub classes: Vec<String>,
    /// Ids of groups of the establishment.
    pub groups: Vec<String>,
    /// Ids of people.
    pub people: Vec<String>,
    /// A message to a population (B-6): those whom it is to reach on paper; empty for none.
    #[serde(default)]
    pub message: String,
}

impl Selection {
    /// Whether nothing is ticked that gives anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.profiles.is_empty() && self.groups.is_empty() && self.people.is_empty() && self.message.is_empty()
    }
}

/// Somebody who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// Id of the person.
    pub id: String,
    /// Profile.
    pub profile: Profile,
    /// The values of her fields.
    pub person: Person,
    /// Name and postal address, as in the window of an envelope.
    pub postal: Vec<String>,
    /// The viewer may write to her (`reachable`).
    pub may_write: bool,
    /// She has a mailbox.
    pub by_mailbox: bool,
    /// She has a redirect address.
    pub by_redirect: bool,
}

impl Addressed {
    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.person.first_name, self.person.last_name)
    }

    /// Whether a message reaches her.
    #[must_use]
    pub const fn reached(&self) -> bool {
        self.may_write && (self.by_mailbox || self.by_redirect)
    }
}

/// A relative is written to about her children in the chosen classes, else about all of hers in the establishment; only as
/// their legal representative. The children of somebody in a group, named, or not reached by a message are all of hers there;
/// whoever reads the report of that message (`report_reader`) writes to those it names.
const SELECT: &str = "
    WITH mine (uai) AS (SELECT l.uai FROM local_admin l WHERE l.person_id = ?1 AND l.uai = ?2),
    wanted (person_id, child_id) AS (
        SELECT m.person_id, NULL
        FROM mine JOIN json_each(?4) c JOIN class k ON k.id = c.value AND k.uai = mine.uai
        JOIN person_group g ON g.class_id = k.id AND g.kind IN ('class', 'teaching-group') AND g.profile <> 'relative'
            AND g.profile IN (SELECT x.value FROM json_each(?3) x)
        JOIN membership m ON m.group_id = g.id
        UNION
        SELECT t.relative_id, t.student_id
        FROM mine JOIN json_each(?4) c JOIN class k ON k.id = c.value AND k.uai = mine.uai
        JOIN person_group g ON g.class_id = k.id AND g.kind IN ('class', 'teaching-group') AND g.profile = 'student'
        JOIN membership m ON m.group_id = g.id
        JOIN person s ON s.id = m.person_id AND s.blocked_at IS NULL AND s.left_at IS NULL
        JOIN kinship t ON t.student_id = s.id AND t.legal = 1
        WHERE 'relative' IN (SELECT x.value FROM json_each(?3) x)
        UNION
        SELECT p.id, NULL
        FROM mine JOIN person p ON p.uai = mine.uai AND p.profile <> 'relative' AND p.profile IN (SELECT x.value FROM json_each(?3) x)
        WHERE json_array_length(?4) = 0
        UNION
        SELECT t.relative_id, t.student_id
        FROM mine JOIN person s ON s.uai = mine.uai AND s.profile = 'student' AND s.blocked_at IS NULL AND s.left_at IS NULL
        JOIN kinship t ON t.student_id = s.id AND t.legal = 1
        WHERE json_array_length(?4) = 0 AND 'relative' IN (SELECT x.value FROM json_each(?3) x)
        UNION
        SELECT n.person_id, t.student_id
        FROM mine JOIN (
            SELECT m.person_id FROM json_each(?5) c JOIN person_group g ON g.id = c.value AND g.uai = ?2 JOIN membership m ON m.group_id = g.id
            UNION
            SELECT c.value FROM json_each(?6) c
            UNION
            SELECT o.person_id FROM audience a JOIN report_reader v ON v.message_id = a.message_id AND v.person_id = ?1
            JOIN message w ON w.id = a.message_id AND w.uai = ?2
            JOIN outcome o ON o.message_id = a.message_id AND o.on_paper
            WHERE a.message_id = ?8
        ) n LEFT JOIN (kinship t JOIN person s ON s.id = t.student_id AND s.uai = ?2) ON t.relative_id = n.person_id AND t.legal = 1
    )
    SELECT p.id, p.profile, coalesce(d.title, ''), p.first_name, p.last_name, p.function, p.login, p.universal_address,
        coalesce((SELECT k.name FROM membership m JOIN person_group g ON g.id = m.group_id AND g.kind = 'class' AND g.profile = 'student'
            JOIN class k ON k.id = g.class_id WHERE m.person_id = p.id ORDER BY k.name LIMIT 1), ''),
        json_group_array(json_array(s.folded_name, s.id, s.first_name, s.last_name,
            coalesce((SELECT k.name FROM membership m JOIN person_group g ON g.id = m.group_id AND g.kind = 'class' AND g.profile = 'student'
                JOIN class k ON k.id = g.class_id WHERE m.person_id = s.id ORDER BY k.name LIMIT 1), '')))
            FILTER (WHERE s.id IS NOT NULL),
        coalesce(d.street, ''), coalesce(d.postcode, ''), coalesce(d.city, ''),
        EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id), c.by_mailbox, c.by_redirect
    FROM (SELECT DISTINCT w.person_id, w.child_id FROM wanted w) w
    JOIN person p ON p.id = w.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN conveyance c ON c.person_id = p.id
    LEFT JOIN person s ON s.id = w.child_id AND s.left_at IS NULL AND s.blocked_at IS NULL
    LEFT JOIN person_detail d ON d.person_id = p.id
    WHERE p.uai = ?2 OR s.id IS NOT NULL
    GROUP BY p.id ORDER BY p.folded_name, p.id LIMIT ?7 + 0";

/// Who is selected, by name; `viewer` is who writes. Nobody in an establishment that is not hers.
///
/// # Errors
/// [`Refusal::TooMany`] over 5,000 people.
pub fn select(db: &dyn Database, viewer: &str, uai: &str, selection: &Selection) -> Result<Vec<Addressed>, Error> {
    let lists = [&selection.profiles, &selection.classes, &selection.groups, &selection.people];
    if lists.iter().any(|list| list.len() > MAX_IDS) {
        return Err(Refusal::TooMany(MAX_IDS).into());
    }
    if selection.is_empty() {
        return Ok(Vec::new());
    }
    let most = i64::try_from(MAX_PEOPLE).unwrap_or(i64::MAX) + 1;
    let [profiles, classes, groups, people] = lists.map(serde_json::to_string);
    let rows = db.execute(
        SELECT,
        params![viewer, uai, profiles?, classes?, groups?, people?, most, selection.message.as_str()],
    )?;
    if rows.len() > MAX_PEOPLE {
        return Err(Refusal::TooMany(MAX_PEOPLE).into());
    }
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Addressed, Error> {
    let text = |column| row.text(column).map(str::to_owned);
    let profile: Profile = row.text(1)?.parse()?;
    // By name, then id: libSQL's parser knows no ORDER BY within an aggregate.
    let mut children: Vec<(String, String, String, String, String)> = serde_json::from_str(row.text(9)?)?;
    children.sort_unstable();
    let child = |(_, _, first_name, last_name, class)| Child { first_name, last_name, class };
    let person = Person {
        civility: text(2)?,
        first_name: text(3)?,
        last_name: text(4)?,
        profile: profile.label().to_owned(),
        function: text(5)?,
        class: if profile == Profile::Student { text(8)? } else { String::new() },
        login: text(6)?,
        address: text(7)?,
        children: children.into_iter().map(child).collect(),
    };
    let name = [person.civility.as_str(), &person.first_name, &person.last_name];
    let name = name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let city = format!("{} {}", row.text(11)?, row.text(12)?);
    let postal = std::iter::once(name.as_str()).chain(row.text(10)?.lines()).chain([city.as_str()]);
    let postal = postal.map(str::trim).filter(|line| !line.is_empty()).take(6).map(str::to_owned).collect();
    Ok(Addressed {
        id: text(0)?,
        profile,
        person,
        postal,
        may_write: row.boolean(13)?,
        by_mailbox: row.boolean(14)?,
        by_redirect: row.boolean(15)?,
    })
}

/// What there is to tick in an establishment: (id, name).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// Classes.
    pub classes: Vec<(String, String)>,
    /// Teaching groups.
    pub teaching_groups: Vec<(String, String)>,
    /// Groups that people made, and distribution lists.
    pub groups: Vec<(String, String)>,
}

/// What there is to tick in an establishment that the viewer administers.
///
/// # Errors
/// When the database cannot be used.
pub fn choices(db: &dyn Database, viewer: &str, uai: &str) -> Result<Choices, Error> {
    let rows = db.execute(
        "SELECT k.kind, k.id, k.name FROM class k JOIN local_admin l ON l.uai = k.uai AND l.person_id = ?1 WHERE k.uai = ?2
         UNION ALL
         SELECT 'group', g.id, g.name FROM person_group g JOIN local_admin l ON l.uai = g.uai AND l.person_id = ?1
         WHERE g.uai = ?2 AND g.kind IN ('manual', 'ad-hoc', 'list', 'discipline', 'head-teacher') AND g.keepers_of IS NULL
         ORDER BY 3, 2",
        params![viewer, uai],
    )?;
    let mut choices = Choices::default();
    for row in &rows {
        let choice = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
        match row.text(0)? {
            "class" => choices.classes.push(choice),
            "teaching-group" => choices.teaching_groups.push(choice),
            _ => choices.groups.push(choice),
        }
    }
    Ok(choices)
}
