//! The presets: from the tables `preset_rule` and `preset_participation` to the groups of an establishment.
//!
//! A group is *settled* once, by the trigger `settled`: later changes by administrators stay, however often provisioning
//! runs. Another preset is an edit like others ([`crate::Edit`]).

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

impl std::str::FromStr for Preset {
    type Err = BadPreset;

    /// # Errors
    /// When the text is none of the words.
    fn from_str(text: &str) -> Result<Self, BadPreset> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text).ok_or(BadPreset)
    }
}

/// Not the name of a preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a preset")]
pub struct BadPreset;

/// Gives the groups of the establishment that are not settled yet what its preset says. To be called after provisioning;
/// calling it again changes nothing, and what administrators changed since stays.
///
/// # Errors
/// When the database cannot be used.
pub fn settle(database: &impl Database, uai: &Uai) -> Result<(), Error> {
    database.execute("INSERT INTO settling (uai) VALUES (?1)", params![uai.as_str()])?;
    Ok(())
}
