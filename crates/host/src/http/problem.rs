//! Answers of the runner's own: `application/problem+json` (RFC 9457) with a stable `code`.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use wasmtime_wasi_http::WasiBody;

/// What went wrong, as far as a caller may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// No route.
    NotFound,
    /// The request is malformed.
    BadRequest,
    /// The body is larger than the limit.
    TooLarge,
    /// The component failed.
    Failed,
    /// Too many requests at once.
    Busy,
    /// The component took too long.
    TimedOut,
}

impl Problem {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Nothing is served at this address."),
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad-request", "The request has no valid host."),
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The body is larger than this server accepts.")
            }
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "component-failed",
                "The service failed while handling this request. Trying again may help; the failure was logged.",
            ),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is too busy. Try again in a moment."),
            Self::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "timed-out", "The service did not answer in time."),
        }
    }

    pub(crate) fn response(self) -> Response<WasiBody> {
        let (status, code, detail) = self.parts();
        let title = status.canonical_reason().unwrap_or_default();
        let body = serde_json::json!({
            "type": "about:blank", "title": title, "status": status.as_u16(), "code": code, "detail": detail,
        });
        let body = Full::new(Bytes::from(body.to_string())).map_err(|never| match never {}).boxed_unsync();
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self == Self::Busy {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
