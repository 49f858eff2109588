//! The search of people and groups for the directory and for recipient pickers (D-1, D-2, M-1).
//!
//! Whatever is asked, the answer is a part of what the views `reachable` and `reachable_group` give to the viewer: who is
//! shown is exactly who can be written to. Order is by folded name, pages by an opaque cursor.

mod categories;
mod chosen;
mod groups;
mod known;
mod page;
mod pages;
mod people;
mod plan;
mod similar;
mod suggest;
mod ties;
mod viewer;

#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod texts_tests;

pub use categories::{Category, CategoryKind, categories};
pub use chosen::{chosen_groups, chosen_people};
pub use groups::{FoundGroup, GroupQuery, all_groups, count_groups, find_group, search_groups};
pub use page::{Cursor, Page, PageSize};
pub(crate) use people::matching;
pub use people::{Child, FoundPerson, PeopleQuery, all_people, count_people, people_ids, search_from, search_people};
pub use similar::meant;
pub use suggest::{Suggestion, SuggestionKind, suggest};
pub use viewer::{Class, Establishment, SearchForm, classes, disciplines, establishments, form, roles};
