//! The answers, for the editors of the rubrique: each person who was told (or, when nobody was, who reads the rubrique), and
//! what she answered to the dates as they are.

use calendar::Participation;
use people::Profile;
use store::{Database, params};

use crate::read::participation_of;
use crate::{Error, Refusal};

/// How many answered what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Yes.
    pub accepted: u32,
    /// No.
    pub declined: u32,
    /// Perhaps.
    pub tentative: u32,
    /// Nothing, or something about other dates.
    pub waiting: u32,
}

/// One person and her answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// ULID.
    pub person: String,
    /// Her last name.
    pub last_name: String,
    /// Her first name.
    pub first_name: String,
    /// Her profile.
    pub profile: Profile,
    /// Her answer, if she gave one.
    pub participation: Option<Participation>,
    /// What she said with it.
    pub comment: String,
    /// When (UTC milliseconds).
    pub answered_at: Option<i64>,
    /// It came from her mail client.
    pub by_mail: bool,
    /// It was about other dates, and does not count.
    pub stale: bool,
}

/// Which part of the answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Page<'a> {
    /// Those after this one, by name: her folded name and id.
    pub after: Option<(&'a str, &'a str)>,
    /// At most so many.
    pub limit: u32,
}

/// A part of the answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// By name.
    pub items: Vec<Answered>,
    /// The last one's folded name and id, when others follow.
    pub next: Option<(String, String)>,
}

/// Once people were told it is them; before, those of the readers whom she may write to and whose group hides nobody. Whoever answered is there anyway.
const EXPECTED: &str = "
    WITH asked (id, dates_since) AS MATERIALIZED (
        SELECT e.id, e.dates_since FROM event e WHERE e.id = ?2
            AND EXISTS (SELECT 1 FROM editable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = e.rubrique_id)),
    expected (id) AS MATERIALIZED (
        SELECT i.person_id FROM asked JOIN invitation i ON i.event_id = asked.id
        UNION SELECT a.person_id FROM asked JOIN answer a ON a.event_id = asked.id
        UNION SELECT m.person_id FROM asked JOIN event e ON e.id = asked.id AND e.told = 0
            JOIN population o ON o.rubrique_id = e.rubrique_id
            JOIN person_group g ON g.id = o.group_id AND NOT g.members_hidden
            JOIN population_member m ON m.population_id = o.id
            WHERE EXISTS (SELECT 1 FROM writable_population w WHERE w.person_id = ?1 AND w.population_id = o.id))";

/// How many answered what.
///
/// # Errors
/// [`Refusal::NotFound`] when `by` does not edit the rubrique.
pub fn counts(db: &dyn Database, by: &str, event: &str) -> Result<Counts, Error> {
    let statement = format!(
        "{EXPECTED}
        SELECT asked.id, sum(a.participation IS 'accepted'), sum(a.participation IS 'declined'),
            sum(a.participation IS 'tentative'), count(x.id) - count(a.person_id)
        FROM asked LEFT JOIN expected x
        LEFT JOIN answer a ON a.event_id = asked.id AND a.person_id = x.id AND a.sequence >= asked.dates_since
        GROUP BY asked.id"
    );
    let row = db.first(&statement, params![by, event])?.ok_or(Refusal::NotFound)?;
    let count = |index| row.integer(index).map(|value| u32::try_from(value).unwrap_or(u32::MAX));
    Ok(Counts { accepted: count(1)?, declined: count(2)?, tentative: count(3)?, waiting: count(4)? })
}

/// The answers by name.
///
/// # Errors
/// [`Refusal::NotFound`] when `by` does not edit the rubrique.
pub fn answers(db: &dyn Database, by: &str, event: &str, page: Page<'_>) -> Result<Answers, Error> {
    let (name, id) = page.after.unwrap_or_default();
    let statement = format!(
        "{EXPECTED}
        SELECT p.id, p.last_name, p.first_name, p.profile, a.participation, a.comment, a.answered_at,
            coalesce(a.by_mail, 0), coalesce(a.sequence < asked.dates_since, 0), p.folded_name
        FROM asked LEFT JOIN expected x LEFT JOIN person p ON p.id = x.id
        LEFT JOIN answer a ON a.event_id = asked.id AND a.person_id = x.id
        WHERE p.id IS NULL OR (p.folded_name, p.id) > (?3, ?4)
        ORDER BY p.folded_name, p.id LIMIT ?5 + 0"
    );
    let rows = db.execute(&statement, params![by, event, name, id, i64::from(page.limit) + 1])?;
    // The event alone, without anybody, tells « nobody yet » from « not hers »; past the last page there is no row either.
    if rows.is_empty() && page.after.is_none() {
        counts(db, by, event)?;
    }
    let mut answers = Vec::with_capacity(rows.len());
    let mut last = None;
    for row in rows.iter().take(page.limit as usize) {
        let Some(person) = row.optional_text(0)? else { continue };
        last = Some((row.text(9)?.to_owned(), person.to_owned()));
        answers.push(Answered {
            person: person.to_owned(),
            last_name: row.text(1)?.to_owned(),
            first_name: row.text(2)?.to_owned(),
            profile: row.text(3)?.parse().map_err(|_| Error::Unknown("a profile that is none".to_owned()))?,
            participation: row.optional_text(4)?.map(participation_of).transpose()?,
            comment: row.optional_text(5)?.unwrap_or_default().to_owned(),
            answered_at: row.optional_integer(6)?,
            by_mail: row.boolean(7)?,
            stale: row.boolean(8)?,
        });
    }
    let more = rows.len() > page.limit as usize;
    Ok(Answers { items: answers, next: last.filter(|_| more) })
}
