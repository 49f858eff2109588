//! What a server is told to do.

use std::time::Duration;

/// A point of the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before the greeting.
    Banner,
    /// EHLO.
    Ehlo,
    /// STARTTLS.
    StartTls,
    /// AUTH.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA, before 354.
    Data,
    /// In the middle of the mail.
    Content,
    /// After the last dot.
    Dot,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This reply instead of the right one, without its line end.
    Reply(&'static str),
    /// These bytes instead of the right reply, as they are.
    Bytes(Vec<u8>),
    /// These bytes again and again, until the client leaves.
    Endless(Vec<u8>),
    /// The connection is closed.
    Cut,
    /// Nothing for so long, then the right reply.
    Wait(Duration),
    /// One octet of the right reply in each of these.
    Drip(Duration),
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// STARTTLS is not offered.
    None,
    /// STARTTLS is offered.
    StartTls,
    /// TLS from the first octet.
    Implicit,
}

/// A server's behaviour.
#[derive(Debug, Clone)]
pub struct Script {
    /// Offer PIPELINING.
    pub pipelining: bool,
    /// Offer SIZE with this limit.
    pub size: Option<u64>,
    /// Offer AUTH with these mechanisms; every mail is then refused with 530 before.
    pub auth: &'static str,
    /// User and password that are taken.
    pub credentials: (&'static str, &'static str),
    /// Protection.
    pub protection: Protection,
    /// What goes wrong, and where.
    pub faults: Vec<(Stage, Fault)>,
    /// The connection's mails that the faults are for: from this one on (0 is the first).
    pub faults_from: u32,
    /// Close after so many mails, without a word.
    pub mails: u32,
    /// Answer 354 even when no recipient was taken.
    pub careless: bool,
}

impl Default for Script {
    /// A server that takes everything.
    fn default() -> Self {
        Self {
            pipelining: true,
            size: Some(20_000_000),
            auth: "",
            credentials: ("ent", "s3cret"),
            protection: Protection::None,
            faults: Vec::new(),
            faults_from: 0,
            mails: u32::MAX,
            careless: false,
        }
    }
}

impl Script {
    /// A server that does wrong at one point.
    #[must_use]
    pub fn failing(stage: Stage, fault: Fault) -> Self {
        Self { faults: vec![(stage, fault)], ..Self::default() }
    }

    pub(crate) fn fault(&self, stage: Stage, mails: u32) -> Option<&Fault> {
        let due = mails >= self.faults_from;
        self.faults.iter().find(|(at, _)| due && *at == stage).map(|(_, fault)| fault)
    }
}
