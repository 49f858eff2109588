//! What became of a news, for the editors of its rubrique.

use store::{Database, params};

use super::one;
use crate::{Error, content};

/// Readers named at most.
const NAMED: i64 = 2000;

/// What became of a news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// How many people it is for.
    pub audience: i64,
    /// How many have opened it.
    pub seen: i64,
    /// How many said that they have read it.
    pub acknowledged: i64,
    /// Those, the last first.
    pub readers: Vec<Reader>,
    /// The answers to its poll, in the order of its choices.
    pub votes: Vec<Votes>,
}

/// Somebody who said that she has read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// First and last name.
    pub name: String,
    /// Her profile.
    pub profile: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// One choice of the poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Votes {
    /// The choice.
    pub choice: String,
    /// How many chose it.
    pub count: i64,
    /// Their names in order, where the poll is named.
    pub names: Vec<String>,
}

/// What became of news `id`.
///
/// # Errors
/// [`Error::NotFound`] when `person` may not see it; [`Error::Refused`] with `not-editor` when she only reads it.
pub fn follow(database: &dyn Database, person: &str, id: &str, now: i64) -> Result<Follow, Error> {
    let news = one(database, person, id, now)?;
    if !news.editor {
        return Err(Error::refused("not-editor"));
    }
    let counts = database.first(
        "SELECT (SELECT count(DISTINCT m.person_id) FROM news_audience o JOIN population_member m ON m.population_id = o.population_id
                WHERE o.news_id = ?1),
            (SELECT count(*) FROM news_reading g WHERE g.news_id = ?1),
            (SELECT count(g.acknowledged_at) FROM news_reading g WHERE g.news_id = ?1)",
        params![id],
    )?;
    let Some(counts) = counts else { return Err(Error::NotFound) };
    let readers = database.execute(
        "SELECT p.first_name || ' ' || p.last_name, p.profile, g.acknowledged_at FROM news_reading g JOIN person p ON p.id = g.person_id
            WHERE g.news_id = ?1 AND g.acknowledged_at IS NOT NULL ORDER BY g.acknowledged_at DESC, p.folded_name LIMIT ?2 + 0",
        params![id, NAMED],
    )?;
    // Names leave the database only where the form said that they would.
    let votes = database.execute(
        "SELECT j.value, (SELECT count(*) FROM news_vote v WHERE v.news_id = n.id AND v.choice = j.key),
            CASE WHEN n.named THEN (SELECT json_group_array(y.name) FROM (
                SELECT p.first_name || ' ' || p.last_name AS name FROM news_vote v JOIN person p ON p.id = v.person_id
                WHERE v.news_id = n.id AND v.choice = j.key ORDER BY p.folded_name LIMIT ?2 + 0) y) ELSE '[]' END
            FROM news n, json_each(n.choices) j WHERE n.id = ?1 ORDER BY j.key",
        params![id, NAMED],
    )?;
    Ok(Follow {
        audience: counts.integer(0)?,
        seen: counts.integer(1)?,
        acknowledged: counts.integer(2)?,
        readers: readers
            .iter()
            .map(|row| {
                Ok(Reader { name: row.text(0)?.to_owned(), profile: row.text(1)?.to_owned(), at: row.integer(2)? })
            })
            .collect::<Result<_, Error>>()?,
        votes: votes
            .iter()
            .map(|row| {
                Ok(Votes {
                    choice: row.text(0)?.to_owned(),
                    count: row.integer(1)?,
                    names: content::list(row.text(2)?)?,
                })
            })
            .collect::<Result<_, Error>>()?,
    })
}
