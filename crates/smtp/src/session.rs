//! From a connection to a server that takes mails: greeting, EHLO, TLS, AUTH. Whatever goes wrong here is the relay's or
//! the settings' fault, never a mail's.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail::Reply;
use rustls::crypto::CryptoProvider;

use crate::answer::Answer;
use crate::capabilities::Capabilities;
use crate::link::Link;
use crate::wire::{Broken, Wire};
use crate::{Credentials, Security, Settings, tls};

/// A server that has let us in.
pub(crate) struct Session<L: Link> {
    pub(crate) wire: Wire<L>,
    pub(crate) capabilities: Capabilities,
    /// A transaction was begun before: RSET comes first.
    pub(crate) begun: bool,
    /// Nothing unexpected happened: another mail may follow.
    pub(crate) healthy: bool,
    /// Mails handed over on this connection.
    pub(crate) mails: u32,
    /// End of the last one.
    pub(crate) used: Instant,
}

impl<L: Link> Session<L> {
    /// Comes to where MAIL may be said.
    ///
    /// # Errors
    /// The reply to give with `unavailable`.
    pub(crate) fn open(wire: Wire<L>, settings: &Settings, provider: &Arc<CryptoProvider>) -> Result<Self, Reply> {
        let mut session = Self {
            wire,
            capabilities: Capabilities::default(),
            begun: false,
            healthy: false,
            mails: 0,
            used: Instant::now(),
        };
        if settings.security == Security::Implicit {
            session.protect(settings, provider)?;
        }
        session.expect("", 220)?;
        session.hello()?;
        if settings.security == Security::StartTls {
            if !session.capabilities.starttls {
                return Err(Reply::new("4.7.10", "the server does not offer STARTTLS"));
            }
            session.expect("STARTTLS\r\n", 220)?;
            session.protect(settings, provider)?;
            // What was said in clear counts no more (RFC 3207 §4.2).
            session.hello()?;
        }
        if let Some(credentials) = &settings.credentials {
            session.authenticate(credentials)?;
        }
        session.healthy = true;
        Ok(session)
    }

    fn protect(&mut self, settings: &Settings, provider: &Arc<CryptoProvider>) -> Result<(), Reply> {
        let tls = tls::connection(settings, provider).map_err(|error| Reply::new("4.3.5", &error.to_string()))?;
        self.wire.protect(tls).map_err(|broken| match broken {
            Broken::Tls(_) | Broken::Io | Broken::Closed => Reply::new("4.7.5", &broken.to_string()),
            other => lost(&other),
        })
    }

    fn hello(&mut self) -> Result<(), Reply> {
        let name = literal(self.wire.local_ip());
        let answer = self.expect(&format!("EHLO {name}\r\n"), 250)?;
        self.capabilities = Capabilities::read(&answer);
        Ok(())
    }

    fn authenticate(&mut self, credentials: &Credentials) -> Result<(), Reply> {
        let Credentials { username, password } = credentials;
        if !self.wire.is_protected() {
            return Err(Reply::new("4.7.10", "no password without TLS"));
        }
        if self.capabilities.auth_plain {
            let secret = STANDARD.encode(format!("\0{username}\0{password}"));
            self.expect(&format!("AUTH PLAIN {secret}\r\n"), 235)?;
        } else if self.capabilities.auth_login {
            self.expect("AUTH LOGIN\r\n", 334)?;
            self.expect(&format!("{}\r\n", STANDARD.encode(username)), 334)?;
            self.expect(&format!("{}\r\n", STANDARD.encode(password)), 235)?;
        } else {
            return Err(Reply::new("4.7.9", "the server offers neither AUTH PLAIN nor AUTH LOGIN"));
        }
        Ok(())
    }

    /// Says `command`, or nothing, and wants `code`.
    fn expect(&mut self, command: &str, code: u16) -> Result<Answer, Reply> {
        if !command.is_empty() {
            self.wire.send(command.as_bytes()).map_err(|broken| lost(&broken))?;
        }
        let answer = self.wire.answer().map_err(|broken| lost(&broken))?;
        if answer.code == code { Ok(answer) } else { Err(answer.reply()) }
    }
}

/// QUIT (RFC 5321 §4.1.1.10), without waiting for its answer.
impl<L: Link> Drop for Session<L> {
    fn drop(&mut self) {
        if self.healthy {
            let second = Duration::from_secs(1);
            self.wire.set_times(second, Instant::now() + second);
            // The server is left either way.
            let _ = self.wire.send(b"QUIT\r\n");
        }
    }
}

/// What to say of a connection that is lost.
pub(crate) fn lost(broken: &Broken) -> Reply {
    let status = match broken {
        Broken::Late => "4.4.1",
        Broken::Io | Broken::Closed => "4.4.2",
        Broken::Garbled(_) => "4.5.0",
        Broken::Tls(_) => "4.7.5",
    };
    Reply::new(status, &broken.to_string())
}

/// An address literal (RFC 5321 §4.1.3): a component knows no host name of its own.
fn literal(ip: Option<IpAddr>) -> String {
    match ip {
        Some(IpAddr::V6(ip)) => format!("[IPv6:{ip}]"),
        Some(IpAddr::V4(ip)) => format!("[{ip}]"),
        None => "[127.0.0.1]".to_owned(),
    }
}
