//! AAF, the annuaire académique fédérateur (DOMAIN §2): XML of the academies, second degree and first degree, full and delta.
//!
//! A pull parser over a [`Source`] that gives no more than [`MAX_ENTRY`] between two entries, so that nothing a file holds is
//! buffered beyond that. An entry that is larger is skipped by looking for its end tag alone. A document type is tolerated as
//! academies write it (`SYSTEM "ficAlimMENESR.dtd"`) and never fetched; one with declarations of its own is refused, and no
//! entity but the five of XML is ever expanded.

mod attribute;
mod file_name;
mod request;
mod write;

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

pub use file_name::{FileName, NotAafName};
pub use write::Writer;

use crate::source::Source;
use crate::tally::Tally;
use crate::{Error, Kind, MAX_ENTRY, Sink};
use request::Request;

const ROOT: &str = "ficAlimMENESR";

/// Elements in elements; a file of the academies has five.
const MAX_DEPTH: usize = 16;

/// Reads a file. `kind` is what its name says its entries are, for those that do not say it themselves.
pub(crate) fn read<R: BufRead, S: Sink>(
    source: Source<R>,
    kind: Option<Kind>,
    tally: &mut Tally<'_, S>,
) -> Result<(), Error> {
    let mut xml = parser(source);
    let mut buffer = Vec::new();
    let mut document = Document { tally, kind, depth: 0, ended: false, request: Request::default() };
    loop {
        buffer.clear();
        if document.depth < 2 {
            xml.get_mut().allow(MAX_ENTRY);
        }
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return document.end(xml.get_mut()),
            Ok(event) => document.take(event, xml.get_mut())?,
            Err(_) => {
                let mut source = xml.into_inner();
                document.fail(&mut source)?;
                xml = parser(source);
            }
        }
    }
}

/// A parser in the midst of a document: it may see end tags whose start it has not seen.
fn parser<R: BufRead>(source: Source<R>) -> Reader<Source<R>> {
    let mut xml = Reader::from_reader(source);
    let config = xml.config_mut();
    config.expand_empty_elements = true;
    config.allow_unmatched_ends = true;
    xml
}

/// Where in a document we are: the root at depth 1, requests at 2, their parts at 3, attributes at 4, values at 5.
struct Document<'t, 'a, S> {
    tally: &'t mut Tally<'a, S>,
    kind: Option<Kind>,
    depth: usize,
    /// The root was closed.
    ended: bool,
    request: Request,
}

impl<S: Sink> Document<'_, '_, S> {
    fn take<R: BufRead>(&mut self, event: Event<'_>, source: &mut Source<R>) -> Result<(), Error> {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                let name = tag.name();
                match self.depth {
                    1 if self.ended => return Err(Error::Malformed { line: source.line() }),
                    1 if name.as_ref() != ROOT => return Err(Error::NotAaf { line: source.line() }),
                    1 => {}
                    2 => {
                        // The parser stands behind the tag, which may be written over several lines.
                        let within = tag.bytes().filter(|byte| *byte == b'\n').count() as u64;
                        self.request.begin(name.as_ref(), source.line().saturating_sub(within));
                    }
                    3 => self.request.section(name.as_ref()),
                    4 => self.request.attribute(&tag),
                    5 => self.request.values.begin(),
                    6..=MAX_DEPTH => {}
                    _ => return Err(Error::TooDeep { line: source.line() }),
                }
            }
            Event::End(tag) => {
                match self.depth {
                    0 => return Err(Error::Malformed { line: source.line() }),
                    1 if tag.name().as_ref() != ROOT => return Err(Error::Malformed { line: source.line() }),
                    1 => self.ended = true,
                    2 => self.request.finish(self.kind, self.tally)?,
                    4 => self.request.attribute_end(self.tally),
                    5 => self.request.values.end(),
                    _ => {}
                }
                self.depth -= 1;
            }
            Event::Text(text) => self.request.values.push(&text),
            Event::CData(text) => self.request.values.push(&text),
            Event::GeneralRef(reference) => self.request.reference(&reference),
            Event::DocType(doctype) if doctype.contains('[') => return Err(Error::Doctype { line: source.line() }),
            Event::DocType(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Empty(_) | Event::Eof => {}
        }
        Ok(())
    }

    /// The parser cannot go on. Within an entry that is too large, leaves the entry out and stands behind it.
    fn fail<R: BufRead>(&mut self, source: &mut Source<R>) -> Result<(), Error> {
        if source.is_full() && self.depth >= 2 {
            self.request.too_large(self.tally)?;
            self.depth = 1;
            if source.skip_past(&self.request.tag).is_ok() {
                return Ok(());
            }
        }
        let line = source.line();
        Err(match source.error() {
            Some(error) => error,
            None if source.at_end() => Error::Truncated { line },
            None => Error::Malformed { line },
        })
    }

    fn end<R: BufRead>(&self, source: &mut Source<R>) -> Result<(), Error> {
        let line = source.line();
        match (self.ended, self.depth) {
            (true, 0) => Ok(()),
            (false, 0) => Err(Error::NotAaf { line }),
            _ => Err(Error::Truncated { line }),
        }
    }
}
