//! From texts to lines: French spaces, measures, line breaks.

use crate::font::{Face, Glyph};

/// Glyphs of one face on one line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) face: Face,
    pub(crate) underline: bool,
    /// From the beginning of the line, in points.
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) glyphs: Vec<Glyph>,
}

/// A line of pieces.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) width: f32,
}

/// A stretch of one style, already clean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub(crate) text: &'a str,
    pub(crate) face: Face,
    pub(crate) underline: bool,
}

impl<'a> Span<'a> {
    pub(crate) const fn new(text: &'a str, face: Face) -> Self {
        Self { text, face, underline: false }
    }
}

/// The spaces before `:`, `;`, `!`, `?`, `%`, `€` and inside « » do not break; before the second to fifth they are narrow.
pub(crate) fn french(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    let mut before = None;
    while let Some(character) = characters.next() {
        out.push(match (before, character, characters.peek()) {
            (Some('«'), ' ' | '\u{202f}', _) | (_, ' ' | '\u{202f}', Some('»' | ':' | '€')) => '\u{a0}',
            (_, ' ' | '\u{a0}', Some(';' | '!' | '?' | '%')) => '\u{202f}',
            (_, other, _) => other,
        });
        before = Some(character);
    }
    out
}

/// How wide a text is, in points.
pub(crate) fn width(text: &str, face: Face, size: f32) -> f32 {
    let units: u32 = text.chars().filter_map(|c| face.glyph(c)).map(|g| u32::from(g.advance)).sum();
    points(units, size)
}

#[expect(clippy::cast_precision_loss, reason = "a line is far shorter than 2^24 thousandths")]
fn points(units: u32, size: f32) -> f32 {
    units as f32 * size / 1000.0
}

/// A text on one line no wider than `room`: as it is, else smaller down to `smallest`, else cut with an ellipsis. The size comes
/// with it. For names; never for what is typed.
pub(crate) fn fitted(text: &mut String, face: Face, size: f32, smallest: f32, room: f32) -> f32 {
    let natural = width(text, face, size);
    if natural <= room {
        return size;
    }
    let fitting = size * room / natural;
    if fitting >= smallest {
        return fitting;
    }
    let room = room - width("…", face, smallest);
    let mut used = 0.0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        used += face.glyph(character).map_or(0.0, |g| points(u32::from(g.advance), smallest));
        if used > room {
            break;
        }
        end = at + character.len_utf8();
    }
    text.truncate(end);
    text.truncate(text.trim_end().len());
    text.push('…');
    smallest
}

/// A text on one or two lines, smaller down to `smallest` if need be, else cut with an ellipsis. For names.
pub(crate) fn two_lines(text: &str, face: Face, size: f32, smallest: f32, room: f32) -> (f32, Vec<Line>) {
    for size in [size, (size + smallest) / 2.0, smallest] {
        let set = lines(&[Span::new(text, face)], size, room);
        if set.len() <= 2 {
            return (size, set);
        }
    }
    let first = lines(&[Span::new(text, face)], smallest, room).into_iter().next().unwrap_or_default();
    let used = first.pieces.iter().map(|piece| piece.glyphs.len()).sum();
    let mut rest: String = text.chars().skip(used).collect::<String>().trim_start().to_owned();
    fitted(&mut rest, face, smallest, smallest, room);
    let second = lines(&[Span::new(&rest, face)], smallest, room + 1.0).into_iter().next();
    (smallest, std::iter::once(first).chain(second).collect())
}

/// Lines no wider than `room`; breaks at spaces, after hyphens, at '\n', and anywhere in a word that no line holds.
pub(crate) fn lines(spans: &[Span<'_>], size: f32, room: f32) -> Vec<Line> {
    let mut setter = Setter { size, room, lines: Vec::new(), line: Vec::new(), used: 0.0, fit: None };
    for span in spans {
        for character in span.text.chars() {
            setter.put(character, span.face, span.underline);
        }
    }
    setter.finish()
}

type Placed = (Glyph, Face, bool);

struct Setter {
    size: f32,
    room: f32,
    lines: Vec<Line>,
    line: Vec<Placed>,
    used: f32,
    /// The last place of this line where it may break.
    fit: Option<usize>,
}

impl Setter {
    fn put(&mut self, character: char, face: Face, underline: bool) {
        if character == '\n' {
            let line = std::mem::take(&mut self.line);
            return self.end(line);
        }
        let Some(glyph) = face.glyph(character) else { return };
        if self.line.is_empty() && character == ' ' && !self.lines.is_empty() {
            return;
        }
        self.line.push((glyph, face, underline));
        self.used += points(u32::from(glyph.advance), self.size);
        if matches!(character, ' ' | '-' | '–' | '—' | '/') && self.used <= self.room && self.line.len() > 1 {
            self.fit = Some(self.line.len());
        }
        // A space may hang over. What is left of a broken line may still be too wide: by its last letter.
        while self.used > self.room && character != ' ' && self.line.len() > 1 {
            let last = self.line.len() - 1;
            let at = self.fit.unwrap_or(last);
            let rest = self.line.split_off(at);
            let line = std::mem::replace(&mut self.line, rest);
            self.end(line);
            self.used = self.line.iter().map(|(g, ..)| points(u32::from(g.advance), self.size)).sum();
        }
        if character == ' ' {
            self.fit = Some(self.line.len());
        }
    }

    fn end(&mut self, mut placed: Vec<Placed>) {
        while placed.last().is_some_and(|(glyph, ..)| glyph.character == ' ') {
            placed.pop();
        }
        let mut line = Line::default();
        for (glyph, face, underline) in placed {
            let advance = points(u32::from(glyph.advance), self.size);
            match line.pieces.last_mut() {
                Some(piece) if piece.face == face && piece.underline == underline => {
                    piece.glyphs.push(glyph);
                    piece.width += advance;
                }
                _ => line.pieces.push(Piece { face, underline, x: line.width, width: advance, glyphs: vec![glyph] }),
            }
            line.width += advance;
        }
        self.lines.push(line);
        self.used = 0.0;
        self.fit = None;
    }

    fn finish(mut self) -> Vec<Line> {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() || self.lines.is_empty() {
            self.end(line);
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(line: &Line) -> String {
        line.pieces.iter().flat_map(|piece| &piece.glyphs).map(|glyph| glyph.character).collect()
    }

    #[test]
    fn spaces_do_not_break_before_double_punctuation() {
        assert_eq!(
            french("Quoi ? « Oui » : 5 % ; 3 €"),
            "Quoi\u{202f}? «\u{a0}Oui\u{a0}»\u{a0}: 5\u{202f}%\u{202f}; 3\u{a0}€"
        );
        assert_eq!(french("à 10:30, http://x?y"), "à 10:30, http://x?y");
    }

    #[test]
    fn lines_break_at_spaces_and_hyphens() {
        let set = lines(&[Span::new("Jean-Baptiste de la Tour\nSeul", Face::Regular)], 10.0, 60.0);
        assert_eq!(set.iter().map(text).collect::<Vec<_>>(), ["Jean-", "Baptiste de", "la Tour", "Seul"]);
    }

    #[test]
    fn what_is_too_long_shrinks_then_is_cut() {
        let mut name = "Marie".to_owned();
        assert_eq!(fitted(&mut name, Face::Bold, 12.0, 8.0, 200.0), 12.0);
        let mut name = "Maximilien de Robespierre".to_owned();
        let size = fitted(&mut name, Face::Bold, 12.0, 8.0, 130.0);
        assert!(size > 8.0 && size < 12.0 && name.ends_with("pierre"));
        let mut name = "x".repeat(1000);
        assert_eq!(fitted(&mut name, Face::Bold, 12.0, 8.0, 130.0), 8.0);
        assert!(name.ends_with('…') && width(&name, Face::Bold, 8.0) <= 130.0);
        let (size, set) = two_lines(&"mot ".repeat(100), Face::Bold, 12.0, 8.0, 130.0);
        assert!(size == 8.0 && set.len() == 2 && text(&set[1]).ends_with('…'));
        let (size, set) = two_lines("Jean-Baptiste de la Rochefoucauld", Face::Bold, 12.0, 8.0, 130.0);
        assert!(size == 12.0 && set.len() == 2 && text(&set[1]).ends_with("cauld"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(words in "[a-zA-Zé \\-\n]{0,300}", room in 12.0_f32..300.0) {
            let set = lines(&[Span::new(&words, Face::Regular)], 10.0, room);
            prop_assert!(set.iter().all(|line| line.width <= room + 0.01));
            let kept: String = set.iter().map(text).collect();
            let strip = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(strip(&kept), strip(&words));
        }
    }
}
