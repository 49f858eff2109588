//! One request as a handler sees it.

use std::cell::OnceCell;

use bytes::Bytes;
use http::{Request, header};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use store::Database;

use crate::flash_messages::FlashMessage;
use crate::response::Flash;
use crate::session::{self, Bearer, Session};
use crate::{Capability, Form, MenuItem, Problem, Viewer};

/// The session a request came with, valid and not over.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) token: String,
    pub(crate) bearer: Bearer,
    pub(crate) session: Session,
}

/// One request, and what may be used to answer it.
pub struct Exchange<'a> {
    pub(crate) request: &'a Request<Bytes>,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) db: &'a dyn Database,
    pub(crate) now: i64,
    pub(crate) opened: Option<Opened>,
    pub(crate) viewer: Option<Viewer>,
    pub(crate) flash_messages: Vec<FlashMessage>,
    pub(crate) capability: &'a Capability,
    pub(crate) menu: &'a [MenuItem],
    pub(crate) public_url: Option<&'a str>,
    pub(crate) form: OnceCell<Result<Form, Problem>>,
}

impl Exchange<'_> {
    /// The database.
    #[must_use]
    pub fn db(&self) -> &dyn Database {
        self.db
    }

    /// The instant of the request, in UTC milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// The path as asked, escapes and all.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request.uri().path()
    }

    /// Path and query, to come back to: `next=` of a sign-in, pages of a list.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        self.request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    }

    /// Whether this is a call of the JSON API rather than a page.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.path().starts_with("/api/")
    }

    /// The value of `{name}` in the path, unescaped; empty when the path has none.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// A header, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// A cookie, as it came.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        session::cookie(self.request.headers(), name)
    }

    /// The first value of `name` in the query, without the spaces around it; empty when there is none.
    #[must_use]
    pub fn query_value(&self, name: &str) -> String {
        let query = self.request.uri().query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        pairs
            .into_iter()
            .find(|(found, _)| found == name)
            .map_or_else(String::new, |(_, value)| value.trim().to_owned())
    }

    /// All pairs of the query, in order.
    ///
    /// # Errors
    /// 400 when it is not UTF-8.
    pub fn query_pairs(&self) -> Result<Vec<(String, String)>, Problem> {
        self.query()
    }

    /// The query as a type (names of its fields, `Option` for those that may be left out).
    ///
    /// # Errors
    /// 400 naming what is wrong.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let query = self.request.uri().query().unwrap_or_default();
        if percent_decode_str(query).decode_utf8().is_err() {
            return Err(Problem::malformed("Les paramètres de l’adresse ne sont pas de l’UTF-8."));
        }
        serde_urlencoded::from_str(query)
            .map_err(|error| Problem::malformed(format!("Les paramètres de l’adresse ne conviennent pas : {error}.")))
    }

    /// The body as bytes.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.request.body()
    }

    /// The body as a form, with its files if it has any.
    ///
    /// # Errors
    /// 415 for another content type, 400 when it cannot be read or is not UTF-8.
    pub fn form(&self) -> Result<&Form, Problem> {
        self.form.get_or_init(|| Form::parse(self.content_type(), self.body())).as_ref().map_err(Clone::clone)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// 415 for another content type; 400 when it is not JSON; 422 naming the member that has not the expected form.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let essence = self.content_type().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence != "application/json" && !essence.ends_with("+json") {
            return Err(Problem::unsupported_media_type("application/json"));
        }
        // A text that no member takes is skipped unread: look at all of it first (RFC 8259 §8.1).
        let text = std::str::from_utf8(self.body()).map_err(|_| {
            Problem::malformed("Le corps de la requête contient des octets qui ne sont pas de l’UTF-8.")
        })?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            match error.inner().classify() {
                serde_json::error::Category::Data => {
                    Problem::invalid(&path, format!("« {path} » ne convient pas : {}.", error.inner()))
                }
                _ => Problem::malformed(format!("Le corps de la requête n’est pas du JSON : {}.", error.inner())),
            }
        })?;
        reader
            .end()
            .map_err(|error| Problem::malformed(format!("Le corps de la requête n’est pas du JSON : {error}.")))?;
        Ok(value)
    }

    fn content_type(&self) -> &str {
        self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default()
    }

    /// Who is signed in. Routes are for those who are, unless they say otherwise.
    ///
    /// # Errors
    /// 401 when nobody is.
    pub fn viewer(&self) -> Result<&Viewer, Problem> {
        self.viewer.as_ref().ok_or_else(Problem::unauthenticated)
    }

    /// Who is signed in, if anybody is.
    #[must_use]
    pub fn visitor(&self) -> Option<&Viewer> {
        self.viewer.as_ref()
    }

    /// The session of this request.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.opened.as_ref().map(|opened| &opened.session)
    }

    /// What every form carries in its hidden field `csrf` ([`crate::ui::csrf`]); empty when nobody is signed in.
    #[must_use]
    pub fn csrf_token(&self) -> String {
        self.opened.as_ref().map_or_else(String::new, |opened| session::csrf_token(&opened.token))
    }

    /// Where people reach the service (`https://ent.example.fr`, no final slash), when the deployment says so (variable
    /// `public_url`): for links in mails. Never guessed from the request, which its sender controls.
    #[must_use]
    pub fn public_url(&self) -> Option<&str> {
        self.public_url
    }

    /// The capability that answers.
    #[must_use]
    pub fn capability(&self) -> &Capability {
        self.capability
    }

    /// What the menu shows this viewer, in order; nothing when nobody is signed in.
    pub fn menu(&self) -> impl Iterator<Item = &MenuItem> {
        self.menu.iter().filter(|item| self.viewer.as_ref().is_some_and(|viewer| item.audience.includes(viewer)))
    }

    pub(crate) fn flash(&self) -> Option<Flash> {
        session::flash(self.request.headers())
    }
}
