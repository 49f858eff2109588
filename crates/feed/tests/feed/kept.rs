//! A sink that keeps everything, and a way to read text as a file.
use feed::{Change, Entry, Error, Record, Reject, Sink, Stop, Summary};

pub(crate) const UAI: &str = "0990001A";

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) entries: Vec<Entry>,
    pub(crate) rejects: Vec<Reject>,
}

impl Sink for Kept {
    fn entry(&mut self, entry: Entry) -> Result<(), Stop> {
        self.entries.push(entry);
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        self.rejects.push(reject);
        Ok(())
    }
}

impl Kept {
    pub(crate) fn entry_of(&self, id: &str) -> &Entry {
        self.entries.iter().find(|entry| entry.id == id).unwrap_or_else(|| panic!("no {id} in {self:#?}"))
    }

    pub(crate) fn record(&self, id: &str) -> &Record {
        match &self.entry_of(id).change {
            Change::Put(record) | Change::Patch(record) => record,
            Change::Delete => panic!("{id} is deleted"),
        }
    }

    /// Line and code of each reject.
    pub(crate) fn refused(&self) -> Vec<(u64, &'static str)> {
        self.rejects.iter().map(|reject| (reject.line, reject.code.as_str())).collect()
    }
}

pub(crate) fn try_read(name: &str, file: &[u8]) -> (Kept, Result<Summary, Error>) {
    let mut kept = Kept::default();
    let summary = feed::read(name, Some(UAI), file, &mut kept);
    if let Ok(summary) = &summary {
        assert_eq!(summary.read, kept.entries.len() as u64);
        assert_eq!(summary.rejected, kept.rejects.len() as u64);
    }
    (kept, summary)
}

pub(crate) fn read(name: &str, file: impl AsRef<[u8]>) -> (Kept, Summary) {
    let (kept, summary) = try_read(name, file.as_ref());
    (kept, summary.unwrap())
}

/// The code and line of the error of a file that cannot be read, and what was read before.
pub(crate) fn refused(name: &str, file: impl AsRef<[u8]>) -> (Kept, &'static str, Option<u64>) {
    let (kept, summary) = try_read(name, file.as_ref());
    let error = summary.expect_err("the file should be refused");
    assert!(error.to_string().ends_with('.'), "a sentence for people: {error}");
    (kept, error.code(), error.line())
}

/// An AAF file around these requests.
pub(crate) fn aaf(requests: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ficAlimMENESR>\n{requests}\n</ficAlimMENESR>\n")
}
