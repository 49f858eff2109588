//! The table of a capability's routes. It is a constant, so that the OpenAPI document and the tests read the very table
//! that serves.

use crate::{Exchange, Problem, Response};

/// What answers a request: a plain function.
pub type Handler = fn(&Exchange<'_>) -> Result<Response, Problem>;

/// The methods in use here (RFC 9110). HEAD is answered as GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads, and changes nothing.
    Get,
    /// Makes or does something.
    Post,
    /// Puts something in the place of what was there.
    Put,
    /// Changes part of something.
    Patch,
    /// Takes something away.
    Delete,
}

impl Method {
    /// As written in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it changes nothing (RFC 9110 §9.2.1): no CSRF token is asked then.
    #[must_use]
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get)
    }

    pub(crate) fn of(method: &http::Method) -> Option<Self> {
        match method.as_str() {
            "GET" | "HEAD" => Some(Self::Get),
            "POST" => Some(Self::Post),
            "PUT" => Some(Self::Put),
            "PATCH" => Some(Self::Patch),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody; the session is not even looked at (style sheets, the sign-in, calls by machines with a key of their own).
    Open,
    /// Anybody; [`Exchange::viewer`] is there for those who are signed in.
    Anyone,
    /// Those who are signed in. The default.
    SignedIn,
    /// Local administrators (ADML) of at least one establishment.
    LocalAdmin,
}

/// The most bytes a request body may have unless the route says [`Route::upload`]: 256 KiB.
pub const BODY_LIMIT: usize = 256 * 1024;
/// The most bytes the body of an [`Route::upload`] may have: 12 MiB.
pub const UPLOAD_LIMIT: usize = 12 * 1024 * 1024;

/// A type that the OpenAPI document can describe: natively anything with a derived [`schemars::JsonSchema`], in a
/// component anything at all, since the document is written at build time. Derive it with
/// `#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]`.
#[cfg(not(target_family = "wasm"))]
pub trait Described: schemars::JsonSchema {}
#[cfg(not(target_family = "wasm"))]
impl<T: schemars::JsonSchema> Described for T {}

/// A type that the OpenAPI document can describe (natively; here it is anything at all).
#[cfg(target_family = "wasm")]
pub trait Described {}
#[cfg(target_family = "wasm")]
impl<T> Described for T {}

/// Structs that the OpenAPI document describes under the name after `as`: `pub(crate) struct Listed as "People" { … }`.
#[macro_export]
macro_rules! described {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident as $title:literal { $($fields:tt)* })*) => { $(
        $(#[$meta])*
        #[cfg_attr(
            not(target_family = "wasm"),
            derive($crate::schemars::JsonSchema),
            schemars(crate = "web::schemars", rename = $title)
        )]
        $vis struct $name { $($fields)* }
    )* };
}

/// How a type is described; nothing in a component.
#[cfg(not(target_family = "wasm"))]
pub type Describe = fn(&mut schemars::SchemaGenerator) -> schemars::Schema;
/// How a type is described; nothing in a component.
#[cfg(target_family = "wasm")]
pub type Describe = ();

#[cfg(not(target_family = "wasm"))]
const fn describe<T: Described>() -> Describe {
    |generator| generator.subschema_for::<T>()
}
#[cfg(target_family = "wasm")]
const fn describe<T: Described>() -> Describe {}

/// One route: what is asked, who may ask, what answers, and what the OpenAPI document says of it.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path with its parameters: `/directory/people/{id}`, `/session/assets/{file}`.
    pub path: &'static str,
    /// Who may ask.
    pub access: Access,
    /// The most bytes its body may have.
    pub body_limit: usize,
    /// One line for people, in French, for the OpenAPI document.
    pub summary: &'static str,
    /// Codes of the problems it answers with, beside those every route may answer with.
    pub problems: &'static [&'static str],
    /// The type [`Exchange::query`] is read as.
    pub query: Option<Describe>,
    /// The type [`Exchange::json`] is read as.
    pub body: Option<Describe>,
    /// The status of success, and the type of its JSON.
    pub answer: Option<(u16, Option<Describe>)>,
    /// What answers.
    pub handler: Handler,
}

impl Route {
    /// A route for those who are signed in; [`Self::anyone`] and the like change that.
    #[must_use]
    pub const fn new(method: Method, path: &'static str, handler: Handler) -> Self {
        Self {
            method,
            path,
            access: Access::SignedIn,
            body_limit: BODY_LIMIT,
            summary: "",
            problems: &[],
            query: None,
            body: None,
            answer: None,
            handler,
        }
    }

    /// `GET`
    #[must_use]
    pub const fn get(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::Get, path, handler)
    }

    /// `POST`
    #[must_use]
    pub const fn post(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::Post, path, handler)
    }

    /// `PUT`
    #[must_use]
    pub const fn put(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::Put, path, handler)
    }

    /// `PATCH`
    #[must_use]
    pub const fn patch(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::Patch, path, handler)
    }

    /// `DELETE`
    #[must_use]
    pub const fn delete(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::Delete, path, handler)
    }

    /// Sets [`Self::access`].
    #[must_use]
    pub const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// [`Access::Anyone`]
    #[must_use]
    pub const fn anyone(self) -> Self {
        self.access(Access::Anyone)
    }

    /// [`Access::Open`]
    #[must_use]
    pub const fn open(self) -> Self {
        self.access(Access::Open)
    }

    /// [`Access::LocalAdmin`]
    #[must_use]
    pub const fn local_admin(self) -> Self {
        self.access(Access::LocalAdmin)
    }

    /// Lets the body be as big as [`UPLOAD_LIMIT`].
    #[must_use]
    pub const fn upload(mut self) -> Self {
        self.body_limit = UPLOAD_LIMIT;
        self
    }

    /// Sets [`Self::summary`].
    #[must_use]
    pub const fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Sets [`Self::problems`].
    #[must_use]
    pub const fn problems(mut self, codes: &'static [&'static str]) -> Self {
        self.problems = codes;
        self
    }

    /// Says what the query is read as.
    #[must_use]
    pub const fn query<T: Described>(mut self) -> Self {
        self.query = Some(describe::<T>());
        self
    }

    /// Says what the JSON body is read as.
    #[must_use]
    pub const fn takes<T: Described>(mut self) -> Self {
        self.body = Some(describe::<T>());
        self
    }

    /// Says what success is answered with: 200 and the JSON of `T`.
    #[must_use]
    pub const fn gives<T: Described>(self) -> Self {
        self.gives_with::<T>(200)
    }

    /// Says what success is answered with: this status and the JSON of `T`.
    #[must_use]
    pub const fn gives_with<T: Described>(mut self, status: u16) -> Self {
        self.answer = Some((status, Some(describe::<T>())));
        self
    }

    /// Says that success is answered with 204 and no body.
    #[must_use]
    pub const fn gives_nothing(mut self) -> Self {
        self.answer = Some((204, None));
        self
    }

    /// Whether it is part of the JSON API rather than a page.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}
