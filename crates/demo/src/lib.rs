//! A made-up network of schools (`vaguemestre demo`): the same seed makes the same people, groups, rules and messages, so
//! that a visitor, a test and a measurement speak of the same school. Nobody in it exists, and every outside address is
//! at a domain reserved for examples (RFC 2606).
//!
//! It writes into an empty database only, in one transaction; into its own work a second time it writes nothing.

pub mod aaf;
mod announcements;
mod events;
mod families;
mod leads;
mod letters;
mod load;
mod mail;
mod make;
mod models;
mod names;
mod person;
mod publipostage;
mod rng;
mod rubriques;
mod school;
mod teaching;

use store::Bulk;

pub use leads::SignIn;

/// The password of every activated account of the demo.
pub const PASSWORD: &str = "vaguemestre-demo";

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// People in all, at least 150 per establishment.
    pub people: u32,
    /// Establishments among which they are shared evenly, at least 1.
    pub establishments: u32,
    /// Another seed makes other people, but for the ones whose sign-ins are shown.
    pub seed: u64,
    /// UTC milliseconds: messages are dated back from here.
    pub now: i64,
}

impl Options {
    /// `people` in establishments of 1,000, made with the usual seed.
    #[must_use]
    pub const fn of(people: u32, now: i64) -> Self {
        let establishments = if people < 2000 { 1 } else { people / 1000 };
        Self { people, establishments, seed: 1, now }
    }
}

/// What is in the database now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether it was made by this call, or found there.
    pub made: bool,
    /// Establishments.
    pub establishments: u32,
    /// People of all profiles.
    pub people: u32,
    /// Accounts worth signing in to, all with [`PASSWORD`].
    pub sign_ins: Vec<SignIn>,
}

impl std::fmt::Display for Report {
    /// What to print, in French: how much there is, and who can sign in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { people, establishments, .. } = self;
        let state = if self.made { "Démonstration créée" } else { "Démonstration déjà en place" };
        let schools = if *establishments > 1 { "établissements" } else { "établissement" };
        writeln!(f, "{state}\u{a0}: {people} personnes, {establishments} {schools}.")?;
        writeln!(f, "Comptes (mot de passe «\u{a0}{PASSWORD}\u{a0}»)\u{a0}:")?;
        for SignIn { login, name, who } in &self.sign_ins {
            writeln!(f, "  {login:<22} {name}, {who}")?;
        }
        Ok(())
    }
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database holds a real school, or another demo: use another file.
    #[error("the database holds an establishment already, which is not this demo: nothing was written")]
    Occupied,
    /// Ask for at least 150 people per establishment and one establishment.
    #[error("a demo needs at least one establishment, and 150 people in each")]
    TooSmall,
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The password could not be hashed.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
    /// A file could not be written.
    #[error("the files cannot be written")]
    Files(#[from] std::io::Error),
    /// A list for the database could not be written: a mistake in this crate.
    #[error("the demo contradicts itself: {0}")]
    Contradiction(&'static str),
}

/// Makes the demo in a database that has the schema and no establishment; does nothing where this demo is already.
///
/// # Errors
/// [`Error::Occupied`], [`Error::TooSmall`]; nothing is written then, nor in a file with any other error.
pub fn run(database: &impl Bulk, options: &Options) -> Result<Report, Error> {
    if options.establishments == 0 || options.people / options.establishments < 150 {
        return Err(Error::TooSmall);
    }
    let report = |made| Report {
        made,
        establishments: options.establishments,
        people: options.people,
        sign_ins: leads::sign_ins(),
    };
    let plan = make::Plan::new(options);
    if database.first("SELECT 1 FROM establishment", &[])?.is_some() {
        let same = database.first("SELECT 1 FROM person WHERE id = ?1", store::params![plan.mark()])?;
        return if same.is_some() { Ok(report(false)) } else { Err(Error::Occupied) };
    }
    database.together(|| plan.write(database)).map(|()| report(true))
}
