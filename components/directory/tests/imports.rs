//! Imports as a local administrator and as a program make them, and who may not.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use bytes::Bytes;
use directory::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Answer, Site, Visitor};

const UAI: &str = "0310001A";
const ADMIN: &str = "000000000000000000000000A1";
const OTHER: &str = "000000000000000000000000A2";
const STUDENT: &str = "000000000000000000000000A3";
const FORM: &str = "multipart/form-data; boundary=limit";

fn site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    site.add_establishment(UAI, "Collège d’ici");
    site.add_establishment("0310002B", "Collège d’ailleurs");
    site.add_person(ADMIN, UAI, "staff", "Sophie", "Legoff");
    site.add_person(OTHER, "0310002B", "staff", "Eve", "Lointaine");
    site.add_person(STUDENT, UAI, "student", "Lina", "Benali");
    for (person, uai) in [(ADMIN, UAI), (OTHER, "0310002B")] {
        site.database().execute("INSERT INTO local_admin VALUES (?1, ?2)", params![person, uai]).unwrap();
    }
    site
}

fn list(rows: &[&str]) -> String {
    format!("profil;nom;prénom;identifiant;classes;enfants\r\n{}\r\n", rows.join("\r\n"))
}

fn school() -> String {
    list(&[
        "élève;MARTIN;Léa;E1;6A;",
        "élève;ROUX;Max;E2;6A;",
        "parent;MARTIN;Anne;P1;;E1",
        "enseignant;VIDAL;Rose;T1;6A;",
    ])
}

fn upload(visitor: &Visitor<'_>, path: &str, fields: &[(&str, &str)], files: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    for (name, content) in files {
        body.push_str(&format!(
            "--limit\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
        ));
    }
    body.push_str("--limit--\r\n");
    visitor.send("POST", path, Some(FORM), Bytes::from(body))
}

/// Gives files, applies them to the end, and says where the import is.
fn apply(visitor: &Visitor<'_>, content: &str) -> String {
    let given = upload(visitor, "/directory/import", &[("uai", UAI)], &[("liste.csv", content)]);
    let here = given.header("location").to_owned();
    assert_eq!(given.status(), 303, "{}", given.text());
    assert_eq!(visitor.post_form(&format!("{here}/prepare"), &[]).status(), 303);
    assert_eq!(visitor.post_form(&format!("{here}/apply"), &[("departures", "1")]).status(), 303);
    for _ in 0..20 {
        if visitor.post_form(&format!("{here}/step"), &[]).header("location") == here {
            return here;
        }
    }
    unreachable!("the import ends")
}

/// A page without the spaces that typography hardens.
fn page(answer: &Answer) -> String {
    answer.text().replace(['\u{a0}', '\u{202f}'], " ")
}

fn logins(site: &Site) -> Vec<String> {
    let rows = site.database().execute("SELECT login FROM person WHERE left_at IS NULL ORDER BY login", &[]).unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

#[test]
fn files_are_read_looked_at_and_applied() {
    let site = site();
    let admin = site.sign_in(ADMIN);
    let first = page(&admin.get("/directory/import"));
    assert!(first.contains("Aucun import") && first.contains("/directory/import/modele.csv"));
    assert!(admin.get("/directory/import/modele.csv").text().contains("profil;nom;prénom"));

    let given = upload(&admin, "/directory/import", &[("uai", UAI)], &[("liste.csv", &school())]);
    let here = given.header("location").to_owned();
    assert!(page(&admin.get(&here)).contains("Voir l’aperçu"));
    let before = logins(&site);
    assert_eq!(admin.post_form(&format!("{here}/prepare"), &[]).status(), 303);
    let preview = page(&admin.get(&here));
    assert!(preview.contains("Fiches lues : 4") && preview.contains("Appliquer"), "{preview}");
    assert_eq!(logins(&site), before);

    assert_eq!(admin.post_form(&format!("{here}/apply"), &[]).status(), 303);
    assert!(page(&admin.get(&here)).contains("data-onward"));
    while admin.post_form(&format!("{here}/step"), &[]).header("location") != here {}
    let done = page(&admin.get(&here));
    assert!(done.contains("Appliqué") && done.contains("L’import est appliqué."), "{done}");
    assert_eq!(
        logins(&site),
        ["anne.martin", "eve.lointaine", "lea.martin", "lina.benali", "max.roux", "rose.vidal", "sophie.legoff"]
    );
    assert!(admin.get("/directory/import").text().contains("liste.csv"));
    // Nothing of it is to be done again.
    assert_eq!(admin.post_form(&format!("{here}/apply"), &[]).status(), 409);
    assert_eq!(admin.post_form(&format!("{here}/cancel"), &[]).status(), 409);
}

#[test]
fn an_exodus_is_asked_about_and_who_would_leave_is_named() {
    let site = site();
    let admin = site.sign_in(ADMIN);
    apply(&admin, &school());
    let few = list(&["élève;MARTIN;Léa;E1;6A;", "parent;MARTIN;Anne;P1;;E1", "enseignant;NOUVEL;Hugo;T2;6A;"]);
    let here =
        upload(&admin, "/directory/import", &[("uai", UAI)], &[("liste.csv", &few)]).header("location").to_owned();
    assert_eq!(admin.post_form(&format!("{here}/prepare"), &[]).status(), 303);
    let preview = page(&admin.get(&here));
    assert!(preview.contains("ROUX Max") && preview.contains("VIDAL Rose") && !preview.contains("name=\"departures\""));
    let asked = admin.post_form(&format!("{here}/apply"), &[]);
    assert!(asked.status() == 409 && page(&asked).contains("name=\"departures\""), "{}", asked.text());
    assert_eq!(admin.post_form(&format!("{here}/apply"), &[("departures", "1")]).status(), 303);
    while admin.post_form(&format!("{here}/step"), &[]).header("location") != here {}
    assert!(!logins(&site).contains(&"max.roux".to_owned()));
}

#[test]
fn what_cannot_be_read_is_said_and_changes_nothing() {
    let site = site();
    let admin = site.sign_in(ADMIN);
    for (name, content, words) in [
        ("vide.csv", "", "vide"),
        ("autre.csv", "a;b\r\n1;2\r\n", "aucun format connu"),
        ("Eleve.xml", "<?xml version=\"1.0\"?><ficAlimMENESR><addRequest>", "incomplet"),
        ("bombe.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><ficAlimMENESR>&b;</ficAlimMENESR>", "entités"),
    ] {
        let answer = upload(&admin, "/directory/import", &[("uai", UAI)], &[(name, content)]);
        assert!(answer.status() == 422 && page(&answer).contains(words), "{name}: {}", answer.text());
    }
    assert_eq!(upload(&admin, "/directory/import", &[("uai", UAI)], &[]).status(), 422);
    // A second file that breaks off holds up all of it until it comes whole.
    let here =
        upload(&admin, "/directory/import", &[("uai", UAI)], &[("liste.csv", &school())]).header("location").to_owned();
    let broken = "profil;nom;prénom\r\nélève;NOËL;\"Zoé\r\n";
    assert_eq!(upload(&admin, &format!("{here}/files"), &[], &[("suite.csv", broken)]).status(), 422);
    assert_eq!(admin.post_form(&format!("{here}/prepare"), &[]).status(), 409);
    let whole = list(&["élève;NOËL;Zoé;E3;6A;", "élève;MARTIN;Léa;E1;6A;", "licorne;A;B;;;"]);
    assert_eq!(upload(&admin, &format!("{here}/files"), &[], &[("suite.csv", &whole)]).status(), 303);
    assert_eq!(upload(&admin, &format!("{here}/files"), &[], &[("Eleve.xml", "<a/>")]).status(), 422);
    assert_eq!(admin.post_form(&format!("{here}/prepare"), &[]).status(), 303);
    let preview = page(&admin.get(&here));
    assert!(preview.contains("Laissées de côté : 2") && preview.contains("ligne 2 du fichier liste.csv"), "{preview}");
    let csv = admin.get(&format!("{here}/rejects.csv"));
    assert!(
        csv.text().contains("suite.csv;3;duplicate") && csv.header("content-disposition").starts_with("attachment")
    );
    assert_eq!(logins(&site).len(), 3);
    assert_eq!(admin.post_form(&format!("{here}/cancel"), &[]).status(), 303);
    assert!(page(&admin.get(&here)).contains("a été annulé"));
    // Ids may hold names: nothing of files is logged.
    assert!(site.log().iter().all(|line| !line.contains("MARTIN")), "{:?}", site.log());
}

#[test]
fn programs_make_imports_too() {
    let site = site();
    let admin = site.sign_in(ADMIN);
    let post =
        |path: &str, body: &Value| admin.send("POST", path, Some("application/json"), Bytes::from(body.to_string()));
    let begun = post("/api/v1/directory/imports", &json!({"uai": UAI, "file": "", "mode": "delta"}));
    assert_eq!(begun.status(), 201, "{}", begun.text());
    let here = format!("/api/v1/directory/imports/{}", begun.json()["id"].as_str().unwrap());
    assert_eq!(post(&format!("{here}/prepare"), &json!({})).json()["code"], "nothing-usable");
    let file = |name: &str, content: &str| {
        let path = format!("{here}/files?name={name}");
        admin.send("POST", &path, Some("text/csv"), Bytes::from(content.to_owned()))
    };
    assert_eq!(file("liste.csv", &school()).json()["files"][0]["read"], 4);
    let ready = post(&format!("{here}/prepare"), &json!({})).json();
    assert_eq!(
        (&ready["state"], &ready["counts"]["read"], &ready["mode"]),
        (&json!("ready"), &json!(4), &json!("delta"))
    );
    assert_eq!(admin.get(&format!("{here}/departures")).json()["items"], json!([]));
    assert_eq!(post(&format!("{here}/apply"), &json!({"accept_departures": false})).json()["state"], "applying");
    while post(&format!("{here}/advance"), &json!({})).json()["done"] != true {}
    assert_eq!(admin.get(&here).json()["state"], "applied");
    assert_eq!(admin.get(&format!("{here}/rejects")).json()["items"], json!([]));
    assert_eq!(admin.get("/api/v1/directory/imports").json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(file("liste.csv", &school()).json()["code"], "wrong-state");
    assert_eq!(admin.send("DELETE", &here, None, Bytes::new()).status(), 409);
    assert_eq!(post("/api/v1/directory/imports", &json!({"uai": "0310002B", "file": "", "mode": ""})).status(), 404);
    assert_eq!(post("/api/v1/directory/imports", &json!({"uai": UAI, "file": "", "mode": "x"})).status(), 422);
}

/// Every endpoint, for everybody it is not for.
#[test]
fn nobody_else_can_do_any_of_it() {
    let site = site();
    let admin = site.sign_in(ADMIN);
    let given = upload(&admin, "/directory/import", &[("uai", UAI)], &[("liste.csv", &school())]);
    let id = given.header("location").rsplit('/').next().unwrap().to_owned();
    let before = admin.get(&format!("/api/v1/directory/imports/{id}")).text();
    let visitors = [(site.visitor(), 401, 401), (site.sign_in(STUDENT), 403, 403), (site.sign_in(OTHER), 404, 200)];
    let mut seen = 0;
    for route in ROUTES.iter().filter(|route| route.path.contains("/directory/import")) {
        let own = route.path.contains("{id}");
        let path = format!("{}?name=x.csv", route.path.replace("{id}", &id));
        for (visitor, refused, list) in &visitors {
            let (kind, body) = if route.path.ends_with("/apply") && route.is_api() {
                ("application/json", "{\"accept_departures\":true}")
            } else if route.is_api() {
                ("application/json", "{\"uai\":\"0310001A\",\"file\":\"\",\"mode\":\"\"}")
            } else {
                (
                    "multipart/form-data; boundary=limit",
                    "--limit\r\nContent-Disposition: form-data; name=\"uai\"\r\n\r\n0310001A\r\n--limit--\r\n",
                )
            };
            let answer = match route.method.as_str() {
                "GET" => visitor.get(&path),
                method => visitor.send(method, &path, Some(kind), Bytes::from(body)),
            };
            let begins = !own && route.method.as_str() == "POST";
            let expected = if own {
                *refused
            } else if begins && *list == 200 {
                404
            } else {
                *list
            };
            // A browser that is not signed in is led to the sign-in.
            let expected = if expected == 401 && !route.is_api() { 303 } else { expected };
            let status = answer.status();
            let unsigned_post = expected == 303 && status == 401;
            assert!(status == expected || unsigned_post, "{} {path}: {status}, not {expected}", route.method.as_str());
            seen += 1;
        }
    }
    assert!(seen >= 3 * 20, "{seen}");
    assert_eq!(admin.get(&format!("/api/v1/directory/imports/{id}")).text(), before);
    // She administers it no more: her import is out of reach, too.
    site.database().execute("DELETE FROM local_admin WHERE person_id = ?1", params![ADMIN]).unwrap();
    site.database().execute("INSERT INTO local_admin VALUES (?1, '0310002B')", params![ADMIN]).unwrap();
    assert_eq!(admin.get(&format!("/directory/import/{id}")).status(), 404);
}

/// The files of one school's administrator never reach another school, whatever they say.
#[test]
fn academies_files_are_taken_within_limits() {
    let site = site();
    let admin = site.sign_in(ADMIN);
    let entry = |kind: &str, id: &str, attributes: &str| {
        format!(
            "<addRequest><operationalAttributes><attr name=\"categoriePersonne\"><value>{kind}</value></attr></operationalAttributes><identifier><id>{id}</id></identifier><attributes>{attributes}</attributes></addRequest>"
        )
    };
    let attr = |name: &str, value: &str| format!("<attr name=\"{name}\"><value>{value}</value></attr>");
    let school = |id: &str, uai: &str| {
        entry(
            "",
            id,
            &[attr("ENTStructureJointure", id), attr("ENTStructureUAI", uai), attr("ENTStructureNomCourant", "X")]
                .concat(),
        )
    };
    let student = |id: &str, school: &str, last: &str| {
        let all = [
            attr("ENTPersonJointure", id),
            attr("sn", last),
            attr("givenName", "Zoé"),
            attr("ENTPersonStructRattach", school),
            attr("ENTEleveClasses", &format!("{school}$6A")),
        ];
        entry("Eleve", id, &all.concat())
    };
    let file =
        |content: &str| format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ficAlimMENESR>{content}</ficAlimMENESR>");
    let (schools, students) = (
        file(&(school("1", UAI) + &school("2", "0310002B"))),
        file(&(student("10", "1", "ICI") + &student("11", "2", "AILLEURS"))),
    );
    let files = [
        ("ENT_Complet_20260901_EtabEducNat_0001.xml", schools.as_str()),
        ("ENT_Complet_20260901_Eleve_0001.xml", students.as_str()),
    ];
    let here = upload(&admin, "/directory/import", &[("uai", UAI)], &files).header("location").to_owned();
    assert_eq!(admin.post_form(&format!("{here}/prepare"), &[]).status(), 303);
    let preview = page(&admin.get(&here));
    assert!(
        preview.contains("Laissées de côté : 2") && preview.contains("un autre établissement que les vôtres"),
        "{preview}"
    );
    assert_eq!(admin.post_form(&format!("{here}/apply"), &[("departures", "1")]).status(), 303);
    while admin.post_form(&format!("{here}/step"), &[]).header("location") != here {}
    assert_eq!(logins(&site), ["eve.lointaine", "lina.benali", "sophie.legoff", "zoe.ici"]);
    let name = site.database().first("SELECT name FROM establishment WHERE uai = '0310002B'", &[]).unwrap().unwrap();
    assert_eq!(name.text(0).unwrap(), "Collège d’ailleurs");
}
