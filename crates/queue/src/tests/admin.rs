use store::{Database, params};

use super::{
    ADMIN, CAMILLE, Fixed, LEA, NOW, OTHER_ADMIN, Told, UAI, count, delivery, id, message, queued, school, state,
};
use crate::backoff::HOUR;
use crate::{Action, Limits, Outcome, State, Target, act, drain, list, pauses, resume, summaries};
use mail::{Disposition, Reply};

#[test]
fn only_who_manages_the_establishment_sees_and_acts() {
    let database = school();
    queued(&database, 3);
    let one = id('D', 0);
    for stranger in [OTHER_ADMIN, CAMILLE] {
        assert!(list(&database, stranger, UAI, &[], None, 10).unwrap().items.is_empty());
        for action in [Action::Hold, Action::Release, Action::Requeue, Action::Cancel] {
            assert_eq!(act(&database, stranger, action, Target::One(&one), NOW).unwrap(), Outcome::NotFound);
            assert_eq!(act(&database, stranger, action, Target::All(UAI), NOW).unwrap(), Outcome::Done(0));
        }
    }
    assert_eq!(count(&database, "delivery WHERE state = 'pending'"), 3);
    assert_eq!(list(&database, ADMIN, UAI, &[], None, 10).unwrap().items.len(), 3);
    assert!(summaries(&database, CAMILLE, NOW).unwrap().is_empty());
}

#[test]
fn a_list_comes_in_pages_newest_first() {
    let database = school();
    queued(&database, 7);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = list(&database, ADMIN, UAI, &[State::Pending, State::Leased], after.as_deref(), 3).unwrap();
        seen.extend(page.items.iter().map(|item| item.id.clone()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..7).rev().map(|n| id('D', n)).collect::<Vec<_>>());
    assert!(list(&database, ADMIN, UAI, &[State::Sent], None, 3).unwrap().items.is_empty());
}

#[test]
fn a_delivery_is_held_released_and_called_off() {
    let database = school();
    queued(&database, 1);
    let one = id('D', 0);
    let act = |action, now| act(&database, ADMIN, action, Target::One(&one), now).unwrap();
    assert_eq!(act(Action::Hold, NOW), Outcome::Done(1));
    assert_eq!(act(Action::Hold, NOW), Outcome::WrongState(State::Held));
    let mut transport = Told::default();
    drain(&database, &mut transport, &mut Fixed::at(NOW + 60 * HOUR), &Limits::default()).unwrap();
    assert!(transport.given.is_empty());
    assert_eq!(act(Action::Release, NOW + 60 * HOUR), Outcome::Done(1));
    assert_eq!(state(&database, &one), ("pending".to_owned(), 0, NOW + 60 * HOUR));
    assert_eq!(act(Action::Cancel, NOW), Outcome::Done(1));
    assert_eq!(act(Action::Requeue, NOW), Outcome::WrongState(State::Cancelled));
}

#[test]
fn what_failed_is_tried_again_from_the_start_and_keeps_its_history() {
    let database = school();
    queued(&database, 2);
    let refused = || Disposition::Reject(Reply::new("5.7.1", "relay denied"));
    drain(&database, &mut Told::with([refused(), refused()]), &mut Fixed::at(NOW), &Limits::default()).unwrap();
    assert_eq!(act(&database, ADMIN, Action::Requeue, Target::All(UAI), NOW + HOUR).unwrap(), Outcome::Done(2));
    assert_eq!(state(&database, &id('D', 0)), ("pending".to_owned(), 0, NOW + HOUR));
    let report = drain(&database, &mut Told::default(), &mut Fixed::at(NOW + HOUR), &Limits::default()).unwrap();
    assert_eq!(report.sent, 2);
    assert_eq!(count(&database, "delivery_attempt WHERE attempt = 2 AND outcome = 'sent'"), 2);
}

#[test]
fn a_mail_whose_code_is_gone_is_not_tried_again() {
    let database = school();
    database
        .execute(
            "INSERT INTO notice (message_id, person_id, kind, address, subject, body_text, created_at) VALUES (?1, ?2, 'verification', 'x@y.fr', 'Code', '1234', ?3)",
            params![id('N', 1), LEA, NOW],
        )
        .unwrap();
    let refused = Disposition::Reject(Reply::new("5.1.1", ""));
    let mut transport = Told::with([refused]);
    drain(&database, &mut transport, &mut Fixed::at(NOW), &Limits::default()).unwrap();
    assert!(String::from_utf8(transport.given[0].2.clone()).unwrap().contains("1234"));
    assert_eq!(count(&database, "message WHERE body_text = ''"), 1);
    assert_eq!(act(&database, ADMIN, Action::Requeue, Target::All(UAI), NOW).unwrap(), Outcome::Done(0));
}

#[test]
fn the_summary_counts_by_state() {
    let database = school();
    queued(&database, 4);
    act(&database, ADMIN, Action::Hold, Target::One(&id('D', 3)), NOW).unwrap();
    let summary = summaries(&database, ADMIN, NOW).unwrap().pop().unwrap();
    let of = |state| summary.counts.iter().find(|(s, _)| *s == state).unwrap().1;
    assert_eq!(
        (summary.name.as_str(), of(State::Pending), of(State::Held), of(State::Sent)),
        ("Lycée Jaurès", 3, 1, 0)
    );
    assert_eq!(summary.oldest, Some(NOW));
}

#[test]
fn a_pause_is_shown_and_ended_by_an_administrator() {
    let database = school();
    let message = message(&database, 1, Some(CAMILLE));
    delivery(&database, 1, &message, LEA, NOW);
    let down = Disposition::Unavailable(Reply::new("4.4.1", "connection refused"));
    drain(&database, &mut Told::with([down]), &mut Fixed::at(NOW), &Limits::default()).unwrap();
    let pause = pauses(&database, NOW).unwrap().pop().unwrap();
    assert_eq!((pause.relay.as_str(), pause.failures), ("192.0.2.1:25", 1));
    assert_eq!(pause.reason, "le serveur ne répond pas (4.4.1)");
    assert!(!resume(&database, CAMILLE, &pause.relay).unwrap());
    assert!(resume(&database, ADMIN, &pause.relay).unwrap());
    assert!(pauses(&database, NOW).unwrap().is_empty());
}
