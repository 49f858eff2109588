//! Answers: to whom they go, and what they open (M-7, M-8).

use store::{Database, params};
use submission::{Addressee, Draft, Field, Refusal, Response, respond, submit};

use crate::school::*;

fn addressees(school: &School, draft: &str) -> Vec<(String, String)> {
    let rows = school
        .0
        .execute("SELECT field, id FROM addressee WHERE message_id = ?1 ORDER BY position", params![draft])
        .unwrap();
    rows.iter().map(|row| (row.text(0).unwrap().to_owned(), row.text(1).unwrap().to_owned())).collect()
}

fn pair(field: &str, id: &str) -> (String, String) {
    (field.to_owned(), id.to_owned())
}

#[test]
fn reply_all_is_author_to_and_cc_without_oneself_and_without_bcc() {
    let school = School::open();
    let sent = school
        .send(
            TEACHER,
            vec![to(ALICE), Addressee { field: Field::Cc, ..to(HEAD) }, Addressee { field: Field::Bcc, ..to(CARLA) }],
        )
        .unwrap();
    let all = respond(school.desk(), ALICE, &sent.message, Response::ReplyAll).unwrap();
    assert_eq!(addressees(&school, &all), [pair("to", TEACHER), pair("cc", HEAD)]);
    let one = respond(school.desk(), ALICE, &sent.message, Response::Reply).unwrap();
    assert_eq!(addressees(&school, &one), [pair("to", TEACHER)]);
    let blind = respond(school.desk(), CARLA, &sent.message, Response::ReplyAll).unwrap();
    assert_eq!(addressees(&school, &blind), [pair("to", TEACHER)]);
    assert_eq!(respond(school.desk(), BOB, &sent.message, Response::Reply), Err(Refusal::NotFound));
}

#[test]
fn an_answer_is_allowed_where_a_new_message_is_not_and_only_then() {
    let school = School::open();
    // Carla is in 6B: she may not write to a teacher of 6A of her own, nor to Alice.
    assert!(matches!(school.send(CARLA, vec![to(TEACHER)]), Err(Refusal::Refused(_))));
    let sent = school.send(TEACHER, vec![to(CARLA), to(ALICE)]).unwrap();
    let answer = respond(school.desk(), CARLA, &sent.message, Response::ReplyAll).unwrap();
    assert_eq!(submit(school.desk(), CARLA, &answer).unwrap().recipients, 2);
    assert!(matches!(school.send(CARLA, vec![to(TEACHER)]), Err(Refusal::Refused(_))), "a new one still is not");
}

#[test]
fn an_answer_does_not_open_the_way_to_others_nor_to_bcc() {
    let school = School::open();
    let sent = school.send(TEACHER, vec![to(CARLA), Addressee { field: Field::Bcc, ..to(ALICE) }]).unwrap();
    for other in [ALICE, BOB] {
        let draft = Draft {
            addressees: vec![to(TEACHER), to(other)],
            in_reply_to: Some(sent.message.clone()),
            ..Draft::default()
        };
        let id = school.draft(CARLA, &draft);
        assert!(matches!(submit(school.desk(), CARLA, &id), Err(Refusal::Refused(_))), "{other}");
    }
}

#[test]
fn nobody_answers_what_she_did_not_receive() {
    let school = School::open();
    let sent = school.send(TEACHER, vec![to(ALICE)]).unwrap();
    let draft = Draft { addressees: vec![to(TEACHER)], in_reply_to: Some(sent.message), ..Draft::default() };
    assert_eq!(submission::save(school.desk(), BOB, None, &draft, None), Err(Refusal::NotFound));
}

#[test]
fn an_answer_stays_in_the_conversation_and_a_forward_starts_one() {
    let school = School::open();
    let sent = school.send(TEACHER, vec![to(ALICE)]).unwrap();
    let answer = respond(school.desk(), ALICE, &sent.message, Response::Reply).unwrap();
    let forward = respond(school.desk(), ALICE, &sent.message, Response::Forward).unwrap();
    let thread = |id: &str| school.texts(&format!("SELECT thread_id FROM message WHERE id = '{id}'")).remove(0);
    assert_eq!(thread(&answer), sent.message);
    assert_eq!(thread(&forward), forward);
    let subject = |id: &str| school.texts(&format!("SELECT subject FROM message WHERE id = '{id}'")).remove(0);
    assert_eq!((subject(&answer), subject(&forward)), ("Re : Sortie".into(), "Tr : Sortie".into()));
    let body = school.texts(&format!("SELECT body_html FROM message WHERE id = '{answer}'")).remove(0);
    assert!(body.contains("mardi 1er septembre 2026 à 10:00, Claire Vidal a écrit :"), "{body}");
    assert!(body.contains("<blockquote><p>Bonjour</p></blockquote>"), "{body}");
}

#[test]
fn a_conversation_that_got_too_deep_goes_on_without_its_quote() {
    let school = School::open();
    let mut last = school.send(TEACHER, vec![to(ALICE)]).unwrap().message;
    for turn in 0..110 {
        let author = if turn % 2 == 0 { ALICE } else { TEACHER };
        last = respond(school.desk(), author, &last, Response::Reply).unwrap();
        submit(school.desk(), author, &last).unwrap();
    }
}
