//! Flash messages (B-4): a few words by the head or a local administrator, on every page of the chosen profiles until they are
//! dismissed or over, and sent before other mail. Who may write them: view `flash_author`; who sees them: view `flash_shown`.

use counter::{Desk, Kind};
use store::{Database, Row, params};

use crate::dispatch::{Due, RUN, link, tell_first};
use crate::{Error, Told, content};

/// Characters of a flash message.
pub const MAX_TEXT: usize = 500;
/// Longest showing, in milliseconds: 60 days. What lasts longer is news.
const MAX_SHOWING: i64 = 60 * 86_400_000;
const PROFILES: [&str; 5] = ["student", "relative", "teacher", "staff", "guest"];
/// Flash messages of a history.
const HISTORY: i64 = 60;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know.
    Information,
    /// To be minded.
    Warning,
    /// To be acted upon now.
    Urgent,
}

impl Level {
    /// As the database has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Urgent => "urgent",
        }
    }

    /// In French.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Information => "Information",
            Self::Warning => "Important",
            Self::Urgent => "Urgent",
        }
    }

    fn of(text: &str) -> Self {
        match text {
            "urgent" => Self::Urgent,
            "warning" => Self::Warning,
            _ => Self::Information,
        }
    }
}

/// What an author writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// 1 to [`MAX_TEXT`] characters of plain text.
    pub text: String,
    /// How much it matters.
    pub level: Level,
    /// Profiles of the establishment, at least one: `student`, `relative`, `teacher`, `staff`, `guest`.
    pub profiles: Vec<String>,
    /// UTC milliseconds; none, or past: at once.
    pub starts_at: Option<i64>,
    /// UTC milliseconds.
    pub ends_at: i64,
}

/// Where a flash message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its start is to come.
    Scheduled,
    /// It is shown.
    Shown,
    /// Its time is over.
    Over,
    /// It was taken back.
    Withdrawn,
}

/// A flash message as its authors see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// ULID.
    pub id: String,
    /// Plain text.
    pub text: String,
    /// How much it matters.
    pub level: Level,
    /// Profiles it is for.
    pub profiles: Vec<String>,
    /// UTC milliseconds.
    pub starts_at: i64,
    /// UTC milliseconds.
    pub ends_at: i64,
    /// Where it stands.
    pub state: State,
    /// Name of who wrote it.
    pub author: String,
    /// Name of who took it back, and when (UTC milliseconds).
    pub withdrawn: Option<(String, i64)>,
    /// When its message left, UTC milliseconds.
    pub notified_at: Option<i64>,
    /// Why its message was not sent: a code of `counter::CODES`.
    pub notify_problem: Option<String>,
    /// How many people dismissed it.
    pub dismissed: i64,
}

/// A flash message as the page of a person shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// ULID.
    pub id: String,
    /// How much it matters.
    pub level: Level,
    /// Plain text.
    pub text: String,
    /// UTC milliseconds.
    pub ends_at: i64,
}

/// UAIs of the establishments that `person` may write flash messages in.
///
/// # Errors
/// [`Error::Store`].
pub fn establishments(database: &dyn Database, person: &str) -> Result<Vec<(String, String)>, Error> {
    let rows = database.execute(
        "SELECT DISTINCT e.uai, e.name FROM flash_author a JOIN establishment e ON e.uai = a.uai
            WHERE a.person_id = ?1 ORDER BY e.name",
        params![person],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

/// Writes a flash message in `uai` under the new id `id`; gives its id. With a `key` that was used before, gives the one that
/// was written then.
///
/// # Errors
/// [`Error::Invalid`] for the content; [`Error::Refused`] with `not-author` when `author` may not.
pub fn write(
    desk: Desk<'_>,
    author: &str,
    uai: &str,
    id: &str,
    content: &Content,
    key: Option<&str>,
) -> Result<String, Error> {
    let key = content::key(key)?;
    let text = content.text.trim();
    if text.is_empty()
        || text.chars().count() > MAX_TEXT
        || text.chars().any(|c| c.is_control() && c != '\n' && c != '\r')
    {
        return Err(Error::invalid("text", "Écrivez un texte de 500 caractères au plus."));
    }
    if content.profiles.is_empty() || content.profiles.iter().any(|profile| !PROFILES.contains(&profile.as_str())) {
        return Err(Error::invalid("profiles", "Cochez au moins un profil."));
    }
    let starts_at = content.starts_at.unwrap_or(desk.now).max(desk.now);
    if content.ends_at <= starts_at {
        return Err(Error::invalid("ends_at", "La fin doit être à venir, et après le début."));
    }
    if content.ends_at - starts_at > MAX_SHOWING {
        return Err(Error::invalid(
            "ends_at",
            "Un message flash s’affiche 60 jours au plus : publiez plutôt une actualité.",
        ));
    }
    let made = desk.database.first(
        "INSERT INTO flash (id, uai, author_id, text, level, profiles, starts_at, ends_at, idempotency_key, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (author_id, idempotency_key) DO NOTHING RETURNING id",
        params![
            id,
            uai,
            author,
            text.replace('\r', ""),
            content.level.as_str(),
            content::json(&content.profiles)?,
            starts_at,
            content.ends_at,
            key,
            desk.now
        ],
    )?;
    let row = match made {
        Some(row) => Some(row),
        None => desk
            .database
            .first("SELECT id FROM flash WHERE author_id = ?1 AND idempotency_key = ?2", params![author, key])?,
    };
    row.map_or(Err(Error::NotFound), |row| Ok(row.text(0)?.to_owned()))
}

/// Sends the message of flash `id`, if it is due; see [`Told`].
///
/// # Errors
/// [`Error::Store`]; the cron trigger tries again then.
pub fn tell(desk: Desk<'_>, site: Option<&str>, id: &str) -> Result<Told, Error> {
    tell_first(desk, &due(desk, site, Some(id))?)
}

pub(crate) fn due(desk: Desk<'_>, site: Option<&str>, only: Option<&str>) -> Result<Vec<Due>, Error> {
    let rows = desk.database.execute(
        "SELECT f.id, f.author_id, f.text, f.level, e.name FROM flash f JOIN establishment e ON e.uai = f.uai
            WHERE f.notified_at IS NULL AND f.withdrawn_at IS NULL AND f.notify_problem IS NULL
            AND f.starts_at <= ?1 AND f.ends_at > ?1 AND (?2 IS NULL OR f.id = ?2)
            ORDER BY f.starts_at LIMIT ?3 + 0",
        params![desk.now, only, RUN],
    )?;
    rows.iter()
        .map(|row| {
            let (text, level) = (row.text(2)?, Level::of(row.text(3)?));
            let html = maud::html! {
                @for line in text.lines() { p { (line) } }
                p { em { "Message flash de " (row.text(4)?) } }
                @if site.is_some() { (link(site, "/", "Ouvrir le site", "")) }
            };
            Ok(Due {
                kind: Kind::Flash,
                id: row.text(0)?.to_owned(),
                author: row.text(1)?.to_owned(),
                subject: format!("{} : {}", level.label(), content::excerpt(text, 100)),
                html: html.into_string(),
            })
        })
        .collect()
}

/// What the pages of `person` show at `now`: the most urgent first, then the newest.
///
/// # Errors
/// [`Error::Store`].
pub fn shown(database: &dyn Database, person: &str, now: i64) -> Result<Vec<Shown>, Error> {
    let rows = database.execute(
        "SELECT DISTINCT s.id, s.level, s.text, s.ends_at FROM flash_shown s
            WHERE s.person_id = ?1 AND s.starts_at <= ?2 AND s.ends_at > ?2
            ORDER BY CASE s.level WHEN 'urgent' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, s.starts_at DESC",
        params![person, now],
    )?;
    rows.iter()
        .map(|row| {
            let (id, level) = (row.text(0)?.to_owned(), Level::of(row.text(1)?));
            Ok(Shown { id, level, text: row.text(2)?.to_owned(), ends_at: row.integer(3)? })
        })
        .collect()
}

/// `person` has seen flash `id` and wants it off her pages. Doing it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when it is not one of hers.
pub fn dismiss(database: &dyn Database, person: &str, id: &str, now: i64) -> Result<(), Error> {
    let done = database.first(
        "INSERT INTO flash_dismissal (person_id, flash_id, at)
            SELECT ?1, f.id, ?3 FROM flash f WHERE f.id = ?2 AND f.starts_at <= ?3
            AND EXISTS (SELECT 1 FROM flash_audience a WHERE a.flash_id = ?2 AND a.person_id = ?1)
            ON CONFLICT (person_id, flash_id) DO UPDATE SET at = flash_dismissal.at RETURNING 1",
        params![person, id, now],
    )?;
    done.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// Takes flash `id` off all pages, or keeps it from being shown. Doing it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when `person` is no author of flash messages in its establishment.
pub fn withdraw(database: &dyn Database, person: &str, id: &str, now: i64) -> Result<(), Error> {
    let done = database.first(
        "UPDATE flash SET withdrawn_at = coalesce(withdrawn_at, ?3), withdrawn_by = coalesce(withdrawn_by, ?1)
            WHERE id = ?2 AND EXISTS (SELECT 1 FROM flash_author a WHERE a.person_id = ?1 AND a.uai = flash.uai)
            RETURNING 1",
        params![person, id, now],
    )?;
    done.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// The flash messages of `uai`, newest first, the last 60.
///
/// # Errors
/// [`Error::NotFound`] when `person` is no author of flash messages there.
pub fn history(database: &dyn Database, person: &str, uai: &str, now: i64) -> Result<Vec<Flash>, Error> {
    let author =
        database.first("SELECT 1 FROM flash_author a WHERE a.person_id = ?1 AND a.uai = ?2", params![person, uai])?;
    if author.is_none() {
        return Err(Error::NotFound);
    }
    let rows = database.execute(
        "SELECT f.id, f.text, f.level, f.profiles, f.starts_at, f.ends_at, f.withdrawn_at, f.notified_at, f.notify_problem,
            p.first_name || ' ' || p.last_name, coalesce(w.first_name || ' ' || w.last_name, ''),
            (SELECT count(*) FROM flash_dismissal d WHERE d.flash_id = f.id)
            FROM flash f JOIN person p ON p.id = f.author_id LEFT JOIN person w ON w.id = f.withdrawn_by
            WHERE f.uai = ?1 ORDER BY f.id DESC LIMIT ?2 + 0",
        params![uai, HISTORY],
    )?;
    rows.iter().map(|row| flash(row, now)).collect()
}

fn flash(row: &Row, now: i64) -> Result<Flash, Error> {
    let (starts_at, ends_at, withdrawn_at) = (row.integer(4)?, row.integer(5)?, row.optional_integer(6)?);
    let state = match withdrawn_at {
        Some(_) => State::Withdrawn,
        None if ends_at <= now => State::Over,
        None if starts_at > now => State::Scheduled,
        None => State::Shown,
    };
    let by = row.text(10)?.to_owned();
    Ok(Flash {
        id: row.text(0)?.to_owned(),
        text: row.text(1)?.to_owned(),
        level: Level::of(row.text(2)?),
        profiles: content::list(row.text(3)?)?,
        starts_at,
        ends_at,
        state,
        author: row.text(9)?.to_owned(),
        withdrawn: withdrawn_at.map(|at| (by, at)),
        notified_at: row.optional_integer(7)?,
        notify_problem: row.optional_text(8)?.map(str::to_owned),
        dismissed: row.integer(11)?,
    })
}
