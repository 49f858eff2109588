//! Imports as they are kept: what was asked, what came of it, what was left out.

use serde::{Deserialize, Serialize};
use store::{Database, Row, params};

use crate::{Counts, Error, Mode};

/// A file of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRead {
    /// Its name.
    pub name: String,
    /// Entries read; `None` while, or where, it was not read to its end.
    pub read: Option<u64>,
}

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Its rowid.
    pub(crate) n: i64,
    /// Its ULID.
    pub id: String,
    /// [`crate::Source::as_str`]
    pub source: String,
    /// What its files are.
    pub mode: Mode,
    /// `reading`, `ready`, `applying`, `applied`, `cancelled`.
    pub state: String,
    /// The only establishments it may touch.
    pub limits: Option<Vec<String>>,
    /// Who asked; `None`: the command line.
    pub person: Option<String>,
    /// The domain of new establishments.
    pub domain: Option<String>,
    /// Its files.
    pub files: Vec<FileRead>,
    /// What it would do, or did; empty before it is ready.
    pub counts: Counts,
    /// How many entries the directory had to follow, once that is known.
    pub dirtied: Option<u64>,
    /// UTC milliseconds.
    pub created_at: i64,
    /// UTC milliseconds; when it was applied or cancelled.
    pub finished_at: Option<i64>,
}

impl Import {
    /// The limits as a statement takes them.
    pub(crate) fn limits_json(&self) -> Result<Option<String>, serde_json::Error> {
        self.limits.as_ref().map(serde_json::to_string).transpose()
    }

    /// Whether all its limits are among these establishments; never where it has none.
    #[must_use]
    pub fn within(&self, establishments: &[String]) -> bool {
        self.limits.as_ref().is_some_and(|limits| limits.iter().all(|uai| establishments.contains(uai)))
    }
}

const COLUMNS: &str =
    "i.n, i.id, i.source, i.mode, i.state, i.limits, i.person_id, i.domain, i.files, i.counts, i.dirtied,
    i.created_at, i.finished_at";

fn import(row: &Row) -> Result<Import, Error> {
    let text = |column| Ok::<_, store::Error>(row.optional_text(column)?.map(str::to_owned));
    let counts = row.text(9)?;
    Ok(Import {
        n: row.integer(0)?,
        id: row.text(1)?.to_owned(),
        source: row.text(2)?.to_owned(),
        mode: if row.text(3)? == "full" { Mode::Full } else { Mode::Delta },
        state: row.text(4)?.to_owned(),
        limits: row.optional_text(5)?.map(serde_json::from_str).transpose()?,
        person: text(6)?,
        domain: text(7)?,
        files: serde_json::from_str(row.text(8)?)?,
        counts: if counts == "[]" { Counts::default() } else { serde_json::from_str(counts)? },
        dirtied: row.optional_integer(10)?.map(|n| u64::try_from(n).unwrap_or(0)),
        created_at: row.integer(11)?,
        finished_at: row.optional_integer(12)?,
    })
}

/// The import of this id.
///
/// # Errors
/// When the database cannot be used.
pub fn load(database: &dyn Database, id: &str) -> Result<Option<Import>, Error> {
    let select = format!("SELECT {COLUMNS} FROM directory_import i WHERE i.id = ?1");
    database.first(&select, params![id])?.as_ref().map(import).transpose()
}

/// The imports of a person, newest first: `before` is the id of the last one seen.
///
/// # Errors
/// When the database cannot be used.
pub fn history(database: &dyn Database, person: &str, before: Option<&str>, limit: u32) -> Result<Vec<Import>, Error> {
    let select = format!(
        "SELECT {COLUMNS} FROM directory_import i
         WHERE i.person_id = ?1 AND (?2 IS NULL OR i.n < (SELECT b.n FROM directory_import b WHERE b.id = ?2))
         ORDER BY i.n DESC LIMIT ?3 + 0"
    );
    database.execute(&select, params![person, before, limit])?.iter().map(import).collect()
}

/// Something left out, or a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// Stable code: `duplicate`, `outside`, `unknown-establishment`…
    pub code: String,
    /// The kind of entry; may be empty.
    pub kind: String,
    /// Its id in the source; may be empty.
    pub id: String,
    /// What is wrong and what to do, in French.
    pub words: String,
    /// The entry itself was taken.
    pub remark: bool,
}

/// What was left out of an import, what is worse first, by file and line: at most `limit` from `from` on.
///
/// # Errors
/// When the database cannot be used.
pub fn rejects(database: &dyn Database, import: &Import, from: u32, limit: u32) -> Result<Vec<Rejected>, Error> {
    let rows = database.execute(
        "SELECT r.file, r.line, r.code, r.kind, r.id, r.words, r.remark FROM import_reject r WHERE r.import_n = ?1
         ORDER BY r.remark, r.file, r.line, r.position, r.code, r.kind, r.id LIMIT ?2 + 0 OFFSET ?3",
        params![import.n, limit, from],
    )?;
    let rejected = |row: &Row| {
        let file = usize::try_from(row.integer(0)?).ok().and_then(|file| import.files.get(file));
        Ok(Rejected {
            file: file.map_or_else(String::new, |file| file.name.clone()),
            line: crate::counts::number(row, 1)?,
            code: row.text(2)?.to_owned(),
            kind: row.text(3)?.to_owned(),
            id: row.text(4)?.to_owned(),
            words: row.text(5)?.to_owned(),
            remark: row.boolean(6)?,
        })
    };
    rows.iter().map(rejected).collect()
}

/// The imports of the command line that were confirmed and interrupted, oldest first: [`crate::advance`] concludes them.
///
/// # Errors
/// When the database cannot be used.
pub fn interrupted(database: &dyn Database) -> Result<Vec<Import>, Error> {
    let select = format!(
        "SELECT {COLUMNS} FROM directory_import i WHERE i.person_id IS NULL AND i.state = 'applying' ORDER BY i.n"
    );
    database.execute(&select, params![])?.iter().map(import).collect()
}

/// What was left out, as a table for a spreadsheet: header and rows, cells that a spreadsheet would compute made harmless.
#[must_use]
pub fn rejects_csv(rejected: &[Rejected]) -> String {
    let mut text = "\u{feff}fichier;ligne;code;nature;identifiant;motif;remarque\r\n".to_owned();
    for row in rejected {
        let remark = if row.remark { "oui" } else { "" };
        let line = row.line.to_string();
        let cells = [row.file.as_str(), &line, &row.code, &row.kind, &row.id, &row.words, remark].map(cell);
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    text
}

fn cell(text: &str) -> String {
    let harmless =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if harmless.contains([';', '"', '\n', '\r']) { format!("\"{}\"", harmless.replace('"', "\"\"")) } else { harmless }
}
