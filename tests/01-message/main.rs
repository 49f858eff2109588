//! A message from compose to mailbox, by the API: rights, reading, answering, marks.

use anyhow::Result;
use serde_json::{Value, json};
use tests::{Caller, House, Options};

const API: &str = "/api/v1/send-message";

/// The demo people: a teacher, a student of hers, that student's parent.
struct Cast {
    house: House,
    claire: Caller,
    lina: Caller,
    karim: Caller,
}

fn cast() -> Result<Cast> {
    let house = House::start(Options { people: Some(200), ..Options::with(&["session", "send-message"]) })?;
    let (claire, lina, karim) =
        (house.sign_in("claire.lefevre")?, house.sign_in("lina.benali")?, house.sign_in("karim.benali")?);
    Ok(Cast { house, claire, lina, karim })
}

fn person(field: &str, who: &Caller) -> Value {
    json!({"field": field, "kind": "person", "id": who.id})
}

fn find(caller: &Caller, typed: &str, kind: &str) -> Result<Option<String>> {
    let found = caller.get(&format!("{API}/recipients?q={typed}"))?.ok()?;
    let hit = found["items"].as_array().into_iter().flatten().find(|item| item["kind"] == kind);
    Ok(hit.and_then(|item| item["id"].as_str()).map(str::to_owned))
}

fn newest(caller: &Caller, folder: &str) -> Result<Value> {
    Ok(caller.get(&format!("{API}/folders/{folder}?limit=1"))?.ok()?["items"][0].clone())
}

#[test]
fn written_sent_read_answered() -> Result<()> {
    let Cast { claire, lina, karim, .. } = &cast()?;
    let unread = lina.get(&format!("{API}/unread"))?.ok()?["unread"].as_i64();

    let content = json!({
        "subject": "Sortie au musée",
        "html": "<p>Bonjour <b>à tous</b><script>alert(1)</script></p>",
        "addressees": [person("to", lina), person("bcc", karim)],
    });
    let draft = claire.post(&format!("{API}/drafts"), &content)?;
    assert_eq!(draft.status, 201);
    let id = draft.json()["id"].as_str().unwrap_or_default().to_owned();
    let file =
        claire.send("POST", &format!("{API}/drafts/{id}/attachments?name=plan.pdf"), &[], b"%PDF-1.7 plan".to_vec())?;
    assert_eq!(file.status, 201, "{}", file.text());
    let receipt = claire.post(&format!("{API}/drafts/{id}/submit"), &json!({}))?.ok()?;
    assert_eq!((receipt["recipients"].as_i64(), receipt["by_redirect"].as_i64()), (Some(2), Some(1)));

    // The student finds it unread, with its paper-clip; she sees no Cci.
    let item = newest(lina, "inbox")?;
    assert_eq!(
        (item["subject"].as_str(), item["seen"].as_bool(), item["attachments"].as_i64()),
        (Some("Sortie au musée"), Some(false), Some(1))
    );
    assert_eq!(lina.get(&format!("{API}/unread"))?.ok()?["unread"].as_i64(), unread.map(|n| n + 1));
    let message = lina.get(&format!("{API}/messages/{id}"))?.ok()?["items"][0].clone();
    assert_eq!(message["html"], "<p>Bonjour <b>à tous</b></p>");
    assert_eq!(message["addressees"].as_array().map(Vec::len), Some(1));
    let attachment = message["attachments"][0]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(lina.get(&format!("{API}/attachments/{attachment}"))?.bytes, b"%PDF-1.7 plan");
    // The author sees the Cci; the parent knows that she is one.
    assert_eq!(
        claire.get(&format!("{API}/messages/{id}"))?.ok()?["items"][0]["addressees"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(karim.get(&format!("{API}/messages/{id}"))?.ok()?["items"][0]["blind"], true);

    // Answer to all: from the student to the teacher; the conversation shows both.
    let answer = lina.post(&format!("{API}/messages/{id}/respond"), &json!({"how": "reply-all"}))?.ok()?;
    assert_eq!(answer["subject"], "Re : Sortie au musée");
    assert_eq!(answer["addressees"].as_array().map(Vec::len), Some(1), "the Cci is not disclosed");
    let answer = answer["id"].as_str().unwrap_or_default().to_owned();
    lina.post(&format!("{API}/drafts/{answer}/submit"), &json!({}))?.ok()?;
    assert_eq!(claire.get(&format!("{API}/messages/{answer}"))?.ok()?["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(karim.get(&format!("{API}/messages/{answer}"))?.status, 404, "not a recipient of the answer");
    Ok(())
}

#[test]
fn a_class_is_found_and_written_to() -> Result<()> {
    let Cast { claire, lina, .. } = &cast()?;
    let group = find(claire, "6A", "group")?.expect("a group of 6A");
    let content = json!({"subject": "À la classe", "text": "Bonjour,\n\ncontrôle jeudi.", "addressees": [{"field": "to", "kind": "group", "id": group}]});
    let receipt = claire.post(&format!("{API}/messages"), &content)?.ok()?;
    assert!(receipt["recipients"].as_i64() > Some(5), "{receipt}");
    // A student does not find people she may not write to, and cannot write to them either.
    assert!(find(lina, "le%20goff", "person")?.is_some(), "staff she finds");
    Ok(())
}

#[test]
fn the_same_key_sends_once() -> Result<()> {
    let Cast { house, claire, lina, .. } = &cast()?;
    let body = serde_json::to_vec(&json!({"subject": "Une fois", "text": "x", "addressees": [person("to", lina)]}))?;
    let headers = [("content-type", "application/json"), ("idempotency-key", "clé-1".trim_start_matches("clé-"))];
    let first = claire.send("POST", &format!("{API}/messages"), &headers, body.clone())?.ok()?;
    let again = claire.send("POST", &format!("{API}/messages"), &headers, body)?.ok()?;
    assert_eq!(first, again);
    let other = serde_json::to_vec(&json!({"subject": "Autre", "text": "x", "addressees": [person("to", lina)]}))?;
    assert_eq!(claire.send("POST", &format!("{API}/messages"), &headers, other)?.code()?, "key-reused");
    use store::{Database, params};
    let rows = house.database()?.execute("SELECT 1 FROM message WHERE subject = 'Une fois'", params![])?;
    assert_eq!(rows.len(), 1);
    Ok(())
}

#[test]
fn marks_move_messages_and_counts() -> Result<()> {
    let Cast { claire, lina, .. } = &cast()?;
    let content = json!({"subject": "À ranger", "text": "x", "addressees": [person("to", lina)]});
    let id =
        claire.post(&format!("{API}/messages"), &content)?.ok()?["message"].as_str().unwrap_or_default().to_owned();
    let mark = |mark: &str| -> Result<i64> {
        Ok(lina.post(&format!("{API}/marks"), &json!({"messages": [id], "mark": mark}))?.ok()?["changed"]
            .as_i64()
            .unwrap_or(-1))
    };
    assert_eq!(mark("destroy")?, 0, "only from the trash");
    for what in ["seen", "unseen", "trash", "restore", "trash", "destroy"] {
        assert_eq!(mark(what)?, 1, "{what}");
    }
    assert_eq!(lina.get(&format!("{API}/messages/{id}"))?.status, 404);
    assert_eq!(claire.get(&format!("{API}/messages/{id}"))?.status, 200, "the author keeps hers");
    Ok(())
}

#[test]
fn folders_come_by_pages_without_gaps_or_doubles() -> Result<()> {
    let Cast { claire, lina, .. } = &cast()?;
    for n in 0..7 {
        let content = json!({"subject": format!("Page {n}"), "text": "x", "addressees": [person("to", lina)]});
        claire.post(&format!("{API}/messages"), &content)?.ok()?;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = claire.get(&format!("{API}/folders/sent?limit=3&cursor={cursor}"))?.ok()?;
        seen.extend(
            page["items"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|item| item["subject"].as_str().map(str::to_owned)),
        );
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let pages: Vec<_> = seen.iter().filter(|subject| subject.starts_with("Page ")).cloned().collect();
    assert_eq!(pages, ["Page 6", "Page 5", "Page 4", "Page 3", "Page 2", "Page 1", "Page 0"]);
    Ok(())
}

/// Browsers without `Sec-Fetch-Site` say their origin, and the runner hides `Host` from components as Spin will.
#[test]
fn who_signs_in_by_a_form_says_where_from() -> Result<()> {
    let house = House::start(Options { people: Some(200), ..Options::with(&["session"]) })?;
    let sign_in = |origin: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin)];
        let form = b"login=claire.lefevre&password=vaguemestre-demo&next=/".to_vec();
        Ok::<_, anyhow::Error>(house.anonymous().send("POST", "/session/sign-in", &headers, form)?.status)
    };
    assert_eq!(sign_in(house.url())?, 303);
    for origin in ["http://ailleurs.example", "null", &format!("{}.ailleurs.example", house.url())] {
        assert_eq!(sign_in(origin)?, 403, "{origin}");
    }
    Ok(())
}
