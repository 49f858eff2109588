//! Making an event and changing it: by the editors of its rubrique, in one statement each, whose triggers hold the resources.

use sha2::{Digest as _, Sha256};
use store::{Database, params};

use crate::content::minute;
use crate::{Content, Error, Notify, Publication, Refusal, resource};
use clock::Zone;

/// What must be known before: the zone, and whether the population may be told.
const HEAD: &str = "
    SELECT e.timezone, ?3 IN ('', 'all') OR EXISTS (
        SELECT 1 FROM writable_population w JOIN population o ON o.id = w.population_id
        WHERE w.person_id = ?1 AND o.id = ?3 AND o.rubrique_id = r.id)
    FROM rubrique r JOIN establishment e ON e.uai = r.uai
    WHERE r.id = ?2 AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = r.id)";

const MAKE: &str = "
    INSERT INTO event (id, rubrique_id, uai, author_id, changed_by, uid, url, title, place, summary, all_day, starts, ends,
        zone, starts_at, ends_at, resources, state, publish_at, notify, confirmation, follow_up, owes, revised_at, created_at,
        published_at)
    SELECT ?1, r.id, r.uai, ?3, ?3, lower(?1) || '@' || e.domain, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
        CASE WHEN ?15 THEN 'published' ELSE 'draft' END, ?16, ?17, ?18, ?19, ?15 AND ?17 <> '' AND ?13 > ?20, ?20, ?20,
        CASE WHEN ?15 THEN ?20 END
    FROM rubrique r JOIN establishment e ON e.uai = r.uai AND e.timezone = ?11
    WHERE r.id = ?2 AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?3 AND v.rubrique_id = r.id)
    ON CONFLICT (id) DO NOTHING
    RETURNING id";

/// Once published, each change that people would see is a new version (SEQUENCE), told to those who were told before; and
/// when nobody was, to those who are to be told now. Columns on the right are those of before.
const CHANGE: &str = "
    UPDATE event SET changed_by = ?2, title = ?3, place = ?4, summary = ?5, all_day = ?6, starts = ?7, ends = ?8,
        starts_at = ?9, ends_at = ?10, resources = ?11, notify = ?12, confirmation = ?13, follow_up = ?14, revised_at = ?15,
        state = CASE WHEN ?16 THEN 'published' ELSE state END,
        publish_at = CASE WHEN state = 'draft' THEN ?17 END,
        published_at = coalesce(published_at, CASE WHEN ?16 THEN ?15 END),
        sequence = sequence + (state = 'published' AND (title, place, summary, all_day, starts, ends, confirmation)
            <> (?3, ?4, ?5, ?6, ?7, ?8, ?13)),
        dates_since = CASE WHEN state = 'published' AND (all_day, starts, ends) <> (?6, ?7, ?8) THEN sequence + 1
            ELSE dates_since END,
        owes = CASE WHEN ?10 <= ?15 THEN 0
            WHEN state = 'published' AND told THEN owes OR (title, place, summary, all_day, starts, ends, confirmation)
                <> (?3, ?4, ?5, ?6, ?7, ?8, ?13)
            WHEN state = 'published' OR ?16 THEN ?12 <> ''
            ELSE 0 END,
        untold = NULL
    WHERE id = ?1 AND state IN ('draft', 'published')
        AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?2 AND v.rubrique_id = event.rubrique_id)
    RETURNING id";

const PUBLISH: &str = "
    UPDATE event SET state = 'published', publish_at = NULL, published_at = ?3, revised_at = ?3, changed_by = ?2,
        owes = notify <> '' AND ends_at > ?3
    WHERE id = ?1 AND state = 'draft'
        AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?2 AND v.rubrique_id = event.rubrique_id)
    RETURNING id";

/// Those who were told learn it; where nobody was yet, nothing leaves any more.
const CANCEL: &str = "
    UPDATE event SET state = 'cancelled', cancelled_at = ?3, revised_at = ?3, changed_by = ?2, sequence = sequence + 1,
        owes = told AND ends_at > ?3, untold = NULL
    WHERE id = ?1 AND state = 'published'
        AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?2 AND v.rubrique_id = event.rubrique_id)
    RETURNING id";

const DISCARD: &str = "
    DELETE FROM event WHERE id = ?1 AND state = 'draft'
        AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?2 AND v.rubrique_id = event.rubrique_id)
    RETURNING id";

/// What `by` may do with the event: nothing (no row), or its rubrique.
const EDITABLE: &str = "
    SELECT e.rubrique_id, e.zone, e.state, e.notify FROM event e WHERE e.id = ?2
        AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = e.rubrique_id)";

/// The id of what `by` makes with this key (of a form, of a client): the same key gives the same id.
#[must_use]
pub fn id_of(by: &str, key: &str) -> String {
    let digest = Sha256::digest(format!("{by} {key}").as_bytes());
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    ulid::Ulid::from(u128::from_be_bytes(bytes)).to_string()
}

/// Makes the event `id` (ULID) in a rubrique that `by` edits. The same `id` a second time changes nothing, so that a
/// request can be sent again. `site` is where people reach the service (`https://ent.example.fr`), if it is known.
///
/// # Errors
/// [`Refusal::NotFound`] for the rubrique; [`Refusal::Field`], [`Refusal::Dates`], [`Refusal::Population`],
/// [`Refusal::Resource`], [`Refusal::Booked`].
#[expect(clippy::too_many_arguments, reason = "one decision, all of whose inputs are told")]
pub fn make(
    db: &dyn Database,
    now: i64,
    by: &str,
    rubrique: &str,
    id: &str,
    content: &Content,
    publication: &Publication,
    site: Option<&str>,
) -> Result<(), Error> {
    let zone = head(db, by, rubrique, &content.notify)?;
    let clock = Zone::named(&zone);
    let stored = content.check(&clock)?;
    let publish_at = publish_at(publication, &clock)?;
    let resources = serde_json::to_string(&content.resources)?;
    let url = site.map_or_else(String::new, |site| format!("{site}/broadcast/agenda/events/{id}"));
    let parameters = params![
        id,
        rubrique,
        by,
        url,
        content.title.trim(),
        content.place.trim(),
        content.summary.trim(),
        content.all_day,
        &stored.starts,
        &stored.ends,
        zone,
        stored.starts_at,
        stored.ends_at,
        resources,
        *publication == Publication::Now,
        publish_at,
        content.notify.as_str(),
        content.confirmation,
        content.follow_up.as_str(),
        now,
    ];
    let made = db.first(MAKE, parameters);
    // No row: it is there already, made by this very request a moment ago.
    resource::explain(db, by, id, &content.resources, &stored, made)?;
    Ok(())
}

/// Changes an event that `by` edits. `publication` is heeded for drafts only.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] for a cancelled one; those of [`make`].
pub fn change(
    db: &dyn Database,
    now: i64,
    by: &str,
    id: &str,
    content: &Content,
    publication: &Publication,
) -> Result<(), Error> {
    let row = db.first(EDITABLE, params![by, id])?.ok_or(Refusal::NotFound)?;
    // What was chosen before may stay, though she could not choose it herself.
    let chosen = if row.text(3)? == content.notify.as_str() { &Notify::Nobody } else { &content.notify };
    head(db, by, row.text(0)?, chosen)?;
    let zone = Zone::named(row.text(1)?);
    let stored = content.check(&zone)?;
    let draft = row.text(2)? == "draft";
    let publish_at = if draft { publish_at(publication, &zone)? } else { None };
    let resources = serde_json::to_string(&content.resources)?;
    let parameters = params![
        id,
        by,
        content.title.trim(),
        content.place.trim(),
        content.summary.trim(),
        content.all_day,
        &stored.starts,
        &stored.ends,
        stored.starts_at,
        stored.ends_at,
        resources,
        content.notify.as_str(),
        content.confirmation,
        content.follow_up.as_str(),
        now,
        draft && *publication == Publication::Now,
        publish_at,
    ];
    let changed = db.first(CHANGE, parameters);
    match resource::explain(db, by, id, &content.resources, &stored, changed)? {
        Some(_) => Ok(()),
        None => Err(Refusal::State.into()),
    }
}

/// Publishes a draft now.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] when it is no draft; [`Refusal::Resource`], [`Refusal::Booked`].
pub fn publish(db: &dyn Database, now: i64, by: &str, id: &str) -> Result<(), Error> {
    let event = crate::one(db, by, id)?.ok_or(Refusal::NotFound)?;
    let wanted: Vec<String> = event.resources.iter().map(|resource| resource.id.clone()).collect();
    let published = db.first(PUBLISH, params![id, by, now]);
    match resource::explain(db, by, id, &wanted, &event.stored, published)? {
        Some(_) => Ok(()),
        None => Err(why_not(db, by, id)?),
    }
}

/// Calls a published event off. It stays, and says so.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] when it is not published.
pub fn cancel(db: &dyn Database, now: i64, by: &str, id: &str) -> Result<(), Error> {
    match db.first(CANCEL, params![id, by, now])? {
        Some(_) => Ok(()),
        None => Err(why_not(db, by, id)?),
    }
}

/// Throws a draft away.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] when it is no draft.
pub fn discard(db: &dyn Database, by: &str, id: &str) -> Result<(), Error> {
    match db.first(DISCARD, params![id, by])? {
        Some(_) => Ok(()),
        None => Err(why_not(db, by, id)?),
    }
}

fn why_not(db: &dyn Database, by: &str, id: &str) -> Result<Error, Error> {
    let refusal = if db.first(EDITABLE, params![by, id])?.is_some() { Refusal::State } else { Refusal::NotFound };
    Ok(refusal.into())
}

/// The name of the zone, when `by` edits the rubrique and may tell whom she wants to.
fn head(db: &dyn Database, by: &str, rubrique: &str, notify: &Notify) -> Result<String, Error> {
    let row = db.first(HEAD, params![by, rubrique, notify.as_str()])?.ok_or(Refusal::NotFound)?;
    if !row.boolean(1)? {
        return Err(Refusal::Population.into());
    }
    Ok(row.text(0)?.to_owned())
}

fn publish_at(publication: &Publication, zone: &Zone) -> Result<Option<i64>, Refusal> {
    match publication {
        Publication::At(at) => {
            let instant = minute(at).and_then(|at| zone.instant(at));
            instant.map(Some).ok_or(Refusal::Field("publish_at"))
        }
        Publication::Draft | Publication::Now => Ok(None),
    }
}
