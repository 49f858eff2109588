use std::sync::Barrier;

use agenda::{
    Content, Held, Kind, Publication, Refusal, ResourceContent, add_resource, cancel, change, change_resource, discard,
    publish, resources, retire_resource,
};
use store::File;

use crate::school::{BUS, HOUR, NOW, OFFICE, ROOM, School, evening, refusal};

/// 2026-11-03T18:00 in Paris.
const SIX: i64 = 1_793_725_200_000;

fn booked(starts: &str, ends: &str) -> Content {
    Content { starts: starts.into(), ends: ends.into(), resources: vec![ROOM.into()], ..evening() }
}

#[test]
fn nothing_is_booked_twice_and_the_refusal_says_by_whom() {
    let school = School::open();
    let first = school.make(&booked("2026-11-03T18:00", "2026-11-03T20:00"), &Publication::Now).unwrap();
    let held = Held {
        resource: "Salle d’essai".into(),
        by: Some((first.clone(), "Réunion parents-professeurs".into())),
        from: SIX,
        until: SIX + 2 * HOUR,
    };
    for (starts, ends) in [
        ("2026-11-03T19:59", "2026-11-03T21:00"),
        ("2026-11-03T17:00", "2026-11-03T18:01"),
        ("2026-11-03T18:30", "2026-11-03T19:00"),
        ("2026-11-02T08:00", "2026-11-06T18:00"),
    ] {
        assert_eq!(
            refusal(school.make(&booked(starts, ends), &Publication::Now)),
            Refusal::Booked(vec![held.clone()]),
            "{starts}"
        );
    }
    // One ends as the other begins; another room; whole days.
    school.make(&booked("2026-11-03T20:00", "2026-11-03T21:00"), &Publication::Now).unwrap();
    school.make(&Content { resources: vec![BUS.into()], ..evening() }, &Publication::Now).unwrap();
    let day = Content { all_day: true, ..booked("2026-11-03", "2026-11-03") };
    assert!(matches!(refusal(school.make(&day, &Publication::Now)), Refusal::Booked(held) if held.len() == 2));
    school.make(&Content { all_day: true, ..booked("2026-11-04", "2026-11-04") }, &Publication::Now).unwrap();
    // To somebody who may not see it, it is an event without a name.
    let office = school
        .make_as(&school.sophie, OFFICE, &booked("2026-12-01T10:00", "2026-12-01T11:00"), &Publication::Now)
        .unwrap();
    let Refusal::Booked(held) =
        refusal(school.make(&booked("2026-12-01T10:30", "2026-12-01T10:45"), &Publication::Now))
    else {
        panic!()
    };
    assert_eq!((held[0].by.clone(), held.len()), (None, 1));
    assert_eq!(school.count(&format!("booking WHERE event_id = '{office}'")), 1);
}

#[test]
fn drafts_hold_nothing_but_those_to_be_published_do() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let content = booked("2026-11-03T18:00", "2026-11-03T20:00");
    let draft = school.make(&content, &Publication::Draft).unwrap();
    let planned = school.make(&content, &Publication::At("2026-10-20T08:00".into())).unwrap();
    assert!(
        matches!(refusal(publish(db, NOW, claire, &draft)), Refusal::Booked(held) if held[0].by.as_ref().unwrap().0 == planned)
    );
    discard(db, claire, &planned).unwrap();
    publish(db, NOW, claire, &draft).unwrap();
    assert!(matches!(refusal(school.make(&content, &Publication::Now)), Refusal::Booked(_)));
    cancel(db, NOW, claire, &draft).unwrap();
    school.make(&content, &Publication::Now).unwrap();
}

#[test]
fn a_change_books_again_or_changes_nothing() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let one = school.make(&booked("2026-11-03T18:00", "2026-11-03T20:00"), &Publication::Now).unwrap();
    school.make(&booked("2026-11-03T20:00", "2026-11-03T22:00"), &Publication::Now).unwrap();
    let moved = booked("2026-11-03T17:00", "2026-11-03T19:00");
    change(db, NOW, claire, &one, &moved, &Publication::Draft).unwrap();
    let late = booked("2026-11-03T19:00", "2026-11-03T21:00");
    assert!(matches!(refusal(change(db, NOW, claire, &one, &late, &Publication::Draft)), Refusal::Booked(_)));
    assert_eq!(school.seen(claire, &one).unwrap().stored.starts, "2026-11-03T17:00");
    assert_eq!(school.count(&format!("booking WHERE event_id = '{one}' AND starts_at = {}", SIX - HOUR)), 1);
    change(db, NOW, claire, &one, &Content { resources: vec![], ..late }, &Publication::Draft).unwrap();
    assert_eq!(school.count(&format!("booking WHERE event_id = '{one}'")), 0);
}

#[test]
fn resources_are_the_establishments_and_managed_by_its_administrators() {
    let school = School::open();
    let (db, sophie) = (&school.db, &school.sophie);
    let content =
        |name: &str| ResourceContent { kind: Kind::Equipment, name: name.into(), description: "16 postes".into() };
    let uai = school.text("SELECT uai FROM person WHERE login = 'sophie.legoff'");
    let other_uai = school.text(&format!("SELECT uai FROM establishment WHERE uai <> '{uai}'"));
    let id = "01K9R00000000000000000000A";
    for person in [&school.claire, &school.stranger, &school.lina] {
        assert_eq!(refusal(add_resource(db, NOW, person, &uai, id, &content("Chariot"))), Refusal::NotFound);
    }
    add_resource(db, NOW, sophie, &uai, id, &content("Chariot")).unwrap();
    assert_eq!(
        refusal(add_resource(db, NOW, sophie, &uai, "01K9R00000000000000000000B", &content("CHARIOT"))),
        Refusal::NameTaken
    );
    assert_eq!(
        refusal(add_resource(db, NOW, sophie, &other_uai, "01K9R00000000000000000000B", &content("Car"))),
        Refusal::NotFound
    );
    assert_eq!(refusal(change_resource(db, &school.stranger, id, &content("Car"))), Refusal::NotFound);
    change_resource(db, sophie, id, &content("Chariot 2")).unwrap();
    assert!(resources(db, &uai).unwrap().iter().any(|r| r.id == id && r.name == "Chariot 2"));
    let with = Content { resources: vec![id.into()], ..evening() };
    let event = school.make(&with, &Publication::Now).unwrap();
    assert_eq!(refusal(retire_resource(db, NOW, &school.claire, id)), Refusal::NotFound);
    retire_resource(db, NOW, sophie, id).unwrap();
    assert!(resources(db, &uai).unwrap().iter().all(|r| r.id != id));
    let next_day = Content { starts: "2026-11-04T18:00".into(), ends: "2026-11-04T19:00".into(), ..with.clone() };
    assert_eq!(refusal(school.make(&next_day, &Publication::Now)), Refusal::Resource);
    // The event that holds it keeps it, and may still be changed.
    change(db, NOW, &school.claire, &event, &next_day, &Publication::Draft).unwrap();
    assert_eq!(
        refusal(school.make(&Content { resources: vec!["x".into()], ..evening() }, &Publication::Draft)),
        Refusal::Resource
    );
    let many = Content { resources: vec![ROOM.into(); 21], ..evening() };
    assert_eq!(refusal(school.make(&many, &Publication::Draft)), Refusal::Field("resources"));
}

#[test]
fn of_many_at_once_one_has_the_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("school.db");
    let school = School::over(File::open(&path).unwrap());
    let barrier = Barrier::new(8);
    let won: usize = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8)
            .map(|number| {
                let (path, barrier, claire) = (&path, &barrier, &school.claire);
                scope.spawn(move || {
                    let db = File::open(path).unwrap();
                    barrier.wait();
                    let id = format!("01K900000000000000000000A{number}");
                    let content = booked("2026-11-03T18:00", "2026-11-03T20:00");
                    match agenda::make(
                        &db,
                        NOW,
                        claire,
                        crate::school::RUBRIQUE,
                        &id,
                        &content,
                        &Publication::Now,
                        None,
                    ) {
                        Ok(()) => 1,
                        other => {
                            assert!(matches!(refusal(other), Refusal::Booked(held) if held.len() == 1));
                            0
                        }
                    }
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
    assert_eq!(school.count(&format!("booking WHERE resource_id = '{ROOM}'")), 1);
}
