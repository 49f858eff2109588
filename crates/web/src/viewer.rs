//! Who is looking. Read from the database on each request, so that blocking somebody works at once.

use std::fmt::Display;
use std::str::FromStr;

use people::{PersonId, Profile, Role};
use store::{Database, Row, params};

use crate::Problem;
use crate::flash_messages::FlashMessage;

/// A person who is signed in, and not blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Her id (ULID).
    pub id: String,
    /// The same, as the directory takes it.
    pub person: PersonId,
    /// The UAI of her establishment.
    pub uai: String,
    /// The name of her establishment.
    pub establishment: String,
    /// Its time zone, by its IANA name.
    pub timezone: String,
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
    /// Whether she administers classes (P-1): whose, the database says.
    pub administers_classes: bool,
    /// To how many people at most a message of hers may go (M-2), by a setting of her establishment.
    pub max_recipients: u32,
    /// Whether there are other establishments than hers.
    pub in_network: bool,
}

// One row at most, by the primary key; with the flash messages shown at ?3 (none without an instant): by the person's few groups to
// the open messages of her establishments, no row on most pages; lists come as JSON so that it stays one statement. The view is asked with ?1, not
// p.id: SQLite pushes a parameter into the arms of a view under an aggregate, a column never, and would read everybody.
const VIEWER: &str = "
SELECT p.id, p.uai, e.name, p.profile, p.first_name, p.last_name, p.function, p.login, p.universal_address,
    (SELECT json_group_array(DISTINCT r.role) FROM person_role r WHERE r.person_id = ?1),
    (SELECT json_group_array(a.uai) FROM local_admin a WHERE a.person_id = p.id), e.timezone,
    EXISTS (SELECT 1 FROM class_admin a WHERE a.person_id = p.id),
    (SELECT json_group_array(json_array(f.id, f.level, f.text)) FROM (
        SELECT f.id, f.level, f.text FROM flash_shown f WHERE f.person_id = ?1 AND f.starts_at <= ?3 AND f.ends_at > ?3
        ORDER BY f.level = 'urgent' DESC, f.level = 'warning' DESC, f.id) f),
    e.max_recipients, (SELECT count(*) > 1 FROM (SELECT 1 FROM establishment LIMIT 2))
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
        Ok(Self::load_with_flash(db, id, epoch, None)?.map(|(viewer, _)| viewer))
    }

    /// The same, with the flash messages (B-4) that her pages show at an instant.
    pub(crate) fn load_with_flash(
        db: &dyn Database,
        id: &str,
        epoch: i64,
        at: Option<i64>,
    ) -> Result<Option<(Self, Vec<FlashMessage>)>, Problem> {
        let Some(row) = db.first(VIEWER, params![id, epoch, at])? else { return Ok(None) };
        let flash = serde_json::from_str(row.text(13)?)
            .map_err(|error| Problem::internal(format!("flash messages: {error}")))?;
        Ok(Some((Self::from_row(&row)?, flash)))
    }

    fn from_row(row: &Row) -> Result<Self, Problem> {
        let text = |index| row.text(index).map(str::to_owned);
        Ok(Self {
            id: text(0)?,
            person: parsed(row.text(0)?)?,
            uai: text(1)?,
            establishment: text(2)?,
            timezone: text(11)?,
            profile: parsed(row.text(3)?)?,
            first_name: text(4)?,
            last_name: text(5)?,
            function: text(6)?,
            login: text(7)?,
            universal_address: text(8)?,
            roles: list(row.text(9)?)?,
            administers: list(row.text(10)?)?,
            administers_classes: row.boolean(12)?,
            max_recipients: u32::try_from(row.integer(14)?).unwrap_or(0),
            in_network: row.boolean(15)?,
        })
    }

    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The time that is read in her establishment.
    #[must_use]
    pub fn zone(&self) -> clock::Zone {
        clock::Zone::named(&self.timezone)
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

/// What the database holds was checked when it came in; a value that is not what it should be is our mistake.
fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error| Problem::internal(format!("viewer: {error}")))
}

fn list<T: FromStr<Err: Display>>(json: &str) -> Result<Vec<T>, Problem> {
    let texts: Vec<String> =
        serde_json::from_str(json).map_err(|error| Problem::internal(format!("viewer: {error}")))?;
    texts.iter().map(|text| parsed(text)).collect()
}
