//! The populations that an editor may write to, and how many of them a message reaches: the very view that the sending reads.

use store::{Database, Error, Row, params};

/// How those of a population are reached; one person may be so both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// All of them, the author left out.
    pub people: u64,
    /// By their mailbox.
    pub by_mailbox: u64,
    /// By a mail to their redirect address.
    pub by_redirect: u64,
    /// By neither: on paper only (M-9).
    pub by_neither: u64,
}

/// A population that may be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// ULID.
    pub id: String,
    /// "Parents de 6A".
    pub name: String,
    /// Whom a message would reach now.
    pub reach: Reach,
}

const REACH: &str = "count(x.person_id), coalesce(sum(x.by_mailbox), 0), coalesce(sum(x.by_redirect), 0),
    coalesce(sum(NOT x.by_mailbox AND NOT x.by_redirect), 0)";

/// The populations of `rubrique` that `author` may write to, by name, each with whom it reaches; none when she does not edit it.
///
/// # Errors
/// Those of the database.
pub fn writable(database: &dyn Database, author: &str, rubrique: &str) -> Result<Vec<Population>, Error> {
    let statement = format!(
        "SELECT l.population_id, l.label, {REACH}
         FROM population_label l LEFT JOIN (SELECT * FROM population_audience x WHERE x.author_id = ?1
             AND x.population_id IN (SELECT o.id FROM population o WHERE o.rubrique_id = ?2)) x ON x.population_id = l.population_id
         WHERE l.rubrique_id = ?2 AND l.population_id IN (SELECT w.population_id FROM writable_population w WHERE w.person_id = ?1)
         GROUP BY l.population_id ORDER BY l.label"
    );
    let rows = database.execute(&statement, params![author, rubrique])?;
    rows.iter()
        .map(|row| {
            Ok(Population { id: row.text(0)?.to_owned(), name: row.text(1)?.to_owned(), reach: reached(row, 2)? })
        })
        .collect()
}

/// Whether `author` may write to `population` from `rubrique`.
///
/// # Errors
/// Those of the database.
pub fn may_write(database: &dyn Database, author: &str, rubrique: &str, population: &str) -> Result<bool, Error> {
    let row = database.first(
        "SELECT 1 FROM population o WHERE o.id = ?3 AND o.rubrique_id = ?2
            AND o.id IN (SELECT w.population_id FROM writable_population w WHERE w.person_id = ?1)",
        params![author, rubrique, population],
    )?;
    Ok(row.is_some())
}

/// Whether `message` is one of `author`'s to a population, sent or not.
///
/// # Errors
/// Those of the database.
pub fn own_message(database: &dyn Database, author: &str, message: &str) -> Result<bool, Error> {
    let row = database.first(
        "SELECT 1 FROM message m JOIN addressee a ON a.message_id = m.id AND a.kind = 'population'
            WHERE m.id = ?2 AND m.author_id = ?1",
        params![author, message],
    )?;
    Ok(row.is_some())
}

/// The rubrique that a draft of `author` to a population is written from; none when it is no such draft.
///
/// # Errors
/// Those of the database.
pub fn of_draft(database: &dyn Database, author: &str, message: &str) -> Result<Option<String>, Error> {
    let row = database.first(
        "SELECT o.rubrique_id FROM message m JOIN addressee a ON a.message_id = m.id AND a.kind = 'population'
            JOIN population o ON o.id = a.id
            WHERE m.id = ?2 AND m.author_id = ?1 AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)",
        params![author, message],
    )?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

fn reached(row: &Row, first: usize) -> Result<Reach, Error> {
    let count = |index| row.integer(first + index).map(|value| u64::try_from(value).unwrap_or(0));
    Ok(Reach { people: count(0)?, by_mailbox: count(1)?, by_redirect: count(2)?, by_neither: count(3)? })
}
