//! The directory follows the mirror: a chunk of dirty entries at a time, all of one kind and one source, in the order of their
//! ids, so that the same entries give the same numbers to homonyms whatever the order of the files.

use feed::Record;
use store::{Database, params};

use crate::person::{self, Entry};
use crate::{Chance, Error, identity, relatives};

/// Relatives after students: they belong to where their children are.
const KINDS: [&str; 3] = ["adult", "student", "relative"];

/// Entries to be followed, and the people they tell of.
pub(crate) struct Chunk {
    pub(crate) kind: &'static str,
    /// The dirty entries, as a JSON array for statements.
    pub(crate) rows: String,
    /// Whatever tells of the same people, and is not gone.
    pub(crate) entries: Vec<Entry>,
    /// Those they tell of who are in the directory already: only they can have something to lose.
    pub(crate) written: Vec<String>,
}

/// Has the directory follow at most `limit` entries; `false` when there were none.
pub(crate) fn step(database: &dyn Database, chance: &mut impl Chance, now: i64, limit: u32) -> Result<bool, Error> {
    for kind in KINDS {
        let chunk = dirty(database, kind, limit)?;
        if chunk.is_empty() {
            continue;
        }
        identity::identify(database, chance, now, kind, &chunk)?;
        let rows = serde_json::to_string(&chunk.iter().map(|entry| entry.n).collect::<Vec<_>>())?;
        let chunk = Chunk { kind, entries: entries(database, &rows)?, written: written(database, &rows)?, rows };
        if kind == "relative" {
            relatives::follow(database, chance, now, &chunk)?;
        } else {
            person::follow(database, chance, now, &chunk)?;
        }
        database.execute(
            "UPDATE source_record SET dirty = 0 WHERE n IN (SELECT j.value FROM json_each(?1) j)",
            params![chunk.rows],
        )?;
        return Ok(true);
    }
    Ok(false)
}

fn dirty(database: &dyn Database, kind: &str, limit: u32) -> Result<Vec<Entry>, Error> {
    let rows = database.execute(
        "SELECT r.n, r.source, r.record, r.person_id, r.gone, r.limits, r.id FROM source_record r
         WHERE r.dirty = 1 AND r.kind = ?1
            AND r.source = (SELECT f.source FROM source_record f WHERE f.dirty = 1 AND f.kind = ?1 ORDER BY f.source LIMIT 1)
         ORDER BY r.id LIMIT ?2 + 0",
        params![kind, limit],
    )?;
    rows.iter().map(entry).collect()
}

/// Sorted by source and id, so that what tells of one person is read in the same order whichever of it changed.
fn entries(database: &dyn Database, rows: &str) -> Result<Vec<Entry>, Error> {
    let rows = database.execute(
        "SELECT r.n, r.source, r.record, r.person_id, r.gone, r.limits, r.id
         FROM (SELECT DISTINCT c.person_id AS id FROM json_each(?1) j CROSS JOIN source_record c ON c.n = j.value
            WHERE c.person_id IS NOT NULL) p
         CROSS JOIN source_record r ON r.person_id = p.id AND r.gone = 0
         ORDER BY r.source, r.id",
        params![rows],
    )?;
    rows.iter().map(entry).collect()
}

fn written(database: &dyn Database, rows: &str) -> Result<Vec<String>, Error> {
    let rows = database.execute(
        "SELECT DISTINCT p.id FROM json_each(?1) j CROSS JOIN source_record c ON c.n = j.value
         CROSS JOIN person p ON p.id = c.person_id",
        params![rows],
    )?;
    Ok(rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<_, store::Error>>()?)
}

fn entry(row: &store::Row) -> Result<Entry, Error> {
    Ok(Entry {
        n: row.integer(0)?,
        source: row.text(1)?.to_owned(),
        record: serde_json::from_str::<Record>(row.text(2)?)?,
        person: row.optional_text(3)?.map(str::to_owned),
        gone: row.boolean(4)?,
        limits: row.optional_text(5)?.map(str::to_owned),
        id: row.text(6)?.to_owned(),
    })
}
