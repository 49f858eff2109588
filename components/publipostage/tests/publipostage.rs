//! Account letters as a browser and as a program use them: who may, what is shown, what is made, what is kept (P-1 to P-4, P-7).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failed test")]

use bytes::Bytes;
use publipostage::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::Method;
use web::testing::{Answer, Site, Visitor};

const ELSEWHERE: &str = "9990009Z";
const STRANGER: &str = "0000000000000000000000000Z";
const DAY: i64 = 24 * 3600 * 1000;

/// The demo, as it comes.
fn demo_site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    demo::run(site.database(), &demo::Options::of(300, site.now())).unwrap();
    site
}

/// The people of the demo, before anybody made letters.
fn site() -> Site {
    let mut site = demo_site();
    site.database()
        .batch("DELETE FROM job; DELETE FROM campaign; DELETE FROM class_admin; DELETE FROM establishment_letterhead;")
        .unwrap();
    site.public_url = Some("https://ent.test".to_owned());
    site
}

fn text(site: &Site, sql: &str) -> String {
    site.database().first(sql, &[]).unwrap().unwrap().text(0).unwrap().to_owned()
}

fn number(site: &Site, sql: &str) -> i64 {
    site.database().first(sql, &[]).unwrap().unwrap().integer(0).unwrap()
}

fn uai(site: &Site) -> String {
    text(site, "SELECT uai FROM person WHERE login = 'sophie.legoff'")
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    let row = site.database().first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    site.sign_in(row.text(0).unwrap())
}

fn admin(site: &Site) -> Visitor<'_> {
    sign_in(site, "sophie.legoff")
}

/// Claire teaches, and is given 6A.
fn class_admin(site: &Site) -> Visitor<'_> {
    let class = text(site, "SELECT id FROM class WHERE kind = 'class' AND name = '6A'");
    let given = json!({ "login": "claire.lefevre", "class": class });
    assert_eq!(admin(site).json("POST", "/api/v1/publipostage/class-admins", &given).status(), 204);
    sign_in(site, "claire.lefevre")
}

/// An administrator of another establishment of the same network.
fn stranger(site: &Site) -> Visitor<'_> {
    site.add_establishment(ELSEWHERE, "Collège d’ailleurs");
    site.add_person(STRANGER, ELSEWHERE, "staff", "Ève", "Lointaine");
    site.database().execute("INSERT INTO local_admin VALUES (?1, ?2)", params![STRANGER, ELSEWHERE]).unwrap();
    site.sign_in(STRANGER)
}

fn started(visitor: &Visitor<'_>, wanted: &Value) -> Value {
    let answer = visitor.json("POST", "/api/v1/publipostage/campaigns", wanted);
    assert_eq!(answer.status(), 201, "{}", answer.text());
    answer.json()
}

fn finished(visitor: &Visitor<'_>, job: &str) -> Value {
    loop {
        let answer = visitor.json("POST", &format!("/api/v1/publipostage/jobs/{job}/advance"), &json!({}));
        assert_eq!(answer.status(), 200, "{}", answer.text());
        if answer.json()["state"] != "running" {
            return answer.json();
        }
    }
}

/// Every route of the table but the script, asked as it should be, in the establishment of the demo. Those of model letters have
/// a test of their own (`models.rs`).
fn everything(visitor: &Visitor<'_>, uai: &str, campaign: &str, job: &str) -> Vec<(String, Answer)> {
    let body = json!({ "kind": "one", "uai": uai, "address": [], "signatory": [], "login": "claire.lefevre", "class": "x", "person": "x" });
    let form =
        [("uai", uai), ("kind", "one"), ("login", "claire.lefevre"), ("class", "x"), ("person", "x"), ("address", "")];
    ROUTES
        .iter()
        .filter(|route| !route.path.contains("{file}") && !route.path.contains("/models"))
        .map(|route| {
            let id = if route.path.contains("/jobs/") { job } else { campaign };
            let path = format!("{}?uai={uai}", route.path.replace("{id}", id).replace("{picture}", "logo"));
            let answer = match route.method {
                Method::Get => visitor.get(&path),
                Method::Post if !route.is_api() => visitor.post_form(&path, &form),
                method => visitor.json(method.as_str(), &path, &body),
            };
            (format!("{} {}", route.method.as_str(), route.path), answer)
        })
        .collect()
}

/// All that anything here could change.
fn state(site: &Site) -> String {
    text(
        site,
        "SELECT json_array((SELECT count(*) FROM campaign), (SELECT json_group_array(json_array(state, generation)) FROM job),
            (SELECT count(*) FROM delivery), (SELECT count(*) FROM class_admin), (SELECT count(*) FROM establishment_letterhead),
            (SELECT json_group_array(mailed_at) FROM campaign))",
    )
}

#[test]
fn every_route_is_refused_to_everybody_else() {
    let site = site();
    let uai = uai(&site);
    let campaign = started(&admin(&site), &json!({ "kind": "one" }));
    let mails = started(&admin(&site), &json!({ "kind": "mail", "profiles": ["student"] }));
    let (id, job) = (campaign["id"].as_str().unwrap(), campaign["job"]["id"].as_str().unwrap());
    let before = state(&site);
    for login in ["claire.lefevre", "karim.benali", "lina.benali", "antoine.devilleon", "antoine.delavilleon"] {
        if number(&site, &format!("SELECT count(*) FROM person WHERE login = '{login}'")) == 0 {
            continue;
        }
        for campaign in [id, mails["id"].as_str().unwrap()] {
            for (route, answer) in everything(&sign_in(&site, login), &uai, campaign, job) {
                assert_eq!(answer.status(), 403, "{login} {route}");
            }
        }
    }
    for (route, answer) in everything(&site.visitor(), &uai, id, job) {
        assert!([401, 303].contains(&answer.status()), "{route} {}", answer.status());
    }
    // An administrator of another school: nothing of this one is there.
    for campaign in [id, mails["id"].as_str().unwrap()] {
        for (route, answer) in everything(&stranger_again(&site), &uai, campaign, job) {
            assert_eq!(answer.status(), 404, "{route}");
        }
    }
    assert_eq!(state(&site), before);
    // An administrator of a class: neither the pages of local administrators, nor campaigns that are not hers.
    let claire = class_admin(&site);
    let before = state(&site);
    for (route, answer) in everything(&claire, &uai, id, job) {
        let expected = if route.contains("letterhead") || route.contains("class-admins") {
            403
        } else if route.contains('{') {
            404
        } else {
            continue;
        };
        assert_eq!(answer.status(), expected, "{route}");
    }
    // She started one of her own: the route that does is open to her.
    assert_ne!(state(&site), before);
    assert_eq!(number(&site, "SELECT count(*) FROM job WHERE generation > 0"), 0);
}

fn stranger_again(site: &Site) -> Visitor<'_> {
    if number(site, &format!("SELECT count(*) FROM establishment WHERE uai = '{ELSEWHERE}'")) == 0 {
        return stranger(site);
    }
    site.sign_in(STRANGER)
}

#[test]
fn the_demo_shows_what_there_is() {
    let site = demo_site();
    let visitor = admin(&site);
    let campaigns = visitor.get("/publipostage/campaigns").text();
    assert!(campaigns.contains("PDF, 8 par page") && campaigns.contains("comptes non activés"), "{campaigns}");
    let campaign = text(&site, "SELECT id FROM campaign ORDER BY id DESC LIMIT 1");
    let page = visitor.get(&format!("/publipostage/campaigns/{campaign}")).text();
    assert!(page.contains("activé depuis") && page.contains("imprimé") && page.contains("effacé"), "{page}");
    assert!(visitor.get("/publipostage/class-admins").text().contains("Antoine"));
    assert!(visitor.get("/publipostage/letterhead").text().contains("rue des Platanes"));
}

#[test]
fn the_menu_shows_it_to_those_who_may() {
    let site = site();
    let shown = |visitor: &Visitor<'_>| visitor.get("/publipostage").text().contains("href=\"/publipostage\"");
    assert!(shown(&admin(&site)));
    assert!(!shown(&sign_in(&site, "claire.lefevre")));
    assert!(shown(&class_admin(&site)));
}

#[test]
fn the_list_shows_what_the_seed_asks_and_stays_small() {
    let site = site();
    let page = admin(&site).get("/publipostage");
    assert_eq!(page.status(), 200);
    assert!(page.bytes().len() < 100_000, "{}", page.bytes().len());
    let words = page.text();
    let total = number(&site, "SELECT count(*) FROM person WHERE blocked_at IS NULL AND left_at IS NULL");
    for expected in [
        &format!("{total} comptes sélectionnés"),
        "sans adresse e-mail",
        "Code d’activation",
        "Lancer le prétraitement",
        "Comment distribuer les identifiants",
        "Dans le casier",
        "6A",
    ] {
        assert!(words.contains(expected), "{expected}");
    }
    let code = text(
        &site,
        "SELECT activation_code FROM person WHERE activation_code IS NOT NULL AND left_at IS NULL AND blocked_at IS NULL ORDER BY folded_name LIMIT 1",
    );
    assert!(words.contains(&code));
    // Classes depend on the levels chosen, and what was chosen stays chosen.
    let page = admin(&site).get("/publipostage?level=6EME&profile=student&active=no&sort=class").text();
    assert!(page.contains(">6A<") && !page.contains(">4A<"), "{page}");
    assert!(page.contains("value=\"student\" checked"));
    let csv = admin(&site).get("/api/v1/publipostage/accounts.csv?profile=student").text();
    assert!(
        csv.starts_with("\u{feff}Nom;Prénom;Profil;Identifiant;Code d’activation;Courriel;Classe;Date de création\r\n")
    );
    let students = number(
        &site,
        "SELECT count(*) FROM person WHERE profile = 'student' AND blocked_at IS NULL AND left_at IS NULL",
    );
    assert_eq!(csv.lines().count() as i64, students + 1);
}

#[test]
fn pages_of_the_list_follow_each_other() {
    let site = site();
    let visitor = admin(&site);
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let page = visitor.get(&format!("/api/v1/publipostage/accounts?cursor={cursor}")).json();
        let items = page["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|item| item["person"].as_str().unwrap().to_owned()));
        assert!(items.len() <= 100 && page["total"].as_u64().unwrap() > 200);
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut cursor);
    }
    let total = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(
        (seen.len(), seen.len() as i64),
        (total, number(&site, "SELECT count(*) FROM person WHERE blocked_at IS NULL AND left_at IS NULL"))
    );
    for (query, status) in [
        ("cursor=x", 422),
        ("profile=roi", 422),
        ("from=2026-02-30", 422),
        ("active=peut-etre", 422),
        ("sort=x", 422),
        ("uai=nowhere", 404),
        ("cursor=4000000000", 200),
    ] {
        assert_eq!(visitor.get(&format!("/publipostage?{query}")).status(), status, "{query}");
        assert_eq!(visitor.get(&format!("/api/v1/publipostage/accounts?{query}")).status(), status, "{query}");
    }
}

#[test]
fn a_printed_campaign_from_the_form_to_the_file_without_script() {
    let site = site();
    let visitor = admin(&site);
    let answer = visitor.post_form(
        "/publipostage/campaigns",
        &[("profile", "student"), ("active", "no"), ("kind", "eight"), ("key", "k1")],
    );
    assert_eq!(answer.status(), 303, "{}", answer.text());
    let place = answer.header("location").to_owned();
    // A double click starts nothing more.
    let again = visitor.post_form(
        "/publipostage/campaigns",
        &[("profile", "student"), ("active", "no"), ("kind", "eight"), ("key", "k1")],
    );
    assert_eq!(again.header("location"), place);
    let job = text(&site, "SELECT id FROM job");
    assert_eq!(number(&site, "SELECT count(*) FROM job"), 1);
    assert!(visitor.get(&place).text().contains("Continuer"));
    assert_eq!(visitor.get(&format!("/publipostage/jobs/{job}/result")).status(), 409);
    let mut turns = 0;
    while number(&site, "SELECT count(*) FROM job WHERE state = 'running'") == 1 {
        let answer = visitor.post_form(&format!("/publipostage/jobs/{job}/advance"), &[]);
        assert_eq!((answer.status(), answer.header("location")), (303, place.as_str()));
        turns += 1;
        assert!(turns < 10);
    }
    let page = visitor.get(&place).text();
    assert!(page.contains("Télécharger le PDF") && page.contains("imprimé"), "{page}");
    let file = visitor.get(&format!("/publipostage/jobs/{job}/result"));
    assert_eq!(file.status(), 200);
    assert!(file.bytes().starts_with(b"%PDF-") && file.bytes().trim_ascii_end().ends_with(b"%%EOF"));
    assert_eq!(file.header("content-length"), file.bytes().len().to_string());
    assert!(
        file.header("content-disposition").contains("publipostage-2026-10-01.pdf"),
        "{}",
        file.header("content-disposition")
    );
    // Kept a day.
    site.wait(DAY);
    assert_eq!(admin(&site).get(&format!("/publipostage/jobs/{job}/result")).status(), 409);
    assert!(admin(&site).get(&place).text().contains("effacé"));
}

#[test]
fn mails_go_out_and_the_others_are_printed() {
    let site = site();
    let visitor = admin(&site);
    let answer = visitor.post_form(
        "/publipostage/campaigns",
        &[("profile", "relative"), ("kind", "mail"), ("key", "k1"), ("rest", "eight")],
    );
    assert_eq!(answer.status(), 303, "{}", answer.text());
    let sent = number(&site, "SELECT count(*) FROM delivery d JOIN campaign_account a ON a.message_id = d.message_id");
    let with = number(
        &site,
        "SELECT count(*) FROM campaign_account WHERE address <> '' AND campaign_id IN (SELECT id FROM campaign WHERE kind = 'mail')",
    );
    assert!(sent > 0 && sent == with, "{sent} {with}");
    // Sent twice, nothing is queued twice.
    let again = visitor.post_form(
        "/publipostage/campaigns",
        &[("profile", "relative"), ("kind", "mail"), ("key", "k1"), ("rest", "eight")],
    );
    assert_eq!(again.header("location"), answer.header("location"));
    assert_eq!((number(&site, "SELECT count(*) FROM campaign"), number(&site, "SELECT count(*) FROM job")), (2, 1));
    let campaign = text(&site, "SELECT id FROM campaign WHERE kind = 'mail'");
    let mailed = visitor.json("POST", &format!("/api/v1/publipostage/campaigns/{campaign}/mail"), &json!({}));
    assert_eq!((mailed.status(), mailed.json()["queued"].as_i64()), (200, Some(sent)));
    let rest = number(&site, "SELECT total FROM campaign WHERE kind = 'eight'");
    assert_eq!(rest + sent, number(&site, "SELECT total FROM campaign WHERE kind = 'mail'"));
    let page = visitor.get(&format!("/publipostage/campaigns/{campaign}")).text();
    assert!(
        page.contains("file d’attente") && page.contains("Uniquement à ceux qui ne reçoivent pas d’e-mail"),
        "{page}"
    );
    let shown = visitor.get(&format!("/api/v1/publipostage/campaigns/{campaign}")).json();
    assert_eq!(shown["outcomes"][0], json!({ "state": "queued", "count": sent }));
    // Each code is in the mail of its owner only.
    assert_eq!(
        number(
            &site,
            "SELECT count(*) FROM message m JOIN campaign_account a ON a.message_id = m.id JOIN person o ON o.activation_code IS NOT NULL
             WHERE (instr(m.body_text, o.activation_code) > 0) <> (o.id = a.person_id)"
        ),
        0
    );
    assert_eq!(
        number(
            &site,
            "SELECT count(*) FROM message m JOIN campaign_account a ON a.message_id = m.id WHERE m.body_text LIKE '%MARQUE%' OR m.body_text = ''"
        ),
        0
    );
    assert!(
        number(
            &site,
            "SELECT count(*) FROM message m JOIN campaign_account a ON a.message_id = m.id WHERE m.body_text LIKE '%https://ent.test/%'"
        ) > 0
    );
}

#[test]
fn codes_are_in_no_address_header_log_or_export_of_a_campaign() {
    let site = site();
    let visitor = admin(&site);
    let mut answers = Vec::new();
    for kind in ["one", "mail"] {
        let campaign = started(&visitor, &json!({ "kind": kind }));
        let id = campaign["id"].as_str().unwrap();
        if let Some(job) = campaign["job"]["id"].as_str() {
            finished(&visitor, job);
            answers.push(visitor.get(&format!("/api/v1/publipostage/jobs/{job}")));
            let file = visitor.get(&format!("/publipostage/jobs/{job}/result"));
            answers.push(file);
        }
        for path in [
            format!("/publipostage/campaigns/{id}"),
            "/publipostage/campaigns".to_owned(),
            format!("/api/v1/publipostage/campaigns/{id}"),
            format!("/api/v1/publipostage/campaigns/{id}/accounts"),
            format!("/api/v1/publipostage/campaigns/{id}/accounts.csv"),
        ] {
            answers.push(visitor.get(&path));
        }
    }
    let codes =
        site.database().execute("SELECT activation_code FROM person WHERE activation_code IS NOT NULL", &[]).unwrap();
    assert!(codes.len() > 50);
    let log = site.log().join("\n");
    for code in codes.iter().map(|row| row.text(0).unwrap()) {
        for answer in &answers {
            assert_eq!(answer.status(), 200);
            assert!(!answer.text().contains(code));
            assert!(answer.headers().values().all(|value| !value.to_str().unwrap().contains(code)));
        }
        assert!(!log.contains(code));
    }
    // The list shows codes, but in no address.
    let list = visitor.get("/publipostage").text();
    let links: Vec<&str> = list.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(codes.iter().any(|row| list.contains(row.text(0).unwrap())));
    for code in codes.iter().map(|row| row.text(0).unwrap()) {
        assert!(links.iter().all(|link| !link.contains(code)));
    }
}

#[test]
fn hostile_names_are_shown_exported_and_printed_or_left_out_with_the_reason() {
    let site = site();
    let names = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A1",
        "MARQUECODE MARQUELOGIN",
        "\u{202e}renversé",
        "👩‍🏫",
        "'; DROP TABLE person; --",
        "علي",
    ];
    let long = "a".repeat(10_000);
    for (n, name) in names.iter().copied().chain([long.as_str()]).enumerate() {
        let id = format!("{n:0>26}");
        let insert = "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, activation_code, created_at)
            VALUES (?1, ?2, 'guest', ?3, 'Test', 'zzz' || ?1, 'hostile' || ?1, ?1 || '@ent.test', 'zzzz3333', 0)";
        site.database().execute(insert, params![id.as_str(), uai(&site), name]).unwrap();
        let mail = "INSERT INTO person_detail (person_id, mail) VALUES (?1, ?1 || '@example.org')";
        site.database().execute(mail, params![id]).unwrap();
    }
    let visitor = admin(&site);
    let page = visitor.get("/publipostage?profile=guest").text();
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"));
    let csv = visitor.get("/api/v1/publipostage/accounts.csv?profile=guest").text();
    assert!(csv.contains("'=cmd|"));
    for kind in ["one", "eight"] {
        let campaign = started(&visitor, &json!({ "kind": kind, "profiles": ["guest"] }));
        let job = finished(&visitor, campaign["job"]["id"].as_str().unwrap());
        assert_eq!(job["state"], "done", "{job}");
        let outcomes = visitor
            .get(&format!("/api/v1/publipostage/campaigns/{}/accounts", campaign["id"].as_str().unwrap()))
            .json();
        for outcome in outcomes["items"].as_array().unwrap() {
            assert_eq!(outcome["state"] == "left-out", outcome["reason"] != "", "{outcome}");
        }
    }
    started(&visitor, &json!({ "kind": "mail", "profiles": ["guest"] }));
    let marked = "SELECT body_text FROM message m JOIN campaign_account a ON a.message_id = m.id JOIN person p ON p.id = a.person_id WHERE p.last_name LIKE 'MARQUE%'";
    let body = text(&site, marked);
    assert_eq!(
        body.matches("zzzz3333").count(),
        text(&site, &marked.replace("LIKE 'MARQUE%'", "LIKE '<script>%'")).matches("zzzz3333").count()
    );
}

#[test]
fn an_administrator_of_a_class_walks_her_own_way() {
    let site = site();
    let claire = class_admin(&site);
    let page = claire.get("/publipostage").text();
    assert!(page.contains("Vous administrez des classes") && !page.contains("En-tête des courriers"));
    let list = claire.get("/api/v1/publipostage/accounts").json();
    assert!(list["total"].as_u64().unwrap() > 10);
    for item in list["items"].as_array().unwrap() {
        assert!(["student", "relative"].contains(&item["profile"].as_str().unwrap()));
        assert!(item["classes"].as_array().unwrap().contains(&json!("6A")), "{item}");
    }
    // A parent who administers: masked on the page, in the export, in the API, and left out of the file.
    let parent = text(
        &site,
        "SELECT p.id FROM person p JOIN membership m ON m.person_id = p.id JOIN person_group g ON g.id = m.group_id JOIN class c ON c.id = g.class_id AND c.name = '6A' WHERE p.profile = 'relative' AND p.activation_code IS NOT NULL LIMIT 1",
    );
    let code = text(&site, &format!("SELECT activation_code FROM person WHERE id = '{parent}'"));
    assert!(claire.get("/publipostage").text().contains(&code));
    site.database().execute("INSERT INTO local_admin VALUES (?1, ?2)", params![parent.as_str(), uai(&site)]).unwrap();
    for path in ["/publipostage", "/api/v1/publipostage/accounts", "/api/v1/publipostage/accounts.csv"] {
        let answer = claire.get(path);
        assert!(answer.status() == 200 && !answer.text().contains(&code), "{path}");
        assert!(
            admin(&site)
                .get(&format!(
                    "{path}?profile=relative&class={}",
                    text(&site, "SELECT id FROM class WHERE name = '6A'")
                ))
                .text()
                .contains(&code),
            "{path}"
        );
    }
    let campaign = started(&claire, &json!({ "kind": "one" }));
    let job = finished(&claire, campaign["job"]["id"].as_str().unwrap());
    assert_eq!((job["state"].as_str(), job["left_out"].as_u64()), (Some("done"), Some(1)));
    let file = format!("/publipostage/jobs/{}/result", campaign["job"]["id"].as_str().unwrap());
    assert_eq!((claire.get(&file).status(), admin(&site).get(&file).status()), (200, 200));
    let mails = started(&claire, &json!({ "kind": "mail" }));
    assert!(mails["mailed_at"].is_i64());
    assert_eq!(number(&site, &format!("SELECT count(*) FROM message WHERE instr(body_text, '{code}')")), 0);
    // The class is taken back: nothing is left to her.
    let taken = json!({ "person": text(&site, "SELECT id FROM person WHERE login = 'claire.lefevre'"), "class": text(&site, "SELECT class_id FROM class_admin") });
    assert_eq!(admin(&site).json("DELETE", "/api/v1/publipostage/class-admins", &taken).status(), 204);
    assert_eq!((claire.get("/publipostage").status(), claire.get(&file).status()), (403, 403));
}

#[test]
fn classes_are_given_to_teachers_and_staff_of_the_establishment() {
    let site = site();
    let visitor = admin(&site);
    let class = text(&site, "SELECT id FROM class WHERE kind = 'class' AND name = '6A'");
    for (login, class, status) in [
        ("claire.lefevre", class.as_str(), 303),
        ("claire.lefevre", class.as_str(), 303),
        ("karim.benali", class.as_str(), 422),
        ("lina.benali", class.as_str(), 422),
        ("personne", class.as_str(), 422),
        ("claire.lefevre", "nulle part", 422),
    ] {
        let answer = visitor.post_form("/publipostage/class-admins", &[("login", login), ("class", class)]);
        assert_eq!(answer.status(), status, "{login}");
    }
    assert!(visitor.get("/publipostage/class-admins").text().contains("Claire Lefèvre"));
    assert_eq!(number(&site, "SELECT count(*) FROM class_admin"), 1);
}

/// A PNG of one grey pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82,
    0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn the_letterhead_is_kept_checked_and_shown() {
    let site = site();
    let visitor = admin(&site);
    let answer = visitor.post_form(
        "/publipostage/letterhead",
        &[("address", "12 rue des Écoles\r\n31000 Toulouse"), ("signatory", "Marc Durand")],
    );
    assert_eq!(answer.status(), 303);
    let csrf = visitor.csrf();
    let upload = |content: &[u8]| {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--x\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\nContent-Type: image/png\r\n\r\n"
        );
        let body = [head.as_bytes(), content, b"\r\n--x--\r\n"].concat();
        visitor.send(
            "POST",
            "/publipostage/letterhead/logo",
            Some("multipart/form-data; boundary=x"),
            Bytes::from(body),
        )
    };
    assert_eq!(upload(b"GIF89a").status(), 422);
    assert_eq!(upload(PIXEL).status(), 303);
    let kept = visitor.get("/api/v1/publipostage/letterhead").json();
    assert_eq!(kept["address"], json!(["12 rue des Écoles", "31000 Toulouse"]));
    assert_eq!((&kept["logo"], &kept["signature"]), (&json!(true), &json!(false)));
    let shown = visitor.get("/api/v1/publipostage/letterhead/logo");
    assert_eq!((shown.header("content-type"), &shown.bytes()[..]), ("image/png", PIXEL));
    // With a logo the file is made all the same.
    let campaign = started(&visitor, &json!({ "kind": "one", "profiles": ["staff"] }));
    assert_eq!(finished(&visitor, campaign["job"]["id"].as_str().unwrap())["state"], "done");
    let put = |bytes: &'static [u8]| {
        visitor
            .send("PUT", "/api/v1/publipostage/letterhead/signature", Some("image/png"), Bytes::from_static(bytes))
            .status()
    };
    assert_eq!((put(PIXEL), put(b""), put(b"<svg/>")), (204, 422, 422));
    assert_eq!(visitor.json("DELETE", "/api/v1/publipostage/letterhead/logo", &json!({})).status(), 204);
    assert_eq!(visitor.get("/api/v1/publipostage/letterhead/logo").status(), 404);
    for (address, status) in [
        (json!(["1", "2", "3", "4", "5", "6", "7"]), 422),
        (json!(["a".repeat(91)]), 422),
        (json!(["a".repeat(90)]), 204),
    ] {
        let answer =
            visitor.json("PUT", "/api/v1/publipostage/letterhead", &json!({ "address": address, "signatory": [] }));
        assert_eq!(answer.status(), status);
    }
}

#[test]
fn where_people_reach_the_service_is_asked_for() {
    let mut site = site();
    assert!(!admin(&site).get("/publipostage").text().contains("public_url"));
    site.public_url = None;
    assert!(admin(&site).get("/publipostage").text().contains("public_url"));
    let campaign = started(&admin(&site), &json!({ "kind": "one", "profiles": ["staff"] }));
    assert_eq!(finished(&admin(&site), campaign["job"]["id"].as_str().unwrap())["state"], "done");
}

#[test]
fn a_job_is_cancelled_once() {
    let site = site();
    let visitor = admin(&site);
    let campaign = started(&visitor, &json!({ "kind": "eight" }));
    let job = campaign["job"]["id"].as_str().unwrap();
    assert_eq!(visitor.post_form(&format!("/publipostage/jobs/{job}/cancel"), &[]).status(), 303);
    let after = visitor.json("POST", &format!("/api/v1/publipostage/jobs/{job}/cancel"), &json!({})).json();
    assert_eq!((after["state"].as_str(), after["has_file"].as_bool()), (Some("cancelled"), Some(false)));
    assert_eq!(visitor.get(&format!("/publipostage/jobs/{job}/result")).status(), 409);
    let page = visitor.get(&format!("/publipostage/campaigns/{}", campaign["id"].as_str().unwrap())).text();
    assert!(page.contains("non imprimé") && page.contains("annulée"));
}
