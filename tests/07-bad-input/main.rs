//! Every route of the API, as the OpenAPI document lists them, with everything that should not come in: each answer is a
//! problem with a stable code, nothing is half written, nothing reaches the log that should not.

use anyhow::Result;
use serde_json::{Value, json};
use store::{Database, params};
use tests::{Answer, Caller, House, NEVER, Options};

/// A route of the document.
struct Route {
    method: String,
    path: String,
    takes_body: bool,
}

fn routes(caller: &Caller) -> Result<Vec<Route>> {
    let document = caller.get("/api/openapi.json")?.ok()?;
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in
            methods.as_object().into_iter().flatten().filter(|(method, _)| *method != "parameters")
        {
            let takes_body = operation.get("requestBody").is_some();
            routes.push(Route { method: method.to_uppercase(), path: path.clone(), takes_body });
        }
    }
    Ok(routes)
}

/// The path with every parameter replaced.
fn filled(path: &str, with: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { with } else { part }).collect::<Vec<_>>().join("/")
}

fn must_be_a_problem(answer: &Answer, what: &str) {
    assert!((400..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
    let code = answer.code().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(
        !code.is_empty() && !answer.json()["detail"].as_str().unwrap_or_default().is_empty(),
        "{what}: {}",
        answer.text()
    );
}

/// Rows of everything that people write.
fn rows(house: &House) -> Result<Vec<i64>> {
    let database = house.database()?;
    const TABLES: &str = "message submission recipient mailbox_entry delivery notice attachment redirect audience rubrique \
        population news event resource booking answer agenda_feed flash flash_dismissal liaison liaison_reminder campaign job \
        model model_run class_admin establishment_letterhead";
    TABLES
        .split_whitespace()
        .map(|table| {
            Ok(database
                .first(&format!("SELECT count(*) FROM {table}"), params![])?
                .map(|row| row.integer(0))
                .transpose()?
                .unwrap_or(-1))
        })
        .collect()
}

#[test]
fn no_route_lets_bad_input_in() -> Result<()> {
    let house = House::start(Options { people: Some(200), schedule: Some(NEVER), ..Options::default() })?;
    // A pupil, who may do little; and an administrator, whom rights do not stop before the input is read.
    let (anonymous, lina) = (house.anonymous(), house.sign_in("lina.benali")?);
    let people = [("a pupil", lina.clone()), ("an administrator", house.sign_in("sophie.legoff")?)];
    let routes = routes(&lina)?;
    assert!(routes.len() > 200, "only {} routes in the document", routes.len());
    let before = rows(&house)?;
    let unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    for Route { method, path, takes_body } in &routes {
        let what = format!("{method} {path}");
        // Signing out would end the caller's own session; the document and the sign-in are for everybody.
        if path == "/api/openapi.json" || (path == "/api/v1/session" && method != "GET") {
            continue;
        }
        let answer =
            anonymous.send(method, &filled(path, unknown), &[("content-type", "application/json")], b"{}".to_vec())?;
        must_be_a_problem(&answer, &what);
        // Those who activate their account or forgot their password have no session.
        if !path.contains("/activation") && !path.contains("/renewal") {
            assert_eq!(answer.status, 401, "{what} without a session: {}", answer.text());
        }
        for (who, person) in &people {
            if *takes_body {
                let json = [("content-type", "application/json")];
                for (name, body) in [
                    ("cut off", b"{\"subject\": ".to_vec()),
                    ("not UTF-8", b"{\"subject\": \"\xff\xfe\"}".to_vec()),
                    ("another type", b"[1, 2, 3]".to_vec()),
                    ("wrong members", serde_json::to_vec(&json!({"no-such-member": {"a": [null]}}))?),
                    ("deep", [vec![b'['; 100_000], vec![b']'; 100_000]].concat()),
                ] {
                    let answer = person.send(method, &filled(path, unknown), &json, body)?;
                    must_be_a_problem(&answer, &format!("{what} by {who}, {name}"));
                }
                let answer =
                    person.send(method, &filled(path, unknown), &[("content-type", "text/plain")], b"x".to_vec())?;
                must_be_a_problem(&answer, &format!("{what} by {who}, plain text"));
                let answer = person.send(method, &filled(path, unknown), &json, vec![b' '; 14 << 20])?;
                must_be_a_problem(&answer, &format!("{what} by {who}, 14 MB"));
            }
            if path.contains('{') {
                for id in [unknown, "x", "%00", "%27%3B%20DROP%20TABLE%20person", "%F0%9F%92%8C", &"9".repeat(2000)] {
                    let answer = person.send(
                        method,
                        &filled(path, id),
                        &[("content-type", "application/json")],
                        b"{}".to_vec(),
                    )?;
                    must_be_a_problem(
                        &answer,
                        &format!("{what} by {who} with id {}", id.chars().take(20).collect::<String>()),
                    );
                }
            }
        }
    }
    assert_eq!(rows(&house)?, before, "something was written");
    Ok(())
}

#[test]
fn headers_and_sizes_cannot_be_smuggled() -> Result<()> {
    let house = House::start(Options {
        people: Some(200),
        schedule: Some(NEVER),
        ..Options::with(&["session", "send-message"])
    })?;
    let (claire, lina) = (house.sign_in("claire.lefevre")?, house.sign_in("lina.benali")?);
    let before = rows(&house)?;
    let to = json!([{"field": "to", "kind": "person", "id": lina.id}]);
    let send = |content: &Value| claire.post("/api/v1/send-message/messages", content);
    let code = |content: &Value| -> Result<String> { send(content)?.code() };
    assert_eq!(code(&json!({"subject": "a\r\nBcc: x@y.example", "addressees": to}))?, "bad-subject");
    assert_eq!(code(&json!({"subject": "x".repeat(201), "addressees": to}))?, "bad-subject");
    assert_eq!(send(&json!({"subject": "x".repeat(10 << 20), "addressees": to}))?.status, 413);
    assert_eq!(code(&json!({"subject": "x", "html": "<div>".repeat(5000), "addressees": to}))?, "bad-body");
    assert_eq!(
        code(
            &json!({"subject": "x", "addressees": [{"field": "to", "kind": "person", "id": "01NB0DY0000000000000000000"}]})
        )?,
        "recipients-refused"
    );
    let wrong = send(&json!({"subject": "x", "addressees": [{"field": "sideways", "kind": "person", "id": "x"}]}))?;
    assert_eq!(wrong.status, 422, "{}", wrong.text());

    let draft = claire.post("/api/v1/send-message/drafts", &json!({"subject": "Fichiers", "addressees": to}))?.ok()?;
    let attach = |name: &str, content: &[u8]| {
        let path =
            format!("/api/v1/send-message/drafts/{}/attachments?name={name}", draft["id"].as_str().unwrap_or_default());
        claire.send("POST", &path, &[], content.to_vec())
    };
    assert_eq!(attach("vide.pdf", b"")?.code()?, "file-empty");
    assert_eq!(attach("virus.exe", b"MZ")?.code()?, "file-type");
    assert_eq!(attach("a%0D%0Ab.pdf", b"x")?.code()?, "bad-file-name");
    assert_eq!(attach("gros.pdf", &vec![0; 11 << 20])?.code()?, "file-size");
    // Somebody else's draft, and its files, do not exist for others.
    let path = format!("/api/v1/send-message/drafts/{}", draft["id"].as_str().unwrap_or_default());
    assert_eq!(lina.get(&path)?.status, 404);
    assert_eq!(lina.send("DELETE", &path, &[], Vec::new())?.status, 404);
    assert_eq!(claire.send("DELETE", &path, &[], Vec::new())?.status, 204);
    assert_eq!(rows(&house)?, before, "something was written");

    let log = house.log();
    for secret in ["vaguemestre-demo", "Fichiers", "ent.example", "Bcc:"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
    Ok(())
}
