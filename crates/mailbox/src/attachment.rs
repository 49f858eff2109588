//! Files of messages the viewer may read.

use serde::Serialize;
use store::{Database, Error, Row, params};

/// A file joined to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// ULID.
    pub id: String,
    /// File name.
    pub name: String,
    /// From the extension.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

impl Attachment {
    pub(crate) fn from_row(row: &Row, first: usize) -> Result<Self, Error> {
        Ok(Self {
            id: row.text(first)?.to_owned(),
            name: row.text(first + 1)?.to_owned(),
            media_type: row.text(first + 2)?.to_owned(),
            size: row.integer(first + 3)?,
        })
    }
}

/// The files of `message`, by name; the caller has made sure that the viewer may read it.
pub(crate) fn of_message(database: &dyn Database, message: &str) -> Result<Vec<Attachment>, Error> {
    let rows = database.execute(
        "SELECT id, name, media_type, size FROM attachment WHERE message_id = ?1 ORDER BY name, id",
        params![message],
    )?;
    rows.iter().map(|row| Attachment::from_row(row, 0)).collect()
}

/// A file with its bytes, if the viewer wrote the message or has an entry for it.
///
/// # Errors
/// Those of the database.
pub fn content(database: &dyn Database, viewer: &str, id: &str) -> Result<Option<(Attachment, Vec<u8>)>, Error> {
    let found = database.first(
        "SELECT a.id, a.name, a.media_type, a.size, a.sha256 FROM attachment a JOIN message m ON m.id = a.message_id
            WHERE a.id = ?2 AND (m.author_id = ?1
                OR EXISTS (SELECT 1 FROM mailbox_entry x WHERE x.person_id = ?1 AND x.message_id = m.id AND x.folder <> 'destroyed'))",
        params![viewer, id],
    )?;
    let Some(found) = found else { return Ok(None) };
    let chunks = database
        .execute("SELECT bytes FROM content_chunk WHERE sha256 = ?1 ORDER BY position", params![found.text(4)?])?;
    let mut bytes = Vec::with_capacity(usize::try_from(found.integer(3)?).unwrap_or(0));
    for chunk in &chunks {
        bytes.extend_from_slice(chunk.blob(0)?);
    }
    Ok(Some((Attachment::from_row(&found, 0)?, bytes)))
}
