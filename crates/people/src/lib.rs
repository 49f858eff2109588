//! People and groups: what they are called, how they sign in, and the search of those whom a person may write to.
//!
//! The first half is pure: [`fold`] for search and sort, [`Namer`] for logins and universal addresses. The second asks
//! the database, always through the views `reachable` and `reachable_group`, which alone say who may write to whom:
//! nothing there knows a rule, and nothing there may show a person that those views do not give. [`register`] is apart: an
//! establishment's own people, for its administrators.

mod error;
mod fold;
mod group;
mod id;
mod naming;
mod profile;
mod register;
mod search;

pub use error::{BadCursor, BadId, Error};
pub use fold::{fold, words};
pub use group::{GroupKind, automatic_group_name, discipline_group_name, head_teacher_group_name, network_group};
pub use id::{ClassId, GroupId, PersonId, Uai};
pub use naming::{Login, Namer, UniversalAddress, taken};
pub use profile::{Profile, Role, default_roles};
pub use register::{RegisterQuery, Registered, State, register, registered_person};
pub use search::{
    Category, CategoryKind, Child, Class, Cursor, Establishment, FoundGroup, FoundPerson, GroupQuery, Page, PageSize,
    PeopleQuery, SearchForm, Suggestion, SuggestionKind, all_groups, all_people, categories, chosen_groups,
    chosen_people, classes, count_groups, count_people, disciplines, establishments, find_group, form, meant,
    people_ids, roles, search_from, search_groups, search_people, suggest,
};
