//! Files: kept once, bounded, never half.

use submission::{Draft, Refusal, Response, attach, detach, respond, submit};

use crate::school::*;

#[test]
fn content_is_kept_once_however_often_it_is_sent() {
    let school = School::open();
    let content = vec![7_u8; 600_000];
    for author in [TEACHER, HEAD] {
        let id = school.draft(author, &Draft { addressees: vec![to(ALICE)], ..Draft::default() });
        let first = attach(school.desk(), author, &id, "plan.pdf", &content).unwrap();
        assert_eq!(attach(school.desk(), author, &id, "plan.pdf", &content), Ok(first), "again changes nothing");
        submit(school.desk(), author, &id).unwrap();
    }
    assert_eq!(school.count("SELECT count(*) FROM content_chunk"), 3);
    assert_eq!(school.count("SELECT sum(length(bytes)) FROM content_chunk"), 600_000);
    assert_eq!(school.count("SELECT count(*) FROM attachment"), 2);
}

#[test]
fn a_forward_carries_the_files() {
    let school = School::open();
    let id = school.draft(TEACHER, &Draft { addressees: vec![to(ALICE)], ..Draft::default() });
    attach(school.desk(), TEACHER, &id, "plan.pdf", b"%PDF").unwrap();
    submit(school.desk(), TEACHER, &id).unwrap();
    let forward = respond(school.desk(), ALICE, &id, Response::Forward).unwrap();
    assert_eq!(school.count(&format!("SELECT count(*) FROM attachment WHERE message_id = '{forward}'")), 1);
}

#[test]
fn wrong_files_are_refused_with_what_would_do() {
    let school = School::open();
    let id = school.draft(TEACHER, &Draft::default());
    let try_name = |name: &str, content: &[u8]| attach(school.desk(), TEACHER, &id, name, content).unwrap_err();
    assert_eq!(try_name("vide.pdf", b""), Refusal::FileEmpty);
    assert!(matches!(try_name("virus.exe", b"MZ"), Refusal::FileType(_)));
    assert!(matches!(try_name("sans-extension", b"x"), Refusal::FileType(_)));
    for name in ["", "a/b.pdf", "a\r\nb.pdf", "\u{202e}fdp.exe.pdf", ".pdf", &"é".repeat(150)] {
        assert_eq!(try_name(name, b"x"), Refusal::BadFileName, "{name:?}");
    }
    school.0.batch("UPDATE establishment SET attachment_max_bytes = 10").unwrap();
    assert_eq!(try_name("a.pdf", &[0; 11]), Refusal::FileSize { actual: 11, allowed: 10 });
    for part in 0..2_u8 {
        attach(school.desk(), TEACHER, &id, &format!("{part}.pdf"), &[part; 10]).unwrap();
    }
    assert_eq!(try_name("c.pdf", &[9; 10]), Refusal::FileSize { actual: 30, allowed: 20 });
    assert_eq!(school.count("SELECT count(*) FROM attachment"), 2);
}

#[test]
fn files_are_joined_and_taken_off_by_the_author_before_it_leaves() {
    let school = School::open();
    let id = school.draft(TEACHER, &Draft { addressees: vec![to(ALICE)], ..Draft::default() });
    let file = attach(school.desk(), TEACHER, &id, "a.txt", b"x").unwrap();
    assert_eq!(attach(school.desk(), HEAD, &id, "b.txt", b"x"), Err(Refusal::NotFound));
    assert_eq!(detach(school.desk(), HEAD, &id, &file), Err(Refusal::NotFound));
    assert_eq!(detach(school.desk(), TEACHER, &id, &file), Ok(()));
    let file = attach(school.desk(), TEACHER, &id, "a.txt", b"x").unwrap();
    submit(school.desk(), TEACHER, &id).unwrap();
    assert_eq!(attach(school.desk(), TEACHER, &id, "b.txt", b"x"), Err(Refusal::AlreadySubmitted));
    assert_eq!(detach(school.desk(), TEACHER, &id, &file), Err(Refusal::AlreadySubmitted));
}
