//! The demo is the same twice, refuses to mix with a real school, and has everything there is to show.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::path::Path;

use demo::{Error, Options, PASSWORD, run};
use store::{Database as _, File, params};

const NOW: i64 = 1_800_000_000_000;

fn empty() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    database
}

fn made(options: &Options) -> File {
    let database = empty();
    assert!(run(&database, options).unwrap().made);
    database
}

fn count(database: &File, condition: &str) -> i64 {
    let row = database.first(&format!("SELECT count(*) FROM {condition}"), &[]).unwrap().unwrap();
    row.integer(0).unwrap()
}

/// Everything but the ids that triggers draw (deliveries, notices).
fn content(database: &File) -> Vec<Vec<store::Row>> {
    [
        "establishment",
        "person",
        "redirect",
        "person_group",
        "membership",
        "rule",
        "kinship",
        "class",
        "role_override",
        "local_admin",
    ]
    .iter()
    .map(|table| database.execute(&format!("SELECT * FROM {table} ORDER BY 1, 2"), &[]).unwrap())
    .chain([database.execute("SELECT * FROM message WHERE author_id IS NOT NULL ORDER BY id", &[]).unwrap()])
    .collect()
}

#[test]
fn the_same_seed_makes_the_same_school() {
    let options = Options::of(300, NOW);
    assert!(content(&made(&options)) == content(&made(&options)));
    assert!(content(&made(&options)) != content(&made(&Options { seed: 2, ..options })));
}

#[test]
fn a_second_time_does_nothing_and_another_school_is_left_alone() {
    let options = Options::of(300, NOW);
    let database = made(&options);
    let before = content(&database);
    let again = run(&database, &Options { now: NOW + 1, ..options }).unwrap();
    assert!(!again.made && content(&database) == before);
    assert!(matches!(run(&database, &Options { seed: 2, ..options }), Err(Error::Occupied)));
    assert!(matches!(run(&database, &Options { people: 400, ..options }), Err(Error::Occupied)));
    let real = empty();
    let insert = "INSERT INTO establishment (uai, name, domain, created_at) VALUES ('0310001A', 'É', 'e.fr', 0)";
    real.execute(insert, &[]).unwrap();
    assert!(matches!(run(&real, &options), Err(Error::Occupied)));
    assert!(matches!(run(&empty(), &Options { people: 100, ..options }), Err(Error::TooSmall)));
}

#[test]
fn the_sizes_asked_for() {
    for (people, establishments) in [(150, 1), (1000, 1), (2000, 1), (1001, 3)] {
        let database = made(&Options { people, establishments, seed: 5, now: NOW });
        assert_eq!(count(&database, "person"), i64::from(people));
        assert_eq!(count(&database, "establishment"), i64::from(establishments));
        assert_eq!(
            count(&database, "person_search WHERE person_search MATCH 'm*'"),
            count(&database, "person WHERE ' ' || folded_name LIKE '% m%'")
        );
    }
}

#[test]
fn everything_there_is_to_show() {
    let database = made(&Options::of(1000, NOW));
    for (what, least) in [
        ("(SELECT 1 FROM person GROUP BY last_name, first_name HAVING count(*) > 1)", 1),
        (
            "person p WHERE p.profile = 'student' AND EXISTS (SELECT 1 FROM person o WHERE o.profile = 'student' AND o.id <> p.id AND o.folded_name = p.folded_name)",
            2,
        ),
        ("person WHERE password_hash IS NULL AND length(activation_code) = 8", 100),
        ("redirect WHERE address GLOB '*@example.*'", 100),
        ("(SELECT 1 FROM kinship GROUP BY relative_id HAVING count(*) > 1)", 20),
        (
            "kinship k JOIN person r ON r.id = k.relative_id JOIN person s ON s.id = k.student_id WHERE r.last_name <> s.last_name",
            50,
        ),
        (
            "role_override o WHERE o.role = 'mailbox' AND NOT EXISTS (SELECT 1 FROM redirect r WHERE r.person_id = o.person_id)",
            3,
        ),
        ("notice WHERE kind = 'unreachable'", 1),
        ("person WHERE blocked_at IS NOT NULL", 1),
        ("person WHERE left_at IS NOT NULL", 1),
        ("class WHERE name = 'ULIS'", 1),
        ("person_group WHERE kind = 'discipline' AND name = 'Enseignants – Mathématiques'", 1),
        (
            "person_group g JOIN membership m ON m.group_id = g.id WHERE g.kind = 'discipline' AND g.discipline = 'Français'",
            2,
        ),
        ("person_group WHERE kind = 'head-teacher' AND name = 'Tous les professeurs principaux'", 1),
        (
            "person p JOIN membership m ON m.person_id = p.id JOIN person_group g ON g.id = m.group_id
                AND g.kind = 'head-teacher' AND g.name = 'Professeurs principaux – 6A'
            WHERE p.login = 'claire.lefevre' AND p.function LIKE '%professeure principale de 6A'",
            1,
        ),
        ("group_manager o JOIN membership m ON m.group_id = o.group_id AND m.person_id = o.person_id", 2),
        ("person WHERE function LIKE '%principale de 6A'", 1),
        ("(SELECT 1 FROM message GROUP BY thread_id HAVING count(*) > 2)", 2),
        ("mailbox_entry WHERE seen = 0", 10),
        ("mailbox_entry WHERE seen = 1 AND folder = 'inbox'", 10),
        ("local_admin", 1),
        ("rubrique", 5),
        ("population", 12),
        ("rubrique r WHERE EXISTS (SELECT 1 FROM rubrique_editor e WHERE e.rubrique_id = r.id)", 4),
        (
            "audience WHERE kind = 'population' AND label = 'Direction : Tous les parents' AND rubrique_id IS NOT NULL",
            1,
        ),
    ] {
        assert!(count(&database, what) >= least, "{what}: {}", count(&database, what));
    }
    assert_eq!(
        count(
            &database,
            "redirect WHERE address NOT GLOB '*@example.org' AND address NOT GLOB '*@example.net' AND address NOT GLOB '*@example.com'"
        ),
        0
    );
    assert_eq!(
        count(
            &database,
            "person p WHERE p.profile = 'teacher' AND NOT EXISTS (SELECT 1 FROM membership m JOIN person_group g
                ON g.id = m.group_id AND g.kind = 'discipline' WHERE m.person_id = p.id)"
        ),
        0,
        "every teacher has a discipline"
    );
    assert_eq!(count(&database, "delivery WHERE state <> 'sent'"), 0, "nothing of last week is on its way");
    assert_eq!(count(&database, &format!("message WHERE created_at > {NOW}")), 0);
    assert_eq!(
        count(&database, "person_group WHERE settled = 0 AND kind IN ('establishment', 'class', 'teaching-group')"),
        0
    );
}

#[test]
fn sign_ins_are_stable_and_open_with_the_password() {
    let database = empty();
    let report = run(&database, &Options { seed: 42, ..Options::of(300, NOW) }).unwrap();
    let logins: Vec<_> = report.sign_ins.iter().map(|s| s.login.as_str()).collect();
    assert_eq!(logins, ["claire.lefevre", "lina.benali", "karim.benali", "sophie.legoff", "antoine.delavilleon"]);
    for login in logins {
        let row = database.first("SELECT password_hash FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
        use argon2::password_hash::PasswordVerifier as _;
        let hash = argon2::password_hash::phc::PasswordHash::new(row.text(0).unwrap()).unwrap();
        argon2::Argon2::default().verify_password(PASSWORD.as_bytes(), &hash).unwrap();
    }
    let text = report.to_string();
    assert!(text.contains("karim.benali") && text.contains(PASSWORD));
}

#[test]
fn the_agenda_has_what_there_is_to_show() {
    let database = made(&Options::of(300, NOW));
    assert_eq!(count(&database, "resource"), 5);
    assert_eq!(count(&database, "event"), 8);
    assert_eq!(
        count(&database, "event WHERE all_day AND ends_at - starts_at > 2 * 86000000"),
        1,
        "two days of open doors"
    );
    assert_eq!(
        count(
            &database,
            "event WHERE state = 'published' AND confirmation AND author_id = (SELECT id FROM person WHERE login = 'claire.lefevre')"
        ),
        1
    );
    assert_eq!(count(&database, "booking"), 6);
    assert_eq!(count(&database, "answer"), 2);
    assert_eq!(count(&database, "event_comment WHERE state = 'pending'"), 1);
}

#[test]
fn the_first_school_makes_things_known() {
    let database = made(&Options::of(300, NOW));
    let news = |condition: &str| count(&database, &format!("news n WHERE {condition}"));
    assert_eq!(
        (news("publish_at <= 1800000000000"), news("publish_at > 1800000000000"), news("publish_at IS NULL")),
        (3, 1, 1)
    );
    for table in ["news_reading", "news_vote", "news_comment", "liaison_reminder"] {
        assert!(count(&database, table) > 0, "{table}");
    }
    let karim = "person_id = (SELECT id FROM person WHERE login = 'karim.benali')";
    assert_eq!(count(&database, &format!("flash_shown WHERE {karim} AND starts_at <= {NOW} AND ends_at > {NOW}")), 1);
    let confirmed = |condition: &str| count(&database, &format!("liaison_addressee WHERE {condition}"));
    assert!(confirmed("confirmed_at IS NOT NULL") > 0 && confirmed("confirmed_at IS NULL") > 0);
    assert_eq!(confirmed("relative_id = (SELECT id FROM person WHERE login = 'karim.benali')"), 2);
    assert_eq!(count(&database, "message WHERE idempotency_key LIKE 'announce-%'"), 0, "nothing is due");
}
