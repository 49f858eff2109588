//! A message to a population from the form to the report.

use counter::{Desk, Response};
use serde_json::{Value, json};
use store::{Database as _, params};
use web::testing::{Site, Visitor};

use super::{count, group, population, rubrique, sign_in, site, text};

const AUDIENCE: &str = "Classe de 6A : Parents de 6A";

fn pairs(site: &Site, sql: &str) -> Vec<(String, i64)> {
    let rows = site.database().execute(sql, &[]).unwrap();
    rows.iter().map(|row| (row.text(0).unwrap().to_owned(), row.integer(1).unwrap())).collect()
}

/// Sends by the form, as a browser without script; the id of the message.
fn send(site: &Site, visitor: &Visitor<'_>) -> String {
    let id = rubrique(site, "Classe de 6A");
    let to = population(site, "Classe de 6A", "Parents de 6A");
    let form =
        [("population", to.as_str()), ("subject", "Sortie"), ("text", "Départ à 8 h.\n\nÀ demain"), ("action", "send")];
    let sent = visitor.post_form(&format!("/broadcast/rubriques/{id}/message"), &form);
    assert_eq!(sent.status(), 303, "{}", sent.text());
    sent.header("location").strip_prefix("/broadcast/messages/").unwrap().to_owned()
}

#[test]
fn what_is_announced_is_what_is_sent() {
    let site = site();
    let claire = sign_in(&site, "claire.lefevre");
    let id = rubrique(&site, "Classe de 6A");
    // One parent without any way, one whom Claire may not write to, one who has left: each is seen in the figures.
    let members = "membership m JOIN person_group g ON g.id = m.group_id AND g.name = 'Parents de 6A'
        JOIN person p ON p.id = m.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL";
    let before = count(&site, members);
    let unreachable = text(
        &site,
        &format!("SELECT p.id FROM {members} WHERE p.login <> 'karim.benali' ORDER BY p.id LIMIT 1"),
        params![],
    );
    let barred = text(
        &site,
        &format!("SELECT p.id FROM {members} WHERE p.login <> 'karim.benali' ORDER BY p.id DESC LIMIT 1"),
        params![],
    );
    let database = site.database();
    database.execute("INSERT OR REPLACE INTO role_override VALUES (?1, 'mailbox', 0)", params![&unreachable]).unwrap();
    database.execute("DELETE FROM redirect WHERE person_id = ?1", params![&unreachable]).unwrap();
    database
        .execute(
            "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) SELECT p.id, ?1, 'x', 0 FROM person p WHERE p.login = 'claire.lefevre'",
            params![&barred],
        )
        .unwrap();

    let items = claire.get(&format!("/api/v1/broadcast/rubriques/{id}/populations")).json()["items"].clone();
    let told = items.as_array().unwrap().iter().find(|item| item["name"] == "Parents de 6A").unwrap().clone();
    assert_eq!(told["people"], before - 1);
    assert!(told["by_neither"].as_i64().unwrap() >= 1 && told["by_redirect"].as_i64().unwrap() >= 1);
    let page = claire.get(&format!("/broadcast/rubriques/{id}/message")).text();
    let words = format!("{} personnes : {} par leur messagerie", told["people"], told["by_mailbox"]);
    assert!(page.replace(['\u{a0}', '\u{202f}'], " ").contains(&words), "{words} in {page}");

    let message = send(&site, &claire);
    let report = claire.get(&format!("/api/v1/broadcast/messages/{message}")).json();
    assert_eq!(report["send"]["recipients"], told["people"]);
    for figure in ["by_mailbox", "by_redirect", "by_neither"] {
        assert_eq!(report[figure], told[figure], "{figure}");
    }
    assert_eq!(report["send"]["audience"], AUDIENCE);
    assert_eq!(report["pending"], told["by_redirect"]);
    assert_eq!(report["on_paper"], told["by_neither"]);
    assert_eq!(count(&site, &format!("recipient WHERE message_id = '{message}' AND field <> 'bcc'")), 0);
    assert_eq!(count(&site, &format!("recipient WHERE message_id = '{message}' AND person_id = '{barred}'")), 0);
    assert_eq!(count(&site, &format!("notice WHERE about_id = '{message}'")), 0, "the report says it");
}

#[test]
fn the_author_sees_the_population_and_recipients_only_her() {
    let site = site();
    let (claire, karim) = ("claire.lefevre", "karim.benali");
    let message = send(&site, &sign_in(&site, claire));
    let id = |login: &str| text(&site, "SELECT id FROM person WHERE login = ?1", params![login]);
    let (claire, karim) = (id(claire), id(karim));
    let list = mailbox::list(site.database(), &claire, mailbox::Folder::Sent, None, 1).unwrap();
    assert_eq!(list.items[0].correspondent, AUDIENCE);
    let seen = mailbox::conversation(site.database(), &claire, &message).unwrap();
    assert_eq!(seen[0].addressees.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), [AUDIENCE]);
    let seen = mailbox::conversation(site.database(), &karim, &message).unwrap();
    assert!(seen[0].blind && seen[0].addressees.is_empty());

    // Answers go to the author alone, whatever button is pressed.
    let desk = Desk { database: site.database(), now: site.now() };
    for how in [Response::Reply, Response::ReplyAll] {
        let answer = counter::respond(desk, &karim, &message, how).unwrap();
        let draft = mailbox::draft(site.database(), &karim, &answer).unwrap().unwrap();
        let to: Vec<_> = draft.addressees.iter().map(|a| (a.field.as_str(), a.id.as_str())).collect();
        assert_eq!(to, [("to", claire.as_str())]);
        counter::submit(desk, &karim, &answer).unwrap();
    }
    // Another recipient cannot be answered through it, even by hand.
    let other = text(
        &site,
        "SELECT person_id FROM recipient WHERE message_id = ?1 AND person_id <> ?2 LIMIT 1",
        params![&message, &karim],
    );
    let addressees = vec![counter::Addressee { field: counter::Field::To, kind: counter::Kind::Person, id: other }];
    let draft = counter::Draft { addressees, in_reply_to: Some(message), ..counter::Draft::default() };
    let draft = counter::save(desk, &karim, None, &draft, None).unwrap();
    assert!(matches!(counter::submit(desk, &karim, &draft), Err(counter::Refusal::Refused(_))));
}

#[test]
fn the_audience_stays_what_it_was() {
    let site = site();
    let claire = sign_in(&site, "claire.lefevre");
    let message = send(&site, &claire);
    let admin = sign_in(&site, "sophie.legoff");
    let path = format!("/api/v1/broadcast/messages/{message}");
    let recipients = || admin.get(&format!("{path}/recipients?limit=200")).json();
    let before = (admin.get(&path).json(), recipients());
    assert!(before.1["items"].as_array().unwrap().len() > 3);
    // Everything around it changes: members, the population, the name of group and rubrique.
    let relatives = group(&site, "Parents de 6A");
    let database = site.database();
    database.execute("DELETE FROM membership WHERE group_id = ?1 AND person_id NOT IN (SELECT id FROM person WHERE login = 'karim.benali')", params![&relatives]).unwrap();
    database
        .execute(
            "UPDATE person_group SET name = 'Autre nom', folded_name = 'autre nom' WHERE id = ?1",
            params![&relatives],
        )
        .unwrap();
    let id = rubrique(&site, "Classe de 6A");
    let empty = json!({"name": "Classe de sixième A", "editors": [], "populations": []});
    assert_eq!(admin.json("PUT", &format!("/api/v1/broadcast/rubriques/{id}"), &empty).status(), 200);
    let names = |value: &Value| -> Vec<String> {
        value["items"].as_array().unwrap().iter().map(|item| item["person"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(admin.get(&path).json(), before.0);
    assert_eq!(names(&recipients()), names(&before.1));
    let history = admin.get(&format!("/api/v1/broadcast/rubriques/{id}/messages")).json();
    assert_eq!(history["items"][0]["audience"], AUDIENCE);
    assert_eq!(history["items"][0]["author"], "Claire Lefèvre");
    assert!(admin.get(&format!("/broadcast/rubriques/{id}/sends")).text().contains("Parents de 6A"));
}

#[test]
fn each_outcome_is_listed_searched_and_exported() {
    let site = site();
    let claire = sign_in(&site, "claire.lefevre");
    let database = site.database();
    let of_class =
        "SELECT m.person_id FROM membership m JOIN person_group g ON g.id = m.group_id AND g.name = 'Parents de 6A'
        JOIN person p ON p.id = m.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL ORDER BY m.person_id";
    let nth = |n: u32| text(&site, &format!("{of_class} LIMIT 1 OFFSET {n}"), params![]);
    // Nobody has a mailbox or a redirect but those told here.
    database
        .execute(&format!("INSERT OR REPLACE INTO role_override SELECT person_id, 'mailbox', 0 FROM ({of_class})"), &[])
        .unwrap();
    database.execute(&format!("DELETE FROM redirect WHERE person_id IN ({of_class})"), &[]).unwrap();
    database.execute("DELETE FROM role_override WHERE person_id IN (?1, ?2)", params![nth(0), nth(1)]).unwrap();
    for n in [1, 2, 3, 4] {
        database
            .execute(
                "INSERT INTO redirect (person_id, address, verified_at) VALUES (?1, 'x@example.org', 1)",
                params![nth(n)],
            )
            .unwrap();
    }
    database.execute("UPDATE person SET last_name = '=cmd()' WHERE id = ?1", params![nth(5)]).unwrap();
    let message = send(&site, &claire);
    let end = |n: u32, state: &str| {
        database.execute("UPDATE delivery SET state = ?3, finished_at = 1, last_error = 'Adresse inconnue' WHERE message_id = ?1 AND person_id = ?2", params![&message, nth(n), state]).unwrap();
    };
    end(1, "failed");
    end(2, "sent");
    end(3, "dead");
    database
        .execute(
            "UPDATE mailbox_entry SET seen = 1 WHERE message_id = ?1 AND person_id = ?2 AND side = 'recipient'",
            params![&message, nth(0)],
        )
        .unwrap();

    let base = format!("/api/v1/broadcast/messages/{message}");
    let all = usize::try_from(count(&site, &format!("recipient WHERE message_id = '{message}'"))).unwrap();
    let found = |state: &str| -> Vec<String> {
        // By pages of two, so that the cursor is walked.
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = claire.get(&format!("{base}/recipients?state={state}&limit=2&cursor={cursor}")).json();
            ids.extend(
                page["items"].as_array().unwrap().iter().map(|item| item["person"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break ids };
            cursor = next.to_owned();
        }
    };
    let set = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    let ids = |places: &[u32]| set(places.iter().map(|n| nth(*n)).collect());
    assert_eq!(found("all").len(), all);
    assert_eq!(set(found("mailbox")), ids(&[0, 1]));
    assert_eq!(set(found("failed")), ids(&[1, 3]));
    assert_eq!(set(found("sent")), ids(&[2]));
    assert_eq!(set(found("pending")), ids(&[4]));
    assert_eq!(found("neither").len(), all - 5);
    // On paper: those whom nothing reaches, and the one whose only way failed.
    assert_eq!(found("paper").len(), all - 4);
    assert!(found("paper").contains(&nth(3)) && !found("paper").contains(&nth(1)));
    let report = claire.get(&base).json();
    let figures = ["by_mailbox", "by_redirect", "pending", "sent", "failed", "opened"]
        .map(|figure| report[figure].as_i64().unwrap());
    assert_eq!(figures, [2, 4, 1, 1, 2, 1]);
    assert_eq!(report["reasons"], json!([{"words": "Adresse inconnue", "mails": 2}]));
    let csv = claire.get(&format!("{base}/recipients.csv?state=paper"));
    assert_eq!(csv.text().lines().count(), all - 4 + 1);
    assert!(csv.text().contains("'=cmd()") && !csv.text().contains("example.org"), "{}", csv.text());
    assert_eq!(claire.get(&format!("{base}/recipients?state=lost")).status(), 422);
    let page = claire.get(&format!("/broadcast/messages/{message}?state=failed")).text();
    assert!(
        page.contains("Adresse inconnue") && page.contains("À joindre sur papier") && !page.contains("example.org")
    );
    assert!(!page.contains("/publipostage/models"), "it is not in the menu, and she administers nothing");
    let name = text(&site, "SELECT folded_name FROM person WHERE id = ?1", params![nth(2)]);
    let named = claire.get(&format!("{base}/recipients?q={}", web::url_escape(&name))).json();
    assert!(named["items"].as_array().unwrap().iter().any(|item| item["person"] == nth(2).as_str()));
}

#[test]
fn who_is_in_a_distribution_list_is_told_to_administrators_alone() {
    let site = site();
    let (claire, admin) = (sign_in(&site, "claire.lefevre"), sign_in(&site, "sophie.legoff"));
    let hidden = |hidden: bool| {
        let statement = "UPDATE person_group SET members_hidden = ?1 WHERE name = 'Parents de 6A'";
        site.database().execute(statement, params![hidden]).unwrap();
    };
    hidden(true);
    let message = send(&site, &claire);
    // What counts is what it was when the message left.
    hidden(false);
    let base = format!("/api/v1/broadcast/messages/{message}");
    let recipients = count(&site, &format!("recipient WHERE message_id = '{message}'"));
    assert_eq!(claire.get(&base).json()["send"]["recipients"], recipients, "how many, she is told");
    let page = |visitor: &Visitor<'_>| visitor.get(&format!("/broadcast/messages/{message}")).text();
    assert!(page(&claire).contains("liste de diffusion") && !page(&claire).contains("Benali"));
    assert!(page(&admin).contains("Benali"));
    for path in ["recipients", "recipients.csv", "recipients?state=paper"] {
        assert_eq!(claire.get(&format!("{base}/{path}")).status(), 403, "{path}");
        assert_eq!(admin.get(&format!("{base}/{path}")).status(), 200, "{path}");
    }
    let open = send(&site, &claire);
    assert_eq!(claire.get(&format!("/api/v1/broadcast/messages/{open}/recipients")).status(), 200);
}

#[test]
fn letters_for_those_to_reach_on_paper_are_offered_to_administrators_who_have_them() {
    let mut site = site();
    site.add_neighbour(&web::Capability::new("publipostage", "Publipostage", "/publipostage", 60));
    let unreachable =
        "SELECT p.id FROM person p JOIN membership m ON m.person_id = p.id JOIN person_group g ON g.id = m.group_id
        AND g.name = 'Parents de 6A' WHERE p.blocked_at IS NULL AND p.left_at IS NULL";
    site.database()
        .execute(&format!("INSERT OR REPLACE INTO role_override SELECT id, 'mailbox', 0 FROM ({unreachable})"), &[])
        .unwrap();
    let message = send(&site, &sign_in(&site, "claire.lefevre"));
    let link = format!("/publipostage/models?message={message}");
    assert!(sign_in(&site, "sophie.legoff").get(&format!("/broadcast/messages/{message}")).text().contains(&link));
    assert!(!sign_in(&site, "claire.lefevre").get(&format!("/broadcast/messages/{message}")).text().contains(&link));
}

#[test]
fn the_same_key_sends_once_and_a_form_sent_twice_too() {
    let site = site();
    let claire = sign_in(&site, "claire.lefevre");
    let id = rubrique(&site, "Classe de 6A");
    let to = population(&site, "Classe de 6A", "Parents de 6A");
    let before = count(&site, "submission");
    let form =
        [("population", to.as_str()), ("subject", "Une fois"), ("text", "x"), ("key", "clef-1"), ("action", "send")];
    let first = claire.post_form(&format!("/broadcast/rubriques/{id}/message"), &form);
    let second = claire.post_form(&format!("/broadcast/rubriques/{id}/message"), &form);
    assert_eq!((first.status(), second.status()), (303, 303));
    assert_eq!(first.header("location"), second.header("location"));
    // By a draft, the same: the form carries its id.
    let draft =
        claire.json("POST", &format!("/api/v1/broadcast/rubriques/{id}/drafts"), &json!({"population": to})).json();
    let form = [
        ("id", draft["id"].as_str().unwrap()),
        ("population", &to),
        ("subject", "Deux"),
        ("text", "x"),
        ("action", "send"),
    ];
    for _ in 0..2 {
        let sent = claire.post_form(&format!("/broadcast/rubriques/{id}/message"), &form);
        assert_eq!(sent.header("location"), format!("/broadcast/messages/{}", draft["id"].as_str().unwrap()));
    }
    assert_eq!(count(&site, "submission"), before + 2);
    assert_eq!(
        pairs(
            &site,
            "SELECT message_id, count(*) FROM mailbox_entry WHERE side = 'author' GROUP BY 1 HAVING count(*) > 1"
        ),
        []
    );
}

#[test]
fn a_text_that_has_not_left_is_never_said_to_have() {
    let site = site();
    let claire = sign_in(&site, "claire.lefevre");
    let id = rubrique(&site, "Classe de 6A");
    let [to, other] = ["Parents de 6A", "Élèves de 6A"].map(|label| population(&site, "Classe de 6A", label));
    let path = format!("/broadcast/rubriques/{id}/message");
    let hidden = |page: &str, name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split_once(&mark).unwrap().1.split_once('"').unwrap().0.to_owned()
    };
    // As a browser that goes back to the form of what has left, and changes one thing: with the draft's id, with the key.
    let draft =
        claire.json("POST", &format!("/api/v1/broadcast/rubriques/{id}/drafts"), &json!({"population": to})).json();
    let draft = draft["id"].as_str().unwrap();
    for (name, value) in [("id", draft), ("key", "clef-2")] {
        let send = |to: &str, subject: &str, text: &str, (name, value): (&str, &str)| {
            let form = [(name, value), ("population", to), ("subject", subject), ("text", text), ("action", "send")];
            claire.post_form(&path, &form)
        };
        assert_eq!(send(&to, "Sortie", "Départ à 8 h.", (name, value)).status(), 303);
        let before = count(&site, "submission");
        for (to, subject, text) in
            [(&to, "Sortie", "Départ à 9 h."), (&to, "Annulée", "Départ à 8 h."), (&other, "Sortie", "Départ à 8 h.")]
        {
            let again = send(to, subject, text, (name, value));
            assert_eq!(again.status(), 409, "{name} {subject} {text}");
            let page = again.text();
            assert!(page.contains("rien n’a été envoyé de nouveau") && page.contains(text), "{page}");
            assert_eq!(hidden(&page, "id"), "", "what is shown is no more the message that has left");
            assert!(!["", "clef-2"].contains(&hidden(&page, "key").as_str()));
        }
        assert_eq!(count(&site, "submission"), before);
        // What is shown can be sent, as another message.
        let again = send(&to, "Sortie", "Départ à 9 h.", (name, value));
        let sent = send(&to, "Sortie", "Départ à 9 h.", ("key", &hidden(&again.text(), "key")));
        assert_eq!((sent.status(), count(&site, "submission")), (303, before + 1));
        // The very same once more is still a double click.
        assert_eq!(send(&to, "Sortie", "Départ à 8 h.", (name, value)).status(), 303);
        assert_eq!(count(&site, "submission"), before + 1);
    }
}

#[test]
fn a_draft_survives_a_refusal_with_its_files() {
    let site = site();
    let claire = sign_in(&site, "claire.lefevre");
    let id = rubrique(&site, "Classe de 6A");
    let to = population(&site, "Classe de 6A", "Parents de 6A");
    let path = format!("/broadcast/rubriques/{id}/message");
    let nobody = claire.post_form(&path, &[("subject", "Objet gardé"), ("text", "Texte gardé"), ("action", "send")]);
    assert_eq!(nobody.status(), 422);
    assert!(nobody.text().contains("Choisissez à quelle population") && nobody.text().contains("Texte gardé"));
    let part = |name: &str, file: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    };
    let body = [
        part("csrf", "", &claire.csrf()),
        part("population", "", &to),
        part("subject", "", "Avec fichiers"),
        part("html", "", "<p>Bonjour <b>à tous</b></p>"),
        part("action", "", "send"),
        part("file", "; filename=\"bon.txt\"", "contenu"),
        part("file", "; filename=\"mauvais.exe\"", "contenu"),
        "--x--\r\n".to_owned(),
    ];
    let refused = claire.send("POST", &path, Some("multipart/form-data; boundary=x"), body.concat().into());
    assert_eq!(refused.status(), 422, "{}", refused.text());
    let page = refused.text();
    assert!(page.contains("bon.txt") && page.contains("<b>à tous</b>"), "{page}");
    let draft = text(&site, "SELECT id FROM message WHERE subject = 'Avec fichiers'", params![]);
    assert!(page.contains(&format!("value=\"{draft}\"")), "the form goes on with its draft");
    assert!(claire.get(&format!("/broadcast/drafts/{draft}")).text().contains("bon.txt"));
    let form =
        [("id", draft.as_str()), ("population", &to), ("subject", "Avec fichiers"), ("text", "x"), ("action", "send")];
    assert_eq!(claire.post_form(&path, &form).header("location"), format!("/broadcast/messages/{draft}"));
    assert_eq!(count(&site, &format!("attachment WHERE message_id = '{draft}'")), 1);
    assert_eq!(claire.get(&format!("/broadcast/drafts/{draft}")).status(), 404);
}

#[test]
fn a_message_that_tells_of_a_news_item_begins_with_its_title_and_link() {
    let mut site = site();
    site.public_url = Some("https://ent.example".to_owned());
    let claire = sign_in(&site, "claire.lefevre");
    let id = rubrique(&site, "Classe de 6A");
    let news = json!({"title": "Sortie <nature>", "body": "<p>Bottes</p>"});
    let made = claire.json("POST", &format!("/api/v1/broadcast/rubriques/{id}/news"), &news);
    assert_eq!(made.status(), 201, "{}", made.text());
    let news = made.json()["id"].as_str().unwrap().to_owned();
    assert!(claire.get(&format!("/broadcast/news/{news}/follow")).text().contains(&format!("/message?news={news}")));
    let page = claire.get(&format!("/broadcast/rubriques/{id}/message?news={news}")).text();
    assert!(page.contains("value=\"Sortie &lt;nature&gt;\""), "{page}");
    assert!(
        page.contains(&format!("https://ent.example/broadcast/news/{news}")) && !page.contains("<nature>"),
        "{page}"
    );
    // One of another rubrique is none here.
    let other = rubrique(&site, "Direction");
    let admin = sign_in(&site, "sophie.legoff");
    assert_eq!(admin.get(&format!("/broadcast/rubriques/{other}/message?news={news}")).status(), 404);
}
