//! Lists of news, and one of them.

use std::fmt;
use std::str::FromStr;

use store::{Database, Row, params};

use super::{News, Poll, State, Summary};
use crate::{Error, content};

/// News of one page of a list.
const PAGE: i64 = 20;
/// Characters of an excerpt in a list.
const EXCERPT: usize = 220;

/// Place of a news in a list: its instant and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(i64, String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::invalid("before", "Ce repère ne convient pas : reprenez la liste à son début.");
        let (at, id) = text.split_once('.').ok_or_else(wrong)?;
        if id.len() != 26 {
            return Err(wrong());
        }
        Ok(Self(at.parse().map_err(|_| wrong())?, id.to_owned()))
    }
}

/// One page of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Newest first.
    pub items: Vec<Summary>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// A population that an editor may write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    /// ULID.
    pub id: String,
    /// Name of its group.
    pub group: String,
    /// Profile of its members; empty for all members of the group.
    pub profile: String,
}

// `editor` is not asked for each news by itself: the rubriques that one edits are few.
const LIST: &str = "
    SELECT n.id, n.rubrique_id, r.name, n.title, substr(n.body_text, 1, 600), a.first_name || ' ' || a.last_name, n.publish_at,
        n.expires_at, g.seen_at IS NULL, coalesce(n.publish_at, n.created_at)
    FROM (SELECT news_id FROM news_reader WHERE person_id = ?1) v
    CROSS JOIN news n ON n.id = v.news_id
    JOIN rubrique r ON r.id = n.rubrique_id
    JOIN person a ON a.id = n.author_id
    LEFT JOIN news_reading g ON g.news_id = n.id AND g.person_id = ?1
    WHERE (?3 IS NULL OR n.rubrique_id = ?3)
        AND (n.publish_at <= ?2 AND (n.expires_at IS NULL OR n.expires_at > ?2)
            OR ?3 IS NOT NULL AND ?3 IN (SELECT e.rubrique_id FROM editable_rubrique e WHERE e.person_id = ?1))
        AND (?4 IS NULL OR (coalesce(n.publish_at, n.created_at), n.id) < (?4, ?5))
    ORDER BY coalesce(n.publish_at, n.created_at) DESC, n.id DESC
    LIMIT ?6 + 0";

/// All news that are out and that `person` may read, newest first.
///
/// # Errors
/// [`Error::Store`].
pub fn of_everything(
    database: &dyn Database,
    person: &str,
    now: i64,
    before: Option<&Cursor>,
) -> Result<Listing, Error> {
    list(database, person, now, None, before)
}

/// The news of `rubrique` that `person` may read, newest first; for its editors drafts, scheduled and expired ones as well.
///
/// # Errors
/// [`Error::NotFound`] when the rubrique is not hers to read.
pub fn of_rubrique(
    database: &dyn Database,
    person: &str,
    rubrique: &str,
    now: i64,
    before: Option<&Cursor>,
) -> Result<Listing, Error> {
    let readable = database.first(
        "SELECT 1 FROM readable_rubrique x WHERE x.person_id = ?1 AND x.rubrique_id = ?2",
        params![person, rubrique],
    )?;
    if readable.is_none() {
        return Err(Error::NotFound);
    }
    list(database, person, now, Some(rubrique), before)
}

fn list(
    database: &dyn Database,
    person: &str,
    now: i64,
    rubrique: Option<&str>,
    before: Option<&Cursor>,
) -> Result<Listing, Error> {
    let (at, id) = (before.map(|cursor| cursor.0), before.map(|cursor| cursor.1.as_str()));
    let rows = database.execute(LIST, params![person, now, rubrique, at, id, PAGE + 1])?;
    let mut items = rows.iter().map(|row| summary(row, now)).collect::<Result<Vec<_>, _>>()?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = items.len() > page;
    items.truncate(page);
    let next = items.last().filter(|_| more).map(|last| last.cursor.clone());
    Ok(Listing { items, next })
}

fn summary(row: &Row, now: i64) -> Result<Summary, Error> {
    let text = |index| row.text(index).map(str::to_owned);
    let (publish_at, expires_at) = (row.optional_integer(6)?, row.optional_integer(7)?);
    Ok(Summary {
        id: text(0)?,
        rubrique: text(1)?,
        rubrique_name: text(2)?,
        title: text(3)?,
        excerpt: content::excerpt(row.text(4)?, EXCERPT),
        author: text(5)?,
        state: State::at(publish_at, expires_at, now),
        publish_at,
        expires_at,
        unread: row.boolean(8)?,
        cursor: Cursor(row.integer(9)?, text(0)?),
    })
}

/// News `id` as `person` may see it: a reader while it is out, an editor at any time.
///
/// # Errors
/// [`Error::NotFound`].
pub fn one(database: &dyn Database, person: &str, id: &str, now: i64) -> Result<News, Error> {
    let row = database.first(
        "SELECT n.id, n.rubrique_id, r.name, n.title, n.body_html, n.body_text, a.first_name || ' ' || a.last_name, n.publish_at,
            n.expires_at, n.comments, n.acknowledge, g.acknowledged_at, n.question, n.choices, n.named, n.results_shown,
            v.choice, EXISTS (SELECT 1 FROM editable_rubrique e WHERE e.person_id = ?1 AND e.rubrique_id = n.rubrique_id),
            n.audience, n.notify, n.notified_at, n.notify_problem,
            (SELECT json_group_array((SELECT count(*) FROM news_vote y WHERE y.news_id = n.id AND y.choice = j.key))
                FROM json_each(n.choices) j)
            FROM news n JOIN rubrique r ON r.id = n.rubrique_id JOIN person a ON a.id = n.author_id
            LEFT JOIN news_reading g ON g.news_id = n.id AND g.person_id = ?1
            LEFT JOIN news_vote v ON v.news_id = n.id AND v.person_id = ?1
            WHERE n.id = ?2 AND EXISTS (SELECT 1 FROM news_reader x WHERE x.person_id = ?1 AND x.news_id = ?2)",
        params![person, id],
    )?;
    let Some(row) = row else { return Err(Error::NotFound) };
    let news = news(&row, now)?;
    if news.editor || news.state == State::Published { Ok(news) } else { Err(Error::NotFound) }
}

fn news(row: &Row, now: i64) -> Result<News, Error> {
    let text = |index| row.text(index).map(str::to_owned);
    let (publish_at, expires_at) = (row.optional_integer(7)?, row.optional_integer(8)?);
    let (vote, editor) = (row.optional_integer(16)?, row.boolean(17)?);
    let poll = (!row.text(12)?.is_empty()).then(|| {
        let choices = content::list(row.text(13)?)?;
        Ok::<_, Error>(Poll { question: text(12)?, choices, named: row.boolean(14)?, results_shown: row.boolean(15)? })
    });
    let poll = poll.transpose()?;
    let told = editor || vote.is_some() && poll.as_ref().is_some_and(|poll| poll.results_shown);
    let results = if told && poll.is_some() { Some(content::list(row.text(22)?)?) } else { None };
    Ok(News {
        id: text(0)?,
        rubrique: text(1)?,
        rubrique_name: text(2)?,
        title: text(3)?,
        html: text(4)?,
        text: text(5)?,
        author: text(6)?,
        state: State::at(publish_at, expires_at, now),
        publish_at,
        expires_at,
        comments: row.boolean(9)?,
        acknowledge: row.boolean(10)?,
        acknowledged_at: row.optional_integer(11)?,
        poll,
        vote,
        results,
        editor,
        audience: row.optional_text(18)?.map(content::list).transpose()?,
        notify: row.boolean(19)?,
        notified_at: row.optional_integer(20)?,
        notify_problem: row.optional_text(21)?.map(str::to_owned),
    })
}

/// The name of `rubrique`, for its editors.
///
/// # Errors
/// [`Error::NotFound`] when `person` is not one of them, and does not read it; [`Error::Refused`] with `not-editor` when she
/// only reads it.
pub fn editable(database: &dyn Database, person: &str, rubrique: &str) -> Result<String, Error> {
    let row = database.first(
        "SELECT r.name, EXISTS (SELECT 1 FROM editable_rubrique e WHERE e.person_id = ?1 AND e.rubrique_id = ?2)
            FROM rubrique r WHERE r.id = ?2
            AND EXISTS (SELECT 1 FROM readable_rubrique x WHERE x.person_id = ?1 AND x.rubrique_id = ?2)",
        params![person, rubrique],
    )?;
    match row {
        Some(row) if row.boolean(1)? => Ok(row.text(0)?.to_owned()),
        Some(_) => Err(Error::refused("not-editor")),
        None => Err(Error::NotFound),
    }
}

/// The populations of `rubrique` that `editor` may write to, in order of name.
///
/// # Errors
/// [`Error::Store`].
pub fn populations(database: &dyn Database, editor: &str, rubrique: &str) -> Result<Vec<Population>, Error> {
    let rows = database.execute(
        "SELECT DISTINCT o.id, g.name, o.profile FROM population o JOIN person_group g ON g.id = o.group_id
            JOIN writable_population w ON w.population_id = o.id AND w.person_id = ?1
            WHERE o.rubrique_id = ?2 ORDER BY g.folded_name, o.profile",
        params![editor, rubrique],
    )?;
    rows.iter()
        .map(|row| {
            let text = |index| row.text(index).map(str::to_owned);
            Ok(Population { id: text(0)?, group: text(1)?, profile: text(2)? })
        })
        .collect()
}
