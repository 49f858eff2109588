//! Model letters as a browser and as a program use them: who may, the editor, the count, the preview, sending, runs (P-5, P-6).

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use bytes::Bytes;
use publipostage::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Answer, Site, Visitor};

const ELSEWHERE: &str = "9990009Z";
const STRANGER: &str = "0000000000000000000000000Z";
/// One white pixel.
const PIXEL: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55\x00\x00\x00\x0a\x49\x44\x41\x54\x78\x9c\x63\xf8\x0f\x00\x01\x01\x01\x00\xb1\x38\xf6\x14\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

fn site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    demo::run(site.database(), &demo::Options::of(300, site.now())).unwrap();
    site.add_establishment(ELSEWHERE, "Collège d’ailleurs");
    site.add_person(STRANGER, ELSEWHERE, "staff", "Ève", "Lointaine");
    site.database().execute("INSERT INTO local_admin VALUES (?1, ?2)", params![STRANGER, ELSEWHERE]).unwrap();
    site
}

fn one(site: &Site, sql: &str) -> String {
    site.database().first(sql, &[]).unwrap().unwrap().text(0).unwrap().to_owned()
}

fn count(site: &Site, sql: &str) -> i64 {
    site.database().first(sql, &[]).unwrap().unwrap().integer(0).unwrap()
}

fn id_of(site: &Site, login: &str) -> String {
    one(site, &format!("SELECT id FROM person WHERE login = '{login}'"))
}

fn admin(site: &Site) -> Visitor<'_> {
    site.sign_in(&one(site, &format!("SELECT person_id FROM local_admin WHERE uai <> '{ELSEWHERE}'")))
}

fn uai(site: &Site) -> String {
    one(site, &format!("SELECT uai FROM establishment WHERE uai <> '{ELSEWHERE}'"))
}

fn created(visitor: &Visitor<'_>, name: &str, subject: &str, body: &str) -> String {
    let answer =
        visitor.json("POST", "/api/v1/publipostage/models", &json!({"name": name, "subject": subject, "body": body}));
    assert_eq!(answer.status(), 201, "{}", answer.text());
    answer.json().pointer("/id").and_then(Value::as_str).unwrap().to_owned()
}

fn sent(visitor: &Visitor<'_>, model: &str, body: &Value) -> Answer {
    visitor.json("POST", &format!("/api/v1/publipostage/models/{model}/send"), body)
}

/// What a route takes, so that it is not refused for its body.
fn body_of(path: &str, person: &str) -> Value {
    match path.rsplit('/').next().unwrap() {
        "models" => json!({"name": "x", "body": "x"}),
        "check" => json!({"body": "x"}),
        "send" => json!({"recipients": {"people": [person]}, "way": "print"}),
        _ => json!({"name": "x", "body": "x", "version": 1}),
    }
}

#[test]
fn every_route_is_refused_to_all_but_the_administrators_of_the_establishment() {
    let site = site();
    let admin = admin(&site);
    let karim = id_of(&site, "karim.benali");
    let model = created(&admin, "Essai", "x", "<p>{{ nom }}</p>");
    let run = sent(&admin, &model, &json!({"recipients": {"people": [karim]}, "way": "print"}));
    let run = run.json()["id"].as_str().unwrap().to_owned();
    let before = one(&site, "SELECT group_concat(id || name || version || updated_at) FROM model");
    let mut asked = 0;
    for route in
        ROUTES.iter().filter(|route| route.path.contains("publipostage/models") && !route.path.contains("/script/"))
    {
        let path = route.path.replace("{id}", &model).replace("{run}", &run).replace("{position}", "0");
        let path = format!("{path}?uai={}&person={karim}", uai(&site));
        let ask = |visitor: &Visitor<'_>| match route.method.as_str() {
            "GET" => visitor.get(&path),
            "POST" if !route.is_api() => visitor.post_form(
                &path,
                &[
                    ("uai", &uai(&site)),
                    ("name", "y"),
                    ("version", "1"),
                    ("body", "y"),
                    ("action", "remove"),
                    ("way", "print"),
                    ("person", &karim),
                ],
            ),
            method => {
                let mut body = body_of(route.path, &karim);
                if route.path.ends_with("/models") {
                    body["uai"] = json!(uai(&site));
                }
                visitor.json(method, &path, &body)
            }
        };
        for login in ["claire.lefevre", "lina.benali", "karim.benali"] {
            assert_eq!(
                ask(&site.sign_in(&id_of(&site, login))).status(),
                403,
                "{login} {} {path}",
                route.method.as_str()
            );
        }
        let harmless = route.path.ends_with("/fields") || route.path.ends_with("/check");
        let expected = if harmless { 200 } else { 404 };
        let stranger = ask(&site.sign_in(STRANGER));
        assert_eq!(stranger.status(), expected, "stranger {} {path}: {}", route.method.as_str(), stranger.text());
        asked += 1;
    }
    assert!(asked > 35, "{asked}");
    assert_eq!(one(&site, "SELECT group_concat(id || name || version || updated_at) FROM model"), before);
    assert_eq!(count(&site, "SELECT count(*) FROM model_run"), 1);
    // An anonymous visitor is sent to sign in, or told 401.
    assert_eq!(site.visitor().get("/api/v1/publipostage/models").status(), 401);
}

/// The key that a form of the page carries.
fn key(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"key\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn a_form_sent_twice_sends_once() {
    let site = site();
    let admin = admin(&site);
    let model = created(&admin, "Essai", "x", "<p>{{ nom }}</p>");
    let (karim, gerard) = (id_of(&site, "karim.benali"), id_of(&site, "gerard.etcheverry"));
    let here = format!("/publipostage/models/{model}");
    let page = admin.get(&format!("{here}/recipients?person={karim}&person={gerard}"));
    let given = key(&page);
    assert_ne!(key(&admin.get(&format!("{here}/recipients?person={karim}"))), given);
    let form = [("person", &*karim), ("person", &gerard), ("way", "attached"), ("key", &given)];
    let first = admin.post_form(&format!("{here}/send"), &form);
    let again = admin.post_form(&format!("{here}/send"), &form);
    assert_eq!((first.status(), again.status()), (303, 303), "{}", again.text());
    assert_eq!(first.header("location"), again.header("location"));
    let runs = || {
        count(
            &site,
            "SELECT count(*) FROM model_run WHERE by_id IN (SELECT person_id FROM local_admin) AND idempotency_key IS NOT NULL",
        )
    };
    assert_eq!(runs(), 1);
    let run = first.header("location").to_owned();
    let given = key(&admin.get(&run));
    for _ in 0..2 {
        let rest = admin.post_form(&format!("{run}/print-rest"), &[("key", &given)]);
        assert_eq!(rest.status(), 303, "{}", rest.text());
    }
    assert_eq!(runs(), 2);
    // For somebody else, it is not what was sent.
    let other =
        admin.post_form(&format!("{here}/send"), &[("person", &karim), ("way", "attached"), ("key", form[3].1)]);
    assert_eq!(other.status(), 409, "{}", other.text());
    assert_eq!(runs(), 2);
}

#[test]
fn the_report_of_a_message_hands_over_those_to_reach_on_paper() {
    let site = site();
    let admin = admin(&site);
    let model = created(&admin, "Essai", "x", "<p>{{ nom }}</p>");
    let message = one(
        &site,
        "SELECT a.message_id FROM audience a JOIN outcome o ON o.message_id = a.message_id AND o.on_paper
         WHERE a.kind = 'population' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    );
    let list = admin.get(&format!("/publipostage/models?message={message}"));
    let next = format!("/publipostage/models/{model}/recipients?message={message}");
    assert!(list.text().contains(&next), "{}", list.text());
    let page = admin.get(&next);
    let hidden = format!("<input type=\"hidden\" name=\"message\" value=\"{message}\">");
    assert!(page.text().contains(&hidden), "{}", page.text());
    let preview = admin.get(&format!("/publipostage/models/{model}/preview?message={message}"));
    assert!(preview.text().contains(&format!("recipients?message={message}")), "{}", preview.text());
    let form = [("message", &*message), ("way", "print"), ("key", &key(&page))];
    let done = admin.post_form(&format!("/publipostage/models/{model}/send"), &form);
    assert_eq!(done.status(), 303, "{}", done.text());
    let run = done.header("location").rsplit('/').next().unwrap().to_owned();
    let letters = count(&site, &format!("SELECT count(DISTINCT person_id) FROM model_letter WHERE run_id = '{run}'"));
    let paper = count(&site, &format!("SELECT count(*) FROM outcome WHERE message_id = '{message}' AND on_paper"));
    assert!(letters > 0 && letters == paper, "{letters} {paper}");
    let same = sent(&admin, &model, &json!({"recipients": {"message": message}, "way": "print"}));
    assert_eq!(same.status(), 202, "{}", same.text());
    assert_eq!(admin.get("/publipostage/models?message=00000000000000000000000000").status(), 404);
}

#[test]
fn a_letter_goes_from_the_editor_to_a_mailbox() {
    let site = site();
    let admin = admin(&site);
    let made = admin.post_form(
        "/publipostage/models",
        &[
            ("name", "Sortie au musée"),
            ("subject", "Sortie de {{ enfant.prénom }}"),
            ("body", "Bonjour {{ civilité }} {{ nome }},\n\n{{ enfant.prénom }} ira au musée."),
        ],
    );
    assert_eq!(made.status(), 303, "{}", made.text());
    let here = made.header("location").to_owned();
    let editor = admin.get(&here);
    let text = editor.text().replace(['\u{a0}', '\u{202f}'], " ");
    assert!(text.contains("Ligne 1 : le champ « nome » n’existe pas. Vouliez-vous dire « nom »"), "{text}");
    assert!(editor.text().contains("{{ enfant.classe }}") && editor.bytes().len() < 100_000);
    // Saved again, by form, without what was wrong.
    let fields = [
        ("name", "Sortie au musée"),
        ("subject", "Sortie de {{ enfant.prénom }}"),
        ("version", "1"),
        ("body", "<p>Bonjour {{ nom }},</p><p>{{ enfant.prénom }} ira au musée.</p>"),
    ];
    assert_eq!(admin.post_form(&here, &fields).status(), 303);
    let stale = admin.post_form(&here, &fields);
    assert_eq!(stale.status(), 409);
    assert!(stale.text().contains("a enregistré ce modèle"));

    let class = one(&site, "SELECT id FROM class WHERE kind = 'class' AND name = '6A'");
    let query = format!("profile=relative&class={class}");
    let recipients = admin.get(&format!("{here}/recipients?{query}"));
    assert_eq!(recipients.status(), 200);
    let text = recipients.text().replace('\u{a0}', " ");
    assert!(text.contains("Parents de 6A"), "{text}");
    assert!(text.contains("sur papier seulement)") && text.contains("Gérard Etcheverry"), "{text}");
    assert!(recipients.bytes().len() < 100_000);

    let preview = admin.get(&format!("{here}/preview?person={}&at=1", id_of(&site, "karim.benali")));
    assert!(
        preview.text().contains("Lettre 2 sur 2") && preview.text().contains("Yanis ira au musée"),
        "{}",
        preview.text()
    );
    let pdf = admin.get(&format!("{here}/preview.pdf?{query}"));
    assert!(pdf.bytes().starts_with(b"%PDF") && pdf.header("content-disposition").starts_with("inline"));
    let png = admin.get(&format!("{here}/preview.png?{query}"));
    assert!(png.bytes().starts_with(b"\x89PNG") && png.header("content-type") == "image/png");
    assert_eq!(admin.get(&format!("{here}/preview?{query}&at=999")).status(), 200);
    assert_eq!(admin.get(&format!("{here}/preview.pdf?{query}&at=999")).status(), 404);

    let before = count(&site, "SELECT count(*) FROM submission");
    let done =
        admin.post_form(&format!("{here}/send"), &[("profile", "relative"), ("class", &class), ("way", "attached")]);
    assert_eq!(done.status(), 303, "{}", done.text());
    let run = admin.get(done.header("location"));
    assert!(run.text().contains("Succès") && run.text().contains("Sur papier seulement"), "{}", run.text());
    let sent = count(&site, "SELECT count(message_id) FROM model_letter");
    assert!(sent > 3);
    assert_eq!(count(&site, "SELECT count(*) FROM submission") - before, sent);
    let karim = id_of(&site, "karim.benali");
    let received = format!(
        "SELECT m.subject || '|' || m.body_text FROM mailbox_entry e JOIN message m ON m.id = e.message_id
         WHERE e.person_id = '{karim}' AND m.id IN (SELECT message_id FROM model_letter)"
    );
    let received = one(&site, &received);
    assert!(
        received.starts_with("Sortie de Lina|") && received.contains("Concernant : Lina Benali (6A)"),
        "{received}"
    );
    let letter = admin.get(&format!("{}/letters/0", done.header("location")));
    assert!(letter.text().contains("ira au musée"), "{}", letter.text());

    let rest = admin.post_form(&format!("{}/print-rest", done.header("location")), &[]);
    let file = admin.get(&format!("{}/file", rest.header("location")));
    assert_eq!((file.status(), file.header("content-type")), (200, "application/pdf"));
    site.wait(25 * 3600 * 1000);
    let later = site.sign_in(&one(&site, &format!("SELECT person_id FROM local_admin WHERE uai <> '{ELSEWHERE}'")));
    assert_eq!(later.get(&format!("{}/file", rest.header("location"))).status(), 404);
}

#[test]
fn what_is_wrong_is_told_before_anything_leaves() {
    let site = site();
    let admin = admin(&site);
    let karim = id_of(&site, "karim.benali");
    let wrong = created(&admin, "Faux", "{{ prenom }}", "<p>{% if nom %}</p>");
    let model = admin.get(&format!("/api/v1/publipostage/models/{wrong}")).json();
    let told: Vec<_> = model["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["part"].as_str().unwrap(), m["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(told, [("subject", 1), ("body", 1)]);
    let to = |way: &str| json!({"recipients": {"people": [karim]}, "way": way});
    let answer = sent(&admin, &wrong, &to("body"));
    assert_eq!(
        (answer.status(), answer.json()["code"].as_str()),
        (422, Some("template-mistakes")),
        "{}",
        answer.text()
    );
    let missing = created(&admin, "Manque", "x", "<p>{{ classe }}</p>");
    let answer = sent(&admin, &missing, &to("body"));
    assert_eq!(answer.json()["code"], "missing-values");
    assert!(answer.json()["detail"].as_str().unwrap().contains("Karim Benali"), "{}", answer.text());
    let page = admin.get(&format!("/publipostage/models/{missing}/recipients?person={karim}"));
    assert!(page.text().contains("Il manque des valeurs") && !page.text().contains("Confirmer"), "{}", page.text());
    let fine = created(&admin, "Bon", "x", "<p>{{ nom }}</p>");
    for (body, code) in [
        (json!({"recipients": {"people": [karim]}, "way": "pigeon"}), "invalid"),
        (json!({"recipients": {"profiles": ["king"]}, "way": "print"}), "invalid"),
        (json!({"recipients": {}, "way": "print"}), "nobody"),
        (json!({"recipients": {"people": [karim]}, "way": "body", "copies": [{"person": STRANGER}]}), "copies-refused"),
    ] {
        let answer = sent(&admin, &fine, &body);
        assert_eq!(answer.json()["code"], code, "{body}: {}", answer.text());
    }
    let checked = admin.json("POST", "/api/v1/publipostage/models/check", &json!({"body": "{{ code_activation }}"}));
    assert!(checked.json()["mistakes"][0]["detail"].as_str().unwrap().contains("publipostage des comptes"));
    assert_eq!(count(&site, "SELECT count(*) FROM model_run"), 0);
}

#[test]
fn the_api_counts_previews_sends_and_tells() {
    let site = site();
    let admin = admin(&site);
    let model = created(&admin, "Mot", "Mot", "<p>Bonjour {{ prénom }}</p>");
    let at = |path: &str| format!("/api/v1/publipostage/models/{model}/{path}");
    let (karim, gerard) = (id_of(&site, "karim.benali"), id_of(&site, "gerard.etcheverry"));
    let reach = admin.get(&at(&format!("reach?person={karim}&person={gerard}"))).json();
    assert_eq!(
        (
            reach["people"].as_u64(),
            reach["letters"].as_u64(),
            reach["by_mailbox"].as_u64(),
            reach["paper_only"].as_u64()
        ),
        (Some(2), Some(2), Some(1), Some(1)),
        "{reach}"
    );
    assert_eq!(reach["on_paper"], json!(["Gérard Etcheverry"]));
    let preview = admin.get(&at(&format!("preview?person={karim}"))).json();
    assert_eq!(preview["children"], json!(["Lina Benali (6A)", "Yanis Benali (4A)"]), "{preview}");
    let run = sent(
        &admin,
        &model,
        &json!({"recipients": {"people": [karim, gerard]}, "way": "body", "copies": [{"person": id_of(&site, "claire.lefevre"), "hidden": true}]}),
    );
    assert_eq!(run.status(), 202, "{}", run.text());
    let run = run.json();
    assert_eq!(
        (run["sent"].as_u64(), run["rest"].as_u64(), run["state"].as_str()),
        (Some(1), Some(1), Some("done")),
        "{run}"
    );
    let letters =
        admin.get(&format!("/api/v1/publipostage/models/runs/{}/letters", run["id"].as_str().unwrap())).json();
    let states: Vec<_> =
        letters["items"].as_array().unwrap().iter().map(|letter| letter["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["redirect", "nowhere"], "{letters}");
    assert_eq!(admin.get("/api/v1/publipostage/models/runs").json()["items"].as_array().unwrap().len(), 1);
    // A name, a code or an address in no log.
    assert!(site.log().iter().all(|line| !line.contains("Benali") && !line.contains("example")));
}

#[test]
fn a_long_run_goes_on_and_can_be_cancelled() {
    let site = site();
    let admin = admin(&site);
    let model = created(&admin, "Tous", "x", "<p>{{ nom }}</p>");
    let everybody = json!({"recipients": {"profiles": ["student"]}, "way": "attached"});
    let run = sent(&admin, &model, &everybody).json();
    assert_eq!((run["state"].as_str(), run["sent_at"].as_i64()), (Some("running"), None), "{run}");
    let here = format!("/publipostage/models/runs/{}", run["id"].as_str().unwrap());
    assert!(admin.get(&here).text().contains("data-advance"));
    for _ in 0..20 {
        let answer = admin.json("POST", &format!("/api/v1{here}/advance"), &json!({}));
        assert_eq!(answer.status(), 200, "{}", answer.text());
    }
    let run = admin.get(&format!("/api/v1{here}")).json();
    assert_eq!((run["state"].as_str(), run["sent"].as_u64()), (Some("done"), run["letters"].as_u64()), "{run}");
    assert_eq!(
        count(&site, "SELECT count(*) FROM model_letter l JOIN submission s ON s.message_id = l.message_id"),
        run["sent"].as_i64().unwrap()
    );

    let run = sent(&admin, &model, &everybody).json();
    let here = format!("/publipostage/models/runs/{}", run["id"].as_str().unwrap());
    assert_eq!(admin.post_form(&format!("{here}/cancel"), &[]).status(), 303);
    let run = admin.json("POST", &format!("/api/v1{here}/advance"), &json!({})).json();
    assert_eq!((run["state"].as_str(), run["sent"].as_u64()), (Some("cancelled"), Some(0)), "{run}");
    assert_eq!(
        count(
            &site,
            "SELECT count(*) FROM model_letter l JOIN model_run r ON r.id = l.run_id WHERE r.sent_at IS NULL AND l.body <> ''"
        ),
        0
    );
}

#[test]
fn a_signature_is_a_small_picture() {
    let site = site();
    let admin = admin(&site);
    let model = created(&admin, "Signé", "x", "<p>x</p>");
    let here = format!("/api/v1/publipostage/models/{model}/signature");
    let put = |bytes: &[u8]| admin.send("PUT", &here, Some("image/png"), Bytes::copy_from_slice(bytes));
    assert_eq!(put(b"<svg onload=alert(1)>").status(), 422);
    assert_eq!(put(&vec![0; 300 * 1024 + 1]).status(), 422);
    assert_eq!(admin.get(&here).status(), 404);
    let kept = put(PIXEL);
    assert_eq!(kept.status(), 204, "{}", kept.text());
    let picture = admin.get(&here);
    assert_eq!((picture.header("content-type"), &picture.bytes()[..]), ("image/png", PIXEL));
    let copy = admin.json("POST", &format!("/api/v1/publipostage/models/{model}/duplicate"), &json!({})).json();
    assert_eq!((copy["name"].as_str(), copy["signed"].as_bool()), (Some("Copie de Signé"), Some(true)));
    assert_eq!(admin.send("DELETE", &here, None, Bytes::new()).status(), 204);
    assert_eq!(admin.get(&here).status(), 404);
}

#[test]
fn a_key_sends_once() {
    let site = site();
    let admin = admin(&site);
    let model = created(&admin, "Clé", "x", "<p>x</p>");
    let token = site.token(&one(&site, &format!("SELECT person_id FROM local_admin WHERE uai <> '{ELSEWHERE}'")));
    let ask = || {
        let body = json!({"recipients": {"people": [id_of(&site, "karim.benali")]}, "way": "body"}).to_string();
        let request = web::http::Request::builder()
            .method("POST")
            .uri(format!("/api/v1/publipostage/models/{model}/send"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", "abc")
            .body(Bytes::from(body))
            .unwrap();
        site.request(request).json()["id"].clone()
    };
    let first = ask();
    assert!(first.is_string());
    assert_eq!(ask(), first);
    assert_eq!(count(&site, "SELECT count(*) FROM model_letter WHERE message_id IS NOT NULL"), 1);
}
