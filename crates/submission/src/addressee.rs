//! To whom a message is addressed, as typed: persons and groups, in To, Cc or Cci.

use serde::{Deserialize, Serialize};
use store::{Error, Row};

use crate::Refusal;

/// More would not fit a sensible composer; groups and rubriques are for that (M-2).
const MAX_ADDRESSEES: usize = 1000;

/// Where an addressee was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// À
    To,
    /// Copie
    Cc,
    /// Copie cachée: seen by the author alone.
    Bcc,
}

/// What an addressee is. All but persons and groups are audiences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One person.
    Person,
    /// The members of a group, when the message is sent.
    Group,
    /// A population of a rubrique (B-1).
    Population,
    /// The readers of a news item (B-3).
    News,
    /// Those whom an event is for (B-2).
    Event,
    /// The profiles a flash message is for (B-4); it goes before other mail.
    Flash,
    /// The legal parents a liaison notice is for (B-5).
    Liaison,
}

impl Kind {
    /// Whether it is an audience: judged and expanded by the trigger of its own kind, always in Cci, without the limit of
    /// M-2 (sql/logic/messages.sql).
    #[must_use]
    pub fn is_audience(self) -> bool {
        !matches!(self, Self::Person | Self::Group)
    }
}

/// One addressee; its JSON form is what `message.addressees` holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Addressee {
    /// Where it was typed.
    pub field: Field,
    /// Person or group.
    pub kind: Kind,
    /// ULID.
    pub id: String,
}

impl Addressee {
    /// A person in `field`.
    #[must_use]
    pub fn person(field: Field, id: &str) -> Self {
        Self { field, kind: Kind::Person, id: id.to_owned() }
    }

    /// An audience: the only addressee of its message.
    #[must_use]
    pub fn audience(kind: Kind, id: &str) -> Self {
        Self { field: Field::Bcc, kind, id: id.to_owned() }
    }

    /// As the judge of rights asks for it, where it was typed plays no part; none for an audience, which has its own judge.
    #[must_use]
    pub fn asked(self) -> Option<rights::Addressee> {
        match self.kind {
            Kind::Person => Some(rights::Addressee::Person(self.id)),
            Kind::Group => Some(rights::Addressee::Group(self.id)),
            _ => None,
        }
    }

    /// Reads field, kind and id from three columns of a row, starting at `first`.
    pub(crate) fn from_row(row: &Row, first: usize) -> Result<Self, Error> {
        let field = match row.text(first)? {
            "to" => Field::To,
            "cc" => Field::Cc,
            _ => Field::Bcc,
        };
        let kind = if row.text(first + 1)? == "group" { Kind::Group } else { Kind::Person };
        Ok(Self { field, kind, id: row.text(first + 2)?.to_owned() })
    }
}

/// The JSON array kept with the message: each addressee once, in its first place; an audience alone, and in Cci.
pub(crate) fn to_json(addressees: &[Addressee]) -> Result<String, Refusal> {
    let misplaced = |a: &Addressee| a.kind.is_audience() && (a.field != Field::Bcc || addressees.len() > 1);
    if addressees.iter().any(misplaced) {
        return Err(Refusal::Audience);
    }
    if addressees.len() > MAX_ADDRESSEES {
        return Err(Refusal::TooMany { actual: addressees.len() as u64, allowed: MAX_ADDRESSEES as u64 });
    }
    let mut seen = std::collections::HashSet::new();
    let once: Vec<_> = addressees.iter().filter(|a| seen.insert((a.kind, a.id.as_str()))).collect();
    serde_json::to_string(&once).map_err(|error| Refusal::Other(error.to_string()))
}
