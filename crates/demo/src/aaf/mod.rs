//! The demo's schools as an academy's directory tells of them: sets of AAF files to import, for demonstrations, tests and
//! figures. The same options and day always give the same files. Guests are in no academy's directory.
//!
//! Time goes by in days: on each day some people come and leave, change class, address or phone. [`write`] tells everything
//! as it is on a day, [`write_delta`] what has changed since the day before.

mod day;
mod entries;
mod facts;
mod patch;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use feed::aaf::{FileName, Writer};
use feed::{Change, Entry, Extent, Kind, Record};

use crate::make::Plan;
use crate::{Error, Options};

/// Entries in a file; then the next one is begun.
const PER_FILE: u32 = 5000;

/// The files' prefix: what an academy calls whoever receives them.
const PREFIX: &str = "ENT_0990001A";

/// Days are of September 2025: there are 30.
const DAYS: u32 = 30;

/// Writes the full set as it is on a day, from 0 to 29, into a folder that exists; gives its files in the order to be read in.
///
/// # Errors
/// When a file cannot be written, or there are too few people ([`Error::TooSmall`]).
pub fn write(folder: &Path, options: &Options, day: u32) -> Result<Vec<PathBuf>, Error> {
    let mut set = Set::new(folder, Extent::Full, day);
    let mut number = 0;
    each_school(options, |school, seed| {
        let entries = entries::of(school, number, seed, day);
        number += 1;
        entries.into_iter().try_for_each(|((kind, id), record)| set.put(kind, id, Change::Put(Box::new(record))))
    })?;
    set.finish()
}

/// Writes the delta of a day, from 1 to 29: what is so since the day before.
///
/// # Errors
/// As [`write`].
pub fn write_delta(folder: &Path, options: &Options, day: u32) -> Result<Vec<PathBuf>, Error> {
    let mut set = Set::new(folder, Extent::Delta, day);
    let mut number = 0;
    each_school(options, |school, seed| {
        let mut before = entries::of(school, number, seed, day.saturating_sub(1));
        let after = entries::of(school, number, seed, day);
        number += 1;
        for ((kind, id), record) in after {
            match before.remove(&(kind, id.clone())) {
                None => set.put(kind, id, Change::Put(Box::new(record)))?,
                Some(old) if old == record => {}
                Some(old) => set.put(kind, id, Change::Patch(Box::new(patch::between(&old, &record)?)))?,
            }
        }
        before.into_keys().try_for_each(|(kind, id)| set.put(kind, id, Change::Delete))
    })?;
    set.finish()
}

/// What a school's entries are, by kind and id: the order in which files are written.
type Entries = BTreeMap<(Kind, String), Record>;

fn each_school(
    options: &Options,
    mut take: impl FnMut(&crate::school::School, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    if options.establishments == 0 || options.people / options.establishments < 150 {
        return Err(Error::TooSmall);
    }
    Plan::new(options).schools(|_, school, _| take(&school, options.seed))
}

/// The files of a set that are being written, one of each kind.
struct Set<'a> {
    folder: &'a Path,
    extent: Extent,
    date: String,
    open: BTreeMap<Kind, (Writer<BufWriter<File>>, u32)>,
    written: Vec<FileName>,
}

impl<'a> Set<'a> {
    fn new(folder: &'a Path, extent: Extent, day: u32) -> Self {
        let date = format!("2025-09-{:02}", day.min(DAYS - 1) + 1);
        Self { folder, extent, date, open: BTreeMap::new(), written: Vec::new() }
    }

    fn put(&mut self, kind: Kind, id: String, change: Change) -> Result<(), Error> {
        let (mut writer, count) = match self.open.remove(&kind) {
            Some(open) => open,
            None => (self.begin(kind)?, 0),
        };
        writer.entry(&Entry { line: 0, kind, id, change })?;
        if count + 1 < PER_FILE {
            self.open.insert(kind, (writer, count + 1));
        } else {
            writer.finish()?;
        }
        Ok(())
    }

    fn begin(&mut self, kind: Kind) -> Result<Writer<BufWriter<File>>, Error> {
        let number =
            self.written.iter().filter(|name| name.kind == kind).map(|name| name.number + 1).max().unwrap_or(0);
        let name = FileName { prefix: PREFIX.to_owned(), extent: self.extent, date: self.date.clone(), kind, number };
        let file = File::create(self.folder.join(name.to_string()))?;
        self.written.push(name);
        Ok(Writer::new(BufWriter::new(file))?)
    }

    fn finish(mut self) -> Result<Vec<PathBuf>, Error> {
        for (writer, _) in self.open.into_values() {
            writer.finish()?;
        }
        self.written.sort();
        Ok(self.written.iter().map(|name| self.folder.join(name.to_string())).collect())
    }
}
