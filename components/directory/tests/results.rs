//! What can be done with a whole result: counted, written to, exported; and where it is looked for (D-1, D-2, A-5).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

use directory::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::Capability;
use web::testing::{Site, Visitor};

const COMPOSER: Capability = Capability::new("send-message", "Messagerie", "/send-message/inbox", 10);

/// Three schools of 150, with a composer beside.
fn network() -> Site {
    let mut site = Site::new(&CAPABILITY, ROUTES);
    let options = demo::Options { people: 450, establishments: 3, seed: 3, now: site.now() };
    demo::run(site.database(), &options).unwrap();
    site.add_neighbour(&COMPOSER);
    site
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    let row = site.database().first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    site.sign_in(row.text(0).unwrap())
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split(before).nth(1).unwrap_or_else(|| panic!("no {before}")).split(after).next().unwrap()
}

fn rows(csv: &str) -> Vec<Vec<&str>> {
    csv.trim_start_matches('\u{feff}').split_terminator("\r\n").map(|line| line.split(';').collect()).collect()
}

#[test]
fn the_profile_of_teachers_opens_the_disciplines() {
    let site = network();
    let teacher = sign_in(&site, "claire.lefevre");
    assert!(!teacher.get("/directory").text().contains("name=\"discipline\""));
    let page = teacher.get("/directory?profile=teacher").text();
    assert!(page.contains("name=\"discipline\"") && page.contains("Mathématiques"));
    let found = teacher.get("/directory?profile=teacher&discipline=Math%C3%A9matiques").text();
    assert!(found.contains("Lefèvre") && !found.contains("La Villéon"));
    let disciplines = teacher.get("/api/v1/directory/disciplines").json();
    assert!(disciplines["items"].as_array().unwrap().contains(&json!("Anglais")));
    let list = teacher.get("/api/v1/directory/people?discipline=Math%C3%A9matiques").json();
    assert!(names(&list).contains(&"Claire Lefèvre"));
    assert_eq!(names(&teacher.get("/api/v1/directory/people?discipline=Couture").json()), Vec::<&str>::new());
    // The discipline is left aside when another profile is chosen.
    assert!(!teacher.get("/directory?profile=staff&discipline=Couture").text().contains("Personne ne correspond"));
}

/// those whose role allows choose establishments; the others have nothing to choose.
#[test]
fn establishments_are_chosen_one_by_one_or_all() {
    let site = network();
    let teacher = sign_in(&site, "claire.lefevre");
    let staff = |query: &str| {
        let page = teacher.get(&format!("/directory?profile=staff&limit=100{query}")).text();
        between(&page, "<p role=\"status\"><strong>", " résultat").parse::<usize>().unwrap()
    };
    let (own, all) = (staff(""), staff("&everywhere=1"));
    assert!(own > 0 && all > own, "{own} {all}");
    // A name that is precise is taken at once, one that is not is proposed.
    let page = teacher.get("/directory?profile=staff&school=jean+moulin").text();
    assert!(page.contains("Collège Jean-Moulin") && page.contains("name=\"establishment\" value=\"0990002"), "{page}");
    assert!(between(&page, "value=\"0990002", ">").contains("checked"));
    let page = teacher.get("/directory?profile=staff&school=college").text();
    assert!(page.contains("Collège Jean-Moulin") && !between(&page, "value=\"0990002", ">").contains("checked"));
    assert!(teacher.get("/directory?school=nulle-part").text().contains("Aucun établissement ne porte ce nom"));
    let uais = site.database().execute("SELECT uai FROM establishment ORDER BY uai", &[]).unwrap();
    let [_, second, third] = &uais[..] else { panic!("three schools") };
    let two = format!("&establishment={}&establishment={}", second.text(0).unwrap(), third.text(0).unwrap());
    assert_eq!(staff(&two) + own, all);
    let relative = sign_in(&site, "karim.benali").get("/directory?school=jean+moulin").text();
    assert!(!relative.contains("Autres établissements") && !relative.contains("Jean-Moulin"));
}

#[test]
fn a_whole_result_is_counted_and_written_to() {
    let site = network();
    let teacher = sign_in(&site, "claire.lefevre");
    let page = teacher.get("/directory?profile=teacher&limit=5").text();
    let count: usize = between(&page, "<p role=\"status\"><strong>", " résultats").parse().unwrap();
    assert!((6..=50).contains(&count) && page.contains("Tout sélectionner sur cette page"));
    let link = between(&page, "<a class=\"button\" href=\"/directory/everyone", "\"").replace("&amp;", "&");
    let everyone = teacher.get(&format!("/directory/everyone{link}")).text();
    assert_eq!(everyone.matches("name=\"found\" value=\"to:person:").count(), count);
    assert!(everyone.contains("action=\"/send-message/compose\"") && everyone.contains(&teacher.csrf()));
    // One message goes to 50 people (M-2): the page says so, and nothing leads further.
    let page = teacher.get("/directory?limit=5").text();
    assert!(page.contains("Un message va à 50 personnes au plus") && !page.contains("/directory/everyone"));
    let refused = teacher.get("/directory/everyone");
    assert_eq!(refused.status(), 422);
    assert_eq!(teacher.get("/directory/everyone?q=zzzz").status(), 422);
    assert_eq!(teacher.get("/directory/everyone?group=01K41XRSR0G5X5V4PYW3A0TWR0").status(), 422, "nobody to see");
    site.database().batch("UPDATE establishment SET max_recipients = 1000").unwrap();
    let everyone = teacher.get("/directory/everyone").text();
    assert!(everyone.contains("autres.") && everyone.len() < 100_000, "{}", everyone.len());
}

/// Every line is someone she may write to, and nobody else.
#[test]
fn exports_are_what_the_list_shows() {
    let site = network();
    let relative = sign_in(&site, "karim.benali");
    let answer = relative.get("/api/v1/directory/people.csv");
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let text = answer.text();
    assert!(text.starts_with("\u{feff}Nom;Prénom;Profil;"), "{text}");
    let lines = rows(&text);
    let list = relative.get("/api/v1/directory/people?limit=100").json();
    let shown: Vec<_> = lines[1..].iter().map(|line| format!("{} {}", line[1], line[0])).collect();
    assert_eq!(shown, names(&list));
    let lina = lines.iter().find(|line| line[1] == "Lina").unwrap();
    assert_eq!(lina[2..], ["Élève", "6A", "Collège Simone-Veil", "lina.benali@ent.example"]);
    let groups = relative.get("/api/v1/directory/groups.csv").text();
    let list = relative.get("/api/v1/directory/groups?limit=100").json();
    assert_eq!(rows(&groups)[1..].iter().map(|line| line[0]).collect::<Vec<_>>(), names(&list));
    assert_eq!(site.visitor().get("/api/v1/directory/people.csv").status(), 401);
    assert_eq!(site.visitor().get("/api/v1/directory/groups.csv").status(), 401);
    // The page's link is for what the page shows: her own establishment.
    let teacher = sign_in(&site, "claire.lefevre");
    let page = teacher.get("/directory?profile=staff").text();
    let link = between(&page, "href=\"/api/v1/directory/people.csv", "\"").replace("&amp;", "&");
    let text = teacher.get(&format!("/api/v1/directory/people.csv{link}")).text();
    assert!(rows(&text)[1..].iter().all(|line| line[4] == "Collège Simone-Veil"));
}

#[test]
fn no_cell_is_a_formula_or_breaks_its_row() {
    let site = network();
    let change = "UPDATE person SET last_name = '=HYPERLINK(\"http://x\")', function = '+1;2' || char(10) || '\"3' WHERE login = 'sophie.legoff'";
    site.database().batch(change).unwrap();
    let text = sign_in(&site, "claire.lefevre").get("/api/v1/directory/people.csv?q=le+goff").text();
    assert!(text.contains("\r\n\"'=HYPERLINK(\"\"http://x\"\")\";Sophie;Personnel;\"'+1;2\n\"\"3\";"), "{text}");
}

/// D-2: an ad hoc group is found by who keeps it, as far as the viewer may know her.
#[test]
fn groups_are_found_by_manager_and_establishment() {
    let site = network();
    let lina = sign_in(&site, "lina.benali");
    let row = site.database().first(
        "SELECT p.last_name FROM group_manager k JOIN person p ON p.id = k.person_id JOIN person_group g ON g.id = k.group_id
         WHERE g.name = 'Club théâtre' ORDER BY p.uai LIMIT 1",
        &[],
    );
    let manager = row.unwrap().unwrap().text(0).unwrap().to_owned();
    let path = format!("/api/v1/directory/groups?manager={}", manager.replace(' ', "+"));
    assert_eq!(names(&lina.get(&path).json()), ["Club théâtre"]);
    assert!(lina.get(&path.replace("/api/v1", "")).text().contains("1 résultat"));
    assert_eq!(names(&lina.get("/api/v1/directory/groups?manager=personne").json()), Vec::<&str>::new());
    site.database()
        .batch(
            "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at)
            SELECT s.id, k.person_id, 'essai', 0 FROM person s, group_manager k WHERE s.login = 'lina.benali'",
        )
        .unwrap();
    assert_eq!(names(&lina.get(&path).json()), Vec::<&str>::new(), "she may not know that manager any more");
    let teacher = sign_in(&site, "claire.lefevre");
    let list = teacher.get("/api/v1/directory/groups?kind=establishment&establishment=0990002B&limit=100").json();
    assert_eq!(names(&list), Vec::<&str>::new(), "no such school");
    let all = teacher.get("/api/v1/directory/groups?kind=establishment&limit=100").json();
    assert!(names(&all).iter().filter(|name| **name == "Tous les personnels").count() == 3);
}
