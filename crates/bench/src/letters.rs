//! Account letters for a whole school (P-3): ten thousand, one a page and eight, beside Typst, ReportLab and WeasyPrint, which make
//! the same sheets of the same accounts, QR codes included (`peers/letters.py`).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use letters::{Account, Layout, Press, Profile, Sender};
use serde::Deserialize;

use crate::letters_component::School;
use crate::row::{Row, median};

const LETTERS: u32 = 10_000;
const ROUNDS: usize = 3;
/// What a job prints between two looks at the clock.
const SLICE: usize = 500;
const PEERS: [&str; 3] = ["Typst", "ReportLab", "WeasyPrint"];
const PACKAGES: [&str; 4] = ["typst", "reportlab", "segno", "weasyprint"];

/// A line of the peers' script.
#[derive(Deserialize)]
struct Peer {
    peer: String,
    layout: String,
    letters: u32,
    seconds: f64,
    bytes: f64,
}

/// `letters-1up-10k`, `letters-8up-10k`, `letters-mb`: natively, without a database; `…-component`: through HTTP and with one.
pub(crate) fn rows() -> Result<Vec<Row>> {
    let people: Vec<[String; 3]> = (0..LETTERS)
        .map(|n| [format!("Benali {n}"), format!("lina.benali{n}"), format!("ab{:06}", n * 37 % 1_000_000)])
        .collect();
    let peers = peers(&people)?;
    let school = School::open()?;
    let mut rows = Vec::new();
    for (name, through, layout, said) in [
        ("letters-1up-10k", "letters-1up-10k-component", Layout::OnePerPage, "one"),
        ("letters-8up-10k", "letters-8up-10k-component", Layout::EightPerPage, "eight"),
    ] {
        let mut rates = Vec::new();
        let mut megabytes = 0.0;
        for _ in 0..ROUNDS {
            let (seconds, pages, bytes) = print(&people, layout)?;
            rates.push(f64::from(LETTERS) / seconds);
            megabytes = bytes / 1e6;
            eprintln!("{name}: {seconds:.2} s, {:.0} pages/s, {megabytes:.1} MB", f64::from(pages) / seconds);
        }
        let rate = median(rates);
        let component = median((0..ROUNDS).map(|_| school.print(said)).collect::<Result<_>>()?);
        let beside = peers.iter().filter(|peer| peer.layout == said);
        let fastest = beside.max_by(|a, b| a.rate().total_cmp(&b.rate()));
        match fastest.and_then(|peer| Some((peer, PEERS.iter().find(|known| **known == peer.peer)?))) {
            Some((peer, known)) => {
                rows.push(Row::more(name, rate, "letters/s", known, peer.rate()));
                rows.push(Row::more(through, component, "letters/s", known, peer.rate()));
                if layout == Layout::OnePerPage {
                    let theirs = peer.bytes / f64::from(peer.letters) * f64::from(LETTERS) / 1e6;
                    rows.push(Row::less("letters-mb", megabytes, "MB", known, theirs));
                }
            }
            None => {
                eprintln!("{name}: {rate:.0} letters/s, {megabytes:.1} MB, {component:.0} in the component, no peer")
            }
        }
    }
    Ok(rows)
}

fn print(people: &[[String; 3]], layout: Layout) -> Result<(f64, u32, f64)> {
    let sender = Sender {
        name: "Collège Jean-Jaurès".to_owned(),
        uai: "0310001A".to_owned(),
        address_lines: vec!["12 avenue des Minimes".to_owned(), "31200 Toulouse".to_owned()],
        logo: None,
        activation_url: Some("https://ent.exemple.fr/session/activate?login=".to_owned()),
        site: "ent.exemple.fr".to_owned(),
        date: "Toulouse, le 22 novembre 2026".to_owned(),
    };
    let accounts = people.iter().map(|[family, login, code]| Account {
        given: "Lina",
        family,
        profile: Profile::Student,
        login,
        code: Some(code),
        class: Some("6e B"),
        children: &[],
        address: &[],
        federated: false,
    });
    let accounts: Vec<_> = accounts.collect();
    let begun = Instant::now();
    let mut press = Press::new(&sender, layout, "Comptes");
    let mut bytes = 0;
    for slice in accounts.chunks(SLICE) {
        bytes += press.accounts(&sender, slice)?.len();
    }
    let pages = press.pages();
    bytes += press.finish().len();
    let bytes = u32::try_from(bytes).context("a file of more than 4 GB")?;
    Ok((begun.elapsed().as_secs_f64(), pages, f64::from(bytes)))
}

impl Peer {
    fn rate(&self) -> f64 {
        f64::from(self.letters) / self.seconds
    }
}

/// What the peers did with the same accounts; nothing, and the reason on the error output, where they cannot be had.
fn peers(people: &[[String; 3]]) -> Result<Vec<Peer>> {
    let python = match python() {
        Ok(python) => python,
        Err(error) => {
            eprintln!("letters: no peers: {error:#}");
            return Ok(Vec::new());
        }
    };
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("accounts.tsv");
    let mut lines = String::new();
    for [family, login, code] in people {
        writeln!(lines, "Lina {family}\tÉlève, 6e B\t{login}\t{code}")?;
    }
    std::fs::write(&file, lines)?;
    let repository = tests::repository();
    let told = Command::new(python)
        .arg(repository.join("crates/bench/peers/letters.py"))
        .arg(&file)
        .arg(repository.join("crates/letters/fonts"))
        .stderr(Stdio::inherit())
        .output()?;
    let mut peers: Vec<Peer> = Vec::new();
    for line in String::from_utf8(told.stdout)?.lines() {
        peers.push(serde_json::from_str(line)?);
    }
    let told: BTreeMap<String, String> =
        peers.iter().map(|peer| (format!("{} {}", peer.peer, peer.layout), format!("{:.0}/s", peer.rate()))).collect();
    eprintln!("letters: peers {told:?}");
    Ok(peers)
}

/// A Python with the peers' packages, in `target/`.
fn python() -> Result<PathBuf> {
    let place = tests::repository().join("target/bench-venv");
    let python = place.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    }
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES))?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<()> {
    let program = Path::new(command.get_program()).display().to_string();
    let status = command.stdout(Stdio::null()).status().with_context(|| program.clone())?;
    ensure!(status.success(), "{program}: {status}");
    Ok(())
}
