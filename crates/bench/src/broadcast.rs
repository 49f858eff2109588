//! A message to a population of 10,000 and of 100,000, over a file with the settings of the runner: from the draft to the last
//! mailbox, which is one statement and the receipt. Three recipients in ten have a redirect address as well.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result};
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use store::{Database as _, File, params};
use submission::{Addressee, Desk, Draft, Field, Kind, save, submit};

use crate::row::{Row, median};

const ROUNDS: i64 = 5;
/// Milliseconds to the last of 10,000 mailboxes, and of 100,000.
const LIMIT_10K: f64 = 200.0;
const LIMIT_100K: f64 = 2000.0;

const TEACHER: &str = "01TEACHER00000000000000000";
const POPULATION: &str = "01P0PV1AT10N00000000000000";

/// A school with one teacher, her rubrique, and a population of this many relatives.
const SCHOOL: &str = "
    BEGIN;
    INSERT INTO establishment (uai, name, domain, created_at) VALUES ('0310001A', 'Collège', 'ent.test', 0);
    INSERT INTO profile_role VALUES ('0310001A', 'teacher', 'send'), ('0310001A', 'teacher', 'mailbox'), ('0310001A', 'relative', 'mailbox');
    INSERT INTO person_group (id, uai, kind, profile, name, folded_name, participation, settled) VALUES
        ('01GR0VPRE1AT1VES0000000000', '0310001A', 'establishment', 'relative', 'Tous les parents', 'tous les parents', 'outgoing', 1),
        ('01GR0VPTEACHERS00000000000', '0310001A', 'establishment', 'teacher', 'Tous les enseignants', 'tous les enseignants', 'incoming', 1);
    INSERT INTO rule VALUES ('01GR0VPTEACHERS00000000000', '01GR0VPRE1AT1VES0000000000');
    INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
    VALUES ('01TEACHER00000000000000000', '0310001A', 'teacher', 'Vidal', 'Anne', 'vidal anne', 'vidal', 'vidal@ent.test', 0);
    INSERT INTO membership VALUES ('01GR0VPTEACHERS00000000000', '01TEACHER00000000000000000');
    INSERT INTO rubrique (id, uai, name, folded_name, created_at) VALUES ('01RVBR1QVE0000000000000000', '0310001A', 'Vie scolaire', 'vie scolaire', 0);
    INSERT INTO rubrique_editor VALUES ('01RVBR1QVE0000000000000000', '01GR0VPTEACHERS00000000000', '');
    INSERT INTO population VALUES ('01P0PV1AT10N00000000000000', '01RVBR1QVE0000000000000000', '01GR0VPRE1AT1VES0000000000', '');";

/// Ids are as random as real ones: neighbours in a group are not neighbours in the indexes.
const RELATIVES: &str = "
    WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?1)
    INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
    SELECT '01J' || substr(hex(randomblob(12)), 1, 23), '0310001A', 'relative', 'Nom' || value, 'Prénom', 'nom' || value || ' prenom',
        'r' || value, 'r' || value || '@ent.test', 0 FROM n";

const TIES: &str = "
    INSERT INTO membership SELECT '01GR0VPRE1AT1VES0000000000', id FROM person WHERE profile = 'relative';
    INSERT INTO redirect (person_id, address, verified_at)
        SELECT id, login || '@mail.example', 1 FROM person WHERE profile = 'relative' AND n % 10 < 3;
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE);";

/// Those of `crates/host/src/sqlite/pool.rs`.
const SETTINGS: &str = "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;";

/// `broadcast-10k-ms`, `broadcast-100k-ms`, `broadcast-statements`
pub(crate) fn acceptance() -> Result<Vec<Row>> {
    let small = school(100)?;
    let (tens, hundreds) = (school(10_000)?, school(100_000)?);
    let statements = traced(&tens.path().join("school.db"))?;
    let few = traced(&small.path().join("school.db"))?;
    Ok(vec![
        Row::less("broadcast-10k-ms", sent(tens.path(), 10_000)?, "ms", "limit", LIMIT_10K),
        Row::less("broadcast-100k-ms", sent(hundreds.path(), 100_000)?, "ms", "limit", LIMIT_100K),
        Row::less("broadcast-statements", statements, "statements", "the same to 100 people", few),
    ])
}

fn school(relatives: u32) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let file = File::open(&folder.path().join("school.db"))?;
    file.batch("PRAGMA cache_size = -262144")?;
    store::apply_migrations(&file, &tests::repository().join("sql/migrations"))?;
    file.batch(SCHOOL)?;
    file.execute(RELATIVES, params![relatives])?;
    file.batch(TIES)?;
    Ok(folder)
}

fn draft(file: &File, now: i64) -> Result<String> {
    let addressees = vec![Addressee { field: Field::Bcc, kind: Kind::Population, id: POPULATION.to_owned() }];
    let draft =
        Draft { subject: "Réunion".into(), body: "<p>Mardi à 18 h</p>".into(), addressees, ..Draft::default() };
    Ok(save(Desk { database: file, now }, TEACHER, None, &draft, None)?)
}

/// Milliseconds, median of the rounds. Between two, the log is emptied, as the runner does once a second.
fn sent(folder: &Path, relatives: u32) -> Result<f64> {
    let file = File::open(&folder.join("school.db"))?;
    file.batch(SETTINGS)?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let message = draft(&file, round)?;
        file.batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        let begun = Instant::now();
        let receipt = submit(Desk { database: &file, now: round }, TEACHER, &message)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        anyhow::ensure!(receipt.recipients == relatives, "{} of {relatives}", receipt.recipients);
    }
    eprintln!("broadcast: {relatives} recipients in {times:.0?} ms");
    Ok(median(times))
}

static STATEMENTS: AtomicU32 = AtomicU32::new(0);

/// How many statements SQLite runs for one send, those of the triggers too.
fn traced(path: &Path) -> Result<f64> {
    let message = draft(&File::open(path)?, 0)?;
    let connection = rusqlite::Connection::open(path)?;
    connection.execute_batch("PRAGMA foreign_keys = ON")?;
    STATEMENTS.store(0, Ordering::Relaxed);
    let count = |_: TraceEvent<'_>| {
        STATEMENTS.fetch_add(1, Ordering::Relaxed);
    };
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(count));
    // As `submit` does.
    connection
        .execute("INSERT INTO submission (message_id, submitted_at, size, broadcast) VALUES (?1, 1, 100, 1)", [message])
        .context("the send")?;
    connection.trace_v2(TraceEventCodes::empty(), None);
    Ok(f64::from(STATEMENTS.load(Ordering::Relaxed)))
}
