//! Events: invitations by mail, answers, changes, bookings, private links (B-2).

use anyhow::{Context as _, Result, ensure};
use mail_parser::{MessageParser, MimeHeaders as _};
use serde_json::{Value, json};
use smtp_sink::{Script, Sink, Taken};
use tests::NEVER;

use super::{API, column, drain, house, population, rubrique};

/// What the invitation in a mail says: the method of the part, and the unfolded lines of the object.
fn invitation(mail: &Taken) -> Result<(String, Vec<String>)> {
    let parsed = MessageParser::default().parse(&mail.message).context("a mail")?;
    let mut found = parsed.parts.iter().filter_map(|part| {
        let kind = part.content_type()?;
        (kind.ctype() == "text" && kind.subtype() == Some("calendar")).then_some((kind, part))
    });
    let (kind, part) = found.next().context("no calendar part")?;
    ensure!(found.next().is_none(), "two calendar parts");
    let method = kind.attribute("method").context("no method")?.to_owned();
    let text = String::from_utf8(part.contents().to_vec())?;
    let lines = text.replace("\r\n ", "").replace("\n ", "");
    Ok((method, lines.lines().map(|line| line.trim_end().to_owned()).collect()))
}

fn line<'a>(lines: &'a [String], start: &str) -> Result<&'a str> {
    let mut found = lines.iter().filter(|line| line.starts_with(start));
    let one = found.next().with_context(|| format!("no {start} in {lines:?}"))?;
    ensure!(found.next().is_none(), "two {start} in {lines:?}");
    Ok(one)
}

/// `reponse+<32 hexadecimal>` of the organiser.
fn token(lines: &[String]) -> Result<String> {
    let organizer = line(lines, "ORGANIZER")?;
    let (_, rest) = organizer.split_once("mailto:reponse+").with_context(|| organizer.to_owned())?;
    let (token, _) = rest.split_once('@').context("no domain")?;
    ensure!(token.len() == 32 && token.chars().all(|c| c.is_ascii_hexdigit()), "{token}");
    Ok(token.to_owned())
}

/// The mail to one address among them.
fn to<'a>(mails: &'a [Taken], address: &str) -> Result<&'a Taken> {
    mails.iter().find(|mail| mail.recipients == [address]).with_context(|| format!("no mail to {address}"))
}

#[test]
fn an_event_invites_counts_changes_and_is_called_off() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = house(&sink, NEVER)?;
    let (claire, karim) = (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?);
    let class = rubrique(&claire, "Classe de 6A")?;
    let parents = population(&claire, &class, "Parents de 6A")?;
    let lent = claire.get(&format!("{API}/resources"))?.ok()?;
    let room = lent["items"].as_array().into_iter().flatten().find(|item| item["name"] == "Salle polyvalente");
    let room = room.context("no room")?["id"].clone();
    let year = 2035;
    let content = |title: &str, hour: u32, notify: &str| -> Value {
        json!({"title": title, "starts": format!("{year}-03-06T{hour}:00"), "ends": format!("{year}-03-06T{}:30", hour + 1),
            "place": "Salle polyvalente", "resources": [room], "notify": notify, "confirmation": true, "publish": "now"})
    };
    let mut wanted = content("Réunion de mars", 18, &parents);
    wanted["rubrique"] = json!(class);
    let event = claire.post(&format!("{API}/events"), &wanted)?.ok()?;
    assert_eq!((&event["state"], &event["told"], &event["untold"]), (&json!("published"), &json!(true), &Value::Null));
    let path = format!("{API}/events/{}", event["id"].as_str().context("no event")?);

    // The same room at the same time, refused with its code and who holds it; nothing is kept.
    let mut other = content("Concert", 19, "");
    other["rubrique"] = json!(class);
    let refused = claire.post(&format!("{API}/events"), &other)?;
    assert_eq!((refused.status, refused.code()?.as_str()), (409, "booked"));
    let list = claire.get(&format!("{API}/events?rubrique={class}&limit=200"))?.text();
    ensure!(list.contains("Réunion de mars") && !list.contains("Concert"), "{list}");

    // Each parent is invited under her own address and token.
    let mails = drain(&house, &sink, 0)?;
    ensure!(mails.len() > 10, "{} mails", mails.len());
    let mut tokens = std::collections::BTreeSet::new();
    for mail in &mails {
        ensure!(mail.recipients.len() == 1, "an envelope for several");
        let (method, lines) = invitation(mail)?;
        ensure!(method == "REQUEST" && lines.contains(&"METHOD:REQUEST".to_owned()), "{method}: {lines:?}");
        ensure!(line(&lines, "SEQUENCE")? == "SEQUENCE:0", "{lines:?}");
        ensure!(line(&lines, "ATTENDEE")?.ends_with(&format!("mailto:{}", mail.recipients[0])), "{lines:?}");
        ensure!(tokens.insert(token(&lines)?), "one token for two");
    }
    let address = "karim.benali@maison.example.org";
    let (_, first) = invitation(to(&mails, address)?)?;

    // Karim accepts; the organiser counts it, by name; he cannot see her table, nor can a pupil.
    let answers = |who: &tests::Caller| who.get(&format!("{path}/answers"));
    let before = answers(&claire)?.ok()?;
    let said = karim.send(
        "PUT",
        &format!("{path}/answer"),
        &[("content-type", "application/json")],
        br#"{"answer": "accepted", "comment": "Avec plaisir"}"#.to_vec(),
    )?;
    assert_eq!(said.status, 204, "{}", said.text());
    let after = answers(&claire)?.ok()?;
    let number = |value: &Value| value.as_i64().unwrap_or(-1);
    assert_eq!((number(&before["accepted"]), number(&after["accepted"])), (0, 1));
    assert_eq!(number(&after["waiting"]), number(&before["waiting"]) - 1);
    let rows = after["items"].as_array().into_iter().flatten();
    let accepted: Vec<&Value> = rows.filter(|row| row["answer"] == "accepted").map(|row| &row["person"]).collect();
    assert_eq!(accepted, [&json!(karim.id)]);
    assert_eq!(answers(&karim)?.status, 404);
    assert_eq!(karim.get(&path)?.ok()?["answer"], "accepted");

    // Changed: one SEQUENCE more, the same UID, his answer to the same dates stays.
    let sent = sink.taken().len();
    let change = serde_json::to_vec(&content("Réunion d’avant les vacances", 18, &parents))?;
    let changed = claire.send("PUT", &path, &[("content-type", "application/json")], change)?.ok()?;
    assert_eq!(number(&changed["sequence"]), 1);
    let mails = drain(&house, &sink, sent)?;
    let (method, second) = invitation(to(&mails, address)?)?;
    assert_eq!(method, "REQUEST");
    assert_eq!(line(&second, "SEQUENCE")?, "SEQUENCE:1");
    assert_eq!(line(&second, "UID")?, line(&first, "UID")?);
    assert_eq!(token(&second)?, token(&first)?);
    ensure!(line(&second, "ATTENDEE")?.contains("PARTSTAT=ACCEPTED"), "{second:?}");

    // Called off; the room is free again.
    let sent = sink.taken().len();
    claire.post(&format!("{path}/cancel"), &json!({}))?.ok()?;
    let mails = drain(&house, &sink, sent)?;
    let (method, last) = invitation(to(&mails, address)?)?;
    ensure!(method == "CANCEL" && last.contains(&"METHOD:CANCEL".to_owned()), "{method}: {last:?}");
    ensure!(last.contains(&"STATUS:CANCELLED".to_owned()) && last.contains(&"SEQUENCE:2".to_owned()), "{last:?}");
    assert_eq!(line(&last, "UID")?, line(&first, "UID")?);
    claire.post(&format!("{API}/events"), &other)?.ok()?;
    assert_eq!(claire.post(&format!("{path}/cancel"), &json!({}))?.code()?, "wrong-state");
    Ok(())
}

#[test]
fn a_private_link_shows_an_agenda_until_it_is_taken_back() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = house(&sink, NEVER)?;
    let (claire, karim, anonymous) =
        (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?, house.anonymous());
    let class = rubrique(&claire, "Classe de 6A")?;
    // A feed looks some years ahead, no further.
    let days = column(&house.database()?, "SELECT date('now', ?1)", "+20 days")?;
    let event = json!({"rubrique": class, "title": "Sortie en forêt", "all_day": true, "starts": days[0], "ends": days[0],
        "publish": "now"});
    claire.post(&format!("{API}/events"), &event)?.ok()?;
    let open = || -> Result<String> {
        let link = karim.post(&format!("{API}/agenda/feeds"), &json!({"rubrique": ""}))?.ok()?;
        let url = link["url"].as_str().context("no link")?.to_owned();
        Ok(url.strip_prefix("https://ent.example.fr").with_context(|| url.clone())?.to_owned())
    };
    let link = open()?;
    let feed = anonymous.get(&link)?;
    ensure!(feed.status == 200 && feed.media_type.starts_with("text/calendar"), "{} {}", feed.status, feed.media_type);
    let lines = feed.text().replace("\r\n ", "");
    ensure!(lines.starts_with("BEGIN:VCALENDAR") && lines.contains("Sortie en forêt"), "{lines}");
    ensure!(!lines.contains("ATTENDEE") && !lines.contains("reponse+"), "who answers is in a feed");
    // His list of links does not say it again; a new one replaces it.
    let token = link.rsplit('/').next().and_then(|file| file.strip_suffix(".ics")).context("no token")?.to_owned();
    ensure!(!karim.get(&format!("{API}/agenda/feeds"))?.text().contains(&token), "the secret is shown again");
    let newer = open()?;
    assert_eq!(anonymous.get(&link)?.status, 404);
    assert_eq!(anonymous.get(&newer)?.status, 200);
    karim.post(&format!("{API}/agenda/feeds/revoke"), &json!({"rubrique": ""}))?.ok()?;
    assert_eq!(anonymous.get(&newer)?.status, 404);
    assert_eq!(karim.get(&newer)?.status, 404);
    ensure!(!house.log().contains(&token), "the secret is in the log");
    Ok(())
}
