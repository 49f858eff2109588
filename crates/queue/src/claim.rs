//! Taking rows out of the queue and putting them back: each a single statement (DOMAIN §4, §5).

use store::{Database, Error, Row, params};

use crate::backoff::{PAUSES, RETRIES, jittered, json, step};

/// Two equality arms, so that the index serves both the choice and the order; `MATERIALIZED` keeps the choice from being
/// made again for each row. A row whose lease ran out is due like any other. While the relay pauses, nothing is claimed.
/// Should the run die, the row comes back when the lease ends, or later by the backoff, so that a mail that kills its run
/// does not do so every minute.
pub(crate) const CLAIM: &str = "\
    WITH due (id) AS MATERIALIZED (
        SELECT id FROM (
            SELECT id FROM (SELECT id FROM delivery WHERE state IN ('pending', 'leased') AND priority = 0
                AND due_at <= ?1 AND expires_at > ?1 ORDER BY due_at LIMIT ?2 + 0)
            UNION ALL
            SELECT id FROM (SELECT id FROM delivery WHERE state IN ('pending', 'leased') AND priority = 1
                AND due_at <= ?1 AND expires_at > ?1 ORDER BY due_at LIMIT ?2 + 0)
        )
        WHERE NOT EXISTS (SELECT 1 FROM relay_pause WHERE relay = ?3 AND until > ?1)
        LIMIT ?2 + 0
    )
    UPDATE delivery SET state = 'leased', lease_id = ?4, attempts = attempts + 1,
        due_at = max(?5, ?1 + (?6 ->> min(attempts, json_array_length(?6) - 1)))
    WHERE id IN (SELECT id FROM due)
    RETURNING id, message_id, address, attempts, expires_at, priority, (SELECT e.domain FROM establishment e WHERE e.uai = delivery.uai)";

/// Rows of ours that were not sent after all: the attempt is taken back.
pub(crate) const RELEASE: &str = "\
    UPDATE delivery SET state = 'pending', lease_id = NULL, attempts = max(attempts - 1, 0), due_at = ?2
    WHERE id IN (SELECT value FROM json_each(?3)) AND lease_id = ?1
    RETURNING id";

/// Too old: what waits, and what was abandoned by a run that died.
pub(crate) const EXPIRE: &str = "\
    UPDATE delivery SET lease_id = NULL, finished_at = ?1, due_at = ?1,
        last_error = coalesce(last_error, ?2) || ' ; abandonné après 48 heures',
        last_status = coalesce(last_status, '4.4.7'),
        last_words = CASE state WHEN 'leased' THEN 'interrompu' ELSE last_words END,
        last_at = CASE state WHEN 'leased' THEN ?1 ELSE last_at END,
        state = 'dead'
    WHERE id IN (
        SELECT id FROM (SELECT id FROM delivery WHERE state IN ('pending', 'leased') AND priority = 0 AND due_at <= ?1 AND expires_at <= ?1)
        UNION ALL
        SELECT id FROM (SELECT id FROM delivery WHERE state IN ('pending', 'leased') AND priority = 1 AND due_at <= ?1 AND expires_at <= ?1)
    )
    RETURNING id";

/// Two runs that find the relay down at the same time count once.
pub(crate) const PAUSE: &str = "\
    INSERT INTO relay_pause (relay, failures, until, last_error) VALUES (?1, 1, ?2 + (?3 ->> 0), ?4)
    ON CONFLICT (relay) DO UPDATE SET failures = failures + 1, last_error = excluded.last_error,
        until = ?2 + (?3 ->> min(failures, json_array_length(?3) - 1))
    WHERE relay_pause.until <= ?2
    RETURNING until";

pub(crate) const PAUSED: &str = "SELECT until FROM relay_pause WHERE relay = ?1";
pub(crate) const UNPAUSE: &str = "DELETE FROM relay_pause WHERE relay = ?1";

/// A row that this run holds.
pub(crate) struct Claimed {
    pub(crate) id: String,
    pub(crate) message: String,
    /// The outside address, not checked yet.
    pub(crate) address: String,
    /// This one included.
    pub(crate) attempts: i64,
    pub(crate) expires_at: i64,
    priority: i64,
    /// Domain of the establishment, for the reverse-path.
    pub(crate) domain: String,
}

impl Claimed {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.text(0)?.to_owned(),
            message: row.text(1)?.to_owned(),
            address: row.text(2)?.to_owned(),
            attempts: row.integer(3)?,
            expires_at: row.integer(4)?,
            priority: row.integer(5)?,
            domain: row.text(6)?.to_owned(),
        })
    }
}

/// What one claim asks for.
pub(crate) struct Claim<'a> {
    pub(crate) relay: &'a str,
    pub(crate) lease: &'a str,
    pub(crate) now: i64,
    /// When the lease ends.
    pub(crate) until: i64,
    pub(crate) batch: u32,
}

/// Takes up to `batch` due rows, urgent ones first, the mails of one message together.
pub(crate) fn claim(database: &dyn Database, claim: &Claim<'_>) -> Result<Vec<Claimed>, Error> {
    let rows = database
        .execute(CLAIM, params![claim.now, claim.batch, claim.relay, claim.lease, claim.until, json(&RETRIES)])?;
    let mut claimed = rows.iter().map(Claimed::read).collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by(|a, b| (a.priority, &a.message, &a.id).cmp(&(b.priority, &b.message, &b.id)));
    Ok(claimed)
}

/// Puts rows back as if they had not been claimed; how many were still ours.
pub(crate) fn release(database: &dyn Database, lease: &str, now: i64, rows: &[Claimed]) -> Result<usize, Error> {
    if rows.is_empty() {
        return Ok(0);
    }
    // ULIDs need no escaping.
    let ids = format!("[{}]", rows.iter().map(|row| format!("\"{}\"", row.id)).collect::<Vec<_>>().join(","));
    Ok(database.execute(RELEASE, params![lease, now, ids])?.len())
}

/// Gives up what is too old; how many.
pub(crate) fn expire(database: &dyn Database, now: i64) -> Result<usize, Error> {
    Ok(database.execute(EXPIRE, params![now, "le serveur d’envoi n’a pas pu être joint"])?.len())
}

/// Leaves `relay` alone for a while, longer each time; until when, or none when another run has said so already.
pub(crate) fn pause(
    database: &dyn Database,
    relay: &str,
    now: i64,
    why: &str,
    random: u64,
) -> Result<Option<i64>, Error> {
    let steps: Vec<i64> =
        (1..=PAUSES.len()).filter_map(|n| i64::try_from(n).ok()).map(|n| jittered(step(&PAUSES, n), random)).collect();
    let row = database.first(PAUSE, params![relay, now, json(&steps), why])?;
    row.map(|row| row.integer(0)).transpose()
}

/// The end of the pause of `relay`, past or to come; none when there is none.
pub(crate) fn paused(database: &dyn Database, relay: &str) -> Result<Option<i64>, Error> {
    database.first(PAUSED, params![relay])?.map(|row| row.integer(0)).transpose()
}

/// The relay answers again.
pub(crate) fn unpause(database: &dyn Database, relay: &str) -> Result<(), Error> {
    database.execute(UNPAUSE, params![relay]).map(|_| ())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Claimed;

    pub(crate) fn row(address: &str, attempts: i64, expires_at: i64) -> Claimed {
        Claimed {
            id: "01JD8K4X5V7T9B2C3D4E5F6G7H".to_owned(),
            message: "01JD8K4X5V7T9B2C3D4E5F6G70".to_owned(),
            address: address.to_owned(),
            attempts,
            expires_at,
            priority: 1,
            domain: "ecole.example".to_owned(),
        }
    }
}
