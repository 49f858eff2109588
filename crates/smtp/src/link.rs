//! The stream under the protocol.

use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpStream};
use std::time::{Duration, Instant};

/// A connected byte stream whose reads and writes end in time.
pub trait Link: Read + Write {
    /// From now on a read or write that makes no progress for `patience` fails with [`io::ErrorKind::TimedOut`] or
    /// [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    /// Those of the stream.
    fn set_patience(&mut self, patience: Duration) -> io::Result<()>;

    /// Our own address, said in EHLO (RFC 5321 §4.1.3); none when it is not known.
    fn local_ip(&self) -> Option<IpAddr>;
}

impl Link for TcpStream {
    fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(patience))?;
        self.set_write_timeout(Some(patience))
    }

    fn local_ip(&self) -> Option<IpAddr> {
        self.local_addr().ok().map(|address| address.ip())
    }
}

/// A link whose every read and write ends before a common deadline, however slowly the other side drips: TLS reads a
/// record in many small steps that the protocol above does not see.
pub(crate) struct Timed<L> {
    pub(crate) link: L,
    /// No progress for so long is too long.
    pub(crate) patience: Duration,
    /// Everything is over then.
    pub(crate) deadline: Instant,
}

impl<L: Link> Timed<L> {
    fn hurry(&mut self) -> io::Result<()> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        // Less would round to zero, which means for ever.
        if left < Duration::from_millis(1) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.link.set_patience(left.min(self.patience))
    }
}

impl<L: Link> Read for Timed<L> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.hurry()?;
        self.link.read(buffer)
    }
}

impl<L: Link> Write for Timed<L> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hurry()?;
        self.link.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hurry()?;
        self.link.flush()
    }
}
