//! Model letters (P-5): a subject and a body with merge fields, and what comes of them for one person.
//!
//! A template is what an administrator types: `Bonjour {{ civilité }} {{ nom }}`, `{% if enfant.classe == "6A" %}`. It is read as
//! a tree whose every node is on a list of what is allowed ([`check`]), so that there is no file, no include, no macro, no
//! function, no filter, no arithmetic and no loop but over the children of one person; then `minijinja` runs it with fuel, over
//! the fields of [`FIELDS`] and nothing else. A value is text: never markup, never template.
//!
//! Pure: no clock, no database. Mistakes are told in French, with the line as it is seen and the nearest name there is.

mod check;
mod fields;
mod merge;
mod mistake;
mod sheet;

pub use fields::{Child, FIELDS, FieldHelp, Person, Setting};
pub use merge::{Merged, Template, Unmerged, paragraph};
pub use mistake::{Mistake, Part, What};
pub use sheet::MAX_BODY;
