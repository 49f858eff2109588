//! Who is selected (P-1), and the list that shows it (P-2). A filter that is left empty lets everybody through; people who are
//! blocked, have left or were purged are never there.
//!
//! The same conditions make the page, its counts, the export and the campaign that freezes them ([`crate::launch`]).

use people::Profile;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use store::{Database, Row, Value, params};

use crate::Error;

/// In which order letters are made and lists shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// By last and first name.
    #[default]
    Name,
    /// By profile, then by name.
    Profile,
    /// Students and relatives by class, then by name; then everybody else.
    Class,
}

impl Sort {
    /// The word in addresses and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Profile => "profile",
            Self::Class => "class",
        }
    }
}

/// What people are selected by. Every filter left empty selects everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Criteria {
    /// These profiles.
    #[serde(deserialize_with = "profiles")]
    pub profiles: Vec<Profile>,
    /// Somebody of a class of these levels.
    pub levels: Vec<String>,
    /// Somebody of these classes (ids), of these levels if there are any.
    pub classes: Vec<String>,
    /// Active accounts, or those that are not.
    pub active: Option<bool>,
    /// Accounts with a mail address, or without.
    pub mail: Option<bool>,
    /// Local administrators of the establishment only.
    pub admins: bool,
    /// Created at this instant or later, UTC milliseconds.
    pub from: Option<i64>,
    /// Created before this instant, UTC milliseconds.
    pub until: Option<i64>,
    /// In this order.
    pub sort: Sort,
}

fn profiles<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Profile>, D::Error> {
    let words = Vec::<String>::deserialize(input)?;
    words.iter().map(|word| word.parse().map_err(D::Error::custom)).collect()
}

/// Who looks, and where: what she may see is judged by the statements themselves.
#[derive(Debug, Clone, Copy)]
pub struct Viewpoint<'a> {
    /// The viewer's id.
    pub viewer: &'a str,
    /// The establishment she administers, in whole or by classes.
    pub uai: &'a str,
}

/// What may be shown of an activation code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// The account is active: there is none.
    Active,
    /// The code.
    Given(String),
    /// Only a local administrator of everything that this person answers for may see it.
    Withheld,
    /// The account is not active and has no code: it cannot be activated.
    Missing,
}

/// One account of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The person's id.
    pub person: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What she is.
    pub profile: Profile,
    /// What she signs in with.
    pub login: String,
    /// Her activation code, if it may be seen.
    pub code: Code,
    /// Where a mail would go: the address she verified, else the one the sources know; may be empty.
    pub mail: String,
    /// Classes, by name; for a relative those of her children.
    pub classes: Vec<String>,
    /// UTC milliseconds.
    pub created_at: i64,
}

/// A page of a list, and counts of all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// The accounts of the page.
    pub items: Vec<Account>,
    /// Accounts in all.
    pub total: u32,
    /// Of these, without a mail address.
    pub without_mail: u32,
    /// Of these, not active yet.
    pub inactive: u32,
}

/// A class that can be chosen, and its level (may be empty).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its id.
    pub id: String,
    /// "6A"
    pub name: String,
    /// "6EME"
    pub level: String,
}

/// The table `chosen`: whom the criteria ?3 to ?11 select from what the viewer ?1 may make letters for in the establishment
/// ?2. `place` is what they are sorted by before their names.
pub(crate) const CHOSEN: &str = "
    SELECT p.id, p.folded_name, p.activated_at, coalesce(r.address, d.mail, '') AS mail,
        CASE ?11 WHEN 'profile' THEN instr('student relative teacher staff guest', p.profile)
            WHEN 'class' THEN coalesce((SELECT min(c.name) FROM membership m JOIN person_group g ON g.id = m.group_id
                JOIN class c ON c.id = g.class_id AND c.kind = 'class'
                WHERE m.person_id = p.id AND p.profile IN ('student', 'relative')), char(1114109))
            END AS place
    FROM person p LEFT JOIN redirect r ON r.person_id = p.id LEFT JOIN person_detail d ON d.person_id = p.id
    WHERE p.uai = ?2 AND p.blocked_at IS NULL AND p.left_at IS NULL AND p.purged_at IS NULL
        AND EXISTS (SELECT 1 FROM letter_subject s WHERE s.viewer_id = ?1 AND s.uai = ?2 AND s.person_id = p.id)
        AND (?3 = '[]' OR p.profile IN (SELECT j.value FROM json_each(?3) j))
        AND (?4 = '[]' AND ?5 = '[]' OR p.id IN (
            SELECT m.person_id FROM class c JOIN person_group g ON g.class_id = c.id JOIN membership m ON m.group_id = g.id
            WHERE c.uai = ?2 AND c.kind = 'class' AND (?4 = '[]' OR c.level IN (SELECT j.value FROM json_each(?4) j))
                AND (?5 = '[]' OR c.id IN (SELECT j.value FROM json_each(?5) j))))
        AND (?6 IS NULL OR (p.activated_at IS NOT NULL) = ?6)
        AND (?7 IS NULL OR (coalesce(r.address, d.mail, '') <> '') = ?7)
        AND (?8 = 0 OR EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = p.id AND a.uai = ?2))
        AND (?9 IS NULL OR p.created_at >= ?9) AND (?10 IS NULL OR p.created_at < ?10)";

/// The parameters ?1 to ?11 of [`CHOSEN`].
pub(crate) fn parameters(at: Viewpoint<'_>, criteria: &Criteria) -> Result<Vec<Value>, Error> {
    let profiles: Vec<&str> = criteria.profiles.iter().map(|profile| profile.as_str()).collect();
    Ok(params![
        at.viewer,
        at.uai,
        serde_json::to_string(&profiles)?,
        serde_json::to_string(&criteria.levels)?,
        serde_json::to_string(&criteria.classes)?,
        criteria.active,
        criteria.mail,
        criteria.admins,
        criteria.from,
        criteria.until,
        criteria.sort.as_str(),
    ]
    .to_vec())
}

/// Accounts `skip` to `skip + size` of the selection, and the counts of all of it: one statement. Past the end there are
/// neither accounts nor counts.
///
/// # Errors
/// When the database cannot be used.
pub fn select(
    db: &dyn Database,
    at: Viewpoint<'_>,
    criteria: &Criteria,
    skip: u32,
    size: u32,
) -> Result<Selected, Error> {
    // Names, classes and codes are looked up for the accounts of the page only.
    let statement = format!(
        "WITH shown AS MATERIALIZED (
            SELECT c.*, count(*) OVER () AS total, sum(c.mail = '') OVER () AS without_mail,
                sum(c.activated_at IS NULL) OVER () AS inactive
            FROM ({CHOSEN}) c ORDER BY c.place, c.folded_name, c.id LIMIT ?12 + 0 OFFSET ?13)
        SELECT p.id, p.first_name, p.last_name, p.profile, p.login, p.activation_code, s.activated_at IS NOT NULL,
            EXISTS (SELECT 1 FROM withheld_code w WHERE w.viewer_id = ?1 AND w.person_id = p.id), s.mail,
            (SELECT json_group_array(DISTINCT c.name) FROM membership m JOIN person_group g ON g.id = m.group_id
                JOIN class c ON c.id = g.class_id AND c.kind = 'class' WHERE m.person_id = p.id),
            p.created_at, s.total, s.without_mail, s.inactive
        FROM shown s JOIN person p ON p.id = s.id
        ORDER BY s.place, s.folded_name, s.id"
    );
    let mut parameters = parameters(at, criteria)?;
    parameters.extend([Value::from(size), Value::from(skip)]);
    let rows = db.execute(&statement, &parameters)?;
    let Some(first) = rows.first() else { return Ok(Selected::default()) };
    let count = |column| first.integer(column).map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    Ok(Selected {
        total: count(11)?,
        without_mail: count(12)?,
        inactive: count(13)?,
        items: rows.iter().map(account).collect::<Result<_, Error>>()?,
    })
}

fn account(row: &Row) -> Result<Account, Error> {
    let text = |column| row.text(column).map(str::to_owned);
    let mut classes: Vec<String> = serde_json::from_str(row.text(9)?)?;
    classes.sort();
    Ok(Account {
        person: text(0)?,
        first_name: text(1)?,
        last_name: text(2)?,
        profile: row.text(3)?.parse()?,
        login: text(4)?,
        code: match (row.boolean(6)?, row.boolean(7)?, row.optional_text(5)?) {
            (true, ..) => Code::Active,
            (false, true, _) => Code::Withheld,
            (false, false, Some(code)) => Code::Given(code.to_owned()),
            (false, false, None) => Code::Missing,
        },
        mail: text(8)?,
        classes,
        created_at: row.integer(10)?,
    })
}

/// The classes whose letters the viewer may make, by level and name: all of the establishment, or those she administers.
///
/// # Errors
/// When the database cannot be used.
pub fn classes(db: &dyn Database, at: Viewpoint<'_>) -> Result<Vec<Class>, Error> {
    let rows = db.execute(
        "SELECT c.id, c.name, c.level FROM class c
         WHERE c.uai = ?2 AND c.kind = 'class' AND (
            EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?1 AND a.uai = ?2)
            OR EXISTS (SELECT 1 FROM class_admin a WHERE a.person_id = ?1 AND a.class_id = c.id))
         ORDER BY c.level = '', c.level DESC, c.name",
        params![at.viewer, at.uai],
    )?;
    let text = |row: &Row, column| row.text(column).map(str::to_owned);
    rows.iter().map(|row| Ok(Class { id: text(row, 0)?, name: text(row, 1)?, level: text(row, 2)? })).collect()
}
