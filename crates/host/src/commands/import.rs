//! `vaguemestre import`: AAF, ONDE and CSV files into the directory. Flat memory, whatever the size of the files.

mod progress;
mod sets;
mod tell;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use people::Uai;
use provisioning::{Error, Import as Staged, Mode, Refusal, Request, Staging, System};

use progress::Watched;
use sets::Set;

use store::{Backend, Bulk as _};

use super::place::Place;

/// People whom the directory follows in one transaction: short enough that a server beside waits for none of them.
const CHUNK: u32 = 2000;

/// Options of `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Files, or folders of them: AAF (.xml, full and delta sets, in their order), ONDE or CSV (.csv).
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// Only this establishment; may be given several times. ONDE and CSV files need it, and only one.
    #[arg(long, value_parser = uai)]
    pub uai: Vec<Uai>,
    /// The domain of people's addresses in establishments that are new, such as ent.example.fr.
    #[arg(long, value_parser = domain)]
    pub domain: Option<String>,
    /// Says what would be done, and does nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Goes on even where more than a fifth of an establishment would leave.
    #[arg(long)]
    pub accept_departures: bool,
    /// Writes all that was left out to this file, as CSV.
    #[arg(long, value_name = "FILE.csv")]
    pub report: Option<PathBuf>,
}

impl Import {
    /// Runs it.
    ///
    /// # Errors
    /// When a file cannot be read, nothing in it can be used, or too many people would leave; nothing of its set has changed
    /// the directory then.
    pub fn run(self) -> anyhow::Result<()> {
        let database = self.place.migrated()?.database;
        if let Backend::File(file) = &database {
            // Pages are written many times over: fewer copies of them to the file itself, for a log of 160 MB while this runs.
            file.batch("PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 40000")?;
        }
        for import in provisioning::interrupted(&database)? {
            eprintln!("An import that was interrupted is concluded first.");
            advance(&database, &import)?;
        }
        let mut report = self.report.as_deref().map(tell::Report::create).transpose()?;
        for set in sets::sets(&self.paths, &self.uai)? {
            self.import(&database, &set, report.as_mut()).with_context(|| set.title.clone())?;
        }
        Ok(())
    }

    fn import(&self, database: &Backend, set: &Set, report: Option<&mut tell::Report>) -> anyhow::Result<()> {
        let limits = (!set.school && !self.uai.is_empty()).then_some(self.uai.as_slice());
        let now = chrono::Utc::now().timestamp_millis();
        let request =
            Request { source: &set.source, mode: set.mode, limits, domain: self.domain.as_deref(), person: None, now };
        eprintln!("{} ({})", set.title, if set.mode == Mode::Full { "full" } else { "delta" });
        let import = provisioning::begin(database, &mut System::default(), &request)?;
        let outcome = self.decide(database, &import.id, set);
        let import = reload(database, &import.id)?;
        tell::rejects(database, &import, report)?;
        if outcome.is_err() || self.dry_run {
            provisioning::cancel(database, &import, now).or_else(|error| match error {
                Error::Refused(Refusal::State) => Ok(()),
                error => Err(error),
            })?;
        }
        outcome
    }

    fn decide(&self, database: &Backend, id: &str, set: &Set) -> anyhow::Result<()> {
        let import = reload(database, id)?;
        for file in &set.files {
            stage(database, &import, file, set.uai.as_ref())?;
        }
        let counts = match provisioning::prepare(database, &reload(database, id)?) {
            Err(Error::Refused(Refusal::Empty)) => bail!("no entry of these files can be used; nothing was done"),
            other => other?,
        };
        tell::counts(&counts);
        let import = reload(database, id)?;
        if self.dry_run {
            tell::departures(database, &import)?;
            eprintln!("Dry run: nothing was done.");
            return Ok(());
        }
        match provisioning::confirm(database, &import, self.accept_departures) {
            Err(Error::Refused(Refusal::Exodus(exodus))) => {
                tell::departures(database, &import)?;
                for one in &exodus {
                    eprintln!("{}: {} of {} people would leave.", one.uai, one.leaving, one.people);
                }
                bail!("too many people would leave; nothing was done. If it is meant, add --accept-departures");
            }
            other => other?,
        }
        advance(database, &reload(database, id)?)
    }
}

fn reload(database: &Backend, id: &str) -> anyhow::Result<Staged> {
    provisioning::load(database, id)?.context("the import is gone")
}

fn stage(database: &Backend, import: &Staged, path: &Path, uai: Option<&Uai>) -> anyhow::Result<()> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let reader = BufReader::with_capacity(1 << 16, File::open(path).with_context(|| path.display().to_string())?);
    let mut sink = Watched::new(Staging::open(database, import, &name)?, &name);
    let read = feed::read(&name, uai.map(Uai::as_str), reader, &mut sink);
    let mut staging = sink.done();
    match read {
        Ok(summary) => {
            for (attribute, times) in summary.unknown.iter().chain(&summary.incomplete).take(20) {
                tracing::debug!(name, attribute, times, "Not understood.");
            }
            staging.finish()?;
            Ok(())
        }
        Err(error) => match staging.failure() {
            Some(failure) => Err(failure.into()),
            None => Err(anyhow::Error::new(error).context(format!("{}: nothing of its set was done", path.display()))),
        },
    }
}

/// Each step is one transaction on a file: what is done stays done, and another run goes on from there.
fn advance(database: &Backend, import: &Staged) -> anyhow::Result<()> {
    let (mut bar, mut chance) = (progress::Bar::default(), System::default());
    loop {
        let now = chrono::Utc::now().timestamp_millis();
        let progress = database.together(|| provisioning::advance(database, import, &mut chance, now, CHUNK))?;
        bar.show(progress);
        if progress.done {
            return Ok(());
        }
    }
}

fn uai(text: &str) -> Result<Uai, String> {
    text.parse().map_err(|_| "write an UAI: seven digits and a capital letter".to_owned())
}

fn domain(text: &str) -> Result<String, String> {
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let sound = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    if sound { Ok(text.to_ascii_lowercase()) } else { Err("write a domain, such as ent.example.fr".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn domains_are_those_of_addresses() {
        assert_eq!(domain("ENT.example.fr").as_deref(), Ok("ent.example.fr"));
        for bad in ["", "ent", ".fr", "a..fr", "-a.fr", "a b.fr", "é.fr"] {
            assert!(domain(bad).is_err(), "{bad}");
        }
    }
}
