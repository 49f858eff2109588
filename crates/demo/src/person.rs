//! One made-up person, and what she is given when she is made.

use people::{Namer, Profile};
use ulid::Ulid;

use crate::names::Sex;
use crate::rng::Rng;

/// When everybody was created: 1 September 2025, 06:00 UTC. Fixed, so that ids do not depend on the day of the demo.
pub(crate) const CREATED: u64 = 1_756_706_400_000;

/// the alphabet of activation codes. A real one is drawn by a CSPRNG; this one must be the same tomorrow.
const CODE_ALPHABET: &[u8] = b"abcdefghjkmnprstvwxyz3456789";

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) profile: Profile,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) sex: Sex,
    pub(crate) function: String,
    pub(crate) login: String,
    pub(crate) address: String,
    /// `None` once the account is active.
    pub(crate) activation_code: Option<String>,
    pub(crate) redirect: Option<String>,
    /// False: the mailbox role is taken away (M-9 can then be seen).
    pub(crate) mailbox: bool,
    pub(crate) blocked: bool,
    pub(crate) left: bool,
}

/// Makes people one after the other.
pub(crate) struct Maker<'a> {
    pub(crate) rng: Rng,
    pub(crate) namer: &'a mut Namer,
    pub(crate) domain: &'a str,
}

impl Maker<'_> {
    pub(crate) fn id(&mut self) -> String {
        Ulid::from_parts(CREATED, self.rng.bits()).to_string()
    }

    /// A person with an account that is active or not, and a redirect address or not, as is usual for her profile.
    pub(crate) fn person(&mut self, profile: Profile, sex: Sex, first: &str, last: &str, function: String) -> Person {
        let (active, redirected) = match profile {
            Profile::Student => (85, 0),
            Profile::Relative => (65, 60),
            Profile::Teacher => (95, 60),
            Profile::Staff => (98, 50),
            Profile::Guest => (50, 40),
        };
        let mut person = self.bare(profile, sex, first, last, function);
        if self.rng.chance(active) {
            if self.rng.chance(redirected) {
                person.redirect = Some(self.outside(&person));
            }
        } else {
            person.activation_code = Some(self.code());
        }
        person
    }

    /// A person with an active account and no redirect address.
    pub(crate) fn bare(&mut self, profile: Profile, sex: Sex, first: &str, last: &str, function: String) -> Person {
        Person {
            id: self.id(),
            profile,
            first: first.to_owned(),
            last: last.to_owned(),
            sex,
            function,
            login: self.namer.login(first, last).to_string(),
            address: self.namer.address(first, last, self.domain).to_string(),
            activation_code: None,
            redirect: None,
            mailbox: true,
            blocked: false,
            left: false,
        }
    }

    /// An outside address at a domain that RFC 2606 reserves: mail to it goes nowhere.
    pub(crate) fn outside(&mut self, person: &Person) -> String {
        let domain = self.rng.pick(&["example.org", "example.net", "example.com"]).copied().unwrap_or("example.org");
        format!("{}@{domain}", person.login)
    }

    fn code(&mut self) -> String {
        (0..8).filter_map(|_| self.rng.pick(CODE_ALPHABET)).map(|byte| char::from(*byte)).collect()
    }
}
