//! Mail addresses: the part of RFC 5321 that people really have. No quoted local part, no address literal, no comment.

use std::fmt;

/// Octets of a whole address: a path of 256 less its brackets (RFC 5321 §4.5.3.1.3).
const MAX_ADDRESS: usize = 254;
/// Octets of the local part (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// Octets of one label of a domain (RFC 1035 §2.3.4).
const MAX_LABEL: usize = 63;

/// A checked address `local@domain`, the domain in lower case. It can be written in a header or in an SMTP command as it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    text: String,
    /// Where the `@` is.
    at: usize,
}

/// Why something is no address that mail can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was given.
    #[error("the address is empty")]
    Empty,
    /// Over 254 octets, or over 64 before the `@`.
    #[error("the address is too long")]
    TooLong,
    /// Not exactly one `@`.
    #[error("an address has exactly one @")]
    At,
    /// The local part has a character, or a place for a dot, that is not let through; quoted local parts are not.
    #[error("the part before the @ is not valid")]
    Local,
    /// The local part has letters beyond ASCII (SMTPUTF8): few servers take them.
    #[error("the part before the @ has letters beyond ASCII")]
    LocalNotAscii,
    /// The domain is no host name of at least two labels; address literals are not let through.
    #[error("the domain is not valid")]
    Domain,
    /// The domain has letters beyond ASCII: its `xn--` form is taken instead.
    #[error("the domain has letters beyond ASCII; write its xn-- form")]
    DomainNotAscii,
}

impl AddressError {
    /// What to tell the person who typed the address.
    #[must_use]
    pub const fn french(self) -> &'static str {
        match self {
            Self::Empty => "Indiquez une adresse électronique.",
            Self::TooLong => "Cette adresse est trop longue.",
            Self::At => "Une adresse électronique contient un seul « @ », par exemple prenom.nom@exemple.fr.",
            Self::Local => "La partie qui précède le « @ » n’est pas valide.",
            Self::LocalNotAscii => "La partie qui précède le « @ » ne peut pas contenir de lettre accentuée.",
            Self::Domain => "Le domaine, après le « @ », n’est pas valide.",
            Self::DomainNotAscii => {
                "Le domaine, après le « @ », ne peut pas contenir de lettre accentuée : écrivez sa forme « xn-- »."
            }
        }
    }
}

impl Address {
    /// Reads an address exactly as given: blanks around it are not taken off.
    ///
    /// # Errors
    /// [`AddressError`], by what is wrong first.
    pub fn parse(given: &str) -> Result<Self, AddressError> {
        if given.is_empty() {
            return Err(AddressError::Empty);
        }
        if given.len() > MAX_ADDRESS {
            return Err(AddressError::TooLong);
        }
        let (local, domain) = given.split_once('@').ok_or(AddressError::At)?;
        if domain.contains('@') {
            return Err(AddressError::At);
        }
        check_local(local)?;
        check_domain(domain)?;
        Ok(Self { text: format!("{local}@{}", domain.to_ascii_lowercase()), at: local.len() })
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the `@`, as given.
    #[must_use]
    pub fn local(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }

    /// What stands after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.text.get(self.at + 1..).unwrap_or_default()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Addresses stay out of logs: what `{:?}` prints names nobody.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// A dot-atom (RFC 5321 §4.1.2).
fn check_local(local: &str) -> Result<(), AddressError> {
    if !local.is_ascii() {
        return Err(AddressError::LocalNotAscii);
    }
    if local.len() > MAX_LOCAL {
        return Err(AddressError::TooLong);
    }
    let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    if local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext)) {
        Ok(())
    } else {
        Err(AddressError::Local)
    }
}

fn check_domain(domain: &str) -> Result<(), AddressError> {
    if !domain.is_ascii() {
        return Err(AddressError::DomainNotAscii);
    }
    let label = |l: &str| {
        (1..=MAX_LABEL).contains(&l.len())
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let last_is_a_name = domain.rsplit('.').next().is_some_and(|last| last.chars().any(|c| c.is_ascii_alphabetic()));
    if domain.contains('.') && domain.split('.').all(label) && last_is_a_name {
        Ok(())
    } else {
        Err(AddressError::Domain)
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, AddressError};
    use proptest::prelude::*;

    #[test]
    fn ordinary_addresses_are_read() {
        for (given, kept) in [
            ("lea.martin@exemple.fr", "lea.martin@exemple.fr"),
            ("Lea.MARTIN+ecole@Exemple.FR", "Lea.MARTIN+ecole@exemple.fr"),
            ("o'hara@a-b.example.org", "o'hara@a-b.example.org"),
            ("x@xn--caf-dma.fr", "x@xn--caf-dma.fr"),
        ] {
            assert_eq!(Address::parse(given).unwrap().as_str(), kept);
        }
        let address = Address::parse("a.b@C.fr").unwrap();
        assert_eq!((address.local(), address.domain()), ("a.b", "c.fr"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let long_local = format!("{}@exemple.fr", "a".repeat(65));
        let long = format!("a@{}.fr", "b.".repeat(130));
        for (given, error) in [
            ("", AddressError::Empty),
            ("lea", AddressError::At),
            ("a@b@c.fr", AddressError::At),
            ("\"a@b\"@c.fr", AddressError::At),
            (long_local.as_str(), AddressError::TooLong),
            (long.as_str(), AddressError::TooLong),
            ("@exemple.fr", AddressError::Local),
            (".a@exemple.fr", AddressError::Local),
            ("a..b@exemple.fr", AddressError::Local),
            ("a.@exemple.fr", AddressError::Local),
            ("a b@exemple.fr", AddressError::Local),
            ("\"a\"@exemple.fr", AddressError::Local),
            ("a,b@exemple.fr", AddressError::Local),
            ("a\r\nRCPT TO:<b>@exemple.fr", AddressError::Local),
            ("Léa@exemple.fr", AddressError::LocalNotAscii),
            ("a@", AddressError::Domain),
            ("a@localhost", AddressError::Domain),
            ("a@exemple.", AddressError::Domain),
            ("a@.fr", AddressError::Domain),
            ("a@-x.fr", AddressError::Domain),
            ("a@192.0.2.1", AddressError::Domain),
            ("a@[192.0.2.1]", AddressError::Domain),
            ("a@exemple.fr ", AddressError::Domain),
            ("a@exemple.fr\r\n", AddressError::Domain),
            ("a@café.fr", AddressError::DomainNotAscii),
        ] {
            assert_eq!(Address::parse(given), Err(error), "{given:?}");
            assert!(error.french().ends_with('.'));
        }
    }

    #[test]
    fn an_address_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", Address::parse("lea@exemple.fr").unwrap()), "Address(…)");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn reading_never_panics_and_what_is_read_is_safe_in_a_command(given in ".{0,80}") {
            if let Ok(address) = Address::parse(&given) {
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&b)));
                prop_assert_eq!(Address::parse(address.as_str()).unwrap(), address);
            }
        }

        #[test]
        fn well_formed_addresses_are_read_and_only_their_domain_changes(
            local in "[a-zA-Z0-9_+-]{1,20}(\\.[a-z0-9]{1,10}){0,3}", domain in "([a-zA-Z0-9]{1,20}\\.){1,3}[a-zA-Z]{2,8}"
        ) {
            let address = Address::parse(&format!("{local}@{domain}")).unwrap();
            prop_assert_eq!(address.local(), local);
            prop_assert_eq!(address.domain(), domain.to_lowercase());
        }
    }
}
