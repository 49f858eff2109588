//! Who is in the mirror and no more in the files: of a full import only, and only of the kinds and establishments that are in
//! it. Somebody who also belongs to an establishment that the files do not cover stays, and so does whoever stands in a file
//! with an entry that cannot be used.

use store::{Database, params};

use crate::counts::number;
use crate::structures::Structures;
use crate::{Error, Exodus, Import, Mode};

/// Somebody who would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// "Martin Léa", for the administrator who decides.
    pub name: String,
    /// Her profile.
    pub profile: String,
    /// Her establishment.
    pub uai: String,
}

/// ?1 the import, ?2 the source, ?3 the structures that it covers, ?4 all structures, ?5 whether it is limited. A relative
/// belongs to where her children are.
const GONE: &str = "
    WITH covered AS MATERIALIZED (SELECT c.value AS id FROM json_each(?3) c),
        elsewhere AS MATERIALIZED (SELECT k.value AS id FROM json_each(?4) k WHERE k.value NOT IN (SELECT id FROM covered)),
        kinds AS MATERIALIZED (SELECT DISTINCT i.kind FROM import_entry i
            WHERE i.import_n = ?1 AND i.kind IN ('student', 'adult', 'relative') AND i.change <> 'delete'),
    gone AS (
        SELECT m.n, m.kind, m.person_id
        FROM kinds k CROSS JOIN source_record m ON m.source = ?2 AND m.kind = k.kind AND m.gone = 0
        WHERE NOT EXISTS (SELECT 1 FROM import_entry e WHERE e.import_n = ?1 AND e.kind = m.kind AND e.id = m.id)
            AND NOT EXISTS (SELECT 1 FROM import_reject r WHERE r.import_n = ?1 AND r.id = m.id AND r.remark = 0)
            AND CASE WHEN m.kind = 'relative' AND m.record ->> 'structure' IS NULL THEN
                NOT EXISTS (SELECT 1 FROM source_tie t JOIN source_record s ON s.n = t.n AND s.gone = 0
                    WHERE t.source = m.source AND t.target = 'id:' || m.id
                    AND coalesce(s.record ->> 'structure', '') NOT IN (SELECT id FROM covered))
                AND (?5 = 0 OR EXISTS (SELECT 1 FROM source_tie t JOIN source_record s ON s.n = t.n
                    WHERE t.source = m.source AND t.target = 'id:' || m.id
                    AND s.record ->> 'structure' IN (SELECT id FROM covered)))
            ELSE EXISTS (SELECT 1 FROM json_tree(m.record) t WHERE t.key = 'structure' AND t.atom IN (SELECT id FROM covered))
                AND NOT EXISTS (SELECT 1 FROM json_tree(m.record) t
                    WHERE t.key = 'structure' AND t.atom IN (SELECT id FROM elsewhere))
            END
    )";

/// The parameters of [`GONE`].
fn parameters(database: &dyn Database, import: &Import) -> Result<Vec<store::Value>, Error> {
    let structures = Structures::load(database, &import.source, import.n)?;
    let rows = if import.mode == Mode::Full {
        database.execute(
            "SELECT DISTINCT e.structure FROM import_entry e WHERE e.import_n = ?1 AND e.change <> 'delete' AND
                CASE WHEN EXISTS (SELECT 1 FROM import_entry s WHERE s.import_n = ?1 AND s.kind = 'establishment')
                THEN e.kind = 'establishment' ELSE e.kind IN ('student', 'adult', 'relative') END",
            params![import.n],
        )?
    } else {
        Vec::new()
    };
    let mut covered = Vec::new();
    for row in &rows {
        let inside =
            |uai: &str| import.limits.as_ref().is_none_or(|limits| limits.iter().any(|own| own.as_str() == uai));
        if structures.uai(row.text(0)?).is_some_and(inside) {
            covered.push(row.text(0)?.to_owned());
        }
    }
    let all: Vec<_> = structures.ids().collect();
    Ok(params![
        import.n,
        &import.source,
        serde_json::to_string(&covered)?,
        serde_json::to_string(&all)?,
        import.limits.is_some()
    ]
    .to_vec())
}

/// How many would leave by not being in the files, by kind and establishment.
pub(crate) fn left(database: &dyn Database, import: &Import) -> Result<Vec<(String, String, u64)>, Error> {
    let rows = database.execute(
        &format!("{GONE} SELECT g.kind, coalesce(p.uai, ''), count(*) FROM gone g LEFT JOIN person p ON p.id = g.person_id GROUP BY 1, 2"),
        &parameters(database, import)?,
    )?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), number(row, 2)?))).collect()
}

/// Marks them in the mirror.
pub(crate) fn mark(database: &dyn Database, import: &Import) -> Result<(), Error> {
    if import.mode == Mode::Full {
        database.execute(
            &format!("{GONE} UPDATE source_record SET gone = 1, dirty = 1 WHERE n IN (SELECT g.n FROM gone g)"),
            &parameters(database, import)?,
        )?;
    }
    Ok(())
}

/// The people who would leave: not in the files any more, or taken away by an entry; without those whom another source has.
const PEOPLE: &str = ", people AS (
        SELECT DISTINCT g.person_id AS id FROM (
            SELECT n, person_id FROM gone
            UNION ALL SELECT m.n, m.person_id FROM import_entry e
                JOIN source_record m ON m.source = ?2 AND m.kind = e.kind AND m.id = e.id AND m.gone = 0
                WHERE e.import_n = ?1 AND e.change = 'delete'
        ) g
        WHERE NOT EXISTS (SELECT 1 FROM source_record o WHERE o.person_id = g.person_id AND o.gone = 0 AND o.source <> ?2)
    )";

/// Who would leave, by name, at most `limit`: for the preview. Relatives follow their children, and are not among them
/// unless their own entry goes.
///
/// # Errors
/// When the database cannot be used.
pub fn departures(database: &dyn Database, import: &Import, limit: u32) -> Result<Vec<Departure>, Error> {
    let mut parameters = parameters(database, import)?;
    parameters.push(limit.into());
    let rows = database.execute(
        &format!(
            "{GONE}{PEOPLE} SELECT p.last_name || ' ' || p.first_name, p.profile, p.uai
             FROM people x JOIN person p ON p.id = x.id AND p.left_at IS NULL
             ORDER BY p.uai, p.profile, p.folded_name, p.id LIMIT ?6 + 0"
        ),
        &parameters,
    )?;
    let departure = |row: &store::Row| {
        Ok(Departure { name: row.text(0)?.to_owned(), profile: row.text(1)?.to_owned(), uai: row.text(2)?.to_owned() })
    };
    rows.iter().map(departure).collect()
}

/// The establishments that would lose more than a fifth of their people.
pub(crate) fn exodus(database: &dyn Database, import: &Import) -> Result<Vec<Exodus>, Error> {
    let rows = database.execute(
        &format!(
            "{GONE}{PEOPLE}, leaving AS MATERIALIZED (SELECT p.uai, count(*) AS leaving
                FROM people x JOIN person p ON p.id = x.id AND p.left_at IS NULL GROUP BY p.uai)
             SELECT l.uai, l.leaving, (SELECT count(*) FROM person p WHERE p.uai = l.uai AND p.left_at IS NULL) AS people
             FROM leaving l WHERE l.leaving * 5 > people ORDER BY l.uai"
        ),
        &parameters(database, import)?,
    )?;
    let exodus = |row: &store::Row| {
        Ok(Exodus { uai: row.text(0)?.to_owned(), leaving: number(row, 1)?, people: number(row, 2)? })
    };
    rows.iter().map(exodus).collect()
}
