//! `vaguemestre demo`: brings the schema up to date and makes the demo school, if the database has no school yet.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::migrate::apply;
use crate::manifest::Manifest;
use crate::runtime_config::RuntimeConfig;
use crate::sqlite::Database;

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// The manifest, or its folder.
    #[arg(short = 'f', long = "from", alias = "file", default_value = "spin.toml")]
    pub from: PathBuf,
    /// Where databases and stores are.
    #[arg(long, env = "RUNTIME_CONFIG_FILE")]
    pub runtime_config_file: Option<PathBuf>,
    /// The folder of the data; `.spin` beside the manifest by default.
    #[arg(long)]
    pub state_dir: Option<PathBuf>,
    /// How many people, in all establishments together.
    #[arg(long, default_value_t = 1000)]
    pub people: u32,
    /// How many establishments; one for each thousand people by default.
    #[arg(long)]
    pub establishments: Option<u32>,
    /// The same seed makes the same school.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl Demo {
    /// Runs it.
    ///
    /// # Errors
    /// When the database is unusable, or has a school that is not this demo.
    pub fn run(self) -> anyhow::Result<()> {
        let manifest = Manifest::load(&self.from)?;
        let places =
            RuntimeConfig::load(self.runtime_config_file.as_deref(), &manifest.dir, self.state_dir.as_deref())?;
        let path = places.databases.get("default").context("there is no default database")?;
        apply(&manifest, &*Database::open(path)?)?;
        let now = chrono::Utc::now().timestamp_millis();
        let mut options = demo::Options { seed: self.seed, ..demo::Options::of(self.people, now) };
        if let Some(establishments) = self.establishments {
            options.establishments = establishments;
        }
        let report = demo::run(&store::File::open(path)?, &options)?;
        print!("{report}");
        Ok(())
    }
}
