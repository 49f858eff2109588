//! Whatever comes in, reading ends, with an answer within its bounds or without one; whatever goes out is well formed.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use calendar::reply::read;
use calendar::{Event, Method, Participation, Person, When, feed, message};
use clock::{Date, Zone};
use proptest::prelude::*;

fn corpus() -> Vec<Vec<u8>> {
    ["replies", "corpus"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(format!("{}/tests/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap())
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

/// Reads, and looks at what must hold of every answer.
fn bounded(bytes: &[u8]) {
    if let Ok(reply) = read(bytes) {
        assert!(!reply.uid.is_empty() && reply.uid.len() <= 255);
        assert!(reply.comment.chars().count() <= 1000 && reply.attendee.chars().count() <= 3000);
        assert!(!reply.comment.chars().any(|c| c.is_control() && c != '\n'));
    }
}

#[test]
fn the_corpus_and_all_its_beginnings_are_read_to_an_end() {
    for file in corpus() {
        for end in (0..=file.len()).step_by(7) {
            bounded(&file[..end]);
        }
    }
}

#[test]
fn deep_and_wide_things_end() {
    let nested = format!("BEGIN:VCALENDAR\r\n{}", "BEGIN:VEVENT\r\n".repeat(15_000));
    bounded(nested.as_bytes());
    bounded(
        format!("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nATTENDEE{}:x\r\n", ";A=B".repeat(50_000))
            .as_bytes(),
    );
    bounded(
        format!(
            "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nRRULE:FREQ=YEARLY;BYDAY={}\r\n",
            "-1SU,".repeat(20_000)
        )
        .as_bytes(),
    );
    let parts = "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".repeat(5000);
    bounded(format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}").as_bytes());
    let forwarded = "Content-Type: message/rfc822\r\n\r\n".repeat(2000);
    bounded(forwarded.as_bytes());
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,120}", "[\\x00-\\x7f\u{e9}\u{1f3eb}\u{2028}\u{85}\r\n;,:\\\\\"]{0,200}"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        bounded(&bytes);
        bounded(&[b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n", bytes.as_slice()].concat());
    }

    #[test]
    fn no_damage_makes_it_panic(which in any::<prop::sample::Index>(), edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..20)) {
        let files = corpus();
        let mut bytes = which.get(&files).clone();
        for (place, byte, edit) in edits {
            if bytes.is_empty() { break; }
            let at = place.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bounded(&bytes);
    }

    #[test]
    fn what_goes_out_is_well_formed_and_comes_back(title in any_text(), place in any_text(), summary in any_text(), name in any_text(), day in 1i8..29, sequence in any::<u32>()) {
        let zone = Zone::named("Europe/Paris");
        let first = Date::new(2026, 10, day).unwrap();
        let event = Event {
            uid: "a@b.example", sequence, revised_at: 1_792_480_530_000, title: &title, place: &place, summary: &summary,
            url: "", when: When::Days(first, first), zone: &zone, cancelled: false,
        };
        let organizer = Person { name: &name, address: "reponse+0@b.example" };
        let attendee = Person { name: &title, address: "x@y.example" };
        let participation = Participation::Accepted;
        for text in [message(&event, &Method::Request { organizer, attendee, participation }), message(&event, &Method::Publish { organizer }), feed(&title, std::slice::from_ref(&event))] {
            prop_assert!(text.ends_with("END:VCALENDAR\r\n"));
            for line in text.split("\r\n") {
                prop_assert!(line.len() <= 75 && !line.contains(['\r', '\n', '\0']), "{line:?}");
            }
            let unfolded = text.replace("\r\n ", "");
            // Nothing that was typed made a property or a component of its own.
            prop_assert_eq!(unfolded.lines().filter(|line| line.starts_with("BEGIN:")).count(), 2);
            prop_assert_eq!(unfolded.lines().filter(|line| line.starts_with("UID:")).count(), 1);
        }
        // A client that answers by turning the method round is understood.
        let text = message(&event, &Method::Request { organizer, attendee, participation }).replace("METHOD:REQUEST", "METHOD:REPLY");
        let reply = read(text.as_bytes()).unwrap();
        prop_assert_eq!((reply.uid.as_str(), reply.sequence, reply.participation), ("a@b.example", sequence, participation));
        prop_assert_eq!((reply.stamp, reply.attendee.as_str()), (Some(1_792_480_530_000), "x@y.example"));
    }
}
