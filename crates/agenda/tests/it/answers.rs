use agenda::{Content, Counts, Page, Publication, Refusal, answer, answers, cancel, change, counts, tell};
use calendar::Participation::{Accepted, Declined, Delegated, NeedsAction};

use crate::school::{HOUR, NOW, RELATIVES, School, evening, refusal, told};

const SIX: i64 = 1_793_725_200_000;

#[test]
fn readers_answer_until_it_begins_and_change_their_minds() {
    let school = School::open();
    let (db, claire, lina) = (&school.db, &school.claire, &school.lina);
    let id = school.make(&told(), &Publication::Now).unwrap();
    tell(db, NOW, &id).unwrap();
    let readers = u32::try_from(school.count("invitation")).unwrap();
    assert_eq!(counts(db, claire, &id).unwrap(), Counts { waiting: readers, ..Counts::default() });
    answer(db, NOW, lina, &id, Accepted, " J’y serai ").unwrap();
    answer(db, NOW, &school.karim, &id, Accepted, "").unwrap();
    answer(db, NOW + 1, lina, &id, Declined, "Je ne suis pas encore rentrée de vacances !").unwrap();
    assert_eq!(
        counts(db, claire, &id).unwrap(),
        Counts { accepted: 1, declined: 1, tentative: 0, waiting: readers - 2 }
    );
    let mine = school.seen(lina, &id).unwrap().answer.unwrap();
    assert_eq!((mine.participation, mine.comment.as_str()), (Declined, "Je ne suis pas encore rentrée de vacances !"));
    assert!(school.seen(&school.karim, &id).unwrap().answer.unwrap().participation == Accepted);
    for person in [&school.other, &school.stranger] {
        assert_eq!(refusal(answer(db, NOW, person, &id, Accepted, "")), Refusal::NotFound);
    }
    assert_eq!(refusal(answer(db, NOW, lina, &id, NeedsAction, "")), Refusal::Field("answer"));
    assert_eq!(refusal(answer(db, NOW, lina, &id, Delegated, "")), Refusal::Field("answer"));
    assert_eq!(refusal(answer(db, NOW, lina, &id, Accepted, &"é".repeat(1001))), Refusal::Field("comment"));
    answer(db, SIX - 1, lina, &id, Accepted, "").unwrap();
    assert_eq!(refusal(answer(db, SIX, lina, &id, Accepted, "")), Refusal::Begun);
    let quiet = school.make(&evening(), &Publication::Now).unwrap();
    assert_eq!(refusal(answer(db, NOW, lina, &quiet, Accepted, "")), Refusal::NotAsked);
    cancel(db, NOW, claire, &id).unwrap();
    assert_eq!(refusal(answer(db, NOW, lina, &id, Accepted, "")), Refusal::State);
}

#[test]
fn other_dates_are_another_question() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let id = school.make(&told(), &Publication::Now).unwrap();
    tell(db, NOW, &id).unwrap();
    answer(db, NOW, &school.lina, &id, Accepted, "oui").unwrap();
    change(db, NOW, claire, &id, &Content { place: "Gymnase".into(), ..told() }, &Publication::Draft).unwrap();
    assert_eq!(counts(db, claire, &id).unwrap().accepted, 1, "another place is the same question");
    change(db, NOW, claire, &id, &Content { starts: "2026-11-03T17:00".into(), ..told() }, &Publication::Draft)
        .unwrap();
    assert_eq!(counts(db, claire, &id).unwrap().accepted, 0);
    assert!(school.seen(&school.lina, &id).unwrap().answer.is_none());
    let page = answers(db, claire, &id, Page { after: None, limit: 1000 }).unwrap();
    let lina = page.items.iter().find(|a| a.person == school.lina).unwrap();
    assert!(lina.stale && lina.participation == Some(Accepted));
    answer(db, NOW + HOUR, &school.lina, &id, Declined, "").unwrap();
    assert_eq!(counts(db, claire, &id).unwrap().declined, 1);
}

#[test]
fn the_table_goes_by_name_across_pages() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    // Nobody was told: those who read are expected.
    let id = school.make(&Content { confirmation: true, ..evening() }, &Publication::Now).unwrap();
    let whole = answers(db, claire, &id, Page { after: None, limit: 1000 }).unwrap();
    assert!(whole.items.len() > 20 && whole.next.is_none());
    let total = counts(db, claire, &id).unwrap();
    assert_eq!(total.waiting as usize, whole.items.len());
    let mut paged = Vec::new();
    let mut after: Option<(String, String)> = None;
    loop {
        let from = after.as_ref().map(|(name, id)| (name.as_str(), id.as_str()));
        let page = answers(db, claire, &id, Page { after: from, limit: 7 }).unwrap();
        paged.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(paged, whole.items);
    // An empty rubrique has an empty table, not none.
    let office = school.make_as(&school.sophie, crate::school::OFFICE, &told(), &Publication::Now).unwrap();
    assert!(answers(db, &school.sophie, &office, Page { after: None, limit: 7 }).unwrap().items.is_empty());
    assert_eq!(counts(db, &school.sophie, &office).unwrap(), Counts::default());
}

#[test]
fn an_editor_is_not_told_who_is_in_what_she_may_not_write_to() {
    let school = School::open();
    let (db, claire) = (&school.db, &school.claire);
    let id = school.make(&evening(), &Publication::Now).unwrap();
    let seen = || {
        let items = answers(db, claire, &id, Page { after: None, limit: 1000 }).unwrap().items;
        assert_eq!(counts(db, claire, &id).unwrap().waiting as usize, items.len());
        [&school.lina, &school.karim].map(|person| items.iter().any(|item| item.person == *person))
    };
    assert_eq!(seen(), [true, true]);
    let relatives = format!("(SELECT group_id FROM population WHERE id = '{RELATIVES}')");
    db.batch(&format!("UPDATE person_group SET members_hidden = 1 WHERE id IN {relatives}")).unwrap();
    assert_eq!(seen(), [true, false]);
    db.batch("DELETE FROM rule").unwrap();
    assert_eq!(seen(), [false, false]);
}
