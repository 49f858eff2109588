//! The runner beside a native twin (hyper and rusqlite) that does the same, and beside the limits we set ourselves.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use tests::{House, Options, repository};

use crate::row::{Row, median};
use crate::wrk;

const ROUNDS: usize = 3;
/// Milliseconds from start to the first answer.
const START_LIMIT: f64 = 300.0;
/// Megabytes of an idle runner.
const IDLE_LIMIT: f64 = 60.0;

/// A server that says `Serving http://…` on its standard output.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(command: &mut Command) -> Result<Self> {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("Serving ")?.1.trim().to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, url: url.context("it did not start")? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Requests a second at 32 connections, and p99: ours and the twin's in turn.
pub(crate) fn throughput() -> Result<Vec<Row>> {
    let root = repository();
    let state = tempfile::tempdir()?;
    let ours = Server::start(
        Command::new(root.join("target/release/vaguemestre"))
            .args(["up", "--listen", "127.0.0.1:0", "--from"])
            .arg(root.join("crates/host/guest-probe"))
            .arg("--state-dir")
            .arg(state.path())
            .arg("--cache-dir")
            .arg(root.join("target/component-cache")),
    )?;
    let twin =
        Server::start(Command::new(root.join("target/release/examples/twin")).arg(state.path().join("sqlite_db.db")))?;
    let mut rows = Vec::new();
    for (name, p99_name, path, peer) in [
        ("host-plain", "host-plain-p99-ms", "/plain", "native twin (aim 0.3)"),
        ("host-select", "host-select-p99-ms", "/select", "native twin (aim 0.35)"),
    ] {
        let (mut us, mut them, mut our_p99, mut their_p99) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let round = wrk::run(&format!("{}{path}", ours.url))?;
            us.push(round.rate);
            our_p99.push(round.p99);
            let round = wrk::run(&format!("{}{path}", twin.url))?;
            them.push(round.rate);
            their_p99.push(round.p99);
        }
        rows.push(Row::more(name, median(us), "requests/s", peer, median(them)));
        rows.push(Row::less(p99_name, median(our_p99), "ms", "native twin", median(their_p99)));
    }
    Ok(rows)
}

/// From `up` to the first answer with warm code, and the memory of the runner when it has answered and is idle.
pub(crate) fn start() -> Result<Vec<Row>> {
    let mut house = House::start(Options { people: Some(1000), ..Options::default() })?;
    let (mut starts, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        house.stop();
        let begun = Instant::now();
        house.up()?;
        house.anonymous().get("/session/sign-in")?;
        starts.push(begun.elapsed().as_secs_f64() * 1000.0);
        sizes.push(resident_megabytes(house.pid().context("it does not run")?)?);
    }
    Ok(vec![
        Row::less("host-start-ms", median(starts), "ms", "limit", START_LIMIT),
        Row::less("host-idle-mb", median(sizes), "MB", "limit", IDLE_LIMIT),
    ])
}

/// What the kernel counts as resident, files mapped included.
fn resident_megabytes(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
