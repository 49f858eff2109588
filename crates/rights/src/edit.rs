//! Edits of the rules by administrators. What an edit brings is told by `effect`, which only reads; the edit itself is one statement,
//! whose trigger `rights_changed` makes it.

use people::{GroupId, PersonId, Uai};
use store::{Database, Error, Row, Value, params};

use crate::Preset;
use crate::effect::{Ids, effect};

/// How the members of a group take part in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Participation {
    /// Neither.
    None,
    /// Members use the rules that leave from the group.
    Incoming,
    /// Members can be reached through the group.
    Outgoing,
    /// The two; members can also write to each other.
    Both,
}

impl Participation {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Incoming, Self::Outgoing, Self::Both];

    /// Whether members take part in this way, alone or among others.
    #[must_use]
    pub fn has(self, way: Self) -> bool {
        self == way || self == Self::Both
    }

    /// With incoming or outgoing added.
    pub(crate) fn with(self, way: Self) -> Self {
        if self == Self::None || self == way { way } else { Self::Both }
    }

    /// With incoming or outgoing taken away.
    pub(crate) fn without(self, way: Self) -> Self {
        match self {
            Self::Both if way == Self::Incoming => Self::Outgoing,
            Self::Both => Self::Incoming,
            other if other == way => Self::None,
            other => other,
        }
    }

    /// The word in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
            Self::Both => "both",
        }
    }
}

impl std::str::FromStr for Participation {
    type Err = BadParticipation;

    /// # Errors
    /// When the text is none of the words.
    fn from_str(text: &str) -> Result<Self, BadParticipation> {
        Self::ALL.into_iter().find(|participation| participation.as_str() == text).ok_or(BadParticipation)
    }
}

/// Not a participation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a participation")]
pub struct BadParticipation;

/// One change of the rules of an establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Members of the first may write to members of the second, and name it.
    AddRule(GroupId, GroupId),
    /// Not any more; what no other rule needs is taken back with it.
    RemoveRule(GroupId, GroupId),
    /// Another participation for a group.
    Participation(GroupId, Participation),
    /// All rules between automatic groups as the preset has them; rules of groups made by people stay.
    Preset(Preset),
}

impl Edit {
    /// The ids of the groups that it names: source or group, and target.
    pub(crate) fn groups(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::AddRule(from, to) | Self::RemoveRule(from, to) => (Some(from.as_str()), Some(to.as_str())),
            Self::Participation(group, _) => (Some(group.as_str()), None),
            Self::Preset(_) => (None, None),
        }
    }
}

/// What an edit brings, or would bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// People of the establishment who can write to somebody they could not write to before.
    pub gaining: u64,
    /// People of the establishment who cannot write any more to somebody they could.
    pub losing: u64,
    /// Names of the groups whose members can write to each other from now on: to be warned of before.
    pub opened: Vec<String>,
    /// Names of the groups whose members cannot any more.
    pub closed: Vec<String>,
}

/// Who edits, where, when.
#[derive(Debug, Clone, Copy)]
pub struct Editor<'a> {
    /// The local administrator; `None` for whoever runs the service.
    pub person: Option<&'a PersonId>,
    /// The establishment whose rules are edited.
    pub uai: &'a Uai,
    /// UTC milliseconds.
    pub now: i64,
}

/// What an edit would bring; nothing is written. `None` when it is not this editor's to make, or its groups are not such that it can be made.
///
/// # Errors
/// When the database cannot be used.
pub fn rehearse(database: &impl Database, editor: &Editor<'_>, edit: &Edit) -> Result<Option<Effect>, Error> {
    if is_allowed(database, editor, edit)? { Ok(Some(effect(database, editor, edit)?.0)) } else { Ok(None) }
}

/// Asked before the effect is worked out; the edit itself asks again.
fn is_allowed(database: &impl Database, editor: &Editor<'_>, edit: &Edit) -> Result<bool, Error> {
    let mut asked = parameters(editor, "", edit);
    asked.truncate(7);
    Ok(database.first(&format!("SELECT 1 {ALLOWED}"), &asked)?.is_some())
}

/// Makes the edit under `id` (a new ULID), and keeps it in the history with what it brings. `None` as with [`rehearse`].
///
/// # Errors
/// When the database cannot be used; nothing was changed then.
pub fn edit(database: &impl Database, editor: &Editor<'_>, id: &str, edit: &Edit) -> Result<Option<Effect>, Error> {
    if !is_allowed(database, editor, edit)? {
        return Ok(None);
    }
    let (effect, Ids { opened, closed }) = effect(database, editor, edit)?;
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let ids = |ids: &[String]| serde_json::Value::from(ids).to_string();
    let mut all = parameters(editor, id, edit);
    all.extend([
        Value::from(count(effect.gaining)),
        count(effect.losing).into(),
        ids(&opened).into(),
        ids(&closed).into(),
    ]);
    let made = database.first(&format!("{WRITE} {ALLOWED} RETURNING 1"), &all)?;
    Ok(made.map(|_| effect))
}

const WRITE: &str = "
    INSERT INTO rights_change (id, uai, by_id, at, kind, from_group, to_group, participation, preset, gaining, losing, opened, closed)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13";

/// A rule leaves from a group of the establishment that is not a list, and goes to a group of the establishment, to
/// the staff or the teachers of the network, or to a group of another establishment that the same person administers.
/// It can be taken back from either end. Reads ?1 to ?7.
const ALLOWED: &str = "
    WHERE (?3 IS NULL OR EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?3 AND a.uai = ?2))
        AND (?6 IS NULL OR EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?6 AND g.uai = ?2 AND g.kind <> 'list')
            OR ?5 = 'remove-rule' AND EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?7 AND g.uai = ?2))
        AND (?7 IS NULL OR ?5 = 'remove-rule' OR EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?7
            AND (g.uai = ?2 OR g.uai IS NULL AND g.profile IN ('staff', 'teacher')
                OR EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?3 AND a.uai = g.uai))))
        AND (?5 <> 'remove-rule' OR EXISTS (SELECT 1 FROM rule r WHERE r.from_group = ?6 AND r.to_group = ?7))";

// What `WRITE` lets a rule go to, but for what it goes to already.
const ADDABLE: &str = "
    SELECT g.id, g.name || CASE WHEN g.uai <> ?1 THEN ' (' || e.name || ')' ELSE '' END
    FROM person_group g LEFT JOIN establishment e ON e.uai = g.uai
    WHERE (g.uai = ?1 OR g.uai IN (SELECT a.uai FROM local_admin a WHERE a.person_id = ?3)
            OR g.uai IS NULL AND g.profile IN ('staff', 'teacher') AND (SELECT count(*) FROM establishment) > 1)
        AND NOT EXISTS (SELECT 1 FROM rule r WHERE r.from_group = ?2 AND r.to_group = g.id)
    ORDER BY g.uai IS NULL, g.uai <> ?1, g.uai, CASE g.kind WHEN 'establishment' THEN 0 WHEN 'list' THEN 1 WHEN 'manual' THEN 2
        WHEN 'ad-hoc' THEN 3 WHEN 'class' THEN 4 ELSE 5 END, g.folded_name
    LIMIT 2000";

/// The groups that a rule from `group` may be made to go to by `admin`: id and name, those of another establishment with the
/// name of that; at most 2,000. A network of one establishment has no groups of its own to show.
///
/// # Errors
/// When the database cannot be used.
pub fn addable(
    database: &impl Database,
    uai: &Uai,
    group: &GroupId,
    admin: &PersonId,
) -> Result<Vec<(String, String)>, Error> {
    let rows = database.execute(ADDABLE, params![uai.as_str(), group.as_str(), admin.as_str()])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

/// ?1 to ?9 of [`WRITE`] and [`ALLOWED`].
fn parameters(editor: &Editor<'_>, id: &str, edit: &Edit) -> Vec<Value> {
    let (kind, participation, preset) = match edit {
        Edit::AddRule(..) => ("add-rule", None, None),
        Edit::RemoveRule(..) => ("remove-rule", None, None),
        Edit::Participation(_, participation) => ("participation", Some(participation.as_str()), None),
        Edit::Preset(preset) => ("preset", None, Some(preset.as_str())),
    };
    let (from, to) = edit.groups();
    let (uai, by) = (editor.uai.as_str(), editor.person.map(PersonId::as_str));
    params![id, uai, by, editor.now, kind, from, to, participation, preset].to_vec()
}

/// Reads `[gaining, losing, [names], [names]]` from a column.
fn kept_effect(row: &Row, column: usize) -> Result<Effect, Error> {
    let (gaining, losing, opened, closed) =
        serde_json::from_str(row.text(column)?).map_err(|_| Error::Column(column))?;
    Ok(Effect { gaining, losing, opened, closed })
}

/// An edit that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// UTC milliseconds.
    pub at: i64,
    /// First and last name of the administrator; empty for whoever runs the service.
    pub by: String,
    /// `add-rule`, `remove-rule`, `participation`, `preset`.
    pub kind: String,
    /// Name of the group it is about; empty for a preset.
    pub from: String,
    /// Name of the rule's target; otherwise the participation or the preset.
    pub to: String,
    /// What it brought.
    pub effect: Effect,
}

/// The last 100 edits of the establishment, newest first.
///
/// # Errors
/// When the database cannot be used.
pub fn history(database: &impl Database, uai: &Uai) -> Result<Vec<Made>, Error> {
    let rows = database.execute(
        "SELECT c.at, coalesce(p.first_name || ' ' || p.last_name, ''), c.kind, coalesce(f.name, ''),
            coalesce(t.name, c.participation, c.preset, ''), json_array(c.gaining, c.losing,
                json((SELECT json_group_array(o.name) FROM (SELECT g.name FROM json_each(c.opened) j
                    JOIN person_group g ON g.id = j.value ORDER BY g.folded_name) o)),
                json((SELECT json_group_array(o.name) FROM (SELECT g.name FROM json_each(c.closed) j
                    JOIN person_group g ON g.id = j.value ORDER BY g.folded_name) o)))
         FROM rights_change c LEFT JOIN person p ON p.id = c.by_id
            LEFT JOIN person_group f ON f.id = c.from_group LEFT JOIN person_group t ON t.id = c.to_group
         WHERE c.uai = ?1 ORDER BY c.at DESC, c.rowid DESC LIMIT 100",
        params![uai.as_str()],
    )?;
    let made = |row: &Row| {
        let text = |column| row.text(column).map(str::to_owned);
        Ok(Made {
            at: row.integer(0)?,
            by: text(1)?,
            kind: text(2)?,
            from: text(3)?,
            to: text(4)?,
            effect: kept_effect(row, 5)?,
        })
    };
    rows.iter().map(made).collect()
}
