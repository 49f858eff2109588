//! Ad hoc groups as a browser and as a program use them: made, filled, changed, dropped; and whose they are not (D-3).

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failed test")]

use directory::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Answer, Site, Visitor};

const GROUPS: &str = "/directory/my-groups";
const API: &str = "/api/v1/directory/my-groups";

fn network() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    demo::run(site.database(), &demo::Options { people: 450, establishments: 3, seed: 3, now: site.now() }).unwrap();
    site
}

fn id(site: &Site, login: &str) -> String {
    let row = site.database().first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap();
    row.unwrap_or_else(|| panic!("no {login}")).text(0).unwrap().to_owned()
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    site.sign_in(&id(site, login))
}

fn code(answer: &Answer) -> (u16, Value) {
    (answer.status(), answer.json()["code"].clone())
}

fn made(visitor: &Visitor<'_>, content: &Value) -> String {
    let answer = visitor.json("POST", API, content);
    assert_eq!(answer.status(), 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_group_is_made_filled_changed_and_dropped_with_forms_alone() {
    let site = network();
    let claire = sign_in(&site, "claire.lefevre");
    let blank = claire.get(&format!("{GROUPS}/new")).text();
    assert!(blank.contains("Les membres peuvent s’écrire") && blank.contains("Claire Lefèvre"), "{blank}");
    assert!(blank.contains("des élèves à des parents"), "what it opens is said in plain words");
    let me = id(&site, "claire.lefevre");
    let answer = claire.post_form(GROUPS, &[("name", "Club échecs"), ("manager", &me), ("open", "0")]);
    assert_eq!(answer.status(), 303, "{}", answer.text());
    let here = answer.header("location").split('#').next().unwrap().to_owned();
    let page = claire.get(&here).text();
    assert!(page.contains("<h1>Club échecs</h1>") && page.contains("Succès") && page.contains("Gestionnaire"));
    let found = claire.get(&format!("{here}?q=lina")).text();
    assert!(found.contains(&id(&site, "lina.benali")));
    let answer = claire.post_form(&format!("{here}/members"), &[("person", &id(&site, "lina.benali"))]);
    assert_eq!(answer.status(), 303);
    let page = claire.get(&here).text();
    assert!(
        page.contains("Lina Benali") && page.contains("Membres (2)") && !page.contains("quels que soient les droits")
    );
    // Opened: the page says what that means from now on. A second manager is found by name.
    let form = [("name", "Club d’échecs"), ("manager", me.as_str()), ("manager_name", "villeon"), ("open", "1")];
    assert_eq!(claire.post_form(&here, &form).status(), 303);
    let page = claire.get(&here).text();
    assert!(page.contains("quels que soient les droits") && page.contains("Antoine de La Villéon"));
    let lina = sign_in(&site, "lina.benali");
    assert!(lina.get("/directory/groups?q=echecs").text().contains("Club d’échecs"));
    let antoine = sign_in(&site, "antoine.delavilleon");
    assert!(antoine.get(GROUPS).text().contains("Club d’échecs"));
    assert_eq!(
        antoine.post_form(&format!("{here}/members/remove"), &[("person", &id(&site, "lina.benali"))]).status(),
        303
    );
    assert!(!lina.get("/directory/groups?q=echecs").text().contains("Club d’échecs"));
    assert_eq!(antoine.post_form(&format!("{here}/delete"), &[]).status(), 303);
    assert_eq!(claire.get(&here).status(), 404);
}

#[test]
fn a_form_that_does_not_do_is_shown_again_with_what_was_typed() {
    let site = network();
    let claire = sign_in(&site, "claire.lefevre");
    let me = id(&site, "claire.lefevre");
    let answer =
        claire.post_form(GROUPS, &[("name", " "), ("description", "<Tournoi>"), ("manager", &me), ("open", "1")]);
    let text = answer.text();
    assert!(answer.status() == 422 && text.contains("&lt;Tournoi&gt;") && text.contains("Claire Lefèvre"), "{text}");
    let answer = claire.post_form(GROUPS, &[("name", "a"), ("manager", &me), ("manager_name", "personne")]);
    assert!(answer.status() == 422 && answer.text().contains("ne porte ce nom"));
    assert_eq!(claire.post_form(GROUPS, &[("name", "a"), ("manager", "x")]).status(), 422);
    assert_eq!(claire.post_form(GROUPS, &[("name", "a")]).status(), 422, "nobody keeps it");
    assert!(claire.get(GROUPS).text().contains("Aucun groupe"));
}

#[test]
fn programs_do_the_same() {
    let site = network();
    let claire = sign_in(&site, "claire.lefevre");
    let lina = id(&site, "lina.benali");
    let group = made(&claire, &json!({"name": "Presse", "description": "Le journal", "open": true, "permanent": true}));
    let here = format!("{API}/{group}");
    let shown = claire.get(&here).json();
    assert_eq!(shown["managers"], json!([{"id": id(&site, "claire.lefevre"), "name": "Claire Lefèvre"}]));
    assert_eq!((&shown["open"], &shown["permanent"], &shown["members"]), (&json!(true), &json!(true), &json!(1)));
    let add = |people: Value| claire.json("POST", &format!("{here}/members"), &json!({"people": people}));
    assert_eq!(add(json!([lina])).json(), json!({"changed": 1}));
    assert_eq!(add(json!([lina])).json(), json!({"changed": 0}));
    let elsewhere = site.database().first(
        "SELECT id FROM person WHERE profile = 'student' AND uai <> (SELECT uai FROM person WHERE id = ?1)",
        params![&lina],
    );
    let elsewhere = elsewhere.unwrap().unwrap();
    let elsewhere = elsewhere.text(0).unwrap();
    let refused = add(json!([lina, elsewhere]));
    assert_eq!(code(&refused), (422, json!("out-of-reach")));
    assert_eq!(refused.json()["people"], json!([elsewhere]));
    let members = claire.get(&format!("{here}/members")).json();
    assert_eq!(members["items"].as_array().unwrap().len(), 2);
    let remove = |people: Value| claire.json("POST", &format!("{here}/members/remove"), &json!({"people": people}));
    assert_eq!(code(&remove(json!([id(&site, "claire.lefevre")]))), (422, json!("manager-stays")));
    assert_eq!(remove(json!([lina])).json(), json!({"changed": 1}));
    assert_eq!(claire.json("PUT", &here, &json!({"name": "Journal"})).status(), 204);
    let shown = claire.get(&here).json();
    assert_eq!((&shown["name"], &shown["open"]), (&json!("Journal"), &json!(false)));
    let too_many: Vec<&str> = std::iter::repeat_n(lina.as_str(), 1001).collect();
    assert_eq!(code(&add(json!(too_many))), (422, json!("too-many")));
    assert_eq!(code(&claire.json("PUT", &here, &json!({"name": ""}))), (422, json!("invalid")));
    assert_eq!(
        code(&claire.json("PUT", &here, &json!({"name": "a", "managers": [lina]}))),
        (422, json!("group-managers"))
    );
    assert_eq!(code(&claire.json("PUT", &here, &json!({"name": "a", "managers": ["x"]}))), (422, json!("invalid")));
    assert_eq!(claire.json("PUT", &here, &json!({})).status(), 422);
    let other = site
        .database()
        .first("SELECT uai FROM establishment WHERE uai <> (SELECT uai FROM person WHERE id = ?1)", params![&lina]);
    let other = other.unwrap().unwrap().text(0).unwrap().to_owned();
    let away = claire.json("POST", API, &json!({"name": "a", "establishment": other}));
    assert_eq!(code(&away), (422, json!("group-establishment")));
    assert_eq!(claire.json("DELETE", &here, &json!({})).status(), 204);
    assert_eq!(claire.json("DELETE", &here, &json!({})).status(), 404);
    assert_eq!(claire.get(API).json()["items"], json!([]));
}

/// At every endpoint: those without the role 403, those to whom the group is nothing 404, nobody 401; and nothing changes.
#[test]
fn what_is_not_hers_is_nothing() {
    let site = network();
    let claire = sign_in(&site, "claire.lefevre");
    let group = made(&claire, &json!({"name": "Presse"}));
    let other_admin = site.database().first(
        "SELECT a.person_id FROM local_admin a WHERE a.uai <> (SELECT uai FROM person WHERE login = 'claire.lefevre')",
        &[],
    );
    let other_admin = site.sign_in(other_admin.unwrap().unwrap().text(0).unwrap());
    let automatic =
        site.database().first("SELECT id FROM person_group WHERE kind = 'class' LIMIT 1", &[]).unwrap().unwrap();
    let automatic = automatic.text(0).unwrap();
    let people = json!({"people": [id(&site, "lina.benali")]});
    let before = claire.get(&format!("{API}/{group}")).json();
    let ways: [(&str, &str, &Value); 6] = [
        ("GET", "", &Value::Null),
        ("PUT", "", &json!({"name": "a", "managers": [id(&site, "lina.benali")]})),
        ("DELETE", "", &Value::Null),
        ("GET", "/members", &Value::Null),
        ("POST", "/members", &people),
        ("POST", "/members/remove", &people),
    ];
    for (visitor, group, status) in [
        (sign_in(&site, "lina.benali"), group.as_str(), 403),
        (sign_in(&site, "karim.benali"), &group, 403),
        (sign_in(&site, "antoine.delavilleon"), &group, 404),
        (other_admin, &group, 404),
        (sign_in(&site, "claire.lefevre"), automatic, 404),
        (sign_in(&site, "sophie.legoff"), automatic, 404),
        (sign_in(&site, "claire.lefevre"), "01K41XRSR0G5X5V4PYW3A0TWR0", 404),
        (sign_in(&site, "claire.lefevre"), "x'--", 404),
        (site.visitor(), &group, 401),
    ] {
        for (method, path, body) in ways {
            let url = format!("{API}/{}{path}", group.replace('\'', "%27"));
            let answer = if method == "GET" { visitor.get(&url) } else { visitor.json(method, &url, body) };
            assert_eq!(answer.status(), status, "{method} {url}: {}", answer.text());
        }
        if status == 401 {
            continue;
        }
        let page = format!("{GROUPS}/{}", group.replace('\'', "%27"));
        assert_eq!(visitor.get(&page).status(), status);
        for path in ["", "/delete", "/members", "/members/remove"] {
            let fields = [("person", id(&site, "lina.benali")), ("name", "a".to_owned())];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            assert_eq!(visitor.post_form(&format!("{page}{path}"), &fields).status(), status, "{path}");
        }
    }
    assert_eq!(claire.get(&format!("{API}/{group}")).json(), before);
    let lina = sign_in(&site, "lina.benali");
    assert_eq!(code(&lina.json("POST", API, &json!({"name": "a"}))), (403, json!("forbidden")));
    assert_eq!(lina.get(GROUPS).status(), 403);
    assert_eq!(lina.post_form(GROUPS, &[("name", "a")]).status(), 403);
    assert!(!lina.get("/directory").text().contains(GROUPS));
    // The administrator of the establishment keeps it too.
    let sophie = sign_in(&site, "sophie.legoff");
    assert!(sophie.get(GROUPS).text().contains("Presse"));
    assert_eq!(sophie.get(&format!("{API}/{group}")).status(), 200);
}
