//! The files that say who is who, read as a stream: AAF (full and delta), ONDE, and a plain CSV of ours (A-7, DOMAIN §2).
//!
//! Whatever the format, a file becomes a stream of [`Entry`]s and [`Reject`]s, given to a [`Sink`] as they are read, in flat
//! memory: what a file holds is never in memory but for one entry, and an entry above [`MAX_ENTRY`] is left out unread.
//! Nothing here knows the database, opens a file, or starts a thread.

pub mod aaf;
pub mod csv;
mod error;
mod identity;
mod onde;
mod record;
mod row;
mod sniff;
mod source;
mod table;
mod tally;
mod value;

use std::collections::BTreeMap;
use std::io::BufRead;

pub use error::Error;
pub use record::{Change, Entry, Function, Kind, NamedChild, Place, Record, Reject, RejectCode, Sink, Stop, Tie};

use aaf::FileName;
use tally::Tally;

/// The most an entry may take, in bytes of UTF-8: beyond, it is left out as [`RejectCode::TooLarge`].
pub const MAX_ENTRY: usize = 1024 * 1024;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Annuaire académique fédérateur.
    Aaf,
    /// ONDE: students.
    OndeStudents,
    /// ONDE: relatives.
    OndeRelatives,
    /// ONDE: teachers.
    OndeTeachers,
    /// Our own: [`csv`].
    Csv,
}

/// Whether a file says everything, or what has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Who is not in it (or in its set) has left.
    Full,
    /// Who is not in it is as before.
    Delta,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What the file turned out to be.
    pub format: Format,
    /// ONDE and CSV files are full. An AAF file is what its name says; without such a name a delta, lest people be taken for
    /// gone because somebody renamed a file.
    pub extent: Extent,
    /// Entries given to the sink.
    pub read: u64,
    /// Rejects given to the sink.
    pub rejected: u64,
    /// Attributes or columns that are not known, and how often each had a value. Names beyond the first 500 count as "…".
    pub unknown: BTreeMap<String, u64>,
    /// Attributes that had values with a part missing that they cannot do without ("6A" without an establishment), and how
    /// many such values were left out; their entries are taken.
    pub incomplete: BTreeMap<String, u64>,
}

/// Reads a file of any of the formats, told apart by its first bytes. `name` is the file's name: AAF sets say their kind and
/// extent there. `uai` is the establishment that ONDE and CSV files are about, which do not say it; it becomes
/// [`Record::structure`] and [`Place::structure`].
///
/// # Errors
/// When the file is none that can be read, or from some line on cannot be; what came before has been given to the sink.
pub fn read(name: &str, uai: Option<&str>, reader: impl BufRead, sink: &mut impl Sink) -> Result<Summary, Error> {
    let sniff::Sniffed { xml, separator, source } = sniff::sniff(reader)?;
    let mut tally = Tally::new(sink);
    let (format, extent) = if xml {
        let name = name.parse::<FileName>().ok();
        aaf::read(source, name.as_ref().map(|name| name.kind), &mut tally)?;
        (Format::Aaf, name.map_or(Extent::Delta, |name| name.extent))
    } else {
        let (table, header) = table::open(source, separator)?;
        let format = onde::recognise(&header).or_else(|| csv::recognise(&header)).ok_or(Error::UnknownHeader)?;
        let uai = uai.ok_or(Error::MissingUai)?;
        match format {
            Format::OndeStudents => onde::students(table, header, uai, &mut tally)?,
            Format::OndeRelatives => onde::relatives(table, header, uai, &mut tally)?,
            Format::OndeTeachers => onde::teachers(table, header, uai, &mut tally)?,
            _ => csv::read(table, header, uai, &mut tally)?,
        }
        (format, Extent::Full)
    };
    let Tally { read, rejected, unknown, incomplete, .. } = tally;
    Ok(Summary { format, extent, read, rejected, unknown, incomplete })
}
