use agenda::{Content, Publication, Refusal, calendar_of, calendar_of_one, cancel, feeds, open_feed, revoke_feed};

use crate::school::{NOW, OFFICE, RUBRIQUE, School, evening, refusal};

#[test]
fn a_private_link_shows_what_its_owner_may_read_now() {
    let school = School::open();
    let (db, claire, lina) = (&school.db, &school.claire, &school.lina);
    let id = school.make(&evening(), &Publication::Now).unwrap();
    school.make(&Content { title: "Brouillon secret".into(), ..evening() }, &Publication::Draft).unwrap();
    let office = school
        .make_as(&school.sophie, OFFICE, &Content { title: "Conseil restreint".into(), ..evening() }, &Publication::Now)
        .unwrap();
    open_feed(db, NOW, lina, Some(RUBRIQUE), "token-of-lina").unwrap();
    open_feed(db, NOW, claire, None, "token-of-claire").unwrap();
    assert_eq!(refusal(open_feed(db, NOW, lina, Some(OFFICE), "x")), Refusal::NotFound);
    assert_eq!(refusal(open_feed(db, NOW, &school.stranger, Some(RUBRIQUE), "x")), Refusal::NotFound);
    let lina_feed = calendar_of(db, NOW, "token-of-lina").unwrap().unwrap();
    assert!(
        lina_feed.contains("Réunion parents-professeurs") && lina_feed.contains("X-WR-CALNAME:Classe de 6A"),
        "{lina_feed}"
    );
    assert!(!lina_feed.contains("METHOD") && !lina_feed.contains("ATTENDEE") && !lina_feed.contains("ORGANIZER"));
    let claire_feed = calendar_of(db, NOW, "token-of-claire").unwrap().unwrap();
    assert!(
        !claire_feed.contains("Brouillon secret") && !claire_feed.contains("Conseil restreint"),
        "drafts are no one's feed"
    );
    open_feed(db, NOW, &school.sophie, None, "token-of-sophie").unwrap();
    assert!(calendar_of(db, NOW, "token-of-sophie").unwrap().unwrap().contains("Conseil restreint"));
    cancel(db, NOW, claire, &id).unwrap();
    assert!(calendar_of(db, NOW, "token-of-lina").unwrap().unwrap().contains("STATUS:CANCELLED"));

    // Another link replaces the first; one's own is taken back; nobody else's is touched.
    open_feed(db, NOW + 1, lina, Some(RUBRIQUE), "second").unwrap();
    assert_eq!(calendar_of(db, NOW, "token-of-lina").unwrap(), None);
    assert_eq!(feeds(db, lina).unwrap().len(), 1);
    assert_eq!(refusal(revoke_feed(db, claire, Some(RUBRIQUE))), Refusal::NotFound);
    revoke_feed(db, lina, Some(RUBRIQUE)).unwrap();
    assert_eq!((calendar_of(db, NOW, "second").unwrap(), feeds(db, lina).unwrap().len()), (None, 0));

    // Read no more, or blocked: nothing.
    open_feed(db, NOW, lina, Some(RUBRIQUE), "third").unwrap();
    open_feed(db, NOW, lina, None, "fourth").unwrap();
    db.batch(&format!(
        "CREATE TEMP TABLE kept AS SELECT * FROM membership; DELETE FROM membership WHERE person_id = '{lina}'"
    ))
    .unwrap();
    assert_eq!(calendar_of(db, NOW, "third").unwrap(), None);
    assert!(!calendar_of(db, NOW, "fourth").unwrap().unwrap().contains("VEVENT"));
    db.batch(&format!(
        "INSERT OR IGNORE INTO membership SELECT * FROM kept; UPDATE person SET blocked_at = 1 WHERE id = '{lina}'"
    ))
    .unwrap();
    for token in ["third", "fourth", "", "' OR 1 = 1 --"] {
        assert_eq!(calendar_of(db, NOW, token).unwrap(), None, "{token}");
    }
    assert!(school.seen(&school.sophie, &office).is_some());
    assert_eq!(school.count("agenda_feed WHERE token_hash IN ('third', 'token-of-claire')"), 0, "only hashes are kept");
}

#[test]
fn one_event_is_a_file() {
    let school = School::open();
    let id = school.make(&evening(), &Publication::Now).unwrap();
    let event = school.seen(&school.lina, &id).unwrap();
    let file = calendar_of_one(&event);
    assert!(file.contains("DTSTART;TZID=Europe/Paris:20261103T180000\r\n") && file.contains("BEGIN:VTIMEZONE"));
    assert!(!file.contains("CALNAME"));
}
