//! Small pieces of text: sizes, text as HTML, and HTML as text.

/// « 3 octets », « 22 Ko », « 1,4 Mo », with no-break spaces.
#[must_use]
pub fn size(bytes: u64) -> String {
    const KILO: u64 = 1024;
    const MEGA: u64 = 1024 * 1024;
    if bytes < KILO {
        format!("{bytes}\u{a0}octets")
    } else if bytes < MEGA {
        format!("{}\u{a0}Ko", bytes.div_ceil(KILO))
    } else {
        let tenths = (bytes * 10).div_ceil(MEGA);
        if tenths.is_multiple_of(10) {
            format!("{}\u{a0}Mo", tenths / 10)
        } else {
            format!("{},{}\u{a0}Mo", tenths / 10, tenths % 10)
        }
    }
}

/// Text as HTML: a paragraph at each empty line, a break at each line end.
#[must_use]
pub fn to_html(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut html = String::with_capacity(text.len() + 16);
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        html.push_str("<p>");
        for (position, line) in paragraph.lines().enumerate() {
            if position > 0 {
                html.push_str("<br>");
            }
            escape_into(&mut html, line);
        }
        html.push_str("</p>");
    }
    html
}

/// Kept HTML as the text that a composer without script edits.
#[must_use]
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (name, after) = tag.split_once('>').unwrap_or((tag, ""));
        if name.starts_with("br")
            || name.starts_with("/p")
            || name.starts_with("/li")
            || name.starts_with("/blockquote")
        {
            text.push('\n');
        }
        if name.starts_with("/p") {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
        .trim_end()
        .to_owned()
}

fn escape_into(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, size, to_html};

    #[test]
    fn sizes_are_read_at_a_glance() {
        assert_eq!(size(999), "999\u{a0}octets");
        assert_eq!(size(22_000), "22\u{a0}Ko");
        assert_eq!(size(45 * 1024 * 1024), "45\u{a0}Mo");
        assert_eq!(size(1_500_000), "1,5\u{a0}Mo");
    }

    #[test]
    fn text_keeps_its_lines_and_loses_its_power() {
        assert_eq!(to_html("Bonjour,\r\n\r\n1 < 2\nfin"), "<p>Bonjour,</p><p>1 &lt; 2<br>fin</p>");
        assert_eq!(to_html("  \n"), "");
    }

    #[test]
    fn what_was_text_is_text_again() {
        let text = "Bonjour,\n\n1 < 2 & 3\nfin";
        assert_eq!(plain(&to_html(text)), text);
    }
}
