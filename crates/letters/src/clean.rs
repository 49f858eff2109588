//! What of a text can be drawn: composed (NFC), without controls and marks of direction, in letters that the font has.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::font::Face;

/// A name is cut after this many characters before anything else: nobody's is as long, and no line holds as many.
const LONGEST: usize = 1000;

/// A short text on one line: a name, a class, a line of an address. Letters that the font lacks lose their marks one by one
/// ("ễ" becomes "ê"), other signs that it lacks are left out (emoji).
///
/// # Errors
/// The first letter that cannot be written: of another alphabet.
pub(crate) fn line(text: &str) -> Result<String, char> {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    if text.len() <= LONGEST && text.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'\'') {
        out.push_str(text.trim());
        if !out.contains("  ") {
            return Ok(out);
        }
        out.clear();
    }
    letters(text.chars().take(LONGEST).map(|c| if c.is_whitespace() { ' ' } else { c }), &mut out)?;
    let mut collapsed = String::with_capacity(out.len());
    for word in out.split(' ').filter(|word| !word.is_empty()) {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    Ok(collapsed)
}

/// A text of several lines: line ends stay, and no-break spaces.
///
/// # Errors
/// As [`line`].
pub(crate) fn prose(text: &str) -> Result<String, char> {
    let mut out = String::with_capacity(text.len());
    letters(text.chars().map(|c| if c == '\t' { ' ' } else { c }), &mut out)?;
    Ok(out)
}

fn letters(text: impl Iterator<Item = char>, out: &mut String) -> Result<(), char> {
    for character in text.nfc() {
        match character {
            '\n' => out.push('\n'),
            '\'' => out.push('’'),
            c if c.is_control() || is_invisible(c) || is_combining_mark(c) => {}
            c if Face::Regular.has(c) => out.push(c),
            c if c.is_whitespace() => out.push(' '),
            c => match simpler(c) {
                Some(found) => out.extend(found),
                None if c.is_alphanumeric() => return Err(c),
                None => {}
            },
        }
    }
    Ok(())
}

/// Marks of direction, joiners, soft hyphens, variation selectors: what has no shape of its own.
const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The letter with as many of its marks as the font knows, or its usual spelling ("ﬁ" as "fi").
fn simpler(character: char) -> Option<Vec<char>> {
    let mut parts: Vec<char> = character.nfd().collect();
    while parts.len() > 1 {
        parts.pop();
        let composed: Vec<char> = parts.iter().copied().nfc().collect();
        if composed.iter().all(|c| Face::Regular.has(*c)) {
            return Some(composed);
        }
    }
    let usual: Vec<char> = character.nfkc().collect();
    (usual.iter().all(|c| Face::Regular.has(*c))).then_some(usual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_written_with_what_the_font_has() {
        for (given, drawn) in [
            ("Zoé", "Zoé"),
            ("Zoe\u{301}", "Zoé"),
            ("  Anne   Marie ", "Anne Marie"),
            ("D'ARTAGNAN", "D’ARTAGNAN"),
            ("\u{202e}nitraM\u{202c}", "nitraM"),
            ("Léa 🌸\u{fe0f}", "Léa"),
            ("Nguyễn Thị", "Nguyên Thi"),
            ("o\u{301}\u{302}\u{303}\u{304}", "ó"),
            ("A\0B\u{7f}\u{9b}C", "ABC"),
            ("ﬁlle\tÅsa\u{2003}x", "fille Åsa x"),
            ("\u{301}", ""),
        ] {
            assert_eq!(line(given).as_deref(), Ok(drawn), "{given:?}");
        }
        assert_eq!(line("Ali علي"), Err('ع'));
        assert_eq!(line("李"), Err('李'));
        assert_eq!(line(&"x".repeat(10_000)).map(|t| t.len()), Ok(LONGEST));
        assert_eq!(prose("a\u{202f}!\r\nb\tc").as_deref(), Ok("a\u{202f}!\nb c"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn whatever_is_clean_can_be_drawn_and_stays_as_it_is(text in "\\PC*|.*") {
            if let Ok(clean) = line(&text) {
                prop_assert!(clean.chars().all(|c| Face::Regular.has(c) && Face::Bold.has(c)));
                let again = line(&clean);
                prop_assert_eq!(again.as_deref(), Ok(clean.as_str()));
            }
        }
    }
}
