//! A runner on a free port, with the probes of `guest-probe`, and a small HTTP client.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failing test may panic")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server; it is killed when dropped.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: String,
    pub(crate) state: tempfile::TempDir,
    log: PathBuf,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// The folder of the probes, once they are built.
pub(crate) fn probes() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("guest-probe");
    let built = folder.join("target/wasm32-wasip2/release/probe_http.wasm");
    assert!(
        built.exists(),
        "{} is missing: build the probes for wasm32-wasip2 first (in {}: `cargo build --release --target wasm32-wasip2`, \
         with the flags of scripts/build)",
        built.display(),
        folder.display()
    );
    folder
}

pub(crate) fn runner(manifest: &Path, state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaguemestre"));
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("code");
    command.args(["up", "--listen", "127.0.0.1:0", "--from"]).arg(manifest).arg("--state-dir").arg(state);
    command.arg("--cache-dir").arg(cache);
    command
}

impl Server {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_from(&probes(), options)
    }

    pub(crate) fn start_from(manifest: &Path, options: &[&str]) -> Self {
        Self::run(manifest, "", options)
    }

    /// Also writes what `filter` asks for to its log.
    pub(crate) fn start_logging(filter: &str, options: &[&str]) -> Self {
        Self::run(&probes(), filter, options)
    }

    fn run(manifest: &Path, filter: &str, options: &[&str]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let log = state.path().join("log");
        let mut process = runner(manifest, state.path())
            .args(options)
            .env("VAGUEMESTRE_LOG", format!("warn,host=info,{filter}"))
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some(address) = line.trim().strip_prefix("Serving http://") else {
            panic!("it did not start: {}", std::fs::read_to_string(&log).unwrap());
        };
        Self { address: address.to_owned(), process, state, log }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: school.test\r\nConnection: close\r\n\r\n"), &[])
    }

    /// The body of a successful answer.
    pub(crate) fn text(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    }

    pub(crate) fn send(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop, and waits; the result is whether it ended well.
    pub(crate) fn stop(&mut self) -> bool {
        self.terminate();
        self.process.wait().unwrap().success()
    }

    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
