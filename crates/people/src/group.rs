//! The kinds of group, and what the automatic ones are called.

use std::fmt;
use std::str::FromStr;

use crate::profile::words;
use crate::{BadId, Profile};

words!(
    /// What makes a group.
    GroupKind, "kind of group", {
        /// A profile of the whole network.
        Network => "network",
        /// A profile of an establishment.
        Establishment => "establishment",
        /// A profile of a class.
        Class => "class",
        /// A profile of a teaching group.
        TeachingGroup => "teaching-group",
        /// The teachers of a discipline in an establishment.
        Discipline => "discipline",
        /// The head teachers of a class or, without one, of an establishment.
        HeadTeacher => "head-teacher",
        /// Made by an administrator.
        Manual => "manual",
        /// Made by its managers (D-3).
        AdHoc => "ad-hoc",
        /// Liste de diffusion: its members are hidden.
        List => "list",
    }
);

impl GroupKind {
    /// What people call it, in French.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Network => "Tout l’ENT",
            Self::Establishment => "Établissement",
            Self::Class => "Classe",
            Self::TeachingGroup => "Groupe d’enseignement",
            Self::Discipline => "Discipline",
            Self::HeadTeacher => "Professeurs principaux",
            Self::Manual => "Groupe manuel",
            Self::AdHoc => "Groupe ad hoc",
            Self::List => "Liste de diffusion",
        }
    }
}

/// The French name of an automatic group: "Tous les élèves" without a class, "Parents de 6A" with one.
#[must_use]
pub fn automatic_group_name(profile: Profile, class: Option<&str>) -> String {
    let everybody = match profile {
        Profile::Student => "Tous les élèves",
        Profile::Relative => "Tous les parents",
        Profile::Teacher => "Tous les enseignants",
        Profile::Staff => "Tous les personnels",
        Profile::Guest => "Tous les invités",
    };
    match class {
        None => everybody.to_owned(),
        // Elision before a vowel: "Élèves d’Espagnol", never "de Espagnol".
        Some(class) if crate::fold(class).starts_with(['a', 'e', 'i', 'o', 'u', 'y']) => {
            format!("{} d’{class}", profile.plural())
        }
        Some(class) => format!("{} de {class}", profile.plural()),
    }
}

/// The French name of the group of a discipline, from its name in the directory's feed: "Enseignants – Mathématiques".
#[must_use]
pub fn discipline_group_name(discipline: &str) -> String {
    format!("Enseignants – {discipline}")
}

/// The French name of the group of head teachers: of a class, or of the establishment.
#[must_use]
pub fn head_teacher_group_name(class: Option<&str>) -> String {
    class.map_or_else(
        || "Tous les professeurs principaux".to_owned(),
        |class| format!("Professeurs principaux – {class}"),
    )
}

/// The id of the group of a profile in the whole network; sql/migrations/0003_groups.sql makes these five.
#[must_use]
pub const fn network_group(profile: Profile) -> &'static str {
    match profile {
        Profile::Student => "00000000000000000000000001",
        Profile::Relative => "00000000000000000000000002",
        Profile::Teacher => "00000000000000000000000003",
        Profile::Staff => "00000000000000000000000004",
        Profile::Guest => "00000000000000000000000005",
    }
}

#[cfg(test)]
mod tests {
    use super::automatic_group_name;
    use crate::Profile;

    #[test]
    fn names_read_well() {
        assert_eq!(automatic_group_name(Profile::Student, None), "Tous les élèves");
        assert_eq!(automatic_group_name(Profile::Relative, Some("6A")), "Parents de 6A");
        assert_eq!(automatic_group_name(Profile::Teacher, Some("Espagnol 4e")), "Enseignants d’Espagnol 4e");
    }
}
