//! Who is looking. Read from the database on each request, so that blocking somebody works at once.

use serde::Serialize;
use store::{Database, Row, params};

use crate::Problem;

/// The five profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// élève
    Student,
    /// parent (responsable)
    Relative,
    /// enseignant
    Teacher,
    /// personnel
    Staff,
    /// autre, invité
    Guest,
}

impl Profile {
    /// The profile of a value of the database or the API: `student`…
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        [Self::Student, Self::Relative, Self::Teacher, Self::Staff, Self::Guest]
            .into_iter()
            .find(|p| p.as_str() == value)
    }

    /// As in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Relative => "relative",
            Self::Teacher => "teacher",
            Self::Staff => "staff",
            Self::Guest => "guest",
        }
    }

    /// As people read it.
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
}

/// The roles of A-5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Accès au service d’envoi: own establishment.
    Send,
    /// Accès étendu: every establishment.
    SendExtended,
    /// Messagerie interne.
    Mailbox,
    /// Annuaire: own establishment.
    User,
    /// Annuaire: whole network.
    AdvancedUser,
    /// Also manages ad hoc groups.
    DirectoryManager,
}

impl Role {
    const ALL: [Self; 6] =
        [Self::Send, Self::SendExtended, Self::Mailbox, Self::User, Self::AdvancedUser, Self::DirectoryManager];

    /// As in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::SendExtended => "send-extended",
            Self::Mailbox => "mailbox",
            Self::User => "user",
            Self::AdvancedUser => "advanced-user",
            Self::DirectoryManager => "directory-manager",
        }
    }
}

/// A person who is signed in, and not blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Her id (ULID).
    pub id: String,
    /// The UAI of her establishment.
    pub uai: String,
    /// The name of her establishment.
    pub establishment: String,
    /// Her profile.
    pub profile: Profile,
    /// Her first name.
    pub first_name: String,
    /// Her last name.
    pub last_name: String,
    /// What she does: "CPE"; may be empty.
    pub function: String,
    /// Her login.
    pub login: String,
    /// Her universal address.
    pub universal_address: String,
    /// Her roles, sorted out of profile and exceptions.
    pub roles: Vec<Role>,
    /// The UAIs of the establishments she is a local administrator of.
    pub administers: Vec<String>,
}

// One row at most, by the primary key; lists come as JSON so that it stays one statement.
const VIEWER: &str = "
SELECT p.id, p.uai, e.name, p.profile, p.first_name, p.last_name, p.function, p.login, p.universal_address,
    (SELECT json_group_array(DISTINCT r.role) FROM person_role r WHERE r.person_id = p.id),
    (SELECT json_group_array(a.uai) FROM local_admin a WHERE a.person_id = p.id)
FROM person p JOIN establishment e ON e.uai = p.uai
WHERE p.id = ?1 AND p.session_epoch = ?2
    AND p.blocked_at IS NULL AND p.left_at IS NULL AND p.activated_at IS NOT NULL";

impl Viewer {
    /// The person `id`, if she may be signed in now by a session of this `epoch`; an epoch that was left behind (a new
    /// password, sessions ended everywhere) opens nothing any more.
    ///
    /// # Errors
    /// 503 when the database cannot be used.
    pub fn load(db: &dyn Database, id: &str, epoch: i64) -> Result<Option<Self>, Problem> {
        db.first(VIEWER, params![id, epoch])?.map(|row| Self::from_row(&row)).transpose()
    }

    fn from_row(row: &Row) -> Result<Self, Problem> {
        let text = |index| row.text(index).map(str::to_owned);
        let list = |index| -> Result<Vec<String>, Problem> {
            serde_json::from_str(row.text(index)?).map_err(|error| Problem::internal(format!("viewer: {error}")))
        };
        let names = list(9)?;
        Ok(Self {
            id: text(0)?,
            uai: text(1)?,
            establishment: text(2)?,
            profile: Profile::parse(row.text(3)?).ok_or_else(|| Problem::internal("viewer: unknown profile"))?,
            first_name: text(4)?,
            last_name: text(5)?,
            function: text(6)?,
            login: text(7)?,
            universal_address: text(8)?,
            roles: Role::ALL.into_iter().filter(|role| names.iter().any(|name| name == role.as_str())).collect(),
            administers: list(10)?,
        })
    }

    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Whether she has this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether she administers an establishment, any.
    #[must_use]
    pub fn is_local_admin(&self) -> bool {
        !self.administers.is_empty()
    }

    /// Whether she administers this establishment.
    #[must_use]
    pub fn administers(&self, uai: &str) -> bool {
        self.administers.iter().any(|own| own == uai)
    }

    /// Whether she is a teacher or of the staff.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        matches!(self.profile, Profile::Teacher | Profile::Staff)
    }
}
