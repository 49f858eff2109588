//! The five profiles and the roles, as the database and the API spell them.

use std::fmt;
use std::str::FromStr;

use crate::BadId;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $kind:literal, { $($(#[$vdoc:meta])* $variant:ident => $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(into = "&'static str")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database and the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl From<$name> for &'static str {
            fn from(value: $name) -> Self {
                value.as_str()
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            /// # Errors
            /// When the text is none of the words.
            fn from_str(text: &str) -> Result<Self, BadId> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(BadId($kind)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words!(
    /// What a person is to the establishment.
    Profile, "profile", {
        /// Élève
        Student => "student",
        /// Parent, or another person responsible for a student
        Relative => "relative",
        /// Enseignant
        Teacher => "teacher",
        /// Personnel
        Staff => "staff",
        /// Invité, "autre"
        Guest => "guest",
    }
);

impl Profile {
    /// The profile of one person, in French: "Élève".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Student => "Élève",
            Self::Relative => "Parent",
            Self::Teacher => "Enseignant",
            Self::Staff => "Personnel",
            Self::Guest => "Invité",
        }
    }

    /// The profile of several, in French: "Élèves".
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Student => "Élèves",
            Self::Relative => "Parents",
            Self::Teacher => "Enseignants",
            Self::Staff => "Personnels",
            Self::Guest => "Invités",
        }
    }
}

words!(
    /// What a person may do.
    Role, "role", {
        /// Accès au service d'envoi: own establishment.
        Send => "send",
        /// Accès au service d'envoi étendu: every establishment.
        SendExtended => "send-extended",
        /// Messagerie interne.
        Mailbox => "mailbox",
        /// Directory of the own establishment.
        User => "user",
        /// Directory of the whole network.
        AdvancedUser => "advanced-user",
        /// Also manages ad hoc groups.
        DirectoryManager => "directory-manager",
    }
);

/// The roles an establishment gives each profile when it is made, with a mailbox for everybody (M-6).
#[must_use]
pub const fn default_roles(profile: Profile) -> &'static [Role] {
    match profile {
        Profile::Student => &[Role::Mailbox, Role::User],
        Profile::Relative | Profile::Guest => &[Role::Send, Role::User, Role::Mailbox],
        Profile::Teacher => &[Role::SendExtended, Role::DirectoryManager, Role::Mailbox],
        Profile::Staff => &[Role::SendExtended, Role::AdvancedUser, Role::Mailbox],
    }
}

#[cfg(test)]
mod tests {
    use super::{Profile, Role};

    #[test]
    fn words_go_round() {
        assert!(Profile::ALL.iter().all(|p| p.as_str().parse() == Ok(*p)));
        assert!(Role::ALL.iter().all(|r| r.as_str().parse() == Ok(*r)));
        assert!("parent".parse::<Profile>().is_err());
    }
}
