//! The people of an establishment as its administrators see them: all of them, blocked and departed too, whomever these
//! may write to. For everybody else there is the search.

use store::{Database, Row, params};

use crate::search::{Cursor, Page, PageSize, matching};
use crate::{Error, PersonId, Profile, Uai};

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Who neither is blocked nor has left.
    Present,
    /// Who is blocked.
    Blocked,
    /// Who has left, and is kept for the legal delay.
    Left,
}

impl State {
    /// The word in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Blocked => "blocked",
            Self::Left => "left",
        }
    }
}

impl std::str::FromStr for State {
    type Err = crate::BadId;

    /// # Errors
    /// When the text is none of the words.
    fn from_str(text: &str) -> Result<Self, crate::BadId> {
        [Self::Present, Self::Blocked, Self::Left]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(crate::BadId("state of a person"))
    }
}

/// A person in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Her id.
    pub id: PersonId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What she is.
    pub profile: Profile,
    /// What she does; may be empty.
    pub function: String,
    /// What she signs in with.
    pub login: String,
    /// Her universal address.
    pub universal_address: String,
    /// Classes and teaching groups.
    pub classes: Vec<String>,
    /// Since when she is activated, blocked, gone; UTC milliseconds.
    pub activated_at: Option<i64>,
    /// See [`Self::activated_at`].
    pub blocked_at: Option<i64>,
    /// See [`Self::activated_at`].
    pub left_at: Option<i64>,
}

impl Registered {
    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// What tells her from a homonym: "Élève de 6A", "Professeure d’anglais".
    #[must_use]
    pub fn detail(&self) -> String {
        match (&*self.function, &*self.classes) {
            ("", []) => self.profile.label().to_owned(),
            ("", classes) => format!("{}, {}", self.profile.label(), classes.join(", ")),
            (function, _) => function.to_owned(),
        }
    }
}

/// What is looked for in the register.
#[derive(Debug, Clone)]
pub struct RegisterQuery<'a> {
    /// The establishment: the caller answers for it that the viewer administers it.
    pub uai: &'a Uai,
    /// As typed; each word begins a word of the name.
    pub text: &'a str,
    /// Only this profile.
    pub profile: Option<Profile>,
    /// Only these.
    pub state: Option<State>,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// How many people.
    pub size: PageSize,
}

const COLUMNS: &str =
    "p.id, p.folded_name, p.first_name, p.last_name, p.profile, p.function, p.login, p.universal_address,
    p.activated_at, p.blocked_at, p.left_at,
    (SELECT json_group_array(DISTINCT c.name) FROM membership m JOIN person_group g ON g.id = m.group_id
        JOIN class c ON c.id = g.class_id AND c.kind = 'class' WHERE m.person_id = p.id)";

/// The people of the establishment, by name.
///
/// # Errors
/// When the database cannot be used.
pub fn register(database: &impl Database, query: &RegisterQuery<'_>) -> Result<Page<Registered>, Error> {
    let (name, id) = query.after.as_ref().map_or(("", ""), |c| (&c.folded_name, &c.id));
    let statement = format!(
        "SELECT {COLUMNS} FROM person p
         WHERE p.uai = ?1 AND p.purged_at IS NULL AND (p.folded_name, p.id) > (?2, ?3) AND (?5 IS NULL OR p.profile = ?5)
            AND (?4 IS NULL OR +p.n IN (SELECT f.rowid FROM person_search f WHERE f.person_search MATCH ?4))
            AND CASE ?6 WHEN 'present' THEN p.blocked_at IS NULL AND p.left_at IS NULL
                WHEN 'blocked' THEN p.blocked_at IS NOT NULL WHEN 'left' THEN p.left_at IS NOT NULL ELSE 1 END
         ORDER BY p.folded_name, p.id LIMIT ?7 + 0"
    );
    let parameters = params![
        query.uai.as_str(),
        name,
        id,
        matching(query.text),
        query.profile.map(Profile::as_str),
        query.state.map(State::as_str),
        query.size.get() + 1,
    ];
    let rows = database.execute(&statement, parameters)?;
    let rows = rows
        .iter()
        .map(|row| Ok((Cursor { id: row.text(0)?.to_owned(), folded_name: row.text(1)?.to_owned() }, registered(row)?)))
        .collect::<Result<_, Error>>()?;
    Ok(Page::of(rows, query.size))
}

/// One person of the establishment.
///
/// # Errors
/// When the database cannot be used.
pub fn registered_person(database: &impl Database, uai: &Uai, id: &PersonId) -> Result<Option<Registered>, Error> {
    let statement = format!("SELECT {COLUMNS} FROM person p WHERE p.uai = ?1 AND p.id = ?2 AND p.purged_at IS NULL");
    database.first(&statement, params![uai.as_str(), id.as_str()])?.map(|row| registered(&row)).transpose()
}

fn registered(row: &Row) -> Result<Registered, Error> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Registered {
        id: row.text(0)?.parse()?,
        first_name: text(2)?,
        last_name: text(3)?,
        profile: row.text(4)?.parse()?,
        function: text(5)?,
        login: text(6)?,
        universal_address: text(7)?,
        classes: serde_json::from_str(row.text(11)?)?,
        activated_at: row.optional_integer(8)?,
        blocked_at: row.optional_integer(9)?,
        left_at: row.optional_integer(10)?,
    })
}
