//! What an import would do or did, on standard output: counts as a table, what was left out with file and line.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use provisioning::{Counts, Import, Rejected, rejects_csv};

/// How many of those left out are shown; the report has all.
const SHOWN: u32 = 20;
const PAGE: u32 = 1000;

/// The file of all that was left out.
#[derive(Debug)]
pub(crate) struct Report {
    file: File,
    begun: bool,
}

impl Report {
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        Ok(Self { file: File::create(path).with_context(|| path.display().to_string())?, begun: false })
    }

    fn write(&mut self, rejected: &[Rejected]) -> anyhow::Result<()> {
        let text = rejects_csv(rejected);
        // One header, whatever the number of pages and sets.
        let rows = if self.begun { text.split_once('\n').map_or("", |(_, rows)| rows) } else { &text };
        self.begun = true;
        self.file.write_all(rows.as_bytes()).context("the report cannot be written")
    }
}

/// The counts, by kind and establishment.
pub(crate) fn counts(counts: &Counts) {
    println!("{:<14} {:<9} {:>9} {:>9} {:>9} {:>9}", "kind", "uai", "created", "changed", "unchanged", "left");
    let line = |kind: &str, uai: &str, count: &provisioning::Count| {
        let left = count.deleted + count.left;
        println!("{kind:<14} {uai:<9} {:>9} {:>9} {:>9} {left:>9}", count.created, count.changed, count.unchanged);
    };
    for count in &counts.by_kind {
        line(&count.kind, &count.uai, count);
    }
    line("all", "", &counts.total());
    println!("read {}, rejected {}, remarks {}", counts.read, counts.rejected, counts.remarks);
}

/// Who would leave: only how many of each establishment, since this may end in a log.
pub(crate) fn departures(database: &dyn store::Database, import: &Import) -> anyhow::Result<()> {
    let leaving = provisioning::departures(database, import, u32::MAX)?;
    println!("people who would leave: {}", leaving.len());
    Ok(())
}

/// What was left out: the first on standard output, all to the report.
pub(crate) fn rejects(
    database: &dyn store::Database,
    import: &Import,
    report: Option<&mut Report>,
) -> anyhow::Result<()> {
    let first = provisioning::rejects(database, import, 0, SHOWN)?;
    for row in &first {
        println!("{}:{}: {}{} ({})", row.file, row.line, if row.remark { "remark: " } else { "" }, row.words, row.code);
    }
    if first.len() == SHOWN as usize && report.is_none() {
        println!("… and perhaps more: --report FILE.csv writes all of them.");
    }
    let Some(report) = report else { return Ok(()) };
    let mut from = 0;
    loop {
        let page = provisioning::rejects(database, import, from, PAGE)?;
        report.write(&page)?;
        if page.len() < PAGE as usize {
            return Ok(());
        }
        from += PAGE;
    }
}
