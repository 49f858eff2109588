//! What components print: each line goes to standard error with the component's id in front.

use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

/// A line longer than this is cut, so that a guest cannot make the host hold it.
const MAX_LINE: usize = 16 << 10;

/// One output of one instance.
#[derive(Debug, Clone)]
pub(crate) struct GuestOutput {
    id: Arc<str>,
}

impl GuestOutput {
    pub(crate) fn new(id: &str) -> Self {
        Self { id: id.into() }
    }
}

impl IsTerminal for GuestOutput {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for GuestOutput {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(Lines { id: Arc::clone(&self.id), pending: Vec::new() })
    }
}

struct Lines {
    id: Arc<str>,
    pending: Vec<u8>,
}

impl Lines {
    fn print(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(&self.pending);
        let text = text.trim_end_matches(['\n', '\r']);
        if !text.is_empty() {
            // A closed standard error is no reason to fail the guest.
            let _ = writeln!(std::io::stderr().lock(), "[{}] {text}", self.id);
        }
        self.pending.clear();
    }
}

impl AsyncWrite for Lines {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            self.pending.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.pending.len() >= MAX_LINE {
                self.print();
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.print();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.print();
    }
}
