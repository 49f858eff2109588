//! Notifications: what is published by itself, and the messages that tell people of an event. That one is to leave is kept
//! with the event itself (`owes`), in the statement that publishes, changes or calls off; it is paid here, by a message
//! whose key names event and version. So a crash loses nothing, and twice is once.

use counter::{Addressee, Desk, Draft, Field, Kind, Receipt, Refusal as Refused};
use maud::html;
use store::{Database, Row, params};

use crate::Error;
use crate::content::{short, spoken};

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    /// Events published.
    pub published: usize,
    /// Notifications that left.
    pub told: usize,
    /// Notifications that could not, for good; the event says why.
    pub untold: usize,
}

/// What became of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// None was to leave.
    Nothing,
    /// It left.
    Sent(Receipt),
    /// It cannot leave: why, as `counter::problem` says it.
    Refused(Refused),
}

/// Notifications that one run sends: the next run, a minute later, goes on.
const MOST: u32 = 100;

/// Versions of one event that one call tries to tell of, when it is changed while its notification is sent.
const VERSIONS: u32 = 3;

/// What it wants is held already: nothing can stand in the way.
const PUBLISH: &str = "
    UPDATE event SET state = 'published', publish_at = NULL, published_at = ?1, revised_at = ?1,
        owes = notify <> '' AND ends_at > ?1
    WHERE publish_at <= ?1
    RETURNING id";

const OWING: &str = "SELECT id FROM event WHERE owes = 1 ORDER BY id LIMIT ?1 + 0";

const OWED: &str = "
    SELECT e.changed_by, e.title, e.place, e.all_day, e.starts, e.ends, e.state, e.told, e.sequence, e.confirmation, e.url,
        r.name, e.ends_at > ?2
    FROM event e JOIN rubrique r ON r.id = e.rubrique_id
    WHERE e.id = ?1 AND e.owes = 1";

const GIVE_UP: &str =
    "UPDATE event SET owes = 0, untold = ?2 WHERE id = ?1 AND owes = 1 AND sequence = ?3 RETURNING id";

/// Publishes the drafts whose time has come, and sends the notifications that are still to leave. Called by the clock each
/// minute; twice or late does no harm.
///
/// # Errors
/// Those of the database; what was not done is done by the next call.
pub fn publish_due(db: &dyn Database, now: i64) -> Result<Due, Error> {
    let mut due = Due { published: db.execute(PUBLISH, params![now])?.len(), ..Due::default() };
    for row in db.execute(OWING, params![MOST])? {
        match tell(db, now, row.text(0)?)? {
            Told::Nothing => {}
            Told::Sent(_) => due.told += 1,
            Told::Refused(_) => due.untold += 1,
        }
    }
    Ok(due)
}

/// Sends the notification of an event, if one is to leave; a refusal is kept with the event for its editors. When the event
/// is changed meanwhile, what was written of it does not leave, and the new version does.
///
/// # Errors
/// Those of the database and of the post office when it cannot be reached; the notification stays to be sent.
pub fn tell(db: &dyn Database, now: i64, id: &str) -> Result<Told, Error> {
    for _ in 0..VERSIONS {
        let Some(row) = db.first(OWED, params![id, now])? else { return Ok(Told::Nothing) };
        let sequence = row.integer(8)?;
        if !row.boolean(12)? {
            // Too late to be of use.
            db.execute(GIVE_UP, params![id, None::<String>, sequence])?;
            return Ok(Told::Nothing);
        }
        let refused = match send(db, now, id, &row) {
            Ok(receipt) => return Ok(Told::Sent(receipt)),
            Err(Refused::Unavailable(error)) => return Err(error.into()),
            Err(Refused::Other(cause)) => return Err(Error::Unknown(cause)),
            Err(refused) => refused,
        };
        let code = counter::problem(refused.clone()).code;
        if db.first(GIVE_UP, params![id, code, sequence])?.is_some() {
            return Ok(Told::Refused(refused));
        }
        // It was about a version that is none any more.
        let author = row.text(0)?;
        if let Some(stale) = written(db, author, &key(id, sequence))? {
            // Any other refusal: it left, or another run threw it away.
            if let Err(Refused::Unavailable(error)) = counter::discard(Desk { database: db, now }, author, &stale) {
                return Err(error.into());
            }
        }
    }
    // Still to be sent: by the next run.
    Ok(Told::Nothing)
}

/// The message of one version; the trigger of its audience asks for this very key.
fn key(id: &str, sequence: i64) -> String {
    format!("agenda-{id}-{sequence}")
}

fn written(db: &dyn Database, author: &str, key: &str) -> Result<Option<String>, store::Error> {
    let found =
        db.first("SELECT id FROM message WHERE author_id = ?1 AND idempotency_key = ?2", params![author, key])?;
    found.map(|row| row.text(0).map(str::to_owned)).transpose()
}

fn send(db: &dyn Database, now: i64, id: &str, row: &Row) -> Result<Receipt, Refused> {
    let desk = Desk { database: db, now };
    let author = row.text(0)?;
    let draft = message(id, row)?;
    let key = key(id, row.integer(8)?);
    let saved = match counter::save(desk, author, None, &draft, Some(&key)) {
        // Written before, of an event that has changed since in what is no new version: written over.
        Err(Refused::KeyReused) => {
            let found = written(db, author, &key)?.ok_or(Refused::KeyReused)?;
            match counter::save(desk, author, Some(&found), &draft, None) {
                Ok(_) | Err(Refused::AlreadySubmitted) => found,
                Err(refused) => return Err(refused),
            }
        }
        other => other?,
    };
    counter::submit(desk, author, &saved)
}

/// The message (S0): what, when, where, and the way to the page of the event.
fn message(id: &str, row: &Row) -> Result<Draft, Refused> {
    let (title, place, url) = (row.text(1)?, row.text(2)?, row.text(10)?);
    let dates = calendar::When::parse(row.boolean(3)?, row.text(4)?, row.text(5)?);
    let dates = dates.ok_or_else(|| Refused::Other("an event without dates".to_owned()))?;
    let cancelled = row.text(6)? == "cancelled";
    let what = match (cancelled, row.boolean(7)?) {
        (true, _) => "Événement annulé",
        (false, true) => "Événement modifié",
        (false, false) => "Événement ajouté",
    };
    let asked = row.boolean(9)? && !cancelled;
    let body = html! {
        p { (what) " : " strong { (title) } ", " (spoken(dates)) "." }
        @if !place.is_empty() { p { "Lieu : " (place) } }
        p { "Rubrique : " (row.text(11)?) }
        @if asked { p { "Vous pouvez confirmer votre présence sur la fiche de l’événement, jusqu’à son début." } }
        @if url.is_empty() { p { "Retrouvez-le dans l’agenda de la rubrique." } }
        @else { p { a href=(url) { "Voir la fiche de l’événement" } } }
    };
    Ok(Draft {
        subject: format!("{what} : {title} ({})", short(dates)),
        body: body.into_string(),
        addressees: vec![Addressee { field: Field::Bcc, kind: Kind::Event, id: id.to_owned() }],
        ..Draft::default()
    })
}
