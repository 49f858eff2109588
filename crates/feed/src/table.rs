//! Tables as spreadsheets write them (RFC 4180, with `;`, `,` or tab): rows of a file under a header.
//!
//! Not a library's reader, for three things that are wanted here: memory is bounded whatever a cell holds, lines are exact
//! with LF, CR LF and CR alike, and a quotation mark that never closes is told with its line instead of swallowing the rest.

use std::io::BufRead;

use crate::row::{Column, Header, Layout, Row};
use crate::source::Source;
use crate::tally::{Refusal, Tally, count};
use crate::value::tidy;
use crate::{Entry, Error, MAX_ENTRY, Sink};

/// Where in a row the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the beginning of a cell.
    Begin,
    Plain,
    Quoted,
    /// Behind a quotation mark in a quoted cell: its end, or the first of two.
    Mark,
    /// At its end.
    Ended,
    /// The mark that should have closed a cell has opened it: rows have been taken for a cell.
    Broken,
}

/// The cells of a row, as written.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// More than [`MAX_ENTRY`]: what is here is not all.
    too_large: bool,
    /// A quoted cell went over the end of a line.
    lines: bool,
}

impl Cells {
    pub(crate) fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let bytes = start.zip(self.ends.get(index)).and_then(|(start, end)| self.text.get(start..*end));
        std::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }

    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) const fn is_too_large(&self) -> bool {
        self.too_large
    }

    /// One byte more.
    fn take(&mut self, state: State, byte: u8, separator: u8) -> State {
        match (state, byte) {
            (State::Quoted, b'"') => State::Mark,
            (State::Quoted, _) => {
                self.lines |= matches!(byte, b'\n' | b'\r');
                self.push(byte);
                State::Quoted
            }
            (_, b'\n' | b'\r') => {
                self.end();
                State::Ended
            }
            (_, _) if byte == separator => {
                self.end();
                State::Begin
            }
            (State::Begin, b'"') => State::Quoted,
            (State::Mark, b'"') => {
                self.push(b'"');
                State::Quoted
            }
            (State::Mark, _) if self.lines => State::Broken,
            _ => {
                self.push(byte);
                State::Plain
            }
        }
    }

    fn push(&mut self, byte: u8) {
        if self.text.len() < MAX_ENTRY {
            self.text.push(byte);
        } else {
            self.too_large = true;
        }
    }

    /// So many ends would be in memory as well.
    fn end(&mut self) {
        if self.ends.len() < MAX_ENTRY / 8 {
            self.ends.push(self.text.len());
        } else {
            self.too_large = true;
        }
    }

    /// Nothing is written there: spreadsheets leave such rows behind.
    fn is_blank(&self) -> bool {
        !self.too_large && self.text.iter().all(u8::is_ascii_whitespace)
    }
}

/// The rows of a file.
#[derive(Debug)]
pub(crate) struct Table<R> {
    source: Source<R>,
    separator: u8,
    cells: Cells,
    /// The line where the row in `cells` begins.
    line: u64,
    after_cr: bool,
}

/// Reads the header: the first row that is not empty.
///
/// # Errors
/// When there is none, or the file cannot be read.
pub(crate) fn open<R: BufRead>(source: Source<R>, separator: u8) -> Result<(Table<R>, Header), Error> {
    let mut table = Table { source, separator, cells: Cells::default(), line: 1, after_cr: false };
    if !table.next()? {
        return Err(Error::Empty);
    }
    let columns = (0..table.cells.len()).map(|index| {
        let name = tidy(table.cells.get(index));
        Column { index, key: people::fold(&name).replace(' ', ""), name }
    });
    let header = Header(columns.filter(|column| !column.key.is_empty()).collect());
    Ok((table, header))
}

impl<R: BufRead> Table<R> {
    /// Gives each row that is not empty to `read`, and what it makes of it to the sink; nothing where it makes nothing.
    ///
    /// # Errors
    /// When the file cannot be read to its end, or the sink wants no more.
    pub(crate) fn each<S: Sink>(
        mut self,
        layout: &Layout,
        tally: &mut Tally<'_, S>,
        read: impl Fn(&Row<'_>) -> Result<Option<Entry>, Refusal>,
    ) -> Result<(), Error> {
        while self.next()? {
            let row = Row::new(&self.cells, layout, self.line);
            match row.check().and_then(|()| read(&row)) {
                Ok(Some(entry)) => tally.entry(entry)?,
                Ok(None) => continue,
                Err(refusal) => tally.reject(self.line, "", refusal)?,
            }
            for column in &layout.unknown {
                if !row.at(column.index).is_empty() {
                    count(&mut tally.unknown, &column.name);
                }
            }
        }
        Ok(())
    }

    /// Goes to the next row that is not empty; says whether there is one.
    fn next(&mut self) -> Result<bool, Error> {
        loop {
            self.cells.text.clear();
            self.cells.ends.clear();
            (self.cells.too_large, self.cells.lines) = (false, false);
            let there = self.row()?;
            if !there || !self.cells.is_blank() {
                return Ok(there);
            }
        }
    }

    /// Reads a row; false at the end of the file.
    fn row(&mut self) -> Result<bool, Error> {
        let mut state = State::Begin;
        let mut begun = false;
        loop {
            self.source.allow(usize::MAX);
            if !begun {
                self.line = self.source.line();
            }
            let (cells, separator) = (&mut self.cells, self.separator);
            let Ok(text) = self.source.fill_buf() else { return Err(self.failure()) };
            if text.is_empty() {
                if state == State::Quoted {
                    return Err(Error::UnclosedQuote { line: self.line });
                }
                if begun {
                    cells.end();
                }
                return Ok(begun);
            }
            // The second half of a CR LF.
            if std::mem::take(&mut self.after_cr) && text.first() == Some(&b'\n') {
                self.source.consume(1);
                continue;
            }
            let mut used = 0;
            for byte in text {
                used += 1;
                state = cells.take(state, *byte, separator);
                if matches!(state, State::Ended | State::Broken) {
                    break;
                }
            }
            self.after_cr = state == State::Ended && text.get(used - 1) == Some(&b'\r');
            begun = true;
            self.source.consume(used);
            match state {
                State::Ended => return Ok(true),
                State::Broken => return Err(Error::UnclosedQuote { line: self.line }),
                State::Begin | State::Plain | State::Quoted | State::Mark => {}
            }
        }
    }

    fn failure(&mut self) -> Error {
        let line = self.source.line();
        self.source.error().unwrap_or(Error::Malformed { line })
    }
}
