//! TCP over the WASI 0.2 sockets themselves: the standard library reaches them too, but without time-outs (wasi-libc knows
//! no SO_RCVTIMEO), and a server that says nothing would hold the run for ever.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use smtp::{Dial, Link};
use wasip2::clocks::monotonic_clock;
use wasip2::io::poll::{Pollable, poll};
use wasip2::io::streams::{InputStream, OutputStream, StreamError};
use wasip2::sockets::instance_network::instance_network;
use wasip2::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress};
use wasip2::sockets::tcp::TcpSocket;
use wasip2::sockets::tcp_create_socket::create_tcp_socket;

/// Dials through the host.
pub(crate) struct Wasi;

/// A connected socket. The streams are dropped before it, as the host wants.
pub(crate) struct Tcp {
    input: InputStream,
    output: OutputStream,
    socket: TcpSocket,
    patience: Duration,
}

impl Dial for Wasi {
    type Link = Tcp;

    /// The host sends small packets at once: wasmtime sets TCP_NODELAY.
    fn dial(&mut self, relay: SocketAddr, patience: Duration) -> io::Result<Tcp> {
        let family = if relay.is_ipv4() { IpAddressFamily::Ipv4 } else { IpAddressFamily::Ipv6 };
        let socket = create_tcp_socket(family).map_err(sort)?;
        socket.start_connect(&instance_network(), address(relay)).map_err(sort)?;
        let end = Instant::now() + patience;
        let (input, output) = loop {
            match socket.finish_connect() {
                Ok(streams) => break streams,
                Err(ErrorCode::WouldBlock) => wait(&socket.subscribe(), end)?,
                Err(error) => return Err(sort(error)),
            }
        };
        Ok(Tcp { input, output, socket, patience })
    }
}

impl Link for Tcp {
    fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        self.patience = patience;
        Ok(())
    }

    fn local_ip(&self) -> Option<IpAddr> {
        self.socket.local_address().ok().map(|address| match address {
            IpSocketAddress::Ipv4(Ipv4SocketAddress { address: (a, b, c, d), .. }) => Ipv4Addr::new(a, b, c, d).into(),
            IpSocketAddress::Ipv6(Ipv6SocketAddress { address: (a, b, c, d, e, f, g, h), .. }) => {
                Ipv6Addr::new(a, b, c, d, e, f, g, h).into()
            }
        })
    }
}

impl Read for Tcp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let end = Instant::now() + self.patience;
        let wanted = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
        loop {
            let bytes = match self.input.read(wanted) {
                Ok(bytes) => bytes,
                Err(StreamError::Closed) => return Ok(0),
                Err(StreamError::LastOperationFailed(_)) => return Err(io::ErrorKind::ConnectionReset.into()),
            };
            if bytes.is_empty() {
                wait(&self.input.subscribe(), end)?;
                continue;
            }
            for (place, byte) in buffer.iter_mut().zip(&bytes) {
                *place = *byte;
            }
            return Ok(bytes.len());
        }
    }
}

impl Write for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let ready = self.room()?;
        let some = bytes.get(..ready.min(bytes.len())).unwrap_or_default();
        self.output.write(some).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(some.len())
    }

    /// Until the host has taken everything.
    fn flush(&mut self) -> io::Result<()> {
        self.output.flush().map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        self.room().map(|_| ())
    }
}

impl Tcp {
    /// How many octets may be written now, once some may.
    fn room(&mut self) -> io::Result<usize> {
        let end = Instant::now() + self.patience;
        loop {
            match self.output.check_write() {
                Ok(0) => wait(&self.output.subscribe(), end)?,
                Ok(room) => return Ok(usize::try_from(room).unwrap_or(usize::MAX)),
                Err(_) => return Err(io::ErrorKind::BrokenPipe.into()),
            }
        }
    }
}

/// Until `event`, or until `end`, which is an error.
fn wait(event: &Pollable, end: Instant) -> io::Result<()> {
    let left = end.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    let timer = monotonic_clock::subscribe_duration(u64::try_from(left.as_nanos()).unwrap_or(u64::MAX));
    poll(&[event, &timer]);
    Ok(())
}

fn address(address: SocketAddr) -> IpSocketAddress {
    match address {
        SocketAddr::V4(v4) => {
            let [a, b, c, d] = v4.ip().octets();
            IpSocketAddress::Ipv4(Ipv4SocketAddress { port: v4.port(), address: (a, b, c, d) })
        }
        SocketAddr::V6(v6) => {
            let [a, b, c, d, e, f, g, h] = v6.ip().segments();
            IpSocketAddress::Ipv6(Ipv6SocketAddress {
                port: v6.port(),
                flow_info: v6.flowinfo(),
                address: (a, b, c, d, e, f, g, h),
                scope_id: v6.scope_id(),
            })
        }
    }
}

fn sort(error: ErrorCode) -> io::Error {
    match error {
        ErrorCode::ConnectionRefused => io::ErrorKind::ConnectionRefused,
        ErrorCode::AccessDenied => io::ErrorKind::PermissionDenied,
        ErrorCode::Timeout => io::ErrorKind::TimedOut,
        _ => io::ErrorKind::NotConnected,
    }
    .into()
}
