//! vCards: 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) in, as Outlook, Gmail and iPhones write them; 3.0 and 4.0 out.
//!
//! The reader is ours: it works on bytes, since a charset may be said per property, knows the line of each card, and takes
//! time and memory in proportion to the file, whatever is in it. What cannot be read is told, never guessed.

mod draft;
mod line;
mod read;
mod text;
mod uid;
mod write;

use serde::{Deserialize, Serialize};

pub use read::parse;
pub(crate) use uid::{made_uid, person_of, person_uid, uuid_of};
pub use write::Version;
pub(crate) use write::{Exported, write};

use crate::Card;

/// Cards that one file may have.
pub const MAX_CARDS: usize = 5000;

/// What a file of cards holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parsed {
    pub(crate) cards: Vec<Incoming>,
    /// Names of groups, those without members too.
    pub(crate) groups: Vec<String>,
    /// The cards that could not be read.
    pub refused: Vec<Refused>,
}

/// One card of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Incoming {
    pub(crate) line: usize,
    /// Its UID without `urn:uuid:`; empty when it has none.
    pub(crate) uid: String,
    pub(crate) card: Card,
    /// Names of the groups it is in.
    pub(crate) groups: Vec<String>,
}

/// A card that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The line of the file where the card begins, from 1.
    pub line: usize,
    /// Its name, as far as it was read.
    pub name: String,
    /// In French: what is wrong and what to do.
    pub reason: String,
}

/// Why nothing of a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// There is no `BEGIN:VCARD` in it.
    #[error("not a file of vCards")]
    NotCards,
    /// There are more than [`MAX_CARDS`].
    #[error("more than {MAX_CARDS} cards")]
    TooManyCards,
}
