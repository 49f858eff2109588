//! Content lines: unfolded, with the number of the line where they begin, and taken apart into name, parameters and value
//! (RFC 6350 §3.3, vCard 2.1 §2.1).

use std::borrow::Cow;

use super::text::{base64, quoted_printable, text};

/// Bytes of what stands before the value.
const MAX_HEAD: usize = 4096;
/// Bytes of a value that is read.
const MAX_VALUE: usize = 256 * 1024;

/// The logical lines of a file.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
    /// vCard 2.1: a fold keeps its space, and `\` escapes little.
    pub(super) old: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn of(file: &'a [u8]) -> Self {
        Self { rest: file, number: 0, old: false }
    }

    /// The next line of the file, without its end, and what comes after it.
    fn peek(&self) -> Option<(&'a [u8], &'a [u8])> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|byte| *byte == b'\n').unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(end)?;
        Some((line.strip_suffix(b"\r").unwrap_or(line), rest.get(1..).unwrap_or_default()))
    }

    fn take(&mut self, rest: &'a [u8]) {
        self.rest = rest;
        self.number += 1;
    }
}

impl<'a> Iterator for Lines<'a> {
    /// The number of its first line, and the unfolded line.
    type Item = (usize, Cow<'a, [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        let (first, rest) = self.peek()?;
        self.take(rest);
        let number = self.number;
        let soft = is_quoted_printable(first);
        let mut line = Cow::Borrowed(first);
        while let Some((next, rest)) = self.peek() {
            if soft && line.ends_with(b"=") && !is_end(next) {
                line.to_mut().pop();
                line.to_mut().extend_from_slice(next);
            } else if let [b' ' | b'\t', folded @ ..] = next {
                line.to_mut().extend_from_slice(if self.old { next } else { folded });
            } else {
                break;
            }
            self.take(rest);
        }
        Some((number, line))
    }
}

fn is_quoted_printable(line: &[u8]) -> bool {
    let head = line.split(|byte| *byte == b':').next().unwrap_or_default();
    const WORD: &[u8] = b"QUOTED-PRINTABLE";
    head.len() <= MAX_HEAD && head.windows(WORD.len()).any(|window| window.eq_ignore_ascii_case(WORD))
}

/// A soft break that ends the last line of a card must not swallow what ends the card.
pub(super) fn is_end(line: &[u8]) -> bool {
    line.trim_ascii().eq_ignore_ascii_case(b"END:VCARD")
}

/// How a value is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

/// A property: what stands before the colon, and the value as it came.
#[derive(Debug)]
pub(super) struct Property<'a> {
    /// `item1` of `item1.EMAIL`, in lower case; empty for most.
    pub(super) group: String,
    /// In upper case.
    pub(super) name: String,
    /// Values of TYPE, and words that stand alone (2.1), in lower case.
    pub(super) types: Vec<String>,
    /// 1 for the preferred one of its kind, up to 100; 101 when nothing is said.
    pub(super) rank: u8,
    charset: String,
    transfer: Transfer,
    old: bool,
    value: &'a [u8],
}

impl<'a> Property<'a> {
    /// `None` for a line that is no property.
    pub(super) fn of(line: &'a [u8], old: bool) -> Option<Self> {
        let end = colon(line)?;
        let (head, value) = line.split_at_checked(end)?;
        let head = std::str::from_utf8(head).ok().filter(|head| head.len() <= MAX_HEAD)?;
        let mut parts = split(head, ';').into_iter();
        let name = parts.next()?.trim().to_uppercase();
        let (group, name) = name.rsplit_once('.').map_or(("", name.as_str()), |(group, name)| (group, name));
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return None;
        }
        let mut property = Self {
            group: group.to_lowercase(),
            name: name.to_owned(),
            types: Vec::new(),
            rank: 101,
            charset: String::new(),
            transfer: Transfer::Plain,
            old,
            value: value.get(1..).unwrap_or_default(),
        };
        parts.for_each(|parameter| property.parameter(parameter));
        Some(property)
    }

    fn parameter(&mut self, text: &str) {
        let (name, value) = text.split_once('=').unwrap_or(("", text));
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_uppercase().as_str() {
            "CHARSET" => value.clone_into(&mut self.charset),
            "ENCODING" => self.encoding(value),
            "PREF" => self.rank = value.parse().unwrap_or(1).clamp(1, 100),
            "TYPE" => value.split(',').for_each(|word| self.word(word)),
            // 2.1: `TEL;WORK;VOICE`, `NOTE;QUOTED-PRINTABLE`.
            "" => {
                self.encoding(value);
                self.word(value);
            }
            _ => {}
        }
    }

    fn word(&mut self, word: &str) {
        match word.trim().to_lowercase() {
            word if word == "pref" => self.rank = 1,
            word => self.types.push(word),
        }
    }

    fn encoding(&mut self, word: &str) {
        self.transfer = match word.to_ascii_uppercase().as_str() {
            "QUOTED-PRINTABLE" => Transfer::QuotedPrintable,
            "BASE64" | "B" => Transfer::Base64,
            _ => return,
        };
    }

    /// Whether the value is bigger than any that is kept.
    pub(super) fn is_huge(&self) -> bool {
        self.value.len() > MAX_VALUE
    }

    /// Whether nothing stands after the colon.
    pub(super) fn is_empty(&self) -> bool {
        self.value.trim_ascii().is_empty()
    }

    /// The value as one text.
    pub(super) fn text(&self) -> String {
        self.decode(self.value)
    }

    /// The parts of a structured value (ADR, ORG). They are told apart before they are decoded: an encoded semicolon is
    /// part of a value.
    pub(super) fn components(&self) -> Vec<String> {
        pieces(self.value, b';').into_iter().map(|piece| self.decode(piece)).collect()
    }

    /// The parts of N, each of which may be a list (RFC 6350 §6.2.2), not in 2.1: "Jean,Paul" is "Jean Paul".
    pub(super) fn names(&self) -> Vec<String> {
        let part = |piece| if self.old { self.decode(piece) } else { self.list(piece).join(" ") };
        pieces(self.value, b';').into_iter().map(part).collect()
    }

    /// The items of a list (CATEGORIES, NICKNAME), without empty ones.
    pub(super) fn items(&self) -> Vec<String> {
        self.list(self.value)
    }

    fn list(&self, value: &[u8]) -> Vec<String> {
        let items = pieces(value, b',').into_iter().map(|piece| self.decode(piece).trim().to_owned());
        items.filter(|item| !item.is_empty()).collect()
    }

    fn decode(&self, value: &[u8]) -> String {
        let decoded = match self.transfer {
            Transfer::Plain => text(value, &self.charset, false),
            Transfer::QuotedPrintable => text(&quoted_printable(value), &self.charset, true),
            Transfer::Base64 => text(&base64(value).unwrap_or_default(), &self.charset, true),
        };
        unescaped(&decoded, self.old)
    }
}

/// What stands between separators that have no backslash before them.
fn pieces(value: &[u8], separator: u8) -> Vec<&[u8]> {
    let mut escaped = false;
    let between = value.split(|byte| {
        let ends = *byte == separator && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    between.collect()
}

/// Where the value begins: the first colon outside quotes, or the first one when a quote does not end.
fn colon(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let outside = line.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b':' && !quoted
    });
    outside.or_else(|| line.iter().position(|byte| *byte == b':'))
}

/// The parts between separators that are not in quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

/// RFC 6350 §3.4. In 2.1 a backslash stands for itself but before the signs that structure a value.
fn unescaped(text: &str, old: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('n' | 'N') if !old => out.push('\n'),
            Some(sign @ ('\\' | ';' | ',' | ':')) => out.push(sign),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &str, old: bool) -> Vec<(usize, String)> {
        let mut lines = Lines::of(file.as_bytes());
        lines.old = old;
        lines.map(|(number, line)| (number, String::from_utf8(line.into_owned()).unwrap())).collect()
    }

    #[test]
    fn lines_are_unfolded_and_numbered() {
        let found = lines("A:b\r\n c\r\n\td\r\nE:f\n\nG;QUOTED-PRINTABLE:h=\r\ni=\r\nEND:VCARD", false);
        let expected = [(1, "A:bcd"), (4, "E:f"), (5, ""), (6, "G;QUOTED-PRINTABLE:hi="), (8, "END:VCARD")];
        assert_eq!(found, expected.map(|(number, line)| (number, line.to_owned())));
        assert_eq!(lines("A:b\r\n c", true), [(1, "A:b c".to_owned())]);
    }

    #[test]
    fn properties_are_taken_apart() {
        let property = |line: &'static str, old| {
            let p = Property::of(line.as_bytes(), old).unwrap();
            (p.group.clone(), p.name.clone(), p.types.clone(), p.components())
        };
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            property("item1.tel;type=HOME,\"x;y:z\";TYPE=pref;VALUE=uri:tel:+33", false),
            ("item1".to_owned(), "TEL".to_owned(), own(&["home", "\"x;y:z"]), own(&["tel:+33"]))
        );
        assert_eq!(
            property("N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Dub=F4;Zo=EB=3B;;", true).3,
            own(&["Dubô", "Zoë;", "", ""])
        );
        assert_eq!(property(r"N:a\;b;c\\;d\,e\nf;C\:g", false).3, own(&["a;b", r"c\", "d,e\nf", "C:g"]));
        assert_eq!(property(r"NOTE:C:\new\;x", true).3, own(&[r"C:\new;x"]));
        for none in ["", "no colon", ":", ";A:b", "é:b", "A B:c"] {
            assert!(Property::of(none.as_bytes(), false).is_none(), "{none}");
        }
        assert_eq!(property("X;P=\"open:b", false).3, own(&["b"]));
        assert!(Property::of(format!("TEL{}:1", ";A".repeat(3000)).as_bytes(), false).is_none());
    }
}
