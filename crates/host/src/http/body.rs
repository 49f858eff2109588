//! Bodies on their way in and out.
//!
//! In: counted against the limit; small ones are read whole before an instance is taken, so that a slow client holds
//! none. Out: small ones of known length are gathered, so that head and body leave together and a component that traps
//! half-way still gives a clean error.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, Response, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime_wasi_http::{Error, WasiBody};

/// Bodies up to this size are read or gathered whole.
const SMALL: u64 = 64 << 10;

/// The length a message announces, if it does.
pub(super) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body that ends in an error once it exceeds its limit.
struct Limited {
    inner: Incoming,
    left: u64,
    limit: u64,
    exceeded: Arc<AtomicBool>,
}

/// Prepares a request's body. The flag tells later whether it went over the limit.
///
/// # Errors
/// When a small body does not arrive.
pub(super) async fn incoming(
    body: Incoming,
    length: Option<u64>,
    limit: u64,
) -> Result<(WasiBody, Arc<AtomicBool>), hyper::Error> {
    let exceeded = Arc::new(AtomicBool::new(false));
    if body.is_end_stream() {
        return Ok((whole(Bytes::new()), exceeded));
    }
    if length.is_some_and(|length| length <= SMALL) {
        return Ok((whole(body.collect().await?.to_bytes()), exceeded));
    }
    let limited = Limited { inner: body, left: limit, limit, exceeded: Arc::clone(&exceeded) };
    Ok((limited.boxed_unsync(), exceeded))
}

/// Reads a body that is refused for its size, up to twice the limit and for ten seconds: a client that is still sending
/// would otherwise see a broken connection instead of the refusal.
pub(super) async fn discard(mut body: Incoming, limit: u64) {
    let drain = async {
        let mut left = limit.saturating_mul(2);
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len() as u64));
            if left == 0 {
                return;
            }
        }
    };
    // Whether it ended or time ran out, the refusal follows.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(10), drain).await;
}

fn whole(bytes: Bytes) -> WasiBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// Gathers the body of a response when it is small and of known length.
///
/// # Errors
/// When the component fails before the end.
pub(super) async fn gather(response: Response<WasiBody>) -> Result<Response<WasiBody>, Error> {
    if announced(response.headers()).is_none_or(|length| length > SMALL) {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let collected = body.collect().await?;
    if collected.trailers().is_some() {
        return Ok(Response::from_parts(parts, collected.map_err(|never| match never {}).boxed_unsync()));
    }
    Ok(Response::from_parts(parts, whole(collected.to_bytes())))
}

impl Body for Limited {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let Some(frame) = ready!(Pin::new(&mut self.inner).poll_frame(cx)) else { return Poll::Ready(None) };
        let frame = frame.map_err(Error::from)?;
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        match self.left.checked_sub(size) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            None => {
                self.left = 0;
                self.exceeded.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(Error::HttpRequestBodySize(Some(self.limit)))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Keeps a request's place taken until its response has been sent.
pub(super) struct Held {
    pub(super) body: WasiBody,
    pub(super) _place: OwnedSemaphorePermit,
}

impl Body for Held {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
