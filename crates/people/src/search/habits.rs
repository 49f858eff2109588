//! Whom the viewer usually writes to (D-6): the people and groups she typed in her own messages of the last months, as far as
//! she may still write to them.

use store::{Database, params};

use crate::{Error, PersonId};

/// Messages looked at, the newest.
const MESSAGES: u32 = 200;
/// How far back, in milliseconds: half a year.
const MONTHS: i64 = 182 * 86_400_000;

/// Someone, or a group, she usually writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Habit {
    /// `person` or `group`.
    pub(super) kind: String,
    pub(super) id: String,
}

/// The most usual first: each message counts, half as much for every month that passed. Only those whose name has words
/// beginning with `words` (JSON).
const HABITS: &str = "
    WITH sent AS MATERIALIZED (
        SELECT m.addressees, m.updated_at FROM message m
        WHERE m.author_id = ?1 AND m.updated_at > ?2 - ?3
            AND EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)
        ORDER BY m.updated_at DESC LIMIT ?4 + 0),
    usual AS MATERIALIZED (
        SELECT j.value ->> 'kind' AS kind, j.value ->> 'id' AS id,
            sum(1.0 / (1 << min(30, max(0, (?2 - s.updated_at) / 2592000000)))) AS weight
        FROM sent s CROSS JOIN json_each(s.addressees) j GROUP BY 1, 2)
    SELECT u.kind, u.id FROM usual u
    WHERE CASE u.kind
        WHEN 'person' THEN EXISTS (SELECT 1 FROM person p WHERE p.id = u.id
                AND NOT EXISTS (SELECT 1 FROM json_each(?5) w WHERE instr(' ' || p.folded_name, ' ' || w.value) = 0))
            AND EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = u.id)
        ELSE EXISTS (SELECT 1 FROM person_group g WHERE g.id = u.id
                AND NOT EXISTS (SELECT 1 FROM json_each(?5) w WHERE instr(' ' || g.folded_name, ' ' || w.value) = 0))
            AND EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = u.id)
        END
    ORDER BY u.weight DESC, u.id LIMIT 8";

/// At most 8, the most usual first. `now` in UTC milliseconds.
pub(super) fn habits(
    database: &impl Database,
    viewer: &PersonId,
    words: &[String],
    now: i64,
) -> Result<Vec<Habit>, Error> {
    let words = serde_json::to_string(words)?;
    let rows = database.execute(HABITS, params![viewer.as_str(), now, MONTHS, MESSAGES, words])?;
    rows.iter().map(|row| Ok(Habit { kind: row.text(0)?.to_owned(), id: row.text(1)?.to_owned() })).collect()
}
