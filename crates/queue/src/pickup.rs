//! Whose the kept mails are, where no relay is configured (O-5): a mail is kept under the id of its delivery, and shown to
//! whom it went to and to its author. The local admins of the establishment see that it is there, not what it says (M-11).

use serde::Serialize;
use store::{Database, Error, Row, params};

/// A kept mail that the viewer may know of; she may read it when it comes with its subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// ULID of the delivery, and name of the file.
    pub id: String,
    /// Whom it is for.
    pub person: String,
    /// Who wrote it.
    pub author: String,
    /// Its subject, for those who may read it.
    pub subject: Option<String>,
    /// When it was handed over, in UTC milliseconds.
    pub at: i64,
}

pub(crate) const VISIBLE: &str = "\
    SELECT d.id, coalesce(p.first_name || ' ' || p.last_name, ''), coalesce(a.first_name || ' ' || a.last_name, 'Messagerie'),
        CASE WHEN d.person_id = ?1 OR m.author_id = ?1 THEN m.subject END, coalesce(d.finished_at, d.created_at)
    FROM json_each(?2) j
    JOIN delivery d ON d.id = j.value
    JOIN message m ON m.id = d.message_id
    LEFT JOIN person p ON p.id = d.person_id
    LEFT JOIN person a ON a.id = m.author_id
    WHERE d.person_id = ?1 OR m.author_id = ?1
        OR EXISTS (SELECT 1 FROM local_admin l WHERE l.person_id = ?1 AND l.uai = d.uai)
    ORDER BY d.id DESC";

/// Those of `names` that `viewer` may know of, newest first.
///
/// # Errors
/// Those of the database.
pub fn visible(database: &dyn Database, viewer: &str, names: &[String]) -> Result<Vec<Kept>, Error> {
    let ulids: Vec<_> =
        names.iter().filter_map(|name| ulid::Ulid::from_string(name).ok()).map(|id| format!("\"{id}\"")).collect();
    let rows = database.execute(VISIBLE, params![viewer, format!("[{}]", ulids.join(","))])?;
    rows.iter().map(kept).collect()
}

fn kept(row: &Row) -> Result<Kept, Error> {
    Ok(Kept {
        id: row.text(0)?.to_owned(),
        person: row.text(1)?.to_owned(),
        author: row.text(2)?.to_owned(),
        subject: row.optional_text(3)?.map(str::to_owned),
        at: row.integer(4)?,
    })
}
