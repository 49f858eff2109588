//! What cannot be printed.

use thiserror::Error;

/// The part of an account or of a letter that cannot be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// First and last name.
    Name,
    /// What is typed to sign in.
    Login,
    /// The activation code.
    Code,
    /// The class.
    Class,
    /// A child's name.
    Child,
    /// The postal address.
    Address,
    /// Place and date of a model letter.
    Date,
    /// The subject of a model letter.
    Subject,
    /// The body of a model letter.
    Body,
    /// The signature of a model letter.
    Signature,
}

impl Field {
    /// As a sentence says it, with its article: "le nom".
    #[must_use]
    pub const fn french(self) -> &'static str {
        match self {
            Self::Name => "le nom",
            Self::Login => "l’identifiant",
            Self::Code => "le code d’activation",
            Self::Class => "la classe",
            Self::Child => "le nom d’un enfant",
            Self::Address => "l’adresse",
            Self::Date => "la date",
            Self::Subject => "l’objet",
            Self::Body => "le texte",
            Self::Signature => "la signature",
        }
    }
}

/// Why it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is nothing to print.
    Empty,
    /// A letter that the font does not have (another alphabet).
    Letter(char),
    /// A login or a code that would have to be cut, which they never are; a body of more than 200 pages.
    TooLong,
}

impl Why {
    /// As the end of a sentence: "contient « ع », que la police ne sait pas écrire".
    #[must_use]
    pub fn french(self) -> String {
        match self {
            Self::Empty => "est vide".to_owned(),
            Self::Letter(letter) => format!("contient « {letter} », que la police des courriers ne sait pas écrire"),
            Self::TooLong => "est trop long pour être imprimé".to_owned(),
        }
    }
}

/// An account of which no good letter can be made. Nothing was written: the press is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("account {index} cannot be printed: {field:?}, {why:?}")]
pub struct Unprintable {
    /// Its place in the list that was given.
    pub index: usize,
    /// What of it.
    pub field: Field,
    /// Why.
    pub why: Why,
}
