//! Staging: an import and the entries of its files, before anything is decided.

use std::collections::HashSet;

use feed::{Change, Entry, Kind, Record, Reject, Stop};
use people::Uai;
use store::{Database, params};

use crate::mirror::{tidy, word};
use crate::{Chance, Error, Import, history};

/// Entries per statement.
const BATCH: usize = 1000;

/// Whether what is not in the files has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The files say everything of the establishments and kinds that are in them.
    Full,
    /// The files say what changed.
    Delta,
}

impl Mode {
    /// The word in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Delta => "delta",
        }
    }
}

/// What begins the name of a school's own source.
pub(crate) const SCHOOL: &str = "school:";

/// Where ids mean something: the same id in another source is somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source(String);

impl Source {
    /// The academy's directory. The prefix of its file names (`<PREFIX>_Complet_…`) tells academies apart, whose numbers
    /// overlap; files that are not named so are taken for those of the only one.
    #[must_use]
    pub fn aaf(prefix: Option<&str>) -> Self {
        let prefix: String = prefix.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        if prefix.is_empty() { Self("aaf".to_owned()) } else { Self(format!("aaf:{}", prefix.to_ascii_lowercase())) }
    }

    /// The files of one school: ONDE, our own CSV.
    #[must_use]
    pub fn school(uai: &Uai) -> Self {
        Self(format!("{SCHOOL}{uai}"))
    }

    /// As the database spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An import to be made.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where its files come from.
    pub source: &'a Source,
    /// What they are.
    pub mode: Mode,
    /// The only establishments it may touch; `None`: all. Entries of others are left out, people there stay as they are.
    pub limits: Option<&'a [Uai]>,
    /// The domain of the addresses in establishments that are new; `None`: there may be none.
    pub domain: Option<&'a str>,
    /// The person who asks; `None`: the command line.
    pub person: Option<&'a str>,
    /// UTC milliseconds.
    pub now: i64,
}

/// Begins an import; [`Staging`] then takes its files. What the same asker had begun of the source and not applied is
/// cancelled.
///
/// # Errors
/// When the database cannot be used.
pub fn begin(database: &dyn Database, chance: &mut impl Chance, request: &Request<'_>) -> Result<Import, Error> {
    let source = request.source.as_str();
    let before = database.execute(
        "UPDATE directory_import SET state = 'cancelled', finished_at = ?3
         WHERE source = ?1 AND person_id IS ?2 AND state IN ('reading', 'ready') RETURNING n",
        params![source, request.person, request.now],
    )?;
    for row in &before {
        database.execute("DELETE FROM import_entry WHERE import_n = ?1", params![row.integer(0)?])?;
    }
    let id = chance.id(request.now);
    let limits = request.limits.map(serde_json::to_string).transpose()?;
    database.execute(
        "INSERT INTO directory_import (id, source, mode, state, limits, person_id, domain, created_at)
         VALUES (?1, ?2, ?3, 'reading', ?4, ?5, ?6, ?7)",
        params![
            &id,
            source,
            request.mode.as_str(),
            limits,
            request.person,
            request.domain.map(str::to_ascii_lowercase),
            request.now
        ],
    )?;
    history::load(database, &id)?.ok_or(Error::Store(store::Error::Column(0)))
}

/// What a file gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Read {
    /// Entries that were read, those left out among them.
    pub read: u64,
    /// Those left out so far.
    pub rejected: u64,
}

/// One file of an import: takes its entries as they are read. Without [`Staging::finish`] it does not count.
pub struct Staging<'a> {
    database: &'a dyn Database,
    import: i64,
    file: i64,
    batch: Vec<Staged>,
    rejects: Vec<(u64, u64, &'static str, String, String)>,
    count: Read,
    failed: Option<Error>,
}

/// A row of `import_entry`, as JSON: kind, id, line, change, structure, record, said; and its position in the file.
type Staged = (&'static str, String, u64, &'static str, String, String, Option<String>, u64);

impl<'a> Staging<'a> {
    /// Opens a file of the import. One of the same name that was not read to its end is taken back.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn open(database: &'a dyn Database, import: &Import, name: &str) -> Result<Self, Error> {
        for row in database.execute(
            "SELECT f.key FROM directory_import i, json_each(i.files) f
             WHERE i.n = ?1 AND i.state = 'reading' AND f.value ->> 'name' = ?2 AND f.value ->> 'read' IS NULL",
            params![import.n, name],
        )? {
            forget_file(database, import, row.integer(0)?)?;
        }
        let row = database.first(
            "UPDATE directory_import SET files = json_insert(files, '$[#]', json_object('name', ?2, 'read', NULL))
             WHERE n = ?1 AND state = 'reading' RETURNING json_array_length(files) - 1",
            params![import.n, name],
        )?;
        let file = row.ok_or(crate::Refusal::State)?.integer(0)?;
        let (batch, rejects) = (Vec::with_capacity(BATCH), Vec::new());
        Ok(Self { database, import: import.n, file, batch, rejects, count: Read::default(), failed: None })
    }

    /// The number of the file in the import, from 0.
    #[must_use]
    pub const fn file(&self) -> i64 {
        self.file
    }

    /// How much was read so far.
    #[must_use]
    pub const fn so_far(&self) -> Read {
        self.count
    }

    /// Why the last call answered [`Stop`].
    pub fn failure(&mut self) -> Option<Error> {
        self.failed.take()
    }

    /// The file was read to its end.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn finish(mut self) -> Result<Read, Error> {
        self.flush()?;
        self.database.execute(
            "UPDATE directory_import SET files = json_set(files, '$[' || ?2 || '].read', ?3) WHERE n = ?1",
            params![self.import, self.file, i64::try_from(self.count.read).unwrap_or(i64::MAX)],
        )?;
        Ok(self.count)
    }

    fn flush(&mut self) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            // Each value of the JSON is taken out in the order in which the columns stand.
            let taken = self.database.execute(
                "INSERT INTO import_entry (import_n, kind, id, file, line, change, structure, record, said)
                 SELECT ?1, value ->> 0, value ->> 1, ?2, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
                 FROM json_each(?3) WHERE true
                 ON CONFLICT (import_n, kind, id) DO NOTHING RETURNING kind, id",
                params![self.import, self.file, serde_json::to_string(&batch)?],
            )?;
            if taken.len() < batch.len() {
                let mut fresh = HashSet::new();
                for row in &taken {
                    fresh.insert((row.text(0)?, row.text(1)?));
                }
                let repeated: Vec<_> = batch
                    .iter()
                    .filter(|entry| !fresh.remove(&(entry.0, entry.1.as_str())))
                    .map(|entry| (entry.0, entry.1.as_str(), entry.2, entry.7))
                    .collect();
                self.duplicates(&repeated)?;
            }
        }
        let rejects = std::mem::take(&mut self.rejects);
        if !rejects.is_empty() {
            self.database.execute(
                "INSERT INTO import_reject (import_n, file, line, position, code, id, words)
                 SELECT ?1, ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?3) WHERE true
                 ON CONFLICT DO NOTHING",
                params![self.import, self.file, serde_json::to_string(&rejects)?],
            )?;
        }
        Ok(())
    }

    /// The first of two entries of one id is taken, the second is left out and says where the first stands.
    fn duplicates(&mut self, repeated: &[(&str, &str, u64, u64)]) -> Result<(), Error> {
        self.count.rejected += repeated.len() as u64;
        self.database.execute(
            "INSERT INTO import_reject (import_n, file, line, position, code, kind, id, words)
             SELECT e.import_n, ?2, j.value ->> 2, j.value ->> 3, 'duplicate', e.kind, e.id,
                'Cet identifiant est déjà à la ligne ' || e.line || ' du fichier ' ||
                (SELECT i.files ->> ('$[' || e.file || '].name') FROM directory_import i WHERE i.n = ?1) ||
                ' : cette seconde fiche est laissée de côté. Corrigez le fichier si la première n’est pas la bonne.'
             FROM json_each(?3) j
             JOIN import_entry e ON e.import_n = ?1 AND e.kind = j.value ->> 0 AND e.id = j.value ->> 1
             WHERE true ON CONFLICT DO NOTHING",
            params![self.import, self.file, serde_json::to_string(repeated)?],
        )?;
        Ok(())
    }

    fn push(&mut self, entry: Entry) -> Result<(), Error> {
        let json = |record: &Record| serde_json::to_string(record);
        let (change, structure, record, said) = match entry.change {
            Change::Put(record) => {
                let record = tidy(*record);
                let structure = home(entry.kind, &entry.id, &record);
                ("put", structure, json(&record)?, None)
            }
            // Its structure is known once it is put together with what the mirror holds.
            Change::Patch(record) => ("patch", String::new(), String::new(), Some(json(&record)?)),
            Change::Delete => ("delete", String::new(), String::new(), None),
        };
        self.batch.push((word(entry.kind), entry.id, entry.line, change, structure, record, said, self.count.read));
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn stopped(&mut self, outcome: Result<(), Error>) -> Result<(), Stop> {
        outcome.map_err(|error| {
            self.failed = Some(error);
            Stop
        })
    }
}

/// The structure an entry is counted under: its own id for an establishment.
pub(crate) fn home(kind: Kind, id: &str, record: &Record) -> String {
    if kind == Kind::Establishment { id.to_owned() } else { record.structure.clone().unwrap_or_default() }
}

impl feed::Sink for Staging<'_> {
    fn entry(&mut self, entry: Entry) -> Result<(), Stop> {
        self.count.read += 1;
        let outcome = self.push(entry);
        self.stopped(outcome)
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        self.count.read += 1;
        self.count.rejected += 1;
        self.rejects.push((reject.line, self.count.read, reject.code.as_str(), reject.id, reject.words));
        let outcome = if self.rejects.len() >= BATCH { self.flush() } else { Ok(()) };
        self.stopped(outcome)
    }
}

/// Takes a file out of an import again: it could not be read to its end.
///
/// # Errors
/// When the database cannot be used.
pub fn forget_file(database: &dyn Database, import: &Import, file: i64) -> Result<(), Error> {
    database.execute("DELETE FROM import_entry WHERE import_n = ?1 AND file = ?2", params![import.n, file])?;
    database.execute("DELETE FROM import_reject WHERE import_n = ?1 AND file = ?2", params![import.n, file])?;
    database.execute(
        "UPDATE directory_import SET files = json_set(files, '$[' || ?2 || '].read', 0) WHERE n = ?1",
        params![import.n, file],
    )?;
    Ok(())
}
