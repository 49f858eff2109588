//! Sign-in, and what ends it everywhere.

use serde::Deserialize;
use store::{Database, params};

use crate::{Error, Proven, Refusal, folded, password, throttle};

/// Opens the account `login` with its password. `now` in UTC milliseconds.
///
/// # Errors
/// [`Refusal::Wrong`], [`Refusal::Wait`]; with the right password [`Refusal::Blocked`] and [`Refusal::Left`].
pub fn sign_in(db: &dyn Database, login: &str, password: &str, now: i64) -> Result<Proven, Error> {
    let login = folded(login);
    let row = throttle::take_with(db, &login, now, ACCOUNT)?;
    let found: Option<Account> = match row.optional_text(0)? {
        Some(json) => Some(serde_json::from_str(json).map_err(|_| store::Error::Column(0))?),
        None => None,
    };
    let right = password::verify(password, found.as_ref().and_then(|account| account.password_hash.as_deref()))?;
    let Some(account) = found.filter(|_| right) else { return Err(Refusal::Wrong.into()) };
    throttle::clear(db, &login, now)?;
    if account.blocked != 0 {
        return Err(Refusal::Blocked.into());
    }
    if account.left != 0 {
        return Err(Refusal::Left.into());
    }
    Ok(Proven { person_id: account.id, epoch: account.epoch })
}

/// The account of the login ?1, as an [`Account`]; null when there is none.
const ACCOUNT: &str = "(SELECT json_object('id', p.id, 'password_hash', p.password_hash, 'epoch', p.session_epoch,
    'blocked', p.blocked_at IS NOT NULL, 'left', p.left_at IS NOT NULL) FROM person p WHERE p.login = ?1)";

#[derive(Deserialize)]
struct Account {
    id: String,
    password_hash: Option<String>,
    epoch: i64,
    blocked: i64,
    left: i64,
}

/// Gives the person another password, and ends all her sessions: the answer is what a new one is made of.
///
/// # Errors
/// [`Refusal::Wrong`] when `old` is not her password, [`Refusal::Weak`], [`Refusal::Wait`].
pub fn change_password(db: &dyn Database, person_id: &str, old: &str, new: &str, now: i64) -> Result<Proven, Error> {
    let row = db.first("SELECT login FROM person WHERE id = ?", params![person_id])?.ok_or(Refusal::Wrong)?;
    let login = row.text(0)?.to_owned();
    password::check(new, &login).map_err(Error::from)?;
    let proven = sign_in(db, &login, old, now)?;
    let changed = db.first(
        "UPDATE person SET password_hash = ?2, session_epoch = session_epoch + 1
        WHERE id = ?1 AND session_epoch = ?3 AND blocked_at IS NULL AND left_at IS NULL RETURNING session_epoch",
        params![person_id, password::hash(new)?, proven.epoch],
    )?;
    let row = changed.ok_or(Refusal::Wrong)?;
    Ok(Proven { epoch: row.integer(0)?, ..proven })
}

/// Ends all sessions of the person; the answer is what a new one is made of.
///
/// # Errors
/// [`Refusal::Wrong`] when there is no such person.
pub fn end_all_sessions(db: &dyn Database, person_id: &str) -> Result<Proven, Error> {
    let moved = db.first(
        "UPDATE person SET session_epoch = session_epoch + 1 WHERE id = ? RETURNING session_epoch",
        params![person_id],
    )?;
    let row = moved.ok_or(Refusal::Wrong)?;
    Ok(Proven { person_id: person_id.to_owned(), epoch: row.integer(0)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ACTIVE, PASSWORD, database};

    fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
        match result {
            Err(Error::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_right_password_opens_whatever_the_case_of_the_login() {
        let db = database();
        let proven = sign_in(&db, " Alice.Martin ", PASSWORD, 0).unwrap();
        assert_eq!(proven, Proven { person_id: ACTIVE.into(), epoch: 0 });
    }

    #[test]
    fn a_stranger_learns_nothing() {
        let db = database();
        assert_eq!(refusal(sign_in(&db, "alice.martin", "wrong", 0)), Refusal::Wrong);
        assert_eq!(refusal(sign_in(&db, "nobody", PASSWORD, 0)), Refusal::Wrong);
        assert_eq!(refusal(sign_in(&db, "bob.durand", PASSWORD, 0)), Refusal::Wrong, "not activated");
        assert_eq!(refusal(sign_in(&db, "carl.blocked", "wrong", 0)), Refusal::Wrong);
        for _ in 0..5 {
            let _ = sign_in(&db, "nobody", "wrong", 0);
        }
        assert!(matches!(refusal(sign_in(&db, "nobody", "wrong", 0)), Refusal::Wait(_)));
    }

    #[test]
    fn who_is_blocked_or_gone_is_told_so_with_the_right_password_only() {
        let db = database();
        assert_eq!(refusal(sign_in(&db, "carl.blocked", PASSWORD, 0)), Refusal::Blocked);
        assert_eq!(refusal(sign_in(&db, "dora.left", PASSWORD, 0)), Refusal::Left);
    }

    #[test]
    fn another_password_ends_the_sessions_of_before() {
        let db = database();
        let new = "un autre mot de passe";
        assert_eq!(refusal(change_password(&db, ACTIVE, "wrong", new, 0)), Refusal::Wrong);
        assert!(matches!(refusal(change_password(&db, ACTIVE, PASSWORD, "court", 0)), Refusal::Weak(_)));
        assert_eq!(change_password(&db, ACTIVE, PASSWORD, new, 0).unwrap().epoch, 1);
        assert_eq!(refusal(sign_in(&db, "alice.martin", PASSWORD, 0)), Refusal::Wrong);
        assert_eq!(sign_in(&db, "alice.martin", new, 0).unwrap().epoch, 1);
        assert_eq!(end_all_sessions(&db, ACTIVE).unwrap().epoch, 2);
    }
}
