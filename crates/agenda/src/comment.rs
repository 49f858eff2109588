//! The follow-up of an event: what readers say of it, at once or once an editor has let it through (S0).

use store::{Database, params};

use crate::{Error, Refusal};

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentState {
    /// Seen by its author and the editors, until one of them lets it through.
    Pending,
    /// Seen by all readers.
    Shown,
}

impl CommentState {
    /// As it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Shown => "shown",
        }
    }
}

/// A comment as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// ULID.
    pub id: String,
    /// The name of its author.
    pub author: String,
    /// It is her own.
    pub own: bool,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub state: CommentState,
    /// When it was written (UTC milliseconds).
    pub at: i64,
}

const EDITS: &str =
    "EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = e.rubrique_id)";
const READS: &str =
    "EXISTS (SELECT 1 FROM readable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = e.rubrique_id)";

/// Comments a published event: `id` (ULID), 1 to 2,000 characters. What editors say needs no leave. The same `id` again
/// changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Field`], [`Refusal::NotAsked`] when no comments are taken (any more).
pub fn comment(
    db: &dyn Database,
    now: i64,
    by: &str,
    event: &str,
    id: &str,
    text: &str,
) -> Result<CommentState, Error> {
    let text = text.trim();
    let plain = text.chars().all(|c| c == '\n' || c == '\r' || !c.is_control());
    if text.is_empty() || text.chars().count() > 2000 || !plain {
        return Err(Refusal::Field("text").into());
    }
    let statement = format!(
        "INSERT INTO event_comment (id, event_id, author_id, text, state, created_at)
        SELECT ?3, e.id, ?1, ?4, CASE WHEN e.follow_up = 'open' OR {EDITS} THEN 'shown' ELSE 'pending' END, ?5
        FROM event e WHERE e.id = ?2 AND e.state = 'published' AND e.follow_up <> 'off' AND {READS}
        ON CONFLICT (id) DO UPDATE SET id = id WHERE author_id = ?1 AND event_id = ?2
        RETURNING state"
    );
    match db.first(&statement, params![by, event, id, text, now])? {
        Some(row) => state(row.text(0)?),
        None if crate::one(db, by, event)?.is_some() => Err(Refusal::NotAsked.into()),
        None => Err(Refusal::NotFound.into()),
    }
}

/// The comments that `viewer` may see, oldest first, after the one of that instant and id; at most `limit`.
///
/// # Errors
/// Those of the database; an event she may not see has none.
pub fn comments(
    db: &dyn Database,
    viewer: &str,
    event: &str,
    after: Option<(i64, &str)>,
    limit: u32,
) -> Result<Vec<Comment>, Error> {
    let statement = format!(
        "SELECT c.id, p.first_name || ' ' || p.last_name, c.author_id = ?1, c.text, c.state, c.created_at
        FROM event e JOIN event_comment c ON c.event_id = e.id JOIN person p ON p.id = c.author_id
        WHERE e.id = ?2 AND (c.created_at, c.id) > (?3, ?4) AND e.follow_up <> 'off' AND {READS}
            AND (c.state = 'shown' OR c.state = 'pending' AND (c.author_id = ?1 OR {EDITS}))
        ORDER BY c.created_at, c.id LIMIT ?5 + 0"
    );
    let (at, id) = after.unwrap_or((i64::MIN, ""));
    let rows = db.execute(&statement, params![viewer, event, at, id, limit])?;
    rows.iter()
        .map(|row| {
            Ok(Comment {
                id: row.text(0)?.to_owned(),
                author: row.text(1)?.to_owned(),
                own: row.boolean(2)?,
                text: row.text(3)?.to_owned(),
                state: state(row.text(4)?)?,
                at: row.integer(5)?,
            })
        })
        .collect()
}

/// Lets a comment through, or takes it away: for the editors of the rubrique.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn decide(db: &dyn Database, now: i64, by: &str, event: &str, comment: &str, shown: bool) -> Result<(), Error> {
    let statement = format!(
        "UPDATE event_comment SET state = ?4, decided_by = ?1, decided_at = ?5
        WHERE id = ?3 AND event_id = ?2 AND state <> 'removed'
            AND EXISTS (SELECT 1 FROM event e WHERE e.id = ?2 AND {EDITS})
        RETURNING id"
    );
    let word = if shown { "shown" } else { "removed" };
    match db.first(&statement, params![by, event, comment, word, now])? {
        Some(_) => Ok(()),
        None => Err(Refusal::NotFound.into()),
    }
}

fn state(text: &str) -> Result<CommentState, Error> {
    match text {
        "shown" => Ok(CommentState::Shown),
        // An author sees no more of her comment than that it is not shown.
        "pending" | "removed" => Ok(CommentState::Pending),
        other => Err(Error::Unknown(format!("a comment that is {other}"))),
    }
}
