//! French typography: the spaces before `:`, `;`, `!`, `?`, `%` and inside « » do not break. Sources are written with plain
//! spaces, which everybody can see; this puts the right ones in as a page leaves. What people wrote is theirs: it goes
//! through [`verbatim`], and is left alone, as are attributes, `textarea`, `pre` and `code`.

use maud::{Markup, PreEscaped};

const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';
const OPEN: &str = "<!--v-->";
const CLOSE: &str = "<!--/v-->";

/// Content that must come out as it is: the body of a message.
#[must_use]
pub fn verbatim(content: &Markup) -> Markup {
    PreEscaped(format!("{OPEN}{}{CLOSE}", content.0))
}

/// A plain text of our own with its spaces right.
#[must_use]
pub(crate) fn french(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    space(text, &mut out);
    out
}

/// A page with its spaces right.
#[must_use]
pub(crate) fn french_html(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 64);
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (text, tail) = rest.split_at(start);
        space(text, &mut out);
        let end = skipped(tail);
        let (kept, tail) = tail.split_at(end);
        out.push_str(kept);
        rest = tail;
    }
    space(rest, &mut out);
    out
}

/// How much of `tail`, which begins with a tag, is left as it is: the tag, or the whole of an element that is not ours.
fn skipped(tail: &str) -> usize {
    let whole = |close: &str| tail.find(close).map_or(tail.len(), |at| at + close.len());
    if tail.starts_with(OPEN) {
        return whole(CLOSE);
    }
    for (open, close) in [("<textarea", "</textarea>"), ("<pre", "</pre>"), ("<code", "</code>")] {
        if tail.starts_with(open) {
            return whole(close);
        }
    }
    whole(">")
}

fn space(text: &str, out: &mut String) {
    let mut characters = text.chars().peekable();
    let mut before = None;
    while let Some(character) = characters.next() {
        let spaced = match (before, character, characters.peek()) {
            (Some('«'), ' ', _) | (_, ' ', Some('»' | ':')) => NO_BREAK,
            (_, ' ', Some(';' | '!' | '?' | '%')) => NARROW_NO_BREAK,
            (_, other, _) => other,
        };
        out.push(spaced);
        before = Some(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_right_in_text() {
        assert_eq!(
            french("Vraiment ? « Oui » : 1 % !"),
            "Vraiment\u{202f}? «\u{a0}Oui\u{a0}»\u{a0}: 1\u{202f}% !".replace(" !", "\u{202f}!")
        );
        assert_eq!(french("http://a.fr 12:30"), "http://a.fr 12:30");
    }

    #[test]
    fn attributes_and_what_people_wrote_stay() {
        let theirs = verbatim(&PreEscaped("<p>a ? b : c</p>".to_owned())).0;
        let page = format!("<p title=\"a : b\">Objet : x</p><textarea>a : b</textarea>{theirs}<p>fin !");
        let expected =
            format!("<p title=\"a : b\">Objet\u{a0}: x</p><textarea>a : b</textarea>{theirs}<p>fin\u{202f}!");
        assert_eq!(french_html(&page), expected);
        assert_eq!(french_html("<p"), "<p");
    }
}
