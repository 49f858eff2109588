//! The counter of the post office, for the components that have a mail sent by the service itself: codes and links.
//!
//! In a component it is an import of `vaguemestre:post/submission`, filled by the `post` component; natively it is the
//! crate behind that component, over the same database.

use store::Database;

#[cfg(target_family = "wasm")]
mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/deps/spin-sqlite", "../../wit/post"],
        inline: "package vaguemestre:counter; world counter { import vaguemestre:post/submission@0.1.0; }",
        generate_all,
    });
}

/// Why a mail was not queued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address cannot be written to (RFC 5321).
    #[error("the address cannot be written to")]
    BadAddress,
    /// Anything else; for the log.
    #[error("the post office did not take a mail: {0}")]
    Unavailable(String),
}

/// Queues a plain-text mail (at most 4 kB) about the account of `person` to `address`, ahead of other mail. `now` in UTC
/// milliseconds.
///
/// # Errors
/// [`Error::BadAddress`] when there can be no such address; nothing was queued then.
pub fn write_to_address(
    db: &dyn Database,
    now: i64,
    person: &str,
    address: &str,
    subject: &str,
    text: &str,
) -> Result<(), Error> {
    imp::write_to_address(db, now, person, address, subject, text)
}

#[cfg(target_family = "wasm")]
mod imp {
    use store::Database;

    use crate::Error;
    use crate::bindings::vaguemestre::post::submission::{self};
    use crate::bindings::vaguemestre::post::types::Refusal;

    // The component behind the import has a database and a clock of its own.
    pub(crate) fn write_to_address(
        _: &dyn Database,
        _: i64,
        person: &str,
        address: &str,
        subject: &str,
        text: &str,
    ) -> Result<(), Error> {
        match submission::write_to_address(person, address, subject, text) {
            Ok(_) => Ok(()),
            Err(Refusal::BadAddress) => Err(Error::BadAddress),
            Err(other) => Err(Error::Unavailable(format!("{other:?}"))),
        }
    }
}

#[cfg(not(target_family = "wasm"))]
mod imp {
    use store::Database;
    use submission::{Desk, Refusal};

    use crate::Error;

    pub(crate) fn write_to_address(
        database: &dyn Database,
        now: i64,
        person: &str,
        address: &str,
        subject: &str,
        text: &str,
    ) -> Result<(), Error> {
        match submission::write_to_address(Desk { database, now }, person, address, subject, text) {
            Ok(_) => Ok(()),
            Err(Refusal::BadAddress) => Err(Error::BadAddress),
            Err(other) => Err(Error::Unavailable(format!("{other:?}"))),
        }
    }
}
