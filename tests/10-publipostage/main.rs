//! Account letters from the selection to paper and mail (P-1 to P-4), over HTTP and SMTP: whose code is on which letter, what a
//! kill in mid-job leaves, what nobody else may see, and ten thousand letters in little memory.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use mail_parser::MessageParser;
use serde_json::{Value, json};
use smtp_sink::{Script, Sink};
use store::{Database as _, params};
use tests::{Caller, House, NEVER, Options};

const API: &str = "/api/v1/publipostage";

fn house(people: u32) -> Result<House> {
    House::start(Options { people: Some(people), schedule: Some(NEVER), ..Options::default() })
}

/// All selected accounts.
fn accounts(admin: &Caller, filter: &str) -> Result<Vec<Value>> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("{API}/accounts?{filter}{cursor}"))?.ok()?;
        all.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(all),
        }
    }
}

/// Starts a campaign; the whole of it.
fn start(admin: &Caller, wanted: &Value) -> Result<Value> {
    admin.post(&format!("{API}/campaigns"), wanted)?.ok()
}

/// One slice more.
fn advance(admin: &Caller, job: &str) -> Result<Value> {
    admin.post(&format!("{API}/jobs/{job}/advance"), &json!({}))?.ok()
}

/// Carries a job on to its end; how many slices that took.
fn finish(admin: &Caller, job: &str) -> Result<u32> {
    for slices in 1..200 {
        let state = advance(admin, job)?;
        match state["state"].as_str() {
            Some("running") => {}
            Some("done") => return Ok(slices),
            other => bail!("the job is {other:?}: {}", state["reason"]),
        }
    }
    bail!("the job does not end");
}

fn job_of(campaign: &Value) -> Result<String> {
    Ok(campaign["job"]["id"].as_str().context("no job")?.to_owned())
}

/// The text of each page, as a screen reader gets it.
fn pages(pdf: &[u8]) -> Result<Vec<String>> {
    let document = lopdf::Document::load_mem(pdf)?;
    let numbers: Vec<u32> = document.get_pages().keys().copied().collect();
    Ok(numbers.iter().map(|number| document.extract_text(&[*number])).collect::<Result<_, _>>()?)
}

/// Letters and digits alone: how a library puts spaces between words and letters is its own affair.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Each code stands once, on the page that its owner is on; `per_page` accounts a page, in the order of the list.
fn check(pdf: &[u8], accounts: &[Value], per_page: usize) -> Result<()> {
    let pages: Vec<String> = pages(pdf)?.iter().map(|page| bare(page)).collect();
    ensure!(pages.len() == accounts.len().div_ceil(per_page), "{} pages for {} accounts", pages.len(), accounts.len());
    for (position, account) in accounts.iter().enumerate() {
        let code = account["code"].as_str().context("an account without code")?;
        let login = bare(account["login"].as_str().unwrap_or_default());
        let found: Vec<usize> =
            pages.iter().enumerate().flat_map(|(page, text)| vec![page; text.matches(code).count()]).collect();
        ensure!(found == [position / per_page], "the code of account {position} is on pages {found:?}");
        ensure!(pages[position / per_page].contains(&login), "account {position} is not on its page");
    }
    Ok(())
}

#[test]
fn letters_are_printed_each_code_once_with_its_owner_even_after_a_kill() -> Result<()> {
    let mut house = house(600)?;
    let admin = house.sign_in("sophie.legoff")?;
    let inactive = accounts(&admin, "active=no&sort=name")?;
    ensure!(inactive.len() > 60, "{} accounts are not active", inactive.len());

    // One a page.
    let campaign = start(&admin, &json!({"kind": "one", "active": false, "sort": "name"}))?;
    let job = job_of(&campaign)?;
    finish(&admin, &job)?;
    let answer = admin.get(&format!("{API}/jobs/{job}/result"))?.bytes;
    check(&answer, &inactive, 1)?;

    // Eight on a sheet, the power cut after each slice, two tabs at once.
    let campaign = start(&admin, &json!({"kind": "eight", "active": false, "sort": "name"}))?;
    let job = job_of(&campaign)?;
    let tabs: Vec<_> = (0..2)
        .map(|_| {
            let (admin, job) = (admin.clone(), job.clone());
            std::thread::spawn(move || drop(advance(&admin, &job)))
        })
        .collect();
    house.kill();
    tabs.into_iter().for_each(|tab| drop(tab.join()));
    house.up()?;
    let admin = house.sign_in("sophie.legoff")?;
    finish(&admin, &job)?;
    check(&admin.get(&format!("{API}/jobs/{job}/result"))?.bytes, &inactive, 8)?;

    // Nobody else, and nobody after a day.
    for login in ["claire.lefevre", "lina.benali", "karim.benali"] {
        let other = house.sign_in(login)?;
        for path in ["accounts", "campaigns", &format!("jobs/{job}"), &format!("jobs/{job}/result")] {
            let answer = other.get(&format!("{API}/{path}"))?;
            ensure!(answer.status == 403 || answer.status == 404, "{login} gets {} for {path}", answer.status);
        }
    }
    house.database()?.execute("UPDATE job SET finished_at = finished_at - 86400001 WHERE state = 'done'", params![])?;
    assert_eq!(admin.get(&format!("{API}/jobs/{job}/result"))?.code()?, "no-file");
    for account in &inactive {
        let code = account["code"].as_str().unwrap_or_default();
        ensure!(!house.log().contains(code), "a code is in the log");
    }
    Ok(())
}

#[test]
fn mails_carry_the_code_of_their_owner_and_leave_none_behind() -> Result<()> {
    let sink = Sink::start(Script::default())?;
    let house = House::start(Options {
        people: Some(400),
        schedule: Some(NEVER),
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
        "INSERT INTO person_detail (person_id, mail) SELECT p.id, p.login || '@maison.example.org' FROM person p
            WHERE p.profile = 'relative' AND p.activated_at IS NULL
            ON CONFLICT (person_id) DO UPDATE SET mail = excluded.mail",
        params![],
    )?;
    let admin = house.sign_in("sophie.legoff")?;
    let chosen = accounts(&admin, "profile=relative&active=no&mail=with")?;
    ensure!(chosen.len() > 20, "{} parents", chosen.len());
    let before = sink.taken().len();
    start(&admin, &json!({"kind": "mail", "profiles": ["relative"], "active": false, "mail": true}))?;
    for _ in 0..20 {
        admin.post("/api/v1/outbox/drain", &json!({}))?.ok()?;
    }
    let mut by_address = BTreeMap::new();
    for mail in sink.taken().iter().skip(before) {
        let parsed = MessageParser::default().parse(&mail.message).context("a mail")?;
        let text = parsed.body_text(0).context("a text")?.into_owned();
        ensure!(mail.recipients.len() == 1, "a letter for {} people", mail.recipients.len());
        ensure!(by_address.insert(mail.recipients[0].clone(), text).is_none(), "somebody had two letters");
    }
    let codes: BTreeSet<&str> = chosen.iter().filter_map(|account| account["code"].as_str()).collect();
    for account in &chosen {
        let (login, code) =
            (account["login"].as_str().unwrap_or_default(), account["code"].as_str().unwrap_or_default());
        let text = by_address.remove(&format!("{login}@maison.example.org")).context("a parent without letter")?;
        ensure!(text.contains(login) && text.contains(code), "a letter without its login or code");
        ensure!(codes.iter().filter(|other| text.contains(**other)).count() == 1, "a letter with somebody else's code");
    }
    ensure!(by_address.is_empty(), "letters to others");
    // Once sent, a code lies in no message; nothing of it was logged.
    let log = house.log();
    for code in codes {
        let kept = database
            .first("SELECT 1 FROM message WHERE instr(body_text || body_html || subject, ?1)", params![code])?;
        ensure!(kept.is_none(), "a code is kept in a message");
        ensure!(!log.contains(code) && !log.contains("maison.example.org"), "a code or an address is in the log");
    }
    Ok(())
}

#[test]
fn ten_thousand_letters_are_made_in_little_memory() -> Result<()> {
    let memory = Some(64 << 20);
    let house = House::start(Options { people: Some(10_000), schedule: Some(NEVER), memory, ..Options::default() })?;
    // All of them in one school, none activated.
    let database = house.database()?;
    database.execute(
        "UPDATE person SET uai = (SELECT a.uai FROM local_admin a JOIN person s ON s.id = a.person_id WHERE s.login = 'sophie.legoff'),
            activation_code = coalesce(activation_code, 'abcdefgh')",
        params![],
    )?;
    let admin = house.sign_in("sophie.legoff")?;
    let campaign = start(&admin, &json!({"kind": "one"}))?;
    let total = campaign["total"].as_u64().unwrap_or_default();
    ensure!(total > 9_900, "{total} letters");
    let job = job_of(&campaign)?;
    finish(&admin, &job)?;
    let pdf = admin.get(&format!("{API}/jobs/{job}/result"))?;
    let left_out = admin.get(&format!("{API}/jobs/{job}"))?.ok()?["left_out"].as_u64().unwrap_or_default();
    let pages = lopdf::Document::load_mem(&pdf.bytes)?.get_pages().len() as u64;
    ensure!(pages == total - left_out, "{pages} pages for {total} letters, {left_out} left out");
    Ok(())
}
