//! The mail of a message: what the database says, read once per message and composed once, whoever the recipients are; but
//! for the invitation to an event, which names its recipient ([`crate::invitation`]).

use std::borrow::Cow;

use clock::Zone;
use mail::{Address, Attachment, DisplayName, FileName, Mail, Mailbox, MediaType, MessageId, Recipient, Subject};
use store::{Database, Row, params};

use crate::invitation::Invitation;

pub(crate) const HEAD: &str = "\
    SELECT m.message_id, m.subject, m.body_text, m.body_html, coalesce(s.submitted_at, m.created_at), e.name, e.domain,
        e.timezone, a.first_name || ' ' || a.last_name, a.universal_address, answered.message_id
    FROM message m
    JOIN establishment e ON e.uai = m.uai
    LEFT JOIN submission s ON s.message_id = m.id
    LEFT JOIN person a ON a.id = m.author_id
    LEFT JOIN message answered ON answered.id = m.in_reply_to
    WHERE m.id = ?1";

/// What was typed in To and Cc, not whom it was expanded to: a group is shown by its name, a hidden list not at all,
/// and Cci never leaves the database (M-8).
pub(crate) const VISIBLE: &str = "\
    SELECT a.field, coalesce(g.name, p.first_name || ' ' || p.last_name), p.universal_address
    FROM addressee a
    LEFT JOIN person p ON a.kind = 'person' AND p.id = a.id
    LEFT JOIN person_group g ON a.kind = 'group' AND g.id = a.id
    WHERE a.message_id = ?1 AND a.field IN ('to', 'cc') AND coalesce(g.members_hidden, 0) = 0
        AND coalesce(g.id, p.id) IS NOT NULL
    ORDER BY a.position";

/// The thread above, oldest first. A loop in the data ends at 100.
pub(crate) const THREAD: &str = "\
    WITH RECURSIVE above (id, depth) AS (
        SELECT in_reply_to, 1 FROM message WHERE id = ?1
        UNION ALL
        SELECT m.in_reply_to, above.depth + 1 FROM above JOIN message m ON m.id = above.id WHERE above.depth < 100
    )
    SELECT m.message_id FROM above JOIN message m ON m.id = above.id ORDER BY above.depth DESC";

pub(crate) const FILES: &str =
    "SELECT name, media_type, size, sha256 FROM attachment WHERE message_id = ?1 ORDER BY id";

pub(crate) const CHUNKS: &str = "SELECT bytes FROM content_chunk WHERE sha256 = ?1 ORDER BY position";

/// Why there is no mail.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LetterError {
    #[error("the database cannot be read")]
    Store(#[from] store::Error),
    /// Trying again will not help.
    #[error("the message cannot be written as a mail: {0}")]
    Unfit(&'static str),
    /// The content of a file is not all there; it may be put back.
    #[error("the content of an attachment is not whole")]
    Incomplete,
}

/// A message as a mail.
pub(crate) struct Letter {
    /// The mail that suits everybody.
    pub(crate) bytes: Vec<u8>,
    /// Written by the service: no bounce wanted (RFC 5321 §4.5.5).
    pub(crate) automatic: bool,
    /// What differs from one recipient to the next, if it does.
    invitation: Option<Invitation>,
}

impl Letter {
    /// The mail of one delivery.
    pub(crate) fn of(
        &self,
        database: &dyn Database,
        delivery: &str,
        address: &Address,
    ) -> Result<Cow<'_, [u8]>, LetterError> {
        let own = match &self.invitation {
            Some(invitation) => invitation.of(database, delivery, address)?,
            None => None,
        };
        Ok(own.map_or(Cow::Borrowed(self.bytes.as_slice()), Cow::Owned))
    }
}

/// Reads and composes the mail of `message`. Attachments are in memory only within this call.
pub(crate) fn compose(database: &dyn Database, message: &str) -> Result<Letter, LetterError> {
    let head = database.first(HEAD, params![message])?.ok_or(LetterError::Unfit("no such message"))?;
    let (sender, automatic) = sender(&head)?;
    let visible = database.execute(VISIBLE, params![message])?;
    let files = files(database, message)?;
    let thread = database.execute(THREAD, params![message])?;
    let mail = Mail {
        id: id(head.text(0)?)?,
        date: head.integer(4)?,
        zone: Zone::named(head.text(7)?),
        sender,
        automatic,
        to: recipients(&visible, "to")?,
        cc: recipients(&visible, "cc")?,
        subject: Subject::tidy(head.text(1)?),
        in_reply_to: head.optional_text(10)?.map(id).transpose()?,
        references: thread.iter().map(|row| id(row.text(0)?)).collect::<Result<_, _>>()?,
        text: Cow::Borrowed(head.text(2)?),
        html: Cow::Borrowed(head.text(3)?),
        attachments: files,
    };
    let (bytes, invitation) = Invitation::read(database, message, &mail)?;
    Ok(Letter { bytes, automatic, invitation })
}

fn id(text: &str) -> Result<MessageId, LetterError> {
    MessageId::parse(text).map_err(|_| LetterError::Unfit("a Message-ID is not valid"))
}

/// The author, by her universal address; the service, for its own notices.
fn sender(head: &Row) -> Result<(Mailbox, bool), LetterError> {
    let address =
        |text: &str| Address::parse(text).map_err(|_| LetterError::Unfit("the sender's address is not valid"));
    Ok(match (head.optional_text(8)?, head.optional_text(9)?) {
        (Some(name), Some(universal)) => {
            (Mailbox { name: DisplayName::tidy(name), address: address(universal)? }, false)
        }
        _ => {
            let name = DisplayName::tidy(&format!("Messagerie {}", head.text(5)?));
            (Mailbox { name, address: address(&format!("messagerie@{}", head.text(6)?))? }, true)
        }
    })
}

fn recipients(visible: &[Row], field: &str) -> Result<Vec<Recipient>, LetterError> {
    let mut recipients = Vec::new();
    for row in visible {
        if row.text(0)? != field {
            continue;
        }
        let name = DisplayName::tidy(row.text(1)?);
        let address = row.optional_text(2)?.map(Address::parse);
        recipients.push(match address {
            Some(Ok(address)) => Recipient::Person(Mailbox { name, address }),
            // A person whose address cannot be written is named all the same.
            Some(Err(_)) | None => Recipient::Group(name),
        });
    }
    Ok(recipients)
}

fn files(database: &dyn Database, message: &str) -> Result<Vec<Attachment<'static>>, LetterError> {
    let mut files = Vec::new();
    for row in database.execute(FILES, params![message])? {
        let size = usize::try_from(row.integer(2)?).unwrap_or(usize::MAX);
        let mut content = Vec::new();
        for chunk in database.execute(CHUNKS, params![row.text(3)?])? {
            content.extend_from_slice(chunk.blob(0)?);
        }
        if content.len() != size {
            return Err(LetterError::Incomplete);
        }
        files.push(Attachment {
            name: FileName::tidy(row.text(0)?),
            media_type: MediaType::parse(row.text(1)?).unwrap_or_else(|_| MediaType::octets()),
            content: Cow::Owned(content),
        });
    }
    Ok(files)
}
