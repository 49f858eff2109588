//! From what a mail says to its bytes. The MIME encodings are `mail-builder`'s; here are the choices: which headers, in
//! which order, which parts, and boundaries that cannot occur in what they part.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use mail_builder::{
    MessageBuilder,
    headers::{HeaderType, address::Address as Written, content_type::ContentType, raw::Raw, text::Text},
    mime::MimePart,
};

use clock::Zone;

use crate::{Address, DisplayName, FileName, MediaType, MessageId, Subject};

/// The longest chain of References that is written: the first of the thread and the newest.
const MAX_REFERENCES: usize = 20;

/// Someone with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name shown; may be empty.
    pub name: DisplayName,
    /// A universal address, never a redirect address (F-2).
    pub address: Address,
}

/// Who stands in To or Cc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// One person.
    Person(Mailbox),
    /// A group by its name, written as an RFC 5322 group without members: who is in it is not told to the outside.
    Group(DisplayName),
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// Name under which it is kept by the receiver.
    pub name: FileName,
    /// What it is.
    pub media_type: MediaType,
    /// What it holds.
    pub content: Cow<'a, [u8]>,
}

/// All that one mail says. Cci recipients have no place in it.
#[derive(Debug, Clone)]
pub struct Mail<'a> {
    /// Message-ID: the same on every mail of one message.
    pub id: MessageId,
    /// Date, in UTC milliseconds.
    pub date: i64,
    /// The zone that Date is written in: the school's.
    pub zone: Zone,
    /// From.
    pub sender: Mailbox,
    /// Written by the service, not by a person: `Auto-Submitted: auto-generated` (RFC 3834 §5).
    pub automatic: bool,
    /// To; with `cc` empty too, the mail says that its recipients are not disclosed.
    pub to: Vec<Recipient>,
    /// Cc.
    pub cc: Vec<Recipient>,
    /// Subject.
    pub subject: Subject,
    /// The message answered.
    pub in_reply_to: Option<MessageId>,
    /// The thread up to the message answered, oldest first; at most 20 are written.
    pub references: Vec<MessageId>,
    /// The body as plain text.
    pub text: Cow<'a, str>,
    /// The same as an HTML fragment, already sanitised; empty for a mail of plain text only.
    pub html: Cow<'a, str>,
    /// Files.
    pub attachments: Vec<Attachment<'a>>,
}

impl Mail<'_> {
    /// The complete mail. The same value gives the same bytes.
    #[must_use]
    pub fn compose(&self) -> Vec<u8> {
        self.bytes(None)
    }

    /// The mail but for a calendar object, which is one more alternative of the body (RFC 6047 §2.4) and may be another for
    /// each recipient: everything else is composed once. `method` is the METHOD of the objects, in capitals.
    #[must_use]
    pub fn around_calendar(&self, method: &'static str) -> Frame {
        // At the beginning of a body this is in no other part, and no header holds the end of its line.
        let mark = format!("\r\n\r\n{}", self.boundary("c"));
        let part = format!(
            "Content-Type: text/calendar; charset=\"utf-8\"; method={method}\r\nContent-Transfer-Encoding: base64{mark}"
        );
        let bytes = self.bytes(Some(&part));
        let at = bytes.windows(mark.len()).position(|window| window == mark.as_bytes()).unwrap_or(bytes.len());
        let (before, rest) = bytes.split_at(at);
        Frame { before: before.to_vec(), after: rest.get(mark.len()..).unwrap_or_default().to_vec() }
    }

    fn bytes(&self, calendar: Option<&str>) -> Vec<u8> {
        let mut builder = MessageBuilder::new()
            .header("Date", Raw::new(self.zone.rfc5322(self.date)))
            .from(mailbox(&self.sender))
            .to(if self.to.is_empty() && self.cc.is_empty() { undisclosed() } else { list(&self.to) });
        // An empty To is left out, not written empty.
        if self.to.is_empty() && !self.cc.is_empty() {
            builder.headers.pop();
        }
        if !self.cc.is_empty() {
            builder = builder.cc(list(&self.cc));
        }
        builder = builder.message_id(self.id.as_str());
        if let Some(answered) = &self.in_reply_to {
            builder = builder.in_reply_to(answered.as_str());
        }
        let references = self.shown_references();
        if !references.is_empty() {
            builder = builder.references(references);
        }
        builder = builder.header("Subject", subject(&self.subject));
        if self.automatic {
            builder = builder.header("Auto-Submitted", Raw::new("auto-generated"));
        }
        let mut bytes = Vec::new();
        builder.header("MIME-Version", Raw::new("1.0")).body(self.parts(calendar)).serialize(&mut bytes);
        bytes
    }

    /// The first reference and the newest (RFC 5322 §3.6.4 allows to trim, clients need both ends).
    fn shown_references(&self) -> Vec<&str> {
        let surplus = self.references.len().saturating_sub(MAX_REFERENCES);
        let first = self.references.iter().take(1);
        let newest = self.references.iter().skip(surplus + 1);
        first.chain(newest).map(MessageId::as_str).collect()
    }

    /// `calendar`: the headers and body of one more alternative, as they stand.
    fn parts<'x>(&'x self, calendar: Option<&'x str>) -> MimePart<'x> {
        let mut bodies = vec![MimePart::new("text/plain", lines(&self.text))];
        if !self.html.is_empty() {
            let html = format!(
                "<!doctype html>\r\n<html lang=\"fr\">\r\n<body>\r\n{}</body>\r\n</html>\r\n",
                lines(&self.html)
            );
            bodies.push(MimePart::new("text/html", html));
        }
        // Last, since the last alternative is the richest.
        bodies.extend(calendar.map(MimePart::raw));
        let body = match bodies.len() {
            1 => bodies.swap_remove(0),
            _ => self.multipart("multipart/alternative", "a", bodies),
        };
        if self.attachments.is_empty() {
            return body;
        }
        let files = self
            .attachments
            .iter()
            .map(|file| MimePart::new(file.media_type.as_str(), file.content.as_ref()).attachment(file.name.as_str()));
        self.multipart("multipart/mixed", "m", std::iter::once(body).chain(files).collect())
    }

    fn multipart<'x>(&self, kind: &'static str, level: &str, parts: Vec<MimePart<'x>>) -> MimePart<'x> {
        MimePart::new(ContentType::new(kind).attribute("boundary", self.boundary(level)), parts)
    }

    /// A boundary that follows from the Message-ID, and that no part holds: the author knows the Message-ID, and could
    /// otherwise write parts of her own into a text that is sent as it is.
    fn boundary(&self, level: &str) -> String {
        let mut seed = fnv(self.id.as_str());
        loop {
            let candidate = format!("=_{level}{seed:016x}");
            let found = self.text.contains(&candidate)
                || self.html.contains(&candidate)
                || self.attachments.iter().any(|file| {
                    file.media_type.as_str().starts_with("text/") && holds(&file.content, candidate.as_bytes())
                });
            if !found {
                return candidate;
            }
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        }
    }
}

/// A mail that lacks its calendar object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Frame {
    /// The complete mail with `calendar`, an iCalendar object of the METHOD that was named.
    #[must_use]
    pub fn with(&self, calendar: &str) -> Vec<u8> {
        // Encoded, what is inside needs no look: 8-bit, boundaries. 57 bytes make a line of 76.
        let mut bytes = [self.before.as_slice(), b"\r\n\r\n"].concat();
        for line in calendar.as_bytes().chunks(57) {
            bytes.extend_from_slice(BASE64.encode(line).as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(&self.after);
        bytes
    }
}

fn mailbox(mailbox: &Mailbox) -> Written<'_> {
    let name = Some(mailbox.name.as_str()).filter(|name| !name.is_empty());
    Written::new_address(name, mailbox.address.as_str())
}

fn list(recipients: &[Recipient]) -> Written<'_> {
    Written::new_list(recipients.iter().map(written).collect())
}

fn written(recipient: &Recipient) -> Written<'_> {
    match recipient {
        Recipient::Person(person) => mailbox(person),
        Recipient::Group(name) if name.as_str().is_empty() => undisclosed(),
        Recipient::Group(name) => Written::new_group(Some(name.as_str()), Vec::new()),
    }
}

fn undisclosed() -> Written<'static> {
    Written::new_group(Some("destinataires inconnus"), Vec::new())
}

fn subject(subject: &Subject) -> HeaderType<'_> {
    Text::new(subject.as_str()).into()
}

/// `text` with CRLF at the end of every line, the last one too, and without NUL, which no mail may hold (RFC 5322 §4).
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    let mut previous = ' ';
    for c in text.chars() {
        match c {
            '\r' => out.push_str("\r\n"),
            '\n' if previous == '\r' => {}
            '\n' => out.push_str("\r\n"),
            '\0' => {}
            other => out.push(other),
        }
        previous = c;
    }
    if !out.ends_with("\r\n") {
        out.push_str("\r\n");
    }
    out
}

/// FNV-1a: spreads Message-IDs over boundaries; no secret depends on it.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

fn holds(content: &[u8], wanted: &[u8]) -> bool {
    content.windows(wanted.len()).any(|window| window == wanted)
}
