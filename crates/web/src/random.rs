//! Random bytes from the system's generator (WASI random in a component), for tokens and codes.

use crate::Problem;

/// `N` bytes nobody can guess.
///
/// # Errors
/// 503 when the system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Problem::unavailable(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

/// 256 random bits in hexadecimal: 64 characters.
///
/// # Errors
/// As [`bytes`].
pub fn token() -> Result<String, Problem> {
    Ok(hex(&bytes::<32>()?))
}

/// A whole number from 0 to `below` - 1, all as likely; 0 when `below` is 0.
///
/// # Errors
/// As [`bytes`].
pub fn below(below: u32) -> Result<u32, Problem> {
    // Numbers from the incomplete last span would favour the small ones: draw again.
    let Some(span) = u32::MAX.checked_div(below).map(|times| times * below) else { return Ok(0) };
    loop {
        let drawn = u32::from_le_bytes(bytes::<4>()?);
        if drawn < span {
            return Ok(drawn % below);
        }
    }
}

/// A new id, of the instant `now` (UTC milliseconds). Whoever needs several counts on from it.
///
/// # Errors
/// As [`bytes`].
pub fn ulid(now: i64) -> Result<ulid::Ulid, Problem> {
    let random = u128::from_le_bytes(bytes::<16>()?);
    Ok(ulid::Ulid::from_parts(u64::try_from(now).unwrap_or(0), random))
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_have_256_bits_and_never_repeat() {
        let (one, other) = (super::token().unwrap(), super::token().unwrap());
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
    }

    #[test]
    fn numbers_stay_below_their_bound() {
        assert_eq!(super::below(0).unwrap(), 0);
        assert!((0..1000).all(|_| super::below(7).unwrap() < 7));
    }
}
