//! `demo --database PATH [--people N] [--establishments K] [--seed S]`: makes the demo in a file of its own. The runner's
//! subcommand does the same; this one needs no component.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use demo::Options;
use store::{Database as _, File, params};

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(text) => {
            // Nothing to do when nobody listens.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "demo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<String, Box<dyn std::error::Error>> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    let (mut path, mut people, mut establishments, mut seed) = (None, 1000, None, 1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
        match argument.as_str() {
            "--database" => path = Some(PathBuf::from(value)),
            "--people" => people = value.parse()?,
            "--establishments" => establishments = Some(value.parse()?),
            "--seed" => seed = value.parse()?,
            _ => return Err(format!("unknown argument {argument}").into()),
        }
    }
    let path = path.ok_or("--database PATH is missing")?;
    let mut options = Options { seed, ..Options::of(people, i64::try_from(now)?) };
    if let Some(establishments) = establishments {
        options.establishments = establishments;
    }
    let database = File::open(&path)?;
    let empty = database.first("SELECT 1 FROM sqlite_master WHERE name = 'establishment'", params![])?.is_none();
    if empty {
        let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations");
        store::apply_migrations(&database, &migrations)?;
    }
    Ok(demo::run(&database, &options)?.to_string())
}
