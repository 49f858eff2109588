//! Passwords: what will do as one, and how it is kept (Argon2id, RFC 9106; 19 MiB and two passes, as OWASP advises).

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization as _;

use crate::Error;

/// The least a password must have, in characters.
pub const MIN_CHARACTERS: usize = 12;
/// The most it may have: more is an attack on our time.
const MAX_CHARACTERS: usize = 200;
/// The least different characters: twelve times the same is no password.
const MIN_DIFFERENT: usize = 5;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// A hash that no password opens, made with the parameters above: verified when there is no account, so that the answer
/// takes as long.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dmFndWVtZXN0cmUwMDAwMA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why something will not do as a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Under [`MIN_CHARACTERS`].
    #[error("too short")]
    Short,
    /// Over 200 characters.
    #[error("too long")]
    Long,
    /// It has the login in it.
    #[error("contains the login")]
    ContainsLogin,
    /// Fewer than five different characters.
    #[error("too monotonous")]
    Monotonous,
}

impl Weakness {
    /// What to tell the person who chose it.
    #[must_use]
    pub const fn french(self) -> &'static str {
        match self {
            Self::Short => {
                "Choisissez un mot de passe d’au moins 12 caractères ; une courte phrase convient très bien."
            }
            Self::Long => "Ce mot de passe dépasse 200 caractères.",
            Self::ContainsLogin => "Le mot de passe ne doit pas contenir votre identifiant.",
            Self::Monotonous => "Ce mot de passe répète trop les mêmes caractères.",
        }
    }
}

/// Whether `password` will do for the account `login`.
///
/// # Errors
/// The first [`Weakness`] found.
pub fn check(password: &str, login: &str) -> Result<(), Weakness> {
    let characters: Vec<char> = password.nfc().collect();
    if characters.len() < MIN_CHARACTERS {
        return Err(Weakness::Short);
    }
    if characters.len() > MAX_CHARACTERS {
        return Err(Weakness::Long);
    }
    let login = login.trim().to_lowercase();
    if !login.is_empty() && password.to_lowercase().contains(&login) {
        return Err(Weakness::ContainsLogin);
    }
    let mut different = characters;
    different.sort_unstable();
    different.dedup();
    if different.len() < MIN_DIFFERENT { Err(Weakness::Monotonous) } else { Ok(()) }
}

/// The password as it is kept: a PHC string with a salt of its own. The same text typed on another keyboard (composed or
/// decomposed accents) is the same password (RFC 8265 §4).
///
/// # Errors
/// [`Error::Random`], [`Error::Hash`].
pub fn hash(password: &str) -> Result<String, Error> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt)?;
    let normal: String = password.nfc().collect();
    let hash: PasswordHash =
        argon2()?.hash_password_with_salt(normal.as_bytes(), &salt).map_err(|error| Error::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether `password` is the one of `kept`; takes as long without an account.
pub(crate) fn verify(password: &str, kept: Option<&str>) -> Result<bool, Error> {
    let normal: String = password.nfc().take(MAX_CHARACTERS + 1).collect();
    let hash = PasswordHash::new(kept.unwrap_or(NOBODYS)).map_err(|error| Error::Hash(error.to_string()))?;
    Ok(argon2()?.verify_password(normal.as_bytes(), &hash).is_ok() && kept.is_some())
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| Error::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_hash_however_its_accents_are_typed() {
        let kept = hash("un été à la mer").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("un été à la mer", Some(&kept)).unwrap());
        assert!(verify("un e\u{301}te\u{301} a\u{300} la mer", Some(&kept)).unwrap());
        assert!(!verify("un ete a la mer", Some(&kept)).unwrap());
        assert_ne!(kept, hash("un été à la mer").unwrap());
    }

    #[test]
    fn nothing_opens_nobodys() {
        assert!(!verify("", None).unwrap());
        assert!(!verify("un été à la mer", None).unwrap());
    }

    #[test]
    fn weak_ones_are_named() {
        assert_eq!(check("onze lettre", "x"), Err(Weakness::Short));
        assert_eq!(check("été été été é", "x"), Err(Weakness::Monotonous));
        assert_eq!(check("moi Jean.Dupont moi", "jean.dupont"), Err(Weakness::ContainsLogin));
        assert_eq!(check(&"abcdefgh".repeat(26), "x"), Err(Weakness::Long));
        assert_eq!(check("une courte phrase", "jean.dupont"), Ok(()));
    }
}
