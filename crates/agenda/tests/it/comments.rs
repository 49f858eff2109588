use agenda::{CommentState, Content, FollowUp, Publication, Refusal, comment, comments, decide};

use crate::school::{NOW, School, evening, refusal};

fn seen(school: &School, by: &str, event: &str) -> Vec<(String, CommentState)> {
    comments(&school.db, by, event, None, 100).unwrap().into_iter().map(|c| (c.text, c.state)).collect()
}

#[test]
fn moderated_comments_wait_for_an_editor() {
    let school = School::open();
    let (db, claire, lina, karim) = (&school.db, &school.claire, &school.lina, &school.karim);
    let id = school.make(&Content { follow_up: FollowUp::Moderated, ..evening() }, &Publication::Now).unwrap();
    let (first, second) = ("01K9C000000000000000000001", "01K9C000000000000000000002");
    assert_eq!(comment(db, NOW, lina, &id, first, "Faut-il venir avec le carnet ?").unwrap(), CommentState::Pending);
    let waiting = vec![("Faut-il venir avec le carnet ?".to_owned(), CommentState::Pending)];
    assert_eq!(
        (seen(&school, lina, &id), seen(&school, claire, &id), seen(&school, karim, &id)),
        (waiting.clone(), waiting, vec![])
    );
    assert_eq!(comment(db, NOW, claire, &id, second, "Oui.").unwrap(), CommentState::Shown, "an editor needs no leave");
    for person in [lina, karim, &school.other, &school.stranger] {
        assert_eq!(refusal(decide(db, NOW, person, &id, first, true)), Refusal::NotFound);
    }
    decide(db, NOW, claire, &id, first, true).unwrap();
    assert_eq!(seen(&school, karim, &id).len(), 2);
    decide(db, NOW, claire, &id, first, false).unwrap();
    assert_eq!(seen(&school, karim, &id), [("Oui.".to_owned(), CommentState::Shown)]);
    assert_eq!(refusal(decide(db, NOW, claire, &id, first, true)), Refusal::NotFound, "taken away for good");
    // Of another event.
    let other = school.make(&Content { follow_up: FollowUp::Open, ..evening() }, &Publication::Now).unwrap();
    assert_eq!(refusal(decide(db, NOW, claire, &other, second, false)), Refusal::NotFound);
}

#[test]
fn open_comments_are_seen_at_once_by_those_who_read() {
    let school = School::open();
    let db = &school.db;
    let id = school.make(&Content { follow_up: FollowUp::Open, ..evening() }, &Publication::Now).unwrap();
    let key = "01K9C000000000000000000001";
    for _ in 0..2 {
        assert_eq!(comment(db, NOW, &school.lina, &id, key, "Bonjour\nà tous").unwrap(), CommentState::Shown);
    }
    assert_eq!(seen(&school, &school.karim, &id).len(), 1);
    assert_eq!(refusal(comment(db, NOW, &school.karim, &id, key, "Pris ?")), Refusal::NotAsked, "another's id");
    for person in [&school.other, &school.stranger] {
        assert_eq!(refusal(comment(db, NOW, person, &id, "01K9C000000000000000000002", "x")), Refusal::NotFound);
        assert!(seen(&school, person, &id).is_empty());
    }
    for text in ["", "  ", "a\u{7}", &"é".repeat(2001)] {
        assert_eq!(
            refusal(comment(db, NOW, &school.lina, &id, "01K9C000000000000000000003", text)),
            Refusal::Field("text")
        );
    }
    let off = school.make(&evening(), &Publication::Now).unwrap();
    assert_eq!(refusal(comment(db, NOW, &school.lina, &off, "01K9C000000000000000000004", "x")), Refusal::NotAsked);
}
