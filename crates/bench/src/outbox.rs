//! Deliveries drained to a local SMTP sink over kept connections.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use smtp_sink::{Script, Sink};
use store::{Database, params};
use tests::{House, NEVER, Options};

use crate::row::{Row, median};

const ROUNDS: usize = 3;
const DELIVERIES: usize = 3000;
/// Deliveries a second, without TLS.
const AIM: f64 = 1000.0;

/// One message to three thousand redirect addresses, drained by one call.
pub(crate) fn sink() -> Result<Vec<Row>> {
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let sink = Sink::start(Script::default())?;
        let house = House::start(Options {
            people: Some(1000),
            schedule: Some(NEVER),
            variables: vec![
                format!("smtp_relay={}", sink.address()),
                "smtp_tls=none".to_owned(),
                "drain_token=bench".to_owned(),
            ],
            ..Options::with(&["session", "outbox"])
        })?;
        queue(&house)?;
        let begun = Instant::now();
        let answer =
            house.anonymous().send("POST", "/api/v1/outbox/drain", &[("authorization", "Bearer bench")], Vec::new())?;
        let taken = sink.wait_for(DELIVERIES, Duration::from_secs(60)).len();
        if taken < DELIVERIES {
            bail!("{taken} of {DELIVERIES} arrived: {}", answer.text());
        }
        rates.push(DELIVERIES as f64 / begun.elapsed().as_secs_f64());
    }
    Ok(vec![Row::more("outbox-sink", median(rates), "mails/s", "aim", AIM)])
}

/// Puts the deliveries in the queue as submission would, in place of those of the demo.
fn queue(house: &House) -> Result<()> {
    let database = house.database()?;
    database.execute("DELETE FROM delivery_attempt", params![])?;
    database.execute("DELETE FROM delivery", params![])?;
    database.execute(
        "INSERT INTO delivery (id, uai, message_id, person_id, address, due_at, expires_at, created_at)
            SELECT substr(m.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.uai, m.id, NULL, 'p' || j.value || '@mail.example',
                0, 9000000000000, 0
            FROM (SELECT m.id, m.uai FROM message m JOIN submission s ON s.message_id = m.id WHERE m.author_id IS NOT NULL LIMIT 1) m,
                (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?1) SELECT value FROM n) j",
        params![i64::try_from(DELIVERIES)?],
    )?;
    Ok(())
}
