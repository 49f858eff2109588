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

/// What an addressee is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One person.
    Person,
    /// The members of a group, when the message is sent.
    Group,
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

    /// As the judge of rights asks for it: where it was typed plays no part.
    #[must_use]
    pub fn asked(self) -> rights::Addressee {
        match self.kind {
            Kind::Person => rights::Addressee::Person(self.id),
            Kind::Group => rights::Addressee::Group(self.id),
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

/// The JSON array kept with the message: each addressee once, in its first place.
pub(crate) fn to_json(addressees: &[Addressee]) -> Result<String, Refusal> {
    if addressees.len() > MAX_ADDRESSEES {
        return Err(Refusal::TooMany { actual: addressees.len() as u64, allowed: MAX_ADDRESSEES as u64 });
    }
    let mut seen = std::collections::HashSet::new();
    let once: Vec<_> = addressees.iter().filter(|a| seen.insert((a.kind, a.id.as_str()))).collect();
    serde_json::to_string(&once).map_err(|error| Refusal::Other(error.to_string()))
}
