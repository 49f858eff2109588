//! News, flash messages and liaison notices as a browser and as a program use them: pages and API, and the rights of every route
//! (B-3, B-4, B-5). What the crate behind them promises is tested there.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failed test")]

use broadcast::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Answer, Site, Visitor};

const API: &str = "/api/v1/broadcast";
const DAY: i64 = 86_400_000;

/// Two schools; the rubrique « Actualités du collège » of the first, edited by teachers and staff, read by all.
fn school() -> Site {
    let mut site = Site::new(&CAPABILITY, ROUTES);
    site.public_url = Some("https://ent.example.fr".to_owned());
    demo::run(site.database(), &demo::Options { people: 320, establishments: 2, seed: 3, now: site.now() }).unwrap();
    site.database().batch("DELETE FROM news; DELETE FROM flash; DELETE FROM liaison;").unwrap();
    let groups = "FROM person_group g LEFT JOIN class c ON c.id = g.class_id
        WHERE g.uai = (SELECT uai FROM person WHERE login = 'lina.benali')
            AND (g.kind = 'establishment' OR g.kind = 'class' AND c.name = '6A')";
    let rubrique = format!(
        "INSERT INTO rubrique (id, uai, name, folded_name, created_at)
            SELECT '01RVBR1QVE0000000000000000', uai, 'Actualités du collège', 'actualites du college', 0 FROM person WHERE login = 'lina.benali';
        INSERT INTO rubrique_editor (rubrique_id, group_id)
            SELECT '01RVBR1QVE0000000000000000', g.id {groups} AND g.kind = 'establishment' AND g.profile IN ('teacher', 'staff');
        INSERT INTO population (id, rubrique_id, group_id)
            SELECT '01' || substr(hex(randomblob(12)), 1, 24), '01RVBR1QVE0000000000000000', g.id {groups}
                AND g.profile IN ('student', 'relative', 'teacher')"
    );
    site.database().batch(&rubrique).unwrap();
    site
}

fn text(site: &Site, question: &str) -> String {
    let row = site.database().first(question, params![]).unwrap();
    row.unwrap_or_else(|| panic!("nothing: {question}")).text(0).unwrap().to_owned()
}

fn id(site: &Site, login: &str) -> String {
    text(site, &format!("SELECT id FROM person WHERE login = '{login}'"))
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    site.sign_in(&id(site, login))
}

fn rubrique(site: &Site) -> String {
    text(site, "SELECT id FROM rubrique WHERE name = 'Actualités du collège'")
}

/// A population of the rubrique, by the profile of its group and whether it is of 6A.
fn population(site: &Site, profile: &str, kind: &str) -> String {
    text(
        site,
        &format!(
            "SELECT o.id FROM population o JOIN person_group g ON g.id = o.group_id AND g.kind = '{kind}' AND g.profile = '{profile}'
                JOIN rubrique r ON r.id = o.rubrique_id WHERE r.name = 'Actualités du collège'"
        ),
    )
}

fn code(answer: &Answer) -> (u16, Value) {
    (answer.status(), answer.json()["code"].clone())
}

fn location(answer: &Answer) -> String {
    assert_eq!(answer.status(), 303, "{}", answer.text());
    answer.header("location").to_owned()
}

/// Somebody of the other school.
fn stranger(site: &Site) -> String {
    text(
        site,
        "SELECT p.login FROM person p WHERE p.profile = 'teacher' AND p.activated_at IS NOT NULL AND p.left_at IS NULL
        AND p.blocked_at IS NULL AND p.uai <> (SELECT uai FROM person WHERE login = 'lina.benali') LIMIT 1",
    )
}

fn write_news(site: &Site, content: &Value) -> String {
    let answer =
        sign_in(site, "claire.lefevre").json("POST", &format!("{API}/rubriques/{}/news", rubrique(site)), content);
    assert_eq!(answer.status(), 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_news_is_written_told_read_and_withdrawn_with_forms_alone() {
    let site = school();
    let (claire, karim, rubrique) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "karim.benali"), rubrique(&site));
    let here = format!("/broadcast/rubriques/{rubrique}/news");
    let blank = claire.get(&format!("{here}/new")).text();
    assert!(
        blank.contains("Parents de 6A") && blank.contains("datetime-local") && blank.contains("Anonymes"),
        "{blank}"
    );
    let parents = population(&site, "relative", "class");
    let fields = [
        ("title", "Expo & dessins"),
        ("text", "Venez voir !\n\n<script>alert(1)</script>"),
        ("to", "chosen"),
        ("population", parents.as_str()),
        ("when", "now"),
        ("comments", "1"),
        ("acknowledge", "1"),
        ("notify", "1"),
        ("question", "Venez-vous ?"),
        ("choices", "Oui\r\nNon\r\n"),
        ("named", "1"),
        ("key", "une-cle"),
        ("action", "publish"),
    ];
    let page = location(&claire.post_form(&here, &fields));
    assert_eq!(location(&claire.post_form(&here, &fields)), page, "the same form twice is one news");
    let shown = claire.get(&page).text();
    assert!(
        shown.contains("Expo &amp; dessins") && shown.contains("Message envoyé le") && shown.contains("Publiée"),
        "{shown}"
    );
    assert!(!shown.contains("<script>alert"));
    let list = karim.get("/broadcast/news").text();
    assert!(list.contains("Expo &amp; dessins") && list.contains("Non lue"), "{list}");
    let read = karim.get(&page).text();
    assert!(
        read.contains("Sondage nominatif") && read.contains("il verra votre nom") && !read.contains("Modifier"),
        "{read}"
    );
    assert!(!karim.get("/broadcast/news").text().contains("Non lue"));
    assert_eq!(location(&karim.post_form(&format!("{page}/acknowledge"), &[])), page);
    location(&karim.post_form(&format!("{page}/vote"), &[("choice", "1")]));
    assert_eq!(code(&karim.post_form(&format!("{page}/vote"), &[("choice", "x")])).0, 422);
    location(&karim.post_form(&format!("{page}/comments"), &[("comment", "Nous <b>viendrons</b>")]));
    assert!(claire.get(&page).text().contains("Nous &lt;b&gt;viendrons&lt;/b&gt;"));
    let follow = claire.get(&format!("{page}/follow")).text();
    assert!(follow.contains("Karim Benali") && follow.contains("Non"), "{follow}");
    assert_eq!(karim.get(&format!("{page}/follow")).status(), 403);
    let comment = text(&site, "SELECT id FROM news_comment");
    location(&claire.post_form(&format!("{page}/comments/{comment}/delete"), &[]));
    assert!(!karim.get(&page).text().contains("viendrons"));
    // Lina is a pupil: the news is not for her.
    assert_eq!(sign_in(&site, "lina.benali").get(&page).status(), 404);
    let edit = claire.get(&format!("{page}/edit")).text();
    assert!(
        edit.contains("Expo &amp; dessins") && edit.contains("déjà parti") && !edit.contains("name=\"when\""),
        "{edit}"
    );
    location(&claire.post_form(&format!("{page}/withdraw"), &[]));
    assert_eq!(karim.get(&page).status(), 404);
    assert!(claire.get(&page).text().contains("Brouillon"));
    location(&claire.post_form(&format!("{page}/delete"), &[]));
    assert_eq!(claire.get(&page).status(), 404);
    assert_eq!(text(&site, "SELECT CAST(count(*) AS TEXT) FROM audience WHERE kind = 'news'"), "1");
}

#[test]
fn a_form_that_does_not_do_is_shown_again_with_what_was_typed() {
    let site = school();
    let claire = sign_in(&site, "claire.lefevre");
    let here = format!("/broadcast/rubriques/{}/news", rubrique(&site));
    let table: &[(&str, &[(&str, &str)])] = &[
        ("Donnez un titre", &[("title", ""), ("text", "Le <texte> tapé"), ("action", "publish")]),
        (
            "Donnez un jour",
            &[
                ("title", "T"),
                ("text", "Le <texte> tapé"),
                ("when", "later"),
                ("publish_at", "demain"),
                ("action", "publish"),
            ],
        ),
        (
            "choisissez « Maintenant »",
            &[("title", "T"), ("text", "Le <texte> tapé"), ("when", "later"), ("action", "publish")],
        ),
        (
            "toutes différentes",
            &[("title", "T"), ("text", "Le <texte> tapé"), ("question", "Q"), ("choices", "a"), ("action", "publish")],
        ),
        (
            "Cochez au moins une population",
            &[("title", "T"), ("text", "Le <texte> tapé"), ("to", "chosen"), ("action", "publish")],
        ),
    ];
    for (words, fields) in table {
        let answer = claire.post_form(&here, fields);
        let page = answer.text().replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(answer.status(), 422, "{words}");
        assert!(page.contains(words) && page.contains("Le &lt;texte&gt; tapé"), "{words}: {page}");
    }
    assert_eq!(text(&site, "SELECT CAST(count(*) AS TEXT) FROM news"), "0");
}

#[test]
fn programs_write_schedule_and_follow_news() {
    let site = school();
    let claire = sign_in(&site, "claire.lefevre");
    let content = json!({"title": "Plus tard", "body": "<p>Bientôt</p>", "publish_at": site.now() + DAY, "notify": true,
        "poll": {"question": "Oui ?", "choices": ["Oui", "Non"], "named": false, "results_shown": true}});
    let news = write_news(&site, &content);
    let here = format!("{API}/news/{news}");
    assert_eq!(claire.get(&here).json()["state"], "scheduled");
    let karim = sign_in(&site, "karim.benali");
    assert_eq!(karim.get(&here).status(), 404);
    site.wait(DAY);
    let (claire, karim) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "karim.benali"));
    let shown = karim.get(&here).json();
    assert_eq!(
        (&shown["state"], &shown["body"], &shown["editor"], &shown["results"]),
        (&json!("published"), &json!("<p>Bientôt</p>"), &json!(false), &Value::Null)
    );
    assert_eq!(karim.json("PUT", &format!("{here}/vote"), &json!({"choice": 0})).status(), 204);
    assert_eq!(karim.get(&here).json()["results"], json!([1, 0]));
    assert_eq!(karim.json("PUT", &format!("{here}/seen"), &Value::Null).status(), 204);
    assert_eq!(karim.get(&format!("{API}/news")).json()["items"][0]["unread"], false);
    assert_eq!(
        code(&karim.json("POST", &format!("{here}/comments"), &json!({"comment": "Ah"}))),
        (409, json!("comments-closed"))
    );
    assert_eq!(code(&karim.json("PUT", &here, &content)), (403, json!("forbidden")));
    let changed =
        json!({"title": "Plus tard", "body": "<p>Voilà</p>", "comments": true, "publish_at": 0, "notify": true});
    assert_eq!(code(&claire.json("PUT", &here, &changed)), (409, json!("poll-answered")));
    let mut changed = changed;
    changed["poll"] = content["poll"].clone();
    let answer = claire.json("PUT", &here, &changed).json();
    assert!(answer["recipients"].as_u64().unwrap() > 100, "{answer}");
    assert_eq!(claire.json("PUT", &here, &changed).json()["recipients"], Value::Null, "once");
    let comment = karim.json("POST", &format!("{here}/comments"), &json!({"comment": "Ah"})).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(karim.get(&format!("{here}/comments")).json()["items"][0]["deletable"], true);
    assert_eq!(
        sign_in(&site, "lina.benali").json("DELETE", &format!("{here}/comments/{comment}"), &Value::Null).status(),
        404
    );
    assert_eq!(claire.json("DELETE", &format!("{here}/comments/{comment}"), &Value::Null).status(), 204);
    assert_eq!(claire.get(&format!("{here}/follow")).json()["votes"][0]["count"], 1);
    assert_eq!(code(&claire.json("DELETE", &here, &Value::Null)), (409, json!("still-published")));
    assert_eq!(claire.json("POST", &format!("{here}/withdraw"), &Value::Null).status(), 204);
    assert_eq!(claire.json("DELETE", &here, &Value::Null).status(), 204);
    for query in ["before=x", "before=1.2"] {
        assert_eq!(claire.get(&format!("{API}/news?{query}")).status(), 422, "{query}");
    }
}

#[test]
fn every_route_of_news_says_no_to_those_it_is_not_for() {
    let site = school();
    let rubrique = rubrique(&site);
    let content = json!({"title": "Aux parents", "body": "x", "audience": [population(&site, "relative", "class")],
        "publish_at": 0, "comments": true, "acknowledge": true, "poll": {"question": "?", "choices": ["a", "b"], "named": false, "results_shown": false}});
    let news = write_news(&site, &content);
    let say = json!({"comment": "x"});
    let (here, nothing, vote) = (format!("{API}/news/{news}"), Value::Null, json!({"choice": 0}));
    let stranger = stranger(&site);
    // Reader of the news; reader of the rubrique but not of this news; another school; nobody.
    let table: &[(&str, String, &Value, [u16; 4])] = &[
        ("GET", format!("{API}/rubriques/{rubrique}/news"), &nothing, [200, 200, 404, 401]),
        ("POST", format!("{API}/rubriques/{rubrique}/news"), &content, [403, 403, 404, 401]),
        ("GET", here.clone(), &nothing, [200, 404, 404, 401]),
        ("PUT", here.clone(), &content, [403, 404, 404, 401]),
        ("DELETE", here.clone(), &nothing, [403, 404, 404, 401]),
        ("POST", format!("{here}/withdraw"), &nothing, [403, 404, 404, 401]),
        ("GET", format!("{here}/follow"), &nothing, [403, 404, 404, 401]),
        ("GET", format!("{here}/comments"), &nothing, [200, 404, 404, 401]),
        ("POST", format!("{here}/comments"), &say, [201, 404, 404, 401]),
        ("PUT", format!("{here}/seen"), &nothing, [204, 404, 404, 401]),
        ("PUT", format!("{here}/acknowledgement"), &nothing, [204, 404, 404, 401]),
        ("PUT", format!("{here}/vote"), &vote, [204, 404, 404, 401]),
        ("GET", format!("/broadcast/news/{news}"), &nothing, [200, 404, 404, 303]),
        ("GET", format!("/broadcast/news/{news}/edit"), &nothing, [403, 404, 404, 303]),
        ("GET", format!("/broadcast/rubriques/{rubrique}/news"), &nothing, [200, 200, 404, 303]),
        ("GET", format!("/broadcast/rubriques/{rubrique}/news/new"), &nothing, [403, 403, 404, 303]),
    ];
    let visitors =
        [sign_in(&site, "karim.benali"), sign_in(&site, "lina.benali"), sign_in(&site, &stranger), site.visitor()];
    for (method, path, body, expected) in table {
        let got = visitors.each_ref().map(|visitor| {
            if *method == "GET" { visitor.get(path) } else { visitor.json(method, path, body) }.status()
        });
        assert_eq!(got, *expected, "{method} {path}");
    }
    assert_eq!(text(&site, "SELECT CAST(count(*) AS TEXT) FROM news"), "1");
}

#[test]
fn a_flash_message_is_on_every_page_until_it_is_dismissed() {
    let site = school();
    let (sophie, karim, claire) =
        (sign_in(&site, "sophie.legoff"), sign_in(&site, "karim.benali"), sign_in(&site, "claire.lefevre"));
    let form = sophie.get("/broadcast/flash").text();
    assert!(form.contains("Nouveau message flash") && form.contains("Parents"), "{form}");
    let fields = [
        ("text", "Collège fermé demain."),
        ("level", "urgent"),
        ("profiles", "relative"),
        ("profiles", "teacher"),
        ("when", "now"),
        ("ends_at", "2026-10-03T18:00"),
        ("key", "k1"),
    ];
    location(&sophie.post_form("/broadcast/flash", &fields));
    location(&sophie.post_form("/broadcast/flash", &fields));
    let flash = text(&site, "SELECT id FROM flash");
    assert_eq!(text(&site, "SELECT CAST(count(*) AS TEXT) FROM flash"), "1");
    let news = "/broadcast/news?before=";
    let page = karim.get(news).text();
    assert!(
        page.contains("Collège fermé demain.") && page.contains(&format!("/broadcast/flash/{flash}/dismiss")),
        "{page}"
    );
    assert!(!sign_in(&site, "lina.benali").get(news).text().contains("Collège fermé"), "not for pupils");
    let back = karim.post_form(&format!("/broadcast/flash/{flash}/dismiss"), &[("next", news)]);
    assert_eq!(location(&back), news);
    assert!(!karim.get(news).text().contains("Collège fermé"));
    for odd in ["//ailleurs.fr", "https://ailleurs.fr/", "/\\ailleurs.fr", ""] {
        let back = claire.post_form(&format!("/broadcast/flash/{flash}/dismiss"), &[("next", odd)]);
        assert_eq!(location(&back), "/", "{odd}");
    }
    let history = sophie.get("/broadcast/flash").text();
    assert!(
        history.contains("Affiché") && history.contains("Message envoyé le") && history.contains("Lu et fermé par 2"),
        "{history}"
    );
    location(&sophie.post_form(&format!("/broadcast/flash/{flash}/withdraw"), &[]));
    assert!(sophie.get("/broadcast/flash").text().contains("Retiré par Sophie Le Goff"));
    let wrong = sophie
        .post_form("/broadcast/flash", &[("text", "Le <texte>"), ("level", "urgent"), ("ends_at", "2026-10-03T18:00")]);
    assert!(
        wrong.status() == 422
            && wrong.text().contains("Cochez au moins un profil")
            && wrong.text().contains("Le &lt;texte&gt;")
    );
}

#[test]
fn every_route_of_flash_messages_says_no_to_those_it_is_not_for() {
    let site = school();
    let sophie = sign_in(&site, "sophie.legoff");
    let content = json!({"text": "Neige", "level": "warning", "profiles": ["relative"], "ends_at": site.now() + DAY});
    let answer = sophie.json("POST", &format!("{API}/flash"), &content);
    assert!(answer.status() == 201 && answer.json()["recipients"].as_u64().unwrap() > 50, "{}", answer.text());
    let here = format!("{API}/flash/{}", answer.json()["id"].as_str().unwrap());
    let other = text(
        &site,
        "SELECT e.uai FROM establishment e WHERE e.uai <> (SELECT uai FROM person WHERE login = 'sophie.legoff')",
    );
    let elsewhere = sophie.json(
        "POST",
        &format!("{API}/flash"),
        &json!({"uai": other, "text": "x", "level": "warning", "profiles": ["relative"], "ends_at": site.now() + DAY}),
    );
    assert_eq!(elsewhere.status(), 404, "another school is not hers to know");
    assert_eq!(sophie.get(&format!("{API}/flash/history?uai={other}")).status(), 404);
    assert_eq!(sign_in(&site, "karim.benali").get(&format!("{API}/flash")).json()["items"][0]["level"], "warning");
    let stranger = stranger(&site);
    let nothing = Value::Null;
    // One it is for; a pupil; another school; nobody.
    let table: &[(&str, String, &Value, [u16; 4])] = &[
        ("GET", format!("{API}/flash"), &nothing, [200, 200, 200, 401]),
        ("GET", format!("{API}/flash/history"), &nothing, [403, 403, 403, 401]),
        ("POST", format!("{API}/flash"), &content, [403, 403, 403, 401]),
        ("POST", format!("{here}/withdraw"), &nothing, [404, 404, 404, 401]),
        ("POST", format!("{here}/dismiss"), &nothing, [204, 404, 404, 401]),
        ("GET", "/broadcast/flash".to_owned(), &nothing, [403, 403, 403, 303]),
    ];
    let visitors =
        [sign_in(&site, "karim.benali"), sign_in(&site, "lina.benali"), sign_in(&site, &stranger), site.visitor()];
    for (method, path, body, expected) in table {
        let got = visitors.each_ref().map(|visitor| {
            if *method == "GET" { visitor.get(path) } else { visitor.json(method, path, body) }.status()
        });
        assert_eq!(got, *expected, "{method} {path}");
    }
    assert!(sign_in(&site, "karim.benali").get(&format!("{API}/flash")).json()["items"].as_array().unwrap().is_empty());
    assert_eq!(sophie.get(&format!("{API}/flash/history")).json()["items"][0]["dismissed"], 1);
    assert_eq!(sophie.json("POST", &format!("{here}/withdraw"), &Value::Null).status(), 204);
}

#[test]
fn a_notice_is_written_confirmed_followed_and_reminded_with_forms_alone() {
    let site = school();
    let [claire, karim, nadia] = ["claire.lefevre", "karim.benali", "nadia.haddad"].map(|login| sign_in(&site, login));
    let class = text(
        &site,
        "SELECT g.id FROM person_group g JOIN class c ON c.id = g.class_id AND c.name = '6A' WHERE g.kind = 'class'
        AND g.profile = 'student' AND g.uai = (SELECT uai FROM person WHERE login = 'lina.benali')",
    );
    let blank = claire.get("/broadcast/liaison/new").text();
    assert!(blank.contains("Élèves de 6A") && blank.contains("élèves)"), "{blank}");
    // Pupils one by one: those of a group are shown, what was typed and ticked stays.
    let lina = id(&site, "lina.benali");
    let shown = claire.post_form(
        "/broadcast/liaison",
        &[("title", "Le titre"), ("text", "Le texte"), ("pupils", &lina), ("show", &class), ("action", "show")],
    );
    let page = shown.text();
    assert!(shown.status() == 200 && page.contains("Le titre") && page.contains("Etcheverry Maïtena"), "{page}");
    assert!(page.contains(&format!("value=\"{lina}\" checked")), "{page}");
    let refused =
        claire.post_form("/broadcast/liaison", &[("title", "Sortie"), ("text", "Jeudi."), ("action", "send")]);
    assert!(refused.status() == 422 && refused.text().contains("Aucun élève n’est concerné"));
    let fields = [
        ("title", "Sortie"),
        ("text", "Jeudi."),
        ("groups", class.as_str()),
        ("remind_days", "3"),
        ("key", "k"),
        ("action", "send"),
    ];
    let follow = location(&claire.post_form("/broadcast/liaison", &fields));
    assert_eq!(location(&claire.post_form("/broadcast/liaison", &fields)), follow);
    let page = claire.get(&follow).text();
    assert!(page.contains("À prévenir autrement") && page.contains("Etcheverry Maïtena"), "{page}");
    let notice = follow.trim_end_matches("/follow").to_owned();
    assert_eq!(location(&claire.get(&notice)), follow, "its author is led to what became of it");
    let list = karim.get("/broadcast/liaison").text();
    assert!(list.contains("Sortie") && list.contains("À confirmer") && list.contains("Lina Benali"), "{list}");
    assert!(karim.get(&notice).text().contains("Confirmer la lecture"));
    assert_eq!(location(&karim.post_form(&format!("{notice}/confirm"), &[("student", &lina)])), notice);
    assert!(karim.get(&notice).text().contains("Vous avez confirmé la lecture"));
    let hers = nadia.get(&notice).text();
    assert!(hers.contains("déjà confirmée par un autre responsable légal") && !hers.contains("Karim"), "{hers}");
    assert!(claire.get(&follow).text().contains("Karim Benali, "));
    let print = claire.get(&format!("{notice}/print")).text();
    assert!(print.contains("6A : 1 sur") || print.contains("6A\u{a0}: 1 sur"), "{print}");
    location(&claire.post_form(&format!("{notice}/remind"), &[]));
    assert_eq!(claire.post_form(&format!("{notice}/remind"), &[]).status(), 409);
    assert_eq!(text(&site, "SELECT CAST(count(*) AS TEXT) FROM audience WHERE kind = 'liaison'"), "2");
    assert!(sign_in(&site, "sophie.legoff").get("/broadcast/liaison").text().contains("Avis des collègues"));
}

#[test]
fn a_notice_to_a_whole_school_is_followed_class_by_class() {
    let site = school();
    let sophie = sign_in(&site, "sophie.legoff");
    let everybody = text(
        &site,
        "SELECT g.id FROM person_group g WHERE g.kind = 'establishment' AND g.profile = 'student'
            AND g.uai = (SELECT uai FROM person WHERE login = 'lina.benali')",
    );
    let fields = [("title", "Rentrée"), ("text", "Lundi."), ("groups", everybody.as_str()), ("action", "send")];
    let follow = location(&sophie.post_form("/broadcast/liaison", &fields));
    let page = sophie.get(&follow).text();
    assert!(page.contains("Confirmations par classe") && page.contains("?class=6A"), "{page}");
    let class = sophie.get(&format!("{follow}?class=6A")).text();
    assert!(class.contains("Benali Lina") && !class.contains("Benali Yanis"), "his is 4A: {class}");
    let print = sophie.get(&follow.replace("/follow", "/print")).text();
    assert!(print.contains("Benali Lina") && print.contains("Benali Yanis"));
    assert!([&page, &class, &print].iter().all(|page| page.len() < 100_000));
}

#[test]
fn every_route_of_liaison_notices_says_no_to_those_it_is_not_for() {
    let site = school();
    let (claire, lina) = (sign_in(&site, "claire.lefevre"), id(&site, "lina.benali"));
    let content = json!({"title": "=SOMME(A1)", "body": "x", "pupils": [lina]});
    let answer = claire.json("POST", &format!("{API}/liaison"), &content);
    assert!(answer.status() == 201 && answer.json()["recipients"] == json!(2), "{}", answer.text());
    let notice = answer.json()["id"].as_str().unwrap().to_owned();
    let here = format!("{API}/liaison/{notice}");
    let group = claire.get(&format!("{API}/liaison/groups")).json()["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(
        !claire.get(&format!("{API}/liaison/groups/{group}/pupils")).json()["items"].as_array().unwrap().is_empty()
    );
    let confirm = json!({"student": lina});
    let other_parent = text(&site, "SELECT p.login FROM person p JOIN kinship k ON k.relative_id = p.id AND k.legal WHERE p.activated_at IS NOT NULL
        AND p.left_at IS NULL AND p.blocked_at IS NULL AND k.student_id <> (SELECT id FROM person WHERE login = 'lina.benali')
        AND p.last_name NOT IN ('Benali', 'Haddad') AND p.uai = (SELECT uai FROM person WHERE login = 'lina.benali') LIMIT 1");
    let stranger = stranger(&site);
    let nothing = Value::Null;
    // Her parent; the parent of another child; the child; a colleague; another school; nobody.
    let table: &[(&str, String, &Value, [u16; 6])] = &[
        ("GET", format!("{API}/liaison"), &nothing, [200, 200, 200, 200, 200, 401]),
        ("POST", format!("{API}/liaison"), &content, [403, 403, 403, 201, 422, 401]),
        ("GET", format!("{API}/liaison/written"), &nothing, [403, 403, 403, 200, 200, 401]),
        ("GET", format!("{API}/liaison/groups"), &nothing, [403, 403, 403, 200, 200, 401]),
        ("GET", format!("{API}/liaison/groups/{group}/pupils"), &nothing, [403, 403, 403, 200, 404, 401]),
        ("GET", here.clone(), &nothing, [200, 404, 404, 404, 404, 401]),
        ("GET", format!("{here}/follow"), &nothing, [404, 404, 404, 404, 404, 401]),
        ("GET", format!("{here}/follow.csv"), &nothing, [404, 404, 404, 404, 404, 401]),
        ("POST", format!("{here}/remind"), &nothing, [404, 404, 404, 404, 404, 401]),
        ("POST", format!("{here}/confirm"), &confirm, [204, 404, 404, 404, 404, 401]),
        ("GET", format!("/broadcast/liaison/{notice}"), &nothing, [200, 404, 404, 404, 404, 303]),
        ("GET", format!("/broadcast/liaison/{notice}/follow"), &nothing, [404, 404, 404, 404, 404, 303]),
        ("GET", format!("/broadcast/liaison/{notice}/print"), &nothing, [404, 404, 404, 404, 404, 303]),
        ("GET", "/broadcast/liaison/new".to_owned(), &nothing, [403, 403, 403, 200, 200, 303]),
    ];
    let logins = ["karim.benali", &other_parent, "lina.benali", "antoine.delavilleon", &stranger];
    let mut visitors: Vec<Visitor<'_>> = logins.iter().map(|login| sign_in(&site, login)).collect();
    visitors.push(site.visitor());
    for (method, path, body, expected) in table {
        let got: Vec<u16> = visitors
            .iter()
            .map(|visitor| if *method == "GET" { visitor.get(path) } else { visitor.json(method, path, body) }.status())
            .collect();
        assert_eq!(got, expected, "{method} {path}");
    }
    let follow = claire.get(&format!("{here}/follow")).json();
    assert_eq!((&follow["pupils"][0]["confirmed"], &follow["pupils"][0]["class"]), (&json!(true), &json!("6A")));
    let csv = claire.get(&format!("{here}/follow.csv"));
    assert!(
        csv.header("content-type").starts_with("text/csv")
            && csv.text().contains("6A;Benali Lina;confirmée;Karim Benali;"),
        "{}",
        csv.text()
    );
    assert_eq!(code(&claire.json("POST", &format!("{here}/remind"), &Value::Null)), (409, json!("all-confirmed")));
    assert_eq!(sign_in(&site, "sophie.legoff").get(&format!("{here}/follow")).status(), 200);
    assert_eq!(
        code(&sign_in(&site, "sophie.legoff").json("POST", &format!("{here}/remind"), &Value::Null)),
        (403, json!("forbidden"))
    );
}

#[test]
fn nonsense_is_refused_everywhere() {
    let site = school();
    let news = write_news(&site, &json!({"title": "T", "body": "x", "publish_at": 0}));
    let sophie = sign_in(&site, "sophie.legoff");
    for route in ROUTES.iter().filter(|route| route.is_api() && route.body.is_some()) {
        let path =
            route.path.replace("rubriques/{id}", &format!("rubriques/{}", rubrique(&site))).replace("{id}", &news);
        for nonsense in [json!({}), json!([]), json!("x"), json!({"inconnu": 1}), Value::Null] {
            // A notice and a news refuse an empty object by a member that is missing.
            let answer = sophie.json(route.method.as_str(), &path, &nonsense);
            assert!(
                (400..500).contains(&answer.status()),
                "{} {path} {nonsense}: {}",
                route.method.as_str(),
                answer.status()
            );
        }
    }
    for route in ROUTES.iter().filter(|route| route.is_api()) {
        assert!(!route.summary.is_empty(), "{}", route.path);
    }
}
