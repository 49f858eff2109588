//! The search of groups (D-2): those the viewer may name as a recipient.

use store::{Database, Row, params};

use super::page::{Cursor, Page, PageSize};
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
    /// Only this establishment.
    pub establishment: Option<Uai>,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// How many groups.
    pub size: PageSize,
}

impl<'a> GroupQuery<'a> {
    /// Every group the viewer may write to.
    #[must_use]
    pub fn of(viewer: &'a PersonId) -> Self {
        Self { viewer, text: "", kind: None, class: None, establishment: None, after: None, size: PageSize::default() }
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
    END";

/// The groups of the network say nothing more than those of the establishment while there is only one.
pub(super) const SHOWN: &str = "(g.kind <> 'network' OR (SELECT count(*) FROM establishment) > 1)";

/// Finds groups, in order of folded name.
///
/// # Errors
/// When the database cannot be used.
pub fn search_groups(database: &impl Database, query: &GroupQuery<'_>) -> Result<Page<FoundGroup>, Error> {
    let (name, id) = query.after.as_ref().map_or(("", ""), |c| (&c.folded_name, &c.id));
    let words = serde_json::to_string(&words(query.text))?;
    let statement = format!(
        "WITH page AS MATERIALIZED (
            SELECT DISTINCT g.id, g.folded_name
            FROM reachable_group v JOIN person_group g ON g.id = v.group_id
            WHERE v.sender_id = ?1 AND (g.folded_name, g.id) > (?2, ?3) AND {SHOWN}
                AND NOT EXISTS (SELECT 1 FROM json_each(?4) w WHERE instr(' ' || g.folded_name, ' ' || w.value) = 0)
                AND (?5 IS NULL OR g.kind = ?5) AND (?6 IS NULL OR g.class_id = ?6) AND (?7 IS NULL OR g.uai = ?7)
            ORDER BY g.folded_name, g.id LIMIT ?8)
        SELECT {COLUMNS} FROM page x CROSS JOIN person_group g ON g.id = x.id ORDER BY g.folded_name, g.id"
    );
    let parameters = params![
        query.viewer.as_str(),
        name,
        id,
        words,
        query.kind.map(GroupKind::as_str),
        query.class.as_ref().map(ClassId::as_str),
        query.establishment.as_ref().map(Uai::as_str),
        query.size.get() + 1,
    ];
    let rows = database.execute(&statement, parameters)?;
    let rows = rows.iter().map(|row| Ok((cursor(row)?, found(row)?))).collect::<Result<_, Error>>()?;
    Ok(Page::of(rows, query.size))
}

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
    })
}
