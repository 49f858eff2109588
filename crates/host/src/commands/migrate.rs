//! `vaguemestre migrate`: brings the database's schema up to date, and nothing else.

use anyhow::Context as _;
use clap::Args;

use super::place::Place;
use crate::manifest::Manifest;
use crate::migrations::{self, Outcome};
use crate::sqlite::Database;

/// Options of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
}

impl Migrate {
    /// Runs it.
    ///
    /// # Errors
    /// When the database or a migration is unusable.
    pub fn run(self) -> anyhow::Result<()> {
        let done = self.place.migrated()?;
        for (version, name) in &done.outcome.applied {
            println!("applied {version:04} {name}");
        }
        println!("schema version {} in {:?}", done.outcome.version, done.location);
        Ok(())
    }
}

/// Applies the migrations beside the manifest to a database.
///
/// # Errors
/// When one cannot be applied, or the database is newer than the files.
pub fn apply(manifest: &Manifest, database: &Database) -> anyhow::Result<Outcome> {
    let list = migrations::read(&manifest.dir.join("sql/migrations"))?;
    let outcome = migrations::migrate(&mut database.trusted()?, &list)
        .with_context(|| format!("database {}", database.path().display()))?;
    for (version, name) in &outcome.applied {
        tracing::info!(version, name, "Migration applied.");
    }
    Ok(outcome)
}
