//! What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1).

use crate::answer::Answer;

/// The extensions that are used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// RFC 2920
    pub(crate) pipelining: bool,
    /// RFC 3207
    pub(crate) starttls: bool,
    /// RFC 1870: the most octets a mail may have; none when there is no SIZE or no limit is said.
    pub(crate) max_size: Option<u64>,
    /// RFC 1870: `SIZE=` may be said in MAIL.
    pub(crate) size: bool,
    /// RFC 4954
    pub(crate) auth_plain: bool,
    /// The old way of some servers.
    pub(crate) auth_login: bool,
}

impl Capabilities {
    pub(crate) fn read(answer: &Answer) -> Self {
        let mut capabilities = Self::default();
        for line in answer.lines.iter().skip(1) {
            // "AUTH=PLAIN" is an old spelling of "AUTH PLAIN".
            let line = line.to_ascii_uppercase().replace("AUTH=", "AUTH ");
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("PIPELINING") => capabilities.pipelining = true,
                Some("STARTTLS") => capabilities.starttls = true,
                Some("SIZE") => {
                    capabilities.size = true;
                    capabilities.max_size = words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
                }
                Some("AUTH") => {
                    for mechanism in words {
                        capabilities.auth_plain |= mechanism == "PLAIN";
                        capabilities.auth_login |= mechanism == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        capabilities
    }
}

#[cfg(test)]
mod tests {
    use super::Capabilities;
    use crate::answer::Answer;

    #[test]
    fn extensions_are_read_in_any_case() {
        let lines =
            ["mx.example PIPELINING", "pipelining", "Size 10240000", "AUTH PLAIN LOGIN", "8BITMIME", "STARTTLS"];
        let read = Capabilities::read(&Answer { code: 250, lines: lines.map(str::to_owned).to_vec() });
        let wanted = Capabilities {
            pipelining: true,
            starttls: true,
            max_size: Some(10_240_000),
            size: true,
            auth_plain: true,
            auth_login: true,
        };
        assert_eq!(read, wanted);
        let bare = Capabilities::read(&Answer {
            code: 250,
            lines: vec!["PIPELINING STARTTLS".to_owned(), "SIZE 0".to_owned()],
        });
        assert_eq!(bare, Capabilities { size: true, ..Capabilities::default() });
    }
}
