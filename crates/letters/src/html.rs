//! From the HTML of a body to blocks (P-5): what the message editor makes, after it was sanitised.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::{Block, Run};

/// The blocks of a body that was sanitised already; unknown tags give their text. Links are written out as their text, nested
/// lists become one list.
#[must_use]
pub fn blocks_from_html(html: &str) -> Vec<Block> {
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut reader = tokenizer.sink.0.into_inner();
    reader.end_text();
    reader.end_list();
    reader.end_table();
    reader.blocks
}

struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => reader.text(&text),
            Token::TagToken(tag) => reader.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What a paragraph becomes when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Paragraph,
    Heading,
    Quote,
    Item,
    Cell,
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    runs: Vec<Run>,
    bold: u32,
    italic: u32,
    underline: u32,
    verbatim: u32,
    quotes: u32,
    kind: Kind,
    /// Of each open list, whether it is numbered.
    lists: Vec<bool>,
    items: Vec<Vec<Run>>,
    rows: Vec<Vec<Vec<Run>>>,
    header: bool,
}

impl Reader {
    fn text(&mut self, text: &str) {
        let style = (self.bold > 0, self.italic > 0, self.underline > 0);
        let mut space = self.runs.last().is_none_or(|run| run.text.ends_with([' ', '\n']));
        let mut clean = String::with_capacity(text.len());
        for character in text.chars() {
            let blank = matches!(character, ' ' | '\t' | '\r' | '\n');
            match character {
                '\n' if self.verbatim > 0 => clean.push('\n'),
                _ if !blank => clean.push(character),
                _ if !space || self.verbatim > 0 => clean.push(' '),
                _ => {}
            }
            space = blank;
        }
        if clean.is_empty() {
            return;
        }
        match self.runs.last_mut() {
            Some(run) if (run.bold, run.italic, run.underline) == style => run.text.push_str(&clean),
            _ => {
                let (bold, italic, underline) = style;
                self.runs.push(Run { text: clean, bold, italic, underline });
            }
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let open = tag.kind == TagKind::StartTag;
        let count = |counter: &mut u32| *counter = if open { *counter + 1 } else { counter.saturating_sub(1) };
        match &*tag.name {
            "b" | "strong" => count(&mut self.bold),
            "i" | "em" => count(&mut self.italic),
            "u" => count(&mut self.underline),
            "br" => self.line_end(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.part(if open { Kind::Heading } else { self.around() }),
            "blockquote" => {
                self.part(Kind::Paragraph);
                count(&mut self.quotes);
                self.kind = self.around();
            }
            "pre" => {
                self.part(self.around());
                count(&mut self.verbatim);
            }
            "ul" | "ol" => self.list(open, &*tag.name == "ol"),
            "li" => self.part(if open { Kind::Item } else { self.around() }),
            "td" | "th" => {
                self.part(if open { Kind::Cell } else { Kind::Paragraph });
                if open && self.rows.is_empty() {
                    self.rows.push(Vec::new());
                }
                if open {
                    self.header |= self.rows.len() == 1 && &*tag.name == "th";
                    if let Some(row) = self.rows.last_mut() {
                        row.push(Vec::new());
                    }
                }
            }
            "tr" if open => {
                self.end_text();
                self.rows.push(Vec::new());
            }
            "table" => {
                self.part(Kind::Paragraph);
                self.end_list();
                self.end_table();
            }
            // Inside a cell or an item, paragraphs are parted by a line end.
            "p" | "div" if matches!(self.kind, Kind::Cell | Kind::Item) && (self.runs.is_empty() || !open) => {}
            "p" | "div" if matches!(self.kind, Kind::Cell | Kind::Item) => self.line_end(),
            "p" | "div" | "hr" => self.part(self.around()),
            _ => {}
        }
    }

    fn line_end(&mut self) {
        match self.runs.last_mut() {
            Some(run) => {
                run.text.truncate(run.text.trim_end_matches(' ').len());
                run.text.push('\n');
            }
            None => self.runs.push(Run::plain("\n")),
        }
    }

    /// What text is now, where nothing else is said.
    const fn around(&self) -> Kind {
        if !self.lists.is_empty() {
            Kind::Item
        } else if self.quotes > 0 {
            Kind::Quote
        } else {
            Kind::Paragraph
        }
    }

    fn list(&mut self, open: bool, ordered: bool) {
        self.end_text();
        if open {
            self.lists.push(ordered);
        } else {
            let ordered = self.lists.pop().unwrap_or(ordered);
            if self.lists.is_empty() {
                self.lists.push(ordered);
                self.end_list();
            }
        }
        self.kind = self.around();
    }

    fn end_list(&mut self) {
        let ordered = self.lists.first().copied().unwrap_or(false);
        self.lists.clear();
        let items = std::mem::take(&mut self.items);
        if !items.is_empty() {
            self.blocks.push(Block::List { ordered, items });
        }
    }

    fn end_table(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|row| !row.is_empty());
        let header = std::mem::take(&mut self.header);
        if !rows.is_empty() {
            self.blocks.push(Block::Table { header, rows });
        }
    }

    fn part(&mut self, next: Kind) {
        self.end_text();
        self.kind = next;
    }

    /// The text so far becomes what it is.
    fn end_text(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        if let Some(last) = runs.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        runs.retain(|run| !run.text.is_empty());
        if runs.is_empty() {
            return;
        }
        match self.kind {
            Kind::Paragraph => self.blocks.push(Block::Paragraph(runs)),
            Kind::Heading => self.blocks.push(Block::Heading(runs)),
            Kind::Quote => self.blocks.push(Block::Quote(runs)),
            Kind::Item => {
                if self.lists.len() > 1 {
                    runs.insert(0, Run::plain("–\u{a0}"));
                }
                self.items.push(runs);
            }
            Kind::Cell => {
                if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.extend(runs);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(text: &str) -> Vec<Run> {
        vec![Run::plain(text)]
    }

    #[test]
    fn what_the_editor_makes_becomes_blocks() {
        let bold = |text: &str| Run { text: text.to_owned(), bold: true, ..Run::default() };
        for (html, blocks) in [
            (
                "<p>Bonjour&nbsp;!</p>\n<p>Oui\n  &amp; non</p>",
                vec![Block::Paragraph(plain("Bonjour\u{a0}!")), Block::Paragraph(plain("Oui & non"))],
            ),
            (
                "<p>Un <strong>deux</strong> trois<br>quatre</p>",
                vec![Block::Paragraph(vec![Run::plain("Un "), bold("deux"), Run::plain(" trois\nquatre")])],
            ),
            (
                "<h2>Titre</h2>texte nu<blockquote><p>cité</p></blockquote>",
                vec![Block::Heading(plain("Titre")), Block::Paragraph(plain("texte nu")), Block::Quote(plain("cité"))],
            ),
            (
                "<ol><li>a</li><li><p>b</p></li></ol><p>c</p>",
                vec![Block::List { ordered: true, items: vec![plain("a"), plain("b")] }, Block::Paragraph(plain("c"))],
            ),
            (
                "<ul><li>a<ul><li>b</li></ul></li></ul>",
                vec![Block::List {
                    ordered: false,
                    items: vec![plain("a"), vec![Run::plain("–\u{a0}"), Run::plain("b")]],
                }],
            ),
            (
                "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td></td></tr></table>",
                vec![Block::Table { header: true, rows: vec![vec![plain("A"), plain("B")], vec![plain("1"), vec![]]] }],
            ),
            ("<a href=\"https://x.fr\">lien</a> <font>x</font>", vec![Block::Paragraph(plain("lien x"))]),
            ("", vec![]),
        ] {
            assert_eq!(blocks_from_html(html), blocks, "{html}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_text_is_lost_whatever_the_tags(
            parts in proptest::collection::vec("</?(p|b|li|ul|ol|td|h2|pre|blockquote|div|x)>|w[0-9]{1,6} |& ", 0..40)
        ) {
            let told = format!("{:?}", blocks_from_html(&parts.concat()));
            for word in parts.iter().filter(|part| part.starts_with('w')) {
                prop_assert!(told.contains(word.trim()));
            }
        }
    }
}
