//! Guessing is slow: after five failures each further try has to wait, 30 seconds first, then twice as long each
//! time, up to 16 minutes. A day without failure forgets them.

use store::{Database, Row, params};

use crate::{Error, Refusal};

const FREE_TRIES: i64 = 5;
const FIRST_WAIT: i64 = 30_000;
const MOST_DOUBLINGS: i64 = 5;
const FORGET_AFTER: i64 = 24 * 60 * 60_000;

/// Takes one try at `subject` (a login): it counts as a failure until [`clear`] says otherwise, so that many tries at
/// once are no way around. Subjects that do not exist count alike.
///
/// # Errors
/// [`Refusal::Wait`] when it has to wait; nothing is counted then.
pub(crate) fn take(db: &dyn Database, subject: &str, now: i64) -> Result<(), Error> {
    take_with(db, subject, now, "NULL").map(drop)
}

/// The same, and what is looked up with it: the row's first column is the expression `looked_up`, which knows the subject as ?1.
///
/// # Errors
/// As [`take`].
pub(crate) fn take_with(db: &dyn Database, subject: &str, now: i64, looked_up: &'static str) -> Result<Row, Error> {
    // Taken and counted in one statement; no row comes back when it has to wait.
    let statement = format!(
        "INSERT INTO sign_in_failure (login, failures, last_at) VALUES (?1, 1, ?2)
        ON CONFLICT (login) DO UPDATE SET
            failures = CASE WHEN last_at <= ?2 - ?3 THEN 1 ELSE failures + 1 END,
            last_at = ?2
        WHERE failures < ?4 OR last_at + (?5 << min(failures - ?4, ?6)) <= ?2
        RETURNING {looked_up}"
    );
    let parameters = params![subject, now, FORGET_AFTER, FREE_TRIES, FIRST_WAIT, MOST_DOUBLINGS];
    if let Some(taken) = db.first(&statement, parameters)? {
        return Ok(taken);
    }
    let row = db.first("SELECT failures, last_at FROM sign_in_failure WHERE login = ?", params![subject])?;
    let wait = match row {
        Some(row) => row.integer(1)? + wait_after(row.integer(0)?) - now,
        None => 0,
    };
    Err(Refusal::Wait(wait.max(1000)).into())
}

/// The try that was taken was a success.
pub(crate) fn clear(db: &dyn Database, subject: &str, now: i64) -> Result<(), Error> {
    // Whatever else was forgotten meanwhile goes too, so that the table does not grow for ever.
    db.execute("DELETE FROM sign_in_failure WHERE login = ? OR last_at <= ?", params![subject, now - FORGET_AFTER])?;
    Ok(())
}

fn wait_after(failures: i64) -> i64 {
    FIRST_WAIT << (failures - FREE_TRIES).clamp(0, MOST_DOUBLINGS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::database;

    #[test]
    fn five_tries_are_free_then_each_waits_longer() {
        let db = database();
        let mut now = 1_000_000;
        for _ in 0..5 {
            take(&db, "x", now).unwrap();
        }
        for wait in [30_000, 60_000, 120_000, 240_000, 480_000, 960_000, 960_000] {
            assert!(matches!(take(&db, "x", now), Err(Error::Refused(Refusal::Wait(w))) if w == wait), "{wait}");
            assert!(take(&db, "x", now + wait - 1).is_err());
            take(&db, "y", now).and_then(|()| clear(&db, "y", now)).unwrap();
            now += wait;
            take(&db, "x", now).unwrap();
        }
        clear(&db, "x", now).unwrap();
        take(&db, "x", now).unwrap();
    }

    #[test]
    fn a_day_forgets() {
        let db = database();
        for try_ in 0..5 {
            take(&db, "x", try_).unwrap();
        }
        assert!(take(&db, "x", 5).is_err());
        for try_ in 0..5 {
            take(&db, "x", 4 + FORGET_AFTER + try_).unwrap();
        }
        assert!(take(&db, "x", 9 + FORGET_AFTER).is_err());
    }
}
