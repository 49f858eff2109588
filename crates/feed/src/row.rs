//! The columns of a table, and the rows under them, as fields.

use std::collections::HashMap;

use crate::table::Cells;
use crate::tally::Refusal;
use crate::value::{date, tidy};
use crate::{Change, Entry, Error, Kind, Place, Record, RejectCode};

/// A column of a file: where it is, and what it is called there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) index: usize,
    /// Folded, without spaces (DOMAIN §2).
    pub(crate) key: String,
    pub(crate) name: String,
}

/// The columns of a file that have a name.
#[derive(Debug)]
pub(crate) struct Header(pub(crate) Vec<Column>);

/// Which column holds what.
#[derive(Debug)]
pub(crate) struct Layout {
    places: HashMap<&'static str, usize>,
    pub(crate) unknown: Vec<Column>,
    /// A row with fewer cells is ragged; so is one with something beyond `width`.
    pub(crate) least: usize,
    pub(crate) width: usize,
}

/// A row, by the columns of its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    cells: &'a Cells,
    layout: &'a Layout,
    pub(crate) line: u64,
}

impl Header {
    pub(crate) fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.0.iter().any(|column| column.key == *key))
    }

    /// Finds the columns of a format: `known` gives the one name of a column that it knows. `needed` are the columns that must
    /// be there, each with its name for people.
    ///
    /// # Errors
    /// When one is missing, or there twice.
    pub(crate) fn layout(
        self,
        known: impl Fn(&str) -> Option<&'static str>,
        needed: &[(&str, &'static str)],
    ) -> Result<Layout, Error> {
        let width = self.0.last().map_or(0, |column| column.index + 1);
        let mut layout = Layout { places: HashMap::new(), unknown: Vec::new(), least: width, width };
        for column in self.0 {
            match known(&column.key) {
                Some(key) if layout.places.insert(key, column.index).is_some() => {
                    return Err(Error::DuplicateColumn(column.name));
                }
                Some(_) => {}
                None => layout.unknown.push(column),
            }
        }
        match needed.iter().find(|(key, _)| !layout.places.contains_key(key)) {
            Some((_, name)) => Err(Error::MissingColumn(name)),
            None => Ok(layout),
        }
    }
}

impl<'a> Row<'a> {
    pub(crate) const fn new(cells: &'a Cells, layout: &'a Layout, line: u64) -> Self {
        Self { cells, layout, line }
    }

    /// The cell of a column, tidied; empty where the file has no such column.
    pub(crate) fn text(&self, key: &str) -> String {
        self.layout.places.get(key).map(|index| self.at(*index)).unwrap_or_default()
    }

    /// The cell of a column, if something is in it.
    pub(crate) fn field(&self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    /// A cell by its place.
    pub(crate) fn at(&self, index: usize) -> String {
        tidy(self.cells.get(index))
    }

    /// Something is wrong with its form.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let count = self.cells.len();
        if self.cells.is_too_large() {
            let words = "La ligne dépasse un mébioctet\u{a0}: elle a été laissée de côté. Vérifiez ses guillemets.";
            return Err(Refusal::new(RejectCode::TooLarge, words));
        }
        if count < self.layout.least || (self.layout.width..count).any(|index| !self.at(index).is_empty()) {
            let width = self.layout.width;
            let words = format!(
                "La ligne a {count} cellules au lieu de {width}. Vérifiez qu’aucune ne contient le séparateur sans guillemets."
            );
            return Err(Refusal::new(RejectCode::RaggedRow, words));
        }
        Ok(())
    }
}

pub(crate) fn missing(what: &str) -> Refusal {
    Refusal::new(RejectCode::MissingField, format!("Il manque {what}. Complétez la ligne."))
}

pub(crate) fn bad(column: &str, form: &str) -> Refusal {
    let words = format!("La colonne «\u{a0}{column}\u{a0}» n’a pas la forme attendue ({form}). Corrigez la ligne.");
    Refusal::new(RejectCode::BadField, words)
}

/// A date, if there is one.
pub(crate) fn day(row: &Row<'_>, key: &str) -> Result<Option<String>, Refusal> {
    row.field(key).map(|text| date(&text).ok_or_else(|| bad("date de naissance", "jj/mm/aaaa"))).transpose()
}

pub(crate) fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

pub(crate) fn place(uai: &str, name: String) -> Place {
    Place { structure: uai.to_owned(), name, subject: String::new() }
}

pub(crate) fn put(row: &Row<'_>, kind: Kind, id: String, record: Record) -> Entry {
    Entry { line: row.line, kind, id, change: Change::Put(Box::new(record)) }
}
