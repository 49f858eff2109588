//! What is published by itself: news (B-3) and flash messages (B-4). Time passes by moving the moment in the database; the
//! schedule, each second here, does the rest.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use smtp_sink::{Script, Sink};
use store::{Database as _, params};
use tests::{Caller, EACH_SECOND, House};

use super::{API, DAY, column, count, house, population, received, rubrique, wait};

fn now() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

/// The id of what was made; no message has left for it.
fn made(answer: &tests::Answer) -> Result<String> {
    let made = answer.ok()?;
    ensure!(made["recipients"].is_null() && made["notify_problem"].is_null(), "{made}");
    Ok(made["id"].as_str().context("no id")?.to_owned())
}

/// Waits until the message about it has left; the ids of such messages.
fn told(house: &House, about: &str) -> Result<Vec<String>> {
    let database = house.database()?;
    wait(house, "the message", || {
        let sent = column(&database, "SELECT message_id FROM audience WHERE about_id = ?1", about)?;
        Ok(Some(sent).filter(|sent| !sent.is_empty()))
    })
}

fn flashes(who: &Caller) -> Result<Vec<String>> {
    let shown = who.get(&format!("{API}/flash"))?.ok()?;
    let ids = shown["items"].as_array().into_iter().flatten().filter_map(|item| item["id"].as_str().map(str::to_owned));
    Ok(ids.collect())
}

/// A page of another capability, as a browser asks for it.
fn inbox(house: &House, who: &Caller) -> Result<String> {
    let cookie = format!("__Host-session={}", who.token().context("no session")?);
    let page = house.anonymous().send("GET", "/send-message/inbox", &[("cookie", &cookie)], Vec::new())?;
    ensure!(page.status == 200, "status {}", page.status);
    Ok(page.text())
}

#[test]
fn what_was_scheduled_is_published_and_told_once() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = house(&sink, EACH_SECOND)?;
    let database = house.database()?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let (lina, sophie) = (house.sign_in("lina.benali")?, house.sign_in("sophie.legoff")?);
    let class = rubrique(&claire, "Classe de 6A")?;
    let parents = population(&claire, &class, "Parents de 6A")?;
    let write = |title: &str| -> Result<String> {
        let news = json!({"title": title, "body": "<p>Les photos sont là.</p>", "audience": [parents],
            "publish_at": now()? + DAY, "notify": true});
        made(&claire.post(&format!("{API}/rubriques/{class}/news"), &news)?)
    };
    let (news, later) = (write("Photos de classe")?, write("Album de classe")?);
    let flash = json!({"text": "Collège fermé demain : neige.", "level": "urgent", "profiles": ["relative", "student"],
        "starts_at": now()? + DAY, "ends_at": now()? + 2 * DAY});
    let flash = made(&sophie.post(&format!("{API}/flash"), &flash)?)?;

    // Its text stands in the list of messages, too; « J’ai lu » stands on the banner alone.
    let banner = format!("action=\"/broadcast/flash/{flash}/dismiss\"");

    // Before their time nobody sees them; others never see what is not for them.
    assert_eq!(karim.get(&format!("{API}/news/{news}"))?.status, 404);
    ensure!(!flashes(&karim)?.contains(&flash) && !inbox(&house, &karim)?.contains(&banner), "too early");

    // The time of the news comes.
    database.execute("UPDATE news SET publish_at = created_at WHERE id = ?1", params![&news])?;
    let sent = told(&house, &news)?;
    assert_eq!(karim.get(&format!("{API}/news/{news}"))?.ok()?["title"], "Photos de classe");
    assert_eq!(lina.get(&format!("{API}/news/{news}"))?.status, 404, "it is for the parents");
    let message = sent.first().context("no message")?;
    ensure!(count(&database, "recipient WHERE message_id = ?1 AND field = 'bcc'", message)? > 10, "to how many?");
    let subjects = column(&database, "SELECT subject FROM message WHERE id = ?1", message)?;
    assert_eq!(received(&karim, subjects.first().context("no subject")?)?.len(), 1);

    // Then that of the flash message: cron has run once more for it, and the news went once.
    database.execute("UPDATE flash SET starts_at = created_at WHERE id = ?1", params![&flash])?;
    let sent = told(&house, &flash)?;
    let urgent = sent.first().context("no message")?;
    let priority = "SELECT DISTINCT CAST(priority AS TEXT) FROM delivery WHERE message_id = ?1";
    assert_eq!(column(&database, priority, urgent)?, ["0"], "it goes before other mail");
    assert_eq!(column(&database, priority, message)?, ["1"]);
    for (who, shown) in [(&karim, true), (&lina, true), (&claire, false)] {
        assert_eq!(flashes(who)?.contains(&flash), shown);
        assert_eq!(inbox(&house, who)?.contains(&banner), shown);
    }
    assert_eq!(karim.post(&format!("{API}/flash/{flash}/dismiss"), &json!({}))?.status, 204);
    ensure!(!flashes(&karim)?.contains(&flash) && !inbox(&house, &karim)?.contains(&banner), "still there");
    ensure!(inbox(&house, &lina)?.contains(&banner), "gone for others too");

    // And once more for the second news.
    database.execute("UPDATE news SET publish_at = created_at WHERE id = ?1", params![&later])?;
    told(&house, &later)?;
    for about in [&news, &flash, &later] {
        assert_eq!(count(&database, "audience WHERE about_id = ?1", about)?, 1);
    }
    // The mails leave by themselves, one for each.
    wait(&house, "the mails", || {
        let left = count(&database, "delivery WHERE state IN ('pending', 'leased') AND ?1 = ''", "")?;
        Ok((left == 0).then_some(()))
    })?;
    let twice = database.first(
        "SELECT 1 FROM delivery d JOIN audience a ON a.message_id = d.message_id AND a.about_id IN (?1, ?2, ?3)
            GROUP BY a.about_id, d.address HAVING count(*) > 1",
        params![&news, &flash, &later],
    )?;
    ensure!(twice.is_none(), "an address had two mails");
    let karims = sink.taken().iter().filter(|mail| mail.recipients == ["karim.benali@maison.example.org"]).count();
    assert_eq!(karims, 3);
    Ok(())
}

#[test]
fn a_flash_is_the_heads_alone_to_write() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = house(&sink, tests::NEVER)?;
    let flash = json!({"text": "Pirate", "level": "urgent", "profiles": ["relative"], "ends_at": now()? + DAY});
    for login in ["claire.lefevre", "karim.benali", "lina.benali"] {
        let answer = house.sign_in(login)?.post(&format!("{API}/flash"), &flash)?;
        ensure!(answer.status == 403 || answer.status == 404, "{login}: {}", answer.text());
    }
    assert_eq!(count(&house.database()?, "flash WHERE text = ?1", "Pirate")?, 0);
    Ok(())
}
