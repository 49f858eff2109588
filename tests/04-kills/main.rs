//! The runner ends at once (SIGKILL) at random moments of a drain of a thousand deliveries, twenty times over. Nothing is
//! lost; what goes twice was between the server's 250 and our write, and has the same Message-ID.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use smtp_sink::{Fault, Script, Sink, Stage};
use store::{Database, File, params};
use tests::{EACH_SECOND, House, Options};

const DELIVERIES: i64 = 1000;
const KILLS: u32 = 20;

/// xorshift: moments that are the same at each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn queue(database: &File) -> Result<()> {
    database.execute("DELETE FROM delivery_attempt", params![])?;
    database.execute("DELETE FROM delivery", params![])?;
    database.execute(
        "INSERT INTO delivery (id, uai, message_id, address, due_at, expires_at, created_at)
            SELECT substr(m.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.uai, m.id, 'p' || j.value || '@mail.example', 0, 9000000000000, 0
            FROM (SELECT m.id, m.uai FROM message m JOIN submission s ON s.message_id = m.id WHERE m.author_id IS NOT NULL LIMIT 1) m,
                (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?1) SELECT value FROM n) j",
        params![DELIVERIES],
    )?;
    Ok(())
}

fn left(database: &File) -> Result<i64> {
    Ok(database
        .first("SELECT count(*) FROM delivery WHERE state <> 'sent'", params![])?
        .map(|row| row.integer(0))
        .transpose()?
        .unwrap_or(-1))
}

#[test]
fn twenty_kills_lose_nothing() -> Result<()> {
    // Two milliseconds a mail: long enough that a kill falls into the middle of the drain.
    let slow = Script::failing(Stage::Dot, Fault::Wait(Duration::from_millis(2)));
    let sink = Sink::start(slow)?;
    let mut house = House::start(Options {
        people: Some(200),
        schedule: Some(EACH_SECOND),
        variables: vec![format!("smtp_relay={}", sink.address()), "smtp_tls=none".to_owned()],
        ..Options::with(&["session", "outbox-cron"])
    })?;
    house.kill();
    queue(&house.database()?)?;

    let mut random = Random(0x5eed_cafe);
    let mut in_the_middle = 0;
    for _ in 0..KILLS {
        let before = sink.taken().len();
        house.up()?;
        // The schedule fires within a second; from the first mail on, up to 60 ms pass: about 25 mails.
        let until = Instant::now() + Duration::from_secs(20);
        while sink.taken().len() == before && left(&house.database()?)? > 0 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(random.below(60)));
        house.kill();
        if left(&house.database()?)? > 0 {
            in_the_middle += 1;
        }
        // The leases of the dead run end.
        house.database()?.execute("UPDATE delivery SET due_at = 0 WHERE state IN ('pending', 'leased')", params![])?;
    }
    assert!(in_the_middle >= KILLS / 2, "only {in_the_middle} kills fell into the drain");

    sink.change(Script::default());
    house.up()?;
    let until = Instant::now() + Duration::from_secs(120);
    while left(&house.database()?)? > 0 {
        if Instant::now() > until {
            bail!("{} are left:\n{}", left(&house.database()?)?, house.log());
        }
        std::thread::sleep(Duration::from_millis(100));
    }

    let mut arrived: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    for mail in sink.taken() {
        let address = mail.recipients.into_iter().next().unwrap_or_default();
        arrived.entry(address).or_default().push(mail.message);
    }
    for n in 1..=DELIVERIES {
        assert!(arrived.contains_key(&format!("p{n}@mail.example")), "p{n} is lost");
    }
    let twice: usize = arrived.values().map(|mails| mails.len() - 1).sum();
    println!("{in_the_middle} of {KILLS} kills fell into the drain; {twice} mails went twice, none was lost");
    assert!(twice <= KILLS as usize, "{twice} mails went twice in {KILLS} kills: at most the one in flight each time");
    let same = |mails: &Vec<Vec<u8>>| mails.iter().all(|mail| Some(mail) == mails.first());
    assert!(arrived.values().all(same), "a second mail differs from the first");
    Ok(())
}
