//! What a school says to many (B-1 to B-5), over HTTP and SMTP: each of them gets it once and learns of nobody else, answers
//! come back to who wrote, whoever may not is refused whole, and a kill or a late clock neither loses nor doubles anything.

mod agenda;
mod announced;
mod liaison;
mod population;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use mail_parser::MessageParser;
use serde_json::{Value, json};
use smtp_sink::{Sink, Taken};
use store::{Database as _, File, params};
use tests::{Caller, House, Options};

const API: &str = "/api/v1/broadcast";
const MAILBOX: &str = "/api/v1/send-message";
const DAY: i64 = 86_400_000;

/// The demo school with a relay; all parents have a redirect address, and no mail of the demo's own is left to send.
fn house(sink: &Sink, schedule: &'static str) -> Result<House> {
    let house = House::start(Options {
        people: Some(400),
        schedule: Some(schedule),
        variables: vec![
            format!("smtp_relay={}", sink.address()),
            "smtp_tls=none".to_owned(),
            "public_url=https://ent.example.fr".to_owned(),
        ],
        ..Options::default()
    })?;
    let database = house.database()?;
    database.execute(
        "UPDATE delivery SET state = 'cancelled', lease_id = NULL, finished_at = 1 WHERE state <> 'sent'",
        params![],
    )?;
    database.execute(
        "INSERT INTO redirect (person_id, address, verified_at)
            SELECT id, login || '@maison.example.org', 1 FROM person WHERE profile = 'relative'
            ON CONFLICT (person_id) DO UPDATE SET address = excluded.address",
        params![],
    )?;
    Ok(house)
}

/// The id of a rubrique that the caller reads.
fn rubrique(caller: &Caller, name: &str) -> Result<String> {
    pick(&caller.get(&format!("{API}/rubriques"))?.ok()?, name)
}

/// The id of a population of a rubrique, as its editor finds it.
fn population(editor: &Caller, rubrique: &str, name: &str) -> Result<String> {
    pick(&editor.get(&format!("{API}/rubriques/{rubrique}/populations"))?.ok()?, name)
}

fn pick(list: &Value, name: &str) -> Result<String> {
    let found = list["items"].as_array().into_iter().flatten().find(|item| item["name"] == name);
    let id = found.and_then(|item| item["id"].as_str());
    Ok(id.with_context(|| format!("no {name} in {list}"))?.to_owned())
}

fn count(database: &File, of: &str, about: &str) -> Result<i64> {
    let row = database.first(&format!("SELECT count(*) FROM {of}"), params![about])?;
    Ok(row.context("no count")?.integer(0)?)
}

/// Texts of one column.
fn column(database: &File, sql: &str, about: &str) -> Result<Vec<String>> {
    let rows = database.execute(sql, params![about])?;
    Ok(rows.iter().map(|row| row.text(0).map(str::to_owned)).collect::<Result<_, _>>()?)
}

/// Asks until `ready` gives something.
fn wait<T>(house: &House, what: &str, mut ready: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = ready()? {
            return Ok(found);
        }
        if Instant::now() > until {
            bail!("{what} did not come:\n{}", house.log());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Empties the outbox by its own door; the mails that left since `before`.
fn drain(house: &House, sink: &Sink, before: usize) -> Result<Vec<Taken>> {
    let admin = house.sign_in("sophie.legoff")?;
    for _ in 0..200 {
        admin.post("/api/v1/outbox/drain", &json!({}))?.ok()?;
        let left = house.database()?.first("SELECT 1 FROM delivery WHERE state IN ('pending', 'leased')", params![])?;
        if left.is_none() {
            return Ok(sink.taken().split_off(before));
        }
    }
    bail!("the outbox does not get empty:\n{}", house.log())
}

/// All that a mail says, decoded: headers, text, HTML, and its other parts of text.
fn said(mail: &Taken) -> Result<String> {
    let parsed = MessageParser::default().parse(&mail.message).context("a mail")?;
    let mut text = String::from_utf8_lossy(&mail.message).into_owned();
    for header in parsed.headers() {
        text += &format!("\n{:?}", header.value());
    }
    for part in &parsed.parts {
        text += "\n";
        text += part.text_contents().unwrap_or_default();
    }
    Ok(text)
}

/// Ids of the messages with this subject in somebody's mailbox.
fn received(caller: &Caller, subject: &str) -> Result<Vec<String>> {
    let inbox = caller.get(&format!("{MAILBOX}/folders/inbox?limit=100"))?.ok()?;
    let found = inbox["items"].as_array().into_iter().flatten().filter(|item| item["subject"] == subject);
    Ok(found.filter_map(|item| item["id"].as_str().map(str::to_owned)).collect())
}
