//! Text that people wrote and that goes into headers: names, subjects, file names. It is tidied, never refused, so that an
//! odd character in a name cannot keep a mail from leaving; what is left cannot end a header line.

/// Characters of a display name that are kept.
const MAX_NAME: usize = 200;
/// Characters of a subject that are kept: what a message may have.
const MAX_SUBJECT: usize = 400;
/// Characters of a file name that are kept, its extension included.
const MAX_FILE_NAME: usize = 200;

/// The name shown beside an address, or the name of a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// Keeps at most 200 characters of `given`: runs of blanks and control characters become one space. What looks like an
    /// encoded word (RFC 2047) is broken, since many readers decode it where they must not, and would show another name.
    /// Empty stays empty.
    #[must_use]
    pub fn tidy(given: &str) -> Self {
        Self(one_line(given, MAX_NAME).replace("=?", "= ?"))
    }

    /// The name; may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// Keeps at most 400 characters of `given`, as [`DisplayName::tidy`] does.
    #[must_use]
    pub fn tidy(given: &str) -> Self {
        Self(one_line(given, MAX_SUBJECT).replace("=?", "= ?"))
    }

    /// The subject; may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of an attachment: one path segment, never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

impl FileName {
    /// Keeps at most 200 characters of `given`, among them the extension; path separators and what file systems refuse become
    /// `_`. Nothing left: `piece-jointe`.
    #[must_use]
    pub fn tidy(given: &str) -> Self {
        let segment: String =
            one_line(given, usize::MAX).chars().map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
        let segment = segment.trim_matches(|c: char| c == ' ' || c == '.');
        if segment.is_empty() {
            return Self("piece-jointe".to_owned());
        }
        let length = segment.chars().count();
        if length <= MAX_FILE_NAME {
            return Self(segment.to_owned());
        }
        let extension = segment.rsplit_once('.').map_or("", |(_, extension)| extension);
        let kept = if extension.is_empty() || extension.chars().count() > 10 { "" } else { extension };
        let stem: String = segment.chars().take(MAX_FILE_NAME - kept.chars().count() - 1).collect();
        Self(if kept.is_empty() { stem } else { format!("{stem}.{kept}") })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `given` on one line: no control character, no line or paragraph separator, nothing that turns the direction of writing
/// (U+202E makes `fdp.exe` read as `exe.pdf`), no blank at either end.
fn one_line(given: &str, max: usize) -> String {
    let mut line = String::with_capacity(given.len());
    let mut kept = 0;
    for c in given.chars() {
        if matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}') {
            continue;
        }
        // No-break spaces are typography (« Réunion : »), and stay.
        let blank = c.is_control() || matches!(c, ' ' | '\u{2028}' | '\u{2029}' | '\u{85}');
        if blank && (line.is_empty() || line.ends_with(' ')) {
            continue;
        }
        if kept == max {
            break;
        }
        line.push(if blank { ' ' } else { c });
        kept += 1;
    }
    if line.ends_with(' ') {
        line.pop();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{DisplayName, FileName, Subject};
    use proptest::prelude::*;

    #[test]
    fn text_comes_on_one_line() {
        assert_eq!(Subject::tidy("  Réunion\r\nBcc: x@y.fr\t\0 ").as_str(), "Réunion Bcc: x@y.fr");
        assert_eq!(DisplayName::tidy("Léa\u{2028}\u{202E}Martin").as_str(), "Léa Martin");
        assert_eq!(Subject::tidy("Sortie\u{a0}: mardi").as_str(), "Sortie\u{a0}: mardi");
        assert_eq!(Subject::tidy(&"é".repeat(500)).as_str().chars().count(), 400);
    }

    #[test]
    fn file_names_are_one_segment_and_keep_their_extension() {
        assert_eq!(FileName::tidy("../../etc/passwd").as_str(), "_.._etc_passwd");
        assert_eq!(FileName::tidy("bulletin \"3e A\".pdf").as_str(), "bulletin _3e A_.pdf");
        assert_eq!(FileName::tidy("\u{202E}fdp.exe").as_str(), "fdp.exe");
        assert_eq!(FileName::tidy(" .. ").as_str(), "piece-jointe");
        let long = FileName::tidy(&format!("{}.docx", "x".repeat(300)));
        assert_eq!(long.as_str().chars().count(), 200);
        assert!(long.as_str().ends_with(".docx"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn nothing_left_can_end_a_line(given in "\\PC{0,20}[\\x00-\\x20\u{2028}\u{202E}]{0,5}\\PC{0,20}") {
            for kept in [Subject::tidy(&given).0, DisplayName::tidy(&given).0, FileName::tidy(&given).0] {
                prop_assert!(!kept.chars().any(char::is_control));
                prop_assert_eq!(kept.trim_matches(' '), kept.as_str());
            }
            prop_assert!(!FileName::tidy(&given).0.is_empty());
        }
    }
}
