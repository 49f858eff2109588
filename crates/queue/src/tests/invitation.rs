//! The calendar part of mails about events: a recipient's own where an answer is asked, one for all where none is.

use mail_parser::{MessageParser, MimeHeaders, PartType};
use store::{Database, File, params};

use super::{CAMILLE, Fixed, LEA, NOE, NOW, Told, UAI, delivery, message, school};
use crate::{Limits, drain};

const EVENT: &str = "01JD0000000000000000000EVE";
const RUBRIQUE: &str = "01JD0000000000000000000RVB";

/// A message about an event, on its way to Léa and Noé, and another message to Léa.
fn told(confirmation: bool, state: &str) -> File {
    let database = school();
    database
        .execute("INSERT INTO rubrique (id, uai, name, folded_name, created_at) VALUES (?1, ?2, 'Vie de classe', 'vie de classe', 0)", params![RUBRIQUE, UAI])
        .unwrap();
    database
        .execute(
            "INSERT INTO event (id, rubrique_id, uai, author_id, changed_by, uid, title, place, summary, all_day, starts, ends, zone,
                starts_at, ends_at, state, confirmation, sequence, revised_at, told, created_at)
            VALUES (?1, ?2, ?3, ?4, ?4, 'eve@jaures.example', 'Réunion', 'Salle 12', '', 0, '2026-11-03T18:00',
                '2026-11-03T20:00', 'Europe/Paris', 1793725200000, 1793732400000, ?5, ?6, 3, ?7, 1, ?7)",
            params![EVENT, RUBRIQUE, UAI, CAMILLE, state, confirmation, NOW],
        )
        .unwrap();
    let about = message(&database, 1, Some(CAMILLE));
    // The seam judges submissions; here stands what it leaves behind.
    database.batch("DROP TRIGGER audience_of_event").unwrap();
    database
        .execute(
            "INSERT INTO audience (message_id, author_id, kind, about_id, made_at) VALUES (?1, ?2, 'event', ?3, 0)",
            params![about.as_str(), CAMILLE, EVENT],
        )
        .unwrap();
    for (n, person) in [(1, LEA), (2, NOE)] {
        delivery(&database, n, &about, person, NOW);
        database
            .execute("INSERT INTO invitation VALUES (?1, ?2, ?3, 0)", params![EVENT, person, n.to_string().repeat(32)])
            .unwrap();
    }
    let plain = message(&database, 2, Some(CAMILLE));
    delivery(&database, 3, &plain, LEA, NOW + 1);
    database
}

/// What left: the mails, in order, with their calendar parts (method, text).
fn sent(database: &File) -> Vec<(String, Option<(String, String)>)> {
    let mut transport = Told::default();
    drain(database, &mut transport, &mut Fixed::at(NOW + 5), &Limits::default()).unwrap();
    let mut mails = Vec::new();
    for (_, _, bytes) in &transport.given {
        assert!(bytes.is_ascii(), "a mail is 7-bit");
        let parsed = MessageParser::new().parse(bytes).unwrap();
        let part = parsed.parts.iter().find(|part| part.is_content_type("text", "calendar"));
        let calendar = part.map(|part| {
            let PartType::Text(text) = &part.body else { panic!("a calendar part is text") };
            (part.content_type().unwrap().attribute("method").unwrap().to_owned(), text.to_string())
        });
        mails.push((String::from_utf8(bytes.clone()).unwrap(), calendar));
    }
    mails
}

#[test]
fn each_is_invited_by_her_own_address_and_by_no_other() {
    let database = told(true, "published");
    database
        .execute("INSERT INTO answer (event_id, person_id, participation, sequence, stamp, answered_at) VALUES (?1, ?2, 'accepted', 3, 1, 1)", params![EVENT, NOE])
        .unwrap();
    let mails = sent(&database);
    assert_eq!(mails.len(), 3);
    let mut seen = 0;
    for (bytes, calendar) in &mails {
        let Some((method, text)) = calendar else {
            assert!(!bytes.contains("multipart/alternative") || !bytes.contains("text/calendar"));
            continue;
        };
        seen += 1;
        let text = text.replace("\r\n ", "");
        let own = if text.contains("perso1@") { 1 } else { 2 };
        let (other, status) = if own == 1 { (2, "NEEDS-ACTION;RSVP=TRUE") } else { (1, "ACCEPTED;RSVP=FALSE") };
        assert_eq!(method, "REQUEST");
        for line in [
            "METHOD:REQUEST".to_owned(),
            "UID:eve@jaures.example".to_owned(),
            "SEQUENCE:3".to_owned(),
            "DTSTART;TZID=Europe/Paris:20261103T180000".to_owned(),
            format!("ORGANIZER;CN=\"Camille Petit\":mailto:reponse+{}@jaures.example", own.to_string().repeat(32)),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(
            text.contains(&format!("PARTSTAT={status}"))
                && text.contains(&format!("mailto:perso{own}@fournisseur.example")),
            "{text}"
        );
        for strange in [format!("perso{other}@"), other.to_string().repeat(32)] {
            assert!(!text.contains(&strange) && !bytes.contains(&strange));
        }
        // The body of the mail says nothing of the outside address.
        assert!(!bytes.contains("perso"));
        // Plain text, HTML, then the calendar: the last is the richest.
        let order = ["text/plain", "text/html", "text/calendar"].map(|kind| bytes.find(kind).unwrap());
        assert!(order.is_sorted() && bytes.contains("multipart/alternative"));
    }
    assert_eq!(seen, 2);
}

#[test]
fn a_cancelled_event_is_called_off_and_one_without_question_is_told() {
    for (confirmation, state, method, line) in [
        (true, "cancelled", "CANCEL", "STATUS:CANCELLED"),
        (false, "published", "PUBLISH", "STATUS:CONFIRMED"),
        (false, "cancelled", "PUBLISH", "STATUS:CANCELLED"),
    ] {
        let mails = sent(&told(confirmation, state));
        let parts: Vec<_> = mails.iter().filter_map(|(_, calendar)| calendar.as_ref()).collect();
        assert_eq!(parts.len(), 2);
        for (found, text) in parts {
            assert!(found == method && text.contains(&format!("METHOD:{method}\r\n")) && text.contains(line), "{text}");
            assert_eq!(text.contains("ATTENDEE"), confirmation);
            assert!(
                confirmation || text.contains("ORGANIZER;CN=\"Camille Petit\":mailto:camille.petit@jaures.example")
            );
        }
    }
}

#[test]
fn whoever_was_not_invited_gets_the_plain_mail_and_nobody_can_forge_the_place_of_the_calendar() {
    let database = told(true, "published");
    database.execute("DELETE FROM invitation WHERE person_id = ?1", params![NOE]).unwrap();
    assert_eq!(sent(&database).iter().filter(|(_, calendar)| calendar.is_some()).count(), 1);
    // The mark that stands for the calendar follows from the Message-ID, which an author can know: she writes it everywhere.
    let database = told(true, "published");
    let mails = sent(&database);
    let at = mails[0].0.find("=_a").unwrap();
    let mark = mails[0].0[at..at + 19].replace("=_a", "=_c");
    for elsewhere in ["''", "char(10) || char(10) || ?1"] {
        let forged = told(true, "published");
        let statement =
            format!("UPDATE message SET subject = ?1, body_text = 'x' || {elsewhere}, body_html = 'x' || {elsewhere}");
        forged.execute(&statement, params![mark.as_str()]).unwrap();
        let mails = sent(&forged);
        assert_eq!(mails.iter().filter(|(_, calendar)| calendar.is_some()).count(), 2);
        assert!(mails.iter().all(|(bytes, _)| bytes.contains(&format!("Subject: {mark}\r\n"))));
    }
}
