use agenda::{Content, Notify, Publication, Told, cancel, change, publish_due, tell};
use counter::Refusal as Refused;
use store::{Database, Row, Value};

use crate::school::{NOW, RELATIVES, RUBRIQUE, STUDENTS, School, evening, told};

/// People whom a message about an event reached.
fn recipients(school: &School, sequence: i64, event: &str) -> i64 {
    school.count(&format!(
        "recipient r JOIN message m ON m.id = r.message_id WHERE r.field = 'bcc' AND m.idempotency_key = 'agenda-{event}-{sequence}'"
    ))
}

#[test]
fn those_who_read_are_told_once_and_again_when_it_changes() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let id = school.make(&told(), &Publication::Now).unwrap();
    assert_eq!(school.count("invitation"), 0, "the statement that publishes only says that a message is to leave");
    let Told::Sent(receipt) = tell(db, NOW, &id).unwrap() else { panic!() };
    let readers = school.count(&format!(
        "(SELECT DISTINCT person_id FROM population_member WHERE population_id IN ('{STUDENTS}', '{RELATIVES}'))"
    ));
    assert_eq!(i64::from(receipt.recipients), readers);
    assert!(readers > 20);
    assert_eq!((recipients(&school, 0, &id), school.count("invitation")), (readers, readers));
    assert_eq!(school.count("(SELECT DISTINCT token FROM invitation)"), readers);
    assert_eq!(tell(db, NOW, &id).unwrap(), Told::Nothing);
    let subject = school.text(&format!("SELECT subject FROM message WHERE idempotency_key = 'agenda-{id}-0'"));
    assert_eq!(subject, "Événement ajouté : Réunion parents-professeurs (le 03/11/2026)");
    let body = school.text(&format!("SELECT body_html FROM message WHERE idempotency_key = 'agenda-{id}-0'"));
    assert!(
        body.contains(&format!("https://ent.example/broadcast/agenda/events/{id}"))
            && body.contains("confirmer votre présence"),
        "{body}"
    );
    let label =
        school.text("SELECT label FROM audience WHERE kind = 'event' ORDER BY made_at DESC, message_id DESC LIMIT 1");
    assert_eq!(label, "Classe de 6A : Réunion parents-professeurs");
    assert_eq!(school.count("audience WHERE kind = 'event' AND rubrique_id IS NULL"), 0);

    // Somebody leaves the population, somebody is blocked: the first learns of the change, the second does not.
    db.batch(&format!(
        "DELETE FROM membership WHERE person_id = '{}'; UPDATE person SET blocked_at = 1 WHERE id = '{}'",
        school.lina, school.karim
    ))
    .unwrap();
    change(db, NOW + 1, claire, &id, &Content { place: "Gymnase".into(), ..told() }, &Publication::Draft).unwrap();
    assert_eq!(publish_due(db, NOW + 2).unwrap().told, 1);
    assert_eq!(recipients(&school, 1, &id), readers - 1);
    assert_eq!(school.count(&format!("recipient r JOIN message m ON m.id = r.message_id WHERE m.idempotency_key = 'agenda-{id}-1' AND r.person_id = '{}'", school.lina)), 1);
    cancel(db, NOW + 3, &school.sophie, &id).unwrap();
    assert!(matches!(tell(db, NOW + 3, &id).unwrap(), Told::Sent(_)));
    assert_eq!(recipients(&school, 2, &id), readers - 1);
    let author = school.text(&format!("SELECT author_id FROM message WHERE idempotency_key = 'agenda-{id}-2'"));
    assert_eq!(author, school.sophie, "who calls it off says so");
    assert!(
        school
            .text(&format!("SELECT subject FROM message WHERE idempotency_key = 'agenda-{id}-2'"))
            .starts_with("Événement annulé")
    );
    assert_eq!(publish_due(db, NOW + 4).unwrap(), agenda::Due::default());
}

#[test]
fn one_population_or_nobody() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let one =
        school.make(&Content { notify: Notify::Population(STUDENTS.into()), ..evening() }, &Publication::Now).unwrap();
    assert!(matches!(tell(db, NOW, &one).unwrap(), Told::Sent(_)));
    assert_eq!(
        recipients(&school, 0, &one),
        school.count(&format!("population_member WHERE population_id = '{STUDENTS}'"))
    );
    let quiet = school.make(&evening(), &Publication::Now).unwrap();
    let draft = school.make(&told(), &Publication::Draft).unwrap();
    for id in [&quiet, &draft] {
        assert_eq!(tell(db, NOW, id).unwrap(), Told::Nothing);
    }
    // Called off before anybody was told: nobody is.
    let id = school.make(&told(), &Publication::Now).unwrap();
    cancel(db, NOW, claire, &id).unwrap();
    assert_eq!(publish_due(db, NOW).unwrap().told, 0);
    // Nobody was told at first; a later choice is heeded, once.
    change(db, NOW, claire, &quiet, &told(), &Publication::Draft).unwrap();
    assert_eq!((publish_due(db, NOW).unwrap().told, publish_due(db, NOW).unwrap().told), (1, 0));
}

#[test]
fn a_notification_that_cannot_leave_is_told_to_editors_and_not_tried_for_ever() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let id = school.make(&told(), &Publication::Now).unwrap();
    db.batch("CREATE TEMP TABLE kept AS SELECT * FROM membership; DELETE FROM membership WHERE person_id IN (SELECT id FROM person WHERE profile IN ('student', 'relative'))").unwrap();
    assert_eq!(tell(db, NOW, &id).unwrap(), Told::Refused(Refused::Nobody));
    assert_eq!(school.seen(claire, &id).unwrap().untold.as_deref(), Some("nobody"));
    assert_eq!(publish_due(db, NOW).unwrap(), agenda::Due::default());
    assert_eq!(school.count("invitation"), 0, "taken back with the rest");
    // The class has students again: the editor saves once more, with other words.
    db.batch("INSERT OR IGNORE INTO membership SELECT * FROM kept").unwrap();
    change(db, NOW, claire, &id, &Content { title: "Réunion".into(), ..told() }, &Publication::Draft).unwrap();
    assert!(matches!(tell(db, NOW, &id).unwrap(), Told::Sent(_)));
    assert_eq!(school.seen(claire, &id).unwrap().untold, None);
}

#[test]
fn the_seam_judges_whoever_asks() {
    let school = School::open();
    let db = &school.db;
    let id = school.make(&told(), &Publication::Now).unwrap();
    let forge = |by: &str| {
        let desk = counter::Desk { database: db, now: NOW };
        let to = counter::Addressee { field: counter::Field::Bcc, kind: counter::Kind::Event, id: id.clone() };
        let draft = counter::Draft {
            subject: "Bonjour".into(),
            body: "<p>Bonjour</p>".into(),
            addressees: vec![to],
            ..counter::Draft::default()
        };
        let saved = counter::save(desk, by, None, &draft, None).unwrap();
        counter::submit(desk, by, &saved)
    };
    for person in [&school.lina, &school.karim, &school.other, &school.stranger] {
        assert_eq!(forge(person), Err(Refused::Audience));
    }
    // A message of an editor's own is no notification: it would swallow the one that is to leave.
    assert_eq!(forge(&school.claire), Err(Refused::Audience));
    assert!(matches!(tell(db, NOW, &id).unwrap(), Told::Sent(_)));
    // Once it has left there is no second one, even for an editor.
    assert_eq!(forge(&school.claire), Err(Refused::Audience));
}

#[test]
fn a_kill_between_two_statements_is_made_good_and_late_is_harmless() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let id = school.make(&told(), &Publication::Now).unwrap();
    // The message was written, not sent; then the event was changed in what is no version, and the clock comes twice.
    let desk = counter::Desk { database: db, now: NOW };
    let draft = counter::Draft { subject: "Autre texte".into(), ..counter::Draft::default() };
    counter::save(desk, claire, None, &draft, Some(&format!("agenda-{id}-0"))).unwrap();
    assert_eq!((publish_due(db, NOW).unwrap().told, publish_due(db, NOW).unwrap().told), (1, 0));
    assert_eq!(school.count(&format!("message WHERE idempotency_key = 'agenda-{id}-0'")), 1);
    // The clock stood still until the event was over: nobody is told of it any more.
    let planned = school.make(&told(), &Publication::At("2026-11-01T08:00".into())).unwrap();
    let due = publish_due(db, NOW + 90 * 86_400_000).unwrap();
    assert_eq!((due.published, due.told), (1, 0));
    assert_eq!(school.count(&format!("event WHERE id = '{planned}' AND owes")), 0);
    let closed = school.make(&told(), &Publication::Now).unwrap();
    db.batch(&format!("UPDATE rubrique SET closed_at = 1 WHERE id = '{RUBRIQUE}'")).unwrap();
    assert_eq!(tell(db, NOW, &closed).unwrap(), Told::Refused(Refused::Audience));
}

/// A database where somebody else does something just before a message is submitted, once.
struct Meanwhile<'a> {
    school: &'a School,
    act: std::cell::Cell<Option<&'a dyn Fn()>>,
}

impl Database for Meanwhile<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, store::Error> {
        if statement.contains("INSERT INTO submission")
            && let Some(act) = self.act.take()
        {
            act();
        }
        self.school.db.execute(statement, parameters)
    }
}

#[test]
fn what_changes_while_a_notification_leaves_is_told() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let moved = Content { place: "Gymnase".into(), ..told() };
    let during = |id: &str, act: &dyn Fn()| {
        let meanwhile = Meanwhile { school: &school, act: std::cell::Cell::new(Some(act)) };
        let told = tell(&meanwhile, NOW, id).unwrap();
        assert!(meanwhile.act.take().is_none(), "nothing was submitted");
        told
    };
    let bodies = |id: &str| {
        let of = format!("m.idempotency_key LIKE 'agenda-{id}-%'");
        let drafts =
            format!("message m WHERE {of} AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message_id = m.id)");
        assert_eq!(school.count(&drafts), 0, "what was superseded is thrown away");
        school.text(&format!("SELECT coalesce(group_concat(m.body_html), '') FROM message m WHERE {of}"))
    };
    // Moved while the first one leaves: people are told of the place as it is, once.
    let first = school.make(&told(), &Publication::Now).unwrap();
    let act = || change(db, NOW, claire, &first, &moved, &Publication::Draft).unwrap();
    assert!(matches!(during(&first, &act), Told::Sent(_)));
    let body = bodies(&first);
    assert!(
        body.contains("Gymnase") && body.contains("Événement ajouté") && !body.contains("Salle polyvalente"),
        "{body}"
    );
    // Called off while the change leaves.
    change(db, NOW, claire, &first, &told(), &Publication::Draft).unwrap();
    assert!(matches!(during(&first, &|| cancel(db, NOW, claire, &first).unwrap()), Told::Sent(_)));
    let body = bodies(&first);
    assert!(body.contains("Événement annulé") && !body.contains("Événement modifié"), "{body}");
    assert_eq!(tell(db, NOW, &first).unwrap(), Told::Nothing);
    // Called off before anybody was told: nobody is.
    let second = school.make(&told(), &Publication::Now).unwrap();
    assert_eq!(during(&second, &|| cancel(db, NOW, claire, &second).unwrap()), Told::Nothing);
    assert_eq!(bodies(&second), "");
}
