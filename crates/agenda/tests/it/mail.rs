use agenda::{Content, Outcome, Publication, answer, answer_by_mail, cancel, change, counts, tell};
use calendar::Participation::{self, Accepted, Declined, Delegated, NeedsAction, Tentative};
use calendar::reply::Reply;

use crate::school::{HOUR, NOW, School, told};

const SIX: i64 = 1_793_725_200_000;

struct Asked {
    school: School,
    id: String,
    token: String,
}

/// An event of which Karim was told.
fn asked() -> Asked {
    let school = School::open();
    let id = school.make(&told(), &Publication::Now).unwrap();
    tell(&school.db, NOW, &id).unwrap();
    let token = school.token(&id, &school.karim);
    Asked { school, id, token }
}

impl Asked {
    fn reply(&self, participation: Participation, sequence: u32, stamp: i64) -> Reply {
        Reply {
            uid: self.school.seen(&self.school.claire, &self.id).unwrap().uid,
            sequence,
            recurrence_id: None,
            participation,
            comment: format!("à {stamp}"),
            stamp: Some(stamp),
            attendee: "anybody@example.org".into(),
        }
    }

    fn take(&self, now: i64, reply: &Reply) -> Outcome {
        answer_by_mail(&self.school.db, now, &self.token, reply).unwrap()
    }

    fn counted(&self) -> Option<Participation> {
        self.school.seen(&self.school.karim, &self.id).unwrap().answer.map(|answer| answer.participation)
    }

    fn change(&self, content: &Content) {
        change(&self.school.db, NOW, &self.school.claire, &self.id, content, &Publication::Draft).unwrap();
    }
}

#[test]
fn an_answer_by_mail_counts_once_and_the_latest_wins() {
    let asked = asked();
    let yes = asked.reply(Accepted, 0, NOW + HOUR);
    assert_eq!(asked.take(NOW + 2 * HOUR, &yes), Outcome::Taken);
    assert_eq!(asked.take(NOW + 3 * HOUR, &yes), Outcome::Overtaken, "the same mail again");
    assert_eq!(asked.take(NOW + 3 * HOUR, &asked.reply(Declined, 0, NOW)), Outcome::Overtaken, "an older one, late");
    assert_eq!(asked.counted(), Some(Accepted));
    assert_eq!(asked.take(NOW + 4 * HOUR, &asked.reply(Tentative, 0, NOW + 2 * HOUR)), Outcome::Taken);
    assert_eq!(counts(&asked.school.db, &asked.school.claire, &asked.id).unwrap().tentative, 1);
    // On the page since, and back by mail.
    answer(&asked.school.db, NOW + 5 * HOUR, &asked.school.karim, &asked.id, Declined, "").unwrap();
    assert_eq!(asked.take(NOW + 6 * HOUR, &asked.reply(Accepted, 0, NOW + 3 * HOUR)), Outcome::Overtaken);
    assert_eq!(asked.take(NOW + 7 * HOUR, &asked.reply(Accepted, 0, NOW + 6 * HOUR)), Outcome::Taken);
    // The token in capitals, as some relays write it.
    let again = asked.reply(Declined, 0, NOW + 7 * HOUR);
    assert_eq!(
        answer_by_mail(&asked.school.db, NOW + 8 * HOUR, &asked.token.to_uppercase(), &again).unwrap(),
        Outcome::Taken
    );
}

#[test]
fn a_clock_that_is_wrong_does_not_shut_the_door() {
    let asked = asked();
    assert_eq!(asked.take(NOW + HOUR, &asked.reply(Accepted, 0, i64::MAX)), Outcome::Taken);
    assert_eq!(asked.take(NOW + 3 * HOUR, &asked.reply(Declined, 0, NOW + 2 * HOUR)), Outcome::Taken);
    let unstamped = Reply { stamp: None, ..asked.reply(Accepted, 0, 0) };
    assert_eq!(asked.take(NOW + 4 * HOUR, &unstamped), Outcome::Taken);
}

#[test]
fn versions_are_told_apart() {
    let asked = asked();
    assert_eq!(asked.take(NOW, &asked.reply(Accepted, 1, NOW)), Outcome::Obsolete, "there is no such version yet");
    asked.change(&Content { title: "Réunion de 6A".into(), ..told() });
    assert_eq!(asked.take(NOW, &asked.reply(Accepted, 0, NOW)), Outcome::Taken, "the same dates");
    assert_eq!(asked.take(NOW + HOUR, &asked.reply(Declined, 1, NOW)), Outcome::Taken, "SEQUENCE before DTSTAMP");
    assert_eq!(asked.take(NOW + HOUR, &asked.reply(Accepted, 0, NOW + HOUR)), Outcome::Overtaken, "RFC 5546 §2.1.5");
    asked.change(&Content { starts: "2026-11-03T17:00".into(), ..told() });
    assert_eq!(asked.counted(), None);
    assert_eq!(asked.take(NOW + HOUR, &asked.reply(Accepted, 1, NOW + HOUR)), Outcome::Obsolete);
    assert_eq!(asked.take(NOW + HOUR, &asked.reply(Accepted, 2, NOW + HOUR)), Outcome::Taken);
    asked.change(&Content { confirmation: false, starts: "2026-11-03T17:00".into(), ..told() });
    assert_eq!(asked.take(NOW + HOUR, &asked.reply(Accepted, 3, NOW + 2 * HOUR)), Outcome::NotAsked);
}

#[test]
fn what_cannot_count_does_not() {
    let asked = asked();
    let db = &asked.school.db;
    assert_eq!(asked.take(NOW, &asked.reply(NeedsAction, 0, NOW)), Outcome::NoAnswer);
    assert_eq!(asked.take(NOW, &asked.reply(Delegated, 0, NOW)), Outcome::NoAnswer);
    let one_of_a_series = Reply { recurrence_id: Some("20261103T170000Z".into()), ..asked.reply(Accepted, 0, NOW) };
    assert_eq!(asked.take(NOW, &one_of_a_series), Outcome::NoAnswer);
    for (token, reply) in [
        ("0".repeat(32), asked.reply(Accepted, 0, NOW)),
        (String::new(), asked.reply(Delegated, 0, NOW)),
        ("' OR 1 = 1 --".into(), asked.reply(Accepted, 0, NOW)),
        (asked.token.clone(), Reply { uid: "other@ent.example".into(), ..asked.reply(Accepted, 0, NOW) }),
    ] {
        assert_eq!(answer_by_mail(db, NOW, &token, &reply).unwrap(), Outcome::Unknown, "{token}");
    }
    assert_eq!(asked.take(SIX, &asked.reply(Accepted, 0, NOW)), Outcome::Begun);
    db.batch(&format!("UPDATE person SET blocked_at = 1 WHERE id = '{}'", asked.school.karim)).unwrap();
    assert_eq!(asked.take(NOW, &asked.reply(Accepted, 0, NOW)), Outcome::Unknown);
    db.batch(&format!("UPDATE person SET blocked_at = NULL WHERE id = '{}'", asked.school.karim)).unwrap();
    cancel(db, NOW, &asked.school.claire, &asked.id).unwrap();
    assert_eq!(asked.take(NOW, &asked.reply(Accepted, 1, NOW)), Outcome::Cancelled);
    assert_eq!(asked.school.count("answer WHERE by_mail"), 0);
}
