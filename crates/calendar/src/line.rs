//! Content lines (RFC 5545 §3.1): escaped, folded, ended.

/// Octets of a line without its end.
const MOST: usize = 75;

/// Lines written so far.
#[derive(Default)]
pub(crate) struct Lines(String);

impl Lines {
    /// `NAME;PARAM=…:value`, as it stands: the value is of a type without escapes (date, URI, integer), or was escaped.
    pub(crate) fn raw(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{}", one_line(value));
        let mut room = MOST;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = MOST - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is TEXT (§3.3.11); left out when it is empty.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.raw(name, &escaped(value));
        }
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

/// A value that cannot end its line.
fn one_line(value: &str) -> String {
    value.chars().filter(|c| !c.is_control() || *c == '\t').collect()
}

/// TEXT: what would end the value is written with a backslash; control characters have no place in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n').enumerate() {
        if line.0 > 0 {
            out.push_str("\\n");
        }
        for c in line.1.chars() {
            match c {
                '\\' | ';' | ',' => out.extend(['\\', c]),
                c if c.is_control() && c != '\t' => {}
                c => out.push(c),
            }
        }
    }
    out
}

/// A parameter value between quotation marks, which it cannot hold itself (§3.2). Nor a backslash: it means nothing there,
/// but some readers take it for an escape.
pub(crate) fn quoted(value: &str) -> String {
    let plain = |c| match c {
        '"' => '\'',
        '\\' => '/',
        c => c,
    };
    let inside: String = one_line(value).chars().map(plain).collect();
    format!("\"{inside}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Lines)) -> String {
        let mut lines = Lines::default();
        write(&mut lines);
        lines.into_string()
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let text = written(|lines| lines.text("SUMMARY", &"é".repeat(100)));
        for line in text.split_terminator("\r\n") {
            assert!(line.len() <= MOST, "{}", line.len());
        }
        assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "é".repeat(100)));
        let exact = written(|lines| lines.text("SUMMARY", &"a".repeat(MOST - 8)));
        assert_eq!(exact.matches("\r\n").count(), 1, "75 octets need no fold");
    }

    #[test]
    fn no_value_ends_its_line() {
        let text = written(|lines| lines.text("SUMMARY", "a;b,c\\d\r\nBEGIN:VALARM\rx\ny\0\u{85}"));
        assert_eq!(text, "SUMMARY:a\\;b\\,c\\\\d\\nBEGIN:VALARM\\nx\\ny\r\n");
        assert_eq!(written(|lines| lines.raw("URL", "https://a\r\nX:y")), "URL:https://aX:y\r\n");
        assert_eq!(quoted("L\"été\": \\\r\n"), "\"L'été': /\"");
        assert_eq!(written(|lines| lines.text("LOCATION", "")), "");
    }
}
