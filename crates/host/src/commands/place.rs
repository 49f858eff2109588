//! Where the manifest and the data are: the options of every subcommand that works on the database.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use store::{Backend, File, Libsql};

use crate::manifest::Manifest;
use crate::runtime_config::{Location, RuntimeConfig};
use crate::schema::{self, Outcome, Schema};
use crate::sqlite::Database;

/// Where the manifest and the data are.
#[derive(Debug, Args)]
pub struct Place {
    /// The manifest, or its folder.
    #[arg(short = 'f', long = "from", alias = "file", default_value = "spin.toml")]
    pub from: PathBuf,
    /// Where databases and stores are: the file that Spin takes too, with a libSQL server perhaps.
    #[arg(long, env = "RUNTIME_CONFIG_FILE")]
    pub runtime_config_file: Option<PathBuf>,
    /// The folder of the data; `.spin` beside the manifest by default.
    #[arg(long)]
    pub state_dir: Option<PathBuf>,
}

/// The default database, with the newest schema.
pub struct Migrated {
    /// To work on.
    pub database: Backend,
    /// Where it is, without secrets.
    pub location: Location,
    /// What was applied.
    pub outcome: Outcome,
}

impl Place {
    /// Brings the schema of the default database up to date, and opens it.
    ///
    /// # Errors
    /// When the manifest, the database or a migration is unusable.
    pub fn migrated(&self) -> anyhow::Result<Migrated> {
        let manifest = Manifest::load(&self.from)?;
        let places =
            RuntimeConfig::load(self.runtime_config_file.as_deref(), &manifest.dir, self.state_dir.as_deref())?;
        let location = places.databases.get("default").context("there is no default database")?.clone();
        let (database, outcome) = match &location {
            Location::Libsql { url, token } => {
                let server = Libsql::new(url, token);
                let outcome = schema::migrate_libsql(&server, &Schema::of(&manifest)?)
                    .with_context(|| format!("database {location:?}"))?;
                (Backend::Libsql(server), outcome)
            }
            other => {
                let path = other.file("sqlite_database.default")?;
                // Opening switches the write-ahead log on, in the file, for Spin as well: it does not do so itself.
                let outcome = super::migrate::apply(&manifest, &*Database::open(path)?)?;
                (Backend::File(File::open(path)?), outcome)
            }
        };
        Ok(Migrated { database, location, outcome })
    }
}
