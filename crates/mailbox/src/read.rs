//! Messages as their reader sees them: the conversation, who is named in it, and one's own drafts.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Database, Error, Row, params};

use crate::attachment::{Attachment, OF_MESSAGE};

/// A person as shown beside a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correspondent {
    /// ULID; none for the service itself.
    pub id: Option<String>,
    /// First and last name.
    pub name: String,
    /// Profile, for the icon.
    pub profile: Option<String>,
    /// « Professeure de mathématiques »; may be empty.
    pub function: String,
}

/// An addressee as typed, with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// `to`, `cc` or `bcc`.
    pub field: String,
    /// `person`, `group`, or the kind of an audience: `population`…
    pub kind: String,
    /// ULID.
    pub id: String,
    /// Name of the person, group or audience.
    pub name: String,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// ULID.
    pub id: String,
    /// Who wrote it.
    pub author: Correspondent,
    /// Whether the viewer wrote it.
    pub mine: bool,
    /// Whether the viewer received it as Cci: she answers the author only (M-8).
    pub blind: bool,
    /// Those the viewer may see: all for the author, To and Cc for the others (M-7).
    pub addressees: Vec<Named>,
    /// May be empty.
    pub subject: String,
    /// Sanitised; empty where there is text only.
    pub html: String,
    /// Text rendering.
    pub text: String,
    /// UTC milliseconds.
    pub at: i64,
    /// `inbox`, `sent` or `trash`.
    pub folder: String,
    /// Read before.
    pub seen: bool,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// A draft as its author edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// ULID.
    pub id: String,
    /// May be empty.
    pub subject: String,
    /// Sanitised.
    pub html: String,
    /// As typed.
    pub addressees: Vec<Named>,
    /// The message it answers.
    pub in_reply_to: Option<String>,
    /// M-4.
    pub copy_to_author: bool,
    /// UTC milliseconds of the last save.
    pub updated_at: i64,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// The addressees of the message `m` as typed, as a JSON array of [`Named`]. A list that hides its members is written to as Cci, and
/// named like one; an audience is named as it was when the message was sent (B-1).
const ADDRESSEES: &str =
    "(SELECT json_group_array(json_object('field', a.field, 'kind', a.kind, 'id', a.id, 'name', a.name)) FROM (
        SELECT CASE WHEN g.members_hidden THEN 'bcc' ELSE a.field END AS field, a.kind, a.id,
            coalesce(p.first_name || ' ' || p.last_name, g.name, u.label, l.label, 'Destinataire inconnu') AS name
        FROM addressee a
        LEFT JOIN person p ON a.kind = 'person' AND p.id = a.id
        LEFT JOIN person_group g ON a.kind = 'group' AND g.id = a.id
        LEFT JOIN audience u ON u.message_id = a.message_id AND u.about_id = a.id
        LEFT JOIN population_label l ON a.kind = 'population' AND l.population_id = a.id
        WHERE a.message_id = m.id ORDER BY a.position) a)";

/// The messages of the conversation of `message` that the viewer has, oldest first; empty when she has not `message`. One statement,
/// however long the conversation is.
///
/// # Errors
/// Those of the database.
pub fn conversation(database: &dyn Database, viewer: &str, message: &str) -> Result<Vec<Message>, Error> {
    let statement = format!(
        "SELECT m.id, m.author_id, coalesce(p.first_name || ' ' || p.last_name, 'Messagerie'), p.profile, coalesce(p.function, ''),
            coalesce(r.field, '') = 'bcc', m.subject, m.body_html, m.body_text, x.received_at, x.folder, min(x.seen),
            {ADDRESSEES}, {OF_MESSAGE}
        FROM message asked
        JOIN mailbox_entry held ON held.person_id = ?1 AND held.message_id = asked.id AND held.folder <> 'destroyed'
        JOIN message m ON m.thread_id = asked.thread_id
        JOIN mailbox_entry x ON x.person_id = ?1 AND x.message_id = m.id AND x.folder <> 'destroyed'
        LEFT JOIN recipient r ON r.message_id = m.id AND r.person_id = ?1
        LEFT JOIN person p ON p.id = m.author_id
        WHERE asked.id = ?2
        GROUP BY m.id
        ORDER BY x.received_at, m.id"
    );
    let rows = database.execute(&statement, params![viewer, message])?;
    rows.iter().map(|row| self::message(viewer, row)).collect()
}

fn message(viewer: &str, row: &Row) -> Result<Message, Error> {
    let author = row.optional_text(1)?.map(str::to_owned);
    let mine = author.as_deref() == Some(viewer);
    let addressees: Vec<Named> = list(row, 12)?;
    Ok(Message {
        id: row.text(0)?.to_owned(),
        author: Correspondent {
            id: author,
            name: row.text(2)?.to_owned(),
            profile: row.optional_text(3)?.map(str::to_owned),
            function: row.text(4)?.to_owned(),
        },
        mine,
        blind: row.boolean(5)? && !mine,
        addressees: addressees.into_iter().filter(|a| mine || a.field != "bcc").collect(),
        subject: row.text(6)?.to_owned(),
        html: row.text(7)?.to_owned(),
        text: row.text(8)?.to_owned(),
        at: row.integer(9)?,
        folder: row.text(10)?.to_owned(),
        seen: row.boolean(11)?,
        attachments: list(row, 13)?,
    })
}

/// A column that holds a JSON array.
fn list<T: DeserializeOwned>(row: &Row, column: usize) -> Result<Vec<T>, Error> {
    serde_json::from_str(row.text(column)?).map_err(|_| Error::Column(column))
}

/// The viewer's draft `id`.
///
/// # Errors
/// Those of the database.
pub fn draft(database: &dyn Database, viewer: &str, id: &str) -> Result<Option<Draft>, Error> {
    let statement = format!(
        "SELECT m.subject, m.body_html, m.in_reply_to, m.copy_to_author, m.updated_at, {ADDRESSEES}, {OF_MESSAGE} FROM message m
            WHERE m.id = ?2 AND m.author_id = ?1 AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)"
    );
    let Some(row) = database.first(&statement, params![viewer, id])? else { return Ok(None) };
    Ok(Some(Draft {
        id: id.to_owned(),
        subject: row.text(0)?.to_owned(),
        html: row.text(1)?.to_owned(),
        addressees: list(&row, 5)?,
        in_reply_to: row.optional_text(2)?.map(str::to_owned),
        copy_to_author: row.boolean(3)?,
        updated_at: row.integer(4)?,
        attachments: list(&row, 6)?,
    }))
}

/// The names of addressees that are not kept with a message yet: `(field, kind, id)`. Only those the viewer may write to
/// have one, so that names cannot be fished for by id; the others are left out.
///
/// # Errors
/// Those of the database.
pub fn named(database: &dyn Database, viewer: &str, addressees: &[(&str, &str, &str)]) -> Result<Vec<Named>, Error> {
    let asked = serde_json::to_string(addressees).map_err(|error| Error::Unavailable(error.to_string()))?;
    let rows = database.execute(
        "SELECT a.field, a.kind, a.id, a.name FROM (
            SELECT j.key AS position, j.value ->> 0 AS field, j.value ->> 1 AS kind, j.value ->> 2 AS id,
                CASE j.value ->> 1
                WHEN 'person' THEN (SELECT p.first_name || ' ' || p.last_name FROM person p WHERE p.id = j.value ->> 2 AND (
                    EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id)
                    OR EXISTS (SELECT 1 FROM answerable w WHERE w.sender_id = ?1 AND w.recipient_id = p.id)))
                ELSE (SELECT g.name FROM person_group g WHERE g.id = j.value ->> 2
                    AND EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = g.id))
                END AS name
            FROM json_each(?2) j) a
        WHERE a.name IS NOT NULL ORDER BY a.position",
        params![viewer, asked],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Named {
                field: row.text(0)?.to_owned(),
                kind: row.text(1)?.to_owned(),
                id: row.text(2)?.to_owned(),
                name: row.text(3)?.to_owned(),
            })
        })
        .collect()
}
