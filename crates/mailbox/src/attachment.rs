//! Files of messages the viewer may read.

use serde::{Deserialize, Serialize};
use store::{Database, Error, params};

/// A file joined to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// The files of the message `m` as a JSON array of [`Attachment`]s, by name; the statement around it has made sure that the viewer may
/// read it.
pub(crate) const OF_MESSAGE: &str =
    "(SELECT json_group_array(json_object('id', f.id, 'name', f.name, 'media_type', f.media_type, 'size', f.size))
    FROM (SELECT * FROM attachment f WHERE f.message_id = m.id ORDER BY f.name, f.id) f)";

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
    let attachment = Attachment {
        id: found.text(0)?.to_owned(),
        name: found.text(1)?.to_owned(),
        media_type: found.text(2)?.to_owned(),
        size: found.integer(3)?,
    };
    Ok(Some((attachment, bytes)))
}
