//! Marks on one's own entries: read, unread, to the trash and back, gone.

use store::{Database, Error, params};

/// What is done to entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// « Marquer comme lu »
    Seen,
    /// « Marquer comme non lu »
    Unseen,
    /// « Mettre à la corbeille »
    Trash,
    /// « Restaurer »: back to Inbox or Sent.
    Restore,
    /// « Supprimer définitivement », from the trash only. The message itself is kept for the legal delay (M-11).
    Destroy,
}

/// Marks the viewer's entries of `messages`; gives how many changed.
///
/// # Errors
/// Those of the database.
pub fn mark(database: &dyn Database, viewer: &str, messages: &[String], what: Mark) -> Result<usize, Error> {
    let change = match what {
        Mark::Seen => "seen = 1",
        Mark::Unseen => "seen = 0",
        Mark::Trash => "folder = 'trash'",
        Mark::Restore => "folder = CASE side WHEN 'author' THEN 'sent' ELSE 'inbox' END",
        Mark::Destroy => "folder = 'destroyed', size = 0, seen = 1",
    };
    let condition = match what {
        Mark::Seen => "seen = 0 AND folder <> 'destroyed'",
        Mark::Unseen => "seen = 1 AND side = 'recipient' AND folder <> 'destroyed'",
        Mark::Trash => "folder IN ('inbox', 'sent')",
        Mark::Restore | Mark::Destroy => "folder = 'trash'",
    };
    let statement = format!(
        "UPDATE mailbox_entry SET {change}
            WHERE person_id = ?1 AND message_id IN (SELECT value FROM json_each(?2)) AND {condition} RETURNING message_id"
    );
    let messages = serde_json::to_string(messages).map_err(|error| Error::Unavailable(error.to_string()))?;
    Ok(database.execute(&statement, params![viewer, messages])?.len())
}
