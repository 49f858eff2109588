//! Settings and roles change what they name and nothing else, for administrators of the establishment only, and are
//! remembered (A-5, M-2, M-5, M-10).

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use people::{PersonId, Profile, Role, Uai};
use store::{Database as _, File, params};

struct School {
    database: File,
    uai: Uai,
    admin: PersonId,
    teacher: PersonId,
}

fn school() -> School {
    let database = File::in_memory().unwrap();
    let migrations = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations");
    store::apply_migrations(&database, &migrations).unwrap();
    demo::run(&database, &demo::Options::of(150, 1_800_000_000_000)).unwrap();
    let one = |sql: &str| database.first(sql, &[]).unwrap().unwrap().text(0).unwrap().to_owned();
    let uai = one("SELECT uai FROM establishment").parse().unwrap();
    let admin = one("SELECT person_id FROM local_admin").parse().unwrap();
    let teacher = one("SELECT id FROM person WHERE login = 'claire.lefevre'").parse().unwrap();
    School { database, uai, admin, teacher }
}

#[test]
fn settings_are_saved_and_remembered() {
    let School { database, uai, admin, teacher } = school();
    let before = establishment::load(&database, &uai).unwrap().unwrap();
    assert!(before.faults().is_empty());
    let mut after = before.clone();
    after.name = "Collège d’à côté".to_owned();
    after.max_recipients = 30;
    after.left_retention_days = 365;
    after.attachment_extensions = vec!["pdf".to_owned()];
    assert!(establishment::save(&database, &uai, &teacher, &after, 1).unwrap().is_empty(), "a teacher sets nothing");
    assert_eq!(establishment::load(&database, &uai).unwrap().unwrap(), before);
    let mut changed = establishment::save(&database, &uai, &admin, &after, 2).unwrap();
    changed.sort();
    assert_eq!(changed, ["attachment_extensions", "left_retention_days", "max_recipients", "name"]);
    assert_eq!(establishment::load(&database, &uai).unwrap().unwrap(), after);
    assert!(establishment::save(&database, &uai, &admin, &after, 3).unwrap().is_empty(), "nothing differs");
    let history = establishment::history(&database, &uai).unwrap();
    assert_eq!(history.len(), 4);
    let name = history.iter().find(|change| change.setting == "name").unwrap();
    assert_eq!((name.before.as_str(), name.after.as_str(), name.at), (before.name.as_str(), "Collège d’à côté", 2));
    assert!(establishment::load(&database, &"0000000X".parse().unwrap()).unwrap().is_none());
}

#[test]
fn settings_that_cannot_be_are_named() {
    let School { database, uai, .. } = school();
    let good = establishment::load(&database, &uai).unwrap().unwrap();
    type Spoil = fn(&mut establishment::Settings);
    let table: [(&str, Spoil); 13] = [
        ("name", |s| s.name = String::new()),
        ("name", |s| s.name = "a\nb".to_owned()),
        ("domain", |s| s.domain = "ent".to_owned()),
        ("domain", |s| s.domain = "ENT.fr".to_owned()),
        ("domain", |s| s.domain = "a..fr".to_owned()),
        ("domain", |s| s.domain = "-a.fr".to_owned()),
        ("timezone", |s| s.timezone = "Paris".to_owned()),
        ("max_recipients", |s| s.max_recipients = 0),
        ("mailbox_quota", |s| s.mailbox_quota = i64::MAX),
        ("attachment_max_bytes", |s| s.attachment_max_bytes = 12 * 1024 * 1024),
        ("attachment_extensions", |s| s.attachment_extensions = vec![".pdf".to_owned()]),
        ("attachment_extensions", |s| s.attachment_extensions = vec!["exe".to_owned()]),
        ("left_retention_days", |s| s.left_retention_days = 0),
    ];
    for (field, spoil) in table {
        let mut settings = good.clone();
        spoil(&mut settings);
        assert_eq!(settings.faults().iter().map(|fault| fault.field).collect::<Vec<_>>(), [field], "{settings:?}");
    }
}

#[test]
fn roles_follow_the_profile_but_for_exceptions() {
    let School { database, uai, admin, teacher } = school();
    let has = |role: Role| {
        let rows = database.execute(
            "SELECT 1 FROM person_role WHERE person_id = ?1 AND role = ?2",
            params![teacher.as_str(), role.as_str()],
        );
        !rows.unwrap().is_empty()
    };
    let mut roles = establishment::profile_roles(&database, &uai).unwrap();
    assert!(roles.remove(&(Profile::Teacher, Role::Mailbox)) && has(Role::Mailbox));
    roles.insert((Profile::Guest, Role::AdvancedUser));
    assert_eq!(establishment::save_profile_roles(&database, &uai, &teacher, &roles, 1).unwrap(), 0);
    assert_eq!(establishment::save_profile_roles(&database, &uai, &admin, &roles, 2).unwrap(), 2);
    assert_eq!(establishment::profile_roles(&database, &uai).unwrap(), roles);
    assert!(!has(Role::Mailbox));
    let decide =
        |role, exception, now| establishment::override_role(&database, &admin, &teacher, role, exception, now).unwrap();
    assert!(decide(Role::Mailbox, Some(true), 3) && !decide(Role::Mailbox, Some(true), 4));
    assert!(has(Role::Mailbox));
    assert!(decide(Role::SendExtended, Some(false), 5) && !has(Role::SendExtended));
    let mine = establishment::person_roles(&database, &teacher).unwrap();
    let mailbox = mine.iter().find(|role| role.role == Role::Mailbox).unwrap();
    assert_eq!((mailbox.by_profile, mailbox.exception), (false, Some(true)));
    assert!(decide(Role::Mailbox, None, 6) && !has(Role::Mailbox));
    assert!(!establishment::override_role(&database, &teacher, &teacher, Role::Mailbox, Some(true), 7).unwrap());
    let settings: Vec<_> = establishment::history(&database, &uai).unwrap().into_iter().map(|c| c.setting).collect();
    assert!(settings.contains(&"role:Claire Lefèvre:mailbox".to_owned()), "{settings:?}");
}
