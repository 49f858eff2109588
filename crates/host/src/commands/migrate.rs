//! `vaguemestre migrate`: brings the database's schema up to date, and nothing else.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::place::Place;
use crate::manifest::Manifest;
use crate::schema::{self, Outcome, Schema};
use crate::sqlite::Database;

/// Options of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// A SQLite file to work on in place of the default database, such as Spin's `.spin/sqlite_db.db`.
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,
    /// Changes nothing: prints the script that brings a database to the newest schema, for a libSQL server.
    #[arg(long)]
    pub print: bool,
    /// With `--print`: the version that the database has.
    #[arg(long, value_name = "VERSION", default_value_t = 0, requires = "print")]
    pub after: i64,
}

impl Migrate {
    /// Runs it.
    ///
    /// # Errors
    /// When the database or the schema is unusable.
    pub fn run(self) -> anyhow::Result<()> {
        if self.print {
            let schema = Schema::of(&Manifest::load(&self.place.from)?)?;
            print!("{}", schema::script(&schema, self.after, chrono::Utc::now().timestamp_millis())?);
            return Ok(());
        }
        let (outcome, location) = match &self.database {
            Some(file) => {
                let manifest = Manifest::load(&self.place.from)?;
                (apply(&manifest, &*Database::open(file)?)?, file.display().to_string())
            }
            None => {
                let done = self.place.migrated()?;
                (done.outcome, format!("{:?}", done.location))
            }
        };
        for (version, name) in &outcome.applied {
            println!("applied {version:04} {name}");
        }
        if outcome.logic {
            println!("views and triggers made anew");
        }
        println!("schema version {} in {location}", outcome.version);
        Ok(())
    }
}

/// Brings a database to the schema of an application.
///
/// # Errors
/// When it cannot be, or the database is newer than this program.
pub fn apply(manifest: &Manifest, database: &Database) -> anyhow::Result<Outcome> {
    let outcome = schema::migrate(&database.trusted()?, &Schema::of(manifest)?)
        .with_context(|| format!("database {}", database.path().display()))?;
    for (version, name) in &outcome.applied {
        tracing::info!(version, name, "Migration applied.");
    }
    Ok(outcome)
}
