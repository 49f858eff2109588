//! As much of HTTP/1.1 as [`crate::load`] needs: a GET with a bearer token, answered with a length.

use anyhow::{Context as _, Result, bail};

use crate::load::Received;

/// A request for `path`.
pub(crate) fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n")
        .into_bytes()
}

/// An answer; anything but 200 is an error. `Server-Timing` says how long the component worked.
pub(crate) fn answer(bytes: &[u8]) -> Result<Received> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(Received::Part) };
    let (head, body) = bytes.split_at_checked(end + 4).context("no head")?;
    let head = std::str::from_utf8(head)?;
    if !head.starts_with("HTTP/1.1 200") {
        bail!("{head}");
    }
    let (mut length, mut inside) = (None, None);
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.parse::<usize>()?),
            "server-timing" => inside = value.strip_prefix("app;dur=").and_then(|ms| ms.parse().ok()),
            _ => {}
        }
    }
    Ok(if body.len() < length.context("no length")? { Received::Part } else { Received::Whole(inside) })
}
