//! Folders as lists: newest first, by pages.

use serde::{Deserialize, Serialize};
use store::{Database, Error, Row, params};

/// A folder of the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Folder {
    /// « Boîte de réception »
    Inbox,
    /// « Messages envoyés »
    Sent,
    /// « Brouillons »
    Drafts,
    /// « Corbeille »
    Trash,
}

impl Folder {
    /// As in paths and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Sent => "sent",
            Self::Drafts => "drafts",
            Self::Trash => "trash",
        }
    }

    /// From a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Inbox, Self::Sent, Self::Drafts, Self::Trash].into_iter().find(|folder| folder.as_str() == text)
    }
}

/// One line of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// ULID of the message.
    pub id: String,
    /// ULID of the conversation.
    pub thread: String,
    /// Author's name; in Sent and Drafts, whom it is for.
    pub correspondent: String,
    /// Author's profile, for the icon; none for the service itself, and in Sent and Drafts.
    pub profile: Option<String>,
    /// May be empty.
    pub subject: String,
    /// UTC milliseconds.
    pub at: i64,
    /// Bytes.
    pub size: i64,
    /// Number of files.
    pub attachments: i64,
    /// Messages of the conversation that the viewer has.
    pub conversation: i64,
    /// Read.
    pub seen: bool,
    /// Answered by the viewer.
    pub answered: bool,
}

/// Where a page ends: pass it to get what is older.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    id: String,
}

impl Cursor {
    /// From its text form; none for a text that is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        Some(Self { at: at.parse().ok()?, id: id.to_owned() })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.at, self.id)
    }
}

/// A page of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub items: Vec<Item>,
    /// For what is older; none at the end.
    pub next: Option<Cursor>,
}

/// Names of the first three addressees, for Sent and Drafts; an audience stands alone (B-1).
const ADDRESSEE_NAMES: &str =
    "(SELECT coalesce(group_concat(coalesce(p.first_name || ' ' || p.last_name, g.name, u.label, l.label), ', '), '')
        || CASE WHEN json_array_length(m.addressees) > 3 THEN '…' ELSE '' END
    FROM (SELECT a.kind, a.id FROM addressee a WHERE a.message_id = m.id ORDER BY a.position LIMIT 3) a
    LEFT JOIN person p ON a.kind = 'person' AND p.id = a.id LEFT JOIN person_group g ON a.kind = 'group' AND g.id = a.id
    LEFT JOIN audience u ON u.message_id = m.id AND u.about_id = a.id
    LEFT JOIN population_label l ON a.kind = 'population' AND l.population_id = a.id)";

/// A page of `folder`, at most `limit` items (1 to 200), older than `after`.
///
/// # Errors
/// Those of the database.
pub fn list(
    database: &dyn Database,
    viewer: &str,
    folder: Folder,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page, Error> {
    let limit = limit.clamp(1, 200);
    let (at, id) = after.map_or((i64::MAX, ""), |cursor| (cursor.at, cursor.id.as_str()));
    let statement = if folder == Folder::Drafts { drafts_statement() } else { entries_statement() };
    let rows = database.execute(&statement, params![viewer, folder.as_str(), at, id, limit + 1])?;
    let mut items = rows.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| Cursor { at: last.at, id: last.id.clone() });
    Ok(Page { items, next })
}

fn entries_statement() -> String {
    format!(
        "SELECT m.id, m.thread_id,
            CASE WHEN x.side = 'author' THEN {ADDRESSEE_NAMES}
                ELSE coalesce((SELECT p.first_name || ' ' || p.last_name FROM person p WHERE p.id = m.author_id), 'Messagerie') END,
            CASE WHEN x.side = 'recipient' THEN (SELECT p.profile FROM person p WHERE p.id = m.author_id) END,
            m.subject, x.received_at, x.size,
            (SELECT count(*) FROM attachment a WHERE a.message_id = m.id),
            (SELECT count(DISTINCT o.message_id) FROM message t JOIN mailbox_entry o ON o.message_id = t.id
                WHERE t.thread_id = m.thread_id AND o.person_id = ?1 AND o.folder <> 'destroyed'),
            x.seen, x.answered
        FROM mailbox_entry x JOIN message m ON m.id = x.message_id
        WHERE x.person_id = ?1 AND x.folder = ?2 AND (x.received_at, x.message_id) < (?3, ?4)
        ORDER BY x.received_at DESC, x.message_id DESC LIMIT ?5 + 0"
    )
}

fn drafts_statement() -> String {
    format!(
        "SELECT m.id, m.thread_id, {ADDRESSEE_NAMES}, NULL, m.subject, m.updated_at,
            length(CAST(m.subject AS BLOB)) + length(CAST(m.body_html AS BLOB))
                + (SELECT coalesce(sum(a.size), 0) FROM attachment a WHERE a.message_id = m.id),
            (SELECT count(*) FROM attachment a WHERE a.message_id = m.id), 1, 1, 0
        FROM message m
        WHERE m.author_id = ?1 AND ?2 = 'drafts' AND (m.updated_at, m.id) < (?3, ?4)
            AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)
        ORDER BY m.updated_at DESC, m.id DESC LIMIT ?5 + 0"
    )
}

fn item(row: &Row) -> Result<Item, Error> {
    Ok(Item {
        id: row.text(0)?.to_owned(),
        thread: row.text(1)?.to_owned(),
        correspondent: row.text(2)?.to_owned(),
        profile: row.optional_text(3)?.map(str::to_owned),
        subject: row.text(4)?.to_owned(),
        at: row.integer(5)?,
        size: row.integer(6)?,
        attachments: row.integer(7)?,
        conversation: row.integer(8)?,
        seen: row.boolean(9)?,
        answered: row.boolean(10)?,
    })
}

/// What stands beside the folders (S0: « Boîte de réception (5) », « 22 Ko (1 %) de votre espace de 45 Mo »).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Unread messages of the inbox.
    pub unread: i64,
    /// Drafts kept.
    pub drafts: i64,
    /// Bytes in all folders.
    pub used: i64,
    /// Bytes allowed (M-5).
    pub quota: i64,
    /// Changes when anything in the mailbox changes.
    pub state: i64,
}

/// Counts and usage of the viewer's mailbox.
///
/// # Errors
/// Those of the database.
pub fn summary(database: &dyn Database, viewer: &str) -> Result<Summary, Error> {
    let row = database.first(
        "SELECT (SELECT count(*) FROM mailbox_entry x WHERE x.person_id = ?1 AND x.folder = 'inbox' AND x.seen = 0),
            (SELECT count(*) FROM message m WHERE m.author_id = ?1 AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)),
            (SELECT coalesce(sum(x.size), 0) FROM mailbox_entry x WHERE x.person_id = ?1),
            coalesce((SELECT e.mailbox_quota FROM person p JOIN establishment e ON e.uai = p.uai WHERE p.id = ?1), 0),
            coalesce((SELECT max(x.modseq) FROM mailbox_entry x WHERE x.person_id = ?1), 0)",
        params![viewer],
    )?;
    let row = row.ok_or(Error::Column(0))?;
    Ok(Summary {
        unread: row.integer(0)?,
        drafts: row.integer(1)?,
        used: row.integer(2)?,
        quota: row.integer(3)?,
        state: row.integer(4)?,
    })
}
