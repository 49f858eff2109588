//! What people of the second establishment write, keep, say to many, print and plan: one of each.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json as value;
use store::{Database as _, File, params};

use super::one;

/// Thirty days from now, in UTC milliseconds.
pub(crate) fn soon() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap() + 30 * 86_400_000
}

/// Each is written as its capability writes it; `?1` the establishment, `?2` its administrator, `?3` a pupil, `?4` a parent.
const STATEMENTS: &[&str] = &[
    "INSERT OR IGNORE INTO local_admin (person_id, uai) VALUES (?2, ?1)",
    // Rubriques, and a message to a population: sent, and a draft.
    "INSERT INTO rubrique (id, uai, name, folded_name, description, created_at)
        VALUES ('0000000000000000000000TW01', ?1, 'Rubrique zzsecret', 'rubrique zzsecret', 'zzsecret', 1)",
    "INSERT INTO population (id, rubrique_id, group_id, profile)
        SELECT '0000000000000000000000TW02', '0000000000000000000000TW01', g.id, '' FROM person_group g
        JOIN reachable_group v ON v.group_id = g.id AND v.sender_id = ?2
        JOIN membership m ON m.group_id = g.id AND m.person_id = ?4 WHERE g.uai = ?1 LIMIT 1",
    "INSERT INTO rubrique_editor (rubrique_id, group_id, profile)
        SELECT '0000000000000000000000TW01', g.id, '' FROM person_group g WHERE g.uai = ?1 AND g.kind = 'class' AND g.profile = 'teacher' LIMIT 1",
    "INSERT INTO message (id, uai, author_id, thread_id, message_id, subject, body_text, body_html, addressees, created_at, updated_at)
        SELECT j.value, ?1, ?2, j.value, j.value, 'Objet', 'Corps', 'Corps',
            '[{\"field\":\"bcc\",\"kind\":\"population\",\"id\":\"0000000000000000000000TW02\"}]', 1, 1
        FROM json_each('[\"0000000000000000000000TW11\",\"0000000000000000000000TW12\"]') j",
    "INSERT INTO submission (message_id, submitted_at, size, broadcast) VALUES ('0000000000000000000000TW11', 1, 1, 1)",
    // News.
    "INSERT INTO news (id, rubrique_id, author_id, edited_by, title, body_html, body_text, publish_at, comments, acknowledge, question,
            choices, named, results_shown, created_at, updated_at)
        VALUES ('0000000000000000000000TW03', '0000000000000000000000TW01', ?2, ?2, 'zzsecret', 'zzsecret', 'zzsecret', 1, 1, 1,
            'zzsecret', '[\"zzsecret\",\"non\"]', 1, 1, 1, 1)",
    "INSERT INTO news_comment (id, news_id, author_id, body, at)
        VALUES ('0000000000000000000000TW04', '0000000000000000000000TW03', ?4, 'zzsecret', 1)",
    "INSERT INTO news_reading (news_id, person_id, seen_at) VALUES ('0000000000000000000000TW03', ?4, 1)",
    "INSERT INTO news_vote (news_id, person_id, choice, at) VALUES ('0000000000000000000000TW03', ?4, 0, 1)",
    // The agenda.
    "INSERT INTO resource (id, uai, kind, name, folded_name, created_at) VALUES ('0000000000000000000000TW06', ?1, 'room', 'Salle', 'salle', 1)",
    "INSERT INTO event (id, rubrique_id, uai, author_id, changed_by, uid, title, all_day, starts, ends, zone, starts_at, ends_at, resources,
            state, confirmation, follow_up, revised_at, created_at, published_at)
        VALUES ('0000000000000000000000TW05', '0000000000000000000000TW01', ?1, ?2, ?2, 'zzsecret@ent.example', 'zzsecret', 0,
            '2035-03-06T18:00', '2035-03-06T19:00', 'Europe/Paris', 2056726800000, 2056730400000,
            '[\"0000000000000000000000TW06\"]', 'published', 1, 'open', 1, 1, 1)",
    "INSERT INTO event_comment (id, event_id, author_id, text, state, created_at)
        VALUES ('0000000000000000000000TW07', '0000000000000000000000TW05', ?4, 'zzsecret', 'pending', 1)",
    "INSERT INTO invitation (event_id, person_id, token, invited_at)
        VALUES ('0000000000000000000000TW05', ?4, 'zzsecretzzsecretzzsecretzzsecret', 1)",
    "INSERT INTO answer (event_id, person_id, participation, comment, sequence, stamp, answered_at)
        VALUES ('0000000000000000000000TW05', ?4, 'accepted', 'zzsecret', 0, 1, 1)",
    "INSERT INTO agenda_feed (token_hash, person_id, created_at) VALUES (printf('%064d', 7), ?4, 1)",
    // A flash message, and a notice with its reminder.
    "INSERT INTO flash (id, uai, author_id, text, level, profiles, starts_at, ends_at, notified_at, created_at)
        VALUES ('0000000000000000000000TW08', ?1, ?2, 'zzsecret', 'urgent', '[\"student\",\"relative\",\"teacher\",\"staff\"]', 1,
            9000000000000, 1, 1)",
    "INSERT INTO liaison (id, uai, author_id, title, body_html, body_text, groups, pupils, notified_at, created_at)
        VALUES ('0000000000000000000000TW09', ?1, ?2, 'zzsecret', 'zzsecret', 'zzsecret', '[]', json_array(?3), 1, 1)",
    "INSERT INTO liaison_reminder (id, liaison_id, scheduled, created_at, notified_at)
        VALUES ('0000000000000000000000TW10', '0000000000000000000000TW09', 0, 1, 1)",
    // Letters: a campaign that is printed, a model and its run that is not yet.
    "INSERT OR REPLACE INTO establishment_letterhead (uai, address, logo, signatory) VALUES (?1, 'zzsecret', CAST('zzsecret' AS BLOB), 'zzsecret')",
    "INSERT OR IGNORE INTO class_admin (person_id, class_id) SELECT ?2, c.id FROM class c WHERE c.uai = ?1 LIMIT 1",
    "INSERT INTO campaign_launch (id, uai, by_id, kind, criteria, at, job_id, file_name, accounts)
        VALUES ('0000000000000000000000TW13', ?1, ?2, 'one', '{}', 1, '0000000000000000000000TW14', 'zzsecret.pdf',
            json_array(json_array(0, ?4, 'zzsecret@example.org', 0)))",
    "INSERT INTO job_slice (job_id, generation, done, bytes, progress, remarks, finished, at)
        VALUES ('0000000000000000000000TW14', 0, 1, CAST('zzsecret' AS BLOB), NULL, '[[0,\"zzsecret\"]]', 1, 9000000000000)",
    "INSERT INTO model (id, uai, name, folded_name, subject, body, author_id, editor_id, created_at, updated_at)
        VALUES ('0000000000000000000000TW15', ?1, 'zzsecret', 'zzsecret', 'zzsecret', 'zzsecret', ?2, ?2, 1, 1)",
    "INSERT INTO model_launch (id, uai, by_id, model_id, name, way, audience, dated, copies, at, letters, job_id, file_name,
            digest)
        VALUES ('0000000000000000000000TW16', ?1, ?2, '0000000000000000000000TW15', 'zzsecret', 'print', 'zzsecret', 'hier', '[]', 1,
            json_array(json_object('person', ?4, 'children', json('[]'), 'addressee', 'zzsecret', 'subject', 'zzsecret', 'body',
                'zzsecret', 'left_out', '')),
            '0000000000000000000000TW17', 'zzsecret.pdf', 'zzsecret')",
];

/// Writes them; their ids.
pub(crate) fn say(database: &File, uai: &str) -> Vec<String> {
    let admin = one(
        database,
        "SELECT id FROM person WHERE uai = ?1 AND profile = 'staff' AND blocked_at IS NULL AND left_at IS NULL LIMIT 1",
        uai,
    );
    let pupil = one(
        database,
        "SELECT k.student_id FROM kinship k JOIN person p ON p.id = k.student_id AND p.uai = ?1 AND p.left_at IS NULL
            JOIN person q ON q.id = k.relative_id AND q.uai = p.uai AND q.blocked_at IS NULL AND q.left_at IS NULL
            WHERE k.legal AND p.blocked_at IS NULL ORDER BY k.student_id, k.relative_id LIMIT 1",
        uai,
    );
    let parent = one(
        database,
        "SELECT k.relative_id FROM kinship k JOIN person q ON q.id = k.relative_id AND q.blocked_at IS NULL AND q.left_at IS NULL
            WHERE k.student_id = ?1 AND k.legal ORDER BY k.relative_id LIMIT 1",
        &pupil,
    );
    for statement in STATEMENTS {
        // SQLite counts what a statement names, no more.
        let named = (1..=4).rev().find(|n| statement.contains(&format!("?{n}"))).unwrap_or(0);
        let all: [store::Value; 4] = [uai, admin.as_str(), pupil.as_str(), parent.as_str()].map(store::Value::from);
        let given = database.execute(statement, &all[..named]);
        assert!(given.is_ok(), "{statement}: {given:?}");
    }
    // Each is there: a statement that selects nothing would make a scenario that sees nothing.
    for (table, least) in
        [("population", "TW02"), ("submission", "TW11"), ("job_part", "TW14"), ("liaison_addressee", "TW09")]
    {
        let column = match table {
            "population" => "id",
            "submission" => "message_id",
            "job_part" => "job_id",
            _ => "liaison_id",
        };
        let sql = format!("SELECT 1 FROM {table} WHERE {column} = ?1");
        let found = database.first(&sql, params![format!("0000000000000000000000{least}")]).unwrap();
        assert!(found.is_some(), "no {table}");
    }
    (1..=17).map(|number| format!("0000000000000000000000TW{number:02}")).collect()
}

/// A message within the second, with a file, to somebody who has a redirect address.
pub(crate) fn send(database: &File, uai: &str) {
    let person = |profile: &str| {
        let sql = format!(
            "SELECT id FROM person WHERE uai = ?1 AND profile = '{profile}' AND blocked_at IS NULL AND left_at IS NULL LIMIT 1"
        );
        one(database, &sql, uai)
    };
    let (author, to) = (person("teacher"), person("staff"));
    let (message, file) = ("0000000000000000000000SEC1", "0000000000000000000000SEC2");
    let addressees = value!([{"field": "to", "kind": "person", "id": &to}]).to_string();
    for (statement, parameters) in [
        ("INSERT OR REPLACE INTO redirect (person_id, address, verified_at) VALUES (?1, 'her@example.org', 1)", vec![to.as_str()]),
        ("INSERT INTO message (id, uai, author_id, thread_id, message_id, subject, body_text, body_html, addressees, created_at, updated_at)
          VALUES (?1, ?2, ?3, ?1, ?1, 'Objet', 'Corps', 'Corps', ?4, 0, 0)", vec![message, uai, &author, &addressees]),
        ("INSERT INTO attachment (id, message_id, name, media_type, size, sha256) VALUES (?1, ?2, 'f.pdf', 'application/pdf', 1, ?1)", vec![file, message]),
        ("INSERT INTO submission (message_id, submitted_at, size) VALUES (?1, 1, 1)", vec![message]),
    ] {
        let parameters: Vec<store::Value> = parameters.into_iter().map(store::Value::from).collect();
        database.execute(statement, &parameters).unwrap();
    }
}

/// Somebody's address book and bookmark, an import and a list, in the second.
pub(crate) fn keep(database: &File, uai: &str) {
    let owner = one(database, "SELECT id FROM person WHERE uai = ?1 AND profile = 'teacher' LIMIT 1", uai);
    for statement in [
        "INSERT INTO contact_group (id, owner_id, name, folded_name) VALUES ('0000000000000000000000SEC3', ?1, 'zzsecret', 'zzsecret')",
        "INSERT INTO contact (id, owner_id, card, folded_name, uid) VALUES ('0000000000000000000000SEC4', ?1, '{\"name\":\"zzsecret\"}', 'zzsecret', 'x')",
        "INSERT INTO bookmark (id, owner_id, name, folded_name) VALUES ('0000000000000000000000SEC5', ?1, 'zzsecret', 'zzsecret')",
        "INSERT INTO directory_import (id, source, mode, state, limits, person_id, files, created_at)
         SELECT '0000000000000000000000SEC6', 'zzsecret', 'full', 'ready', json_array(uai), id, '[{\"name\":\"zzsecret.xml\",\"read\":1}]', 1
         FROM person WHERE id = ?1",
    ] {
        database.execute(statement, params![&owner]).unwrap();
    }
}
