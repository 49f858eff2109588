//! The import ends at once (SIGKILL) at each of its stages: run again, it makes the directory that it would have made.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use feed::Extent;
use store::{Database as _, File};

use crate::{content, database_in, empty_house, import_into, printed};

/// When to kill, as a question to the database.
const MOMENTS: [(&str, &str); 4] = [
    ("files are being read", "SELECT 1 FROM import_entry LIMIT 1"),
    ("it is decided", "SELECT 1 FROM directory_import WHERE state = 'applying'"),
    ("the first people are there", "SELECT 1 FROM person LIMIT 1"),
    ("the first relatives are there", "SELECT 1 FROM person WHERE profile = 'relative' LIMIT 1"),
];

/// Starts an import, kills it as soon as the question has an answer; says whether it was not done yet.
fn kill_when(house: &tests::House, state: &str, folder: &Path, question: &str) -> Result<bool> {
    let folder = folder.to_str().context("a path")?;
    let mut process = house.begin(&["import", "--state-dir", state, "--domain", "ent.example", folder])?;
    let (until, path) = (Instant::now() + Duration::from_secs(60), house.folder().join(state).join("sqlite_db.db"));
    let mut database: Option<File> = None;
    loop {
        // Until the migrations have run there is nothing to ask.
        if database.is_none() && path.exists() {
            database = File::open(&path).ok();
        }
        let answered = database.as_ref().and_then(|database| database.first(question, &[]).ok()?);
        if answered.is_some() || process.try_wait()?.is_some() {
            break;
        }
        if Instant::now() > until {
            bail!("{question}: never");
        }
    }
    process.kill()?;
    process.wait()?;
    let database = database.context("no database")?;
    Ok(database.first("SELECT 1 FROM directory_import WHERE state = 'applied'", &[])?.is_none())
}

#[test]
fn a_kill_is_made_good_by_running_again() -> Result<()> {
    let house = empty_house()?;
    let files = tempfile::tempdir()?;
    // Some steps for each kind of people.
    demo::aaf::write(files.path(), &demo::Options::of(12_000, 0), 0)?;
    import_into(&house, "whole", files.path(), &[])?;
    let whole = content::of(&database_in(&house, "whole")?)?;
    assert!(whole["people"].len() > 11_000);
    for (number, (moment, question)) in MOMENTS.iter().enumerate() {
        let state = format!("killed-{number}");
        assert!(kill_when(&house, &state, files.path(), question)?, "{moment}: it was done before it was killed");
        let told = printed(&import_into(&house, &state, files.path(), &[])?)?;
        told.reconcile(Extent::Full);
        content::same(&whole, &content::of(&database_in(&house, &state)?)?, moment);
    }
    // And killed each time it goes on, a little later than before.
    let (mut wait, mut kills) = (Duration::from_millis(100), 0);
    let folder = files.path().to_str().context("a path")?;
    loop {
        let mut process = house.begin(&["import", "--state-dir", "often", "--domain", "ent.example", folder])?;
        std::thread::sleep(wait);
        if let Some(status) = process.try_wait()? {
            assert!(status.success(), "after {kills} kills: {status}");
            break;
        }
        process.kill()?;
        process.wait()?;
        (wait, kills) = (wait + Duration::from_millis(150), kills + 1);
    }
    assert!(kills > 1);
    content::same(&whole, &content::of(&database_in(&house, "often")?)?, "killed often");
    Ok(())
}
