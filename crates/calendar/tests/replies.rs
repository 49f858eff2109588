//! Answers in the shapes of the mail clients that people have, and what is none.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use calendar::Participation::{Accepted, Declined, Delegated, Tentative};
use calendar::reply::{CALENDAR_LIMIT, MAIL_LIMIT, ReadError, Reply, read};

const UID: &str = "01k9xw5v3e6q2r8t4y7z1a2b3c@college-jaures.example";

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/replies/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn answers_of_every_shape_are_understood() {
    // 2026-10-20T07:15:30Z and so on.
    let table = [
        (
            "outlook.eml",
            1,
            Accepted,
            "Nous serons deux, ma femme et moi.",
            Some(1_792_480_530_000),
            "karim.benali@outlook.example",
        ),
        (
            "gmail.eml",
            0,
            Declined,
            "Je ne suis pas encore rentrée de vacances : désolée",
            Some(1_792_611_132_000),
            "lea.martin@gmail.example",
        ),
        ("apple.eml", 2, Tentative, "Selon le train de 17 h 12", Some(1_792_647_721_000), "julie.petit@icloud.example"),
        ("thunderbird.eml", 0, Accepted, "", Some(1_792_497_660_000), "marc@posteo.example"),
        ("latin1.eml", 0, Declined, "Retenue à l'hôpital, à bientôt", Some(1_792_746_000_000), "helene@mairie.example"),
        (
            "delegated-file-only.eml",
            3,
            Delegated,
            "Je ne suis pas encore rentrée de vacances : désolée",
            Some(1_792_611_132_000),
            "lea.martin@gmail.example",
        ),
        ("windows-1252.ics", 0, Accepted, "L’école, c’est à côté", None, "x@y.example"),
    ];
    for (name, sequence, participation, comment, stamp, attendee) in table {
        let expected = Reply {
            uid: UID.to_owned(),
            sequence,
            recurrence_id: None,
            participation,
            comment: comment.to_owned(),
            stamp,
            attendee: attendee.to_owned(),
        };
        assert_eq!(read(&file(name)), Ok(expected), "{name}");
    }
}

#[test]
fn lower_case_bare_line_feeds_and_folds_anywhere_are_read() {
    let reply = read(&file("bare-lf-bom.ics")).unwrap();
    assert_eq!((reply.sequence, reply.participation, reply.stamp), (12, Accepted, Some(1_792_480_530_000)));
    assert_eq!(reply.attendee, "x@y.example");
    assert!(reply.recurrence_id.is_some(), "one occurrence of a series, which ours never are");
}

fn calendar(method: &str, event: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\n{event}END:VCALENDAR\r\n").into_bytes()
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n")
}

#[test]
fn what_is_no_answer_is_told_apart() {
    let one = event("UID:a@b\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y.example\r\n");
    let table = [
        (b"".to_vec(), ReadError::NoCalendar),
        (b"Bonjour, je viendrai.".to_vec(), ReadError::NoCalendar),
        (b"From: a@b.example\r\nSubject: x\r\n\r\nJe viendrai.\r\n".to_vec(), ReadError::NoCalendar),
        (b"BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n".to_vec(), ReadError::NoCalendar),
        (calendar("REQUEST", &one), ReadError::NotAReply),
        (calendar("COUNTER", &one), ReadError::NotAReply),
        (format!("BEGIN:VCALENDAR\r\n{one}END:VCALENDAR\r\n").into_bytes(), ReadError::NotAReply),
        (calendar("REPLY", ""), ReadError::NotOneEvent),
        (calendar("REPLY", &format!("{one}{one}")), ReadError::NotOneEvent),
        (calendar("REPLY", &event("ATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y.example\r\n")), ReadError::NoUid),
        (
            calendar("REPLY", &event(&format!("UID:{}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y\r\n", "u".repeat(300)))),
            ReadError::NoUid,
        ),
        (calendar("REPLY", &event("UID:a@b\r\n")), ReadError::NoAnswer),
        (calendar("REPLY", &event("UID:a@b\r\nATTENDEE:mailto:x@y.example\r\n")), ReadError::NoAnswer),
        (calendar("REPLY", &event("UID:a@b\r\nATTENDEE;PARTSTAT=X-MAYBE:mailto:x@y.example\r\n")), ReadError::NoAnswer),
        (
            calendar(
                "REPLY",
                &event("UID:a@b\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y\r\nATTENDEE;PARTSTAT=DECLINED:mailto:z@y\r\n"),
            ),
            ReadError::NoAnswer,
        ),
        (
            calendar("REPLY", &event(&format!("UID:a@b\r\nCOMMENT:{}\r\n", "x".repeat(CALENDAR_LIMIT)))),
            ReadError::TooBig,
        ),
        (vec![b'a'; MAIL_LIMIT + 1], ReadError::TooBig),
    ];
    for (bytes, error) in table {
        assert_eq!(read(&bytes), Err(error), "{}", String::from_utf8_lossy(bytes.get(..200).unwrap_or(&bytes)));
    }
}

#[test]
fn what_is_kept_is_bounded_and_plain() {
    let comment = format!("COMMENT:\u{7}a\\nb{}\r\n", "c".repeat(5000));
    let reply = read(&calendar(
        "REPLY",
        &event(&format!(
            "UID:a@b\r\nSEQUENCE:-4\r\nDTSTAMP:99999999T999999Z\r\n{comment}ATTENDEE;PARTSTAT=ACCEPTED:x@y.example\r\n"
        )),
    ))
    .unwrap();
    assert!(reply.comment.starts_with("a\nbccc") && reply.comment.chars().count() <= 1000);
    assert_eq!((reply.sequence, reply.stamp, reply.attendee.as_str()), (0, None, "x@y.example"));
}
