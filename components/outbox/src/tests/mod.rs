//! The pages and the API over a real database, with the transports' double.

use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::Site;

use crate::outside::double::OUTSIDE;
use crate::{CAPABILITY, ROUTES};

const UAI: &str = "0310001A";
const CAMILLE: &str = "01JD00000000000000000000CA";
const LEA: &str = "01JD00000000000000000000EA";
const MARC: &str = "01JD00000000000000000000AD";
const NOE: &str = "01JD00000000000000000000N0";
const MESSAGE: &str = "01JD8K4X5VM000000000000001";
const DELIVERY: &str = "01JD8K4X5VD000000000000001";

/// Camille wrote to Léa, whose mail waits; Marc manages the establishment.
fn site() -> Site {
    OUTSIDE.with(|outside| *outside.borrow_mut() = Default::default());
    let site = Site::new(&CAPABILITY, ROUTES);
    site.add_establishment(UAI, "Lycée Jaurès");
    for (id, profile, first, last) in [
        (CAMILLE, "teacher", "Camille", "Petit"),
        (LEA, "relative", "Lea", "Martin"),
        (MARC, "staff", "Marc", "Durand"),
        (NOE, "student", "Noe", "Roux"),
    ] {
        site.add_person(id, UAI, profile, first, last);
    }
    let database = site.database();
    // The rights are another crate's tests.
    database.batch("DROP TRIGGER submission_accepted").unwrap();
    let run = |statement: &str, parameters: &[store::Value]| drop(database.execute(statement, parameters).unwrap());
    run("INSERT INTO local_admin VALUES (?1, ?2)", params![MARC, UAI]);
    run(
        "INSERT INTO message (id, uai, author_id, thread_id, message_id, subject, body_text, addressees, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?1, lower(?1) || '@ent.test', 'Sortie secrète', 'Bonjour Léa', ?4, ?5, ?5)",
        params![MESSAGE, UAI, CAMILLE, json!([{"field": "to", "kind": "person", "id": LEA}]).to_string(), site.now()],
    );
    run("INSERT INTO submission (message_id, submitted_at, size) VALUES (?1, ?2, 9)", params![MESSAGE, site.now()]);
    run("INSERT INTO recipient VALUES (?1, ?2, 'to', 1, 1)", params![MESSAGE, LEA]);
    // Runs over HTTP read the system's clock: due long ago, expiring in the far future.
    run(
        "INSERT INTO delivery (id, uai, message_id, person_id, address, due_at, expires_at, created_at)
        VALUES (?1, ?2, ?3, ?4, 'lea.perso@fournisseur.example', 0, 9000000000000, ?5)",
        params![DELIVERY, UAI, MESSAGE, LEA, site.now()],
    );
    site
}

#[test]
fn an_author_follows_her_message_and_nobody_else_does() {
    let site = site();
    let camille = site.sign_in(CAMILLE);
    let page = camille.get("/outbox").text();
    assert!(page.contains("Sortie secrète") && page.contains("1 en attente"), "{page}");
    let page = camille.get(&format!("/outbox/messages/{MESSAGE}")).text();
    assert!(page.contains("Lea Martin") && page.contains("En attente") && !page.contains("fournisseur"), "{page}");
    let list = camille.get(&format!("/api/v1/outbox/messages/{MESSAGE}/recipients")).json();
    assert_eq!(list["items"][0]["state"], "pending");
    assert_eq!(camille.get("/api/v1/outbox/messages").json()["items"][0]["mails"], 1);
    for other in [LEA, MARC, NOE] {
        let other = site.sign_in(other);
        assert_eq!(other.get(&format!("/outbox/messages/{MESSAGE}")).status(), 404);
        assert_eq!(other.get(&format!("/api/v1/outbox/messages/{MESSAGE}/recipients")).status(), 404);
        assert_eq!(other.get("/api/v1/outbox/messages").json()["items"], json!([]));
    }
}

#[test]
fn the_queue_is_for_administrators_and_says_neither_subject_nor_address() {
    let site = site();
    for path in ["/outbox/queue", "/api/v1/outbox/queue", "/api/v1/outbox/deliveries"] {
        assert_eq!(site.sign_in(CAMILLE).get(path).status(), 403);
        let answer = site.sign_in(MARC).get(path);
        assert_eq!(answer.status(), 200, "{}", answer.text());
        assert!(!answer.text().contains("secrète") && !answer.text().contains("fournisseur"), "{}", answer.text());
    }
    let marc = site.sign_in(MARC);
    assert!(marc.get("/outbox/queue").text().contains("Lea Martin"));
    let queue = marc.get("/api/v1/outbox/queue").json();
    assert_eq!(queue["establishments"][0]["counts"]["pending"], 1);
    assert_eq!(queue["relay"], Value::Null);
    assert_eq!(marc.get("/api/v1/outbox/deliveries?state=pending,held&limit=5").json()["items"][0]["id"], DELIVERY);
    assert_eq!(marc.get("/api/v1/outbox/deliveries?state=nothing").json()["code"], "invalid");
    assert_eq!(marc.get("/api/v1/outbox/deliveries?uai=0990009Z").json()["items"], json!([]));
}

#[test]
fn an_administrator_holds_and_releases_by_page_and_by_api() {
    let site = site();
    let marc = site.sign_in(MARC);
    let back = "/outbox/queue?uai=0310001A&list=waiting";
    let held = marc.post_form("/outbox/queue/act", &[("id", DELIVERY), ("action", "hold"), ("back", back)]);
    assert_eq!((held.status(), held.header("location")), (303, back));
    assert!(marc.get(back).text().contains("Le courrier est retenu."));
    let again = marc.json("POST", &format!("/api/v1/outbox/deliveries/{DELIVERY}/hold"), &json!({}));
    assert_eq!(
        (again.status(), again.json()["code"].clone(), again.json()["state"].clone()),
        (409, json!("wrong-state"), json!("held"))
    );
    let released = marc.json("POST", &format!("/api/v1/outbox/establishments/{UAI}/release"), &json!({}));
    assert_eq!(released.json(), json!({"changed": 1}));
    assert_eq!(marc.json("POST", &format!("/api/v1/outbox/deliveries/{DELIVERY}/explode"), &json!({})).status(), 404);
    assert_eq!(marc.json("POST", "/api/v1/outbox/establishments/0990009Z/hold", &json!({})).status(), 404);
    let elsewhere =
        marc.post_form("/outbox/queue/act", &[("id", DELIVERY), ("action", "hold"), ("back", "https://evil.example/")]);
    assert_eq!(elsewhere.header("location"), "/outbox/queue");
    assert_eq!(
        site.sign_in(CAMILLE)
            .json("POST", &format!("/api/v1/outbox/deliveries/{DELIVERY}/release"), &json!({}))
            .status(),
        403
    );
}

#[test]
fn a_scheduler_drains_with_the_token_and_nobody_without() {
    let site = site();
    let ask = |bearer: Option<&str>| {
        let mut request = http::Request::post(DRAIN).header("content-type", "application/json");
        if let Some(bearer) = bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        site.request(request.body(bytes::Bytes::new()).unwrap())
    };
    assert_eq!(ask(Some("")).status(), 401, "no token is set");
    OUTSIDE.with(|outside| outside.borrow_mut().token = "s3cret".to_owned());
    for wrong in [None, Some(""), Some("s3cre"), Some("s3cret!")] {
        assert_eq!(ask(wrong).status(), 401, "{wrong:?}");
    }
    assert_eq!(site.sign_in(CAMILLE).json("POST", DRAIN, &json!({})).status(), 403);
    let drained = ask(Some("s3cret"));
    assert_eq!(drained.status(), 200);
    assert_eq!(drained.json()["sent"], 1);
    assert_eq!(site.sign_in(MARC).json("POST", DRAIN, &json!({})).json()["sent"], 0);
}

const DRAIN: &str = "/api/v1/outbox/drain";

#[test]
fn kept_mails_are_read_by_their_two_sides_only() {
    let site = site();
    let marc = site.sign_in(MARC);
    let drained = marc.post_form("/outbox/queue/drain", &[]);
    assert_eq!(drained.status(), 303);
    assert!(marc.get("/outbox/queue").text().contains("Remis\u{a0}: 1."));
    for side in [CAMILLE, LEA] {
        let side = site.sign_in(side);
        assert!(side.get("/outbox/pickup").text().contains("Sortie secrète"));
        let page = side.get(&format!("/outbox/pickup/{DELIVERY}"));
        assert!(
            page.text().contains("Bonjour Léa") && page.text().contains("camille.petit@ent.test"),
            "{}",
            page.text()
        );
        let source = side.get(&format!("/api/v1/outbox/pickup/{DELIVERY}"));
        assert_eq!(source.header("content-type"), "message/rfc822");
        assert!(source.text().starts_with("Date: ") && !source.text().contains("fournisseur"));
    }
    assert!(!site.sign_in(NOE).get("/outbox/pickup").text().contains("Camille"));
    let listed = marc.get("/api/v1/outbox/pickup").json();
    assert_eq!(
        (listed["items"][0]["person"].clone(), listed["items"][0]["subject"].clone()),
        (json!("Lea Martin"), Value::Null)
    );
    for other in [MARC, NOE] {
        for path in [
            format!("/outbox/pickup/{DELIVERY}"),
            format!("/outbox/pickup/{DELIVERY}/source"),
            "/outbox/pickup/..%2F..%2Fetc".to_owned(),
        ] {
            assert_eq!(site.sign_in(other).get(&path).status(), 404, "{path}");
        }
    }
}

#[test]
fn a_pause_is_shown_and_ended() {
    let site = site();
    let insert = "INSERT INTO relay_pause VALUES ('192.0.2.1:25', 3, ?1, 'le serveur ne répond pas (4.4.1)')";
    site.database().execute(insert, params![site.now() + 600_000]).unwrap();
    let marc = site.sign_in(MARC);
    let page = marc.get("/outbox/queue").text();
    assert!(page.contains("est au repos jusqu’à") && page.contains("le serveur ne répond pas"), "{page}");
    assert_eq!(marc.get("/api/v1/outbox/queue").json()["pauses"][0]["failures"], 3);
    assert_eq!(marc.send("DELETE", "/api/v1/outbox/pauses/192.0.2.1%3A25", None, bytes::Bytes::new()).status(), 204);
    assert!(!marc.get("/outbox/queue").text().contains("au repos"));
}
