use agenda::{
    Content, List, Notify, Publication, Refusal, State, cancel, change, discard, events, publish, publish_due,
    rubriques,
};

use crate::school::{HOUR, NOW, OFFICE, RELATIVES, RUBRIQUE, STUDENTS, School, evening, refusal};

fn ids(school: &School, viewer: &str, rubrique: Option<&str>, from: i64, until: i64) -> Vec<String> {
    let list = List { rubrique, from, until, after: None, limit: 100 };
    events(&school.db, viewer, &list)
        .unwrap()
        .into_iter()
        .filter(|e| e.rubrique.id == RUBRIQUE || e.rubrique.id == OFFICE)
        .map(|e| e.id)
        .collect()
}

#[test]
fn editors_make_and_readers_see_what_is_published() {
    let school = School::open();
    let (claire, lina) = (&school.claire, &school.lina);
    let draft = school.make(&evening(), &Publication::Draft).unwrap();
    assert_eq!(school.seen(claire, &draft).unwrap().state, State::Draft);
    assert!(school.seen(lina, &draft).is_none(), "a draft is for editors");
    assert!(ids(&school, lina, None, 0, i64::MAX).is_empty());
    assert_eq!(ids(&school, claire, Some(RUBRIQUE), 0, i64::MAX), [draft.as_str()]);
    publish(&school.db, NOW, claire, &draft).unwrap();
    let event = school.seen(lina, &draft).unwrap();
    assert_eq!(
        (event.state, event.title.as_str(), event.stored.starts_at),
        (State::Published, "Réunion parents-professeurs", 1_793_725_200_000)
    );
    assert_eq!((event.organizer.as_str(), event.rubrique.edits), ("Claire Lefèvre", false));
    assert_eq!(event.url, format!("https://ent.example/broadcast/agenda/events/{draft}"));
    assert_eq!(event.uid, format!("{}@ent.example", draft.to_lowercase()));
    assert_eq!(refusal(publish(&school.db, NOW, claire, &draft)), Refusal::State);
    for person in [&school.karim, &school.sophie] {
        assert!(school.seen(person, &draft).is_some(), "a relative reads, an administrator edits");
    }
    for person in [&school.other, &school.stranger] {
        assert!(school.seen(person, &draft).is_none());
    }
    assert_eq!(rubriques(&school.db, lina).unwrap().iter().filter(|r| r.id == RUBRIQUE && !r.edits).count(), 1);
    assert!(rubriques(&school.db, &school.stranger).unwrap().iter().all(|r| r.id != RUBRIQUE));
}

#[test]
fn nobody_else_changes_anything() {
    let school = School::open();
    let id = school.make(&evening(), &Publication::Now).unwrap();
    let draft = school.make(&evening(), &Publication::Draft).unwrap();
    let before = school.text("SELECT group_concat(id || title || state || revised_at || sequence) FROM event");
    for (person, why) in [
        (&school.lina, "reader"),
        (&school.karim, "reader"),
        (&school.other, "nobody"),
        (&school.stranger, "elsewhere"),
    ] {
        let db = &school.db;
        let other = Content { title: "Autre".into(), ..evening() };
        for result in [
            school.make_as(person, RUBRIQUE, &evening(), &Publication::Now).map(|_| ()),
            change(db, NOW, person, &id, &other, &Publication::Draft),
            publish(db, NOW, person, &draft),
            cancel(db, NOW, person, &id),
            discard(db, person, &draft),
            agenda::decide(db, NOW, person, &id, &id, true),
            agenda::counts(db, person, &id).map(|_| ()),
            agenda::answers(db, person, &id, agenda::Page { after: None, limit: 10 }).map(|_| ()),
        ] {
            assert_eq!(refusal(result), Refusal::NotFound, "{why}");
        }
    }
    assert_eq!(refusal(school.make_as(&school.claire, OFFICE, &evening(), &Publication::Now)), Refusal::NotFound);
    assert_eq!(school.text("SELECT group_concat(id || title || state || revised_at || sequence) FROM event"), before);
}

#[test]
fn a_published_event_has_versions_and_a_cancelled_one_stays() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let draft = school.make(&evening(), &Publication::Draft).unwrap();
    change(db, NOW, claire, &draft, &Content { title: "Autre".into(), ..evening() }, &Publication::Draft).unwrap();
    assert_eq!(school.seen(claire, &draft).unwrap().sequence, 0, "drafts have no versions");
    discard(db, claire, &draft).unwrap();
    assert!(school.seen(claire, &draft).is_none());

    let id = school.make(&evening(), &Publication::Now).unwrap();
    let sequence = || school.seen(claire, &id).unwrap().sequence;
    change(db, NOW, claire, &id, &evening(), &Publication::Draft).unwrap();
    assert_eq!(sequence(), 0, "nothing that people see has changed");
    change(db, NOW, claire, &id, &Content { place: "Gymnase".into(), ..evening() }, &Publication::Draft).unwrap();
    assert_eq!(sequence(), 1);
    assert_eq!(refusal(discard(db, claire, &id)), Refusal::State);
    cancel(db, NOW + 5, &school.sophie, &id).unwrap();
    assert_eq!(sequence(), 2);
    assert_eq!(school.seen(&school.lina, &id).unwrap().state, State::Cancelled);
    assert_eq!(refusal(cancel(db, NOW, claire, &id)), Refusal::State);
    assert_eq!(refusal(change(db, NOW, claire, &id, &evening(), &Publication::Now)), Refusal::State);
}

#[test]
fn publication_by_itself_happens_once_whenever_the_clock_comes() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    // 2026-10-02T08:00 in Paris is 06:00 UTC: a day from now.
    let id = school.make(&evening(), &Publication::At("2026-10-02T08:00".into())).unwrap();
    let other = school.make(&evening(), &Publication::Draft).unwrap();
    assert_eq!(school.seen(claire, &id).unwrap().publish_at, Some(NOW + 24 * HOUR));
    assert_eq!(publish_due(db, NOW + 24 * HOUR - 1).unwrap().published, 0);
    assert_eq!(publish_due(db, NOW + 30 * HOUR).unwrap().published, 1);
    assert_eq!(publish_due(db, NOW + 30 * HOUR).unwrap().published, 0);
    assert_eq!(school.seen(&school.lina, &id).unwrap().state, State::Published);
    assert_eq!(school.seen(claire, &other).unwrap().state, State::Draft);
    assert_eq!(refusal(school.make(&evening(), &Publication::At("bientôt".into()))), Refusal::Field("publish_at"));
}

#[test]
fn the_same_request_twice_makes_one_event() {
    let school = School::open();
    for _ in 0..2 {
        agenda::make(
            &school.db,
            NOW,
            &school.claire,
            RUBRIQUE,
            "01K9000000000000000000000A",
            &evening(),
            &Publication::Now,
            None,
        )
        .unwrap();
    }
    assert_eq!(school.count("event WHERE id = '01K9000000000000000000000A'"), 1);
}

#[test]
fn whom_to_tell_is_within_the_rubrique_and_the_rights() {
    let school = School::open();
    let with = |notify| Content { notify, ..evening() };
    assert!(school.make(&with(Notify::Population(STUDENTS.into())), &Publication::Draft).is_ok());
    let elsewhere = Notify::Population("01K9P0P0000000000000000000".into());
    assert_eq!(refusal(school.make(&with(elsewhere), &Publication::Draft)), Refusal::Population);
    // Of another rubrique.
    assert_eq!(
        refusal(school.make_as(
            &school.sophie,
            OFFICE,
            &with(Notify::Population(RELATIVES.into())),
            &Publication::Draft
        )),
        Refusal::Population
    );
    // The rules do not let teachers write to these relatives any more.
    school.db.batch("DELETE FROM rule; UPDATE person_group SET participation = 'none'").unwrap();
    assert_eq!(
        refusal(school.make(&with(Notify::Population(RELATIVES.into())), &Publication::Draft)),
        Refusal::Population
    );
}

#[test]
fn lists_go_by_start_across_pages_and_months() {
    let school = School::open();
    let days =
        |starts: &str, ends: &str| Content { all_day: true, starts: starts.into(), ends: ends.into(), ..evening() };
    let mut made = Vec::new();
    for content in [
        days("2026-10-05", "2026-10-05"),
        days("2026-10-30", "2026-11-02"),
        evening(),
        evening(),
        days("2026-12-01", "2026-12-01"),
    ] {
        made.push(school.make(&content, &Publication::Now).unwrap());
    }
    made[2..4].sort();
    let november = (1_793_487_600_000, 1_796_079_600_000);
    assert_eq!(
        ids(&school, &school.lina, Some(RUBRIQUE), november.0, november.1),
        made[1..4],
        "what goes on, and what begins"
    );
    let mut after: Option<(i64, String)> = None;
    let mut paged = Vec::new();
    loop {
        let list = List {
            rubrique: Some(RUBRIQUE),
            from: 0,
            until: i64::MAX,
            after: after.as_ref().map(|(at, id)| (*at, id.as_str())),
            limit: 2,
        };
        let page = events(&school.db, &school.lina, &list).unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.stored.starts_at, last.id.clone()));
        paged.extend(page.into_iter().map(|e| e.id));
    }
    assert_eq!(paged, made);
}
