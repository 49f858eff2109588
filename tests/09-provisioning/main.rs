//! From the files of an academy or a school to people who write to each other: what `vaguemestre import` prints, what the
//! directory shows afterwards at its own door, and that whatever goes wrong halfway leaves nothing half done.

mod content;
mod hostile;
mod kills;
mod school;
mod year;

use std::path::Path;

use anyhow::{Context as _, Result};
use feed::Extent;
use store::File;
use tests::{House, NEVER, Options};

/// The house without anybody in it.
fn empty_house() -> Result<House> {
    House::start(Options { schedule: Some(NEVER), ..Options::with(&["session", "send-message", "directory"]) })
}

/// Six hundred people in two schools.
const NETWORK: demo::Options = demo::Options { people: 600, establishments: 2, seed: 1, now: 0 };

/// Runs an import of the house's own data; gives what it printed.
fn import(house: &House, path: &Path, more: &[&str]) -> Result<String> {
    import_into(house, "data", path, more)
}

/// The same with the data in another folder of the house, beside those it serves.
fn import_into(house: &House, state: &str, path: &Path, more: &[&str]) -> Result<String> {
    let path = path.to_str().context("a path")?;
    let mut arguments = vec!["import", "--state-dir", state, "--domain", "ent.example", path];
    arguments.extend(more);
    house.run(&arguments)
}

/// The data in another folder of the house.
fn database_in(house: &House, state: &str) -> Result<File> {
    Ok(File::open(&house.folder().join(state).join("sqlite_db.db"))?)
}

/// What an import printed: created, changed, unchanged, left of a kind and establishment; "all" has no establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    kind: String,
    uai: String,
    counts: [u64; 4],
}

/// The table, and entries read and rejected.
#[derive(Debug)]
struct Printed {
    lines: Vec<Line>,
    all: [u64; 4],
    read: u64,
    rejected: u64,
}

fn printed(text: &str) -> Result<Printed> {
    let mut rows = text.lines().skip_while(|line| !line.starts_with("kind ")).skip(1);
    let mut lines = Vec::new();
    let all = loop {
        let words: Vec<&str> = rows.next().context("no line of all kinds")?.split_whitespace().collect();
        let (names, counts) = words.split_at(words.len().checked_sub(4).context("no counts")?);
        let counts: Vec<u64> = counts.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
        let counts = counts.try_into().ok().context("four counts")?;
        match names {
            ["all"] => break counts,
            [kind, uai] => lines.push(Line { kind: (*kind).to_owned(), uai: (*uai).to_owned(), counts }),
            [kind] => lines.push(Line { kind: (*kind).to_owned(), uai: String::new(), counts }),
            _ => anyhow::bail!("not a line of counts: {words:?}"),
        }
    };
    let last = rows.next().context("no line of entries read")?;
    let number = |word: &str| -> Result<u64> {
        let after = last.split_once(word).with_context(|| format!("{last}: no {word}"))?.1;
        Ok(after.split([',', '\n']).next().unwrap_or_default().trim().parse()?)
    };
    Ok(Printed { lines, all, read: number("read ")?, rejected: number("rejected ")? })
}

impl Printed {
    /// Each entry read is somewhere, and the last line is the sum of the others. Those who leave are read in a delta, which
    /// says that they do; in a full set nothing is said of them.
    #[track_caller]
    fn reconcile(&self, extent: Extent) {
        let sum = |column: usize| self.lines.iter().map(|line| line.counts[column]).sum::<u64>();
        assert_eq!(self.all, [0, 1, 2, 3].map(sum), "{self:?}");
        let gone = if extent == Extent::Delta { self.all[3] } else { 0 };
        assert_eq!(self.read, self.rejected + self.all[0] + self.all[1] + self.all[2] + gone, "{self:?}");
    }
}
