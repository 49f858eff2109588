//! Publipostage (P-1 to P-6): the selection of accounts, campaigns, their letters and mails; model letters ([`model`]); and
//! [`job`], which makes long files slice by slice, for account letters and model letters alike.
//!
//! Who may make whose letters is said by the view `letter_subject`, whose code somebody may see by `withheld_code`; every
//! statement here asks them, and nothing here decides beside them. Codes are read when a letter is made, and are copied nowhere.

pub mod accounts;
pub mod campaign;
pub mod delegate;
mod error;
pub mod job;
pub mod letterhead;
pub mod mail;
pub mod model;
pub mod outcome;
mod selection;

pub use campaign::{Campaign, Start, launch, print_rest};
pub use error::{Error, Refusal};
pub use selection::{Account, Class, Code, Criteria, Selected, Sort, Viewpoint, classes, select};

/// Carries a job of any kind on by one slice: see [`job::advance`].
///
/// # Errors
/// As there.
pub fn advance(db: &dyn store::Database, now: i64, id: &str) -> Result<job::Job, Error> {
    job::advance(db, now, id, &mut |db, turn| match turn.job.kind {
        job::Kind::Accounts => accounts::slice(db, turn),
        job::Kind::Model => model::slice(db, turn),
    })
}
