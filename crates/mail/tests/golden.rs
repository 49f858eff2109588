//! Golden mails: each `golden/<name>.json` says what a mail says, `golden/<name>.eml` is its bytes. To write them anew after
//! a wanted change: `VAGUEMESTRE_GOLDEN=write cargo test -p mail --test golden`, then read the difference.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{borrow::Cow, fs, path::Path};

use clock::Zone;
use mail::{Address, Attachment, DisplayName, FileName, Mail, Mailbox, MediaType, MessageId, Recipient, Subject};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    id: String,
    date: i64,
    zone: String,
    from: [String; 2],
    #[serde(default)]
    automatic: bool,
    #[serde(default)]
    to: Vec<Someone>,
    #[serde(default)]
    cc: Vec<Someone>,
    subject: String,
    #[serde(default)]
    in_reply_to: Option<String>,
    #[serde(default)]
    references: Vec<String>,
    text: String,
    #[serde(default)]
    html: String,
    #[serde(default)]
    attachments: Vec<File>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Someone {
    Person([String; 2]),
    Group(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    media_type: String,
    content: String,
}

fn mailbox([name, address]: &[String; 2]) -> Mailbox {
    Mailbox { name: DisplayName::tidy(name), address: Address::parse(address).unwrap() }
}

fn recipients(list: &[Someone]) -> Vec<Recipient> {
    let recipient = |someone: &Someone| match someone {
        Someone::Person(person) => Recipient::Person(mailbox(person)),
        Someone::Group(name) => Recipient::Group(DisplayName::tidy(name)),
    };
    list.iter().map(recipient).collect()
}

fn compose(said: &Said) -> Vec<u8> {
    let id = |text: &String| MessageId::parse(text).unwrap();
    let attachments = said.attachments.iter().map(|file| Attachment {
        name: FileName::tidy(&file.name),
        media_type: MediaType::parse(&file.media_type).unwrap(),
        content: Cow::Borrowed(file.content.as_bytes()),
    });
    Mail {
        id: id(&said.id),
        date: said.date,
        zone: Zone::named(&said.zone),
        sender: mailbox(&said.from),
        automatic: said.automatic,
        to: recipients(&said.to),
        cc: recipients(&said.cc),
        subject: Subject::tidy(&said.subject),
        in_reply_to: said.in_reply_to.as_ref().map(id),
        references: said.references.iter().map(id).collect(),
        text: Cow::Borrowed(&said.text),
        html: Cow::Borrowed(&said.html),
        attachments: attachments.collect(),
    }
    .compose()
}

#[test]
fn golden_mails_stay_as_they_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let said: Said = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let composed = compose(&said);
        let golden = path.with_extension("eml");
        if std::env::var_os("VAGUEMESTRE_GOLDEN").is_some() {
            fs::write(&golden, &composed).unwrap();
        }
        let expected = fs::read(&golden).unwrap();
        assert_eq!(String::from_utf8_lossy(&composed), String::from_utf8_lossy(&expected), "{}", golden.display());
        seen += 1;
    }
    assert!(seen >= 5, "the golden mails are missing");
}
