//! Writes a made-up directory as AAF files, reads them, and says how fast: `aaf <folder> <people>`.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::time::Instant;

use demo::{Options, aaf};
use feed::{Entry, Reject, Sink, Stop};

struct Nothing;

impl Sink for Nothing {
    fn entry(&mut self, _: Entry) -> Result<(), Stop> {
        Ok(())
    }

    fn reject(&mut self, _: Reject) -> Result<(), Stop> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let people = arguments.next().ok_or("how many people?")?.parse()?;
    std::fs::create_dir_all(&folder)?;
    let start = Instant::now();
    let files = aaf::write(&folder, &Options::of(people, 0), 0)?;
    println!("{} files written in {:.1} s", files.len(), start.elapsed().as_secs_f64());
    let (start, mut entries, mut bytes) = (Instant::now(), 0, 0);
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let file = File::open(file)?;
        bytes += file.metadata()?.len();
        entries += feed::read(&name, None, BufReader::with_capacity(64 * 1024, file), &mut Nothing)?.read;
    }
    let (time, megabytes) = (start.elapsed().as_secs_f64(), bytes as f64 / 1e6);
    println!("{entries} entries, {megabytes:.0} MB, read in {time:.2} s: {:.0} MB/s", megabytes / time);
    Ok(())
}
