//! Identifiers, checked once when they come in, then trusted.

use std::fmt;
use std::str::FromStr;

use crate::BadId;

/// Length of a ULID in Crockford's base 32.
const ULID_LENGTH: usize = 26;

fn is_ulid(text: &str) -> bool {
    let crockford = |c: u8| c.is_ascii_digit() || (c.is_ascii_uppercase() && !matches!(c, b'I' | b'L' | b'O' | b'U'));
    text.len() == ULID_LENGTH && text.bytes().all(crockford)
}

macro_rules! ulid {
    ($(#[$doc:meta])* $name:ident, $word:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The ULID, 26 characters.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            /// # Errors
            /// When the text is not a ULID in upper case.
            fn from_str(text: &str) -> Result<Self, BadId> {
                if is_ulid(text) { Ok(Self(text.to_owned())) } else { Err(BadId($word)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

ulid!(
    /// A person.
    PersonId, "person id"
);
ulid!(
    /// A group of people: class, profile of an establishment, list…
    GroupId, "group id"
);
ulid!(
    /// A class or a teaching group.
    ClassId, "class id"
);

/// The national code of an establishment: seven digits and a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Uai(String);

impl Uai {
    /// The eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Uai {
    type Err = BadId;

    /// # Errors
    /// When the text is not `^[0-9]{7}[A-Z]$`.
    fn from_str(text: &str) -> Result<Self, BadId> {
        match text.as_bytes() {
            [digits @ .., letter]
                if digits.len() == 7 && digits.iter().all(u8::is_ascii_digit) && letter.is_ascii_uppercase() =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(BadId("UAI")),
        }
    }
}

impl fmt::Display for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{PersonId, Uai};

    #[test]
    fn only_what_has_the_form_goes_in() {
        assert!("01ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<PersonId>().is_ok());
        for bad in [
            "",
            "01ARZ3NDEKTSV4RRFFQ69G5FA",
            "01arz3ndektsv4rrffq69g5fav",
            "01ARZ3NDEKTSV4RRFFQ69G5FAU",
            "01ARZ3NDEKTSV4RRFFQ69G5FÀ",
        ] {
            assert!(bad.parse::<PersonId>().is_err(), "{bad}");
        }
        assert!("0310001A".parse::<Uai>().is_ok());
        for bad in ["", "031001A", "0310001a", "031000AA", "03100012", "0310001AA"] {
            assert!(bad.parse::<Uai>().is_err(), "{bad}");
        }
    }
}
