//! `vaguemestre demo`: brings the schema up to date and makes the demo school, if the database has no school yet.

use clap::Args;

use super::place::Place;

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
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
        let database = self.place.migrated()?.database;
        let now = chrono::Utc::now().timestamp_millis();
        let mut options = demo::Options { seed: self.seed, ..demo::Options::of(self.people, now) };
        if let Some(establishments) = self.establishments {
            options.establishments = establishments;
        }
        if let store::Backend::File(file) = &database {
            // Room for the pages of a large network; most indexes are written all over.
            file.batch("PRAGMA cache_size = -262144")?;
        }
        let report = demo::run(&database, &options)?;
        print!("{report}");
        Ok(())
    }
}
