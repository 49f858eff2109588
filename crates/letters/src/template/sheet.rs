//! From a body as the editor gives it, HTML, to a template whose lines are those that people see.
//!
//! HTML has escaped what stands between braces (`&gt;`, no-break spaces, curly quotes typed by a phone, a bold letter in the
//! middle of a field): inside braces that is undone, outside it stays. A paragraph that holds instructions only leaves no
//! empty paragraph behind.

use super::mistake::{Mistake, Part, What};

/// Bytes of the HTML of a body.
pub const MAX_BODY: usize = 60_000;
/// Characters of a subject as typed.
const MAX_SUBJECT: usize = 400;
/// Characters between braces.
const MAX_TAG: usize = 400;

/// What ends a line for who reads.
const LINE_ENDS: [&str; 10] =
    ["</p>", "</div>", "<br>", "</li>", "</h2>", "</h3>", "</blockquote>", "</tr>", "<hr>", "</pre>"];

/// One pair of braces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// `{{` or `{%`
    pub(super) mark: &'static str,
    /// What is between, plain.
    pub(super) text: String,
    pub(super) line: u32,
}

/// A template ready to be parsed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) source: String,
    pub(super) tags: Vec<Tag>,
}

/// A body.
pub(super) fn body(html: &str) -> Result<Sheet, Mistake> {
    if html.len() > MAX_BODY {
        return Err(Mistake::new(Part::Body, 1, What::TooLong));
    }
    let mut out = Sheet { source: String::with_capacity(html.len() + html.len() / 20), tags: Vec::new() };
    for (index, line) in lines(html).into_iter().enumerate() {
        let line = rewritten(&line, Part::Body, u32::try_from(index).unwrap_or(u32::MAX) + 1, true, &mut out.tags)?;
        out.source.push_str(bare(&line).unwrap_or(&line));
        out.source.push('\n');
    }
    Ok(out)
}

/// A subject: plain text.
pub(super) fn subject(text: &str) -> Result<Sheet, Mistake> {
    if text.chars().count() > MAX_SUBJECT {
        return Err(Mistake::new(Part::Subject, 1, What::TooLong));
    }
    let mut tags = Vec::new();
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let source = rewritten(&text, Part::Subject, 1, false, &mut tags)?;
    Ok(Sheet { source, tags })
}

/// The lines people see. Line ends of the source mean nothing in HTML, but within `pre`.
fn lines(html: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut rest = html;
    let mut kept = false;
    while let Some(c) = rest.chars().next() {
        let (ended, length) = match c {
            '<' => {
                kept = rest.starts_with("<pre") || kept && !rest.starts_with("</pre");
                let end = LINE_ENDS.iter().find(|end| rest.starts_with(*end));
                (end.is_some(), end.map_or(1, |end| end.len()))
            }
            '\n' if kept => (true, 1),
            other => (false, other.len_utf8()),
        };
        let (head, mut tail) = rest.split_at(length);
        if let Some(line) = lines.last_mut() {
            line.push_str(if head == "\n" && !kept { " " } else { head.trim_end_matches('\n') });
            // `</p></blockquote>`, `<br></p>`: one line for who reads.
            while ended && tail.starts_with("</") {
                let (close, after) = tail.split_at(tail.find('>').map_or(tail.len(), |at| at + 1));
                kept = kept && !close.starts_with("</pre");
                line.push_str(close);
                tail = after;
            }
        }
        if ended {
            lines.push(String::new());
        }
        rest = tail;
    }
    if lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines
}

/// A line with what is between braces made plain.
fn rewritten(line: &str, part: Part, number: u32, html: bool, tags: &mut Vec<Tag>) -> Result<String, Mistake> {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((at, mark, end)) = opening(rest) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let open = || Mistake::new(part, number, What::Open(mark));
        let inside = from.get(2..).ok_or_else(open)?;
        let length = inside.find(end).ok_or_else(open)?;
        let typed = inside.get(..length).ok_or_else(open)?;
        let text = if html { plain(typed) } else { straight(typed) };
        let text = text.trim().trim_matches(['-', '+']).trim();
        if text.chars().count() > MAX_TAG {
            return Err(Mistake::new(part, number, What::TooLong));
        }
        if mark != "{#" {
            out.push_str(&format!("{mark} {text} {end}"));
            tags.push(Tag { mark, text: text.to_owned(), line: number });
        }
        rest = inside.get(length + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(out)
}

fn opening(text: &str) -> Option<(usize, &'static str, &'static str)> {
    [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
        .into_iter()
        .filter_map(|(mark, end)| Some((text.find(mark)?, mark, end)))
        .min_by_key(|(at, ..)| *at)
}

/// Text between braces without tags, entities and the quotes that phones make.
fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '<' if rest
                .get(1..)
                .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')) =>
            {
                length = rest.find('>').map_or(rest.len(), |at| at + 1);
            }
            '&' => {
                const ENTITIES: [(&str, char); 6] =
                    [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&#39;", '\''), ("&nbsp;", ' ')];
                let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
                length = entity.map_or(1, |(entity, _)| entity.len());
                out.push(entity.map_or('&', |(_, c)| *c));
            }
            other => out.push(other),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    straight(&out)
}

/// Plain spaces, and plain quotes: « 6A » is "6A".
fn straight(text: &str) -> String {
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    let quoted: String = text.chars().map(blank).collect();
    quoted.replace("« ", "\"").replace(" »", "\"").replace(['“', '”', '„', '«', '»'], "\"")
}

/// What a line is when a paragraph holds instructions and nothing else.
fn bare(line: &str) -> Option<&str> {
    let inner = line.trim();
    let inner = ["p", "div"]
        .into_iter()
        .find_map(|tag| inner.strip_prefix(&format!("<{tag}>"))?.strip_suffix(&format!("</{tag}>")))?;
    let inner = inner.strip_suffix("<br>").unwrap_or(inner).trim();
    let mut rest = inner;
    while let Some(after) = rest.strip_prefix("{%") {
        rest = after.split_once("%}")?.1.trim_start();
    }
    (rest.is_empty() && !inner.is_empty()).then_some(inner)
}
