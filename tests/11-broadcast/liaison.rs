//! Liaison notices: what parents confirm, and who is reminded (B-5).

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use smtp_sink::{Script, Sink};
use tests::NEVER;

use super::{API, column, drain, house, pick, said};

#[test]
fn a_reminder_goes_to_the_parents_of_others_alone() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = house(&sink, NEVER)?;
    let database = house.database()?;
    let (claire, karim, lina) =
        (house.sign_in("claire.lefevre")?, house.sign_in("karim.benali")?, house.sign_in("lina.benali")?);
    let group = pick(&claire.get(&format!("{API}/liaison/groups"))?.ok()?, "Élèves de 6A")?;
    let notice =
        json!({"title": "Autorisation de sortie", "body": "<p>À lire avant <b>vendredi</b>.</p>", "groups": [group]});
    let made = claire.post(&format!("{API}/liaison"), &notice)?.ok()?;
    let id = made["id"].as_str().context("no notice")?.to_owned();
    let path = format!("{API}/liaison/{id}");
    let sent = |about: &str| -> Result<BTreeSet<String>> {
        let sql =
            "SELECT x.person_id FROM audience a JOIN recipient x ON x.message_id = a.message_id WHERE a.about_id = ?1";
        Ok(column(&database, sql, about)?.into_iter().collect())
    };
    let asked: BTreeSet<String> =
        column(&database, "SELECT DISTINCT relative_id FROM liaison_addressee WHERE liaison_id = ?1", &id)?
            .into_iter()
            .collect();
    ensure!(asked.len() > 10 && made["recipients"] == asked.len(), "{made} for {}", asked.len());
    assert_eq!(sent(&id)?, asked);

    // Karim sees Lina's, and confirms; a pupil sees nothing of it, and a colleague no follow-up.
    let mine = karim.get(&format!("{API}/liaison"))?.ok()?;
    let own = |list: &Value| -> Option<Value> {
        list["items"].as_array()?.iter().find(|child| child["notice"] == id.as_str()).cloned()
    };
    let child = own(&mine).context("not for Karim")?;
    assert_eq!((&child["student"], &child["confirmed"]), (&json!(lina.id), &json!(false)));
    ensure!(own(&lina.get(&format!("{API}/liaison"))?.json()).is_none(), "the pupil has it");
    assert_eq!(lina.get(&path)?.status, 404);
    assert_eq!(lina.post(&format!("{path}/confirm"), &json!({"student": lina.id}))?.status, 404);
    let colleague =
        column(&database, "SELECT login FROM person WHERE first_name = 'Antoine' AND last_name = ?1", "de La Villéon")?;
    let colleague = house.sign_in(colleague.first().context("no colleague")?)?;
    assert_eq!(colleague.get(&format!("{path}/follow"))?.status, 404);
    // Not for a child that is not his.
    let other =
        column(&database, "SELECT student_id FROM liaison_pupil WHERE liaison_id = ?1 ORDER BY student_id", &id)?;
    let other = other.iter().find(|student| **student != lina.id).context("no other pupil")?;
    assert_eq!(karim.post(&format!("{path}/confirm"), &json!({"student": other}))?.status, 404);
    assert_eq!(karim.post(&format!("{path}/confirm"), &json!({"student": lina.id}))?.status, 204);
    let follow = claire.get(&format!("{path}/follow"))?.ok()?;
    let pupils = follow["pupils"].as_array().cloned().unwrap_or_default();
    let confirmed: Vec<&Value> =
        pupils.iter().filter(|pupil| pupil["confirmed"] == true).map(|pupil| &pupil["id"]).collect();
    assert_eq!(confirmed, [&json!(lina.id)]);

    // The reminder: to all who were asked about another pupil, and to them alone. Lina's mother is not bothered any more.
    let before = drain(&house, &sink, 0)?.len();
    assert_eq!(karim.post(&format!("{path}/remind"), &json!({}))?.status, 404);
    let reminder = claire.post(&format!("{path}/remind"), &json!({}))?.ok()?;
    let about = reminder["id"].as_str().context("no reminder")?;
    let sql = format!(
        "SELECT DISTINCT relative_id FROM liaison_addressee WHERE liaison_id = ?1 AND student_id <> '{}'",
        lina.id
    );
    let wanted: BTreeSet<String> = column(&database, &sql, &id)?.into_iter().collect();
    ensure!(wanted.len() < asked.len() && !wanted.contains(&karim.id), "the scenario has nobody to spare");
    assert_eq!(sent(about)?, wanted);
    assert_eq!(claire.post(&format!("{path}/remind"), &json!({}))?.code()?, "reminded");
    let mails = drain(&house, &sink, before)?;
    let addresses: BTreeSet<&String> = mails.iter().flat_map(|mail| &mail.recipients).collect();
    assert_eq!((mails.len(), addresses.len()), (wanted.len(), wanted.len()));
    for mail in &mails {
        ensure!(mail.recipients.len() == 1, "an envelope for several");
        let text = said(mail)?;
        ensure!(!text.contains("maison.example.org") && !text.contains("Benali"), "a mail names others");
    }
    Ok(())
}
