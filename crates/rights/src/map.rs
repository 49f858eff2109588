//! The groups of an establishment with their rules, for those who administer it.

use people::{GroupId, GroupKind, Profile, Uai, words};
use store::{Database, Error, Row, params};

use crate::Participation;

/// A group as the editor of rules shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleGroup {
    /// Its id.
    pub id: GroupId,
    /// "Parents de 6A"
    pub name: String,
    /// What makes it.
    pub kind: GroupKind,
    /// The profile of its members, for an automatic group or a list.
    pub profile: Option<Profile>,
    /// How its members take part.
    pub participation: Participation,
    /// The establishment's name, when it is another one; "" for the network.
    pub elsewhere: Option<String>,
    /// Members, blocked and departed included.
    pub members: u64,
    /// Groups its members may write to by a rule.
    pub targets: u64,
    /// Groups whose members may write to it by a rule.
    pub sources: u64,
}

/// A group between those it may write to and those that may write to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The group.
    pub group: RuleGroup,
    /// The groups its members may write to by a rule.
    pub targets: Vec<RuleGroup>,
    /// The groups whose members may write to it by a rule.
    pub sources: Vec<RuleGroup>,
}

const COLUMNS: &str = "g.id, g.name, g.kind, g.profile, g.participation,
    CASE WHEN g.uai IS NULL THEN '' WHEN g.uai <> ?1 THEN (SELECT e.name FROM establishment e WHERE e.uai = g.uai) END,
    (SELECT count(*) FROM membership m WHERE m.group_id = g.id),
    (SELECT count(*) FROM rule r WHERE r.from_group = g.id), (SELECT count(*) FROM rule r WHERE r.to_group = g.id)";

/// The groups of the establishment, in order of kind and name: those whose name has words that begin so, of this kind where
/// it is given. At most 500.
///
/// # Errors
/// When the database cannot be used.
pub fn groups(
    database: &impl Database,
    uai: &Uai,
    text: &str,
    kind: Option<GroupKind>,
) -> Result<Vec<RuleGroup>, Error> {
    let words = serde_json::to_string(&words(text)).map_err(|error| Error::Unavailable(error.to_string()))?;
    let statement = format!(
        "SELECT {COLUMNS} FROM person_group g WHERE g.uai = ?1 AND (?3 IS NULL OR g.kind = ?3)
            AND NOT EXISTS (SELECT 1 FROM json_each(?2) w WHERE instr(' ' || g.folded_name, ' ' || w.value) = 0)
         ORDER BY CASE g.kind WHEN 'establishment' THEN 0 WHEN 'class' THEN 1 WHEN 'teaching-group' THEN 2 ELSE 3 END, g.kind, g.folded_name LIMIT 500"
    );
    let rows = database.execute(&statement, params![uai.as_str(), words, kind.map(GroupKind::as_str)])?;
    rows.iter().map(group).collect()
}

/// The rules of one group of the establishment. `None` when the establishment has no such group.
///
/// # Errors
/// When the database cannot be used.
pub fn rules_of(database: &impl Database, uai: &Uai, id: &GroupId) -> Result<Option<Rules>, Error> {
    let own = format!("SELECT {COLUMNS} FROM person_group g WHERE g.uai = ?1 AND g.id = ?2");
    let Some(row) = database.first(&own, params![uai.as_str(), id.as_str()])? else { return Ok(None) };
    let beside = |condition: &str| -> Result<Vec<RuleGroup>, Error> {
        let statement = format!(
            "SELECT {COLUMNS} FROM rule x JOIN person_group g ON {condition} ORDER BY g.uai IS NOT ?1, g.folded_name"
        );
        database.execute(&statement, params![uai.as_str(), id.as_str()])?.iter().map(group).collect()
    };
    let targets = beside("x.from_group = ?2 AND g.id = x.to_group")?;
    let sources = beside("x.to_group = ?2 AND g.id = x.from_group")?;
    Ok(Some(Rules { group: group(&row)?, targets, sources }))
}

fn group(row: &Row) -> Result<RuleGroup, Error> {
    let count = |column| row.integer(column).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(RuleGroup {
        id: row.text(0)?.parse().map_err(|_| Error::Column(0))?,
        name: row.text(1)?.to_owned(),
        kind: row.text(2)?.parse().map_err(|_| Error::Column(2))?,
        profile: row.optional_text(3)?.map(str::parse).transpose().map_err(|_| Error::Column(3))?,
        participation: row.text(4)?.parse().map_err(|_| Error::Column(4))?,
        elsewhere: row.optional_text(5)?.map(str::to_owned),
        members: count(6)?,
        targets: count(7)?,
        sources: count(8)?,
    })
}
