//! From the ids of structures in a source to establishments.

use std::collections::HashMap;

use feed::Record;
use store::{Database, params};

use crate::Error;

/// The establishments that a source can name.
#[derive(Debug, Default)]
pub(crate) struct Structures(HashMap<String, String>);

impl Structures {
    /// Those of the mirror, of the import's own entries (`import`, 0 for none), and all by their UAI, which is how the
    /// files of one school name them.
    pub(crate) fn load(database: &dyn Database, source: &str, import: i64) -> Result<Self, Error> {
        let rows = database.execute(
            "SELECT e.uai, e.uai FROM establishment e
             UNION ALL SELECT r.id, r.record ->> 'uai' FROM source_record r
                WHERE r.source = ?1 AND r.kind = 'establishment' AND r.gone = 0 AND r.record ->> 'uai' IS NOT NULL
             UNION ALL SELECT i.id, i.record ->> 'uai' FROM import_entry i
                WHERE i.import_n = ?2 AND i.kind = 'establishment' AND i.change <> 'delete' AND i.record ->> 'uai' IS NOT NULL",
            params![source, import],
        )?;
        let pair = |row: &store::Row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()));
        Ok(Self(rows.iter().map(pair).collect::<Result<_, store::Error>>()?))
    }

    /// The establishment of a structure.
    pub(crate) fn uai(&self, structure: &str) -> Option<&str> {
        self.0.get(structure).map(String::as_str)
    }

    /// The structure somebody belongs to first, among those that are establishments here: an adult's own may be an office of
    /// the academy.
    pub(crate) fn home<'a>(&self, record: &'a Record) -> Option<&'a str> {
        let places = |list: &'a Option<Vec<feed::Place>>| list.iter().flatten().map(|place| place.structure.as_str());
        let functions = record.functions.iter().flatten().map(|function| function.structure.as_str());
        record
            .structure
            .as_deref()
            .into_iter()
            .chain(functions)
            .chain(places(&record.classes))
            .chain(places(&record.groups))
            .find(|structure| self.0.contains_key(*structure))
    }

    /// The ids of the structures, for a statement.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
