//! The client: keeps one session between mails, and knows when a mail may be tried a second time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mail::{Disposition, Envelope, Reply};
use rustls::crypto::CryptoProvider;

use crate::Settings;
use crate::link::Link;
use crate::session::{Session, lost};
use crate::transaction::Lost;
use crate::wire::{Broken, Wire};

/// Mails on one connection: many servers end it at a hundred or so.
const MAILS: u32 = 100;
/// A connection that was not used for so long is left: most servers wait 5 minutes, some much less.
const IDLE: Duration = Duration::from_secs(30);

/// Opens connections.
pub trait Dial {
    /// What it opens.
    type Link: Link;

    /// Connects to `relay` within `patience`, with TCP_NODELAY.
    ///
    /// # Errors
    /// Those of the network.
    fn dial(&mut self, relay: SocketAddr, patience: Duration) -> io::Result<Self::Link>;
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// One step without progress: connecting, a read, a write.
    pub step: Duration,
    /// A whole delivery.
    pub whole: Duration,
}

impl Default for Times {
    /// 10 s, and 55 s of the 60 that `vaguemestre:relay` promises.
    fn default() -> Self {
        Self { step: Duration::from_secs(10), whole: Duration::from_secs(55) }
    }
}

/// Hands mails to one relay.
pub struct Client<D: Dial> {
    dial: D,
    provider: Arc<CryptoProvider>,
    times: Times,
    kept: Option<(Settings, Session<D::Link>)>,
}

impl<D: Dial> Client<D> {
    /// A client without a connection yet.
    pub fn new(dial: D, provider: Arc<CryptoProvider>, times: Times) -> Self {
        Self { dial, provider, times, kept: None }
    }

    /// Hands over one mail with CRLF line ends, on the connection of the last one where it still serves. A kept connection
    /// that turns out dead before the server asked for the mail is replaced by a fresh one, once.
    pub fn deliver(&mut self, settings: &Settings, envelope: &Envelope, message: &[u8]) -> Disposition {
        let deadline = Instant::now() + self.times.whole;
        if let Some(mut session) = self.kept_for(settings) {
            session.wire.set_times(self.times.step, deadline);
            match session.transact(envelope, message) {
                // It closes idle connections with 421: that says nothing of a fresh one.
                Ok(Disposition::Unavailable(_)) | Err(Lost { untaken: true, .. }) => {}
                Ok(disposition) => {
                    self.keep(settings, session);
                    return disposition;
                }
                Err(Lost { reply, .. }) => return Disposition::Retry(reply),
            }
        }
        let mut session = match self.open(settings, deadline) {
            Ok(session) => session,
            Err(reply) => return Disposition::Unavailable(reply),
        };
        match session.transact(envelope, message) {
            Ok(disposition) => {
                self.keep(settings, session);
                disposition
            }
            Err(Lost { reply, .. }) => Disposition::Retry(reply),
        }
    }

    /// Ends the kept connection, if any.
    pub fn quit(&mut self) {
        self.kept = None;
    }

    fn kept_for(&mut self, settings: &Settings) -> Option<Session<D::Link>> {
        let (kept, session) = self.kept.take()?;
        (kept == *settings && session.used.elapsed() < IDLE).then_some(session)
    }

    fn keep(&mut self, settings: &Settings, session: Session<D::Link>) {
        if session.healthy && session.mails < MAILS {
            self.kept = Some((settings.clone(), session));
        }
    }

    fn open(&mut self, settings: &Settings, deadline: Instant) -> Result<Session<D::Link>, Reply> {
        let link = self.dial.dial(settings.relay, self.times.step).map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => Reply::new("4.4.1", "the server refused the connection"),
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => lost(&Broken::Late),
            io::ErrorKind::PermissionDenied => {
                Reply::new("4.4.0", "this address is not among the allowed outbound hosts")
            }
            _ => Reply::new("4.4.1", "no connection to the server"),
        })?;
        let wire = Wire::new(link, self.times.step, deadline);
        Session::open(wire, settings, &self.provider)
    }
}
