//! The decision: all of it, or nothing.

use store::{Database, params};
use submission::{Draft, Field, Refusal, save, submit};

use crate::school::*;

#[test]
fn a_message_reaches_mailboxes_and_redirect_addresses() {
    let school = School::open();
    let receipt = school.send(TEACHER, vec![group(Field::To, PARENTS_6A), to(ALICE)]).unwrap();
    assert_eq!((receipt.recipients, receipt.by_mailbox, receipt.by_redirect), (3, 3, 1));
    assert_eq!(receipt.unreachable, Vec::<String>::new());
    assert_eq!(school.count("SELECT count(*) FROM mailbox_entry WHERE side = 'recipient'"), 3);
    assert_eq!(school.count("SELECT count(*) FROM mailbox_entry WHERE side = 'author' AND folder = 'sent'"), 1);
    assert_eq!(school.texts("SELECT address FROM delivery WHERE state = 'pending'"), ["paul@mail.example"]);
}

#[test]
fn one_refused_and_nothing_is_written() {
    let school = School::open();
    // A parent may write to her child and its teachers, not to other pupils nor to other parents (minors-2025).
    let refusal = school.send(PARENT, vec![to(ALICE), to(BOB), to(OTHER_PARENT)]).unwrap_err();
    let Refusal::Refused(refused) = refusal else { unreachable!("{refusal:?}") };
    assert_eq!(refused.len(), 2);
    for table in ["submission", "recipient", "mailbox_entry", "delivery", "notice"] {
        assert_eq!(school.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(school.count("SELECT value FROM modseq"), 1);
}

#[test]
fn another_school_and_unknown_ids_are_refused_without_a_name() {
    let school = School::open();
    for id in [STRANGER, "01NB0DY0000000000000000000", "", "'; DROP TABLE person; --"] {
        let refusal = school.send(ALICE, vec![to(id)]).unwrap_err();
        let Refusal::Refused(refused) = refusal else { unreachable!("{refusal:?}") };
        assert_eq!(refused[0].name, "");
    }
}

#[test]
fn submitting_twice_gives_the_same_receipt_and_sends_once() {
    let school = School::open();
    let id = school.draft(TEACHER, &Draft { addressees: vec![to(PARENT)], ..Draft::default() });
    let first = submit(school.desk(), TEACHER, &id).unwrap();
    assert_eq!(submit(school.desk(), TEACHER, &id).unwrap(), first);
    assert_eq!(school.count("SELECT count(*) FROM delivery"), 1);
    assert_eq!(save(school.desk(), TEACHER, Some(&id), &Draft::default(), None), Err(Refusal::AlreadySubmitted));
    assert_eq!(submission::discard(school.desk(), TEACHER, &id), Err(Refusal::AlreadySubmitted));
}

#[test]
fn a_draft_is_its_authors_alone() {
    let school = School::open();
    let id = school.draft(TEACHER, &Draft { addressees: vec![to(ALICE)], ..Draft::default() });
    assert_eq!(submit(school.desk(), HEAD, &id), Err(Refusal::NotFound));
    assert_eq!(save(school.desk(), HEAD, Some(&id), &Draft::default(), None), Err(Refusal::NotFound));
    assert_eq!(submission::discard(school.desk(), HEAD, &id), Err(Refusal::NotFound));
}

#[test]
fn an_idempotency_key_makes_one_message() {
    let school = School::open();
    let draft = Draft { subject: "Sortie".into(), addressees: vec![to(ALICE)], ..Draft::default() };
    let first = save(school.desk(), TEACHER, None, &draft, Some("k1")).unwrap();
    assert_eq!(save(school.desk(), TEACHER, None, &draft, Some("k1")), Ok(first));
    let other = Draft { subject: "Autre".into(), ..draft };
    assert_eq!(save(school.desk(), TEACHER, None, &other, Some("k1")), Err(Refusal::KeyReused));
    assert!(save(school.desk(), HEAD, None, &other, Some("k1")).is_ok(), "keys are each author's own");
    assert_eq!(save(school.desk(), TEACHER, None, &other, Some("é")), Err(Refusal::KeyReused));
}

#[test]
fn the_limit_counts_people_after_expansion() {
    let school = School::open();
    school.0.batch("UPDATE establishment SET max_recipients = 2").unwrap();
    assert!(school.send(TEACHER, vec![group(Field::To, PARENTS_6A), to(PARENT)]).is_ok());
    let refusal = school.send(TEACHER, vec![group(Field::To, PARENTS_6A), to(ALICE)]).unwrap_err();
    assert_eq!(refusal, Refusal::TooMany { actual: 3, allowed: 2 });
}

#[test]
fn a_hidden_list_goes_in_bcc() {
    let school = School::open();
    school.send(TEACHER, vec![group(Field::To, LIST)]).unwrap();
    assert_eq!(school.texts("SELECT DISTINCT field FROM recipient"), ["bcc"]);
}

#[test]
fn somebody_named_twice_receives_once_where_she_is_seen_most() {
    let school = School::open();
    let addressees = vec![group(Field::Bcc, PARENTS_6A), to(PARENT)];
    assert_eq!(school.send(TEACHER, addressees).unwrap().recipients, 2);
    assert_eq!(school.texts(&format!("SELECT field FROM recipient WHERE person_id = '{PARENT}'")), ["to"]);
}

#[test]
fn to_may_be_empty_when_bcc_is_not_but_nobody_is_nobody() {
    let school = School::open();
    assert!(school.send(TEACHER, vec![group(Field::Bcc, PARENTS_6A)]).is_ok());
    assert_eq!(school.send(TEACHER, Vec::new()), Err(Refusal::Nobody));
}

#[test]
fn those_whom_nothing_reaches_are_named_to_the_author() {
    let school = School::open();
    school.0.batch(&format!("INSERT INTO role_override VALUES ('{OTHER_PARENT}', 'mailbox', 0)")).unwrap();
    let receipt = school.send(TEACHER, vec![group(Field::To, PARENTS_6A)]).unwrap();
    assert_eq!(receipt.unreachable, ["Rose Roux"]);
    let notice = school.texts("SELECT m.body_text FROM message m WHERE m.author_id IS NULL");
    assert!(notice[0].contains("– Rose Roux") && notice[0].contains("« Sortie »"), "{notice:?}");
    let entries = format!("SELECT count(*) FROM mailbox_entry WHERE person_id = '{TEACHER}' AND side = 'recipient'");
    assert_eq!(school.count(&entries), 1);
    // The notice goes to her redirect address too.
    assert!(school.texts("SELECT address FROM delivery").contains(&"claire@mail.example".to_owned()));
}

#[test]
fn the_blocked_neither_send_nor_receive() {
    let school = School::open();
    school.0.batch(&format!("UPDATE person SET blocked_at = 1 WHERE id = '{PARENT}'")).unwrap();
    assert!(matches!(school.send(TEACHER, vec![to(PARENT)]), Err(Refusal::Refused(_))));
    assert_eq!(school.send(TEACHER, vec![group(Field::To, PARENTS_6A)]).unwrap().recipients, 1);
    let id = school.draft(PARENT, &Draft { addressees: vec![to(ALICE)], ..Draft::default() });
    assert_eq!(submit(school.desk(), PARENT, &id), Err(Refusal::AuthorMayNotSend));
}

#[test]
fn a_full_mailbox_is_named_and_nothing_leaves() {
    let school = School::open();
    school.0.batch("UPDATE establishment SET mailbox_quota = 30").unwrap();
    school.send(TEACHER, vec![to(ALICE)]).unwrap();
    let refusal = school.send(TEACHER, vec![to(ALICE), to(BOB)]).unwrap_err();
    assert_eq!(refusal, Refusal::MailboxFull(vec!["Alice Petit".into()]));
    assert_eq!(school.count(&format!("SELECT count(*) FROM mailbox_entry WHERE person_id = '{BOB}'")), 0);
}

#[test]
fn a_subject_is_one_line_and_a_body_is_bounded() {
    let school = School::open();
    for subject in ["a\r\nBcc: x@y.example".to_owned(), "é".repeat(201), "\u{0}".to_owned()] {
        let draft = Draft { subject, ..Draft::default() };
        assert_eq!(save(school.desk(), TEACHER, None, &draft, None), Err(Refusal::BadSubject));
    }
    let draft = Draft { body: "x".repeat(300_000), ..Draft::default() };
    assert_eq!(save(school.desk(), TEACHER, None, &draft, None), Err(Refusal::BadBody));
    assert_eq!(school.count("SELECT count(*) FROM message"), 0);
}

#[test]
fn a_code_goes_to_the_unverified_address_alone_and_does_not_outlive_its_mail() {
    let school = School::open();
    submission::write_to_address(school.desk(), ALICE, "alice@mail.example", "Code", "123456").unwrap();
    assert_eq!(school.texts("SELECT address FROM delivery WHERE priority = 0"), ["alice@mail.example"]);
    assert_eq!(school.count("SELECT count(*) FROM mailbox_entry"), 0);
    school.0.execute("UPDATE delivery SET state = 'sent', finished_at = 1", params![]).unwrap();
    assert_eq!(school.texts("SELECT body_text FROM message UNION ALL SELECT body_text FROM notice"), ["", ""]);
    let bad =
        submission::write_to_address(school.desk(), ALICE, "alice@mail.example\r\nRCPT TO:<x@y.example>", "Code", "1");
    assert_eq!(bad, Err(Refusal::BadAddress));
}

#[test]
fn the_author_is_told_once_when_all_has_ended() {
    let school = School::open();
    school
        .0
        .batch(&format!(
            "INSERT INTO redirect (person_id, address, verified_at) VALUES ('{OTHER_PARENT}', 'rose@mail.example', 0)"
        ))
        .unwrap();
    school.send(TEACHER, vec![group(Field::To, PARENTS_6A)]).unwrap();
    let finish = |address: &str, state: &str| {
        let statement =
            "UPDATE delivery SET state = ?2, last_error = 'l’adresse n’existe pas', finished_at = 1 WHERE address = ?1";
        school.0.execute(statement, params![address, state]).unwrap();
    };
    finish("paul@mail.example", "failed");
    assert_eq!(school.count("SELECT count(*) FROM notice"), 0, "something is still on its way");
    finish("rose@mail.example", "sent");
    let notices = school.texts("SELECT body_text FROM notice WHERE kind = 'undelivered'");
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0].contains("Paul Petit : l’adresse n’existe pas") && !notices[0].contains("mail.example"),
        "{notices:?}"
    );
}
