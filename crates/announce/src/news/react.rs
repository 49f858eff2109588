//! What readers do with a news that is out: each is one statement, which asks whether it is out and theirs to read.

use store::{Database, params};

use super::{Comment, one};
use crate::Error;

/// Characters of a comment.
const COMMENT: usize = 2000;

// ?1 the person, ?2 the news, ?3 now.
macro_rules! out_for {
    () => {
        "FROM news n WHERE n.id = ?2 AND n.publish_at <= ?3 AND (n.expires_at IS NULL OR n.expires_at > ?3)
            AND EXISTS (SELECT 1 FROM news_reader x WHERE x.person_id = ?1 AND x.news_id = ?2)"
    };
}

/// `person` has opened news `id`: it is not unread any more. Nothing where it is not out.
///
/// # Errors
/// [`Error::Store`].
pub fn see(database: &dyn Database, person: &str, id: &str, now: i64) -> Result<(), Error> {
    let statement = concat!(
        "INSERT INTO news_reading (person_id, news_id, seen_at) SELECT ?1, n.id, ?3 ",
        out_for!(),
        " ON CONFLICT DO NOTHING"
    );
    database.execute(statement, params![person, id, now])?;
    Ok(())
}

/// `person` says that she has read news `id`. Saying it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when it is not out, not hers to read, or does not ask for it.
pub fn acknowledge(database: &dyn Database, person: &str, id: &str, now: i64) -> Result<(), Error> {
    let statement = concat!(
        "INSERT INTO news_reading (person_id, news_id, seen_at, acknowledged_at) SELECT ?1, n.id, ?3, ?3 ",
        out_for!(),
        " AND n.acknowledge ON CONFLICT (news_id, person_id) DO UPDATE
            SET acknowledged_at = coalesce(news_reading.acknowledged_at, excluded.acknowledged_at) RETURNING 1"
    );
    database.first(statement, params![person, id, now])?.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// `person` chooses answer number `choice` (from 0) of the poll of news `id`, in place of what she chose before.
///
/// # Errors
/// [`Error::NotFound`] when it is not out, not hers to read, or has no such answer.
pub fn vote(database: &dyn Database, person: &str, id: &str, choice: i64, now: i64) -> Result<(), Error> {
    let statement = concat!(
        "INSERT INTO news_vote (person_id, news_id, choice, at) SELECT ?1, n.id, ?4, ?3 ",
        out_for!(),
        " AND ?4 >= 0 AND ?4 < json_array_length(n.choices)
            ON CONFLICT (news_id, person_id) DO UPDATE SET choice = excluded.choice, at = excluded.at RETURNING 1"
    );
    database.first(statement, params![person, id, now, choice])?.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// `person` comments news `id`, under the new id `comment`.
///
/// # Errors
/// [`Error::Invalid`] for the text (1 to 2,000 characters); [`Error::NotFound`]; [`Error::Refused`] with `comments-closed`.
pub fn comment(
    database: &dyn Database,
    person: &str,
    id: &str,
    comment: &str,
    text: &str,
    now: i64,
) -> Result<(), Error> {
    let text = text.trim().replace('\r', "");
    if text.is_empty() || text.chars().count() > COMMENT || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Error::invalid("comment", "Écrivez un commentaire de 2 000 caractères au plus."));
    }
    let statement = concat!(
        "INSERT INTO news_comment (id, news_id, author_id, body, at) SELECT ?4, n.id, ?1, ?5, ?3 ",
        out_for!(),
        " AND n.comments RETURNING 1"
    );
    if database.first(statement, params![person, id, now, comment, text])?.is_some() {
        return Ok(());
    }
    one(database, person, id, now)?;
    Err(Error::refused("comments-closed"))
}

/// Deletes `comment` of news `id`: its author does, and the editors of the rubrique do.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete_comment(database: &dyn Database, person: &str, id: &str, comment: &str, now: i64) -> Result<(), Error> {
    one(database, person, id, now)?;
    let done = database.first(
        "UPDATE news_comment SET deleted_at = ?4, deleted_by = ?1
            WHERE id = ?3 AND news_id = ?2 AND deleted_at IS NULL AND (author_id = ?1 OR EXISTS (
                SELECT 1 FROM news n JOIN editable_rubrique e ON e.rubrique_id = n.rubrique_id AND e.person_id = ?1
                WHERE n.id = ?2))
            RETURNING 1",
        params![person, id, comment, now],
    )?;
    done.map_or(Err(Error::NotFound), |_| Ok(()))
}

/// The comments of news `id`, oldest first, the last 100; the caller has read the news with [`one`].
///
/// # Errors
/// [`Error::NotFound`] when the news is not hers to see.
pub fn comments(database: &dyn Database, person: &str, id: &str, now: i64) -> Result<Vec<Comment>, Error> {
    let editor = one(database, person, id, now)?.editor;
    let rows = database.execute(
        "SELECT c.id, p.first_name || ' ' || p.last_name, c.body, c.at, c.author_id = ?2
            FROM (SELECT * FROM news_comment WHERE news_id = ?1 AND deleted_at IS NULL ORDER BY id DESC LIMIT 100) c
            JOIN person p ON p.id = c.author_id ORDER BY c.at, c.id",
        params![id, person],
    )?;
    rows.iter()
        .map(|row| {
            let text = |index| row.text(index).map(str::to_owned);
            let deletable = editor || row.boolean(4)?;
            Ok(Comment { id: text(0)?, author: text(1)?, body: text(2)?, at: row.integer(3)?, deletable })
        })
        .collect()
}
