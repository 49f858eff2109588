//! What every capability's pages and API stand on: a table of [`Route`]s, an [`Exchange`] to read the request from, a
//! [`Response`] or a [`Problem`] to answer with, sessions, and the look of the pages ([`Page`], [`ui`]).
//!
//! Handlers are synchronous functions of an [`Exchange`]: the session is read before they run and written after, so that
//! nothing in them waits for anything but the database. Everything but [`serve`] runs natively too ([`testing`]).
//!
//! ```
//! use maud::html;
//! use web::{Capability, Exchange, Page, Problem, Response, Route};
//!
//! pub const CAPABILITY: Capability = Capability::new("hello", "Bonjour", "/hello", 90);
//! pub const ROUTES: &[Route] = &[Route::get("/hello/{name}", hello).summary("Dit bonjour")];
//!
//! fn hello(exchange: &Exchange) -> Result<Response, Problem> {
//!     let name = exchange.param("name");
//!     Page::new("Bonjour", html! { p { "Bonjour " (name) " !" } }).respond(exchange)
//! }
//!
//! // In the component: the whole of the WASI entry.
//! web::component!(CAPABILITY, ROUTES);
//! ```

mod administered;
pub mod assets;
mod capability;
mod csv;
mod exchange;
mod flash_messages;
mod form;
mod guard;
#[cfg_attr(not(target_family = "wasm"), expect(dead_code, reason = "only a component asks its neighbours"))]
mod menu;
#[cfg(not(target_family = "wasm"))]
pub mod openapi;
mod page;
mod pieces;
mod problem;
pub mod random;
mod response;
mod route;
pub mod service;
pub mod session;
#[cfg(target_family = "wasm")]
mod spin;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
pub mod text;
mod typography;
pub mod ui;
mod viewer;

pub use capability::{Audience, Capability, MenuItem};
pub use exchange::Exchange;
pub use form::{File, Form};
pub use page::Page;
pub use problem::Problem;
pub use response::{Flash, Response};
pub use route::{Access, BODY_LIMIT, Describe, Described, Handler, Method, Route, UPLOAD_LIMIT};
pub use session::Session;
pub use viewer::Viewer;

#[cfg(target_family = "wasm")]
pub use spin::serve;

#[doc(hidden)]
#[cfg(target_family = "wasm")]
pub use spin_sdk;

#[cfg(not(target_family = "wasm"))]
pub use schemars;

pub use http::{self, StatusCode, header};
pub use maud::{Markup, html};
pub use people::{Profile, Role};

/// A text as part of a path or a query: everything but letters and digits is escaped.
#[must_use]
pub fn url_escape(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Where a form asks to go on to, if that is a page of this service; else the first page. Never another site, nor the API.
#[must_use]
pub fn own_page(asked: &str) -> &str {
    let own = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.starts_with("/api/")
        && !asked.contains('\\')
        && !asked.chars().any(char::is_control)
        && asked.len() <= 2000;
    if own { asked } else { "/" }
}

/// Makes a component of a [`Capability`] and its routes: exports `wasi:http/handler`. Nothing natively.
#[macro_export]
macro_rules! component {
    ($capability:ident, $routes:ident) => {
        #[cfg(target_family = "wasm")]
        mod wasi_entry {
            use $crate::spin_sdk::http::{FromRequest as _, IntoResponse as _, Request};
            use $crate::spin_sdk::wasip3;

            use super::{$capability, $routes};

            struct Component;
            wasip3::http::service::export!(Component with_types_in wasip3);

            impl wasip3::exports::http::handler::Guest for Component {
                async fn handle(
                    request: wasip3::http::types::Request,
                ) -> Result<wasip3::http::types::Response, wasip3::http::types::ErrorCode> {
                    let request = Request::from_request(request)?;
                    $crate::serve(request, &$capability, $routes).await.into_response()
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn a_form_never_leads_elsewhere() {
        assert_eq!(own_page("/directory?q=a&b=c"), "/directory?q=a&b=c");
        for odd in [
            "",
            "https://ailleurs.fr",
            "//ailleurs.fr",
            "/\\ailleurs.fr",
            "/a\r\nSet-Cookie: b",
            "javascript:x",
            "/api/v1/x",
        ] {
            assert_eq!(own_page(odd), "/", "{odd}");
        }
    }
}
