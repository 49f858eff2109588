//! Activation codes and the tokens of mailed links.

use sha2::{Digest as _, Sha256};

/// No letter or digit that could be taken for another on paper.
const ALPHABET: &[u8; 28] = b"abcdefghjkmnprstvwxyz3456789";
const LENGTH: usize = 8;

/// A fresh activation code: 8 characters, 38 bits.
///
/// # Errors
/// When there are no random bytes to be had.
pub fn activation_code() -> Result<String, getrandom::Error> {
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        let mut drawn = [0_u8; 16];
        getrandom::fill(&mut drawn)?;
        // 252 is the greatest multiple of 28 below 256: bytes above would favour the first letters.
        let letters = drawn.iter().filter(|byte| **byte < 252);
        code.extend(
            letters.filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len())).map(|c| char::from(*c)),
        );
    }
    code.truncate(LENGTH);
    Ok(code)
}

/// 256 random bits in hexadecimal.
pub(crate) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// SHA-256 in hexadecimal: what is kept of a token.
pub(crate) fn hashed(token: &str) -> String {
    hex(&Sha256::digest(token))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_eight_unmistakable_characters_and_use_them_all() {
        let codes: Vec<_> = (0..2000).map(|_| activation_code().unwrap()).collect();
        assert!(codes.iter().all(|code| code.len() == LENGTH && code.bytes().all(|c| ALPHABET.contains(&c))));
        let counts = ALPHABET.map(|letter| codes.iter().flat_map(|code| code.bytes()).filter(|c| *c == letter).count());
        // 16,000 letters drawn, 571 of each expected, standard deviation 23.
        assert!(counts.iter().all(|count| (430..720).contains(count)), "{counts:?}");
    }
}
