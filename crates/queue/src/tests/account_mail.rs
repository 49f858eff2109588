//! Account mails (P-4) go out like any mail, and their codes do not outlive them.

use mail::{Disposition, Reply};
use mail_parser::MessageParser;
use store::{Database as _, params};

use super::{ADMIN, Fixed, LEA, NOE, NOW, Told, UAI, count, id, school};
use crate::{Action, Limits, Outcome, Target, act, drain};

#[test]
fn each_account_gets_its_own_mail_and_the_code_goes_with_it() {
    let database = school();
    for (person, code) in [(LEA, "abcd3456"), (NOE, "efgh7899")] {
        database.execute("UPDATE person SET activation_code = ?2 WHERE id = ?1", params![person, code]).unwrap();
        database
            .execute(
                "INSERT INTO membership (group_id, person_id) SELECT id, ?1 FROM person_group LIMIT 1",
                params![person],
            )
            .unwrap();
    }
    let accounts = format!(r#"[[0,"{LEA}","lea@fournisseur.example",0],[1,"{NOE}","noe@fournisseur.example",0]]"#);
    database
        .execute(
            "INSERT INTO campaign_launch (id, uai, by_id, kind, criteria, at, accounts, job_id, file_name)
             VALUES (?1, ?2, ?3, 'mail', '{}', ?4, ?5, '', '')",
            params![id('C', 1), UAI, ADMIN, NOW, accounts],
        )
        .unwrap();
    let text = |profile: &str, active: bool| {
        format!(
            r#"{{"profile":"{profile}","active":{active},"subject":"Votre compte","text":"Bonjour MARQUEPRENOM MARQUENOM : MARQUELOGIN, MARQUECODE"}}"#
        )
    };
    let texts = format!("[{},{}]", text("relative", false), text("student", false));
    database
        .execute(
            "INSERT INTO account_mailing (campaign_id, id_prefix, at, texts) VALUES (?1, '01JD8K4X5V', ?2, ?3)",
            params![id('C', 1), NOW, texts],
        )
        .unwrap();

    let mut transport =
        Told::with([Disposition::Sent(Reply::new("2.0.0", "")), Disposition::Reject(Reply::new("5.1.1", ""))]);
    drain(&database, &mut transport, &mut Fixed::at(NOW), &Limits::default()).unwrap();
    let sent: Vec<_> = transport
        .given
        .iter()
        .map(|(_, envelope, bytes)| {
            let mail = MessageParser::new().parse(bytes).unwrap();
            (
                envelope.recipient.as_str().to_owned(),
                envelope.sender.is_none(),
                mail.body_text(0).unwrap().trim().to_owned(),
            )
        })
        .collect();
    assert_eq!(
        sent,
        [
            ("lea@fournisseur.example".to_owned(), true, "Bonjour Léa Martin : léa.martin, abcd3456".to_owned()),
            ("noe@fournisseur.example".to_owned(), true, "Bonjour Noé Œuvrard : noé.œuvrard, efgh7899".to_owned()),
        ]
    );
    assert_eq!(count(&database, "message WHERE body_text <> ''"), 0);
    assert_eq!(count(&database, "mailbox_entry"), 0);
    assert_eq!(count(&database, "notice"), 0);
    // Without its code it is not tried again.
    assert_eq!(act(&database, ADMIN, Action::Requeue, Target::All(UAI), NOW).unwrap(), Outcome::Done(0));
}
