//! The presets: from the tables `preset_rule` and `preset_participation` to the groups of an establishment.
//!
//! A group is *settled* once: later changes by administrators stay, however often provisioning runs. Statements are
//! ordered so that a crash between two of them leaves fewer rights, and running again completes them.

use std::fmt;

use people::Uai;
use store::{Database, Error, params};

/// A set of rules to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// The default: relatives reach their own children, their teachers and the staff.
    Minors2025,
    /// The rules of the ENT Midi-Pyrénées (seed 000).
    MidiPyrenees2009,
    /// Classes open to their relatives, as seed 001 describes.
    Edifice,
}

impl Preset {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Minors2025, Self::MidiPyrenees2009, Self::Edifice];

    /// The word in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minors2025 => "minors-2025",
            Self::MidiPyrenees2009 => "midi-pyrenees-2009",
            Self::Edifice => "edifice",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The rules of the preset that touch a group not settled yet. Two arms, for the two ways a rule finds its target: by kind
/// and profile in the establishment or the network, and within the same class.
const ADD_RULES: &str = "
    INSERT INTO rule (from_group, to_group)
    SELECT f.id, t.id
    FROM establishment e
    JOIN person_group f ON f.uai = e.uai AND f.profile IS NOT NULL
    JOIN preset_rule r ON r.preset = e.preset AND r.from_scope = f.kind AND r.from_profile = f.profile
        AND r.to_scope IN ('establishment', 'network')
    JOIN person_group t ON t.uai IS CASE r.to_scope WHEN 'network' THEN NULL ELSE e.uai END
        AND t.kind = r.to_scope AND t.profile = r.to_profile
    WHERE e.uai = ?1 AND (f.settled = 0 OR t.settled = 0)
    UNION ALL
    SELECT f.id, t.id
    FROM establishment e
    JOIN person_group f ON f.uai = e.uai AND f.class_id IS NOT NULL
    JOIN preset_rule r ON r.preset = e.preset AND r.from_scope = f.kind AND r.from_profile = f.profile
        AND r.to_scope IN ('class', 'teaching-group')
    JOIN person_group t ON t.class_id = f.class_id AND t.kind = r.to_scope AND t.profile = r.to_profile
    WHERE e.uai = ?1 AND (f.settled = 0 OR t.settled = 0)
    ON CONFLICT DO NOTHING";

/// Takes back the rules between automatic groups; those that touch a manual group or a list stay. `+`: from the few groups
/// of the establishment, not from all those of the network.
const REMOVE_RULES: &str = "
    DELETE FROM rule
    WHERE from_group IN (SELECT g.id FROM person_group g
            WHERE g.uai = ?1 AND g.kind IN ('establishment', 'class', 'teaching-group'))
        AND +to_group IN (SELECT g.id FROM person_group g
            WHERE g.kind IN ('network', 'establishment', 'class', 'teaching-group'))";

/// Gives the groups of the establishment that are not settled yet what its preset says. To be called after provisioning;
/// calling it again changes nothing, and what administrators changed since stays.
///
/// # Errors
/// When the database cannot be used; what was done stays, and calling again completes it.
pub fn settle(database: &impl Database, uai: &Uai) -> Result<(), Error> {
    database.execute(ADD_RULES, params![uai.as_str()])?;
    database.execute(
        "UPDATE person_group AS g
         SET settled = 1, participation = coalesce((SELECT p.participation FROM preset_participation p
            JOIN establishment e ON e.preset = p.preset
            WHERE e.uai = g.uai AND p.scope = g.kind AND p.profile = g.profile), 'none')
         WHERE g.uai = ?1 AND g.settled = 0 AND g.kind IN ('establishment', 'class', 'teaching-group')",
        params![uai.as_str()],
    )?;
    Ok(())
}

/// Puts the establishment on a preset, taking back what administrators changed in the rules between its automatic groups.
///
/// # Errors
/// When the database cannot be used; people may then reach fewer others until it is called again.
pub fn apply(database: &impl Database, uai: &Uai, preset: Preset) -> Result<(), Error> {
    database.execute(REMOVE_RULES, params![uai.as_str()])?;
    database.execute(
        "UPDATE person_group SET settled = 0, participation = 'none'
         WHERE uai = ?1 AND kind IN ('establishment', 'class', 'teaching-group')",
        params![uai.as_str()],
    )?;
    database.execute("UPDATE establishment SET preset = ?2 WHERE uai = ?1", params![uai.as_str(), preset.as_str()])?;
    settle(database, uai)
}
