//! Sessions: opaque tokens of 256 bits, kept in key-value under their SHA-256, so that a copy of the store opens nothing.
//! This module decides; only `spin` (and the tests) read and write the store.
//!
//! A session ends 12 hours after it was last used, 7 days after it began, when its owner signs out, and when the epoch of
//! its owner moves on (a new password, sessions ended everywhere). The key carries the day of the last possible end, so
//! that what was left behind can be swept without reading it.

use http::{HeaderMap, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{Database, params};
use subtle::ConstantTimeEq as _;

use crate::response::Flash;
use crate::{Problem, random};

/// The session cookie. The prefix keeps other hosts and plain HTTP from setting it (RFC 6265bis §4.1.3.2).
pub const COOKIE: &str = "__Host-session";
const FLASH_COOKIE: &str = "__Host-flash";

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Milliseconds without use after which a session is over: 12 hours.
pub const IDLE: i64 = DAY / 2;
/// Milliseconds after which a session is over whatever happened: 7 days.
pub const LIFETIME: i64 = 7 * DAY;
/// How stale `seen_at` may become before it is written again.
const TOUCH: i64 = 5 * MINUTE;
const VERSION: u8 = 1;

/// What is kept about a session. Instants are UTC milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose it is.
    pub person_id: String,
    /// `person.session_epoch` when it began.
    pub epoch: i64,
    /// When it began.
    pub created_at: i64,
    /// When it was last used, give or take five minutes.
    pub seen_at: i64,
}

impl Session {
    /// A session that begins now, and the token that opens it.
    ///
    /// # Errors
    /// 503 when there are no random bytes to be had.
    pub fn begin(person_id: &str, epoch: i64, now: i64) -> Result<(String, Self), Problem> {
        let token = format!("{}.{}", last_day(now), random::token()?);
        Ok((token, Self { person_id: person_id.to_owned(), epoch, created_at: now, seen_at: now }))
    }

    /// When it will be over if nothing more happens.
    #[must_use]
    pub fn expires_at(&self) -> i64 {
        (self.seen_at + IDLE).min(self.created_at + LIFETIME)
    }

    pub(crate) fn is_over(&self, now: i64) -> bool {
        now >= self.expires_at()
    }

    /// The session as used now, when that is worth writing.
    pub(crate) fn touched(&self, now: i64) -> Option<Self> {
        (now - self.seen_at >= TOUCH).then(|| Self { seen_at: now, ..self.clone() })
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>, Problem> {
        let body = postcard::to_allocvec(self).map_err(|error| Problem::internal(format!("session: {error}")))?;
        Ok([&[VERSION], body.as_slice()].concat())
    }

    /// None for what another version wrote: its owner signs in again.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (version, body) = bytes.split_first()?;
        if *version == VERSION { postcard::from_bytes(body).ok() } else { None }
    }
}

/// How a request presented its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bearer {
    Cookie,
    Header,
}

/// The token of a request: `Authorization: Bearer` before the cookie.
pub(crate) fn presented(headers: &HeaderMap) -> Option<(String, Bearer)> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((scheme, token)) = authorization.and_then(|value| value.split_once(' '))
        && scheme.eq_ignore_ascii_case("bearer")
    {
        return key(token.trim()).map(|_| (token.trim().to_owned(), Bearer::Header));
    }
    let token = cookie(headers, COOKIE)?;
    key(token).map(|_| (token.to_owned(), Bearer::Cookie))
}

/// The value of a cookie as it came.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// Where the session of `token` is kept; none when it cannot be a token of ours.
pub(crate) fn key(token: &str) -> Option<String> {
    let (day, secret) = token.split_once('.')?;
    let well_formed = (1..=6).contains(&day.len())
        && day.bytes().all(|byte| byte.is_ascii_digit())
        && secret.len() == 64
        && secret.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    well_formed.then(|| format!("session.{day}.{}", random::hex(&Sha256::digest(token))))
}

fn last_day(now: i64) -> i64 {
    (now + LIFETIME) / DAY
}

/// Whether the session kept under `key` is over for good: to be swept.
#[must_use]
pub fn is_stale(key: &str, now: i64) -> bool {
    let day =
        key.strip_prefix("session.").and_then(|rest| rest.split('.').next()).and_then(|day| day.parse::<i64>().ok());
    day.is_some_and(|day| day < now / DAY)
}

/// Whether the store should be swept now: once a day for the whole deployment, however many instances ask. Who gets a yes sweeps.
///
/// # Errors
/// When the database cannot be used.
pub(crate) fn sweep_is_due(db: &dyn Database, now: i64) -> Result<bool, store::Error> {
    let claim = "INSERT INTO periodic_task (name, done_at) VALUES ('session-sweep', ?1)
        ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at WHERE done_at <= ?1 - ?2 RETURNING 1";
    Ok(db.first(claim, params![now, DAY])?.is_some())
}

/// Takes back a claim whose sweep failed: another sign-in tries again.
///
/// # Errors
/// When the database cannot be used.
#[cfg_attr(not(target_family = "wasm"), expect(dead_code, reason = "only a component has a store that fails"))]
pub(crate) fn sweep_failed(db: &dyn Database) -> Result<(), store::Error> {
    db.execute("UPDATE periodic_task SET done_at = 0 WHERE name = 'session-sweep'", &[]).map(drop)
}

/// The token that every form carries, and that nobody can know who cannot read the session cookie.
pub(crate) fn csrf_token(token: &str) -> String {
    random::hex(&Sha256::new().chain_update("vaguemestre csrf 1\0").chain_update(token).finalize())
}

/// Whether `given` is the CSRF token of this session; takes as long whatever the answer.
pub(crate) fn csrf_matches(token: &str, given: &str) -> bool {
    csrf_token(token).as_bytes().ct_eq(given.as_bytes()).into()
}

/// The cookie lives as long as the browser: on a shared computer, closing it signs out.
pub(crate) fn session_cookie(token: &str) -> String {
    format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

pub(crate) fn no_session_cookie() -> String {
    format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

pub(crate) fn flash_cookie(flash: &Flash) -> String {
    let text: String = flash.text.chars().take(400).collect();
    let kind = if flash.success { 's' } else { 'w' };
    let value = utf8_percent_encode(&text, NON_ALPHANUMERIC);
    format!("{FLASH_COOKIE}={kind}{value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60")
}

pub(crate) fn no_flash_cookie() -> String {
    format!("{FLASH_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

pub(crate) fn flash(headers: &HeaderMap) -> Option<Flash> {
    let value = cookie(headers, FLASH_COOKIE)?;
    let text = value.strip_prefix(['s', 'w'])?;
    let text = percent_decode_str(text).decode_utf8().ok()?.into_owned();
    (!text.is_empty()).then(|| Flash { success: value.starts_with('s'), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_session_slides_for_twelve_hours_and_ends_after_seven_days() {
        let (_, mut session) = Session::begin("p", 0, 0).unwrap();
        assert!(!session.is_over(IDLE - 1) && session.is_over(IDLE));
        assert_eq!(session.touched(TOUCH - 1), None);
        let mut now = 0;
        while now < LIFETIME - IDLE {
            now += IDLE / 2;
            session = session.touched(now).unwrap();
        }
        assert_eq!(session.expires_at(), LIFETIME);
    }

    #[test]
    fn what_is_kept_is_read_back_and_another_version_is_not() {
        let (_, session) = Session::begin("01J", 3, 5).unwrap();
        let mut bytes = session.encode().unwrap();
        assert_eq!(Session::decode(&bytes), Some(session));
        bytes[0] = 9;
        assert_eq!(Session::decode(&bytes), None);
        assert_eq!(Session::decode(&[]), None);
    }

    #[test]
    fn a_token_comes_by_header_or_by_cookie() {
        let (token, _) = Session::begin("p", 0, 0).unwrap();
        let cookie = headers(&[("cookie", &format!("a=b; {COOKIE}={token}"))]);
        assert_eq!(presented(&cookie), Some((token.clone(), Bearer::Cookie)));
        let bearer = headers(&[("authorization", &format!("Bearer {token}"))]);
        assert_eq!(presented(&bearer), Some((token.clone(), Bearer::Header)));
        for odd in ["", "7", "7.", "x.00", &token.to_uppercase().replace('.', ".A"), &format!("{token}0"), "../session"]
        {
            assert_eq!(presented(&headers(&[("authorization", &format!("Bearer {odd}"))])), None, "{odd}");
        }
    }

    #[test]
    fn the_key_hides_the_token_and_tells_when_to_sweep() {
        let (token, _) = Session::begin("p", 0, 10 * DAY).unwrap();
        let key = key(&token).unwrap();
        assert!(!key.contains(token.split('.').nth(1).unwrap()));
        assert!(!is_stale(&key, 17 * DAY) && is_stale(&key, 18 * DAY));
        assert!(!is_stale("other", 18 * DAY));
    }

    #[test]
    fn a_csrf_token_belongs_to_one_session() {
        assert!(csrf_matches("a", &csrf_token("a")));
        assert!(!csrf_matches("a", &csrf_token("b")) && !csrf_matches("a", ""));
    }

    #[test]
    fn a_flash_survives_the_cookie() {
        let flash_of = Flash { success: true, text: "Message envoyé ; « succès »".to_owned() };
        let cookie = flash_cookie(&flash_of);
        let pair = cookie.split(';').next().unwrap();
        assert_eq!(flash(&headers(&[("cookie", pair)])), Some(flash_of));
    }
}
