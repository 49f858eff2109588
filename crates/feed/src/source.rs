//! Bytes of a file as UTF-8 text: decoded on the way, lines counted, and no more given than an entry may take.
//!
//! Whatever a file holds, no more than one buffer of it is in memory here; and since [`Source::allow`] bounds what the parser
//! above can ask for, nor is there above. A fault is raised only when what comes before it has been read.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use crate::Error;

/// Decoded text in memory.
const BUFFER: usize = 32 * 1024;

/// How a file's bytes become text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Coding {
    /// The file says it.
    Known(&'static Encoding),
    /// The file does not say: UTF-8, unless its first character outside ASCII is not; then this one.
    Unless(&'static Encoding),
}

/// Why there is no more text.
#[derive(Debug)]
enum Fault {
    /// The file cannot be read.
    Io(io::Error),
    /// Bytes that are not of the encoding.
    Encoding(&'static Encoding),
    /// A NUL: not a text file.
    NotText,
    /// What [`Source::allow`] allowed is used up.
    Full,
}

/// A file as text.
#[derive(Debug)]
pub(crate) struct Source<R> {
    inner: R,
    /// What was taken from `inner` to see the encoding, and is not decoded yet.
    carry: Vec<u8>,
    undecided: Option<&'static Encoding>,
    decoder: Decoder,
    text: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// Comes after what is in `text`.
    coming: Option<Fault>,
    fault: Option<Fault>,
    left: usize,
    /// Up to where in `text` lines were counted.
    counted: usize,
    line: u64,
    after_cr: bool,
}

impl<R: BufRead> Source<R> {
    pub(crate) fn new(inner: R, coding: Coding) -> Self {
        let (encoding, undecided) = match coding {
            Coding::Known(encoding) => (encoding, None),
            Coding::Unless(encoding) => (UTF_8, Some(encoding)),
        };
        Self {
            inner,
            carry: Vec::new(),
            undecided,
            decoder: encoding.new_decoder_with_bom_removal(),
            text: vec![0; BUFFER],
            start: 0,
            end: 0,
            ended: false,
            coming: None,
            fault: None,
            left: 0,
            counted: 0,
            line: 1,
            after_cr: false,
        }
    }

    /// At most so many bytes of text from here on; then [`Fault::Full`].
    pub(crate) const fn allow(&mut self, bytes: usize) {
        self.left = bytes;
    }

    /// Whether what stopped the reading is that nothing more is allowed.
    pub(crate) const fn is_full(&self) -> bool {
        matches!(self.fault, Some(Fault::Full))
    }

    /// What stopped the reading, once.
    pub(crate) fn error(&mut self) -> Option<Error> {
        let line = self.line();
        Some(match self.fault.take()? {
            Fault::Io(source) => Error::Io { line, source },
            Fault::Encoding(encoding) => Error::Encoding { line, encoding: encoding.name() },
            Fault::NotText => Error::NotText { line },
            Fault::Full => Error::TooLarge { line },
        })
    }

    /// Whether everything has been taken.
    pub(crate) const fn at_end(&self) -> bool {
        self.ended && self.start == self.end && self.coming.is_none()
    }

    /// The line of what comes next, from 1. Lines end with LF, CR LF or CR.
    pub(crate) fn line(&mut self) -> u64 {
        self.count_to(self.start);
        self.line
    }

    /// Leaves out everything up to and with the end tag of this name; or all there is.
    ///
    /// # Errors
    /// As [`BufRead::fill_buf`].
    pub(crate) fn skip_past(&mut self, name: &str) -> io::Result<()> {
        self.fault = None;
        let tag: Vec<u8> = b"</".iter().chain(name.as_bytes()).copied().collect();
        let mut found = 0;
        loop {
            self.allow(usize::MAX);
            let text = self.fill_buf()?;
            if text.is_empty() {
                return Ok(());
            }
            let mut used = 0;
            for byte in text {
                used += 1;
                // `<` is nowhere in the tag but at its start: after a mismatch there is nothing else to try.
                found = match tag.get(found) {
                    Some(expected) if expected == byte => found + 1,
                    Some(_) => usize::from(*byte == b'<'),
                    None if *byte == b'>' => {
                        self.consume(used);
                        return Ok(());
                    }
                    None => found,
                };
            }
            self.consume(used);
        }
    }

    fn count_to(&mut self, to: usize) {
        let Some(text) = self.text.get(self.counted..to) else { return };
        self.counted = to;
        if !self.after_cr && !text.contains(&b'\r') {
            self.line += text.iter().filter(|byte| **byte == b'\n').count() as u64;
            return;
        }
        for byte in text {
            self.line += u64::from(*byte == b'\r' || *byte == b'\n' && !self.after_cr);
            self.after_cr = *byte == b'\r';
        }
    }

    /// Fills the empty `text`; leaves it empty at the end of the file.
    fn refill(&mut self) -> Result<(), Fault> {
        self.count_to(self.end);
        (self.start, self.end, self.counted) = (0, 0, 0);
        while self.end == 0 && !self.ended {
            if let Some(fault) = self.coming.take() {
                return Err(fault);
            }
            let result = if self.carry.is_empty() {
                let input = fill(&mut self.inner).map_err(Fault::Io)?;
                let last = input.is_empty();
                let ascii = match self.undecided {
                    None => input.len(),
                    Some(_) => input.iter().position(|byte| !byte.is_ascii()).unwrap_or(input.len()),
                };
                if ascii == 0 && !last {
                    self.decide()?;
                    continue;
                }
                let input = input.get(..ascii).unwrap_or_default();
                let (result, read, written) =
                    self.decoder.decode_to_utf8_without_replacement(input, &mut self.text, last);
                self.inner.consume(read);
                self.end = written;
                self.ended = last && result == DecoderResult::InputEmpty;
                result
            } else {
                let (result, read, written) =
                    self.decoder.decode_to_utf8_without_replacement(&self.carry, &mut self.text, false);
                self.carry.drain(..read);
                self.end = written;
                result
            };
            if matches!(result, DecoderResult::Malformed(..)) {
                self.coming = Some(Fault::Encoding(self.decoder.encoding()));
            }
            if let Some(nul) = self.text.get(..self.end).and_then(|text| text.iter().position(|byte| *byte == 0)) {
                (self.end, self.coming, self.ended) = (nul, Some(Fault::NotText), false);
            }
        }
        Ok(())
    }

    /// The next byte is the first outside ASCII, in a file that does not say its encoding: a character of UTF-8 is at most
    /// four bytes, so that four tell.
    fn decide(&mut self) -> Result<(), Fault> {
        while self.carry.len() < 4 {
            let Some(byte) = fill(&mut self.inner).map_err(Fault::Io)?.first().copied() else { break };
            self.inner.consume(1);
            self.carry.push(byte);
        }
        let utf8 = std::str::from_utf8(&self.carry)
            .map_or_else(|error| error.valid_up_to() > 0 || error.error_len().is_none(), |_| true);
        if let Some(other) = self.undecided.take()
            && !utf8
        {
            self.decoder = other.new_decoder_without_bom_handling();
        }
        Ok(())
    }
}

/// As `fill_buf`, through interruptions.
fn fill<R: BufRead>(inner: &mut R) -> io::Result<&[u8]> {
    while let Err(error) = inner.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    inner.fill_buf()
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end
            && let Err(fault) = self.refill()
        {
            self.fault = Some(fault);
            return Err(io::ErrorKind::InvalidData.into());
        }
        if self.left == 0 && self.start < self.end {
            self.fault = Some(Fault::Full);
            return Err(io::ErrorKind::InvalidData.into());
        }
        let end = self.end.min(self.start.saturating_add(self.left));
        Ok(self.text.get(self.start..end).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.start = self.end.min(self.start.saturating_add(amount));
        self.left = self.left.saturating_sub(amount);
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}
