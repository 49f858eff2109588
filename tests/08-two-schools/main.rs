//! Two establishments in one database never leak into each other, at any endpoint: every route of every
//! capability is asked by people of the first, with the ids of the second wherever an id, a code or a word can stand. All
//! that belongs to the second carries a mark; no answer may show it, and nothing of the second may have changed.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod said;

use std::collections::{BTreeMap, BTreeSet};

use rights::{Edit, Editor, Preset};
use serde_json::{Map, Value, json as value};
use store::{Database as _, File, params};
use tests::{Answer, Caller, House, NEVER, Options};
use web::{Capability, Method, Route};

const CAPABILITIES: &[(&Capability, &[Route])] = &[
    (&session::CAPABILITY, session::ROUTES),
    (&send_message::CAPABILITY, send_message::ROUTES),
    (&directory::CAPABILITY, directory::ROUTES),
    (&outbox::CAPABILITY, outbox::ROUTES),
    (&redirect::CAPABILITY, redirect::ROUTES),
    (&broadcast::CAPABILITY, broadcast::ROUTES),
    (&publipostage::CAPABILITY, publipostage::ROUTES),
];

/// Written into every text of the second establishment but its name, which the network knows.
const MARK: &str = "zzsecret";

/// The second establishment's UAI, and an id of each kind of its things.
struct Second {
    uai: String,
    ids: Vec<String>,
    /// Of what it says to many and prints, for the capabilities that do.
    said: Vec<String>,
}

/// Tables where a row that names the second may not even appear.
const CLOSED: &[&str] = &[
    "person",
    "class",
    "person_group",
    "membership",
    "rule",
    "kinship",
    "prohibition",
    "prohibition_past",
    "blocking",
    "setting_change",
    "rights_change",
    "local_admin",
    "group_manager",
    "role_override",
    "profile_role",
    "recipient",
    "delivery",
    "mailbox_entry",
    "redirect",
    "establishment",
    "rubrique",
    "rubrique_editor",
    "population",
    "audience",
    "news",
    "news_population",
    "news_reading",
    "news_vote",
    "news_comment",
    "event",
    "event_comment",
    "booking",
    "invitation",
    "answer",
    "agenda_feed",
    "resource",
    "flash",
    "flash_dismissal",
    "liaison",
    "liaison_pupil",
    "liaison_addressee",
    "liaison_reminder",
    "class_admin",
    "establishment_letterhead",
    "campaign",
    "campaign_account",
    "job",
    "job_part",
    "model",
    "model_run",
    "model_letter",
];

fn one(database: &File, sql: &str, uai: &str) -> String {
    database.first(sql, params![uai]).unwrap().unwrap_or_else(|| panic!("nothing: {sql}")).text(0).unwrap().to_owned()
}

fn prepare(house: &House, database: &File) -> Second {
    house.run(&["demo", "--state-dir", "data", "--people", "300", "--establishments", "2"]).unwrap();
    let uais = database.execute("SELECT uai FROM establishment ORDER BY uai", &[]).unwrap();
    let home = one(database, "SELECT uai FROM person WHERE login = ?1", "claire.lefevre");
    let uai = uais.iter().map(|row| row.text(0).unwrap().to_owned()).find(|uai| *uai != home).unwrap();
    for uai in [&home, &uai] {
        let uai = uai.parse().unwrap();
        let editor = Editor { person: None, uai: &uai, now: 1 };
        let id = format!("0{}{}", "0".repeat(17), uai.as_str());
        rights::edit(database, &editor, &id, &Edit::Preset(Preset::Edifice)).unwrap().unwrap();
    }
    said::send(database, &uai);
    said::keep(database, &uai);
    let said = said::say(database, &uai);
    for statement in [
        "UPDATE person SET last_name = last_name || ' zzsecret', first_name = first_name || ' zzsecret', folded_name = folded_name || ' zzsecret', function = function || ' zzsecret', login = login || '.zzsecret' WHERE uai = ?1",
        "UPDATE class SET name = name || ' zzsecret', level = level || 'zzsecret' WHERE uai = ?1",
        "UPDATE person_group SET name = name || ' zzsecret', folded_name = folded_name || ' zzsecret', discipline = discipline || ' zzsecret' WHERE uai = ?1",
        "UPDATE message SET subject = subject || ' zzsecret', body_text = body_text || ' zzsecret', body_html = body_html || ' zzsecret' WHERE uai = ?1",
        "UPDATE rubrique SET name = name || ' zzsecret', folded_name = folded_name || ' zzsecret', description = description || ' zzsecret' WHERE uai = ?1",
        "UPDATE event SET title = title || ' zzsecret', place = place || ' zzsecret', summary = summary || ' zzsecret' WHERE uai = ?1",
        "UPDATE resource SET name = name || ' zzsecret', folded_name = folded_name || ' zzsecret', description = description || ' zzsecret' WHERE uai = ?1",
        "UPDATE audience SET label = label || ' zzsecret' WHERE author_id IN (SELECT id FROM person WHERE uai = ?1)",
        "UPDATE attachment SET name = 'zzsecret' || name WHERE message_id IN (SELECT id FROM message WHERE uai = ?1)",
        "UPDATE redirect SET address = 'zzsecret' || address WHERE address IS NOT NULL AND person_id IN (SELECT id FROM person WHERE uai = ?1)",
        // Not due: the queue is drained for everybody, whoever asks.
        "UPDATE delivery SET last_words = 'zzsecret', due_at = 9000000000000, expires_at = 9000000000000 WHERE uai = ?1",
    ] {
        database.execute(statement, params![&uai]).unwrap();
    }
    let mut ids: Vec<String> = [
        "SELECT id FROM person WHERE uai = ?1 AND profile = 'student' AND blocked_at IS NULL LIMIT 1",
        "SELECT id FROM person WHERE uai = ?1 AND profile = 'teacher' LIMIT 1",
        "SELECT id FROM class WHERE uai = ?1 LIMIT 1",
        "SELECT id FROM person_group WHERE uai = ?1 AND kind = 'class' AND profile = 'student' LIMIT 1",
        "SELECT id FROM person_group WHERE uai = ?1 AND kind = 'ad-hoc' LIMIT 1",
        "SELECT id FROM person_group WHERE uai = ?1 AND kind = 'list' LIMIT 1",
        "SELECT id FROM message WHERE uai = ?1 AND id IN (SELECT message_id FROM submission) LIMIT 1",
    ]
    .iter()
    .map(|sql| one(database, sql, &uai))
    .collect();
    let more = database.execute(
        "SELECT id FROM (SELECT d.id FROM delivery d WHERE d.uai = ?1 LIMIT 1) UNION ALL SELECT id FROM (SELECT a.id FROM attachment a
            JOIN message m ON m.id = a.message_id AND m.uai = ?1 LIMIT 1)", params![&uai]);
    ids.extend(more.unwrap().iter().map(|row| row.text(0).unwrap().to_owned()));
    ids.extend((3..=6).map(|number| format!("0000000000000000000000SEC{number}")));
    Second { uai, ids, said }
}

/// What names the second in a table: rows as text.
fn rows(database: &File, table: &str, second: &BTreeSet<String>) -> BTreeSet<String> {
    let rows = database.execute(&format!("SELECT * FROM {table}"), &[]).unwrap();
    let text = rows.iter().map(|row| format!("{row:?}"));
    text.filter(|row| row.contains(MARK) || second.iter().any(|id| row.contains(id.as_str()))).collect()
}

/// All tables as they stand, for the rows that name the second.
fn state(database: &File, second: &Second) -> BTreeMap<String, BTreeSet<String>> {
    let mut names: BTreeSet<String> = second.ids.iter().chain(&second.said).cloned().collect();
    names.insert(second.uai.clone());
    let tables = database
        .execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'person_search%' AND sql NOT LIKE 'CREATE VIRTUAL%'", &[])
        .unwrap();
    tables
        .iter()
        .map(|row| row.text(0).unwrap().to_owned())
        .map(|table| (table.clone(), rows(database, &table, &names)))
        .collect()
}

/// The path with every parameter replaced by `value`.
fn path(route: &Route, value: &str) -> String {
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { value } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A route, and what is needed to ask it.
struct Asked<'a> {
    document: &'a Value,
    path: &'a str,
    second: &'a Second,
}

/// A value of the shape a schema asks for, with ids of the second in every text.
fn sample(asked: &Asked<'_>, schema: &Value, value: &str, depth: u8) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(asked, &asked.document.pointer(&reference[1..]).cloned().unwrap(), value, depth);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").cloned().unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("object") if depth > 0 => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let members: Map<String, Value> = properties
                .iter()
                .map(|(name, schema)| {
                    (name.clone(), word(name, asked).unwrap_or_else(|| sample(asked, schema, value, depth - 1)))
                })
                .collect();
            Value::Object(members)
        }
        Some("array") if depth > 0 => value!([sample(asked, &schema["items"], value, depth - 1)]),
        Some("integer" | "number") => value!(1),
        Some("boolean") => value!(false),
        _ => value!(value),
    }
}

/// Members whose value decides what is done: the most telling word for each.
fn word(name: &str, asked: &Asked<'_>) -> Option<Value> {
    let word = match name {
        "uai" | "establishment" => asked.second.uai.as_str(),
        // What she writes of her own is not what is looked for.
        "title" | "name" | "subject" | "body" | "text" | "summary" | "description" | "place" | "address"
        | "signatory" | "question" | "comment"
            if asked.path.contains("/broadcast") || asked.path.contains("/publipostage") =>
        {
            "essai"
        }
        "kind" if asked.path.contains("/resources") => "room",
        "kind" if asked.path.contains("/publipostage") => "one",
        "level" if asked.path.contains("/flash") => "urgent",
        "starts" => "2035-03-06T18:00",
        "ends" => "2035-03-06T19:00",
        "publish" => "now",
        "follow_up" => "open",
        "answer" => "accepted",
        "way" => "print",
        "profiles" => return Some(value!(["student"])),
        "poll" => return Some(Value::Null),
        "ends_at" | "expires_at" => return Some(value!(said::soon())),
        "kind" => "add-rule",
        "profile" => "student",
        "role" => "mailbox",
        "decision" => "granted",
        "field" => "to",
        "q" => "zzsecre",
        "level" | "discipline" | "function" | "cursor" | "limit" => {
            return Some(if name == "limit" { value!(100) } else { value!("") });
        }
        _ => return None,
    };
    Some(value!(word))
}

fn query(value: &str, second: &Second) -> Vec<String> {
    let uai = &second.uai;
    vec![
        String::new(),
        "?q=zzsecre&everywhere=1&limit=100".to_owned(),
        format!("?uai={uai}"),
        format!("?establishment={uai}&limit=100&everywhere=1"),
        format!("?group={value}&limit=100"),
        format!("?class={value}"),
        format!("?id={value}&from={value}&to={value}"),
        format!("?to=person:{value}&to=group:{value}"),
        format!("?category={value}&profile=student&format=csv"),
    ]
}

fn innocent(answer: &Answer, what: &str, who: &str) {
    let shown = answer.text().to_lowercase();
    assert!(!shown.contains(MARK), "{what} shows {who} the other establishment: {}", excerpt(&shown));
    assert!(answer.status < 500, "{what}: {shown}");
    assert!(!answer.location.to_lowercase().contains(MARK), "{what}, in a header");
}

fn excerpt(text: &str) -> String {
    let at = text.find(MARK).unwrap_or(0);
    text.chars().skip(at.saturating_sub(150)).take(300).collect()
}

fn json(visitor: &Caller, method: &str, path: &str, body: &Value) -> Answer {
    visitor.send(method, path, &[("content-type", "application/json")], body.to_string().into_bytes()).unwrap()
}

fn form(visitor: &Caller, path: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", web::url_escape(value))).collect();
    visitor
        .send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], fields.join("&").into_bytes())
        .unwrap()
}

fn ask(visitor: &Caller, who: &str, route: &Route, document: &Value, second: &Second) {
    let more = route.path.contains("/broadcast") || route.path.contains("/publipostage");
    for value in second.ids.iter().chain(second.said.iter().filter(|_| more)) {
        let (path, method) = (path(route, value), route.method.as_str());
        if route.method == Method::Get {
            for query in query(value, second) {
                innocent(&visitor.get(&format!("{path}{query}")).unwrap(), &format!("{method} {path}{query}"), who);
            }
        } else if route.is_api() {
            let operation = &document["paths"][route.path][method.to_lowercase()];
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = sample(&Asked { document, path: route.path, second }, schema, value, 4);
            innocent(&json(visitor, method, &path, &body), &format!("{method} {path} {body}"), who);
            innocent(
                &json(visitor, method, &format!("{path}?uai={}", second.uai), &body),
                &format!("{method} {path}?uai"),
                who,
            );
        } else {
            for kind in ["add-rule", "preset", "participation", "student"] {
                let fields = [
                    ("uai", second.uai.as_str()),
                    ("id", value),
                    ("from", value),
                    ("to", value),
                    ("person", value),
                    ("group", value),
                    ("kind", kind),
                    ("participation", "both"),
                    ("preset", "edifice"),
                    ("profile", "student"),
                    ("reason", "essai"),
                    ("name", "essai"),
                    ("role", "student:send"),
                    ("member", value),
                    ("manager", value),
                    ("message", value),
                    ("action", "trash"),
                    ("mailbox", "granted"),
                    ("subject", "essai"),
                    ("body", "essai"),
                    ("rubrique", value),
                    ("population", value),
                    ("student", value),
                    ("class", value),
                    ("title", "essai"),
                    ("text", "essai"),
                    ("comment", "essai"),
                    ("level", "urgent"),
                    ("answer", "accepted"),
                    ("choice", "0"),
                    ("do", "send"),
                ];
                let own: Vec<(&str, &str)> = fields.iter().copied().filter(|(name, _)| *name != "uai").collect();
                innocent(&form(visitor, &path, &fields), &format!("{method} {path}"), who);
                innocent(&form(visitor, &path, &own), &format!("{method} {path} in her own"), who);
            }
        }
    }
}

#[test]
fn nothing_of_one_establishment_is_seen_or_changed_from_another() {
    let document = web::openapi::document("0", CAPABILITIES);
    let house = House::start(Options {
        schedule: Some(NEVER),
        variables: vec!["public_url=https://ent.example".to_owned()],
        ..Options::default()
    })
    .unwrap();
    let database = house.database().unwrap();
    let second = prepare(&house, &database);
    let before = state(&database, &second);
    assert!(before["person"].len() > 100 && !before["message"].is_empty(), "the second establishment is there");
    for who in ["sophie.legoff", "claire.lefevre", "lina.benali", "karim.benali"] {
        let mut visitor = house.sign_in(who).unwrap();
        for (capability, routes) in CAPABILITIES {
            for route in *routes {
                ask(&visitor, who, route, &document, &second);
                // What ends a session ends it here; each route is asked by somebody who is signed in.
                if capability.id == "session" && !matches!(route.method, Method::Get) {
                    database.execute("DELETE FROM sign_in_failure", &[]).unwrap();
                    visitor = house.sign_in(who).unwrap();
                }
            }
        }
    }
    for (table, after) in state(&database, &second) {
        let gone: Vec<_> = before[&table].difference(&after).collect();
        assert!(gone.is_empty(), "{table} lost or changed {gone:?}");
        let new: Vec<_> = after.difference(&before[&table]).collect();
        assert!(new.is_empty() || !CLOSED.contains(&table.as_str()), "{table} has new rows {new:?}");
    }
}
