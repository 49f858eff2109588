//! Messages to a population (B-1).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use smtp_sink::{Script, Sink};
use store::{Database as _, params};
use tests::{Answer, Caller, House, NEVER, Options};

use super::{API, MAILBOX, column, count, drain, house, population, received, rubrique, said};

fn send(author: &Caller, rubrique: &str, population: &str, subject: &str, key: &str) -> Result<Answer> {
    let content =
        json!({"population": population, "subject": subject, "html": "<p>La piscine ferme <b>mardi</b>.</p>"});
    author.send(
        "POST",
        &format!("{API}/rubriques/{rubrique}/messages"),
        &[("content-type", "application/json"), ("idempotency-key", key)],
        serde_json::to_vec(&content)?,
    )
}

#[test]
fn a_population_is_written_to_once_and_its_people_do_not_see_each_other() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = house(&sink, NEVER)?;
    let database = house.database()?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let class = rubrique(&claire, "Classe de 6A")?;
    let parents = population(&claire, &class, "Parents de 6A")?;
    let subject = "Piscine : « fermée »";

    // Twice with one key: one message.
    let first = send(&claire, &class, &parents, subject, "piscine")?.ok()?;
    let again = send(&claire, &class, &parents, subject, "piscine")?.ok()?;
    assert_eq!(first, again);
    let message = first["message"].as_str().context("no message")?.to_owned();
    assert_eq!(count(&database, "message WHERE subject = ?1", subject)?, 1);
    let people =
        column(&database, "SELECT person_id FROM recipient WHERE message_id = ?1 AND field = 'bcc'", &message)?;
    ensure!(people.len() > 10 && first["recipients"] == people.len(), "{first} for {} people", people.len());

    // In Karim's mailbox, once, with nobody else in it.
    assert_eq!(received(&karim, subject)?, std::slice::from_ref(&message));
    let others = database.execute(
        "SELECT p.id, p.first_name || ' ' || p.last_name, p.universal_address, d.address
            FROM recipient x JOIN person p ON p.id = x.person_id JOIN redirect d ON d.person_id = p.id WHERE x.message_id = ?1",
        params![&message],
    )?;
    let named = |text: &str, but: &str, how: &str| -> Result<()> {
        let own = others.iter().find(|row| row.text(0).is_ok_and(|id| id == but)).context("not a recipient")?;
        for row in others.iter().filter(|row| row.text(0).is_ok_and(|id| id != but)) {
            for (index, what) in [(1, "name"), (2, "universal address"), (3, "redirect address")] {
                let secret = row.text(index)?;
                ensure!(secret == own.text(index)? || !text.contains(secret), "{how} shows another's {what}");
            }
        }
        Ok(())
    };
    let conversation = karim.get(&format!("{MAILBOX}/messages/{message}"))?;
    ensure!(conversation.ok()?["items"][0]["subject"] == subject, "{}", conversation.text());
    named(&conversation.text(), &karim.id, "the API")?;
    let page = karim.get(&format!("/send-message/messages/{message}"))?;
    assert_eq!(page.status, 200);
    named(&page.text(), &karim.id, "the page")?;

    // Whatever button is pressed, the answer goes to Claire alone.
    for how in ["reply", "reply-all"] {
        let draft = karim.post(&format!("{MAILBOX}/messages/{message}/respond"), &json!({"how": how}))?.ok()?;
        assert_eq!(draft["addressees"].as_array().map(Vec::len), Some(1), "{draft}");
        let id = draft["id"].as_str().context("no draft")?;
        karim.post(&format!("{MAILBOX}/drafts/{id}/submit"), &json!({}))?.ok()?;
        assert_eq!(
            column(&database, "SELECT person_id FROM recipient WHERE message_id = ?1", id)?,
            std::slice::from_ref(&claire.id)
        );
    }

    // One mail for each address, in an envelope of its own, silent about the others.
    let mut by_address = BTreeMap::new();
    for mail in drain(&house, &sink, 0)? {
        ensure!(mail.recipients.len() == 1, "an envelope for {} people", mail.recipients.len());
        let address = mail.recipients.first().context("no recipient")?.clone();
        // Karim's two answers.
        if address != "claire.lefevre@example.org" {
            ensure!(by_address.insert(address, mail).is_none(), "somebody had two mails");
        }
    }
    for row in &others {
        let mail = by_address.remove(row.text(3)?).context("a parent without mail")?;
        let text = said(&mail)?;
        ensure!(text.contains("La piscine ferme"), "another mail: {text}");
        named(&text, row.text(0)?, "a mail")?;
        ensure!(!text.contains("maison.example.org"), "a redirect address is in a mail (F-2)");
    }
    ensure!(by_address.is_empty(), "mails to others: {:?}", by_address.keys());

    // And the report counts the same.
    let report = claire.get(&format!("{API}/messages/{message}"))?.ok()?;
    for (figure, wanted) in [("by_redirect", others.len()), ("sent", others.len()), ("pending", 0), ("failed", 0)] {
        assert_eq!(report[figure], wanted, "{figure} in {report}");
    }
    assert_eq!(report["send"]["recipients"], people.len());
    assert_eq!(report["opened"], 1, "Karim opened it");
    let sends = claire.get(&format!("{API}/rubriques/{class}/messages"))?.ok()?;
    let listed = sends["items"].as_array().into_iter().flatten().filter(|send| send["message"] == message.as_str());
    assert_eq!(listed.count(), 1, "{sends}");
    let log = house.log();
    ensure!(!log.contains("maison.example.org") && !log.contains("iscine"), "an address or a subject is in the log");
    Ok(())
}

/// Rows of everything that a send writes.
fn written(house: &House) -> Result<Vec<i64>> {
    let database = house.database()?;
    ["message", "submission", "audience", "recipient", "mailbox_entry", "delivery"]
        .iter()
        .map(|table| count(&database, &format!("{table} WHERE ?1 = ''"), ""))
        .collect()
}

#[test]
fn whoever_may_not_send_sends_nothing() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = house(&sink, NEVER)?;
    let (claire, sophie) = (house.sign_in("claire.lefevre")?, house.sign_in("sophie.legoff")?);
    let class = rubrique(&claire, "Classe de 6A")?;
    let parents = population(&claire, &class, "Parents de 6A")?;
    let office = rubrique(&sophie, "Direction")?;
    let list = sophie.get(&format!("{API}/rubriques/{office}/populations"))?.ok()?;
    let elsewhere = list["items"][0]["id"].as_str().context("no population")?.to_owned();
    let before = written(&house)?;
    for login in ["karim.benali", "lina.benali"] {
        let reader = house.sign_in(login)?;
        assert_eq!(send(&reader, &class, &parents, "Pirate", "k")?.code()?, "forbidden", "{login}");
        // The office is read by all, edited by the head's people.
        assert_eq!(send(&reader, &office, &elsewhere, "Pirate", "k")?.code()?, "forbidden", "{login}");
    }
    assert_eq!(send(&claire, &class, &elsewhere, "Pirate", "k")?.code()?, "audience-refused");
    assert_eq!(send(&claire, &office, &elsewhere, "Pirate", "k")?.code()?, "forbidden");
    let unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    assert_eq!(send(&claire, &class, unknown, "Pirate", "k")?.code()?, "audience-refused");
    assert_eq!(send(&claire, unknown, &parents, "Pirate", "k")?.code()?, "not-found");
    assert_eq!(house.anonymous().post(&format!("{API}/rubriques/{class}/messages"), &json!({}))?.status, 401);
    // Nor by the door of ordinary messages.
    let addressees = json!([{"field": "bcc", "kind": "population", "id": parents}]);
    let direct =
        claire.post(&format!("{MAILBOX}/messages"), &json!({"subject": "Pirate", "addressees": addressees}))?;
    ensure!((400..500).contains(&direct.status), "{}: {}", direct.status, direct.text());
    assert_eq!(written(&house)?, before, "something was written");
    Ok(())
}

const KILLS: u32 = 20;

/// xorshift: moments that are the same at each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

#[test]
fn a_kill_leaves_all_of_a_send_or_nothing_and_the_same_key_finishes_it() -> Result<()> {
    let mut house = House::start(Options { people: Some(5000), schedule: Some(NEVER), ..Options::default() })?;
    let sophie = house.sign_in("sophie.legoff")?;
    let office = rubrique(&sophie, "Direction")?;
    let list = sophie.get(&format!("{API}/rubriques/{office}/populations"))?.ok()?;
    let largest = list["items"].as_array().into_iter().flatten().max_by_key(|item| item["people"].as_u64());
    let largest = largest.and_then(|item| item["id"].as_str()).context("no population")?.to_owned();
    house.database()?.execute(
        "INSERT INTO redirect (person_id, address, verified_at) SELECT id, login || '@maison.example.org', 1 FROM person WHERE true
            ON CONFLICT (person_id) DO UPDATE SET address = excluded.address",
        params![],
    )?;
    // The whole network in one population.
    house.database()?.execute(
        "INSERT OR IGNORE INTO membership (group_id, person_id)
            SELECT o.group_id, p.id FROM population o JOIN person p ON o.profile IN ('', p.profile) WHERE o.id = ?1",
        params![&largest],
    )?;
    // How much, and how long, when nothing goes wrong and all is warm.
    send(&sophie, &office, &largest, "Avant", "avant")?.ok()?;
    let begun = Instant::now();
    let whole = send(&sophie, &office, &largest, "Entier", "entier")?.ok()?;
    let length = u64::try_from(begun.elapsed().as_micros())?;
    let people = whole["recipients"].as_i64().context("no recipients")?;
    ensure!(people > 4000, "{people} people");

    let mut random = Random(0x5eed_cafe);
    let (mut nothing, mut unheard) = (0, 0);
    for round in 0..KILLS {
        let (subject, key) = (format!("Coupure {round}"), format!("coupure-{round}"));
        let sophie = house.sign_in("sophie.legoff")?;
        let request = {
            let (office, largest, subject, key) = (office.clone(), largest.clone(), subject.clone(), key.clone());
            std::thread::spawn(move || send(&sophie, &office, &largest, &subject, &key).and_then(|answer| answer.ok()))
        };
        std::thread::sleep(Duration::from_micros(random.below(length * 3 / 2)));
        house.kill();
        let heard: Option<Value> = request.join().ok().and_then(Result::ok);
        let state = |house: &House| -> Result<Vec<i64>> {
            let database = house.database()?;
            let of = "message_id IN (SELECT id FROM message WHERE subject = ?1)";
            ["submission", "audience", "recipient", "delivery"]
                .iter()
                .map(|table| count(&database, &format!("{table} WHERE {of}"), &subject))
                .collect()
        };
        let all = vec![1, 1, people, people];
        let after = state(&house)?;
        ensure!(after == all || after == [0, 0, 0, 0], "half a send is there: {after:?} of {all:?}");
        ensure!(heard.is_none() || after == all, "told as sent, and it is not");
        nothing += u32::from(after != all);
        unheard += u32::from(heard.is_none());

        house.up()?;
        let sophie = house.sign_in("sophie.legoff")?;
        let receipt = send(&sophie, &office, &largest, &subject, &key)?.ok()?;
        ensure!(receipt["recipients"] == people, "{receipt}");
        ensure!(heard.is_none_or(|heard| heard == receipt), "another receipt for the same key");
        assert_eq!(state(&house)?, all);
        assert_eq!(count(&house.database()?, "message WHERE subject = ?1", &subject)?, 1, "more drafts than one");
    }
    println!("{KILLS} kills in sends to {people} ({length} µs): {unheard} without an answer, {nothing} left nothing");
    ensure!(unheard >= KILLS / 4, "only {unheard} kills fell into a send");
    Ok(())
}
