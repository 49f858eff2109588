use mail_parser::{MessageParser, MimeHeaders};
use store::{Database, File, params};

use super::{CAMILLE, LEA, NOE, UAI, message, school};
use crate::letter::{LetterError, compose};

fn addressed(database: &File, message: &str, addressees: &str) {
    database.execute("UPDATE message SET addressees = ?2 WHERE id = ?1", params![message, addressees]).unwrap();
}

fn group(database: &File, id: &str, name: &str, hidden: bool) {
    database
        .execute(
            "INSERT INTO person_group (id, uai, kind, name, folded_name, members_hidden) VALUES (?1, ?2, 'manual', ?3, lower(?3), ?4)",
            params![id, UAI, name, hidden],
        )
        .unwrap();
}

#[test]
fn the_mail_shows_what_was_typed_and_never_who_was_in_cci() {
    let database = school();
    let message = message(&database, 1, Some(CAMILLE));
    let (open, hidden) = ("01JD0000000000000000000G01", "01JD0000000000000000000G02");
    group(&database, open, "Parents de la 6e A", false);
    group(&database, hidden, "Tous les parents", true);
    addressed(
        &database,
        &message,
        &format!(
            r#"[{{"field":"to","kind":"person","id":"{LEA}"}},{{"field":"cc","kind":"group","id":"{open}"}},
            {{"field":"to","kind":"group","id":"{hidden}"}},{{"field":"bcc","kind":"person","id":"{NOE}"}}]"#
        ),
    );
    let letter = compose(&database, &message).unwrap();
    let text = String::from_utf8(letter.bytes.clone()).unwrap();
    assert!(!text.contains("noe.oeuvrard") && !text.contains("Tous les parents"));
    assert!(text.contains("Cc: \"Parents de la 6e A\":;\r\n"));
    let read = MessageParser::new().parse(&letter.bytes).unwrap();
    assert_eq!(read.from().unwrap().first().unwrap().address(), Some("camille.petit@jaures.example"));
    assert_eq!(read.to().unwrap().first().unwrap().address(), Some("lea.martin@jaures.example"));
    assert_eq!(read.message_id(), Some(format!("{}@jaures.example", message.to_lowercase()).as_str()));
    assert!(text.starts_with("Date: Sat, 22 Nov 2025 17:00:00 +0100\r\n"));
}

#[test]
fn a_message_in_cci_only_names_nobody() {
    let database = school();
    let message = message(&database, 1, Some(CAMILLE));
    addressed(&database, &message, &format!(r#"[{{"field":"bcc","kind":"person","id":"{NOE}"}}]"#));
    let text = String::from_utf8(compose(&database, &message).unwrap().bytes).unwrap();
    assert!(text.contains("To: \"destinataires inconnus\":;\r\n"));
}

#[test]
fn an_answer_names_its_thread() {
    let database = school();
    let first = message(&database, 1, Some(CAMILLE));
    let second = message(&database, 2, Some(LEA));
    let third = message(&database, 3, Some(CAMILLE));
    for (answer, answered) in [(&second, &first), (&third, &second)] {
        database.execute("UPDATE message SET in_reply_to = ?2 WHERE id = ?1", params![answer, answered]).unwrap();
    }
    let bytes = compose(&database, &third).unwrap().bytes;
    let read = MessageParser::new().parse(&bytes).unwrap();
    let id = |message: &String| format!("{}@jaures.example", message.to_lowercase());
    assert_eq!(read.in_reply_to().as_text(), Some(id(&second).as_str()));
    assert_eq!(read.references().as_text_list().unwrap(), [id(&first), id(&second)]);
}

#[test]
fn files_come_from_their_chunks_and_a_missing_one_is_noticed() {
    let database = school();
    let message = message(&database, 1, Some(CAMILLE));
    let sha = "a".repeat(64);
    for (position, bytes) in [(0, b"%PDF-".to_vec()), (1, b"1.7\n".to_vec())] {
        database
            .execute("INSERT INTO content_chunk VALUES (?1, ?2, ?3)", params![sha.as_str(), position, bytes])
            .unwrap();
    }
    database
        .execute(
            "INSERT INTO attachment (id, message_id, name, media_type, size, sha256) VALUES (?1, ?2, 'Règles.pdf', 'application/pdf', 9, ?3)",
            params!["01JD0000000000000000000A01", message.as_str(), sha.as_str()],
        )
        .unwrap();
    let bytes = compose(&database, &message).unwrap().bytes;
    let read = MessageParser::new().parse(&bytes).unwrap();
    assert_eq!(read.attachment(0).unwrap().contents(), b"%PDF-1.7\n");
    assert_eq!(read.attachment(0).unwrap().attachment_name(), Some("Règles.pdf"));
    database.execute("DELETE FROM content_chunk WHERE position = 1", &[]).unwrap();
    assert!(matches!(compose(&database, &message), Err(LetterError::Incomplete)));
}
