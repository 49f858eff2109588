//! The administration as a browser and as a program use it: who may, what is shown before a change, what it does (R-3, R-5,
//!

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use directory::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Site, Visitor};

const ELSEWHERE: &str = "9990009Z";

fn site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    demo::run(site.database(), &demo::Options::of(300, site.now())).unwrap();
    site
}

fn one(site: &Site, sql: &str) -> String {
    site.database().first(sql, &[]).unwrap().unwrap().text(0).unwrap().to_owned()
}

fn id_of(site: &Site, login: &str) -> String {
    let row = site.database().first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    row.text(0).unwrap().to_owned()
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    site.sign_in(&id_of(site, login))
}

fn group(site: &Site, name: &str) -> String {
    let row = site.database().first("SELECT id FROM person_group WHERE name = ?1", params![name]).unwrap().unwrap();
    row.text(0).unwrap().to_owned()
}

/// An administrator of another establishment of the same network.
fn stranger(site: &Site) -> Visitor<'_> {
    site.add_establishment(ELSEWHERE, "Collège d’ailleurs");
    site.add_person("0000000000000000000000000Z", ELSEWHERE, "staff", "Ève", "Lointaine");
    site.database()
        .execute("INSERT INTO local_admin VALUES ('0000000000000000000000000Z', ?1)", params![ELSEWHERE])
        .unwrap();
    site.sign_in("0000000000000000000000000Z")
}

#[test]
fn only_administrators_and_only_of_the_establishment() {
    let site = site();
    let (uai, person) = (one(&site, "SELECT uai FROM establishment"), id_of(&site, "lina.benali"));
    let (a, b) = (group(&site, "Parents de 6A"), group(&site, "Tous les élèves"));
    let refused = |visitor: &Visitor<'_>, status: u16| {
        for path in ["rules", "simulator", "prohibitions", "lists", "people", "settings"] {
            assert_eq!(visitor.get(&format!("/directory/admin/{path}?uai={uai}")).status(), status, "{path}");
        }
        for path in ["groups", "prohibitions", "people", "lists", "settings"] {
            assert_eq!(visitor.get(&format!("/api/v1/directory/admin/{path}?uai={uai}")).status(), status, "{path}");
        }
        for path in [format!("rules/{a}"), format!("people/{person}")] {
            assert_eq!(visitor.get(&format!("/directory/admin/{path}?uai={uai}")).status(), status, "{path}");
        }
        let simulation = format!("/api/v1/directory/admin/simulation?uai={uai}&from={person}&to={person}");
        assert_eq!(visitor.get(&simulation).status(), status);
        for (method, path, body) in [
            ("POST", "rules".to_owned(), json!({"uai": uai, "kind": "add-rule", "from": a, "to": b})),
            ("POST", "prohibitions".to_owned(), json!({"uai": uai, "from": person, "to": person, "reason": "x"})),
            ("POST", "blockings".to_owned(), json!({"uai": uai, "person": person, "blocked": true, "reason": "x"})),
            ("PUT", format!("people/{person}/roles"), json!({"uai": uai, "role": "mailbox", "decision": "refused"})),
            ("PUT", "lists".to_owned(), json!({"uai": uai, "name": "x", "profile": "student"})),
        ] {
            let answer = visitor.json(method, &format!("/api/v1/directory/admin/{path}"), &body);
            assert_eq!(answer.status(), status, "{method} {path}: {}", answer.text());
        }
    };
    for login in ["claire.lefevre", "lina.benali", "karim.benali"] {
        refused(&sign_in(&site, login), 403);
    }
    refused(&stranger(&site), 404);
    let strange = stranger_again(&site);
    // Without saying which establishment she is in her own, where these are nobody.
    assert_eq!(strange.get(&format!("/directory/admin/people/{person}")).status(), 404);
    assert_eq!(strange.get(&format!("/directory/admin/rules/{a}")).status(), 404);
    let answer =
        strange.json("POST", "/api/v1/directory/admin/rules", &json!({"kind": "add-rule", "from": a, "to": b}));
    assert_eq!((answer.status(), &answer.json()["code"]), (422, &json!("no-such-rule")));
    assert!(!strange.get("/directory/admin/rules").text().contains("6A"));
    assert_eq!(one(&site, "SELECT CAST(count(*) AS TEXT) FROM rights_change"), "0");
    assert_eq!(one(&site, "SELECT CAST(count(*) AS TEXT) FROM setting_change"), "0");
}

fn stranger_again(site: &Site) -> Visitor<'_> {
    site.sign_in("0000000000000000000000000Z")
}

#[test]
fn a_rule_is_shown_before_it_is_made_and_can_be_removed() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let (teachers, relatives) = (group(&site, "Enseignants de 6A"), group(&site, "Parents de 6A"));
    let parent = sign_in(&site, "karim.benali");
    let other = one(
        &site,
        "SELECT p.last_name FROM membership m JOIN person_group g ON g.id = m.group_id AND g.name = 'Parents de 6A'
         JOIN person p ON p.id = m.person_id AND p.login <> 'karim.benali' AND p.blocked_at IS NULL AND p.left_at IS NULL
         ORDER BY p.last_name <> 'Benali' DESC LIMIT 1",
    );
    let sees = || {
        parent.get(&format!("/api/v1/directory/people?profile=relative&q={}", web::url_escape(&other))).json()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(sees(), 0);
    let fields = [("kind", "add-rule"), ("from", &teachers), ("to", &relatives)];
    let preview = admin.post_form("/directory/admin/rules/preview", &fields).text();
    assert!(preview.contains("pourraient s’écrire entre eux") && preview.contains("Parents de 6A"), "{preview}");
    assert_eq!(sees(), 0, "a preview changes nothing");
    let made = admin.post_form("/directory/admin/rules", &fields);
    assert_eq!(made.status(), 303);
    assert!(sees() > 0);
    let page = admin.get(&format!("/directory/admin/rules/{relatives}")).text();
    assert!(page.contains("Enseignants de 6A") && page.contains("s’écrire entre eux"));
    let body = json!({"kind": "remove-rule", "from": teachers, "to": relatives});
    let effect = admin.json("POST", "/api/v1/directory/admin/rules", &body).json();
    assert!(effect["losing"].as_u64().unwrap() > 1 && effect["gaining"] == 0, "{effect}");
    assert_eq!(sees(), 0);
    assert!(admin.get("/directory/admin/rules").text().contains("Historique (2)"));
    for body in [
        json!({"kind": "x"}),
        json!({"kind": "add-rule", "from": "x", "to": relatives}),
        json!({"kind": "preset", "preset": "x"}),
    ] {
        assert_eq!(admin.json("POST", "/api/v1/directory/admin/rules", &body).status(), 422, "{body}");
    }
}

#[test]
fn the_simulator_chooses_among_homonyms_and_explains() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let (lina, claire) = (id_of(&site, "lina.benali"), id_of(&site, "claire.lefevre"));
    let page = admin.get("/directory/admin/simulator?from_q=Lina%20Benali&to_q=Karim%20Benali").text();
    assert!(page.contains("Plusieurs personnes répondent à ce nom") || page.contains("peut écrire à"), "{page}");
    let page = admin.get(&format!("/directory/admin/simulator?from={lina}&to={claire}")).text();
    assert!(page.contains("peut écrire à") && page.contains("Par la règle"), "{page}");
    let told = admin.get(&format!("/api/v1/directory/admin/simulation?from={lina}&to={claire}")).json();
    assert_eq!(told["allowed"], json!(true));
    assert!(admin.get("/directory/admin/simulator?from_q=Zzzz").text().contains("Personne de l’établissement"));
}

#[test]
fn a_prohibition_closes_the_way_until_it_is_lifted() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let (lina, claire) = (id_of(&site, "lina.benali"), id_of(&site, "claire.lefevre"));
    let sees = || {
        let found = sign_in(&site, "lina.benali").get("/api/v1/directory/people?q=lefevre%20claire").json();
        !found["items"].as_array().unwrap().is_empty()
    };
    assert!(sees());
    let fields = |reason: &'static str, until: &'static str| {
        vec![("from", lina.clone()), ("to", claire.clone()), ("reason", reason.to_owned()), ("until", until.to_owned())]
    };
    let post = |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        admin.post_form("/directory/admin/prohibitions", &fields).status()
    };
    assert_eq!(post(fields("", "")), 422);
    assert_eq!(post(fields("dispute", "2001-01-01")), 422);
    assert_eq!(post(fields("dispute", "demain")), 422);
    assert_eq!(post(fields("dispute", "2999-01-01")), 303);
    assert!(!sees());
    let list = admin.get("/api/v1/directory/admin/prohibitions").json();
    assert_eq!(
        (list["items"][0]["from"].as_str(), list["items"][0]["reason"].as_str()),
        (Some(lina.as_str()), Some("dispute"))
    );
    assert_eq!(stranger(&site).get("/api/v1/directory/admin/prohibitions").json()["items"], json!([]));
    assert_eq!(
        stranger_again(&site)
            .send("DELETE", &format!("/api/v1/directory/admin/prohibitions/{lina}/{claire}"), None, Default::default())
            .status(),
        404
    );
    assert_eq!(
        admin.post_form("/directory/admin/prohibitions/lift", &[("from", &lina), ("to", &claire)]).status(),
        303
    );
    assert!(sees());
    assert!(admin.get("/directory/admin/prohibitions?past=1").text().contains("terminée"));
}

#[test]
fn the_blocked_are_out_at_once_and_come_back() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let lina = id_of(&site, "lina.benali");
    let student = sign_in(&site, "lina.benali");
    assert_eq!(student.get("/api/v1/directory/classes").status(), 200);
    assert_eq!(admin.post_form("/directory/admin/people/block", &[("person", &lina), ("reason", "")]).status(), 422);
    assert_eq!(
        admin.post_form("/directory/admin/people/block", &[("person", &lina), ("reason", "charte")]).status(),
        303
    );
    assert_eq!(
        admin.post_form("/directory/admin/people/block", &[("person", &lina), ("reason", "charte")]).status(),
        409
    );
    assert_eq!(student.get("/api/v1/directory/classes").status(), 401);
    let page = admin.get(&format!("/directory/admin/people/{lina}")).text();
    assert!(page.contains("Débloquer") && page.contains("charte"));
    let blocked = admin.get("/api/v1/directory/admin/people?state=blocked&q=lina").json();
    assert_eq!(blocked["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        admin.json("POST", "/api/v1/directory/admin/blockings", &json!({"person": lina, "blocked": false})).status(),
        204
    );
    assert_eq!(sign_in(&site, "lina.benali").get("/api/v1/directory/classes").status(), 200);
    let me = id_of(&site, "sophie.legoff");
    assert_eq!(admin.post_form("/directory/admin/people/block", &[("person", &me), ("reason", "moi")]).status(), 409);
    // All of a profile, administrators apart.
    assert_eq!(
        admin.post_form("/directory/admin/people/block", &[("profile", "student"), ("reason", "vacances")]).status(),
        303
    );
    assert_eq!(
        one(&site, "SELECT CAST(count(*) AS TEXT) FROM person WHERE profile = 'student' AND blocked_at IS NULL"),
        "0"
    );
    assert_eq!(admin.post_form("/directory/admin/people/unblock", &[("profile", "student")]).status(), 303);
    assert_eq!(
        one(&site, "SELECT CAST(count(*) AS TEXT) FROM person WHERE profile = 'student' AND blocked_at IS NOT NULL"),
        "1",
        "blocked in the demo for herself"
    );
}

#[test]
fn lists_are_made_changed_and_deleted_by_administrators() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let body = json!({"name": "Parents de sixième", "profile": "relative", "level": "6EME"});
    let id = admin.json("PUT", "/api/v1/directory/admin/lists", &body).json()["id"].as_str().unwrap().to_owned();
    let lists = admin.get("/api/v1/directory/admin/lists").json();
    let list = lists["items"].as_array().unwrap().iter().find(|list| list["id"] == json!(id)).unwrap().clone();
    assert!(list["members"].as_u64().unwrap() > 3, "{list}");
    // Nobody sees who is in it, nobody may write to it before a rule says so.
    let teacher = sign_in(&site, "claire.lefevre");
    assert_eq!(teacher.get(&format!("/api/v1/directory/people?group={id}")).json()["items"], json!([]));
    let named =
        |visitor: &Visitor<'_>| visitor.get("/api/v1/directory/groups?q=sixieme&kind=list").json()["items"].clone();
    assert_eq!(named(&teacher), json!([]));
    let rule = json!({"kind": "add-rule", "from": group(&site, "Tous les enseignants"), "to": id});
    assert_eq!(admin.json("POST", "/api/v1/directory/admin/rules", &rule).status(), 200);
    let found = named(&teacher);
    assert_eq!((found[0]["name"].as_str(), &found[0]["members"]), (Some("Parents de sixième"), &Value::Null));
    assert_eq!(teacher.get(&format!("/api/v1/directory/people?group={id}")).json()["items"], json!([]));
    assert!(admin.get(&format!("/directory/admin/lists?id={id}")).text().contains("Modifier la liste"));
    assert_eq!(
        admin.post_form("/directory/admin/lists", &[("id", &id), ("name", "Tous"), ("profile", "relative")]).status(),
        303
    );
    assert_eq!(admin.post_form("/directory/admin/lists", &[("name", ""), ("profile", "relative")]).status(), 422);
    assert_eq!(admin.post_form("/directory/admin/lists", &[("name", "x"), ("profile", "x")]).status(), 422);
    assert_eq!(
        stranger(&site)
            .json("PUT", "/api/v1/directory/admin/lists", &json!({"id": id, "name": "x", "profile": "student"}))
            .status(),
        404
    );
    assert_eq!(admin.post_form("/directory/admin/lists/delete", &[("id", &id)]).status(), 303);
    assert_eq!(named(&teacher), json!([]));
}

#[test]
fn settings_and_roles_are_changed_in_one_place() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let mut settings = admin.get("/api/v1/directory/admin/settings").json();
    settings["max_recipients"] = json!(20);
    settings["roles"].as_array_mut().unwrap().retain(|role| role != "student:mailbox");
    let saved = admin.json("PUT", "/api/v1/directory/admin/settings", &settings);
    assert_eq!(saved.json(), settings);
    settings["domain"] = json!("pas un domaine");
    let refused = admin.json("PUT", "/api/v1/directory/admin/settings", &settings);
    assert_eq!((refused.status(), &refused.json()["errors"][0]["field"]), (422, &json!("domain")));
    let page = admin.get("/directory/admin/settings").text();
    assert!(
        page.contains("value=\"20\"") && page.contains("Historique (2)") && page.contains("value=\"45\""),
        "{page}"
    );
    let fields = [
        ("name", "Nouveau nom"),
        ("domain", "ent.exemple.fr"),
        ("timezone", "Indian/Reunion"),
        ("max_recipients", "40"),
        ("mailbox_quota", "50,5"),
        ("attachment_max_bytes", "5"),
        ("attachment_extensions", "pdf png"),
        ("left_retention_days", "90"),
    ];
    assert_eq!(admin.post_form("/directory/admin/settings", &fields).status(), 303);
    assert_eq!(admin.get("/api/v1/directory/admin/settings").json()["mailbox_quota"], json!(52_953_088));
    let wrong = admin.post_form("/directory/admin/settings", &[("name", ""), ("max_recipients", "beaucoup")]);
    assert!(wrong.status() == 422 && wrong.text().contains("Donnez un nombre de 1 à 1"), "{}", wrong.text());
    let claire = id_of(&site, "claire.lefevre");
    let path = format!("/directory/admin/people/{claire}/roles");
    assert_eq!(admin.post_form(&path, &[("directory-manager", "refused"), ("mailbox", "")]).status(), 303);
    assert_eq!(
        one(
            &site,
            "SELECT role FROM role_override WHERE granted = 0 AND person_id IN (SELECT id FROM person WHERE login = 'claire.lefevre')"
        ),
        "directory-manager"
    );
}
