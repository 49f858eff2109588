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

/// Milliseconds after which [`carry_on`] begins no other slice: cron asks again soon.
const FIRING: i64 = 40_000;

/// What cron does: purges old files, then carries on the jobs that nobody looks after, in turns, for 40 s at most. At the same
/// time as pages or another cron it does no harm. `now` gives UTC milliseconds. What goes wrong with one job keeps no other
/// from going on; a job that goes wrong is left until the next time.
///
/// # Errors
/// The first, when all was tried; what was done stays done.
pub fn carry_on(db: &dyn store::Database, now: &mut dyn FnMut() -> i64) -> Result<(), Error> {
    let begun = now();
    let mut outcome = job::purge(db, begun);
    let mut jobs = job::left(db, begun)?;
    while !jobs.is_empty() {
        let mut running = Vec::new();
        for (id, kind) in jobs {
            let at = now();
            if at >= begun + FIRING {
                return outcome;
            }
            match advance(db, at, &id) {
                Ok(job) if job.state == job::State::Running => running.push((id, kind)),
                Ok(_) => {}
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        jobs = running;
    }
    outcome
}

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
