//! What a file is, from its first bytes.

use std::io::{self, BufRead, Chain, Cursor, Read as _};

use encoding_rs::{Encoding, ISO_8859_15, UTF_8, WINDOWS_1252};

use crate::Error;
use crate::source::{Coding, Source};

/// Enough for an XML declaration.
const HEAD: u64 = 512;

/// A file whose first bytes have been looked at.
#[derive(Debug)]
pub(crate) struct Sniffed<R> {
    /// It begins with `<`.
    pub(crate) xml: bool,
    /// Otherwise: the most frequent of the separators of tables in its first line.
    pub(crate) separator: u8,
    /// All of it.
    pub(crate) source: Source<Chain<Cursor<Vec<u8>>, R>>,
}

/// Looks at the first bytes of a file.
///
/// # Errors
/// When it is empty, in UTF-16, in an encoding that is not read here, or cannot be read.
pub(crate) fn sniff<R: BufRead>(mut reader: R) -> Result<Sniffed<R>, Error> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head).map_err(|source: io::Error| Error::Io { line: 1, source })?;
    let (bom, text) = match head.strip_prefix(b"\xEF\xBB\xBF") {
        Some(text) => (true, text),
        None => (false, head.as_slice()),
    };
    match text {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 1..=255, ..] | [1..=255, 0, ..] => return Err(Error::Utf16),
        _ => {}
    }
    let text = text.trim_ascii_start();
    if text.is_empty() && head.len() < HEAD as usize {
        return Err(Error::Empty);
    }
    let xml = text.starts_with(b"<");
    let coding = match declared(text) {
        _ if bom => Coding::Known(UTF_8),
        Some(label) => Coding::Known(known(label)?),
        // What academies write, and what French spreadsheets write, when it is not UTF-8.
        None if xml => Coding::Unless(ISO_8859_15),
        None => Coding::Unless(WINDOWS_1252),
    };
    let separator = separator(text);
    Ok(Sniffed { xml, separator, source: Source::new(Cursor::new(head).chain(reader), coding) })
}

/// All are ASCII, whatever the encoding. The semicolon, which French spreadsheets write, wins where none is there.
fn separator(text: &[u8]) -> u8 {
    let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let often = |separator: &u8| line.iter().filter(|byte| *byte == separator).count();
    [b',', b'\t', b';'].into_iter().max_by_key(often).unwrap_or(b';')
}

/// The encoding that an XML declaration names.
fn declared(text: &[u8]) -> Option<&[u8]> {
    let declaration = text.strip_prefix(b"<?xml")?;
    let declaration = declaration.split(|byte| *byte == b'>').next()?;
    let at = declaration.windows(8).position(|word| word == b"encoding")?;
    let value = declaration.get(at + 8..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    matches!(quote, b'"' | b'\'').then(|| value.split(|byte| byte == quote).next())?
}

/// ISO-8859-1 is read as windows-1252, its superset, as everywhere (WHATWG Encoding).
fn known(label: &[u8]) -> Result<&'static Encoding, Error> {
    Encoding::for_label(label)
        .filter(|encoding| [UTF_8, WINDOWS_1252, ISO_8859_15].contains(encoding))
        .ok_or_else(|| Error::UnknownEncoding(String::from_utf8_lossy(label).chars().take(40).collect()))
}
