//! `vaguemestre:relay` and `vaguemestre:pickup` as this component's manifest fills them.

use mail::{Disposition, Envelope, Reply};

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/deps/fermyon-spin", "../../wit/transport", "../../wit/relay", "../../wit/pickup"],
        inline: "package vaguemestre:queue; world queue {
            import vaguemestre:relay/relay@0.1.0;
            import vaguemestre:pickup/pickup@0.1.0;
        }",
        generate_all,
    });
}

use bindings::vaguemestre::pickup::pickup;
use bindings::vaguemestre::relay::relay;
use bindings::vaguemestre::transport::types;

/// The imported `relay`.
#[derive(Debug, Default)]
pub struct Relay;

/// The imported `pickup`.
#[derive(Debug, Default)]
pub struct Pickup;

impl crate::Relay for Relay {
    fn configured(&mut self) -> Option<String> {
        relay::configured()
    }

    fn deliver(&mut self, envelope: &Envelope, message: &[u8]) -> Disposition {
        disposition(relay::deliver(&out(envelope), message))
    }
}

impl crate::Pickup for Pickup {
    fn deliver(&mut self, name: &str, envelope: &Envelope, message: &[u8]) -> Disposition {
        disposition(pickup::deliver(name, &out(envelope), message))
    }
}

impl Pickup {
    /// The names of the newest kept mails before `before`, newest first, at most `limit` (1 to 200).
    ///
    /// # Errors
    /// Why the folder cannot be read.
    pub fn recent(&self, before: Option<&str>, limit: u32) -> Result<Vec<String>, String> {
        pickup::recent(before, limit)
    }

    /// One kept mail.
    ///
    /// # Errors
    /// Why the folder cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        pickup::read(name)
    }
}

fn out(envelope: &Envelope) -> types::Envelope {
    types::Envelope {
        sender: envelope.sender.as_ref().map(ToString::to_string).unwrap_or_default(),
        recipient: envelope.recipient.to_string(),
    }
}

fn disposition(from: types::Disposition) -> Disposition {
    let reply = |reply: types::Reply| Reply::new(&reply.status, &reply.words);
    match from {
        types::Disposition::Sent(r) => Disposition::Sent(reply(r)),
        types::Disposition::Retry(r) => Disposition::Retry(reply(r)),
        types::Disposition::Reject(r) => Disposition::Reject(reply(r)),
        types::Disposition::Unavailable(r) => Disposition::Unavailable(reply(r)),
    }
}
