//! The body of a message: from HTML as written to HTML that is safe to show, and to text.

use std::collections::{HashMap, HashSet};

use crate::Refusal;

/// Of HTML as written. A page of text with its formatting is about 6 kB.
pub const MAX_HTML_BYTES: usize = 200 * 1024;
/// Of elements within elements; parsing slows down quadratically with depth.
const MAX_DEPTH: usize = 100;
/// Columns of the text rendering; RFC 5322 recommends under 78.
const TEXT_WIDTH: usize = 76;

/// A body in the two forms that are kept and sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Sanitised: no script, no style, no remote image, links to http, https and mailto only.
    pub html: String,
    /// The same as text.
    pub text: String,
}

impl Body {
    /// Sanitises `html` and renders it as text.
    ///
    /// # Errors
    /// [`Refusal::BadBody`] over [`MAX_HTML_BYTES`], or when elements are nested more than 100 deep.
    pub fn parse(html: &str) -> Result<Self, Refusal> {
        if html.len() > MAX_HTML_BYTES || depth(html) > MAX_DEPTH {
            return Err(Refusal::BadBody);
        }
        let html = sanitiser().clean(html).to_string();
        let text = html2text::config::plain_no_decorate()
            .string_from_read(html.as_bytes(), TEXT_WIDTH)
            .map_err(|_| Refusal::BadBody)?;
        Ok(Self { html, text: text.trim_end().to_owned() })
    }
}

fn sanitiser() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "div",
            "b",
            "strong",
            "i",
            "em",
            "u",
            "s",
            "sub",
            "sup",
            "ul",
            "ol",
            "li",
            "blockquote",
            "a",
            "h2",
            "h3",
            "pre",
            "code",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "hr",
        ]))
        .clean_content_tags(HashSet::from(["script", "style", "title", "svg", "math", "iframe", "object"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

/// How deep elements are nested, seen from above: those that HTML closes by itself are not counted.
fn depth(html: &str) -> usize {
    const UNCOUNTED: [&str; 16] =
        ["p", "br", "hr", "li", "img", "input", "meta", "link", "td", "th", "tr", "dt", "dd", "option", "col", "wbr"];
    let (mut open, mut deepest) = (0_usize, 0);
    for part in html.split('<').skip(1) {
        let (closing, rest) = part.strip_prefix('/').map_or((false, part), |rest| (true, rest));
        let name: String =
            rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        if name.is_empty() || UNCOUNTED.contains(&name.as_str()) {
            continue;
        }
        open = if closing { open.saturating_sub(1) } else { open + 1 };
        deepest = deepest.max(open);
    }
    deepest
}

/// Text as HTML: paragraphs at empty lines, breaks at line ends. For text that was never HTML.
pub(crate) fn escape(text: &str) -> String {
    ammonia::clean_text(text).replace("&#10;", "\n").replace("&#32;", " ")
}

#[cfg(test)]
mod tests {
    use super::Body;
    use crate::Refusal;

    #[test]
    fn formatting_stays_and_danger_goes() {
        let body = Body::parse(
            "<p onclick=x>Bonjour <b>à tous</b><script>alert(1)</script><img src=//t.example/p.gif></p><a href='javascript:x'>ici</a><style>*{}</style>",
        )
        .unwrap();
        assert_eq!(body.html, "<p>Bonjour <b>à tous</b></p><a rel=\"noopener noreferrer nofollow\">ici</a>");
        assert_eq!(body.text, "Bonjour à tous\n\nici");
    }

    #[test]
    fn a_bomb_of_elements_is_refused_before_it_is_parsed() {
        assert_eq!(Body::parse(&"<div>".repeat(101)), Err(Refusal::BadBody));
        assert_eq!(Body::parse(&"x".repeat(super::MAX_HTML_BYTES + 1)), Err(Refusal::BadBody));
        assert!(Body::parse(&"<p>ligne".repeat(2000)).is_ok());
    }

    #[test]
    fn an_empty_body_is_a_body() {
        assert_eq!(Body::parse("").unwrap(), Body::default());
    }
}
