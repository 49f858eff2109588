//! Where ids and activation codes come from: an input, so that tests know them.

use crate::Error;

/// Gives what nobody can foresee.
pub trait Chance {
    /// A new ULID of this instant (UTC milliseconds).
    fn id(&mut self, now: i64) -> String;

    /// A new activation code.
    ///
    /// # Errors
    /// [`Error::Random`] when there are no random bytes.
    fn code(&mut self) -> Result<String, Error>;
}

/// The system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Chance for System {
    fn id(&mut self, now: i64) -> String {
        ulid::Ulid::from_parts(u64::try_from(now).unwrap_or(0), ulid::Ulid::generate().random()).to_string()
    }

    fn code(&mut self) -> Result<String, Error> {
        account::activation_code().map_err(|_| Error::Random)
    }
}
