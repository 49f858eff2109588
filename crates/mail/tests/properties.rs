//! What is put into a mail comes out again when another library reads it, and nothing else does.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::borrow::Cow;

use clock::Zone;
use mail::{Address, Attachment, DisplayName, FileName, Mail, Mailbox, MediaType, MessageId, Recipient, Subject};
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: DisplayName::tidy(name), address: Address::parse(address).unwrap() }
}

fn mail<'a>(subject: &str, text: &'a str, html: &'a str) -> Mail<'a> {
    Mail {
        id: MessageId::parse("01jd8k4x5v7t9b2c3d4e5f6g7h@lycee.example").unwrap(),
        date: 1_763_827_200_000,
        zone: Zone::named("Europe/Paris"),
        sender: mailbox("Camille Petit", "camille.petit@lycee.example"),
        automatic: false,
        to: vec![Recipient::Person(mailbox("Léa Martin", "lea.martin@lycee.example"))],
        cc: Vec::new(),
        subject: Subject::tidy(subject),
        in_reply_to: None,
        references: Vec::new(),
        text: Cow::Borrowed(text),
        html: Cow::Borrowed(html),
        attachments: Vec::new(),
    }
}

/// RFC 5322 §2.1.1 and RFC 2045 §2.7: 7-bit lines of at most 998 octets, ended by CRLF and nothing else.
fn is_safe(bytes: &[u8]) -> Result<(), TestCaseError> {
    prop_assert!(bytes.ends_with(b"\r\n"));
    for line in bytes.strip_suffix(b"\r\n").unwrap().split(|b| *b == b'\n') {
        prop_assert!(line.len() <= 999);
    }
    for (index, byte) in bytes.iter().enumerate() {
        prop_assert!(*byte != 0 && *byte < 128, "octet {byte} at {index}");
        prop_assert!(*byte != b'\n' || bytes[index - 1] == b'\r', "bare LF at {index}");
        prop_assert!(*byte != b'\r' || bytes.get(index + 1) == Some(&b'\n'), "bare CR at {index}");
    }
    Ok(())
}

fn header_names(bytes: &[u8]) -> Vec<String> {
    let head = std::str::from_utf8(bytes).unwrap().split("\r\n\r\n").next().unwrap();
    let named = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    named.map(|line| line.split_once(": ").unwrap_or((line.trim_end_matches(':'), "")).0.to_owned()).collect()
}

fn unix_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    if text.ends_with('\n') { text } else { text + "\n" }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn subjects_and_names_come_back(
        subject in prop_oneof!["\\PC{0,300}", "[ -~]{0,300}", "(=\\?utf-8\\?Q\\?[a-z_]{0,9}\\?= ?){1,3}", "(é| |x|«){0,120}", "\r\nBcc: \\PC{0,9}"],
        name in prop_oneof!["\\PC{0,80}", "[\",;:<>@()\\\\ a-z]{0,40}", "=\\?utf-8\\?B\\?w6k=\\?=", "(é| |x){0,90}"],
    ) {
        let mut mail = mail(&subject, "Bonjour", "");
        mail.sender.name = DisplayName::tidy(&name);
        mail.to = vec![Recipient::Person(Mailbox { name: DisplayName::tidy(&name), ..mailbox("", "lea.martin@lycee.example") })];
        let bytes = mail.compose();
        is_safe(&bytes)?;
        prop_assert_eq!(
            header_names(&bytes),
            ["Date", "From", "To", "Message-ID", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
        );
        let read = MessageParser::new().parse(&bytes).unwrap();
        prop_assert_eq!(read.subject().unwrap_or_default(), Subject::tidy(&subject).as_str().to_owned());
        for list in [read.from().unwrap(), read.to().unwrap()] {
            let someone = list.first().unwrap();
            prop_assert_eq!(someone.name().unwrap_or_default(), DisplayName::tidy(&name).as_str().to_owned());
            prop_assert!(someone.address().unwrap().ends_with("@lycee.example"));
            prop_assert_eq!(list.iter().count(), 1);
        }
    }

    #[test]
    fn bodies_come_back(text in "(\\PC|\n|\r\n|\r|\t|\\.\n|From |=|é){0,400}", html in "(<p>|</p>|\\PC|\n|&eacute;){1,200}") {
        let bytes = mail("Essai", &text, &html).compose();
        is_safe(&bytes)?;
        let read = MessageParser::new().parse(&bytes).unwrap();
        prop_assert_eq!(unix_lines(&read.body_text(0).unwrap()), unix_lines(&text));
        let read_html = unix_lines(&read.body_html(0).unwrap());
        prop_assert!(read_html.contains(&unix_lines(&html)), "{:?} not in {:?}", unix_lines(&html), read_html);
        prop_assert_eq!(read.attachment_count(), 0);
    }

    #[test]
    fn files_come_back_to_the_octet(
        files in prop::collection::vec((
            prop_oneof!["\\PC{0,120}", "[a-z\"; \\\\]{1,30}\\.pdf", "\r\nX-Evil: [a-z]{3}"],
            prop_oneof![Just("application/pdf"), Just("text/plain"), Just("text/html"), Just("image/png")],
            prop_oneof![prop::collection::vec(any::<u8>(), 0..600), Just(b"a\nb\rc\r\n.\r\n".to_vec()), Just(b" \t\n--=_\n".to_vec())],
        ), 1..4),
        html in "(|<p>é</p>)",
    ) {
        let mut mail = mail("Pièces", "Voir les pièces.", &html);
        for (name, media_type, content) in &files {
            mail.attachments.push(Attachment {
                name: FileName::tidy(name), media_type: MediaType::parse(media_type).unwrap(), content: Cow::Borrowed(content),
            });
        }
        let bytes = mail.compose();
        is_safe(&bytes)?;
        let read = MessageParser::new().parse(&bytes).unwrap();
        prop_assert_eq!(read.attachment_count(), files.len());
        for (part, (name, media_type, content)) in read.attachments().zip(&files) {
            // The reader takes text to be UTF-8, having no better word.
            if !media_type.starts_with("text/") || std::str::from_utf8(content).is_ok() {
                prop_assert_eq!(part.contents(), content.as_slice());
            }
            prop_assert_eq!(part.attachment_name().unwrap(), FileName::tidy(name).as_str().to_owned());
            let kind = part.content_type().unwrap();
            prop_assert_eq!(format!("{}/{}", kind.ctype(), kind.subtype().unwrap()), *media_type);
        }
    }

    #[test]
    fn the_same_mail_gives_the_same_bytes(text in "\\PC{0,50}", html in "\\PC{1,50}") {
        let mail = mail("Essai", &text, &html);
        prop_assert_eq!(mail.compose(), mail.clone().compose());
    }
}

#[test]
fn a_text_cannot_pretend_to_be_a_part() {
    let innocent = mail("Essai", "Bonjour", "<p>Bonjour</p>").compose();
    let innocent = String::from_utf8(innocent).unwrap();
    let boundary =
        innocent.lines().find_map(|line| line.split_once("boundary=\"")).unwrap().1.trim_end_matches('"').to_owned();
    let hostile = format!("Bonjour\n--{boundary}\nContent-Type: application/x-msdownload\n\nMZ\n--{boundary}--\n");
    let bytes = mail("Essai", &hostile, "<p>Bonjour</p>").compose();
    let read = MessageParser::new().parse(&bytes).unwrap();
    assert_eq!(unix_lines(&read.body_text(0).unwrap()), hostile);
    assert_eq!(read.attachment_count(), 0);

    let mut with_file = mail("Essai", "Bonjour", "<p>Bonjour</p>");
    with_file.attachments.push(Attachment {
        name: FileName::tidy("a.txt"),
        media_type: MediaType::parse("text/plain").unwrap(),
        content: Cow::Owned(hostile.clone().into_bytes()),
    });
    let bytes = with_file.compose();
    let read = MessageParser::new().parse(&bytes).unwrap();
    assert_eq!(read.attachment_count(), 1);
    assert_eq!(read.attachment(0).unwrap().contents(), hostile.as_bytes());
}

#[test]
fn a_long_thread_keeps_both_ends() {
    let mut mail = mail("Re : Essai", "Bonjour", "");
    mail.references = (0..50).map(|n| MessageId::parse(&format!("m{n}@lycee.example")).unwrap()).collect();
    mail.in_reply_to = mail.references.last().cloned();
    let bytes = mail.compose();
    let read = MessageParser::new().parse(&bytes).unwrap();
    let references = read.references().as_text_list().unwrap();
    assert_eq!(references.len(), 20);
    assert_eq!(references[0], "m0@lycee.example");
    assert_eq!(references[19], "m49@lycee.example");
    assert_eq!(read.in_reply_to().as_text(), Some("m49@lycee.example"));
}
