//! Where the manifest and the data are: the options of every subcommand that works on the database.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::migrate::apply;
use crate::manifest::Manifest;
use crate::migrations::Outcome;
use crate::runtime_config::RuntimeConfig;
use crate::sqlite::Database;

/// Where the manifest and the data are.
#[derive(Debug, Args)]
pub struct Place {
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

impl Place {
    /// Brings the schema of the default database up to date; its file, and what was applied.
    ///
    /// # Errors
    /// When the manifest, the database or a migration is unusable.
    pub fn migrated(&self) -> anyhow::Result<(PathBuf, Outcome)> {
        let manifest = Manifest::load(&self.from)?;
        let places =
            RuntimeConfig::load(self.runtime_config_file.as_deref(), &manifest.dir, self.state_dir.as_deref())?;
        let path = places.databases.get("default").context("there is no default database")?;
        let outcome = apply(&manifest, &*Database::open(path)?)?;
        Ok((path.clone(), outcome))
    }
}
