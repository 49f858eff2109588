//! Ad hoc groups (D-3): made, changed, filled and dropped by their managers and by the local administrators of their
//! establishment.
//!
//! Each change is one statement on the view `ad_hoc_group` or on `membership`, which judges who asks as well: nothing is
//! gained by skipping the questions of this crate. Whom a manager may add is said by `reachable`, and by nothing else.

mod change;
mod error;
mod members;
mod read;

pub use change::{Content, change, drop_group, make};
pub use error::{Error, Refusal};
pub use members::{Member, Members, add, members, remove};
pub use read::{AdHoc, Manager, kept, one};

/// Most people added or taken out at once.
pub const MOST_PEOPLE: usize = 1000;
/// Most managers of a group.
pub const MOST_MANAGERS: usize = 20;
