//! A message to 10,000 people who have a redirect address and no mailbox, from the button to the last mail taken by a server.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use smtp_sink::{Script, Sink};
use store::{Database as _, File, params};
use submission::{Addressee, Desk, Draft, Field, Kind, save, submit};
use tests::{House, NEVER, Options};

use crate::postfix::Postfix;
use crate::row::{Row, median};

const ROUNDS: usize = 3;
const MAILS: usize = 10_000;
const PATIENCE: Duration = Duration::from_secs(120);

/// `broadcast-mail-10k`
pub(crate) fn mails() -> Result<Vec<Row>> {
    let (mut ours, mut theirs) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        ours.push(our_round()?);
        theirs.extend(their_round()?);
    }
    eprintln!("broadcast-mail-10k: {ours:.0?} mails/s; Postfix {theirs:.0?}");
    if theirs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Row::more("broadcast-mail-10k", median(ours), "mails/s", "Postfix, an alias of 10,000", median(theirs))])
}

fn our_round() -> Result<f64> {
    let sink = Sink::start(Script::default())?;
    let house = House::start(Options {
        people: Some(200),
        schedule: Some(NEVER),
        variables: vec![
            format!("smtp_relay={}", sink.address()),
            "smtp_tls=none".to_owned(),
            "drain_token=bench".to_owned(),
        ],
        ..Options::with(&["session", "outbox"])
    })?;
    let database = house.database()?;
    let (author, population) = fill(&database)?;
    let addressees = vec![Addressee { field: Field::Bcc, kind: Kind::Population, id: population }];
    let draft =
        Draft { subject: "Réunion".into(), body: "<p>Mardi à 18 h</p>".into(), addressees, ..Draft::default() };
    let begun = Instant::now();
    let desk = Desk { database: &database, now: 1 };
    let message = save(desk, &author, None, &draft, None)?;
    let receipt = submit(desk, &author, &message)?;
    ensure!(receipt.by_redirect as usize == MAILS, "{} of {MAILS} by redirect", receipt.by_redirect);
    // It was written in the year 1970: nothing is too old to leave, since the queue is told when it began.
    database.execute("UPDATE delivery SET expires_at = 9000000000000", params![])?;
    while sink.count() < MAILS {
        ensure!(begun.elapsed() < PATIENCE, "{} of {MAILS} arrived", sink.count());
        let token = [("authorization", "Bearer bench")];
        house.anonymous().send("POST", "/api/v1/outbox/drain", &token, Vec::new())?;
    }
    Ok(MAILS as f64 / begun.elapsed().as_secs_f64())
}

/// Ten thousand relatives with a redirect address and no mailbox, in place of the mails and redirects of the demo. The
/// administrator, and the population of all relatives of her school.
fn fill(database: &File) -> Result<(String, String)> {
    database.batch("BEGIN; DELETE FROM delivery_attempt; DELETE FROM delivery; DELETE FROM redirect;")?;
    let row = database.first(
        "SELECT p.id, o.id, o.group_id, p.uai FROM person p JOIN rubrique r ON r.uai = p.uai AND r.name = 'Direction'
            JOIN population o ON o.rubrique_id = r.id JOIN person_group g ON g.id = o.group_id AND g.profile = 'relative'
            WHERE p.login = 'sophie.legoff'",
        params![],
    )?;
    let row = row.context("no rubrique in the demo")?;
    let (author, population) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
    database.execute(
        "WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?2)
        INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
        SELECT '01J' || substr(hex(randomblob(12)), 1, 23), ?1, 'relative', 'Nom' || value, 'Prénom', 'nom' || value || ' prenom',
            'banc' || value, 'banc' || value || '@ent.example', 0 FROM n",
        params![row.text(3)?, i64::try_from(MAILS)?],
    )?;
    database.execute(
        "INSERT INTO membership SELECT ?1, id FROM person WHERE login GLOB 'banc[0-9]*'",
        params![row.text(2)?],
    )?;
    database.batch(
        "INSERT INTO redirect (person_id, address, verified_at) SELECT id, login || '@mail.example', 1 FROM person WHERE login GLOB 'banc[0-9]*';
        INSERT INTO role_override SELECT id, 'mailbox', 0 FROM person WHERE login GLOB 'banc[0-9]*'; COMMIT",
    )?;
    Ok((author, population))
}

/// The same number of people in an alias of Postfix; nothing, with the reason said, when it cannot run here.
fn their_round() -> Result<Option<f64>> {
    let sink = Sink::start(Script::default())?;
    let addresses: Vec<String> = (1..=MAILS).map(|n| format!("banc{n}@mail.example")).collect();
    let Some(postfix) = Postfix::start(sink.address(), &addresses)? else { return Ok(None) };
    let begun = Instant::now();
    postfix.send("Réunion", "<p>Mardi à 18 h</p>")?;
    while sink.count() < MAILS {
        ensure!(begun.elapsed() < PATIENCE, "{} of {MAILS} arrived:\n{}", sink.count(), postfix.log());
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(Some(MAILS as f64 / begun.elapsed().as_secs_f64()))
}
