//! Activation: a login and the code from the letter, then a password of one's own and the charter.

use store::{Database, params};

use crate::{Error, Proven, Refusal, folded, password, throttle};

/// Whether `code` is the one that activates `login`: the first page, before the password is chosen.
///
/// # Errors
/// [`Refusal::Wrong`] for an unknown login, another code, an account that is active already; [`Refusal::Wait`].
pub fn check_code(db: &dyn Database, login: &str, code: &str, now: i64) -> Result<(), Error> {
    let login = folded(login);
    throttle::take(db, &login, now)?;
    let found = db.first(
        "SELECT 1 FROM person WHERE login = ? AND activation_code = ? AND activated_at IS NULL
            AND blocked_at IS NULL AND left_at IS NULL",
        params![&login, normal(code)],
    )?;
    if found.is_none() {
        return Err(Refusal::Wrong.into());
    }
    throttle::clear(db, &login, now)
}

/// Activates `login` with its code: the person has this password from now on, and has accepted the charter. The code is
/// used up.
///
/// # Errors
/// As [`check_code`], and [`Refusal::Weak`].
pub fn activate(db: &dyn Database, login: &str, code: &str, password: &str, now: i64) -> Result<Proven, Error> {
    let login = folded(login);
    password::check(password, &login).map_err(Error::from)?;
    check_code(db, &login, code, now)?;
    let activated = db.first(
        "UPDATE person SET password_hash = ?3, activated_at = ?4, activation_code = NULL
        WHERE login = ?1 AND activation_code = ?2 AND activated_at IS NULL AND blocked_at IS NULL AND left_at IS NULL
        RETURNING id, session_epoch",
        params![&login, normal(code), password::hash(password)?, now],
    )?;
    let row = activated.ok_or(Refusal::Wrong)?;
    Ok(Proven { person_id: row.text(0)?.to_owned(), epoch: row.integer(1)? })
}

/// Typed from paper: phones begin with a capital, and people part the code in two.
fn normal(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in;
    use crate::testing::{CODE, INACTIVE, PASSWORD, database};

    #[test]
    fn a_code_opens_once() {
        let db = database();
        check_code(&db, "Bob.Durand", " ABCD 3456", 0).unwrap();
        let proven = activate(&db, "bob.durand", CODE, PASSWORD, 7).unwrap();
        assert_eq!(proven.person_id, INACTIVE);
        assert!(matches!(activate(&db, "bob.durand", CODE, PASSWORD, 8), Err(Error::Refused(Refusal::Wrong))));
        assert_eq!(sign_in(&db, "bob.durand", PASSWORD, 9).unwrap(), proven);
    }

    #[test]
    fn another_code_a_weak_password_or_a_guess_too_many_opens_nothing() {
        let db = database();
        assert!(matches!(activate(&db, "bob.durand", CODE, "court", 0), Err(Error::Refused(Refusal::Weak(_)))));
        for _ in 0..5 {
            assert!(matches!(check_code(&db, "bob.durand", "abcd3457", 0), Err(Error::Refused(Refusal::Wrong))));
        }
        assert!(matches!(check_code(&db, "bob.durand", CODE, 0), Err(Error::Refused(Refusal::Wait(_)))));
        assert!(matches!(check_code(&db, "alice.martin", "", 0), Err(Error::Refused(Refusal::Wrong))));
    }
}
