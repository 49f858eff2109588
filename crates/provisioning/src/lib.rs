//! From the files of an academy or a school to the directory, in four steps:
//!
//! 1. **Staging** ([`begin`], [`Staging`]): the entries of the files, in batches; duplicates are left out at once.
//! 2. **Preview** ([`prepare`], [`departures`]): staging beside the mirror of what the source said before. What cannot be used is
//!    left out with its line and reason; what would happen is counted. Nothing in the directory has changed so far.
//! 3. **Apply** ([`confirm`], [`advance`]): the mirror takes the entries, those that differ are marked dirty; then people,
//!    classes, groups and ties are made to follow the dirty entries, some hundreds at a time.
//! 4. **Purge** ([`purge`]): people who left, once the legal delay is over.
//!
//! Invariants: every statement can be run again, and they are ordered so that an interruption anywhere is completed by
//! going on; an entry that did not change touches nothing; logins and addresses once given stay, and are never given to
//! another. People whom no source knows are never touched.

mod apply;
mod chance;
mod counts;
mod departures;
mod error;
mod group_seats;
mod history;
mod identity;
mod judge;
mod labels;
mod mirror;
mod person;
mod prepare;
mod purge;
mod reconcile;
mod relatives;
mod settle;
mod staging;
mod structures;

pub use apply::{Progress, advance, cancel, confirm};
pub use chance::{Chance, System};
pub use counts::{Count, Counts};
pub use departures::{Departure, departures};
pub use error::{Error, Exodus, Refusal};
pub use history::{FileRead, Import, Rejected, history, interrupted, load, rejects, rejects_csv};
pub use prepare::prepare;
pub use purge::{Purged, purge};
pub use staging::{Mode, Read, Request, Source, Staging, begin, forget_file};
