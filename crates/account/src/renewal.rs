//! Password renewal by a mailed link: to a verified redirect address only, good for one hour and one use.

use store::{Database, params};

use crate::{Error, Proven, Refusal, code, folded, password, throttle};

/// Milliseconds a link is good for: one hour.
pub const VALIDITY: i64 = 60 * 60_000;

/// A link to mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// Whose account it renews.
    pub person_id: String,
    /// Where to mail it: her verified redirect address. Never to be shown or logged.
    pub address: String,
    /// Her login, to remind her of it.
    pub login: String,
    /// The secret part of the link.
    pub token: String,
}

/// Makes a link for the account `login`; none when there is no such account, or nowhere to mail it. Whoever asked must
/// be told the same in every case.
///
/// # Errors
/// [`Refusal::Wait`] when it was asked for too often.
pub fn begin(db: &dyn Database, login: &str, now: i64) -> Result<Option<Renewal>, Error> {
    let login = folded(login);
    throttle::take(db, &format!("renewal:{login}"), now)?;
    let token = code::token()?;
    let made = db.first(
        "INSERT INTO password_renewal (person_id, token_hash, expires_at)
        SELECT p.id, ?2, ?3 FROM person p JOIN redirect r ON r.person_id = p.id AND r.address IS NOT NULL
        WHERE p.login = ?1 AND p.activated_at IS NOT NULL AND p.blocked_at IS NULL AND p.left_at IS NULL
        ON CONFLICT (person_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at
        RETURNING person_id, (SELECT address FROM redirect WHERE person_id = password_renewal.person_id)",
        params![&login, code::hashed(&token), now + VALIDITY],
    )?;
    let Some(row) = made else { return Ok(None) };
    Ok(Some(Renewal { person_id: row.text(0)?.to_owned(), address: row.text(1)?.to_owned(), login, token }))
}

/// Gives the person of the link another password, ends all her sessions, and uses the link up.
///
/// # Errors
/// [`Refusal::Link`] when the link is unknown, used or over; [`Refusal::Weak`].
pub fn finish(db: &dyn Database, token: &str, password: &str, now: i64) -> Result<Proven, Error> {
    let hashed = code::hashed(token);
    let login = db.first(
        "SELECT p.login FROM password_renewal r JOIN person p ON p.id = r.person_id WHERE r.token_hash = ? AND r.expires_at > ?",
        params![&hashed, now],
    )?;
    let login = login.ok_or(Refusal::Link)?.text(0)?.to_owned();
    password::check(password, &login).map_err(Error::from)?;
    let kept = password::hash(password)?;
    // Used up first: of two at once, one finds nothing left.
    let used = db.first(
        "DELETE FROM password_renewal WHERE token_hash = ? AND expires_at > ? RETURNING person_id",
        params![&hashed, now],
    )?;
    let person_id = used.ok_or(Refusal::Link)?.text(0)?.to_owned();
    let changed = db.first(
        "UPDATE person SET password_hash = ?2, session_epoch = session_epoch + 1
        WHERE id = ?1 AND activated_at IS NOT NULL AND blocked_at IS NULL AND left_at IS NULL RETURNING session_epoch",
        params![&person_id, kept],
    )?;
    let epoch = changed.ok_or(Refusal::Link)?.integer(0)?;
    throttle::clear(db, &login, now)?;
    Ok(Proven { person_id, epoch })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in;
    use crate::testing::{ACTIVE, database};

    #[test]
    fn a_link_renews_once_within_the_hour() {
        let db = database();
        let first = begin(&db, "alice.martin", 0).unwrap().unwrap();
        let link = begin(&db, "ALICE.martin", 1).unwrap().unwrap();
        assert_eq!((link.person_id.as_str(), link.address.as_str()), (ACTIVE, "alice@exemple.fr"));
        let new = "un autre mot de passe";
        for (token, now) in [(&first.token, 2), (&"0".repeat(64), 2), (&link.token, 1 + VALIDITY)] {
            assert!(matches!(finish(&db, token, new, now), Err(Error::Refused(Refusal::Link))));
        }
        assert!(matches!(finish(&db, &link.token, "court", 2), Err(Error::Refused(Refusal::Weak(_)))));
        assert_eq!(finish(&db, &link.token, new, VALIDITY).unwrap(), Proven { person_id: ACTIVE.into(), epoch: 1 });
        assert!(matches!(finish(&db, &link.token, new, 3), Err(Error::Refused(Refusal::Link))));
        sign_in(&db, "alice.martin", new, 4).unwrap();
    }

    #[test]
    fn nothing_is_mailed_where_nothing_is_verified_and_asking_is_throttled() {
        let db = database();
        for login in ["nobody", "bob.durand", "carl.blocked"] {
            assert_eq!(begin(&db, login, 0).unwrap(), None);
        }
        for _ in 0..4 {
            begin(&db, "nobody", 0).unwrap();
        }
        assert!(matches!(begin(&db, "nobody", 0), Err(Error::Refused(Refusal::Wait(_)))));
    }
}
