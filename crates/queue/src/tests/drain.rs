use mail::{Disposition, Reply};
use proptest::prelude::*;
use store::{Database, Error, File, Row, Value, params};

use super::{CAMILLE, Fixed, LEA, NOE, NOW, Told, count, delivery, id, message, queued, school, state};
use crate::backoff::{HOUR, MINUTE};
use crate::{Limits, Report, drain};

fn run(database: &dyn Database, transport: &mut Told, now: i64) -> Report {
    drain(database, transport, &mut Fixed::at(now), &Limits::default()).unwrap()
}

fn retry() -> Disposition {
    Disposition::Retry(Reply::new("4.2.2", "<perso0@fournisseur.example> over quota"))
}

fn unavailable() -> Disposition {
    Disposition::Unavailable(Reply::new("4.4.1", "connection refused"))
}

#[test]
fn what_is_due_is_sent_once_under_its_own_reverse_path() {
    let database = school();
    queued(&database, 25);
    let mut transport = Told::default();
    assert_eq!(run(&database, &mut transport, NOW), Report { sent: 25, ..Report::default() });
    assert_eq!(transport.given.len(), 25);
    let (name, envelope, _) = &transport.given[0];
    assert_eq!(envelope.recipient.as_str(), "perso0@fournisseur.example");
    let bounces = envelope.sender.as_ref().unwrap().as_str();
    assert_eq!(bounces, format!("rebond+{}@jaures.example", name.to_lowercase()));
    assert_eq!(run(&database, &mut transport, NOW + HOUR), Report::default());
    assert_eq!(
        count(&database, "delivery_attempt WHERE outcome = 'sent' AND attempt = 1 AND words = 'queued as 4X'"),
        25
    );
}

#[test]
fn recipients_of_one_message_get_the_same_bytes() {
    let database = school();
    let message = message(&database, 1, Some(CAMILLE));
    delivery(&database, 1, &message, LEA, NOW);
    delivery(&database, 2, &message, NOE, NOW);
    let mut transport = Told::default();
    run(&database, &mut transport, NOW);
    assert_eq!(transport.given.len(), 2);
    assert_eq!(transport.given[0].2, transport.given[1].2);
    let text = String::from_utf8(transport.given[0].2.clone()).unwrap();
    assert!(!text.contains("fournisseur.example"), "a redirect address is in the mail");
}

#[test]
fn the_service_has_the_null_reverse_path() {
    let database = school();
    let message = message(&database, 1, None);
    delivery(&database, 1, &message, LEA, NOW);
    let mut transport = Told::default();
    run(&database, &mut transport, NOW);
    assert_eq!(transport.given[0].1.sender, None);
    let text = String::from_utf8(transport.given[0].2.clone()).unwrap();
    assert!(text.contains("Auto-Submitted: auto-generated\r\n") && text.contains("<messagerie@jaures.example>"));
}

#[test]
fn a_mail_not_taken_now_comes_back_by_the_backoff_and_dies_at_its_end() {
    let database = school();
    queued(&database, 1);
    let (mut now, mut tries) = (NOW, 0);
    loop {
        let mut transport = Told::with([retry()]);
        let report = run(&database, &mut transport, now);
        tries += 1;
        let (state, attempts, due) = state(&database, &id('D', 0));
        assert_eq!(attempts, tries);
        if state == "dead" {
            assert_eq!(report.dead, 1);
            break;
        }
        assert_eq!((state.as_str(), report.deferred), ("pending", 1));
        assert_eq!(run(&database, &mut Told::default(), due - 1), Report::default());
        now = due;
    }
    assert!(now > NOW + 47 * HOUR && now < NOW + 48 * HOUR);
    assert_eq!(count(&database, "delivery_attempt"), tries);
    assert_eq!(count(&database, "delivery_attempt WHERE words = '<…> over quota' AND outcome = 'retry'"), tries);
    let body = database.first("SELECT body_text FROM notice", &[]).unwrap().unwrap();
    assert!(body.text(0).unwrap().ends_with("– Léa Martin : boîte pleine (4.2.2) ; abandonné après 48 heures"));
}

#[test]
fn an_unreachable_relay_is_left_alone_and_burns_no_attempt() {
    let database = school();
    queued(&database, 15);
    let mut transport = Told::with([unavailable()]);
    let report = run(&database, &mut transport, NOW);
    assert_eq!(report, Report { released: 10, paused_until: Some(NOW + MINUTE), ..Report::default() });
    assert_eq!(count(&database, "delivery WHERE state = 'pending' AND attempts = 0"), 15);
    assert_eq!(count(&database, "delivery_attempt"), 0);
    // While the pause lasts nothing is claimed.
    let mut transport = Told::default();
    assert_eq!(run(&database, &mut transport, NOW + MINUTE - 1).paused_until, Some(NOW + MINUTE));
    assert!(transport.given.is_empty());
    // Down again: longer.
    let report = run(&database, &mut Told::with([unavailable()]), NOW + MINUTE);
    assert_eq!(report.paused_until, Some(NOW + 3 * MINUTE));
    // Up again: forgotten.
    assert_eq!(run(&database, &mut Told::default(), NOW + 3 * MINUTE).sent, 15);
    assert_eq!(count(&database, "relay_pause"), 0);
}

#[test]
fn a_refused_mail_fails_at_once_and_its_author_is_told() {
    let database = school();
    queued(&database, 2);
    let mut transport = Told::with([Disposition::Reject(Reply::new("5.1.1", "<perso0@fournisseur.example>: unknown"))]);
    assert_eq!(run(&database, &mut transport, NOW), Report { sent: 1, failed: 1, ..Report::default() });
    let row = database
        .first("SELECT last_error, last_words, last_status FROM delivery WHERE state = 'failed'", &[])
        .unwrap()
        .unwrap();
    assert_eq!(row.text(0).unwrap(), "l’adresse n’existe pas (5.1.1)");
    assert_eq!(row.text(1).unwrap(), "<…>: unknown");
    assert_eq!(row.text(2).unwrap(), "5.1.1");
    assert_eq!(count(&database, &format!("notice WHERE kind = 'undelivered' AND person_id = '{CAMILLE}'")), 1);
}

#[test]
fn an_address_that_cannot_be_written_fails_without_reaching_the_relay() {
    let database = school();
    queued(&database, 1);
    database.execute("UPDATE delivery SET address = ?1", params!["a@b.fr>\r\nRCPT TO:<x@y.fr"]).unwrap();
    let mut transport = Told::default();
    assert_eq!(run(&database, &mut transport, NOW).failed, 1);
    assert!(transport.given.is_empty());
}

#[test]
fn urgent_mail_goes_first_and_deferred_mail_takes_its_turn() {
    let database = school();
    queued(&database, 3);
    database.execute("UPDATE delivery SET priority = 0 WHERE id = ?1", params![id('D', 2)]).unwrap();
    database.execute("UPDATE delivery SET due_at = due_at - 1000 WHERE id = ?1", params![id('D', 1)]).unwrap();
    let limits = Limits { batch: 1, ..Limits::default() };
    let mut transport = Told::default();
    drain(&database, &mut transport, &mut Fixed::at(NOW), &limits).unwrap();
    let order: Vec<_> = transport.given.iter().map(|(name, ..)| name.clone()).collect();
    assert_eq!(order, [id('D', 2), id('D', 1), id('D', 0)]);
}

#[test]
fn a_run_ends_in_time_and_puts_back_what_it_holds() {
    let database = school();
    queued(&database, 40);
    let mut slow = Fixed::at(NOW);
    slow.tick = 1_500;
    let mut transport = Told::default();
    let report = drain(&database, &mut transport, &mut slow, &Limits::default()).unwrap();
    assert!(slow.now - NOW < 60_000, "{} ms", slow.now - NOW);
    assert!(report.sent >= 10 && report.sent < 40);
    assert_eq!(count(&database, "delivery WHERE state = 'leased'"), 0);
    assert_eq!(count(&database, "delivery WHERE state = 'pending' AND attempts = 0"), 40 - i64::from(report.sent));
}

#[test]
fn what_a_dead_run_held_comes_back_and_the_history_says_so() {
    let database = school();
    queued(&database, 1);
    database
        .execute(
            "UPDATE delivery SET state = 'leased', lease_id = 'gone', attempts = 1, due_at = ?1",
            params![NOW + 11 * MINUTE],
        )
        .unwrap();
    assert_eq!(run(&database, &mut Told::default(), NOW + 10 * MINUTE), Report::default());
    assert_eq!(run(&database, &mut Told::default(), NOW + 11 * MINUTE).sent, 1);
    assert_eq!(count(&database, "delivery_attempt WHERE attempt = 1 AND words = 'interrompu'"), 1);
    assert_eq!(count(&database, "delivery_attempt WHERE attempt = 2 AND outcome = 'sent'"), 1);
}

#[test]
fn what_is_too_old_dies_without_a_try() {
    let database = school();
    queued(&database, 2);
    database
        .execute("UPDATE delivery SET state = 'leased', lease_id = 'gone' WHERE id = ?1", params![id('D', 1)])
        .unwrap();
    let mut transport = Told::default();
    assert_eq!(run(&database, &mut transport, NOW + 49 * HOUR).dead, 2);
    assert!(transport.given.is_empty());
    let row = database.first("SELECT last_error FROM delivery WHERE id = ?1", params![id('D', 0)]).unwrap().unwrap();
    assert_eq!(row.text(0).unwrap(), "le serveur d’envoi n’a pas pu être joint ; abandonné après 48 heures");
}

/// A database that fails from the `left`-th statement on: the run is killed there.
struct Dying<'a> {
    database: &'a File,
    left: std::cell::Cell<u32>,
}

impl Database for Dying<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let left = self.left.get();
        if left == 0 {
            return Err(Error::Unavailable("killed".to_owned()));
        }
        self.left.set(left - 1);
        self.database.execute(statement, parameters)
    }
}

#[test]
fn a_run_killed_after_any_statement_loses_nothing_and_doubles_at_most_one() {
    for statements in 0..60 {
        let database = school();
        queued(&database, 3);
        let dying = Dying { database: &database, left: std::cell::Cell::new(statements) };
        let mut transport = Told::with([Disposition::Sent(Reply::new("2.0.0", "")), retry()]);
        let first = drain(&dying, &mut transport, &mut Fixed::at(NOW), &Limits::default());
        // The lease has run out, and the deferred mail is due again.
        let mut again = Told::default();
        run(&database, &mut again, NOW + HOUR);
        assert_eq!(count(&database, "delivery WHERE state = 'sent'"), 3, "killed after {statements}");
        let handed = transport.given.len() + again.given.len();
        let wanted = 3 + usize::from(transport.given.len() > 1);
        assert!(handed <= wanted + 1, "killed after {statements}: {handed} hand-overs");
        if first.is_ok() {
            assert_eq!(handed, wanted);
        }
    }
}

#[test]
fn two_runs_never_hold_the_same_row() {
    let database = school();
    queued(&database, 30);
    struct Racing<'a>(&'a File, Told, u32);
    impl crate::Transport for Racing<'_> {
        fn name(&self) -> &str {
            "192.0.2.1:25"
        }
        fn deliver(&mut self, name: &str, envelope: &mail::Envelope, bytes: &[u8]) -> Disposition {
            self.2 += 1;
            if self.2 == 3 {
                // In the middle of the first run, a whole second one.
                let mut world = Fixed::at(NOW + 5);
                world.random = 9_000_000;
                drain(self.0, &mut self.1, &mut world, &Limits::default()).unwrap();
            }
            self.1.deliver(name, envelope, bytes)
        }
    }
    let mut racing = Racing(&database, Told::default(), 0);
    let report = drain(&database, &mut racing, &mut Fixed::at(NOW), &Limits::default()).unwrap();
    assert_eq!((report.sent, report.lost), (10, 0));
    let mut names: Vec<_> = racing.1.given.iter().map(|(name, ..)| name.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), racing.1.given.len()), (30, 30));
}

#[test]
fn a_lost_lease_is_not_written_over() {
    let database = school();
    queued(&database, 1);
    struct Slow<'a>(&'a File);
    impl crate::Transport for Slow<'_> {
        fn name(&self) -> &str {
            "192.0.2.1:25"
        }
        fn deliver(&mut self, _: &str, _: &mail::Envelope, _: &[u8]) -> Disposition {
            self.0.execute("UPDATE delivery SET lease_id = 'another'", &[]).unwrap();
            Disposition::Sent(Reply::new("2.0.0", ""))
        }
    }
    let report = drain(&database, &mut Slow(&database), &mut Fixed::at(NOW), &Limits::default()).unwrap();
    assert_eq!(report, Report { lost: 1, ..Report::default() });
    assert_eq!(count(&database, "delivery WHERE lease_id = 'another'"), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_server_answers_every_mail_comes_to_an_end_and_is_counted_once(
        answers in prop::collection::vec(0..4u8, 0..80), mails in 1..12u32,
    ) {
        let database = school();
        queued(&database, mails);
        let mut transport = Told::with(answers.iter().map(|answer| match answer {
            0 => Disposition::Sent(Reply::new("2.0.0", "")),
            1 => retry(),
            2 => Disposition::Reject(Reply::new("5.7.1", "")),
            _ => unavailable(),
        }));
        let (mut now, mut ended) = (NOW, 0);
        for _ in 0..200 {
            let report = run(&database, &mut transport, now);
            ended += report.sent + report.failed + report.dead;
            now += 17 * MINUTE;
        }
        // The notices to the author are no mails: she has no redirect address.
        prop_assert_eq!(ended, mails);
        prop_assert_eq!(count(&database, "delivery WHERE state IN ('sent', 'failed', 'dead')"), i64::from(mails));
        prop_assert_eq!(count(&database, "delivery WHERE attempts < 0"), 0);
    }
}

/// A database that is away for a while, as a server that starts anew; the statements `only` are counted out.
struct Away<'a> {
    inner: &'a File,
    refusals: std::cell::Cell<u32>,
    only: &'static str,
}

impl Database for Away<'_> {
    fn execute(&self, statement: &str, parameters: &[store::Value]) -> Result<Vec<store::Row>, store::Error> {
        let left = self.refusals.get();
        if left > 0 && statement == self.only {
            self.refusals.set(left - 1);
            return Err(store::Error::Unavailable("tcp connect error".to_owned()));
        }
        self.inner.execute(statement, parameters)
    }
}

#[test]
fn a_database_that_is_away_when_a_mail_was_taken_is_waited_for() {
    let database = school();
    queued(&database, 3);
    let away = Away { inner: &database, refusals: 3.into(), only: crate::finish::FINISH };
    let mut transport = Told::default();
    assert_eq!(run(&away, &mut transport, NOW).sent, 3);
    assert_eq!(transport.given.len(), 3, "each went once");
}

#[test]
fn where_it_stays_away_the_others_need_not_wait_for_the_lease() {
    let database = school();
    queued(&database, 3);
    let away = Away { inner: &database, refusals: 5.into(), only: crate::finish::FINISH };
    let mut transport = Told::default();
    assert!(drain(&away, &mut transport, &mut Fixed::at(NOW), &Limits::default()).is_err());
    assert_eq!(transport.given.len(), 1);
    assert_eq!(
        (count(&database, "delivery WHERE state = 'leased'"), count(&database, "delivery WHERE state = 'pending'")),
        (1, 2)
    );
}
