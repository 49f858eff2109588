//! What goes with a mail when it is handed to a transport, and what the transport says became of it
//! (`vaguemestre:transport`). Only a transport decides which [`Disposition`] it is.

use crate::{Address, AddressError};

/// Characters of a server's words that are kept.
const MAX_WORDS: usize = 500;

/// The SMTP envelope (RFC 5321 §2.3.1): one sender, one recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// Reverse-path, where bounces go; none for the null reverse-path.
    pub sender: Option<Address>,
    /// Forward-path.
    pub recipient: Address,
}

impl Envelope {
    /// Reads the two addresses; an empty `sender` is the null reverse-path.
    ///
    /// # Errors
    /// [`AddressError`] of the first that is wrong.
    pub fn parse(sender: &str, recipient: &str) -> Result<Self, AddressError> {
        let sender = if sender.is_empty() { None } else { Some(Address::parse(sender)?) };
        Ok(Self { sender, recipient: Address::parse(recipient)? })
    }
}

/// What became of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// The server took responsibility.
    Sent(Reply),
    /// Not taken now; the same mail may be handed over again later.
    Retry(Reply),
    /// Never going to be taken.
    Reject(Reply),
    /// No server was reached, or it refuses us as a whole: no other mail would fare better now.
    Unavailable(Reply),
}

/// A server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    status: String,
    words: String,
}

impl Reply {
    /// Keeps an enhanced status (RFC 3463), `5.0.0` for what is none, and at most 500 characters of words on one line.
    #[must_use]
    pub fn new(status: &str, words: &str) -> Self {
        let status = if is_status(status) { status } else { "5.0.0" };
        let line = words.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty());
        let words = line.collect::<Vec<_>>().join(" ").chars().take(MAX_WORDS).collect();
        Self { status: status.to_owned(), words }
    }

    /// The enhanced status code, such as `5.1.1`.
    #[must_use]
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The server's words; may quote an outside address.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }
}

/// `class.subject.detail` (RFC 3463 §2).
fn is_status(text: &str) -> bool {
    let number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('.');
    matches!(parts.next(), Some("2" | "4" | "5"))
        && parts.next().is_some_and(number)
        && parts.next().is_some_and(number)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::{Envelope, Reply};

    #[test]
    fn a_reply_is_one_bounded_line_with_a_status() {
        let reply = Reply::new("5.1.1", "no\r\n such\tuser ");
        assert_eq!((reply.status(), reply.words()), ("5.1.1", "no such user"));
        for odd in ["", "550", "6.0.0", "5.1", "5.1.1.1", "5.a.1", "5.1000.1", "5..1"] {
            assert_eq!(Reply::new(odd, "").status(), "5.0.0", "{odd}");
        }
        assert_eq!(Reply::new("4.2.2", &"é".repeat(600)).words().chars().count(), 500);
    }

    #[test]
    fn an_empty_sender_is_the_null_reverse_path() {
        assert_eq!(Envelope::parse("", "a@b.fr").unwrap().sender, None);
        assert!(Envelope::parse("x", "a@b.fr").is_err());
        assert!(Envelope::parse("", "").is_err());
    }
}
