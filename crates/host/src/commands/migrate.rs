//! `vaguemestre migrate`: brings the database's schema up to date, and nothing else.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::manifest::Manifest;
use crate::migrations::{self, Outcome};
use crate::runtime_config::RuntimeConfig;
use crate::sqlite::Database;

/// Options of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// The manifest, or its folder.
    #[arg(short = 'f', long = "from", alias = "file", default_value = "spin.toml")]
    pub from: PathBuf,
    /// Where databases and stores are.
    #[arg(long, env = "RUNTIME_CONFIG_FILE")]
    pub runtime_config_file: Option<PathBuf>,
    /// The folder of the data; `.spin` beside the manifest by default.
    #[arg(long)]
    pub state_dir: Option<PathBuf>,
}

impl Migrate {
    /// Runs it.
    ///
    /// # Errors
    /// When the database or a migration is unusable.
    pub fn run(self) -> anyhow::Result<()> {
        let manifest = Manifest::load(&self.from)?;
        let places =
            RuntimeConfig::load(self.runtime_config_file.as_deref(), &manifest.dir, self.state_dir.as_deref())?;
        let path = places.databases.get("default").context("there is no default database")?;
        let outcome = apply(&manifest, &*Database::open(path)?)?;
        for (version, name) in &outcome.applied {
            println!("applied {version:04} {name}");
        }
        println!("schema version {} in {}", outcome.version, path.display());
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
