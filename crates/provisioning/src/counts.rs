//! What an import would do, counted.

use serde::{Deserialize, Serialize};
use store::{Database, params};

use crate::structures::Structures;
use crate::{Error, Import, departures};

/// What would become of the entries of one kind in one establishment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// `establishment`, `subject`, `level`, `student`, `relative`, `adult`.
    pub kind: String,
    /// The establishment; empty where the entry names none (relatives who are new, subjects).
    pub uai: String,
    /// New to the directory, or back again.
    pub created: u64,
    /// Known, and different.
    pub changed: u64,
    /// Known, and the same.
    pub unchanged: u64,
    /// Taken away by an entry that says so.
    pub deleted: u64,
    /// Not in the files any more (full files only): not one of those read.
    pub left: u64,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Entries read; the sum of all that follows but `left`.
    pub read: u64,
    /// Left out, each with its line and reason.
    pub rejected: u64,
    /// Remarks on entries that were taken.
    pub remarks: u64,
    /// By kind and establishment, in that order.
    pub by_kind: Vec<Count>,
}

impl Counts {
    /// The sum over all kinds and establishments.
    #[must_use]
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        for count in &self.by_kind {
            total.created += count.created;
            total.changed += count.changed;
            total.unchanged += count.unchanged;
            total.deleted += count.deleted;
            total.left += count.left;
        }
        total
    }
}

/// The structure gives the establishment; where there is none, the person whom the entry tells of.
const COUNT: &str = "
    WITH place AS MATERIALIZED (SELECT j.value ->> 0 AS id, j.value ->> 1 AS uai FROM json_each(?3) j)
    SELECT e.kind, coalesce(s.uai, p.uai, ''),
        CASE WHEN e.change = 'delete' THEN CASE WHEN coalesce(m.gone, 1) THEN 'unchanged' ELSE 'deleted' END
            WHEN coalesce(m.gone, 1) THEN 'created'
            WHEN m.record = e.record THEN 'unchanged'
            ELSE 'changed' END,
        count(*)
    FROM import_entry e
    LEFT JOIN source_record m ON m.source = ?2 AND m.kind = e.kind AND m.id = e.id
    LEFT JOIN place s ON s.id = e.structure
    LEFT JOIN person p ON e.structure = '' AND p.id = m.person_id
    WHERE e.import_n = ?1
    GROUP BY 1, 2, 3";

/// Counts an import that was judged.
pub(crate) fn count(database: &dyn Database, import: &Import, structures: &Structures) -> Result<Counts, Error> {
    let places: Vec<_> = structures.ids().map(|id| (id, structures.uai(id))).collect();
    let rows = database.execute(COUNT, params![import.n, &import.source, serde_json::to_string(&places)?])?;
    let mut cells = Vec::new();
    for row in &rows {
        cells.push((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.text(2)?.to_owned(), number(row, 3)?));
    }
    cells.extend(
        departures::left(database, import)?.into_iter().map(|(kind, uai, n)| (kind, uai, "left".to_owned(), n)),
    );
    let mut by_kind: Vec<Count> = Vec::new();
    for (kind, uai, verdict, n) in cells {
        let position = by_kind.iter().position(|count| count.kind == kind && count.uai == uai);
        let mut count = match position {
            Some(position) => by_kind.swap_remove(position),
            None => Count { kind, uai, ..Count::default() },
        };
        *match verdict.as_str() {
            "created" => &mut count.created,
            "changed" => &mut count.changed,
            "unchanged" => &mut count.unchanged,
            "deleted" => &mut count.deleted,
            _ => &mut count.left,
        } += n;
        by_kind.push(count);
    }
    let order = ["establishment", "subject", "level", "adult", "student", "relative"];
    by_kind.sort_by_key(|count| (order.iter().position(|kind| *kind == count.kind), count.uai.clone()));
    let row = database.first(
        "SELECT (SELECT coalesce(sum(f.value ->> 'read'), 0) FROM directory_import i, json_each(i.files) f WHERE i.n = ?1),
            (SELECT count(*) FROM import_reject r WHERE r.import_n = ?1 AND r.remark = 0),
            (SELECT count(*) FROM import_reject r WHERE r.import_n = ?1 AND r.remark = 1)",
        params![import.n],
    )?;
    let row = row.ok_or(store::Error::Column(0))?;
    Ok(Counts { read: number(&row, 0)?, rejected: number(&row, 1)?, remarks: number(&row, 2)?, by_kind })
}

/// A count of the database.
pub(crate) fn number(row: &store::Row, column: usize) -> Result<u64, store::Error> {
    Ok(u64::try_from(row.integer(column)?).unwrap_or(0))
}
