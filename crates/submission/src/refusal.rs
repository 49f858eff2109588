//! Why nothing was done, by what the caller can do about it: `refusal` of wit/post.

use rights::Refused;

/// See the variants of `refusal` in wit/post/post.wit, one for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such message, or not this author's.
    #[error("no such message for this author")]
    NotFound,
    /// It has left already.
    #[error("the message was sent before")]
    AlreadySubmitted,
    /// This person may not send at all.
    #[error("this person may not send")]
    AuthorMayNotSend,
    /// Some addressees may not be written to.
    #[error("{} addressees may not be written to", .0.len())]
    Refused(Vec<Refused>),
    /// The audience is not this author's to write to, or does not stand alone in Cci.
    #[error("this audience may not be written to")]
    Audience,
    /// Too many recipients (M-2).
    #[error("{actual} recipients where {allowed} are allowed")]
    TooMany {
        /// After expansion.
        actual: u64,
        /// Setting of the establishment.
        allowed: u64,
    },
    /// Nobody to write to.
    #[error("nobody to write to")]
    Nobody,
    /// Names of those whose mailbox cannot take the message (M-5).
    #[error("{} mailboxes are full", .0.len())]
    MailboxFull(Vec<String>),
    /// Too long, or with control characters.
    #[error("the subject cannot be taken")]
    BadSubject,
    /// Too long, or nested too deep.
    #[error("the body cannot be taken")]
    BadBody,
    /// Empty, too long, or with control characters or separators.
    #[error("the file name cannot be taken")]
    BadFileName,
    /// The extensions that are let through (M-10).
    #[error("this kind of file is not let through")]
    FileType(Vec<String>),
    /// Bytes, of one file or of all files of the message.
    #[error("{actual} bytes where {allowed} are allowed")]
    FileSize {
        /// As sent.
        actual: u64,
        /// Setting of the establishment.
        allowed: u64,
    },
    /// No byte in the file.
    #[error("the file is empty")]
    FileEmpty,
    /// The idempotency key was used for another message.
    #[error("the idempotency key was used before, for another message")]
    KeyReused,
    /// Not an address that mail can be sent to.
    #[error("the address cannot be written to")]
    BadAddress,
    /// The database could not be used.
    #[error(transparent)]
    Unavailable(#[from] store::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
