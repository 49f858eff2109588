//! Files joined to a draft (M-10): content is kept once by its SHA-256, however many messages carry it.

use sha2::{Digest, Sha256};
use store::params;

use crate::draft::why_not_editable;
use crate::{Desk, Refusal, media_type, new_id};

/// Bytes of one row of `content_chunk`.
const CHUNK: usize = 256 * 1024;
/// Bytes of a file name in UTF-8.
const MAX_NAME: usize = 200;
/// All files of one message together, in times the limit of one file.
const MESSAGE_FACTOR: u64 = 2;

/// Joins a file to draft `id`; gives the id of the attachment. The same file under the same name again changes nothing.
///
/// # Errors
/// [`Refusal::BadFileName`], [`Refusal::FileEmpty`], [`Refusal::FileType`], [`Refusal::FileSize`] for the file;
/// [`Refusal::NotFound`], [`Refusal::AlreadySubmitted`] for the draft.
pub fn attach(desk: Desk<'_>, author: &str, id: &str, name: &str, content: &[u8]) -> Result<String, Refusal> {
    let name = file_name(name)?;
    if content.is_empty() {
        return Err(Refusal::FileEmpty);
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let sha256 = hex(&Sha256::digest(content));
    check_limits(desk, author, id, &extension, &sha256, content.len() as u64)?;

    // Chunks first: alone they mean nothing, and are there to stay for whoever sends the same file. The row that gives
    // them a name is the decision.
    for (position, chunk) in content.chunks(CHUNK).enumerate() {
        let position = i64::try_from(position).map_err(|_| Refusal::BadFileName)?;
        desk.database.execute(
            "INSERT INTO content_chunk (sha256, position, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![&sha256, position, chunk],
        )?;
    }
    let size = i64::try_from(content.len()).map_err(|_| Refusal::BadFileName)?;
    let joined = desk.database.first(
        "INSERT INTO attachment (id, message_id, name, media_type, size, sha256)
            SELECT ?1, m.id, ?4, ?5, ?6, ?7 FROM message m
            WHERE m.id = ?2 AND m.author_id = ?3 AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)
            ON CONFLICT (message_id, name, sha256) DO UPDATE SET name = excluded.name
            RETURNING id",
        params![new_id(desk.now), id, author, name, media_type(&extension), size, sha256],
    )?;
    match joined {
        Some(row) => Ok(row.text(0)?.to_owned()),
        None => Err(why_not_editable(desk, author, id)?),
    }
}

/// Takes a file off a draft.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySubmitted`].
pub fn detach(desk: Desk<'_>, author: &str, id: &str, attachment: &str) -> Result<(), Refusal> {
    let taken = desk.database.first(
        "DELETE FROM attachment WHERE id = ?3 AND message_id = (
            SELECT m.id FROM message m WHERE m.id = ?1 AND m.author_id = ?2
            AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id))
            RETURNING id",
        params![id, author, attachment],
    )?;
    match taken {
        Some(_) => Ok(()),
        None => Err(why_not_editable(desk, author, id)?),
    }
}

/// The settings of the author's establishment against this file and those joined before.
fn check_limits(
    desk: Desk<'_>,
    author: &str,
    id: &str,
    extension: &str,
    sha256: &str,
    size: u64,
) -> Result<(), Refusal> {
    let settings = desk.database.first(
        "SELECT e.attachment_max_bytes, e.attachment_extensions,
            (SELECT coalesce(sum(a.size), 0) FROM attachment a WHERE a.message_id = m.id AND a.sha256 <> ?3)
            FROM message m JOIN establishment e ON e.uai = m.uai WHERE m.id = ?1 AND m.author_id = ?2",
        params![id, author, sha256],
    )?;
    let Some(settings) = settings else { return Err(Refusal::NotFound) };
    let extensions: Vec<String> = serde_json::from_str(settings.text(1)?).map_err(|e| Refusal::Other(e.to_string()))?;
    if !extensions.iter().any(|allowed| allowed == extension) {
        return Err(Refusal::FileType(extensions));
    }
    let one = u64::try_from(settings.integer(0)?).unwrap_or(0);
    let before = u64::try_from(settings.integer(2)?).unwrap_or(0);
    if size > one {
        return Err(Refusal::FileSize { actual: size, allowed: one });
    }
    if before + size > one * MESSAGE_FACTOR {
        return Err(Refusal::FileSize { actual: before + size, allowed: one * MESSAGE_FACTOR });
    }
    Ok(())
}

/// A name that every file system takes and no header can be broken with.
fn file_name(name: &str) -> Result<&str, Refusal> {
    let name = name.trim();
    let hostile =
        |c: char| c.is_control() || "/\\<>:\"|?*\u{202a}\u{202b}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}".contains(c);
    if name.is_empty() || name.len() > MAX_NAME || name.chars().any(hostile) || name.starts_with('.') {
        return Err(Refusal::BadFileName);
    }
    Ok(name)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
