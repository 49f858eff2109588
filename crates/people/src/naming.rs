//! Logins and universal addresses (A-1, DOMAIN §2 "Identity"): made from the name, numbered for homonyms.
//!
//! A universal address is never given to another person: the table `taken_address` keeps every address ever given, and
//! refuses the second. A [`Namer`] numbers many people in one go, from what [`taken`] says is in use.

use std::collections::HashSet;
use std::fmt;

use store::{Database, params};

use crate::fold;

/// DOMAIN §2: each part of a login is cut here; so a local part stays under the 64 octets of RFC 5321 §4.5.3.1.1.
const PART: usize = 30;

/// What a person signs in with: `first.last`, lower case ASCII, unique in the network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Login(String);

/// `first.last@domain of the ENT`, unique for ever.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UniversalAddress(String);

macro_rules! text {
    ($($name:ident),*) => { $(
        impl $name {
            /// The text, in lower case.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )* };
}
text!(Login, UniversalAddress);

/// Gives logins and addresses that nobody has, counting what it has given.
#[derive(Debug, Default)]
pub struct Namer {
    taken: HashSet<String>,
    /// Where to go on counting for a stem, so that a thousand homonyms do not cost a million look-ups.
    next: std::collections::HashMap<String, u32>,
}

impl Namer {
    /// A namer that avoids the logins and addresses of `taken`.
    pub fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self { taken: taken.into_iter().collect(), next: std::collections::HashMap::new() }
    }

    /// A login: `lea.martin`, then `lea.martin2`, `lea.martin3`…
    pub fn login(&mut self, first: &str, last: &str) -> Login {
        Login(self.number(&login_stem(first, last), ""))
    }

    /// A universal address at `domain`: `lea.martin@…`, then `lea.martin2@…`.
    pub fn address(&mut self, first: &str, last: &str, domain: &str) -> UniversalAddress {
        UniversalAddress(self.number(&address_stem(first, last), &format!("@{}", domain.to_ascii_lowercase())))
    }

    fn number(&mut self, stem: &str, end: &str) -> String {
        let next = self.next.entry(format!("{stem}{end}")).or_insert(1);
        loop {
            let candidate = if *next == 1 { format!("{stem}{end}") } else { format!("{stem}{next}{end}") };
            *next += 1;
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

/// The logins and universal addresses in use that a [`Namer`] could give to these people (first name, last name), in one
/// statement. Only a digit or the `@` can follow the stem, hence the ranges.
///
/// # Errors
/// When the database cannot be used.
pub fn taken(database: &impl Database, people: &[(&str, &str)]) -> Result<Vec<String>, crate::Error> {
    let logins: HashSet<_> = people.iter().map(|(first, last)| login_stem(first, last)).collect();
    let addresses: HashSet<_> = people.iter().map(|(first, last)| address_stem(first, last)).collect();
    let rows = database.execute(
        "SELECT p.login FROM json_each(?1) s CROSS JOIN person p ON p.login = s.value
         UNION SELECT p.login FROM json_each(?1) s CROSS JOIN person p ON p.login >= s.value || '0' AND p.login < s.value || ':'
         UNION SELECT t.address FROM json_each(?2) s
            CROSS JOIN taken_address t ON t.address >= s.value || '0' AND t.address < s.value || 'A'",
        params![serde_json::to_string(&logins)?, serde_json::to_string(&addresses)?],
    )?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

fn login_stem(first: &str, last: &str) -> String {
    stem(first, last, |folded| folded.replace(' ', ""))
}

fn address_stem(first: &str, last: &str) -> String {
    stem(first, last, |folded| folded.replace(' ', "-"))
}

/// Letters outside ASCII (other scripts) cannot stand in an address that every mail server takes: they are left out.
fn stem(first: &str, last: &str, join: impl Fn(&str) -> String) -> String {
    let part = |name: &str| {
        let ascii: String = fold(name).chars().map(|c| if c.is_ascii() { c } else { ' ' }).collect();
        let joined: String = join(&fold(&ascii)).chars().take(PART).collect();
        joined.trim_end_matches('-').to_owned()
    };
    match (part(first), part(last)) {
        (first, last) if first.is_empty() && last.is_empty() => "personne".to_owned(),
        (first, last) if last.is_empty() => first,
        (first, last) if first.is_empty() => last,
        (first, last) => format!("{first}.{last}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Namer;

    #[test]
    fn homonyms_are_numbered() {
        let mut namer = Namer::new(["lea.martin2".to_owned(), "lea.martin@ent.example.org".to_owned()]);
        let logins: Vec<_> = (0..3).map(|_| namer.login("Léa", "MARTIN").to_string()).collect();
        assert_eq!(logins, ["lea.martin", "lea.martin3", "lea.martin4"]);
        assert_eq!(namer.address("Léa", "Martin", "ENT.example.org").as_str(), "lea.martin2@ent.example.org");
    }

    #[test]
    fn parts_follow_the_rules() {
        let mut namer = Namer::default();
        assert_eq!(namer.login("Jean-Marc", "de La Villéon").as_str(), "jeanmarc.delavilleon");
        assert_eq!(namer.address("Jean-Marc", "de La Villéon", "e.fr").as_str(), "jean-marc.de-la-villeon@e.fr");
        assert_eq!(namer.address("Maëlys", "Le Goff–D’Arc", "e.fr").as_str(), "maelys.le-goff-d-arc@e.fr");
        assert_eq!(namer.login("Иван", "Петров").as_str(), "personne");
        assert_eq!(namer.login(&"a".repeat(50), &"b".repeat(50)).as_str().len(), 61);
    }

    proptest! {
        #[test]
        fn every_name_gives_a_sound_and_new_address(people in proptest::collection::vec(("\\PC{0,40}", "\\PC{0,40}"), 1..20)) {
            let mut namer = Namer::default();
            let mut seen = std::collections::HashSet::new();
            for (first, last) in &people {
                let address = namer.address(first, last, "ent.example.org").to_string();
                let (local, _) = address.split_once('@').unwrap();
                prop_assert!(!local.is_empty() && local.len() <= 64);
                prop_assert!(local.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.'));
                prop_assert!(!local.starts_with(['.', '-']) && !local.ends_with(['.', '-']) && !local.contains(".."));
                prop_assert!(seen.insert(address));
            }
        }
    }
}
