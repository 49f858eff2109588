//! One connection to a server: bytes out, lines in, in clear or under TLS.

use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use rustls::{ClientConnection, StreamOwned};

use crate::answer::{Answer, Garbled, Gathering, MAX_LINE};
use crate::link::{Link, Timed};

/// Why a connection is of no use any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the connection broke")]
    Io,
    #[error("the server closed the connection")]
    Closed,
    #[error("the server took too long")]
    Late,
    #[error(transparent)]
    Garbled(#[from] Garbled),
    #[error("TLS failed: {0}")]
    Tls(rustls::Error),
}

enum Carrier<L: Link> {
    Plain(Timed<L>),
    Tls(Box<StreamOwned<ClientConnection, Timed<L>>>),
    /// A handshake failed.
    Gone,
}

/// A connection.
pub(crate) struct Wire<L: Link> {
    carrier: Carrier<L>,
    /// Read, but not yet taken as a line.
    ahead: Vec<u8>,
}

impl<L: Link> Wire<L> {
    pub(crate) fn new(link: L, patience: Duration, deadline: Instant) -> Self {
        Self { carrier: Carrier::Plain(Timed { link, patience, deadline }), ahead: Vec::new() }
    }

    /// Puts TLS around the connection. What was read ahead in clear would pass for protected: it must not be there (the
    /// STARTTLS injections of CVE-2011-0411).
    pub(crate) fn protect(&mut self, mut tls: ClientConnection) -> Result<(), Broken> {
        if !self.ahead.is_empty() {
            return Err(Garbled.into());
        }
        let Carrier::Plain(mut link) = std::mem::replace(&mut self.carrier, Carrier::Gone) else {
            return Err(Broken::Closed);
        };
        while tls.is_handshaking() {
            tls.complete_io(&mut link).map_err(broken)?;
        }
        self.carrier = Carrier::Tls(Box::new(StreamOwned::new(tls, link)));
        Ok(())
    }

    pub(crate) fn is_protected(&self) -> bool {
        matches!(self.carrier, Carrier::Tls(_))
    }

    pub(crate) fn local_ip(&self) -> Option<IpAddr> {
        self.timed().and_then(|timed| timed.link.local_ip())
    }

    /// Sets the time for what follows.
    pub(crate) fn set_times(&mut self, patience: Duration, deadline: Instant) {
        let timed = match &mut self.carrier {
            Carrier::Plain(timed) => timed,
            Carrier::Tls(stream) => &mut stream.sock,
            Carrier::Gone => return,
        };
        (timed.patience, timed.deadline) = (patience, deadline);
    }

    /// When everything has to be over.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.timed().map(|timed| timed.deadline)
    }

    fn timed(&self) -> Option<&Timed<L>> {
        match &self.carrier {
            Carrier::Plain(timed) => Some(timed),
            Carrier::Tls(stream) => Some(&stream.sock),
            Carrier::Gone => None,
        }
    }

    /// Writes all of `bytes`.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let stream = self.stream()?;
        stream.write_all(bytes).and_then(|()| stream.flush()).map_err(broken)
    }

    /// Reads one whole reply.
    pub(crate) fn answer(&mut self) -> Result<Answer, Broken> {
        let mut gathering = Gathering::default();
        loop {
            let line = self.line()?;
            if let Some(answer) = gathering.take(&line)? {
                return Ok(answer);
            }
        }
    }

    fn line(&mut self) -> Result<Vec<u8>, Broken> {
        loop {
            if let Some(end) = self.ahead.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.ahead.drain(..=end).collect();
                line.pop();
                line.pop_if(|byte| *byte == b'\r');
                return if line.len() > MAX_LINE { Err(Garbled.into()) } else { Ok(line) };
            }
            if self.ahead.len() > MAX_LINE {
                return Err(Garbled.into());
            }
            let mut buffer = [0; 4096];
            let read = self.stream()?.read(&mut buffer).map_err(broken)?;
            if read == 0 {
                return Err(Broken::Closed);
            }
            self.ahead.extend_from_slice(buffer.get(..read).unwrap_or_default());
        }
    }

    fn stream(&mut self) -> Result<&mut dyn Stream, Broken> {
        match &mut self.carrier {
            Carrier::Plain(timed) => Ok(timed),
            Carrier::Tls(stream) => Ok(stream),
            Carrier::Gone => Err(Broken::Closed),
        }
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn broken(error: io::Error) -> Broken {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Broken::Late,
        io::ErrorKind::UnexpectedEof => Broken::Closed,
        _ => match error.into_inner().map(|inner| inner.downcast::<rustls::Error>()) {
            Some(Ok(tls)) => Broken::Tls(*tls),
            _ => Broken::Io,
        },
    }
}
