//! Between a reader and the sink: counts what is given, and what was met on the way.

use std::collections::BTreeMap;

use crate::{Entry, Error, Reject, RejectCode, Sink};

/// More names than any format has; a hostile file could have millions.
const MOST_NAMES: usize = 500;
const LONGEST_NAME: usize = 80;

/// Names and how often each was met.
pub(crate) type Names = BTreeMap<String, u64>;

/// Why an entry is left out.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: RejectCode,
    pub(crate) words: String,
}

impl Refusal {
    pub(crate) fn new(code: RejectCode, words: impl Into<String>) -> Self {
        Self { code, words: words.into() }
    }
}

/// A sink, and what it was given.
#[derive(Debug)]
pub(crate) struct Tally<'a, S> {
    sink: &'a mut S,
    pub(crate) read: u64,
    pub(crate) rejected: u64,
    pub(crate) unknown: Names,
    pub(crate) incomplete: Names,
}

impl<'a, S: Sink> Tally<'a, S> {
    pub(crate) const fn new(sink: &'a mut S) -> Self {
        Self { sink, read: 0, rejected: 0, unknown: Names::new(), incomplete: Names::new() }
    }

    pub(crate) fn entry(&mut self, entry: Entry) -> Result<(), Error> {
        let line = entry.line;
        self.read += 1;
        self.sink.entry(entry).map_err(|_| Error::Stopped { line })
    }

    pub(crate) fn reject(&mut self, line: u64, id: &str, refusal: Refusal) -> Result<(), Error> {
        self.rejected += 1;
        let id = id.chars().take(LONGEST_NAME).collect();
        let Refusal { code, words } = refusal;
        self.sink.reject(Reject { line, id, code, words }).map_err(|_| Error::Stopped { line })
    }
}

/// Counts a name. Past a few hundred different ones, new ones are not told apart.
pub(crate) fn count(names: &mut Names, name: &str) {
    if let Some(count) = names.get_mut(name) {
        *count += 1;
        return;
    }
    let name = if names.len() < MOST_NAMES { name.chars().take(LONGEST_NAME).collect() } else { "…".to_owned() };
    *names.entry(name).or_default() += 1;
}
