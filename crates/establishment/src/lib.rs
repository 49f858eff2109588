//! What local administrators set for an establishment: name, domain, limits (M-2, M-5, M-10), and the roles of profiles and
//! of persons (A-5, M-6). Every change is one INSERT into `setting_change`, whose triggers make it: nothing changes without
//! leaving who, when, and what it was before.

mod roles;
mod settings;

pub use roles::{PersonRole, override_role, person_roles, profile_roles, save_profile_roles};
pub use settings::{Change, Fault, Settings, history, load, save};
