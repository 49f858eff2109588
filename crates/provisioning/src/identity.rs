//! Who is who (DOMAIN §2 "Identity"): the id in the source first; else somebody of the same profile, name and birth date (or
//! national number) whom another source tells of, or of whom this one told by an id that is gone. Two entries of one source
//! are two people: the source tells them apart, and a homonym born on the same day must not get another's mail.

use std::collections::HashMap;

use people::{Profile, fold};
use store::{Database, params};

use crate::labels::adult_profile;
use crate::person::Entry;
use crate::{Chance, Error};

/// Adults of whom no birth date is known are known by their mail address; a couple may share one, but not the first name.
/// Those still here before those who left.
const CANDIDATES: &str = "
    WITH asked AS MATERIALIZED (
        SELECT j.value ->> 0 AS n, j.value ->> 1 AS source, j.value ->> 2 AS profile, j.value ->> 3 AS name, j.value ->> 4 AS born,
            j.value ->> 5 AS ine, j.value ->> 6 AS mail, j.value ->> 7 AS limits
        FROM json_each(?1) j
    ),
    found AS (
        SELECT a.n, a.source, a.limits, p.id, p.uai, p.left_at IS NOT NULL AS away
        FROM asked a CROSS JOIN person p ON p.folded_name = a.name AND p.profile = a.profile
        JOIN person_detail d ON d.person_id = p.id
        WHERE p.purged_at IS NULL AND (a.born <> '' AND d.birth_date = a.born
            OR a.profile <> 'student' AND (a.born = '' OR d.birth_date = '') AND a.mail <> '' AND lower(d.mail) = a.mail)
        UNION ALL
        SELECT a.n, a.source, a.limits, p.id, p.uai, p.left_at IS NOT NULL
        FROM asked a CROSS JOIN person_detail d ON d.ine = a.ine AND d.ine <> ''
        JOIN person p ON p.id = d.person_id AND p.profile = a.profile
        WHERE a.ine <> '' AND p.purged_at IS NULL
    )
    SELECT f.n, f.id FROM found f
    WHERE NOT EXISTS (SELECT 1 FROM source_record o WHERE o.person_id = f.id AND o.source = f.source AND o.gone = 0)
        AND (f.limits IS NULL OR f.uai IN (SELECT l.value FROM json_each(f.limits) l))
    ORDER BY f.away, f.id";

/// The profile an entry tells of.
pub(crate) fn profile(kind: &str, record: &feed::Record) -> Profile {
    match kind {
        "student" => Profile::Student,
        "relative" => Profile::Relative,
        _ => adult_profile(record),
    }
}

/// "last first", folded.
pub(crate) fn folded_name(record: &feed::Record) -> String {
    fold(&format!(
        "{} {}",
        record.last_name.as_deref().unwrap_or_default(),
        record.first_name.as_deref().unwrap_or_default()
    ))
}

/// Gives each entry that is new its person: one who is there, or an id for one to come.
pub(crate) fn identify(
    database: &dyn Database,
    chance: &mut impl Chance,
    now: i64,
    kind: &str,
    chunk: &[Entry],
) -> Result<(), Error> {
    let new: Vec<&Entry> = chunk.iter().filter(|entry| entry.person.is_none() && !entry.gone).collect();
    if new.is_empty() {
        return Ok(());
    }
    let text = |value: &Option<String>| value.as_deref().unwrap_or_default().trim().to_owned();
    let asked: Vec<_> = new
        .iter()
        .map(|entry| {
            let record = &entry.record;
            (
                entry.n,
                &entry.source,
                profile(kind, record).as_str(),
                folded_name(record),
                text(&record.birth_date),
                text(&record.ine),
                text(&record.mail).to_lowercase(),
                &entry.limits,
            )
        })
        .collect();
    let (mut found, mut given) = (HashMap::new(), std::collections::HashSet::new());
    for row in database.execute(CANDIDATES, params![serde_json::to_string(&asked)?])? {
        let (n, person) = (row.integer(0)?, row.text(1)?.to_owned());
        // Each person for one entry: the first of two homonyms who look like her.
        if !found.contains_key(&n) && given.insert(person.clone()) {
            found.insert(n, person);
        }
    }
    let persons: Vec<_> =
        new.iter().map(|entry| (entry.n, found.remove(&entry.n).unwrap_or_else(|| chance.id(now)))).collect();
    database.execute(
        "UPDATE source_record SET person_id = j.value ->> 1 FROM json_each(?1) j
         WHERE source_record.n = j.value ->> 0 AND source_record.person_id IS NULL",
        params![serde_json::to_string(&persons)?],
    )?;
    Ok(())
}
