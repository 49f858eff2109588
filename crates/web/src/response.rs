//! What a handler answers with: a full body and its length (a body that leaves apart from its head waits 40 ms on Spin),
//! the headers that keep a browser out of trouble, and what is to become of the session.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use maud::Markup;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::pieces::Pieces;
use crate::session::Session;
use crate::typography::french_html;
use crate::{Problem, session};

/// Nothing from elsewhere, no script or style in the page itself.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// A file that somebody sent in must never act within our origin, whatever it says it is.
const FILE_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; sandbox; frame-ancestors 'none'";

/// RFC 5987 `attr-char`.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// What is to become of the session when the answer leaves.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum SessionChange {
    #[default]
    Keep,
    /// A session begins; the cookie is set unless the caller keeps the token herself (API).
    Start {
        token: String,
        session: Session,
        cookie: bool,
    },
    End,
}

/// A sentence shown once at the top of the next page ("Message envoyé").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Whether it tells of a success, or of something to look at.
    pub success: bool,
    /// The sentence, at most 400 characters.
    pub text: String,
}

/// An answer. Made by a constructor, completed by the methods that take `self`.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// In place of `body`, when it is read from the database while it leaves.
    pub(crate) pieces: Option<Pieces>,
    pub(crate) session: SessionChange,
}

impl Response {
    fn new(status: StatusCode, content_type: &'static str, policy: &'static str, body: impl Into<Bytes>) -> Self {
        let mut response =
            Self { status, headers: HeaderMap::new(), body: body.into(), pieces: None, session: SessionChange::Keep };
        if !content_type.is_empty() {
            response.set(header::CONTENT_TYPE, content_type);
        }
        response.set(header::CONTENT_SECURITY_POLICY, policy);
        response.set(header::CACHE_CONTROL, "no-store");
        response
    }

    fn set(&mut self, name: HeaderName, value: &'static str) {
        self.headers.insert(name, HeaderValue::from_static(value));
    }

    /// A page. Use [`crate::Page`], which puts the shell around it.
    #[must_use]
    pub fn html(markup: Markup) -> Self {
        Self::new(StatusCode::OK, "text/html; charset=utf-8", PAGE_POLICY, french_html(&markup.0))
    }

    /// JSON.
    ///
    /// # Errors
    /// 500 when `value` has no JSON form (a map whose keys are not strings).
    pub fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::internal(format!("JSON: {error}")))?;
        Ok(Self::new(StatusCode::OK, "application/json", PAGE_POLICY, body))
    }

    /// 204: done, and nothing to say.
    #[must_use]
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, "", PAGE_POLICY, Bytes::new())
    }

    /// 303 to a path of this service: the way out of every form, so that reloading does not send it twice.
    #[must_use]
    pub fn see_other(path: &str) -> Self {
        Self::new(StatusCode::SEE_OTHER, "", PAGE_POLICY, Bytes::new()).header(header::LOCATION, path)
    }

    /// Shows `text` at the top of the next page as a success (S4 « succès »).
    #[must_use]
    pub fn success(self, text: &str) -> Self {
        self.flash(&Flash { success: true, text: text.to_owned() })
    }

    /// Shows `text` at the top of the next page as something to look at.
    #[must_use]
    pub fn warning(self, text: &str) -> Self {
        self.flash(&Flash { success: false, text: text.to_owned() })
    }

    fn flash(self, flash: &Flash) -> Self {
        self.cookie(&session::flash_cookie(flash))
    }

    /// A file of our own that never changes under its name: style sheet, script, icon.
    #[must_use]
    pub fn asset(content_type: &'static str, body: &'static [u8]) -> Self {
        Self::new(StatusCode::OK, content_type, "default-src 'none'; style-src 'unsafe-inline'", body)
            .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
    }

    /// A file to keep: `name` as the person sees it, whatever its characters (RFC 6266, RFC 8187).
    #[must_use]
    pub fn download(name: &str, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self::file("attachment", name, media_type, body)
    }

    /// A file to look at in the browser; only PDF, pictures, sound, video and plain text are, the rest is a download.
    #[must_use]
    pub fn inline(name: &str, media_type: &str, body: impl Into<Bytes>) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        let shown = matches!(essence, "application/pdf" | "text/plain")
            || (["image/", "audio/", "video/"].iter().any(|kind| essence.starts_with(kind))
                && essence != "image/svg+xml");
        Self::file(if shown { "inline" } else { "attachment" }, name, media_type, body)
    }

    /// A file to keep that lies in the database in pieces, and leaves without being whole in memory: `statement` gives one
    /// piece (a blob, at most 1 MiB) for `parameters` and a position after them, from 0 until there is none; `length` is the
    /// bytes of all of them. A piece that cannot be read breaks the download off.
    #[must_use]
    pub fn pieces(
        name: &str,
        media_type: &str,
        length: u64,
        statement: &'static str,
        parameters: Vec<store::Value>,
    ) -> Self {
        let mut response = Self::file("attachment", name, media_type, Bytes::new());
        response.pieces = Some(Pieces { length, statement, parameters });
        response
    }

    fn file(disposition: &str, name: &str, media_type: &str, body: impl Into<Bytes>) -> Self {
        let media_type =
            if HeaderValue::from_str(media_type).is_ok() { media_type } else { "application/octet-stream" };
        Self::new(StatusCode::OK, "", FILE_POLICY, body)
            .header(header::CONTENT_TYPE, media_type)
            .header(header::CONTENT_DISPOSITION, &content_disposition(disposition, name))
    }

    /// Answers with another status: `.status(StatusCode::CREATED)`.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a header; a value that HTTP cannot carry (control characters) is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Sets a cookie; see [`crate::session`] for those in use.
    #[must_use]
    pub(crate) fn cookie(mut self, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(header::SET_COOKIE, value);
        }
        self
    }

    /// Begins the session `token` opens, and gives the browser its cookie.
    #[must_use]
    pub fn start_session(mut self, token: &str, session: Session) -> Self {
        self.session = SessionChange::Start { token: token.to_owned(), session, cookie: true };
        self
    }

    /// Begins the session `token` opens; the caller has the token in the body (API).
    #[must_use]
    pub fn start_token_session(mut self, token: &str, session: Session) -> Self {
        self.session = SessionChange::Start { token: token.to_owned(), session, cookie: false };
        self
    }

    /// Ends the session of this request.
    #[must_use]
    pub fn end_session(mut self) -> Self {
        self.session = SessionChange::End;
        self
    }

    pub(crate) fn problem(problem: &Problem) -> Self {
        // A map of strings always has a JSON form.
        let body = problem.to_json().to_string();
        Self::new(problem.status, "application/problem+json", PAGE_POLICY, body)
    }
}

/// `attachment; filename="Resume.pdf"; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf`. The plain name is for clients of old.
fn content_disposition(disposition: &str, name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let plain: String = name
        .chars()
        .map(|c| if (c.is_ascii_graphic() || c == ' ') && !"\"\\%/;".contains(c) { c } else { '_' })
        .collect();
    format!("{disposition}; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(&name, ATTR_CHAR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_downloads_survive_every_character() {
        assert_eq!(
            content_disposition("attachment", "Compte rendu d’été \"final\";\r\n.pdf"),
            "attachment; filename=\"Compte rendu d__t_ _final__.pdf\"; \
             filename*=UTF-8''Compte%20rendu%20d%E2%80%99%C3%A9t%C3%A9%20%22final%22%3B.pdf"
        );
    }

    #[test]
    fn what_could_run_is_never_shown_inline() {
        let disposition = |media_type: &str| {
            let response = Response::inline("x", media_type, "");
            response.headers[header::CONTENT_DISPOSITION].to_str().unwrap().split(';').next().unwrap().to_owned()
        };
        assert_eq!(disposition("application/pdf"), "inline");
        assert_eq!(disposition("image/png"), "inline");
        assert_eq!(disposition("image/svg+xml"), "attachment");
        assert_eq!(disposition("text/html"), "attachment");
        assert_eq!(Response::download("x", "a\r\nb", "").headers[header::CONTENT_TYPE], "application/octet-stream");
    }
}
