//! The search of groups (D-2): those the viewer may name as a recipient.

use store::{Database, Row, Value, params};

use super::page::{Cursor, Page, PageSize};
use super::plan::NOT_PEEKED;
use crate::{ClassId, Error, GroupId, GroupKind, PersonId, Profile, Uai, words};

/// What is looked for: every condition given must hold.
#[derive(Debug, Clone)]
pub struct GroupQuery<'a> {
    /// Who asks.
    pub viewer: &'a PersonId,
    /// As typed; each word begins a word of the name, in any order. Empty: all groups.
    pub text: &'a str,
    /// Only this kind.
    pub kind: Option<GroupKind>,
    /// Only the groups of this class or teaching group.
    pub class: Option<ClassId>,
    /// Only these establishments; empty: all.
    pub establishments: Vec<Uai>,
    /// As typed: only the ad hoc groups with a manager of that name whom the viewer may know (D-2). Empty: whoever keeps them.
    pub manager: &'a str,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// How many groups.
    pub size: PageSize,
}

impl<'a> GroupQuery<'a> {
    /// Every group the viewer may write to.
    #[must_use]
    pub fn of(viewer: &'a PersonId) -> Self {
        Self {
            viewer,
            text: "",
            kind: None,
            class: None,
            establishments: Vec::new(),
            manager: "",
            after: None,
            size: PageSize::default(),
        }
    }
}

/// A group as shown to the viewer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FoundGroup {
    /// Its id.
    pub id: GroupId,
    /// "Parents de 6A".
    pub name: String,
    /// What makes it.
    pub kind: GroupKind,
    /// The profile of its members, for an automatic group.
    pub profile: Option<Profile>,
    /// The establishment, when it is not the viewer's.
    pub establishment: Option<String>,
    /// What an ad hoc group is for; often empty.
    pub description: String,
    /// How many people would receive; `None` when the group hides its members.
    pub members: Option<u32>,
}

impl FoundGroup {
    /// What to show beside the name, in French: "29 personnes", "Liste de diffusion".
    #[must_use]
    pub fn detail(&self) -> String {
        let what = match self.members {
            None => "Liste de diffusion".to_owned(),
            Some(count @ (0 | 1)) => format!("{count} personne"),
            Some(count) => format!("{count} personnes"),
        };
        match &self.establishment {
            Some(establishment) => format!("{what}, {establishment}"),
            None => what,
        }
    }
}

/// The columns of a [`FoundGroup`] `g` shown to `?1`. Members that are blocked or gone do not count. They are few, so that
/// for the big groups of the network they are subtracted, instead of looking at every member.
pub(super) const COLUMNS: &str = "g.id, g.folded_name, g.name, g.kind, g.profile,
    (SELECT e.name FROM establishment e WHERE e.uai = g.uai AND g.uai <> (SELECT w.uai FROM person w WHERE w.id = ?1)),
    CASE WHEN g.members_hidden THEN NULL
        WHEN g.kind = 'network' THEN (SELECT count(*) FROM membership m WHERE m.group_id = g.id)
            - (SELECT count(*) FROM person p INDEXED BY person_away
                CROSS JOIN membership m ON m.group_id = g.id AND m.person_id = p.id
                WHERE p.blocked_at IS NOT NULL OR p.left_at IS NOT NULL)
        ELSE (SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id
            WHERE m.group_id = g.id AND p.blocked_at IS NULL AND p.left_at IS NULL)
    END, g.description";

/// The groups of the network say nothing more than those of the establishment while there is only one.
pub(super) const SHOWN: &str = "(g.kind <> 'network' OR (SELECT count(*) FROM establishment) > 1)";

/// Finds groups, in order of folded name.
///
/// # Errors
/// When the database cannot be used.
pub fn search_groups(database: &impl Database, query: &GroupQuery<'_>) -> Result<Page<FoundGroup>, Error> {
    let rows = groups(database, query, query.size.get() + 1)?;
    let rows = rows.iter().map(|row| Ok((cursor(row)?, found(row)?))).collect::<Result<_, Error>>()?;
    Ok(Page::of(rows, query.size))
}

/// All the groups that the query finds, whatever its page, for an export; `None` when they are more than `most`.
///
/// # Errors
/// When the database cannot be used.
pub fn all_groups(
    database: &impl Database,
    query: &GroupQuery<'_>,
    most: u32,
) -> Result<Option<Vec<FoundGroup>>, Error> {
    let query = GroupQuery { after: None, ..query.clone() };
    let rows = groups(database, &query, most.saturating_add(1))?;
    let groups: Vec<FoundGroup> = rows.iter().map(found).collect::<Result<_, Error>>()?;
    Ok((groups.len() <= most as usize).then_some(groups))
}

/// How many groups the query finds, whatever its page.
///
/// # Errors
/// When the database cannot be used.
pub fn count_groups(database: &impl Database, query: &GroupQuery<'_>) -> Result<u32, Error> {
    let query = GroupQuery { after: None, ..query.clone() };
    // No limit: the groups one may name are counted in thousands at most.
    let rows = database
        .execute(&format!("WITH {} SELECT count(*) FROM page", page(&query)), &parameters(&query, u32::MAX)?)?;
    let count = rows.first().ok_or(store::Error::Column(0))?.integer(0)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

fn groups(database: &impl Database, query: &GroupQuery<'_>, limit: u32) -> Result<Vec<Row>, Error> {
    let statement = format!(
        "WITH {} SELECT {COLUMNS} FROM page x CROSS JOIN person_group g ON g.id = x.id ORDER BY g.folded_name, g.id",
        page(query)
    );
    Ok(database.execute(&statement, &parameters(query, limit)?)?)
}

/// Always ?1 viewer, ?2 and ?3 folded name and id to begin after, ?4 words, ?5 class, ?6 establishments, ?7 words of a manager's
/// name, ?8 limit.
pub(super) fn parameters(query: &GroupQuery<'_>, limit: u32) -> Result<Vec<Value>, Error> {
    let (name, id) = query.after.as_ref().map_or(("", ""), |c| (&c.folded_name, &c.id));
    let establishments: Vec<&str> = query.establishments.iter().map(Uai::as_str).collect();
    let parameters = params![
        query.viewer.as_str(),
        name,
        id,
        serde_json::to_string(&words(query.text))?,
        query.class.as_ref().map(ClassId::as_str),
        serde_json::to_string(&establishments)?,
        serde_json::to_string(&words(query.manager))?,
        limit,
    ];
    Ok(parameters.to_vec())
}

/// The groups of the page, put aside: named once, then looked at.
pub(super) fn page(query: &GroupQuery<'_>) -> String {
    // Not a parameter: SQLite would look at it to see whether a partial index serves, and plan again each time.
    let kind = query.kind.map_or_else(String::new, |kind| format!("AND g.kind = '{kind}'"));
    let conditions = [
        (query.kind.is_some(), kind.as_str()),
        (query.class.is_some(), "AND g.class_id = ?5"),
        (!query.establishments.is_empty(), "AND g.uai IN (SELECT e.value FROM json_each(?6) e)"),
        (!words(query.manager).is_empty(), KEPT_BY),
    ];
    let conditions = conditions.into_iter().filter(|(given, _)| *given).map(|(_, sql)| sql);
    format!(
        "named AS MATERIALIZED (SELECT DISTINCT v.group_id AS id FROM reachable_group v WHERE v.sender_id = ?1),
        page AS MATERIALIZED (
            SELECT g.id FROM named v CROSS JOIN person_group g ON g.id = v.id
            WHERE (g.folded_name, g.id) > (?2, ?3) AND {SHOWN}
                AND NOT EXISTS (SELECT 1 FROM json_each(?4) w WHERE instr(' ' || g.folded_name, ' ' || w.value) = 0) {}
            ORDER BY g.folded_name, g.id LIMIT ?8{NOT_PEEKED})",
        conditions.collect::<Vec<_>>().join(" ")
    )
}

/// Who keeps a group is said of those whom the viewer may write to, and of herself.
const KEPT_BY: &str = "
    AND EXISTS (SELECT 1 FROM group_manager k CROSS JOIN person p ON p.id = k.person_id
        WHERE k.group_id = g.id
            AND NOT EXISTS (SELECT 1 FROM json_each(?7) w WHERE instr(' ' || p.folded_name, ' ' || w.value) = 0)
            AND (p.id = ?1 OR EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id)))";

/// One group, if the viewer may write to it.
///
/// # Errors
/// When the database cannot be used.
pub fn find_group(database: &impl Database, viewer: &PersonId, id: &GroupId) -> Result<Option<FoundGroup>, Error> {
    let statement = format!(
        "SELECT {COLUMNS} FROM person_group g
         WHERE g.id = ?2 AND EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = ?2)"
    );
    database.first(&statement, params![viewer.as_str(), id.as_str()])?.map(|row| found(&row)).transpose()
}

fn cursor(row: &Row) -> Result<Cursor, Error> {
    Ok(Cursor { id: row.text(0)?.to_owned(), folded_name: row.text(1)?.to_owned() })
}

/// A group from a row that begins with [`COLUMNS`].
pub(super) fn found(row: &Row) -> Result<FoundGroup, Error> {
    Ok(FoundGroup {
        id: row.text(0)?.parse()?,
        name: row.text(2)?.to_owned(),
        kind: row.text(3)?.parse()?,
        profile: row.optional_text(4)?.map(str::parse).transpose()?,
        establishment: row.optional_text(5)?.map(str::to_owned),
        members: row.optional_integer(6)?.map(|count| u32::try_from(count).unwrap_or(0)),
        description: row.text(7)?.to_owned(),
    })
}
