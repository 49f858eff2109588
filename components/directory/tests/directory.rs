//! The directory as a browser and as a program use it, on the made-up school (D-1, D-2, R-4, U-2).

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use directory::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Site, Visitor};

fn site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    demo::run(site.database(), &demo::Options::of(300, site.now())).unwrap();
    site
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    let row = site.database().first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    site.sign_in(row.text(0).unwrap())
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[test]
fn people_are_found_by_crossing_criteria() {
    let site = site();
    let teacher = sign_in(&site, "claire.lefevre");
    let list = teacher.get("/api/v1/directory/people?q=benali%20karim").json();
    assert_eq!(names(&list), ["Karim Benali"]);
    assert_eq!(list["next"], Value::Null);
    assert_eq!(list["items"][0]["detail"], "Parent de Lina Benali (6A), Yanis Benali (4A)");
    assert_eq!(list["items"][0]["children"][0], json!({"name": "Lina Benali", "class": "6A"}));
    let classes = teacher.get("/api/v1/directory/classes").json();
    let class = classes["items"].as_array().unwrap().iter().find(|class| class["name"] == "6A").unwrap();
    let path = format!("/api/v1/directory/people?class={}&profile=student&limit=100", class["id"].as_str().unwrap());
    let students = teacher.get(&path).json();
    assert!(students["items"].as_array().unwrap().iter().all(|student| student["classes"] == json!(["6A"])));
    assert!(names(&students).contains(&"Lina Benali"));
}

#[test]
fn a_list_is_read_page_after_page() {
    let site = site();
    let teacher = sign_in(&site, "claire.lefevre");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = teacher.get(&format!("/api/v1/directory/people?limit=40&cursor={cursor}")).json();
        seen.extend(names(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        cursor = next.to_owned();
    }
    // Everybody but one blocked student and one teacher who left.
    assert_eq!(seen.len(), 298);
    let first = teacher.get("/directory?limit=5").text();
    assert!(first.contains("Page suivante") && !first.contains("Début de la liste"));
    let link = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = teacher.get(&link).text();
    assert!(second.contains("Début de la liste") && second != first);
}

#[test]
fn a_relative_sees_whom_she_may_write_to_and_nobody_else() {
    let site = site();
    let relative = sign_in(&site, "karim.benali");
    let page = relative.get("/directory").text();
    assert!(page.contains("Sophie") && page.contains("Principale adjointe") && page.contains("Élève de 6A"));
    assert!(!page.contains("Maïtena") && !page.contains("Chercher dans tout l’ENT"));
    assert_eq!(names(&relative.get("/api/v1/directory/people?q=maitena").json()), Vec::<&str>::new());
    assert!(relative.get("/directory?q=maitena").text().contains("Personne ne correspond"));
    let groups = relative.get("/api/v1/directory/groups?limit=100").json();
    assert!(names(&groups).contains(&"Enseignants de 6A") && !names(&groups).contains(&"Parents de 6A"));
}

#[test]
fn groups_show_how_many_they_are_unless_they_hide_it() {
    let site = site();
    let admin = sign_in(&site, "sophie.legoff");
    let page = admin.get("/directory/groups?q=parents%206a").text();
    let link = page.split("href=\"/directory?group=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let members = admin.get(&format!("/directory?group={link}")).text();
    assert!(members.contains("<h1>Parents de 6A</h1>") && members.contains("Parent de"), "{members}");
    // A parent may not write to that group: she does not learn that it exists.
    assert_eq!(sign_in(&site, "karim.benali").get(&format!("/directory?group={link}")).status(), 404);
    let list = admin.get("/api/v1/directory/groups?kind=list").json();
    assert_eq!((list["items"][0]["members"].clone(), list["items"][0]["kind"].clone()), (Value::Null, json!("list")));
    assert!(admin.get("/directory/groups?kind=list").text().contains("masqués"));
}

#[test]
fn suggestions_are_few_and_named() {
    let site = site();
    let visitor = sign_in(&site, "claire.lefevre");
    let found = visitor.get("/api/v1/directory/suggest?q=e").json();
    assert_eq!(found["items"].as_array().unwrap().len(), 8);
    let usual = visitor.get("/api/v1/directory/suggest").json();
    assert!((1..=8).contains(&usual["items"].as_array().unwrap().len()), "she has written to some: {usual}");
    assert_eq!(sign_in(&site, "lina.benali").get("/api/v1/directory/suggest?q=%20%E2%80%99").status(), 200);
    assert_eq!(visitor.get("/api/v1/directory/suggest?q=linna+benali").json()["items"][0]["name"], "Lina Benali");
    let page = visitor.get("/directory?q=linna+benali&limit=5").text();
    assert!(page.contains("Vouliez-vous dire") && page.contains("q=lina%20benali"), "{page}");
    let found = visitor.get("/api/v1/directory/suggest?q=lina%20benali").json();
    let item = found["items"][0].as_object().unwrap();
    assert_eq!((item["kind"].clone(), item["detail"].clone()), (json!("person"), json!("Élève de 6A")));
}

#[test]
fn what_cannot_be_understood_is_a_problem() {
    let site = site();
    let visitor = sign_in(&site, "claire.lefevre");
    for query in ["profile=pupil", "class=6A", "group=x", "establishment=31", "cursor=abc"] {
        let answer = visitor.get(&format!("/api/v1/directory/people?{query}"));
        assert_eq!((answer.status(), answer.json()["code"].clone()), (422, json!("invalid")), "{query}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
    }
    assert_eq!(visitor.get("/api/v1/directory/people?limit=many").status(), 400);
    let many: String = (0..21).map(|n| format!("&establishment=09900{n:02}A")).collect();
    assert_eq!(visitor.get(&format!("/api/v1/directory/people?{many}")).status(), 422);
    assert_eq!(visitor.get("/api/v1/directory/people?limit=0").json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(site.visitor().get("/api/v1/directory/people").status(), 401);
    assert_eq!(site.visitor().get("/directory").status(), 303);
}

/// the directory is a role; writing is another, so that suggestions stay.
#[test]
fn without_the_role_there_is_no_directory() {
    let site = site();
    site.database().execute("DELETE FROM profile_role WHERE profile = 'student' AND role = 'user'", &[]).unwrap();
    let student = sign_in(&site, "lina.benali");
    assert_eq!(student.get("/directory").status(), 403);
    assert_eq!(student.get("/api/v1/directory/people").json()["code"], "forbidden");
    assert_eq!(student.get("/api/v1/directory/suggest?q=claire%20lef").json()["items"].as_array().unwrap().len(), 1);
}

/// U-3: without send-message nothing leads to it. U-1: nobody's page is over 100 kB.
#[test]
fn without_the_composer_no_button_leads_to_it_and_pages_stay_small() {
    let site = site();
    let teacher = sign_in(&site, "claire.lefevre");
    let page = teacher.get("/directory?limit=100").text();
    assert!(!page.contains("/send-message/compose") && page.len() < 100_000, "{}", page.len());
}
