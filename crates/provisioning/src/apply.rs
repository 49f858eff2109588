//! Applying a prepared import: first into the mirror, then the directory after it, step by step.

use store::{Database, params};

use crate::counts::number;
use crate::structures::Structures;
use crate::{Chance, Error, Import, Refusal, departures, reconcile, settle};

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries that the directory has to follow.
    pub total: u64,
    /// Those it does not follow yet.
    pub remaining: u64,
    /// It is applied.
    pub done: bool,
}

/// Decides that a prepared import is applied; [`advance`] then does it. Deciding twice is deciding once. `departures`:
/// whoever asks has seen how many people would leave, and means it.
///
/// # Errors
/// [`Refusal::Exodus`], [`Refusal::Stale`], [`Refusal::State`]; or when the database cannot be used.
pub fn confirm(database: &dyn Database, import: &Import, departures: bool) -> Result<(), Error> {
    if import.state == "applying" {
        return Ok(());
    }
    if import.state != "ready" {
        return Err(Refusal::State.into());
    }
    if !departures {
        let exodus = departures::exodus(database, import)?;
        if !exodus.is_empty() {
            return Err(Refusal::Exodus(exodus).into());
        }
    }
    let decided = database.first(
        "UPDATE directory_import SET state = 'applying' WHERE n = ?1 AND state IN ('ready', 'applying')
            AND (state = 'applying' OR seen = (SELECT count(*) FROM directory_import a
                WHERE a.source = ?2 AND a.state IN ('applying', 'applied')))
         RETURNING n",
        params![import.n, &import.source],
    )?;
    if decided.is_some() { Ok(()) } else { Err(Refusal::Stale.into()) }
}

/// Cancels an import that is not being applied; it stays in the history.
///
/// # Errors
/// [`Refusal::State`]; or when the database cannot be used.
pub fn cancel(database: &dyn Database, import: &Import, now: i64) -> Result<(), Error> {
    let cancelled = database.first(
        "UPDATE directory_import SET state = 'cancelled', finished_at = ?2
         WHERE n = ?1 AND state IN ('reading', 'ready') RETURNING n",
        params![import.n, now],
    )?;
    if cancelled.is_none() {
        return Err(Refusal::State.into());
    }
    database.execute("DELETE FROM import_entry WHERE import_n = ?1", params![import.n])?;
    Ok(())
}

/// Does the next step of an import that was confirmed: moves it into the mirror, has the directory follow at most `people`
/// entries, or concludes. What another import left undone is done on the way. To be called until it says that all is done.
///
/// # Errors
/// [`Refusal::State`]; or when the database cannot be used: calling again goes on.
pub fn advance(
    database: &dyn Database,
    import: &Import,
    chance: &mut impl Chance,
    now: i64,
    people: u32,
) -> Result<Progress, Error> {
    let row = database.first(
        "SELECT i.state, i.dirtied, EXISTS (SELECT 1 FROM import_entry e WHERE e.import_n = i.n)
         FROM directory_import i WHERE i.n = ?1",
        params![import.n],
    )?;
    let row = row.ok_or(Refusal::State)?;
    match row.text(0)? {
        "applied" => return Ok(Progress { total: 0, remaining: 0, done: true }),
        "applying" => {}
        _ => return Err(Refusal::State.into()),
    }
    if row.boolean(2)? {
        into_mirror(database, import, now)?;
        let total = dirty(database)?;
        return Ok(Progress { total, remaining: total, done: false });
    }
    let total = row.optional_integer(1)?.map_or(0, |n| u64::try_from(n).unwrap_or(0));
    if reconcile::step(database, chance, now, people)? {
        let remaining = dirty(database)?;
        return Ok(Progress { total: total.max(remaining), remaining, done: false });
    }
    // All that was dirty is followed, by whichever import: those that were interrupted before this point are applied too.
    let touched = "SELECT 1 FROM directory_import i WHERE i.state = 'applying' AND i.dirtied IS NOT 0 LIMIT 1";
    if database.first(touched, params![])?.is_some() {
        settle::settle(database)?;
    }
    database.execute(
        "UPDATE directory_import SET state = 'applied', finished_at = ?1 WHERE state = 'applying'
            AND NOT EXISTS (SELECT 1 FROM import_entry e WHERE e.import_n = directory_import.n)",
        params![now],
    )?;
    Ok(Progress { total, remaining: 0, done: true })
}

fn dirty(database: &dyn Database) -> Result<u64, Error> {
    let row = database.first("SELECT count(*) FROM source_record r WHERE r.dirty = 1", params![])?;
    Ok(number(&row.ok_or(store::Error::Column(0))?, 0)?)
}

/// Moves staging into the mirror. All of it can be done again, until the last statement takes staging away.
fn into_mirror(database: &dyn Database, import: &Import, now: i64) -> Result<(), Error> {
    let source = import.source.as_str();
    // An establishment that was there keeps its domain, and the name that an administrator gave it.
    database.execute(
        "INSERT INTO establishment (uai, name, domain, created_at)
         SELECT e.record ->> 'uai', substr(coalesce(e.record ->> 'name', 'Établissement ' || (e.record ->> 'uai')), 1, 200),
            coalesce(?2, (SELECT x.domain FROM establishment x WHERE x.uai = e.record ->> 'uai')), ?3
         FROM import_entry e
         WHERE e.import_n = ?1 AND e.kind = 'establishment' AND e.change <> 'delete'
            AND NOT EXISTS (SELECT 1 FROM source_record m
                WHERE m.source = ?4 AND m.kind = 'establishment' AND m.id = e.id AND m.gone = 0 AND m.record = e.record)
         ON CONFLICT (uai) DO UPDATE SET name = excluded.name
            WHERE name IN (SELECT m.record ->> 'name' FROM source_record m
                WHERE m.source = ?4 AND m.kind = 'establishment' AND m.record ->> 'uai' = excluded.uai)",
        params![import.n, import.domain.as_deref(), now, source],
    )?;
    awaited(database, import)?;
    // Ordered as the index is: pages are filled one after another.
    database.execute(
        "INSERT INTO source_record (source, kind, id, record, limits)
         SELECT ?2, e.kind, e.id, e.record, ?3 FROM import_entry e
         WHERE e.import_n = ?1 AND e.change <> 'delete' ORDER BY e.kind, e.id
         ON CONFLICT (source, kind, id) DO UPDATE SET record = excluded.record, gone = 0, dirty = 1,
            limits = CASE WHEN limits IS NOT NULL AND excluded.limits IS NOT NULL THEN
                (SELECT json_group_array(x.value) FROM (SELECT a.value FROM json_each(limits) a UNION SELECT b.value FROM json_each(excluded.limits) b) x) END
            WHERE record <> excluded.record OR gone = 1 OR limits IS NOT NULL AND (excluded.limits IS NULL
                OR EXISTS (SELECT 1 FROM json_each(excluded.limits) b WHERE b.value NOT IN (SELECT a.value FROM json_each(limits) a)))",
        params![import.n, source, import.limits_json()?],
    )?;
    database.execute(
        "UPDATE source_record SET gone = 1, dirty = 1
         WHERE n IN (SELECT m.n FROM import_entry e
            JOIN source_record m ON m.source = ?2 AND m.kind = e.kind AND m.id = e.id AND m.gone = 0
            WHERE e.import_n = ?1 AND e.change = 'delete')",
        params![import.n, source],
    )?;
    departures::mark(database, import)?;
    // Nobody has to follow names of subjects and levels: they are looked up.
    database.execute(
        "UPDATE source_record SET dirty = 0 WHERE dirty = 1 AND kind IN ('establishment', 'subject', 'level')",
        params![],
    )?;
    database.execute(
        "UPDATE directory_import SET dirtied = (SELECT count(*) FROM source_record r WHERE r.dirty = 1) WHERE n = ?1",
        params![import.n],
    )?;
    database.execute("DELETE FROM import_entry WHERE import_n = ?1", params![import.n])?;
    Ok(())
}

/// People who named a structure before it was known follow it now.
fn awaited(database: &dyn Database, import: &Import) -> Result<(), Error> {
    let (before, after) =
        (Structures::load(database, &import.source, 0)?, Structures::load(database, &import.source, import.n)?);
    let new: Vec<_> = after.ids().filter(|id| before.uai(id) != after.uai(id)).collect();
    if !new.is_empty() {
        database.execute(
            "WITH new AS MATERIALIZED (SELECT j.value AS id FROM json_each(?2) j)
             UPDATE source_record SET dirty = 1
             WHERE source = ?1 AND kind IN ('adult', 'student') AND dirty = 0 AND gone = 0 AND EXISTS (
                SELECT 1 FROM json_tree(record) t WHERE t.key = 'structure' AND t.atom IN (SELECT id FROM new))",
            params![&import.source, serde_json::to_string(&new)?],
        )?;
    }
    Ok(())
}
