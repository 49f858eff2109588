//! Events as a reader of their rubrique sees them; drafts are for its editors.

use calendar::{Participation, When};
use clock::Zone;
use store::{Database, Row, params};

use crate::answer::Answer;
use crate::resource::{self, Resource};
use crate::{Error, FollowUp, Notify, State, Stored};

/// A rubrique whose agenda one may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rubrique {
    /// ULID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The establishment.
    pub uai: String,
    /// Whether one may make events there.
    pub edits: bool,
}

/// An event, as one person sees it.
#[derive(Debug, Clone)]
pub struct Event {
    /// ULID.
    pub id: String,
    /// Where it stands.
    pub rubrique: Rubrique,
    /// The name of its organiser.
    pub organizer: String,
    /// RFC 5545 UID.
    pub uid: String,
    /// Its page with its host; may be empty.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its place; may be empty.
    pub place: String,
    /// What it is about; may be empty.
    pub summary: String,
    /// When, by the clock of its zone.
    pub when: When,
    /// The same as kept.
    pub stored: Stored,
    /// The zone.
    pub zone: Zone,
    /// What it wants; holds, unless it is a plain draft or cancelled.
    pub resources: Vec<Resource>,
    /// Where it stands.
    pub state: State,
    /// When a draft is published by itself (UTC milliseconds).
    pub publish_at: Option<i64>,
    /// Whom to tell.
    pub notify: Notify,
    /// Whether an answer is asked.
    pub confirmation: bool,
    /// Whether comments are taken.
    pub follow_up: FollowUp,
    /// RFC 5545 SEQUENCE.
    pub sequence: u32,
    /// When this version was made (UTC milliseconds).
    pub revised_at: i64,
    /// A notification left.
    pub told: bool,
    /// Why one could not: a code of `counter::problem`.
    pub untold: Option<String>,
    /// Her own answer to these dates.
    pub answer: Option<Answer>,
}

/// Which events.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// Of this rubrique only.
    pub rubrique: Option<&'a str>,
    /// Those not over at this instant (UTC milliseconds)…
    pub from: i64,
    /// … that begin before this one.
    pub until: i64,
    /// Those after this event, as listed: its start and id.
    pub after: Option<(i64, &'a str)>,
    /// At most so many.
    pub limit: u32,
}

const COLUMNS: &str = "
    e.id, r.id, r.name, e.uai, EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = r.id),
    p.first_name || ' ' || p.last_name, e.uid, e.url, e.title, e.place, e.summary, e.all_day, e.starts, e.ends, e.starts_at,
    e.ends_at, e.zone, e.state, e.publish_at, e.notify, e.confirmation, e.follow_up, e.sequence, e.revised_at, e.told,
    e.untold,
    (SELECT json_group_array(json_array(x.id, x.kind, x.name, x.description)) FROM resource x
        WHERE x.id IN (SELECT j.value FROM json_each(e.resources) j)),
    a.participation, a.comment, a.answered_at";

const JOINS: &str = "
    JOIN rubrique r ON r.id = e.rubrique_id JOIN person p ON p.id = e.author_id
    LEFT JOIN answer a ON a.event_id = e.id AND a.person_id = ?1 AND a.sequence >= e.dates_since";

/// The event, if `viewer` may see it.
///
/// # Errors
/// Those of the database.
pub fn one(db: &dyn Database, viewer: &str, id: &str) -> Result<Option<Event>, Error> {
    let statement = format!(
        "SELECT {COLUMNS} FROM event e {JOINS} WHERE e.id = ?2 AND (
            EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = e.rubrique_id)
            OR e.state <> 'draft' AND EXISTS
                (SELECT 1 FROM readable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = e.rubrique_id))"
    );
    db.first(&statement, params![viewer, id])?.map(|row| read(&row)).transpose()
}

/// The events that `viewer` may see, by start.
///
/// # Errors
/// Those of the database.
pub fn events(db: &dyn Database, viewer: &str, list: &List<'_>) -> Result<Vec<Event>, Error> {
    let (after, last) = list.after.unwrap_or((i64::MIN, ""));
    let statement = format!(
        "WITH mine (id) AS MATERIALIZED (
            SELECT v.rubrique_id FROM readable_rubrique v WHERE v.person_id = ?1 AND (?2 IS NULL OR v.rubrique_id = ?2)),
        own (id) AS MATERIALIZED (SELECT v.rubrique_id FROM editable_rubrique v WHERE v.person_id = ?1)
        SELECT {COLUMNS} FROM mine CROSS JOIN event e ON e.rubrique_id = mine.id
            AND e.starts_at > ?3 - 31708800000 AND e.starts_at < ?4 AND e.starts_at >= ?5
        {JOINS}
        WHERE e.ends_at > ?3 AND (e.starts_at > ?5 OR e.id > ?6) AND (e.state <> 'draft' OR e.rubrique_id IN (SELECT id FROM own))
        ORDER BY e.starts_at, e.id LIMIT ?7 + 0"
    );
    let rows =
        db.execute(&statement, params![viewer, list.rubrique, list.from, list.until, after, last, list.limit])?;
    rows.iter().map(read).collect()
}

/// The rubriques whose agenda `viewer` may read, by name.
///
/// # Errors
/// Those of the database.
pub fn rubriques(db: &dyn Database, viewer: &str) -> Result<Vec<Rubrique>, Error> {
    let rows = db.execute(
        "SELECT r.id, r.name, r.uai, r.id IN (SELECT v.rubrique_id FROM editable_rubrique v WHERE v.person_id = ?1)
            FROM rubrique r WHERE r.id IN (SELECT v.rubrique_id FROM readable_rubrique v WHERE v.person_id = ?1)
            ORDER BY r.folded_name, r.id",
        params![viewer],
    )?;
    rows.iter().map(|row| rubrique(row, 0)).collect()
}

/// The zone of an establishment; that of Paris when there is no such establishment.
///
/// # Errors
/// Those of the database.
pub fn zone_of(db: &dyn Database, uai: &str) -> Result<Zone, Error> {
    let row = db.first("SELECT e.timezone FROM establishment e WHERE e.uai = ?1", params![uai])?;
    Ok(Zone::named(row.as_ref().map_or(Ok(""), |row| row.text(0))?))
}

fn rubrique(row: &Row, first: usize) -> Result<Rubrique, Error> {
    Ok(Rubrique {
        id: row.text(first)?.to_owned(),
        name: row.text(first + 1)?.to_owned(),
        uai: row.text(first + 2)?.to_owned(),
        edits: row.boolean(first + 3)?,
    })
}

fn read(row: &Row) -> Result<Event, Error> {
    let unknown = |what: &str| Error::Unknown(format!("{what} that is none"));
    let text = |index| row.text(index).map(str::to_owned);
    let stored = Stored { starts: text(12)?, ends: text(13)?, starts_at: row.integer(14)?, ends_at: row.integer(15)? };
    let resources: Vec<(String, String, String, String)> = serde_json::from_str(row.text(26)?)?;
    let resources = resources.into_iter().map(|(id, kind, name, description)| {
        let kind = resource::Kind::parse(&kind).ok_or_else(|| unknown("a kind of resource"))?;
        Ok(Resource { id, kind, name, description })
    });
    let answer = match row.optional_text(27)? {
        None => None,
        Some(participation) => Some(Answer {
            participation: participation_of(participation)?,
            comment: text(28)?,
            answered_at: row.integer(29)?,
        }),
    };
    Ok(Event {
        id: text(0)?,
        rubrique: rubrique(row, 1)?,
        organizer: text(5)?,
        uid: text(6)?,
        url: text(7)?,
        title: text(8)?,
        place: text(9)?,
        summary: text(10)?,
        when: When::parse(row.boolean(11)?, &stored.starts, &stored.ends).ok_or_else(|| unknown("a date"))?,
        stored,
        zone: Zone::named(row.text(16)?),
        state: State::parse(row.text(17)?).ok_or_else(|| unknown("a state"))?,
        publish_at: row.optional_integer(18)?,
        notify: Notify::parse(row.text(19)?),
        confirmation: row.boolean(20)?,
        follow_up: FollowUp::parse(row.text(21)?).ok_or_else(|| unknown("a follow-up"))?,
        sequence: u32::try_from(row.integer(22)?).unwrap_or(0),
        revised_at: row.integer(23)?,
        told: row.boolean(24)?,
        untold: row.optional_text(25)?.map(str::to_owned),
        resources: resources.collect::<Result<_, Error>>()?,
        answer,
    })
}

/// Reads what `answer.participation` holds.
pub(crate) fn participation_of(text: &str) -> Result<Participation, Error> {
    match text {
        "accepted" => Ok(Participation::Accepted),
        "declined" => Ok(Participation::Declined),
        "tentative" => Ok(Participation::Tentative),
        other => Err(Error::Unknown(format!("an answer {other}"))),
    }
}
