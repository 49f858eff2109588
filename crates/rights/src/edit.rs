//! Edits of the rules by administrators, and their rehearsal. The trigger `rights_changed` is the whole decision: it
//! does the edit, counts with the very views that judge, and in a rehearsal undoes it, all in one statement, which also returns
//! what the edit brings: nothing that fails afterwards can say that it was not made.

use people::{GroupId, PersonId, Uai};
use store::{Database, Error, Row, params};

use crate::Preset;

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

/// What an edit would bring; nothing stays changed. `None` when it is not this editor's to make, or its groups are not
/// such that it can be made.
///
/// # Errors
/// When the database cannot be used.
pub fn rehearse(database: &impl Database, editor: &Editor<'_>, id: &str, edit: &Edit) -> Result<Option<Effect>, Error> {
    write(database, editor, id, edit, true)
}

/// Makes the edit under `id` (a new ULID), and keeps it in the history. `None` as with [`rehearse`].
///
/// # Errors
/// When the database cannot be used; nothing was changed then.
pub fn edit(database: &impl Database, editor: &Editor<'_>, id: &str, edit: &Edit) -> Result<Option<Effect>, Error> {
    write(database, editor, id, edit, false)
}

/// A rule leaves from a group of the establishment that is not a list, and goes to a group of the establishment, to
/// the staff or the teachers of the network, or to a group of another establishment that the same person administers.
/// It can be taken back from either end.
const WRITE: &str = "
    INSERT INTO rights_change (id, uai, by_id, at, kind, from_group, to_group, participation, preset, rehearsal)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
    WHERE (?3 IS NULL OR EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?3 AND a.uai = ?2))
        AND (?6 IS NULL OR EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?6 AND g.uai = ?2 AND g.kind <> 'list')
            OR ?5 = 'remove-rule' AND EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?7 AND g.uai = ?2))
        AND (?7 IS NULL OR ?5 = 'remove-rule' OR EXISTS (SELECT 1 FROM person_group g WHERE g.id = ?7
            AND (g.uai = ?2 OR g.uai IS NULL AND g.profile IN ('staff', 'teacher')
                OR EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?3 AND a.uai = g.uai))))
        AND (?5 <> 'remove-rule' OR EXISTS (SELECT 1 FROM rule r WHERE r.from_group = ?6 AND r.to_group = ?7))
    RETURNING (SELECT json_array(x.gaining, x.losing, json(x.opened), json(x.closed)) FROM rights_effect_named x WHERE x.change_id = ?1)";

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

fn write(
    database: &impl Database,
    editor: &Editor<'_>,
    id: &str,
    edit: &Edit,
    rehearsal: bool,
) -> Result<Option<Effect>, Error> {
    let (kind, from, to, participation, preset) = match edit {
        Edit::AddRule(from, to) => ("add-rule", Some(from), Some(to), None, None),
        Edit::RemoveRule(from, to) => ("remove-rule", Some(from), Some(to), None, None),
        Edit::Participation(group, participation) => {
            ("participation", Some(group), None, Some(participation.as_str()), None)
        }
        Edit::Preset(preset) => ("preset", None, None, None, Some(preset.as_str())),
    };
    let parameters = params![
        id,
        editor.uai.as_str(),
        editor.person.map(PersonId::as_str),
        editor.now,
        kind,
        from.map(GroupId::as_str),
        to.map(GroupId::as_str),
        participation,
        preset,
        i64::from(rehearsal),
    ];
    database.first(WRITE, parameters)?.map(|row| effect(&row, 0)).transpose()
}

/// Reads `[gaining, losing, [names], [names]]` from a column.
fn effect(row: &Row, column: usize) -> Result<Effect, Error> {
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
            coalesce(t.name, c.participation, c.preset, ''), json_array(x.gaining, x.losing, json(x.opened), json(x.closed))
         FROM rights_change c JOIN rights_effect_named x ON x.change_id = c.id LEFT JOIN person p ON p.id = c.by_id
            LEFT JOIN person_group f ON f.id = c.from_group LEFT JOIN person_group t ON t.id = c.to_group
         WHERE c.uai = ?1 AND c.rehearsal = 0 ORDER BY c.at DESC, c.rowid DESC LIMIT 100",
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
            effect: effect(row, 5)?,
        })
    };
    rows.iter().map(made).collect()
}
