//! One HTTP connection kept open, for what [`crate::load`] asks: a GET with a bearer token, answered with a length.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, Result, bail};

use crate::load::Sample;

/// The connection.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(url: &str) -> Result<Self> {
        let stream = TcpStream::connect(url.trim_start_matches("http://"))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks for `path`; anything but 200 is an error. `Server-Timing` says how long the component worked.
    pub(crate) fn get(&mut self, path: &str, token: &str) -> Result<Sample> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let (mut length, mut inside) = (None, None);
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200") {
            bail!("{path}: {line}");
        }
        loop {
            line.clear();
            self.0.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse::<usize>()?),
                "server-timing" => inside = value.strip_prefix("app;dur=").and_then(|ms| ms.parse().ok()),
                _ => {}
            }
        }
        let mut body = vec![0; length.context("no length")?];
        self.0.read_exact(&mut body)?;
        Ok(Sample { inside })
    }
}
