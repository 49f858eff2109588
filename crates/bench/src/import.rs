//! `vaguemestre import` of an academy's files: 100,000 people of 100 establishments into an empty database, then the same
//! files again. The runner's own process, from its start to its end: wall time, and the most memory it ever held.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use store::{Database as _, File};
use tests::repository;

use crate::row::{Row, median};

const ROUNDS: usize = 3;
const PEOPLE: u32 = 100_000;
/// Seconds of the first import.
const IMPORT_LIMIT: f64 = 15.0;
/// Megabytes, at the most.
const MEMORY_LIMIT: f64 = 100.0;

/// One run of the command.
struct Run {
    seconds: f64,
    megabytes: f64,
    /// What it printed of all kinds: created, changed, unchanged, left.
    counts: Vec<u64>,
}

/// `aaf-import-100k-s`, `aaf-import-100k-mb`, `aaf-reimport-100k-s`
pub(crate) fn aaf() -> Result<Vec<Row>> {
    let files = tempfile::tempdir()?;
    demo::aaf::write(files.path(), &demo::Options::of(PEOPLE, 0), 0)?;
    let (mut first, mut again, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let state = tempfile::tempdir()?;
        let new = run(state.path(), files.path())?;
        let people = people(state.path())?;
        // A few of the demo's people come later in the year, and its guests are in no academy's directory.
        ensure!(people > i64::from(PEOPLE) * 95 / 100, "only {people} people were imported");
        let same = run(state.path(), files.path())?;
        ensure!(
            matches!((&*new.counts, &*same.counts), ([all, 0, 0, 0], [0, 0, kept, 0]) if all == kept),
            "the second import is not the first again: {:?}, then {:?}",
            new.counts,
            same.counts
        );
        first.push(new.seconds);
        again.push(same.seconds);
        memory.push(new.megabytes.max(same.megabytes));
    }
    let first = median(first);
    Ok(vec![
        Row::less("aaf-import-100k-s", first, "s", "limit", IMPORT_LIMIT),
        Row::less("aaf-import-100k-mb", median(memory), "MB", "limit", MEMORY_LIMIT),
        Row::less("aaf-reimport-100k-s", median(again), "s", "limit: half of the first import", first / 2.0),
    ])
}

fn run(state: &Path, files: &Path) -> Result<Run> {
    let root = repository();
    let said = tempfile::NamedTempFile::new()?;
    let begun = Instant::now();
    let mut process = Command::new(root.join("target/release/vaguemestre"))
        .args(["import", "--domain", "ent.example", "--from"])
        .arg(&root)
        .arg("--state-dir")
        .arg(state)
        .arg(files)
        .stdout(Stdio::from(said.reopen()?))
        .stderr(Stdio::null())
        .spawn()?;
    let mut megabytes = 0.0;
    let status = loop {
        if let Some(status) = process.try_wait()? {
            break status;
        }
        // The kernel keeps the highest: the last answer before the end is the one that counts.
        megabytes = peak(process.id()).unwrap_or(megabytes);
        std::thread::sleep(Duration::from_millis(5));
    };
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(status.success(), "the import failed: {status}");
    let said = std::fs::read_to_string(said.path())?;
    let all = said.lines().find(|line| line.starts_with("all ")).context("no line of counts")?;
    let counts = all.split_whitespace().skip(1).map(str::parse).collect::<Result<_, _>>()?;
    Ok(Run { seconds, megabytes, counts })
}

/// The most a running process ever had resident, files mapped included; nothing once it has ended.
fn peak(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn people(state: &Path) -> Result<i64> {
    let database = File::open(&state.join("sqlite_db.db"))?;
    let row = database.first("SELECT count(*) FROM person WHERE left_at IS NULL", &[])?;
    Ok(row.context("no count")?.integer(0)?)
}
