//! How fast, in how much memory: `measure write <folder> <people>` makes an academy's files, `measure read <folder> <database>`
//! imports them as the command line does.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::Instant;

use demo::{Options, aaf};
use provisioning::{Mode, Request, Source, Staging, System, advance, begin, confirm, load, prepare};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write", folder, people] => {
            std::fs::create_dir_all(folder)?;
            aaf::write(Path::new(folder), &Options::of(people.parse()?, 0), 0)?;
            Ok(())
        }
        ["read", folder, database] => read(Path::new(folder), Path::new(database)),
        _ => Err("write <folder> <people>, or read <folder> <database>".into()),
    }
}

fn read(folder: &Path, path: &Path) -> Result<(), Box<dyn Error>> {
    let new = !path.exists();
    let database = store::File::open(path)?;
    if new {
        store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations"))?;
    }
    database.batch("PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 8000")?;
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    let start = Instant::now();
    let said = |what: &str| println!("{what}: {:.2} s, {} KiB", start.elapsed().as_secs_f64(), peak());
    let source = Source::aaf(Some("measure"));
    let request =
        Request { source: &source, mode: Mode::Full, limits: None, domain: Some("ent.test"), person: None, now: 0 };
    let id = begin(&database, &mut System::default(), &request)?.id;
    let import = || -> Result<_, Box<dyn Error>> { load(&database, &id)?.ok_or_else(|| "gone".into()) };
    for file in &files {
        let name = file.file_name().ok_or("a name")?.to_string_lossy();
        let mut staging = Staging::open(&database, &import()?, &name)?;
        feed::read(&name, None, BufReader::with_capacity(1 << 16, File::open(file)?), &mut staging)?;
        staging.finish()?;
    }
    said("staged");
    let counts = prepare(&database, &import()?)?;
    said("prepared");
    println!("{} read, {} rejected, {:?}", counts.read, counts.rejected, counts.total());
    confirm(&database, &import()?, true)?;
    said("confirmed");
    let import = import()?;
    let mut chance = System::default();
    loop {
        database.batch("BEGIN IMMEDIATE")?;
        let progress = advance(&database, &import, &mut chance, i64::try_from(start.elapsed().as_millis())?, 2000)?;
        database.batch("COMMIT")?;
        if progress.remaining % 10_000 < 2000 {
            said(&format!("{} remain", progress.remaining));
        }
        if progress.done {
            break;
        }
    }
    said("done");
    Ok(())
}

/// The most memory so far, in KiB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").to_owned()
}
