//! Answers to an event that asks for one: on its page, or from a mail client (iTIP REPLY, RFC 5546 §3.2.3).

use calendar::Participation;
use calendar::reply::Reply;
use store::{Database, params};

use crate::{Error, Refusal};

/// Somebody's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Yes, no, or perhaps (mail clients only).
    pub participation: Participation,
    /// What she says with it; may be empty.
    pub comment: String,
    /// When (UTC milliseconds).
    pub answered_at: i64,
}

/// What became of an answer by mail. Whoever receives mail need tell nobody: the calendar of the one who answered shows
/// what she chose, and the page of the event shows what counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It counts.
    Taken,
    /// It is no later than the one that counts: the same mail again, or one that was overtaken.
    Overtaken,
    /// It is about dates that have changed since, or about a version that there never was.
    Obsolete,
    /// The event was called off.
    Cancelled,
    /// The event has begun.
    Begun,
    /// No answer is asked (any more).
    NotAsked,
    /// It says neither yes, no nor perhaps: « needs action », or somebody else in her place, which is not for her to decide.
    NoAnswer,
    /// The token is nobody's, or is of another event; or she is no longer there.
    Unknown,
}

const ANSWER: &str = "
    INSERT INTO answer (event_id, person_id, participation, comment, sequence, stamp, by_mail, answered_at)
    SELECT e.id, ?1, ?3, ?4, e.sequence, ?5, 0, ?5 FROM event e
    WHERE e.id = ?2 AND e.state = 'published' AND e.confirmation AND e.starts_at > ?5
        AND EXISTS (SELECT 1 FROM readable_rubrique v WHERE v.person_id = ?1 AND v.rubrique_id = e.rubrique_id)
    ON CONFLICT (event_id, person_id) DO UPDATE SET participation = excluded.participation, comment = excluded.comment,
        sequence = excluded.sequence, stamp = excluded.stamp, by_mail = 0, answered_at = excluded.answered_at
    RETURNING event_id";

/// An answer to any version with these dates counts; answers are ordered by SEQUENCE, then DTSTAMP (RFC 5546 §2.1.5). A
/// DTSTAMP from the future would overtake all that come later: it is now at the latest.
const BY_MAIL: &str = "
    INSERT INTO answer (event_id, person_id, participation, comment, sequence, stamp, by_mail, answered_at)
    SELECT e.id, i.person_id, ?3, ?4, ?5, min(?6, ?7), 1, ?7
    FROM invitation i JOIN event e ON e.id = i.event_id
    JOIN person p ON p.id = i.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    WHERE i.token = ?1 AND e.uid = ?2 AND e.state = 'published' AND e.confirmation AND e.starts_at > ?7
        AND ?5 BETWEEN e.dates_since AND e.sequence
    ON CONFLICT (event_id, person_id) DO UPDATE SET participation = excluded.participation, comment = excluded.comment,
        sequence = excluded.sequence, stamp = excluded.stamp, by_mail = 1, answered_at = excluded.answered_at
    WHERE (excluded.sequence, excluded.stamp) > (answer.sequence, answer.stamp)
    RETURNING event_id";

const WHY: &str = "
    SELECT e.state = 'cancelled', e.confirmation, e.starts_at <= ?3, ?4 BETWEEN e.dates_since AND e.sequence
    FROM invitation i JOIN event e ON e.id = i.event_id
    JOIN person p ON p.id = i.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    WHERE i.token = ?1 AND e.uid = ?2";

/// Answers an event of a rubrique that `by` reads, until it begins; again to change one's mind. `comment`: at most 1,000
/// characters.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is called off, [`Refusal::NotAsked`], [`Refusal::Begun`],
/// [`Refusal::Field`] for the comment and for what is no answer.
pub fn answer(
    db: &dyn Database,
    now: i64,
    by: &str,
    event: &str,
    participation: Participation,
    comment: &str,
) -> Result<(), Error> {
    let word = word(participation).ok_or(Refusal::Field("answer"))?;
    let comment = comment.trim();
    if comment.chars().count() > 1000 {
        return Err(Refusal::Field("comment").into());
    }
    if db.first(ANSWER, params![by, event, word, comment, now])?.is_some() {
        return Ok(());
    }
    let event = crate::one(db, by, event)?.ok_or(Refusal::NotFound)?;
    Err(if event.state != crate::State::Published {
        Refusal::State
    } else if !event.confirmation {
        Refusal::NotAsked
    } else {
        Refusal::Begun
    }
    .into())
}

/// Takes the answer that came to the address of `token` (`reponse+<token>@…`). What the mail says of who answers is not
/// looked at: the token alone names her and the event.
///
/// # Errors
/// Those of the database.
pub fn answer_by_mail(db: &dyn Database, now: i64, token: &str, reply: &Reply) -> Result<Outcome, Error> {
    let token = token.to_ascii_lowercase();
    let Some(word) = word(reply.participation).filter(|_| reply.recurrence_id.is_none()) else {
        let known = db.first(WHY, params![token, &reply.uid, now, 0])?.is_some();
        return Ok(if known { Outcome::NoAnswer } else { Outcome::Unknown });
    };
    let parameters = params![&token, &reply.uid, word, &reply.comment, reply.sequence, reply.stamp.unwrap_or(now), now];
    if db.first(BY_MAIL, parameters)?.is_some() {
        return Ok(Outcome::Taken);
    }
    let Some(row) = db.first(WHY, params![token, &reply.uid, now, reply.sequence])? else {
        return Ok(Outcome::Unknown);
    };
    Ok(if row.boolean(0)? {
        Outcome::Cancelled
    } else if !row.boolean(1)? {
        Outcome::NotAsked
    } else if row.boolean(2)? {
        Outcome::Begun
    } else if !row.boolean(3)? {
        Outcome::Obsolete
    } else {
        Outcome::Overtaken
    })
}

/// As it is kept; `None` for what is no answer.
pub(crate) fn word(participation: Participation) -> Option<&'static str> {
    match participation {
        Participation::Accepted => Some("accepted"),
        Participation::Declined => Some("declined"),
        Participation::Tentative => Some("tentative"),
        Participation::NeedsAction | Participation::Delegated => None,
    }
}
