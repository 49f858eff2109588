//! Ten thousand account mails queued (P-4): the statements, on a file, with the settings of the runner.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use mailing::campaign::Kind;
use mailing::{Criteria, Start, Viewpoint};
use store::{Database as _, File, params};
use submission::{AccountText, Desk};

use crate::row::{Row, median};

const ROUNDS: usize = 3;
const ACCOUNTS: u32 = 10_000;
/// Milliseconds.
const LIMIT: f64 = 1000.0;
/// 2026-10-01T06:00:00Z
const NOW: i64 = 1_790_834_400_000;

/// `letters-mail-10k-ms`: from the selection to the outbox.
pub(crate) fn mails() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let database = File::open(&folder.path().join("bench.sqlite"))?;
    store::apply_migrations(&database, &tests::repository().join("sql/migrations"))?;
    // Some people have left or are blocked: ten thousand are there.
    let people = ACCOUNTS + ACCOUNTS / 100;
    demo::run(&database, &demo::Options { people, establishments: 1, seed: 1, now: NOW })?;
    database.batch(
        "PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;
         INSERT INTO person_detail (person_id, mail) SELECT id, 'p' || n || '@mail.example' FROM person WHERE true
         ON CONFLICT DO UPDATE SET mail = excluded.mail;",
    )?;
    let row = database.first("SELECT person_id, uai FROM local_admin", params![])?.context("nobody administers")?;
    let (viewer, uai) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
    let sender = mailing::letterhead::sender(&database, &uai, Some("https://ent.example"), NOW)?;
    let (mut all, mut queueing) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let now = NOW + i64::try_from(round)?;
        let id = format!("01JD8K4X5VCAM{round:013}");
        let start = Start { id: &id, job: &id, kind: Kind::Mail, sender: &sender, file_name: "", key: None, now };
        let begun = Instant::now();
        mailing::launch(&database, Viewpoint { viewer: &viewer, uai: &uai }, &Criteria::default(), start)?;
        let frozen = Instant::now();
        let texts: Vec<_> = mailing::mail::texts(&sender)
            .into_iter()
            .map(|text| AccountText {
                profile: text.profile.as_str().to_owned(),
                active: text.active,
                subject: text.subject,
                text: text.text,
            })
            .collect();
        let queued = submission::mail_accounts(Desk { database: &database, now }, &id, &texts)?;
        ensure!(queued >= ACCOUNTS, "{queued} of {ACCOUNTS} mails");
        all.push(begun.elapsed().as_secs_f64() * 1000.0);
        queueing.push(frozen.elapsed().as_secs_f64() * 1000.0);
    }
    eprintln!("letters-mail-10k-ms: {:.0} ms of them to queue", median(queueing));
    Ok(vec![Row::less("letters-mail-10k-ms", median(all), "ms", "limit", LIMIT)])
}
