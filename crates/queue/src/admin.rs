//! The queue as a local admin sees it, and what she may do to it (O-1). Every statement asks whether she manages the
//! establishment; she learns whom a mail was for and how it fares, never its subject or an outside address (F-2, M-11).

use serde::Serialize;
use store::{Database, Error, Row, params};

use crate::State;
use crate::backoff::LIFETIME;

/// The queue of one establishment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The establishment's code.
    pub uai: String,
    /// Its name.
    pub name: String,
    /// How many deliveries are in each state; those sent or cancelled of the last 30 days only.
    pub counts: Vec<(State, i64)>,
    /// When the oldest delivery that waits was submitted, in UTC milliseconds.
    pub oldest: Option<i64>,
}

/// A relay that is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pause {
    /// `127.0.0.1:25`.
    pub relay: String,
    /// How often in a row it could not be reached.
    pub failures: i64,
    /// When it is tried again, in UTC milliseconds.
    pub until: i64,
    /// Why, in a French sentence.
    pub reason: String,
}

/// One delivery in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// ULID.
    pub id: String,
    /// Whom it is for.
    pub person: Option<String>,
    /// Her profile.
    pub profile: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Tries so far.
    pub attempts: i64,
    /// When it is tried next; for those that wait, in UTC milliseconds.
    pub due_at: i64,
    /// When it was queued, in UTC milliseconds.
    pub created_at: i64,
    /// When it came to its end, in UTC milliseconds.
    pub finished_at: Option<i64>,
    /// Enhanced status of the last answer (RFC 3463).
    pub status: Option<String>,
    /// Why it was not taken, in a French sentence.
    pub error: Option<String>,
    /// The server's words, addresses taken out.
    pub words: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// Newest first.
    pub items: Vec<Item>,
    /// What to ask for the next page with.
    pub next: Option<String>,
}

/// What an administrator does to deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Keeps back what waits.
    Hold,
    /// Lets go what was kept back.
    Release,
    /// Tries again what failed or was given up, for another 48 hours. A mail with a code is not tried again: the code is gone.
    Requeue,
    /// Calls off what waits or is kept back.
    Cancel,
}

/// To which deliveries it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// One, by its ULID.
    One(&'a str),
    /// All of an establishment, by its UAI, that are in a state the action starts from.
    All(&'a str),
}

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done to so many.
    Done(usize),
    /// No such delivery in an establishment she manages.
    NotFound,
    /// The one delivery is in another state; it may be on the wire just now.
    WrongState(State),
}

/// The oldest id that is counted: ULIDs begin with their instant, and `id > floor` is a range of the index.
pub(crate) const COUNT: &str = "\
    SELECT count(*) FROM delivery WHERE uai = ?1 AND state = ?2 AND id > ?3";
pub(crate) const OLDEST: &str = "\
    SELECT created_at FROM delivery WHERE uai = ?1 AND state = 'pending' ORDER BY id LIMIT 1";
pub(crate) const MANAGED: &str = "\
    SELECT e.uai, e.name FROM local_admin l JOIN establishment e ON e.uai = l.uai WHERE l.person_id = ?1 ORDER BY e.name, e.uai";

/// Each establishment that `admin` manages.
///
/// # Errors
/// Those of the database.
pub fn summaries(database: &dyn Database, admin: &str, now: i64) -> Result<Vec<Summary>, Error> {
    let month = u64::try_from(now.saturating_sub(30 * 86_400_000)).unwrap_or(0);
    let floor = ulid::Ulid::from_parts(month, 0).to_string();
    let mut summaries = Vec::new();
    for row in database.execute(MANAGED, params![admin])? {
        let uai = row.text(0)?;
        let mut counts = Vec::new();
        for state in State::ALL {
            let floor = if matches!(state, State::Sent | State::Cancelled) { floor.as_str() } else { "" };
            let counted = database.first(COUNT, params![uai, state.as_str(), floor])?;
            counts.push((state, counted.map_or(Ok(0), |row| row.integer(0))?));
        }
        let oldest = database.first(OLDEST, params![uai])?.map(|row| row.integer(0)).transpose()?;
        summaries.push(Summary { uai: uai.to_owned(), name: row.text(1)?.to_owned(), counts, oldest });
    }
    Ok(summaries)
}

/// The relays that are left alone at `now`.
///
/// # Errors
/// Those of the database.
pub fn pauses(database: &dyn Database, now: i64) -> Result<Vec<Pause>, Error> {
    let statement = "SELECT relay, failures, until, last_error FROM relay_pause WHERE until > ?1 ORDER BY relay";
    let pause = |row: &Row| {
        Ok(Pause {
            relay: row.text(0)?.to_owned(),
            failures: row.integer(1)?,
            until: row.integer(2)?,
            reason: row.text(3)?.to_owned(),
        })
    };
    database.execute(statement, params![now])?.iter().map(pause).collect()
}

/// Ends the pause of `relay`, so that the next run tries it. Any local admin may: all wait for the same server. False when
/// she is none, or there was no pause.
///
/// # Errors
/// Those of the database.
pub fn resume(database: &dyn Database, admin: &str, relay: &str) -> Result<bool, Error> {
    let statement = "DELETE FROM relay_pause WHERE relay = ?2 AND EXISTS (SELECT 1 FROM local_admin WHERE person_id = ?1) RETURNING relay";
    Ok(database.first(statement, params![admin, relay])?.is_some())
}

/// One arm per state: each reads its own stretch of the index backwards, and SQLite merges them, however long the queue is.
pub(crate) fn list_statement(states: &[State]) -> String {
    let arm = |state: &State| {
        format!(
            "SELECT id, person_id, state, attempts, due_at, created_at, finished_at, last_status, last_error, last_words \
            FROM delivery WHERE uai = ?2 AND state = '{}' AND id < ?3",
            state.as_str()
        )
    };
    let arms = states.iter().map(arm).collect::<Vec<_>>().join(" UNION ALL ");
    format!(
        "SELECT page.id, p.first_name || ' ' || p.last_name, p.profile, page.state, page.attempts, page.due_at, page.created_at, page.finished_at, \
            page.last_status, page.last_error, page.last_words \
        FROM ({arms} ORDER BY id DESC LIMIT ?4 + 0) page LEFT JOIN person p ON p.id = page.person_id \
        WHERE EXISTS (SELECT 1 FROM local_admin l WHERE l.person_id = ?1 AND l.uai = ?2) \
        ORDER BY page.id DESC"
    )
}

/// The deliveries of `uai` in one of `states` (all when empty), newest first, from `after` (a page's `next`) on; at most
/// `limit` (1 to 100). Empty for who does not manage `uai`.
///
/// # Errors
/// Those of the database.
pub fn list(
    database: &dyn Database,
    admin: &str,
    uai: &str,
    states: &[State],
    after: Option<&str>,
    limit: usize,
) -> Result<Page, Error> {
    let limit = limit.clamp(1, 100);
    let states = if states.is_empty() { &State::ALL } else { states };
    // Above every ULID.
    let before = after.unwrap_or("~");
    let asked = i64::try_from(limit + 1).unwrap_or(101);
    let rows = database.execute(&list_statement(states), params![admin, uai, before, asked])?;
    let mut items = rows.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(|item| item.id.clone()) } else { None };
    Ok(Page { items, next })
}

fn item(row: &Row) -> Result<Item, Error> {
    let text = |index: usize| Ok::<_, Error>(row.optional_text(index)?.map(str::to_owned));
    Ok(Item {
        id: row.text(0)?.to_owned(),
        person: text(1)?,
        profile: text(2)?,
        state: State::parse(row.text(3)?).ok_or(Error::Column(3))?,
        attempts: row.integer(4)?,
        due_at: row.integer(5)?,
        created_at: row.integer(6)?,
        finished_at: row.optional_integer(7)?,
        status: text(8)?,
        error: text(9)?,
        words: text(10)?,
    })
}

impl Action {
    /// What is set (`?3` is the instant), from which states, and what else must hold.
    const fn parts(self) -> (&'static str, &'static [State], &'static str) {
        match self {
            Self::Hold => ("state = 'held'", &[State::Pending], ""),
            Self::Release => {
                ("state = 'pending', due_at = ?3, expires_at = max(expires_at, ?3 + ?4)", &[State::Held], "")
            }
            Self::Requeue => (
                "state = 'pending', attempts = 0, due_at = ?3, expires_at = ?3 + ?4, finished_at = NULL",
                &[State::Failed, State::Dead],
                " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.message_id = delivery.message_id AND n.kind = 'verification')
                 AND NOT EXISTS (SELECT 1 FROM campaign_account a WHERE a.message_id = delivery.message_id)",
            ),
            Self::Cancel => ("state = 'cancelled', finished_at = ?3", &[State::Pending, State::Held], ""),
        }
    }

    /// The whole decision: the right, the state it starts from, and what is done.
    pub(crate) fn statement(self, target: Target<'_>) -> String {
        let (set, from, condition) = self.parts();
        let states = from.iter().map(|state| format!("'{}'", state.as_str())).collect::<Vec<_>>().join(", ");
        let which = match target {
            Target::One(_) => "id = ?2 AND uai IN (SELECT l.uai FROM local_admin l WHERE l.person_id = ?1)",
            Target::All(_) => "uai = ?2 AND EXISTS (SELECT 1 FROM local_admin l WHERE l.person_id = ?1 AND l.uai = ?2)",
        };
        // `?3` and `?4` are named in every statement, so that all take the same parameters.
        format!(
            "UPDATE delivery SET {set} WHERE {which} AND state IN ({states}){condition} AND ?3 IS NOT NULL AND ?4 IS NOT NULL RETURNING id"
        )
    }
}

/// Does `action` to `target` for `admin`, at `now` (UTC milliseconds).
///
/// # Errors
/// Those of the database.
pub fn act(
    database: &dyn Database,
    admin: &str,
    action: Action,
    target: Target<'_>,
    now: i64,
) -> Result<Outcome, Error> {
    let (Target::One(what) | Target::All(what)) = target;
    let done = database.execute(&action.statement(target), params![admin, what, now, LIFETIME])?.len();
    let Target::One(id) = target else { return Ok(Outcome::Done(done)) };
    if done > 0 {
        return Ok(Outcome::Done(done));
    }
    let statement =
        "SELECT d.state FROM delivery d JOIN local_admin l ON l.uai = d.uai AND l.person_id = ?1 WHERE d.id = ?2";
    Ok(match database.first(statement, params![admin, id])? {
        Some(row) => Outcome::WrongState(State::parse(row.text(0)?).ok_or(Error::Column(0))?),
        None => Outcome::NotFound,
    })
}
