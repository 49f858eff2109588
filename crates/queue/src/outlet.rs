//! Where mails go out: the configured relay, or the folder that keeps them when there is none (O-5).

use mail::{Disposition, Envelope};

/// Something that takes mails.
pub trait Transport {
    /// Its name, for pauses and logs: never an address of a person.
    fn name(&self) -> &str;
    /// Hands over one mail. `delivery` is the ULID of its delivery; the same one may come again.
    fn deliver(&mut self, delivery: &str, envelope: &Envelope, message: &[u8]) -> Disposition;
}

/// The interface `relay` of `vaguemestre:transport`.
pub trait Relay {
    /// Name of the configured relay, if any.
    fn configured(&mut self) -> Option<String>;
    /// Hands over one mail.
    fn deliver(&mut self, envelope: &Envelope, message: &[u8]) -> Disposition;
}

/// The interface `pickup` of `vaguemestre:transport`, as far as it takes mails.
pub trait Pickup {
    /// Keeps one mail under `name`, a ULID.
    fn deliver(&mut self, name: &str, envelope: &Envelope, message: &[u8]) -> Disposition;
}

/// The one of the two that takes the mails of this run.
pub enum Outlet<'a> {
    /// A server.
    Relay(&'a mut dyn Relay, String),
    /// The folder.
    Pickup(&'a mut dyn Pickup),
}

/// The relay where one is configured, else the folder.
pub fn choose<'a>(relay: &'a mut dyn Relay, pickup: &'a mut dyn Pickup) -> Outlet<'a> {
    match relay.configured() {
        Some(name) => Outlet::Relay(relay, name),
        None => Outlet::Pickup(pickup),
    }
}

impl Transport for Outlet<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Relay(_, name) => name,
            Self::Pickup(_) => "pickup",
        }
    }

    fn deliver(&mut self, delivery: &str, envelope: &Envelope, message: &[u8]) -> Disposition {
        match self {
            Self::Relay(relay, _) => relay.deliver(envelope, message),
            Self::Pickup(pickup) => pickup.deliver(delivery, envelope, message),
        }
    }
}
