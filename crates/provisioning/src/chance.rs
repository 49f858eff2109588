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

/// The system's random numbers. Ids of one instant count up from a random one, so that the rows of a batch stand side by side
/// in every index.
#[derive(Debug, Clone, Copy, Default)]
pub struct System {
    last: u128,
}

impl Chance for System {
    fn id(&mut self, now: i64) -> String {
        let fresh = ulid::Ulid::from_parts(u64::try_from(now).unwrap_or(0), ulid::Ulid::generate().random());
        let (fresh, next) = (u128::from(fresh), self.last.wrapping_add(1));
        self.last = if next >> 80 == fresh >> 80 { next } else { fresh };
        ulid::Ulid::from(self.last).to_string()
    }

    fn code(&mut self) -> Result<String, Error> {
        account::activation_code().map_err(|_| Error::Random)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance as _, System};

    #[test]
    fn ids_count_up_and_never_repeat() {
        let mut system = System::default();
        let ids: Vec<String> = (0..2000).map(|n| system.id(n / 1000)).collect();
        assert!(ids.iter().all(|id| id.len() == 26) && ids.is_sorted_by(|one, other| one < other));
    }
}
