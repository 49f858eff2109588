//! An SMTP server for tests, on a free port of this machine: keeps what it is given, and fails where it is told to. Each
//! connection has a thread of its own; everything ends with the [`Sink`].

mod dialogue;
mod script;
mod tls;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub use script::{Fault, Protection, Script, Stage};

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Reverse-path; empty for the null one.
    pub sender: String,
    /// Forward-paths.
    pub recipients: Vec<String>,
    /// The mail, dots taken off again.
    pub message: Vec<u8>,
}

/// What a sink has seen so far.
#[derive(Debug, Default)]
struct Seen {
    taken: Mutex<Vec<Taken>>,
    commands: Mutex<Vec<String>>,
    connections: AtomicU32,
}

/// A running server.
pub struct Sink {
    address: SocketAddr,
    certificate: String,
    seen: Arc<Seen>,
    script: Arc<Mutex<Script>>,
    ending: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl Sink {
    /// Starts a server that does as `script` says.
    ///
    /// # Errors
    /// When no port or certificate can be had.
    pub fn start(script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let (tls, certificate) = tls::self_signed()?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Seen::default());
        let script = Arc::new(Mutex::new(script));
        let ending = Arc::new(AtomicBool::new(false));
        let handle = {
            let (seen, script, ending) = (Arc::clone(&seen), Arc::clone(&script), Arc::clone(&ending));
            thread::spawn(move || {
                while !ending.load(Ordering::Relaxed) {
                    match listener.accept() {
                        Ok((stream, _)) => {
                            seen.connections.fetch_add(1, Ordering::Relaxed);
                            let script = script.lock().unwrap_or_else(PoisonError::into_inner).clone();
                            let (seen, tls) = (Arc::clone(&seen), Arc::clone(&tls));
                            thread::spawn(move || dialogue::serve(stream, &script, &tls, &seen));
                        }
                        Err(_) => thread::sleep(Duration::from_millis(2)),
                    }
                }
            })
        };
        Ok(Self { address, certificate, seen, script, ending, listener: Some(handle) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate it presents, in PEM; its names are `mx.example` and `127.0.0.1`.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The mails taken so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        self.seen.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until `count` mails were taken, at most `patience`; what was taken.
    #[must_use]
    pub fn wait_for(&self, count: usize, patience: Duration) -> Vec<Taken> {
        let end = Instant::now() + patience;
        while self.count() < count && Instant::now() < end {
            thread::sleep(Duration::from_millis(5));
        }
        self.taken()
    }

    /// How many mails were taken so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.seen.taken.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The commands heard so far, on all connections; AUTH's secrets as they came.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        self.seen.commands.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many connections were accepted.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.seen.connections.load(Ordering::Relaxed)
    }

    /// Does as `script` says from the next connection on.
    pub fn change(&self, script: Script) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = script;
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        if let Some(listener) = self.listener.take() {
            // A panic in it has been printed already.
            let _ = listener.join();
        }
    }
}
