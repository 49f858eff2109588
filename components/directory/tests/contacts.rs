//! The address book and the bookmarks as a browser and as a program use them (D-4, D-5, U-2).

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use directory::{CAPABILITY, ROUTES};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Answer, Site, Visitor};
use web::{Capability, Method};

const API: &str = "/api/v1/directory";

fn site() -> Site {
    filled(Site::new(&CAPABILITY, ROUTES))
}

/// The same with a composer in the menu.
fn site_with_composer() -> Site {
    static COMPOSER: Capability = Capability::new("send-message", "Messagerie", "/send-message/inbox", 10);
    filled(Site::new(&COMPOSER, ROUTES))
}

fn filled(site: Site) -> Site {
    demo::run(site.database(), &demo::Options::of(300, site.now())).unwrap();
    site
}

fn id_of(site: &Site, login: &str) -> String {
    let row = site.database().first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    row.text(0).unwrap().to_owned()
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    site.sign_in(&id_of(site, login))
}

fn forbid(site: &Site, sender: &str, recipient: &str) {
    let insert = "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'essai', 0)";
    site.database().execute(insert, params![id_of(site, sender), id_of(site, recipient)]).unwrap();
}

fn made(answer: &Answer) -> String {
    assert_eq!(answer.status(), 201, "{}", answer.text());
    answer.json().pointer("/id").and_then(Value::as_str).unwrap().to_owned()
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// What a form was answered with: the page it leads to.
fn after(visitor: &Visitor<'_>, answer: &Answer) -> String {
    assert_eq!(answer.status(), 303, "{}", answer.text());
    visitor.get(answer.header("location")).text()
}

#[test]
fn a_book_is_kept_by_forms_alone() {
    let site = site_with_composer();
    let teacher = sign_in(&site, "claire.lefevre");
    assert!(teacher.get("/directory").text().contains("href=\"/directory/contacts\""));
    let page = after(&teacher, &teacher.post_form("/directory/contacts/groups", &[("name", "Sortie au musée")]));
    assert!(
        page.contains(
            "Le groupe « Sortie au musée » est créé".replace(" »", "\u{a0}»").replace("« ", "«\u{a0}").as_str()
        )
    );
    let group = page.split("?group=").nth(1).unwrap().split('"').next().unwrap().to_owned();

    // From the directory, with what was ticked there.
    let (lina, karim) = (id_of(&site, "lina.benali"), id_of(&site, "karim.benali"));
    let ticked =
        teacher.get(&format!("/directory/contacts/add?to=person:{lina}&q=karim%20benali&group={group}")).text();
    assert!(ticked.contains(&format!("value=\"{lina}\" checked")) && ticked.contains(&format!("value=\"{karim}\">")));
    let answer =
        teacher.post_form("/directory/contacts/add", &[("person", &lina), ("person", &karim), ("group", &group)]);
    let page = after(&teacher, &answer);
    assert!(
        page.contains("2 personnes de plus") && page.contains("Lina Benali") && page.contains("Parent de"),
        "{page}"
    );

    // Somebody outside.
    let card = [
        ("first_name", "Ana"),
        ("last_name", "Roça"),
        ("mail", ""),
        ("mail_label", ""),
        ("mail", "ana@example.org"),
        ("mail_label", "work"),
        ("phone", "05 55 00 00 01"),
        ("phone_label", "accueil"),
        ("street", "1 rue du Musée"),
        ("code", "19000"),
        ("city", "Tulle"),
        ("region", ""),
        ("country", ""),
        ("address_label", ""),
        ("birthday", "29/2"),
        ("group", group.as_str()),
    ];
    let answer = teacher.post_form("/directory/contacts/new", &card);
    let page = after(&teacher, &answer);
    for part in [
        "<h1>Ana Roça</h1>",
        "ana@example.org",
        "value=\"29/02\"",
        "value=\"accueil\" selected",
        "1 rue du Musée",
        "Sortie au musée",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let here = answer.header("location").to_owned();
    let bad = teacher.post_form(&here, &[("name", "Ana"), ("birthday", "hier"), ("mail", "b@example.org")]);
    assert_eq!(bad.status(), 422);
    assert!(
        bad.text().contains("jour/mois/année") && bad.text().contains("b@example.org") && bad.text().contains("hier")
    );
    assert!(after(&teacher, &teacher.post_form(&here, &[("name", "Ana du musée")])).contains("<h1>Ana du musée</h1>"));

    // A message reaches the people of the directory, and nobody else.
    let write = teacher.get(&format!("/directory/contacts/groups/{group}/write"));
    assert_eq!(write.header("location"), format!("/send-message/compose?to=person:{karim}&to=person:{lina}"));
    forbid(&site, "claire.lefevre", "karim.benali");
    let list = teacher.get(&format!("/directory/contacts?group={group}")).text();
    assert!(list.contains("1 contact n’est plus accessible") && !list.contains("Karim"), "{list}");
    let write = teacher.get(&format!("/directory/contacts/groups/{group}/write"));
    assert_eq!(write.header("location"), format!("/send-message/compose?to=person:{lina}"));
    let page = after(&teacher, &teacher.post_form("/directory/contacts/inaccessible", &[]));
    assert!(page.contains("1 contact de moins") && !page.contains("plus accessible"));

    // What is ticked in the list.
    let contact = here.rsplit('/').next().unwrap().to_owned();
    let act = |action: &str, group: &str| {
        let fields = [("contact", contact.as_str()), ("action", action), ("group", group), ("here", group)];
        after(&teacher, &teacher.post_form("/directory/contacts/selection", &fields))
    };
    assert!(act("leave", &group).contains("1 contact de moins dans le groupe"));
    assert!(act("join", &group).contains("1 contact de plus dans le groupe"));
    assert!(act("join", "").contains("Choisissez un groupe"));
    assert!(act("write", "").contains("personne à qui vous puissiez écrire"));
    assert!(act("delete", "").contains("1 contact de moins dans votre carnet"));
    let nothing = teacher.post_form("/directory/contacts/selection", &[("action", "delete")]);
    assert!(after(&teacher, &nothing).contains("Cochez"));
    let renamed = teacher.post_form(&format!("/directory/contacts/groups/{group}"), &[("name", "Musée")]);
    assert!(after(&teacher, &renamed).contains("value=\"Musée\""));
    let deleted = teacher.post_form(&format!("/directory/contacts/groups/{group}/delete"), &[]);
    assert!(after(&teacher, &deleted).contains("Aucun groupe"));
    assert_eq!(names(&teacher.get(&format!("{API}/contacts")).json()), ["Lina Benali"]);
}

fn multipart(visitor: &Visitor<'_>, file: &str) -> Answer {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.vcf\"\r\n\r\n{file}\r\n--x--\r\n",
        visitor.csrf()
    );
    visitor.send("POST", "/directory/contacts/import", Some("multipart/form-data; boundary=x"), body.into())
}

const FILE: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë Duval\r\nEMAIL:zoe@example.org\r\nCATEGORIES:Chorale\r\nEND:VCARD\r\nBEGIN:VCARD\r\nNOTE:personne\r\nEND:VCARD\r\n";

#[test]
fn a_file_is_shown_before_it_is_taken_in() {
    let site = site();
    let teacher = sign_in(&site, "claire.lefevre");
    assert_eq!(multipart(&teacher, "Nom;Prénom").status(), 422);
    let preview = after(&teacher, &multipart(&teacher, FILE));
    assert!(preview.contains("Nouveaux contacts</dt><dd>1<") && preview.contains("Donnez un nom"), "{preview}");
    assert_eq!(names(&teacher.get(&format!("{API}/contacts")).json()), Vec::<&str>::new());
    let cancelled = teacher.post_form("/directory/contacts/import/cancel", &[]);
    assert!(after(&teacher, &cancelled).contains("Rien n’a été importé"));
    assert!(after(&teacher, &teacher.post_form("/directory/contacts/import/apply", &[])).contains("attend plus"));
    let _ = multipart(&teacher, FILE);
    let list = after(&teacher, &teacher.post_form("/directory/contacts/import/apply", &[]));
    assert!(list.contains("Importation faite") && list.contains("Zoë Duval") && list.contains("Chorale"), "{list}");
    let preview = after(&teacher, &multipart(&teacher, FILE));
    assert!(preview.contains("Sans changement</dt><dd>1<") && preview.contains("disabled"));
    for (version, has) in [("3.0", "CATEGORIES:Chorale"), ("4.0", "KIND:group")] {
        let file = teacher.get(&format!("/directory/contacts/export?version={version}"));
        assert_eq!(file.header("content-type"), "text/vcard; charset=utf-8");
        assert!(
            file.text().contains(&format!("VERSION:{version}\r\n")) && file.text().contains(has),
            "{}",
            file.text()
        );
    }
    assert_eq!(teacher.get("/directory/contacts/export?version=2.1").status(), 422);
}

#[test]
fn programs_import_and_export_too() {
    let site = site();
    let teacher = sign_in(&site, "claire.lefevre");
    let import = |query: &str, file: &[u8]| {
        teacher.send("POST", &format!("{API}/contacts/import{query}"), Some("text/vcard"), file.to_vec().into())
    };
    let counts = |answer: &Answer| {
        let report = answer.json();
        ["created", "updated", "unchanged", "groups"].map(|name| report[name].as_u64().unwrap())
    };
    let preview = import("?preview=1", FILE.as_bytes());
    assert_eq!(counts(&preview), [1, 0, 0, 1]);
    assert_eq!(
        (preview.json()["refused"][0]["line"].clone(), counts(&import("", FILE.as_bytes()))),
        (json!(7), [1, 0, 0, 1])
    );
    assert_eq!(counts(&import("", FILE.as_bytes())), [0, 0, 1, 0]);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(FILE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(counts(&import("", &wide)), [0, 0, 1, 0]);
    let out = teacher.get(&format!("{API}/contacts/export?version=4.0"));
    assert_eq!(counts(&import("", out.bytes())), [0, 0, 1, 0]);
    for (file, status, code) in [
        (b"".to_vec(), 422, "invalid"),
        (b"BEGIN:VCARD\nFN:a\nEND:VCARD\n".repeat(5001), 422, "too-many-cards"),
        (
            (0..2001).map(|n| format!("BEGIN:VCARD\nFN:a{n}\nEND:VCARD\n")).collect::<String>().into_bytes(),
            422,
            "too-many-contacts",
        ),
        (vec![b'a'; 12 * 1024 * 1024 + 1], 413, "too-large"),
    ] {
        let answer = import("", &file);
        assert_eq!((answer.status(), answer.json()["code"].clone()), (status, json!(code)));
    }
    assert_eq!(names(&teacher.get(&format!("{API}/contacts")).json()), ["Zoë Duval"]);
}

#[test]
fn lists_come_page_after_page_and_stay_small() {
    let site = site();
    let teacher = sign_in(&site, "claire.lefevre");
    let file: String = (0..250)
        .map(|n| {
            format!(
                "BEGIN:VCARD\nFN:Contact {n:03} {}\nORG:Mairie\nEMAIL:{n}@example.org\nCATEGORIES:A,B\nEND:VCARD\n",
                "x".repeat(60)
            )
        })
        .collect();
    let _ = teacher.send("POST", &format!("{API}/contacts/import"), None, file.into());
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = teacher.get(&format!("{API}/contacts?limit=60&cursor={cursor}")).json();
        seen.extend(names(&page).into_iter().map(|name| name.get(8..11).unwrap().parse::<usize>().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = next.to_owned();
    }
    assert_eq!(seen, (0..250).collect::<Vec<_>>());
    assert_eq!(names(&teacher.get(&format!("{API}/contacts?q=mair%20cont%20017")).json()).len(), 1);
    let page = teacher.get("/directory/contacts?limit=100");
    assert!(page.bytes().len() < 100_000 && page.text().contains("Page suivante"), "{}", page.bytes().len());
    assert_eq!(teacher.get(&format!("{API}/contacts?cursor=x")).json()["code"], "invalid");
    // The fullest card there can be.
    let many =
        |what: &str| (0..20).map(|n| json!({"value": format!("{n}{what}"), "label": "work"})).collect::<Vec<_>>();
    let address = |n: usize| json!({"street": format!("{n} {}", "r".repeat(400)), "city": "c".repeat(200)});
    let card = json!({"card": {"name": "Plein", "mails": many("@example.org"), "phones": many(" 05"), "note": "n".repeat(10_000),
        "addresses": (0..20).map(address).collect::<Vec<_>>()}});
    let id = made(&teacher.json("POST", &format!("{API}/contacts"), &card));
    let page = teacher.get(&format!("/directory/contacts/{id}"));
    assert!(page.bytes().len() < 100_000, "{}", page.bytes().len());
}

/// Everything of one person, and every way to it that another may try.
#[test]
fn what_is_anothers_is_not_there() {
    let site = site_with_composer();
    let owner = sign_in(&site, "claire.lefevre");
    let group = made(&owner.json("POST", &format!("{API}/contacts/groups"), &json!({"name": "À moi"})));
    let contact =
        made(&owner.json("POST", &format!("{API}/contacts"), &json!({"card": {"name": "Ana"}, "groups": [group]})));
    let lina = id_of(&site, "lina.benali");
    let mark = json!({"name": "À moi", "entries": [{"kind": "person", "id": lina}]});
    let mark = made(&owner.json("POST", &format!("{API}/bookmarks"), &mark));
    let before = [format!("{API}/contacts"), format!("{API}/contacts/groups"), format!("{API}/bookmarks/{mark}")]
        .map(|path| owner.get(&path).text());

    let body = |path: &str| {
        if path.ends_with("/groups/{id}/contacts") {
            json!({"add": [contact], "remove": [contact]})
        } else if path.contains("/bookmarks/") {
            json!({"name": "À nous", "entries": []})
        } else {
            json!({"name": "À nous"})
        }
    };
    let mut tried = 0;
    for login in ["sophie.legoff", "lina.benali"] {
        let other = sign_in(&site, login);
        for route in ROUTES.iter().filter(|route| route.path.contains("{id}")) {
            let id = match route.path {
                path if path.contains("/contacts/groups/{id}") => &group,
                path if path.contains("/contacts/{id}") => &contact,
                path if path.contains("/bookmarks/{id}") => &mark,
                _ => continue,
            };
            let path = route.path.replace("{id}", id);
            let answer = match route.method {
                Method::Get => other.get(&path),
                _ if route.is_api() => other.json(route.method.as_str(), &path, &body(route.path)),
                _ => other.post_form(&path, &[("name", "À nous"), ("action", "save"), ("contact", &contact)]),
            };
            assert_eq!(answer.status(), 404, "{login} {} {}", route.method.as_str(), route.path);
            tried += 1;
        }
        // Ids that come by query or body.
        for path in [
            format!("{API}/contacts?group={group}"),
            format!("/directory/contacts?group={group}"),
            format!("{API}/contacts/export?group={group}"),
            format!("/directory/contacts/export?group={group}"),
        ] {
            assert_eq!(other.get(&path).status(), 404, "{path}");
        }
        let into = json!({"card": {"name": "Intrus"}, "groups": [group]});
        assert_eq!(other.json("POST", &format!("{API}/contacts"), &into).status(), 404);
        let people = json!({"people": [id_of(&site, "claire.lefevre")], "group": group});
        assert_eq!(other.json("POST", &format!("{API}/contacts/people"), &people).status(), 404);
        assert_eq!(other.post_form("/directory/contacts/new", &[("name", "x"), ("group", &group)]).status(), 404);
        let added = other
            .post_form("/directory/contacts/add", &[("person", &id_of(&site, "claire.lefevre")), ("group", &group)]);
        assert_eq!(added.status(), 404);
        for action in ["join", "leave"] {
            let fields = [("contact", contact.as_str()), ("group", &group), ("here", &group), ("action", action)];
            assert_eq!(other.post_form("/directory/contacts/selection", &fields).status(), 404, "{action}");
        }
        let fields = [("contact", contact.as_str()), ("action", "delete")];
        assert!(
            after(&other, &other.post_form("/directory/contacts/selection", &fields)).contains("0 contact de moins")
        );
        for list in ["contacts", "contacts/groups", "bookmarks"] {
            assert_eq!(other.get(&format!("{API}/{list}")).json()["items"], json!([]), "{list}");
        }
        // A group of one's own takes no contact of another's.
        let own = made(&other.json("POST", &format!("{API}/contacts/groups"), &json!({"name": "À moi"})));
        let moved = other.json("PATCH", &format!("{API}/contacts/groups/{own}/contacts"), &json!({"add": [contact]}));
        assert_eq!(moved.json()["added"], 0);
        assert_eq!(other.json("DELETE", &format!("{API}/contacts/groups/{own}"), &json!({})).status(), 204);
    }
    assert_eq!(tried, 2 * 20, "a route with an id was added: is it tried here?");
    let after = [format!("{API}/contacts"), format!("{API}/contacts/groups"), format!("{API}/bookmarks/{mark}")]
        .map(|path| owner.get(&path).text());
    assert_eq!(after, before);
}

#[test]
fn without_the_role_there_is_neither_book_nor_bookmark() {
    let site = site();
    site.database().execute("DELETE FROM profile_role WHERE profile = 'student' AND role = 'user'", &[]).unwrap();
    let student = sign_in(&site, "lina.benali");
    for route in ROUTES.iter().filter(|route| route.path.contains("/contacts") || route.path.contains("/bookmarks")) {
        let path = route.path.replace("{id}", "01K41XRSR00000000000000000");
        let answer = match route.method {
            Method::Get => student.get(&path),
            _ if route.is_api() => student.json(route.method.as_str(), &path, &json!({})),
            _ => student.post_form(&path, &[]),
        };
        assert_eq!(answer.status(), 403, "{} {path}", route.method.as_str());
        let visitor = site.visitor();
        let nobody = visitor.send(route.method.as_str(), &path, Some("application/json"), "{}".into());
        assert!([303, 401].contains(&nobody.status()), "{path}");
    }
}

/// R-4: the book is no way round the rules.
#[test]
fn nobody_comes_in_who_may_not_be_written_to() {
    let site = site();
    let parent = sign_in(&site, "karim.benali");
    let stranger = "SELECT p.id, p.last_name FROM person p WHERE p.profile = 'relative' AND p.last_name <> 'Benali'
        AND NOT EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id) LIMIT 1";
    let other = site.database().first(stranger, params![id_of(&site, "karim.benali")]).unwrap().unwrap();
    let (other, name) = (other.text(0).unwrap(), other.text(1).unwrap());
    let added = parent.json("POST", &format!("{API}/contacts/people"), &json!({"people": [other, "x", ""]})).json();
    assert_eq!(added, json!({"added": 0, "known": 0, "refused": 3}));
    assert!(!parent.get(&format!("/directory/contacts/add?to=person:{other}")).text().contains(name));
    assert!(!parent.get(&format!("/directory/bookmarks/new?to=person:{other}")).text().contains(name));
    let mark = parent.json(
        "POST",
        &format!("{API}/bookmarks"),
        &json!({"name": "x", "entries": [{"kind": "person", "id": other}]}),
    );
    assert_eq!((mark.json()["entries"].clone(), mark.json()["hidden"].clone()), (json!([]), json!(0)));
}

#[test]
fn bookmarks_hold_what_was_ticked_and_tell_what_is_gone() {
    let site = site_with_composer();
    let teacher = sign_in(&site, "claire.lefevre");
    let (lina, karim) = (id_of(&site, "lina.benali"), id_of(&site, "karim.benali"));
    let groups = teacher.get(&format!("{API}/groups?q=parents%206a")).json();
    let group = groups["items"][0]["id"].as_str().unwrap().to_owned();
    let page = teacher.get(&format!("/directory/bookmarks/new?to=person:{lina}&to=group:{group}&to=x")).text();
    assert!(
        page.contains(&format!("value=\"person:{lina}\" checked"))
            && page.contains(&format!("value=\"group:{group}\" checked"))
    );
    let to = [format!("person:{lina}"), format!("person:{karim}"), format!("group:{group}")];
    let form = |action: &'static str, name: &'static str| {
        let mut fields = vec![("action", action), ("name", name), ("q", "karim")];
        fields.extend(to.iter().map(|one| ("to", one.as_str())));
        fields
    };
    // Looking for more keeps what is ticked, and keeps nothing yet.
    let found = teacher.post_form(
        "/directory/bookmarks/new",
        &[("action", "find"), ("name", "6A"), ("q", "karim benali"), ("to", &to[0])],
    );
    assert!(
        found.text().contains(&format!("value=\"{}\">", to[1]))
            && found.text().contains(&format!("value=\"{}\" checked", to[0]))
    );
    assert_eq!(teacher.get(&format!("{API}/bookmarks")).json()["items"], json!([]));
    assert_eq!(teacher.post_form("/directory/bookmarks/new", &form("save", "")).status(), 422);
    let list = after(&teacher, &teacher.post_form("/directory/bookmarks/new", &form("save", "Rentrée 6A")));
    assert!(list.contains("Rentrée 6A"));
    assert_eq!(teacher.post_form("/directory/bookmarks/new", &form("save", "rentrée 6a")).status(), 409);
    let mark = teacher.get(&format!("{API}/bookmarks")).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let write = teacher.get(&format!("/directory/bookmarks/{mark}/write"));
    assert_eq!(
        write.header("location"),
        format!("/send-message/compose?to=group:{group}&to=person:{karim}&to=person:{lina}")
    );

    forbid(&site, "claire.lefevre", "karim.benali");
    let page = teacher.get(&format!("/directory/bookmarks/{mark}")).text();
    assert!(page.contains("n’est plus visible") && !page.contains("Karim"), "{page}");
    let write = teacher.get(&format!("/directory/bookmarks/{mark}/write"));
    assert_eq!(write.header("location"), format!("/send-message/compose?to=group:{group}&to=person:{lina}"));
    let path = format!("{API}/bookmarks/{mark}");
    let kept = teacher.json("PUT", &path, &json!({"name": "6A", "entries": []})).json();
    assert_eq!((kept["entries"].clone(), kept["hidden"].clone()), (json!([]), json!(1)));
    let _ = teacher.post_form(
        &format!("/directory/bookmarks/{mark}"),
        &[("name", "6A"), ("action", "save"), ("drop_hidden", "1")],
    );
    assert_eq!(teacher.get(&path).json()["hidden"], 0);
    assert!(after(&teacher, &teacher.get(&format!("/directory/bookmarks/{mark}/write"))).contains("personne à qui"));
    let deleted = teacher.post_form(&format!("/directory/bookmarks/{mark}/delete"), &[]);
    assert!(after(&teacher, &deleted).contains("Aucun favori"));
}

/// M-1, U-3: what is handed over is bounded, and only where there is a composer.
#[test]
fn hand_over_is_bounded() {
    let site = site_with_composer();
    let admin = sign_in(&site, "sophie.legoff");
    let people = site.database().execute("SELECT id FROM person ORDER BY n LIMIT 250", &[]).unwrap();
    let ids: Vec<&str> = people.iter().map(|row| row.text(0).unwrap()).collect();
    let group = made(&admin.json("POST", &format!("{API}/contacts/groups"), &json!({"name": "Tous"})));
    let added = admin.json("POST", &format!("{API}/contacts/people"), &json!({"people": ids, "group": group})).json();
    assert!(added["added"].as_u64().unwrap() > 200, "{added}");
    let page = after(&admin, &admin.get(&format!("/directory/contacts/groups/{group}/write")));
    assert!(page.contains("trop pour un seul message"));
    let alone = self::site();
    let admin = sign_in(&alone, "sophie.legoff");
    let group = made(&admin.json("POST", &format!("{API}/contacts/groups"), &json!({"name": "Tous"})));
    assert_eq!(admin.get(&format!("/directory/contacts/groups/{group}/write")).status(), 404);
    assert!(!admin.get("/directory/contacts").text().contains("/write"));
}
