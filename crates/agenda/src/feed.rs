//! Private links: an agenda as iCalendar for whoever has the link, with what its owner may read at that very moment.

use sha2::{Digest as _, Sha256};
use store::{Database, params};

use crate::{Error, Event, List, Refusal, State, events, rubriques};

const DAY: i64 = 86_400_000;
/// What a feed holds: the last months, and what is planned.
const PAST: i64 = 100 * DAY;
const FUTURE: i64 = 800 * DAY;
const MOST: u32 = 2000;

/// A private link, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The rubrique and its name; none for all that one may read.
    pub rubrique: Option<(String, String)>,
    /// When it was made (UTC milliseconds).
    pub created_at: i64,
}

/// What is kept of a token: its SHA-256 in hexadecimal.
#[must_use]
pub fn token_hash(token: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(token.as_bytes()).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Makes the private link of `by` to an agenda (`None`: all that she may read), in place of the one she had.
///
/// # Errors
/// [`Refusal::NotFound`] for a rubrique that she does not read.
pub fn open_feed(db: &dyn Database, now: i64, by: &str, rubrique: Option<&str>, token: &str) -> Result<(), Error> {
    let made = db.first(
        "INSERT INTO agenda_feed (token_hash, person_id, rubrique_id, created_at)
            SELECT ?1, ?2, ?3, ?4 WHERE ?3 = '' OR EXISTS
                (SELECT 1 FROM readable_rubrique v WHERE v.person_id = ?2 AND v.rubrique_id = ?3)
            ON CONFLICT (person_id, rubrique_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at
            RETURNING person_id",
        params![token_hash(token), by, rubrique.unwrap_or_default(), now],
    )?;
    made.map(|_| ()).ok_or_else(|| Refusal::NotFound.into())
}

/// Takes a private link back.
///
/// # Errors
/// [`Refusal::NotFound`] when she has none.
pub fn revoke_feed(db: &dyn Database, by: &str, rubrique: Option<&str>) -> Result<(), Error> {
    let gone = db.first(
        "DELETE FROM agenda_feed WHERE person_id = ?1 AND rubrique_id = ?2 RETURNING person_id",
        params![by, rubrique.unwrap_or_default()],
    )?;
    gone.map(|_| ()).ok_or_else(|| Refusal::NotFound.into())
}

/// The private links of a person; the one to all first.
///
/// # Errors
/// Those of the database.
pub fn feeds(db: &dyn Database, by: &str) -> Result<Vec<Feed>, Error> {
    let rows = db.execute(
        "SELECT f.rubrique_id, r.name, f.created_at FROM agenda_feed f LEFT JOIN rubrique r ON r.id = f.rubrique_id
            WHERE f.person_id = ?1 ORDER BY r.folded_name",
        params![by],
    )?;
    rows.iter()
        .map(|row| {
            let rubrique = match row.text(0)? {
                "" => None,
                id => Some((id.to_owned(), row.optional_text(1)?.unwrap_or_default().to_owned())),
            };
            Ok(Feed { rubrique, created_at: row.integer(2)? })
        })
        .collect()
}

/// The agenda behind a private link, as iCalendar; none when the link is nobody's, was taken back, or its owner may not
/// read any more.
///
/// # Errors
/// Those of the database.
pub fn calendar_of(db: &dyn Database, now: i64, token: &str) -> Result<Option<String>, Error> {
    let owner = db.first(
        "SELECT f.person_id, f.rubrique_id FROM agenda_feed f
            JOIN person p ON p.id = f.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
            WHERE f.token_hash = ?1",
        params![token_hash(token)],
    )?;
    let Some(owner) = owner else { return Ok(None) };
    let (person, wanted) = (owner.text(0)?, owner.text(1)?);
    let rubrique = Some(wanted).filter(|id| !id.is_empty());
    let name = match rubrique {
        None => "Mon agenda".to_owned(),
        Some(id) => match rubriques(db, person)?.into_iter().find(|rubrique| rubrique.id == id) {
            Some(rubrique) => rubrique.name,
            None => return Ok(None),
        },
    };
    let list = List { rubrique, from: now - PAST, until: now + FUTURE, after: None, limit: MOST };
    let found = events(db, person, &list)?;
    let shown: Vec<_> = found.iter().filter(|event| event.state != State::Draft).map(written).collect();
    Ok(Some(calendar::feed(&name, &shown)))
}

/// One event as an iCalendar file.
#[must_use]
pub fn calendar_of_one(event: &Event) -> String {
    calendar::file(&written(event))
}

fn written(event: &Event) -> calendar::Event<'_> {
    calendar::Event {
        uid: &event.uid,
        sequence: event.sequence,
        revised_at: event.revised_at,
        title: &event.title,
        place: &event.place,
        summary: &event.summary,
        url: &event.url,
        when: event.when,
        zone: &event.zone,
        cancelled: event.state == State::Cancelled,
    }
}
