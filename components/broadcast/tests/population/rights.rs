//! Every route, and everybody: reader, non-reader, teacher who does not edit, student, parent, administrator of elsewhere.

use serde_json::json;
use store::{Database as _, params};
use web::testing::{Answer, Visitor};

use super::{count, population, rubrique, sign_in, site, stranger, text};

/// What an editor does, and what an administrator does.
struct Paths {
    read: Vec<String>,
    edit: Vec<(&'static str, String, serde_json::Value)>,
    administer: Vec<(&'static str, String, serde_json::Value)>,
}

fn paths(id: &str, population: &str) -> Paths {
    let (page, api) = (format!("/broadcast/rubriques/{id}"), format!("/api/v1/broadcast/rubriques/{id}"));
    let message = json!({"population": population, "subject": "Essai", "text": "Bonjour"});
    Paths {
        read: vec![page.clone(), api.clone()],
        edit: vec![
            ("GET", format!("{page}/message"), json!(null)),
            ("GET", format!("{page}/sends"), json!(null)),
            ("GET", format!("{api}/populations"), json!(null)),
            ("GET", format!("{api}/messages"), json!(null)),
            ("POST", format!("{api}/messages"), message.clone()),
            ("POST", format!("{api}/drafts"), message),
        ],
        administer: vec![
            ("GET", format!("{page}/settings"), json!(null)),
            ("PUT", api.clone(), json!({"name": "Prise", "editors": [], "populations": []})),
            ("POST", format!("{api}/close"), json!({})),
            ("POST", format!("{api}/open"), json!({})),
        ],
    }
}

fn ask(visitor: &Visitor<'_>, method: &str, path: &str, body: &serde_json::Value) -> Answer {
    if method == "GET" { visitor.get(path) } else { visitor.json(method, path, body) }
}

#[test]
fn only_editors_send_and_only_administrators_change() {
    let site = site();
    // A teacher of the school who does not teach 6A, and a relative with no child there.
    let one = |sql: &str| text(&site, sql, params![]);
    let outside = "NOT EXISTS (SELECT 1 FROM membership m JOIN rubrique_editor e ON e.group_id = m.group_id
            JOIN rubrique r ON r.id = e.rubrique_id AND r.name = 'Classe de 6A' WHERE m.person_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM membership m JOIN population o ON o.group_id = m.group_id
            JOIN rubrique r ON r.id = o.rubrique_id AND r.name = 'Classe de 6A' WHERE m.person_id = p.id)
        AND p.activated_at IS NOT NULL AND p.blocked_at IS NULL AND p.left_at IS NULL LIMIT 1";
    let other_teacher = one(&format!("SELECT p.id FROM person p WHERE p.profile = 'teacher' AND {outside}"));
    let other_parent = one(&format!("SELECT p.id FROM person p WHERE p.profile = 'relative' AND {outside}"));
    let guest = one("SELECT p.id FROM person p WHERE p.profile = 'guest' AND p.activated_at IS NOT NULL
        AND p.blocked_at IS NULL AND p.left_at IS NULL LIMIT 1");

    let id = rubrique(&site, "Classe de 6A");
    let paths = paths(&id, &population(&site, "Classe de 6A", "Parents de 6A"));
    let before = (count(&site, "message"), count(&site, "submission"));
    for (who, visitor, read, edit, administer) in [
        ("pupil of 6A", sign_in(&site, "lina.benali"), 200, 403, 403),
        ("parent of 6A", sign_in(&site, "karim.benali"), 200, 403, 403),
        ("teacher of others", site.sign_in(&other_teacher), 404, 404, 403),
        ("parent of others", site.sign_in(&other_parent), 404, 404, 403),
        ("guest", site.sign_in(&guest), 404, 404, 403),
        ("administrator of elsewhere", stranger(&site), 404, 404, 404),
        ("nobody", site.visitor(), 401, 401, 401),
    ] {
        // A browser where nobody is signed in is sent to the sign-in.
        let seen = |answer: &Answer| if answer.status() == 303 { 401 } else { answer.status() };
        for path in &paths.read {
            assert_eq!(seen(&visitor.get(path)), read, "{who}: {path}");
        }
        for (method, path, body) in &paths.edit {
            assert_eq!(seen(&ask(&visitor, method, path, body)), edit, "{who}: {method} {path}");
        }
        for (method, path, body) in &paths.administer {
            assert_eq!(seen(&ask(&visitor, method, path, body)), administer, "{who}: {method} {path}");
        }
    }
    assert_eq!((count(&site, "message"), count(&site, "submission")), before);
    assert_eq!(count(&site, "rubrique WHERE name = 'Classe de 6A' AND closed_at IS NULL"), 1);

    // An administrator of elsewhere who reads the rubrique, as a parent here, administers it no more for that.
    site.database()
        .execute(
            "INSERT INTO membership SELECT id, ?1 FROM person_group WHERE name = 'Parents de 6A'",
            params![super::STRANGER],
        )
        .unwrap();
    let both = site.sign_in(super::STRANGER);
    assert_eq!(both.get(&paths.read[0]).status(), 200);
    for (method, path, body) in paths.administer.iter().chain(&paths.edit) {
        let status = ask(&both, method, path, body).status();
        assert!(matches!(status, 403 | 404), "reading administrator of elsewhere: {method} {path}: {status}");
    }

    let editor = sign_in(&site, "claire.lefevre");
    for (method, path, body) in &paths.edit {
        let status = ask(&editor, method, path, body).status();
        assert_eq!(status, if *method == "POST" { 201 } else { 200 }, "editor: {method} {path}");
    }
    for (method, path, body) in &paths.administer {
        assert_eq!(ask(&editor, method, path, body).status(), 403, "editor: {method} {path}");
    }
}

#[test]
fn the_report_and_the_draft_are_for_those_they_concern() {
    let site = site();
    let (claire, admin) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "sophie.legoff"));
    let id = rubrique(&site, "Classe de 6A");
    let message = json!({"population": population(&site, "Classe de 6A", "Parents de 6A"), "subject": "Réunion", "text": "Mardi."});
    let sent = claire.json("POST", &format!("/api/v1/broadcast/rubriques/{id}/messages"), &message).json();
    let sent = sent["message"].as_str().unwrap();
    let draft = claire.json("POST", &format!("/api/v1/broadcast/rubriques/{id}/drafts"), &message).json();
    let draft = draft["id"].as_str().unwrap();
    let reports = [
        format!("/broadcast/messages/{sent}"),
        format!("/api/v1/broadcast/messages/{sent}"),
        format!("/api/v1/broadcast/messages/{sent}/recipients"),
        format!("/api/v1/broadcast/messages/{sent}/recipients.csv"),
    ];
    let colleague = site.sign_in(&text(
        &site,
        "SELECT p.id FROM person p JOIN membership m ON m.person_id = p.id JOIN person_group g ON g.id = m.group_id
            AND g.name = 'Enseignants de 6A' WHERE p.login <> 'claire.lefevre' AND p.activated_at IS NOT NULL
            AND p.blocked_at IS NULL AND p.left_at IS NULL LIMIT 1",
        params![],
    ));
    for (who, visitor, status) in [
        ("author", &claire, 200),
        ("other editor", &colleague, 200),
        ("administrator", &admin, 200),
        ("recipient", &sign_in(&site, "karim.benali"), 404),
        ("pupil", &sign_in(&site, "lina.benali"), 404),
        ("elsewhere", &stranger(&site), 404),
    ] {
        for path in &reports {
            assert_eq!(visitor.get(path).status(), status, "{who}: {path}");
        }
        if who != "author" {
            assert_eq!(visitor.get(&format!("/broadcast/drafts/{draft}")).status(), 404, "{who}");
            let base = format!("/api/v1/broadcast/drafts/{draft}");
            assert_eq!(visitor.json("PUT", &base, &message).status(), 404, "{who}");
            assert_eq!(visitor.json("POST", &format!("{base}/submit"), &json!({})).status(), 404, "{who}");
            assert_eq!(visitor.json("DELETE", &base, &json!({})).status(), 404, "{who}");
            let file = visitor.send("POST", &format!("{base}/attachments?name=a.txt"), Some("text/plain"), "x".into());
            assert_eq!(file.status(), 404, "{who}");
        }
    }
    // Closed, it has no editors: its administrators and who sent still read the report.
    assert_eq!(admin.post_form(&format!("/broadcast/rubriques/{id}/close"), &[]).status(), 303);
    assert_eq!(admin.get(&reports[0]).status(), 200);
    assert_eq!(claire.get(&reports[0]).status(), 200);
    assert_eq!(colleague.get(&reports[0]).status(), 404);
    assert_eq!(admin.get(&format!("/broadcast/rubriques/{id}/sends")).status(), 200);
    assert_eq!(claire.json("POST", &format!("/api/v1/broadcast/drafts/{draft}/submit"), &json!({})).status(), 403);
    assert_eq!(count(&site, &format!("submission WHERE message_id = '{draft}'")), 0);
}

#[test]
fn a_population_outside_ones_rights_is_not_offered_and_is_refused() {
    let site = site();
    let claire = sign_in(&site, "claire.lefevre");
    let id = rubrique(&site, "Classe de 6A");
    // The rules of the relatives of 6A are taken away: the rubrique still has them as readers.
    let relatives = population(&site, "Classe de 6A", "Parents de 6A");
    let offered = || {
        let answer = claire.get(&format!("/api/v1/broadcast/rubriques/{id}/populations")).json();
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(offered().contains(&"Parents de 6A".to_owned()));
    let draft = claire
        .json("POST", &format!("/api/v1/broadcast/rubriques/{id}/drafts"), &json!({"population": relatives}))
        .json();
    site.database()
        .execute(
            "DELETE FROM rule WHERE to_group IN (SELECT g.id FROM person_group g WHERE g.profile = 'relative')",
            params![],
        )
        .unwrap();
    assert!(!offered().contains(&"Parents de 6A".to_owned()));
    assert!(!claire.get(&format!("/broadcast/rubriques/{id}/message")).text().contains(&relatives));
    // One of another rubrique is refused as well, and so is one that is none.
    let foreign = population(&site, "Vie scolaire", "Tous les élèves");
    let before = count(&site, "message");
    for population in [relatives.as_str(), &foreign, "00000000000000000000000XYZ", "'"] {
        let body = json!({"population": population, "subject": "x", "text": "x"});
        let answer = claire.json("POST", &format!("/api/v1/broadcast/rubriques/{id}/messages"), &body);
        assert_eq!((answer.status(), &answer.json()["code"]), (403, &json!("audience-refused")), "{population}");
        let form =
            [("population", population), ("subject", "Objet gardé"), ("text", "Texte gardé"), ("action", "send")];
        let answer = claire.post_form(&format!("/broadcast/rubriques/{id}/message"), &form);
        assert_eq!(answer.status(), 403);
        assert!(answer.text().contains("Objet gardé") && answer.text().contains("Texte gardé"));
    }
    assert_eq!(count(&site, "message"), before);
    // A draft that was written before is refused by the decision itself, and stays.
    let draft = draft["id"].as_str().unwrap();
    let answer = claire.json("POST", &format!("/api/v1/broadcast/drafts/{draft}/submit"), &json!({}));
    assert_eq!((answer.status(), &answer.json()["code"]), (403, &json!("audience-refused")));
    assert_eq!(count(&site, &format!("message WHERE id = '{draft}'")), 1);
    assert_eq!(count(&site, &format!("recipient WHERE message_id = '{draft}'")), 0);
}
