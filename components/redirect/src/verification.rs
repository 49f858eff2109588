//! An address is used once its owner has typed the code that was mailed to it (F-1). One address waits at a time, for 30
//! minutes and five tries; the one in force stays so until then.

use mail::Address;
use sha2::{Digest as _, Sha256};
use store::{Database, params};

/// Tries at one code.
pub(crate) const MAX_ATTEMPTS: i64 = 5;
/// Milliseconds a code is good for: 30 minutes.
pub(crate) const VALIDITY: i64 = 30 * 60_000;
/// Codes mailed to one person within one hour.
const MAX_CODES: i64 = 5;
const HOUR: i64 = 60 * 60_000;

/// Why an address was not taken or not verified, by what its owner can do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("no address: {0}")]
    NoAddress(#[from] mail::AddressError),
    /// An address of the ENT itself: mail would go round in circles.
    #[error("an address of the network itself")]
    OwnDomain,
    /// It is the address in force.
    #[error("the address in force")]
    Same,
    /// Too many codes: again after these milliseconds.
    #[error("too many codes, wait {0} ms")]
    Wait(i64),
    /// No address waits for a code.
    #[error("nothing is pending")]
    NothingPending,
    #[error("the code has expired")]
    Expired,
    /// Another code; tries that are left.
    #[error("wrong code, {0} left")]
    WrongCode(i64),
    #[error("too many attempts")]
    TooManyAttempts,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Lets `given` wait for the code `code`, in the place of what waited before.
pub(crate) fn begin(db: &dyn Database, person: &str, given: &str, code: &str, now: i64) -> Result<Address, Refusal> {
    let address = Address::parse(given.trim())?;
    let own = db.first("SELECT 1 FROM establishment WHERE domain = ?", params![address.domain()])?;
    if own.is_some() {
        return Err(Refusal::OwnDomain);
    }
    let same =
        db.first("SELECT 1 FROM redirect WHERE person_id = ? AND address = ?", params![person, address.as_str()])?;
    if same.is_some() {
        return Err(Refusal::Same);
    }
    // Counted and taken in one statement; no row comes back when this hour's codes are used up.
    let taken = db.first(
        "INSERT INTO redirect (person_id, pending_address, pending_code_hash, pending_expires_at, codes_sent, codes_since)
        VALUES (?1, ?2, ?3, ?4, 1, ?5)
        ON CONFLICT (person_id) DO UPDATE SET
            pending_address = excluded.pending_address, pending_code_hash = excluded.pending_code_hash,
            pending_expires_at = excluded.pending_expires_at, pending_attempts = 0,
            codes_sent = CASE WHEN codes_since <= ?5 - ?6 THEN 1 ELSE codes_sent + 1 END,
            codes_since = CASE WHEN codes_since <= ?5 - ?6 THEN ?5 ELSE codes_since END
        WHERE codes_since <= ?5 - ?6 OR codes_sent < ?7
        RETURNING 1",
        params![person, address.as_str(), hashed(person, code), now + VALIDITY, now, HOUR, MAX_CODES],
    )?;
    if taken.is_none() {
        let since = db.first("SELECT codes_since FROM redirect WHERE person_id = ?", params![person])?;
        let since = since.map(|row| row.integer(0)).transpose()?.unwrap_or(now);
        return Err(Refusal::Wait((since + HOUR - now).max(1000)));
    }
    Ok(address)
}

/// Verifies the address that waits, when `code` is the one it was mailed. Every try counts before it is judged.
pub(crate) fn confirm(db: &dyn Database, person: &str, code: &str, now: i64) -> Result<(), Refusal> {
    // All right-hand sides see the row as it was: the address moves up exactly when the code is right.
    let tried = db.first(
        "UPDATE redirect SET
            address = iif(pending_code_hash = ?2, pending_address, address),
            verified_at = iif(pending_code_hash = ?2, ?3, verified_at),
            pending_address = iif(pending_code_hash = ?2, NULL, pending_address),
            pending_expires_at = iif(pending_code_hash = ?2, NULL, pending_expires_at),
            pending_code_hash = iif(pending_code_hash = ?2, NULL, pending_code_hash),
            pending_attempts = pending_attempts + 1
        WHERE person_id = ?1 AND pending_expires_at > ?3 AND pending_attempts < ?4
        RETURNING pending_address IS NULL, pending_attempts",
        params![person, hashed(person, &digits(code)), now, MAX_ATTEMPTS],
    )?;
    match tried {
        Some(row) if row.boolean(0)? => Ok(()),
        Some(row) => match MAX_ATTEMPTS - row.integer(1)? {
            0 => Err(Refusal::TooManyAttempts),
            left => Err(Refusal::WrongCode(left)),
        },
        None => Err(why_not(db, person, now)?),
    }
}

fn why_not(db: &dyn Database, person: &str, now: i64) -> Result<Refusal, store::Error> {
    let pending = crate::state::load(db, person)?.pending;
    Ok(match pending {
        None => Refusal::NothingPending,
        Some(pending) if pending.expires_at <= now => Refusal::Expired,
        Some(_) => Refusal::TooManyAttempts,
    })
}

/// Gives up the address that waits.
pub(crate) fn cancel(db: &dyn Database, person: &str) -> Result<(), store::Error> {
    db.execute(
        "UPDATE redirect SET pending_address = NULL, pending_code_hash = NULL, pending_expires_at = NULL, pending_attempts = 0
        WHERE person_id = ?",
        params![person],
    )?;
    Ok(())
}

/// Takes the address in force back. The row stays: it counts the codes.
pub(crate) fn remove(db: &dyn Database, person: &str) -> Result<(), store::Error> {
    db.execute("UPDATE redirect SET address = NULL, verified_at = NULL WHERE person_id = ?", params![person])?;
    Ok(())
}

/// What is kept of a code: bound to its owner, so that one code opens one address.
fn hashed(person: &str, code: &str) -> String {
    let digest = Sha256::new()
        .chain_update("vaguemestre redirect 1\0")
        .chain_update(person)
        .chain_update("\0")
        .chain_update(code);
    web::random::hex(&digest.finalize())
}

/// A code as typed or pasted: "123 456" is 123456.
fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).take(12).collect()
}
