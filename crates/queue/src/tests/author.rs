use store::{Database, File, params};

use super::{ADMIN, CAMILLE, Fixed, LEA, NOE, NOW, OTHER_ADMIN, Told, delivery, id, message, school};
use crate::{Limits, State, drain, recipients, sent, visible};
use mail::{Disposition, Reply};

fn submitted(database: &File, n: u32) -> String {
    let message = message(database, n, Some(CAMILLE));
    // As `submission_accepted` leaves them; the rights are another crate's tests.
    database.batch("PRAGMA foreign_keys = ON; DROP TRIGGER IF EXISTS submission_accepted;").unwrap();
    database
        .execute(
            "INSERT INTO submission (message_id, submitted_at, size) VALUES (?1, ?2, 10)",
            params![message.as_str(), NOW + i64::from(n)],
        )
        .unwrap();
    for (person, field) in [(LEA, "to"), (NOE, "bcc")] {
        database
            .execute(
                "INSERT INTO recipient VALUES (?1, ?2, ?3, 1, ?4)",
                params![message.as_str(), person, field, person == LEA],
            )
            .unwrap();
    }
    delivery(database, n, &message, LEA, NOW);
    message
}

#[test]
fn an_author_follows_each_recipient() {
    let database = school();
    let message = submitted(&database, 1);
    let bounced = Disposition::Reject(Reply::new("5.2.1", "perso1@fournisseur.example disabled"));
    drain(&database, &mut Told::with([bounced]), &mut Fixed::at(NOW), &Limits::default()).unwrap();
    let list = recipients(&database, CAMILLE, &message, 0, 100).unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!((list[0].name.as_str(), list[0].state), ("Léa Martin", Some(State::Failed)));
    assert_eq!(list[0].error.as_deref(), Some("la boîte est désactivée (5.2.1)"));
    assert_eq!((list[1].field.as_str(), list[1].state, list[1].by_mailbox), ("bcc", None, true));
    for other in [LEA, NOE, ADMIN] {
        assert!(recipients(&database, other, &message, 0, 100).unwrap().is_empty());
    }
}

#[test]
fn sent_messages_come_in_pages() {
    let database = school();
    let messages: Vec<_> = (0..5).map(|n| submitted(&database, n)).collect();
    let first = sent(&database, CAMILLE, None, 3).unwrap();
    assert_eq!(
        first.items.iter().map(|m| m.id.clone()).collect::<Vec<_>>(),
        [&messages[4], &messages[3], &messages[2]].map(String::clone)
    );
    let item = &first.items[0];
    assert_eq!((item.recipients, item.mails, item.waiting, item.failed, item.at), (2, 1, 1, 0, NOW + 4));
    let rest = sent(&database, CAMILLE, first.next.as_deref(), 3).unwrap();
    assert_eq!(
        rest.items.iter().map(|m| m.id.clone()).collect::<Vec<_>>(),
        [&messages[1], &messages[0]].map(String::clone)
    );
    assert_eq!(rest.next, None);
    assert!(sent(&database, LEA, None, 3).unwrap().items.is_empty());
}

#[test]
fn a_kept_mail_is_read_by_its_two_sides_and_known_to_the_administrator() {
    let database = school();
    submitted(&database, 1);
    let names = [id('D', 1), id('D', 9), "../../etc/passwd".to_owned()];
    for reader in [CAMILLE, LEA] {
        let kept = visible(&database, reader, &names).unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].subject.as_deref(), Some("Sortie"));
    }
    assert_eq!(visible(&database, ADMIN, &names).unwrap()[0].subject, None);
    for stranger in [NOE, OTHER_ADMIN] {
        assert!(visible(&database, stranger, &names).unwrap().is_empty());
    }
}
