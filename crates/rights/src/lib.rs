//! Who may write to whom: the presets of an establishment, the judgement of addressees, the reach.
//!
//! The rules themselves are stated once, in the views `reachable`, `reachable_group` and `answerable` of `sql/`. This
//! crate fills the tables they read and asks them; it must not decide anything beside them.

mod judge;
mod preset;

pub use judge::{Addressee, Refused, judge, may_send, reach};
pub use preset::{Preset, apply, settle};
