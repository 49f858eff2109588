//! Mails that leave: kept in a folder without a relay; retried, refused, given up with one. Time passes by moving what is
//! due in the database, never by waiting for it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use mail_parser::MessageParser;
use serde_json::json;
use smtp_sink::{Fault, Script, Sink, Stage};
use store::{Database, params};
use tests::{Caller, EACH_SECOND, House, Options};

/// The bundle without pages of its own for the outbox, and a relay if there is one.
fn house(relay: Option<&str>) -> Result<House> {
    let mut options = Options { people: Some(200), ..Options::with(&["session", "send-message", "outbox-cron"]) };
    options.schedule = Some(EACH_SECOND);
    if let Some(relay) = relay {
        options.variables = vec![format!("smtp_relay={relay}"), "smtp_tls=none".to_owned()];
    }
    let house = House::start(options)?;
    // The demo's own mails are not what is looked at.
    house.database()?.execute(
        "UPDATE delivery SET state = 'cancelled', lease_id = NULL, finished_at = 1 WHERE state <> 'sent'",
        params![],
    )?;
    Ok(house)
}

/// Claire writes to Karim, who has a redirect address; the message's id.
fn write(claire: &Caller, karim: &Caller, subject: &str) -> Result<String> {
    let content = json!({"subject": subject, "html": "<p>Réunion <b>jeudi</b> à 18 h.</p>",
        "addressees": [{"field": "to", "kind": "person", "id": karim.id}]});
    let draft =
        claire.post("/api/v1/send-message/drafts", &content)?.ok()?["id"].as_str().unwrap_or_default().to_owned();
    claire
        .send(
            "POST",
            &format!("/api/v1/send-message/drafts/{draft}/attachments?name=plan%20d%27acc%C3%A8s.txt"),
            &[],
            b"tout droit".to_vec(),
        )?
        .ok()?;
    claire.post(&format!("/api/v1/send-message/drafts/{draft}/submit"), &json!({}))?.ok()?;
    Ok(draft)
}

/// Waits until the delivery of a message is in `state`; gives its attempts.
fn wait(house: &House, message: &str, state: &str) -> Result<i64> {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let row =
            house.database()?.first("SELECT state, attempts FROM delivery WHERE message_id = ?1", params![message])?;
        let found = row.as_ref().map(|row| row.text(0).map(str::to_owned)).transpose()?.unwrap_or_default();
        if found == state {
            return Ok(row.map(|row| row.integer(1)).transpose()?.unwrap_or_default());
        }
        if Instant::now() > until {
            bail!("the delivery is {found}, not {state}:\n{}", house.log());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until the delivery has been tried and put back.
fn wait_for_attempt(house: &House, message: &str) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(20);
    while house
        .database()?
        .first(
            "SELECT 1 FROM delivery_attempt a JOIN delivery d ON d.id = a.delivery_id
        WHERE d.message_id = ?1 AND d.state = 'pending'",
            params![message],
        )?
        .is_none()
    {
        if Instant::now() > until {
            bail!("no attempt:\n{}", house.log());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The time of the next attempt comes.
fn time_passes(house: &House) -> Result<()> {
    house.database()?.execute("UPDATE delivery SET due_at = 0 WHERE state IN ('pending', 'leased')", params![])?;
    house.database()?.execute("UPDATE relay_pause SET until = 0", params![])?;
    Ok(())
}

fn notice(house: &House, message: &str) -> Result<Option<String>> {
    let row = house
        .database()?
        .first("SELECT body_text FROM notice WHERE about_id = ?1 AND kind = 'undelivered'", params![message])?;
    Ok(row.map(|row| row.text(0).map(str::to_owned)).transpose()?)
}

#[test]
fn without_a_relay_mails_are_kept_in_a_folder() -> Result<()> {
    let house = house(None)?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let message = write(&claire, &karim, "Réunion « parents »")?;
    wait(&house, &message, "sent")?;
    let row = house
        .database()?
        .first("SELECT id, address FROM delivery WHERE message_id = ?1", params![&message])?
        .expect("a delivery");
    let bytes = std::fs::read(house.folder().join(format!("data/mail/{}.eml", row.text(0)?)))?;
    let text = String::from_utf8(bytes.clone())?;
    assert!(
        text.lines().all(|line| line.len() <= 998) && !text.replace("\r\n", "").contains(['\r', '\n']),
        "line ends"
    );
    let mail = MessageParser::default().parse(&bytes).expect("a mail");
    assert_eq!(mail.subject(), Some("Réunion « parents »"));
    assert_eq!(
        mail.from().and_then(|from| from.first()).and_then(|from| from.address()),
        Some("claire.lefevre@ent.example")
    );
    assert_eq!(mail.to().and_then(|to| to.first()).and_then(|to| to.address()), Some("karim.benali@ent.example"));
    assert!(
        mail.message_id().is_some_and(|id| id == format!("{}@ent.example", message.to_lowercase())),
        "{:?}",
        mail.message_id()
    );
    assert!(mail.date().is_some());
    assert_eq!(mail.body_html(0).as_deref().map(|html| html.contains("<b>jeudi</b>")), Some(true));
    assert!(mail.body_text(0).is_some_and(|text| text.contains("Réunion jeudi à 18")));
    let file = mail.attachment(0).expect("the file");
    assert_eq!(file.contents(), b"tout droit");
    // The outside address is in the envelope only (F-2).
    assert!(!text.contains(row.text(1)?), "the redirect address is in the mail");
    Ok(())
}

#[test]
fn a_relay_that_is_down_is_waited_for_without_burning_attempts() -> Result<()> {
    // A port that nobody listens on any more.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let house = house(Some(&format!("127.0.0.1:{port}")))?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let message = write(&claire, &karim, "Panne")?;
    let until = Instant::now() + Duration::from_secs(20);
    while house.database()?.first("SELECT 1 FROM relay_pause WHERE failures > 0", params![])?.is_none() {
        if Instant::now() > until {
            bail!("no pause:\n{}", house.log());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(wait(&house, &message, "pending")?, 0, "attempts are taken back");
    let log = house.log();
    assert!(!log.contains("example.") && !log.contains("Panne"), "an address or a subject is in the log:\n{log}");
    Ok(())
}

#[test]
fn a_refusal_for_now_is_tried_again_and_sent_once() -> Result<()> {
    for fault in [
        (Stage::Rcpt, Fault::Reply("450 4.2.0 greylisted")),
        (Stage::Dot, Fault::Reply("451 4.3.0 try later")),
        (Stage::Content, Fault::Cut),
    ] {
        let sink = Sink::start(Script::failing(fault.0, fault.1.clone()))?;
        let house = house(Some(&sink.address().to_string()))?;
        let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
        let message = write(&claire, &karim, "Plus tard")?;
        wait_for_attempt(&house, &message)?;
        assert_eq!(wait(&house, &message, "pending")?, 1, "{fault:?}");
        sink.change(Script::default());
        time_passes(&house)?;
        wait(&house, &message, "sent")?;
        assert_eq!(sink.taken().len(), 1, "{fault:?}");
        assert_eq!(notice(&house, &message)?, None, "{fault:?}");
    }
    Ok(())
}

#[test]
fn a_slow_server_is_waited_for() -> Result<()> {
    let sink = Sink::start(Script::failing(Stage::Dot, Fault::Wait(Duration::from_secs(3))))?;
    let house = house(Some(&sink.address().to_string()))?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let message = write(&claire, &karim, "Doucement")?;
    assert_eq!(wait(&house, &message, "sent")?, 1);
    assert_eq!(sink.taken().len(), 1, "several runs at once sent it once");
    Ok(())
}

#[test]
fn a_final_refusal_is_told_to_the_author_once_and_without_the_address() -> Result<()> {
    let sink = Sink::start(Script::failing(Stage::Rcpt, Fault::Reply("550 5.1.1 <karim@mail.example> no such user")))?;
    let house = house(Some(&sink.address().to_string()))?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let address = house
        .database()?
        .first("SELECT address FROM redirect WHERE person_id = ?1", params![&karim.id])?
        .expect("a redirect");
    let message = write(&claire, &karim, "Impossible")?;
    wait(&house, &message, "failed")?;
    let told = notice(&house, &message)?.expect("a notice");
    assert!(told.contains("Karim Benali") && told.contains("« Impossible »"), "{told}");
    assert!(!told.contains(address.text(0)?) && !told.contains("mail.example"), "{told}");
    let inbox = claire.get("/api/v1/send-message/folders/inbox?limit=1")?.ok()?;
    assert_eq!(inbox["items"][0]["subject"], "Message non remis : Impossible");
    Ok(())
}

#[test]
fn what_is_too_old_is_given_up_and_told() -> Result<()> {
    let sink = Sink::start(Script::failing(Stage::Mail, Fault::Reply("451 4.3.2 not now")))?;
    let house = house(Some(&sink.address().to_string()))?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let message = write(&claire, &karim, "Trop tard")?;
    wait_for_attempt(&house, &message)?;
    house.database()?.execute("UPDATE delivery SET expires_at = 1 WHERE message_id = ?1", params![&message])?;
    time_passes(&house)?;
    wait(&house, &message, "dead")?;
    assert!(notice(&house, &message)?.is_some());
    Ok(())
}
