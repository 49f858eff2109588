//! Liaison notices (B-5), « carnet de liaison »: a notice to the legal parents of chosen pupils, who confirm that they have read
//! it, for each child. Who may write about whom: views `liaison_pupil_of`, `liaison_parent_of` and `liaison_group`. Who is
//! concerned is kept with the notice, so that parents can confirm whatever becomes of rules, groups and classes.

mod family;
mod follow;
mod remind;
mod write;

pub use family::{Child, ForParent, confirm, of_parent, one_for_parent};
pub use follow::{Follow, Parent, Pupil, Written, follow, written};
pub use remind::{remind, remind_due};
pub(crate) use write::due;
pub use write::{Group, groups, may_write, named, pupils, tell, tell_reminder, write};

/// What an author writes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// One line of at most 150 characters.
    pub title: String,
    /// HTML as written; sanitised before it is kept.
    pub body: String,
    /// Ids of groups, whose pupils are concerned.
    pub groups: Vec<String>,
    /// Ids of pupils.
    pub pupils: Vec<String>,
    /// 1 to 60: a reminder by itself, so many days after the notice left, to the parents of pupils who are not confirmed.
    pub remind_days: Option<i64>,
}
