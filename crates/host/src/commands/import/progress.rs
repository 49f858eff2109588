//! How far it is, on standard error: a line that moves on a terminal, one line for each file elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use feed::{Entry, Reject, Sink, Stop};
use provisioning::{Progress, Staging};

const PERIOD: Duration = Duration::from_millis(200);

/// A sink that says how far it is.
pub(crate) struct Watched<'a> {
    staging: Staging<'a>,
    name: String,
    began: Instant,
    line: Line,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(staging: Staging<'a>, name: &str) -> Self {
        Self { staging, name: name.to_owned(), began: Instant::now(), line: Line::default() }
    }

    fn text(&self) -> String {
        let read = self.staging.so_far().read;
        let speed = read * 1000 / u64::try_from(self.began.elapsed().as_millis()).unwrap_or(1).max(1);
        format!("  {}: {read} entries, {speed}/s", self.name)
    }

    /// The end of the file, or of its reading.
    pub(crate) fn done(mut self) -> Staging<'a> {
        let text = self.text();
        self.line.end(&text);
        self.staging
    }
}

impl Sink for Watched<'_> {
    fn entry(&mut self, entry: Entry) -> Result<(), Stop> {
        if self.line.due() {
            let text = self.text();
            self.line.show(&text);
        }
        self.staging.entry(entry)
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Stop> {
        self.staging.reject(reject)
    }
}

/// How far an import is applied.
#[derive(Debug, Default)]
pub(crate) struct Bar(Line);

impl Bar {
    pub(crate) fn show(&mut self, progress: Progress) {
        let text =
            format!("  {} of {} followed", progress.total - progress.remaining.min(progress.total), progress.total);
        if progress.done {
            self.0.end(&text);
        } else if self.0.due() {
            self.0.show(&text);
        }
    }
}

#[derive(Debug, Default)]
struct Line {
    shown: Option<Instant>,
}

impl Line {
    fn due(&self) -> bool {
        self.shown.is_none_or(|shown| shown.elapsed() > PERIOD)
    }

    fn show(&mut self, text: &str) {
        self.shown = Some(Instant::now());
        let mut out = std::io::stderr();
        if out.is_terminal() {
            // Nothing can be done about a terminal that is gone.
            let _ = write!(out, "\r\x1b[K{text}").and_then(|()| out.flush());
        }
    }

    fn end(&mut self, text: &str) {
        let out = std::io::stderr();
        let begin = if out.is_terminal() { "\r\x1b[K" } else { "" };
        eprintln!("{begin}{text}");
    }
}
