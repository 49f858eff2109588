//! Who sees which rubrique, and what a local administrator makes of them.

use serde_json::json;
use store::{Database as _, params};
use web::testing::Visitor;

use super::{ELSEWHERE, count, group, rubrique, sign_in, site, stranger, text};

fn names(visitor: &Visitor<'_>) -> Vec<String> {
    let answer = visitor.get("/api/v1/broadcast/rubriques").json();
    let items = answer.get("items").and_then(serde_json::Value::as_array).unwrap();
    items.iter().map(|item| item.get("name").unwrap().as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_sees_the_rubriques_she_reads() {
    let site = site();
    for (login, expected) in [
        ("sophie.legoff", &["CDI", "Classe de 6A", "Club théâtre", "Direction", "Vie scolaire"][..]),
        ("lina.benali", &["CDI", "Classe de 6A", "Club théâtre", "Direction", "Vie scolaire"]),
        ("karim.benali", &["Classe de 6A", "Direction", "Vie scolaire"]),
    ] {
        let visitor = sign_in(&site, login);
        assert_eq!(names(&visitor), expected, "{login}");
        let page = visitor.get("/broadcast").text();
        assert!(expected.iter().all(|name| page.contains(name)), "{login}");
    }
    assert!(names(&stranger(&site)).is_empty());
}

#[test]
fn an_administrator_makes_changes_closes_and_opens() {
    let site = site();
    let (admin, parent) = (sign_in(&site, "sophie.legoff"), sign_in(&site, "karim.benali"));
    let relatives = format!("{}:", group(&site, "Parents de 6A"));
    let board = format!("{}:teacher", group(&site, "Conseil d’administration"));
    let fields = [("name", "Cantine"), ("description", "Menus"), ("population", &relatives), ("editor", &board)];
    // Without script: a search brings groups to tick, and forgets nothing of what was typed.
    let found = admin.post_form("/broadcast/new", &[&fields[..], &[("action", "find"), ("q", "theatre")]].concat());
    assert_eq!(found.status(), 200);
    let page = found.text();
    assert!(
        page.contains("Club théâtre (élèves)") && page.contains("value=\"Cantine\"") && page.contains("Parents de 6A"),
        "{page}"
    );
    assert!(!page.contains("Gestionnaires :"), "hidden groups stay hidden");

    let made = admin.post_form("/broadcast/new", &[&fields[..], &[("action", "save")]].concat());
    assert_eq!(made.status(), 303);
    let path = made.header("location").to_owned();
    assert!(names(&parent).contains(&"Cantine".to_owned()));
    assert_eq!(
        count(
            &site,
            "rubrique_editor WHERE profile = 'teacher' AND rubrique_id = (SELECT id FROM rubrique WHERE name = 'Cantine')"
        ),
        1
    );

    // The same name, whatever its case and accents; what was typed is shown again.
    let twice = admin.post_form("/broadcast/new", &[("name", "CANTINE"), ("action", "save")]);
    assert_eq!(twice.status(), 409);
    assert!(twice.text().contains("value=\"CANTINE\""));

    // A population that stays keeps its id; one that goes is gone, with the reader.
    let kept = text(
        &site,
        "SELECT id FROM population WHERE group_id || ':' = ?1 ORDER BY rowid DESC LIMIT 1",
        params![&relatives],
    );
    let settings = format!("{path}/settings");
    let students = format!("{}:", group(&site, "Élèves de 6A"));
    let renamed = [("name", "Restauration"), ("population", &relatives), ("population", &students), ("action", "save")];
    assert_eq!(admin.post_form(&settings, &renamed).status(), 303);
    assert_eq!(count(&site, &format!("population WHERE id = '{kept}'")), 1);
    assert!(admin.get(&settings).text().contains("Restauration"));
    let without = [("name", "Restauration"), ("population", students.as_str()), ("action", "save")];
    assert_eq!(admin.post_form(&settings, &without).status(), 303);
    assert!(!names(&parent).contains(&"Restauration".to_owned()));
    assert_eq!(parent.get(&path).status(), 404);

    let pupil = sign_in(&site, "lina.benali");
    assert_eq!(pupil.get(&path).status(), 200);
    assert_eq!(admin.post_form(&format!("{path}/close"), &[]).status(), 303);
    assert_eq!(pupil.get(&path).status(), 404);
    assert!(admin.get(&path).text().contains("fermée"));
    assert_eq!(admin.get(&format!("{path}/message")).status(), 409);
    assert_eq!(admin.post_form(&format!("{path}/open"), &[]).status(), 303);
    assert_eq!(pupil.get(&path).status(), 200);
}

#[test]
fn groups_of_the_network_and_of_elsewhere_are_refused() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    stranger(&site);
    site.database()
        .execute(
            "INSERT INTO person_group (id, uai, kind, name, folded_name) VALUES ('0FOREIGN000000000000000000', ?1, 'manual', 'Ailleurs', 'ailleurs')",
            params![ELSEWHERE],
        )
        .unwrap();
    let own = group(&site, "Parents de 6A");
    let network = people::network_group(people::Profile::Relative);
    for (group, profile) in [
        (network, None),
        ("0FOREIGN000000000000000000", None),
        ("00000000000000000000000XYZ", None),
        // The relatives of 6A have no students among them.
        (own.as_str(), Some("student")),
    ] {
        for field in ["editors", "populations"] {
            let mut body = json!({"name": "Essai", "editors": [], "populations": []});
            body[field] = json!([{"group": group, "profile": profile}]);
            let answer = admin.json("POST", "/api/v1/broadcast/rubriques", &body);
            assert_eq!((answer.status(), &answer.json()["code"]), (422, &json!("group-refused")), "{group} {field}");
        }
    }
    assert_eq!(count(&site, "rubrique WHERE name = 'Essai'"), 0, "refused whole");
    let listed = admin.get("/api/v1/broadcast/groups?q=ailleurs").json();
    assert!(listed["items"].as_array().unwrap().is_empty());
}

#[test]
fn what_an_administrator_types_is_checked() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let id = rubrique(&site, "CDI");
    for (body, status) in [
        (json!({}), 422),
        (json!({"name": " ", "editors": [], "populations": []}), 422),
        (json!({"name": "x".repeat(101), "editors": [], "populations": []}), 422),
        (json!({"name": "…", "editors": [], "populations": []}), 422),
        (json!({"name": "A\u{7}", "editors": [], "populations": []}), 422),
        (json!({"name": "A", "description": "x".repeat(2001), "editors": [], "populations": []}), 422),
        (json!({"name": "A", "editors": [{"group": "x", "profile": "dog"}], "populations": []}), 422),
        (json!({"name": "A", "editors": vec![json!({"group": "x"}); 61], "populations": []}), 422),
        (json!({"name": "vie SCOLAIRE", "editors": [], "populations": []}), 409),
    ] {
        let answer = admin.json("PUT", &format!("/api/v1/broadcast/rubriques/{id}"), &body);
        assert_eq!(answer.status(), status, "{body}: {}", answer.text());
    }
    let answer = admin.json(
        "PUT",
        &format!("/api/v1/broadcast/rubriques/{id}"),
        &json!({"name": "CDI ouvert", "editors": [], "populations": [{"group": group(&site, "Club théâtre"), "profile": "student"}]}),
    );
    assert_eq!(answer.json()["populations"][0]["name"], "Club théâtre (élèves)");
}
