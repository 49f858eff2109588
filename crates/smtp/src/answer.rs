//! Replies of a server (RFC 5321 §4.2), read from bytes that may be anything: bounded in length, never trusted.

use mail::Reply;

/// Octets of one line that are taken; RFC 5321 §4.5.3.1.5 allows 512.
pub(crate) const MAX_LINE: usize = 2_048;
/// Lines of one reply that are taken.
const MAX_LINES: usize = 100;

/// A whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    /// The text of each line, after code and separator.
    pub(crate) lines: Vec<String>,
}

/// Not SMTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server does not speak SMTP")]
pub(crate) struct Garbled;

/// A reply as its lines come in.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    code: Option<u16>,
    lines: Vec<String>,
}

impl Gathering {
    /// Takes one line, without its end; the reply when it was the last one.
    pub(crate) fn take(&mut self, line: &[u8]) -> Result<Option<Answer>, Garbled> {
        let (digits, rest) = line.split_at_checked(3).ok_or(Garbled)?;
        let code = code(digits).ok_or(Garbled)?;
        if self.code.is_some_and(|first| first != code) || self.lines.len() >= MAX_LINES {
            return Err(Garbled);
        }
        self.code = Some(code);
        let (last, text) = match rest {
            [] => (true, rest),
            [b' ', text @ ..] => (true, text),
            [b'-', text @ ..] => (false, text),
            _ => return Err(Garbled),
        };
        self.lines.push(String::from_utf8_lossy(text).into_owned());
        Ok(last.then(|| Answer { code, lines: std::mem::take(&mut self.lines) }))
    }
}

/// 200 to 599.
fn code(digits: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    text.parse().ok().filter(|code| (200..600).contains(code))
}

impl Answer {
    /// 2xx.
    pub(crate) fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 5xx.
    pub(crate) fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }

    /// The enhanced status (RFC 2034) that opens the text, when it agrees with the code; else one from the code.
    pub(crate) fn status(&self) -> String {
        let class = self.code / 100;
        let first = self.lines.first().map_or("", String::as_str);
        let word = first.split(' ').next().unwrap_or_default();
        let parts: Vec<&str> = word.split('.').collect();
        let numbers =
            parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
        if parts.len() == 3 && numbers && parts.first().is_some_and(|given| *given == class.to_string()) {
            return word.to_owned();
        }
        let (subject, detail) = match self.code {
            421 => (3, 2),
            450 | 550 => (2, 0),
            452 | 552 => (2, 2),
            530 | 535 | 538 => (7, 8),
            551 => (1, 6),
            501 | 553 => (1, 3),
            500 | 502..=504 => (5, 0),
            _ => (0, 0),
        };
        format!("{class}.{subject}.{detail}")
    }

    /// What goes to the caller.
    pub(crate) fn reply(&self) -> Reply {
        Reply::new(&self.status(), &format!("{} {}", self.code, self.lines.join(" ")))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Garbled, Gathering};
    use proptest::prelude::*;

    fn answer(lines: &[&str]) -> Result<Option<Answer>, Garbled> {
        let mut gathering = Gathering::default();
        lines.iter().map(|line| gathering.take(line.as_bytes())).last().unwrap_or(Ok(None))
    }

    #[test]
    fn replies_of_one_and_of_many_lines() {
        assert_eq!(answer(&["250"]).unwrap().unwrap().code, 250);
        assert_eq!(answer(&["250 2.0.0 Ok"]).unwrap().unwrap().lines, ["2.0.0 Ok"]);
        let many = answer(&["250-a.example", "250-SIZE 5", "250 OK"]).unwrap().unwrap();
        assert_eq!(many.lines, ["a.example", "SIZE 5", "OK"]);
        assert_eq!(answer(&["250-more to come"]).unwrap(), None);
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for wrong in ["", "2", "HTTP/1.1 400 Bad Request", "25x Ok", "999 Ok", "100 Ok", "250_Ok", "+50 Ok"] {
            assert_eq!(answer(&[wrong]), Err(Garbled), "{wrong}");
        }
        assert_eq!(answer(&["250-a", "550 b"]), Err(Garbled));
        assert_eq!(answer(&["250-x"; 200]), Err(Garbled));
    }

    #[test]
    fn the_status_is_the_servers_or_follows_from_the_code() {
        for (line, status) in [
            ("550 5.1.1 <x>: unknown", "5.1.1"),
            ("550 unknown", "5.2.0"),
            ("550 4.1.1 not of its class", "5.2.0"),
            ("452 full", "4.2.2"),
            ("554 no", "5.0.0"),
            ("250 2.0.0", "2.0.0"),
            ("250 1.2.3.4 is you", "2.0.0"),
        ] {
            assert_eq!(answer(&[line]).unwrap().unwrap().status(), status, "{line}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_make_it_panic(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
            let mut gathering = Gathering::default();
            for line in &lines {
                if let Ok(Some(answer)) = gathering.take(line) {
                    let reply = answer.reply();
                    prop_assert!(!reply.words().contains(['\r', '\n']));
                }
            }
        }
    }
}
