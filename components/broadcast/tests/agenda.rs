//! The agenda of a rubrique by its pages and its API (B-2): who may do what at each address, and what comes of it. Long, since
//! every address is tried by everybody over one school.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failed test")]

use broadcast::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Answer, Site, Visitor};

const RUBRIQUE: &str = "01K9RVBR1QVE00000000000006";
const API: &str = "/api/v1/broadcast/events";
const PAGES: &str = "/broadcast/agenda/events";

/// Claire edits, Lina and Karim read; a relative of another class, an administrator, and another school.
fn school() -> Site {
    let mut site = Site::new(&CAPABILITY, ROUTES);
    site.public_url = Some("https://ent.example".to_owned());
    demo::run(site.database(), &demo::Options { people: 300, establishments: 2, seed: 1, now: site.now() }).unwrap();
    let text = |statement: &str| site.database().first(statement, &[]).unwrap().unwrap().text(0).unwrap().to_owned();
    let uai = text("SELECT uai FROM person WHERE login = 'claire.lefevre'");
    let group = |profile: &str| {
        text(&format!(
            "SELECT g.id FROM person_group g JOIN class c ON c.id = g.class_id AND c.name = '6A' AND c.kind = 'class'
                WHERE g.uai = '{uai}' AND g.kind = 'class' AND g.profile = '{profile}'"
        ))
    };
    site.database()
        .batch(&format!(
            "INSERT INTO rubrique (id, uai, name, folded_name, created_at) VALUES ('{RUBRIQUE}', '{uai}', 'Essai 6A', 'essai 6a', 0);
            INSERT INTO rubrique_editor (rubrique_id, group_id) VALUES ('{RUBRIQUE}', '{}');
            INSERT INTO population (id, rubrique_id, group_id) VALUES
                ('01K9P0P00000000000STVDENTS', '{RUBRIQUE}', '{}'), ('01K9P0P0000000000RE1AT1VES', '{RUBRIQUE}', '{}');",
            group("teacher"),
            group("student"),
            group("relative"),
        ))
        .unwrap();
    site
}

fn id(site: &Site, login: &str) -> String {
    let row = site.database().first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap();
    row.unwrap().text(0).unwrap().to_owned()
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    site.sign_in(&id(site, login))
}

/// Somebody of the school who reads nothing of 6A; an administrator of another school.
fn others(site: &Site) -> [Visitor<'_>; 2] {
    let one = |statement: &str| site.sign_in(site.database().first(statement, &[]).unwrap().unwrap().text(0).unwrap());
    [
        one("SELECT p.id FROM person p WHERE p.profile = 'relative' AND p.activated_at IS NOT NULL AND p.left_at IS NULL AND p.blocked_at IS NULL
            AND p.uai = (SELECT uai FROM person WHERE login = 'claire.lefevre') AND NOT EXISTS (SELECT 1 FROM membership m
            JOIN person_group g ON g.id = m.group_id JOIN class c ON c.id = g.class_id AND c.name = '6A' WHERE m.person_id = p.id) LIMIT 1"),
        one("SELECT a.person_id FROM local_admin a JOIN person p ON p.id = a.person_id AND p.activated_at IS NOT NULL
            WHERE a.uai <> (SELECT uai FROM person WHERE login = 'claire.lefevre') LIMIT 1"),
    ]
}

fn content() -> Value {
    json!({
        "rubrique": RUBRIQUE, "title": "Réunion parents-professeurs", "place": "Salle polyvalente", "summary": "Bulletins.",
        "starts": "2026-11-03T18:00", "ends": "2026-11-03T20:00", "notify": "all", "confirmation": true,
        "follow_up": "moderated", "publish": "now",
    })
}

fn with(changes: Value) -> Value {
    let mut content = content();
    for (name, value) in changes.as_object().unwrap() {
        content[name] = value.clone();
    }
    content
}

fn made(visitor: &Visitor<'_>, content: &Value) -> String {
    let answer = visitor.json("POST", API, content);
    assert_eq!(answer.status(), 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn code(answer: &Answer) -> (u16, Value) {
    (answer.status(), answer.json()["code"].clone())
}

#[test]
fn an_event_is_made_told_answered_and_called_off_with_forms_alone() {
    let site = school();
    let (claire, lina) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "lina.benali"));
    let agenda = format!("/broadcast/rubriques/{RUBRIQUE}/agenda");
    let page = claire.get(&agenda).text();
    assert!(page.contains("Rien de prévu") && page.contains(&format!("{agenda}/new")));
    assert!(!lina.get(&agenda).text().contains("Nouvel événement"), "readers are not offered what they cannot do");
    let blank = claire.get(&format!("{agenda}/new")).text();
    let key = blank.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut form = vec![
        ("key", key.as_str()),
        ("title", "Rentrée <2026>"),
        ("starts", "2026-11-03"),
        ("starts_time", "18:00"),
        ("ends", ""),
        ("ends_time", "17:00"),
        ("place", "Lycée"),
        ("summary", "Ligne 1\r\nLigne 2"),
        ("notify", "all"),
        ("confirmation", "1"),
        ("follow_up", "moderated"),
        ("act", "publish"),
    ];
    let refused = claire.post_form(&format!("{agenda}/new"), &form);
    assert_eq!(refused.status(), 422);
    assert!(
        refused.text().contains("La fin doit venir après le début")
            && refused.text().contains("Rentrée &lt;2026&gt;")
            && refused.text().contains(&key)
    );
    form[5] = ("ends_time", "20:00");
    let done = claire.post_form(&format!("{agenda}/new"), &form);
    assert_eq!(done.status(), 303, "{}", done.text());
    let here = done.header("location").to_owned();
    assert_eq!(claire.post_form(&format!("{agenda}/new"), &form).header("location"), here, "sent twice, made once");
    let page = claire.get(&here).text();
    assert!(page.contains("Personnes prévenues") || page.contains("publié"), "{page}");
    assert!(
        page.contains("mardi 3 novembre 2026, de 18:00 à 20:00")
            && page.contains("<p>Ligne 2</p>")
            && page.contains("Annuler l’événement")
    );
    let told = "SELECT count(*) FROM submission s JOIN audience a ON a.message_id = s.message_id WHERE a.kind = 'event' AND s.submitted_at = ?1";
    let told = |at: i64| site.database().first(told, params![at]).unwrap().unwrap().integer(0).unwrap();
    assert_eq!(told(site.now()), 1);

    let page = lina.get(&here).text();
    assert!(page.contains("J’accepte") && !page.contains("Modifier</a>") && !page.contains("Annuler l’événement"));
    let answer = lina.post_form(&format!("{here}/answer"), &[("answer", "declined"), ("comment", "En vacances !")]);
    assert_eq!(answer.status(), 303);
    assert!(lina.get(&here).text().contains("Vous avez décliné"));
    assert_eq!(lina.post_form(&format!("{here}/answer"), &[("answer", "")]).status(), 422);
    let comment = lina.post_form(&format!("{here}/comments"), &[("text", "Faut-il venir ?"), ("key", "k")]);
    assert_eq!(comment.status(), 303);
    let comment = claire.get(&here).text();
    assert!(comment.contains("Faut-il venir ?") && comment.contains("En attente de validation"));
    assert!(!sign_in(&site, "karim.benali").get(&here).text().contains("Faut-il venir ?"));
    let comment = comment.split("name=\"comment\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(
        claire.post_form(&format!("{here}/comments/decide"), &[("comment", &comment), ("decision", "show")]).status(),
        303
    );
    assert!(sign_in(&site, "karim.benali").get(&here).text().contains("Faut-il venir ?"));

    let table = claire.get(&format!("{here}/answers")).text();
    assert!(table.contains("Benali Lina") && table.contains("Non : 1") || table.contains("Non\u{a0}: 1"), "{table}");
    let csv = claire.get(&format!("{here}/answers.csv"));
    assert!(csv.text().contains("Benali;Lina;Élève;Décliné;En vacances !;01/10/2026"), "{}", csv.text());
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");

    let edit = claire.get(&format!("{here}/edit")).text();
    assert!(edit.contains("value=\"Rentrée &lt;2026&gt;\"") && edit.contains("seront aussi"));
    site.wait(1000);
    form[6] = ("place", "Gymnase");
    form[11] = ("act", "keep");
    assert_eq!(claire.post_form(&format!("{here}/edit"), &form).status(), 303);
    assert_eq!(told(site.now()), 1, "those who were told are told of the change");
    site.wait(1000);
    assert_eq!(claire.post_form(&format!("{here}/cancel"), &[]).status(), 303);
    assert_eq!(told(site.now()), 1);
    assert!(lina.get(&here).text().contains("Cet événement est annulé"));
    assert_eq!(claire.get(&format!("{here}/edit")).status(), 409);
}

#[test]
fn programs_do_the_same() {
    let site = school();
    let (claire, lina) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "lina.benali"));
    let event = made(&claire, &content());
    let shown = claire.get(&format!("{API}/{event}")).json();
    assert_eq!(
        (&shown["told"], &shown["state"], &shown["starts_at"]),
        (&json!(true), &json!("published"), &json!(1_793_725_200_000_i64))
    );
    let read = lina.get(&format!("{API}/{event}")).json();
    assert_eq!((&read["told"], &read["notify"], &read["editable"]), (&json!(null), &json!(null), &json!(false)));
    let changed = claire.json(
        "PUT",
        &format!("{API}/{event}"),
        &with(json!({"rubrique": "", "all_day": true, "starts": "2027-03-05", "ends": "2027-03-06"})),
    );
    assert_eq!(
        (changed.status(), &changed.json()["sequence"], &changed.json()["all_day"]),
        (200, &json!(1), &json!(true))
    );
    let listed = lina.get(&format!("{API}?rubrique={RUBRIQUE}&limit=1")).json();
    assert_eq!(listed["items"][0]["id"], json!(event));
    let next =
        lina.get(&format!("{API}?rubrique={RUBRIQUE}&limit=1&cursor={}", listed["next"].as_str().unwrap())).json();
    assert_eq!(next, json!({"items": [], "next": null}));
    assert_eq!(
        lina.json("PUT", &format!("{API}/{event}/answer"), &json!({"answer": "accepted", "comment": "oui"})).status(),
        204
    );
    let answers = claire.get(&format!("{API}/{event}/answers")).json();
    assert_eq!(answers["accepted"], json!(1));
    assert!(answers["items"].as_array().unwrap().iter().any(|a| a["answer"] == "accepted" && a["comment"] == "oui"));
    let comment = lina.json("POST", &format!("{API}/{event}/comments"), &json!({"text": "Bonjour"}));
    assert_eq!((comment.status(), &comment.json()["state"]), (201, &json!("pending")));
    let one = format!("{API}/{event}/comments/{}", comment.json()["id"].as_str().unwrap());
    assert_eq!(claire.json("PUT", &one, &json!({"shown": true})).status(), 204);
    assert_eq!(lina.get(&format!("{API}/{event}/comments")).json()["items"][0]["state"], json!("shown"));
    let cancelled = claire.json("POST", &format!("{API}/{event}/cancel"), &json!({}));
    assert_eq!((cancelled.status(), &cancelled.json()["state"]), (200, &json!("cancelled")));
    let draft = made(&claire, &with(json!({"publish": "draft"})));
    assert_eq!(claire.json("POST", &format!("{API}/{draft}/publish"), &json!({})).json()["state"], json!("published"));
    assert_eq!(code(&claire.json("DELETE", &format!("{API}/{draft}"), &json!({}))), (409, json!("wrong-state")));
    let draft = made(&claire, &with(json!({"publish": "2026-12-01T08:00"})));
    assert!(claire.get(&format!("{API}/{draft}")).json()["publish_at"].is_i64());
    assert_eq!(claire.json("DELETE", &format!("{API}/{draft}"), &json!({})).status(), 204);
    for (change, expected) in [
        (json!({"title": ""}), (422, "invalid")),
        (json!({"starts": "hier"}), (422, "invalid")),
        (json!({"follow_up": "x"}), (422, "invalid")),
        (json!({"publish": "demain"}), (422, "invalid")),
        (json!({"ends": "2026-11-03T18:00"}), (422, "invalid")),
        (json!({"notify": "01K9P0P0000000000000000000"}), (422, "population-refused")),
        (json!({"resources": ["x"]}), (422, "resource-refused")),
        (json!({"rubrique": "x"}), (404, "not-found")),
        (json!({"nonsense": 1}), (422, "invalid")),
    ] {
        assert_eq!(code(&claire.json("POST", API, &with(change.clone()))), (expected.0, json!(expected.1)), "{change}");
    }
}

/// At every address that names an event: readers of it 404 where they have no part, those who do not read it 404
/// everywhere, nobody 401; and nothing changes.
#[test]
fn what_is_not_hers_is_nothing() {
    let site = school();
    let claire = sign_in(&site, "claire.lefevre");
    let event = made(&claire, &content());
    let draft = made(&claire, &with(json!({"publish": "draft"})));
    let before = [&event, &draft].map(|id| claire.get(&format!("{API}/{id}")).json());
    let wanted = content();
    let answer = json!({"answer": "accepted"});
    let text = json!({"text": "Bonjour"});
    let shown = json!({"shown": true});
    // Method, path, body, and what a reader gets.
    let ways: [(&str, &str, &Value, u16); 12] = [
        ("GET", "", &Value::Null, 200),
        ("PUT", "", &wanted, 404),
        ("DELETE", "", &Value::Null, 404),
        ("POST", "/publish", &Value::Null, 404),
        ("POST", "/cancel", &Value::Null, 404),
        ("GET", "/answers", &Value::Null, 404),
        ("GET", "/answers.csv", &Value::Null, 404),
        ("GET", "/comments", &Value::Null, 200),
        ("PUT", "/comments/01K9C000000000000000000001", &shown, 404),
        ("PUT", "/answer", &answer, 204),
        ("POST", "/comments", &text, 201),
        ("PUT", "/answer", &answer, 204),
    ];
    let call = |visitor: &Visitor<'_>, method: &str, path: &str, body: &Value| {
        if method == "GET" { visitor.get(path) } else { visitor.json(method, path, body) }
    };
    let [stranger, elsewhere] = others(&site);
    for (visitor, reads) in [(sign_in(&site, "karim.benali"), true), (stranger, false), (elsewhere, false)] {
        for (method, path, body, reader) in ways {
            let expected = if reads { reader } else { 404 };
            assert_eq!(
                call(&visitor, method, &format!("{API}/{event}{path}"), body).status(),
                expected,
                "{method} {path}"
            );
            assert_eq!(
                call(&visitor, method, &format!("{API}/{draft}{path}"), body).status(),
                404,
                "{method} {path}, a draft"
            );
        }
        assert_eq!(code(&visitor.json("POST", API, &wanted)), (404, json!("not-found")));
        for (path, reader) in [("", 200), ("/event.ics", 200), ("/edit", 404), ("/answers", 404), ("/answers.csv", 404)]
        {
            assert_eq!(
                visitor.get(&format!("{PAGES}/{event}{path}")).status(),
                if reads { reader } else { 404 },
                "{path}"
            );
            assert_eq!(visitor.get(&format!("{PAGES}/{draft}{path}")).status(), 404);
        }
        let fields = [
            ("title", "a"),
            ("starts", "2026-11-03"),
            ("all_day", "1"),
            ("comment", "01K9C000000000000000000001"),
            ("decision", "show"),
        ];
        for path in ["/edit", "/publish", "/cancel", "/discard", "/comments/decide"] {
            assert_eq!(visitor.post_form(&format!("{PAGES}/{event}{path}"), &fields).status(), 404, "{path}");
        }
        let agenda = format!("/broadcast/rubriques/{RUBRIQUE}/agenda");
        assert_eq!(visitor.get(&agenda).status(), if reads { 200 } else { 404 });
        assert_eq!(visitor.get(&format!("{agenda}/new")).status(), 404);
        assert_eq!(visitor.post_form(&format!("{agenda}/new"), &fields).status(), 404);
    }
    let nobody = site.visitor();
    for (method, path, body, _) in ways {
        assert_eq!(call(&nobody, method, &format!("{API}/{event}{path}"), body).status(), 401, "{method} {path}");
    }
    let mut after = [&event, &draft].map(|id| claire.get(&format!("{API}/{id}")).json());
    after[0]["answer"] = json!(null);
    assert_eq!(after, before);
}

#[test]
fn rooms_are_kept_by_administrators_and_booked_once() {
    let site = school();
    let (claire, sophie) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "sophie.legoff"));
    let base = "/broadcast/agenda/resources";
    for visitor in [&claire, &sign_in(&site, "lina.benali")] {
        assert_eq!(visitor.get(base).status(), 403);
        assert_eq!(
            visitor.json("POST", "/api/v1/broadcast/resources", &json!({"kind": "room", "name": "x"})).status(),
            403
        );
    }
    assert_eq!(
        sophie.post_form(base, &[("kind", "room"), ("name", "Salle E12"), ("description", "30 places")]).status(),
        303
    );
    assert!(sophie.get(base).text().contains("Salle E12"));
    let again = sophie.post_form(base, &[("kind", "room"), ("name", "salle e12")]);
    assert!(again.status() == 422 && again.text().contains("porte ce nom"));
    let rooms = claire.get("/api/v1/broadcast/resources").json();
    let room = rooms["items"].as_array().unwrap().iter().find(|r| r["name"] == "Salle E12").unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(claire.get(&format!("/broadcast/rubriques/{RUBRIQUE}/agenda/new")).text().contains("Salle E12"));
    made(&claire, &with(json!({"resources": [room]})));
    let refused = claire.json("POST", API, &with(json!({"resources": [room], "starts": "2026-11-03T19:00"})));
    assert_eq!(code(&refused), (409, json!("booked")));
    assert!(
        refused.text().contains("Salle E12 est prise par") && refused.text().contains("mardi 3 novembre 2026 à 18:00"),
        "{}",
        refused.text()
    );
    let [stranger, elsewhere] = others(&site);
    for (visitor, status) in [(&stranger, 403), (&elsewhere, 404)] {
        assert_eq!(
            visitor
                .json("PUT", &format!("/api/v1/broadcast/resources/{room}"), &json!({"kind": "room", "name": "x"}))
                .status(),
            status
        );
        assert_eq!(visitor.json("DELETE", &format!("/api/v1/broadcast/resources/{room}"), &json!({})).status(), status);
        assert_eq!(visitor.post_form(&format!("{base}/{room}/retire"), &[]).status(), status);
        let uai = site.database().first("SELECT uai FROM person WHERE login = 'sophie.legoff'", &[]).unwrap().unwrap();
        assert_eq!(visitor.get(&format!("{base}?uai={}", uai.text(0).unwrap())).status(), status);
    }
    assert_eq!(elsewhere.get(&format!("/api/v1/broadcast/resources?uai={}", "0310001A")).status(), 404);
    assert_eq!(sophie.json("DELETE", &format!("/api/v1/broadcast/resources/{room}"), &json!({})).status(), 204);
}

#[test]
fn a_private_link_needs_no_session_and_dies_when_it_is_taken_back() {
    let site = school();
    let (claire, lina) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "lina.benali"));
    made(&claire, &content());
    made(&claire, &with(json!({"title": "Brouillon", "publish": "draft"})));
    let link = lina.json("POST", "/api/v1/broadcast/agenda/feeds", &json!({"rubrique": RUBRIQUE})).json();
    let link = link["url"].as_str().unwrap().strip_prefix("https://ent.example").unwrap().to_owned();
    let feed = site.visitor().get(&link);
    assert_eq!((feed.status(), feed.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(feed.text().contains("SUMMARY:Réunion parents-professeurs") && !feed.text().contains("Brouillon"));
    assert!(site.log().iter().all(|line| !line.contains(link.rsplit('/').next().unwrap().trim_end_matches(".ics"))));
    let page = lina.get("/broadcast/agenda/feeds").text();
    assert!(page.contains("Essai 6A") && !page.contains("/feed/"), "a link is shown once");
    assert!(
        lina.post_form("/broadcast/agenda/feeds", &[("rubrique", "")])
            .text()
            .contains("https://ent.example/broadcast/agenda/feed/")
    );
    let [stranger, _] = others(&site);
    assert_eq!(stranger.json("POST", "/api/v1/broadcast/agenda/feeds", &json!({"rubrique": RUBRIQUE})).status(), 404);
    site.database().execute("UPDATE person SET blocked_at = 1 WHERE login = 'lina.benali'", &[]).unwrap();
    assert_eq!(site.visitor().get(&link).status(), 404);
    site.database().execute("UPDATE person SET blocked_at = NULL WHERE login = 'lina.benali'", &[]).unwrap();
    assert_eq!(site.visitor().get(&link).status(), 200);
    assert_eq!(lina.post_form("/broadcast/agenda/feeds/revoke", &[("rubrique", RUBRIQUE)]).status(), 303);
    for path in
        [link.as_str(), "/broadcast/agenda/feed/x.ics", "/broadcast/agenda/feed/.ics", "/broadcast/agenda/feed/x"]
    {
        assert_eq!(site.visitor().get(path).status(), 404, "{path}");
    }
    let file = lina.get(&format!(
        "{PAGES}/{}/event.ics",
        lina.get(&format!("{API}?rubrique={RUBRIQUE}")).json()["items"][0]["id"].as_str().unwrap()
    ));
    assert!(file.header("content-disposition").contains("attachment") && file.text().contains("BEGIN:VEVENT"));
}

#[test]
fn a_month_shows_each_day_once_and_stays_small() {
    let site = school();
    let (claire, lina) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "lina.benali"));
    made(
        &claire,
        &with(
            json!({"title": "Portes ouvertes", "all_day": true, "starts": "2026-10-31", "ends": "2026-11-01", "notify": ""}),
        ),
    );
    made(
        &claire,
        &with(
            json!({"title": "Conseil de classe", "starts": "2026-11-30T23:00", "ends": "2026-12-01T00:00", "notify": ""}),
        ),
    );
    let month = |month: &str| lina.get(&format!("/broadcast/rubriques/{RUBRIQUE}/agenda?view=month&month={month}"));
    let count = |month_name: &str, title: &str| month(month_name).text().matches(title).count();
    assert_eq!((count("2026-10", "Portes ouvertes"), count("2026-11", "Portes ouvertes")), (1, 1));
    assert_eq!(
        (count("2026-11", "Conseil de classe"), count("2026-12", "Conseil de classe")),
        (1, 0),
        "the end is excluded"
    );
    assert!(month("2026-11").text().contains("novembre 2026"));
    assert!(month("2026-11").text().len() < 100_000);
    for wrong in ["2026-13", "x", "99999-01", "2026-1"] {
        assert_eq!(month(wrong).status(), 422, "{wrong}");
    }
    let mine = lina.get("/broadcast/agenda").text();
    assert!(mine.contains("Portes ouvertes") && mine.contains("Essai 6A"));
}

#[test]
fn hostile_words_stay_words() {
    let site = school();
    let (claire, lina) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "lina.benali"));
    let script = "<script>alert(1)</script>";
    let event = made(&claire, &with(json!({"title": script, "place": script, "summary": script, "follow_up": "open"})));
    let answer = json!({"answer": "accepted", "comment": "=HYPERLINK(\"x\")"});
    assert_eq!(lina.json("PUT", &format!("{API}/{event}/answer"), &answer).status(), 204);
    assert_eq!(lina.json("POST", &format!("{API}/{event}/comments"), &json!({"text": script})).status(), 201);
    for page in [
        format!("{PAGES}/{event}"),
        format!("{PAGES}/{event}/edit"),
        format!("{PAGES}/{event}/answers"),
        "/broadcast/agenda".into(),
        "/broadcast/agenda?view=month&month=2026-11".into(),
    ] {
        assert!(!claire.get(&page).text().contains(script), "{page}");
    }
    assert!(claire.get(&format!("{API}/{event}/answers.csv")).text().contains("'=HYPERLINK"));
    let body = site.database().first(
        "SELECT m.body_html FROM message m JOIN audience a ON a.message_id = m.id WHERE a.about_id = ?1",
        params![&event],
    );
    assert!(!body.unwrap().unwrap().text(0).unwrap().contains("<script"));
}
