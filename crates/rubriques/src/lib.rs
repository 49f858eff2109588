//! Rubriques: sections of the site, who edits them and who reads them, and what became of the messages sent from them (B-1).
//!
//! Who may do what is said by the views of `sql/logic/rubriques.sql`, never beside them.

mod error;
mod keep;
mod population;
mod read;
mod report;
mod seat;

pub use error::{Error, Refusal};
pub use keep::{Content, close, keep, open_again};
pub use population::{Population, Reach, may_write, of_draft, own_message, writable};
pub use read::{Rubrique, one, readable};
pub use report::{Filter, Outcome, OutcomePage, Reason, Report, Send, SendPage, all_outcomes, outcomes, report, sends};
pub use seat::{NamedSeat, Seat, editors, find, named, populations};

/// Most editors, and most populations, of one rubrique.
pub const MOST_SEATS: usize = 60;
