//! Who may write to whom: the presets of an establishment, the judgement of addressees, the reach; and what
//! administrators do about it: edits with a rehearsal, the simulator, distribution lists, prohibitions, blocking.
//!
//! The rules themselves are stated once, in the views `reachable`, `reachable_group` and `answerable` of `sql/`. This
//! crate fills the tables they read and asks them; it must not decide anything beside them. `TABLE.md` says what they come
//! to, preset by preset, and is what the tests compare with.

mod blocking;
mod edit;
mod effect;
mod judge;
mod list;
mod map;
mod path;
mod preset;
mod prohibition;

pub use blocking::{Blocked, Blocking, block, blockings, unblock};
pub use edit::{BadParticipation, Edit, Editor, Effect, Made, Participation, addable, edit, history, rehearse};
pub use judge::{Addressee, Refused, judge, reach};
pub use list::{Feed, Feeds, List, drop as drop_list, feed_lists, feeds, keep as keep_list, lists};
pub use map::{RuleGroup, Rules, groups, rules_of};
pub use path::{Explanation, Obstacle, Path, explain};
pub use preset::{BadPreset, Preset, settle};
pub use prohibition::{Prohibition, forbid, lift, prohibitions};
