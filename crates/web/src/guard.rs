//! Who may change things: no request that another site made somebody's browser send (CSRF).

use http::{HeaderMap, Uri};

use crate::exchange::Opened;
use crate::session::{self, Bearer};
use crate::{Exchange, Problem};

/// The header that scripts carry the CSRF token in.
const CSRF_HEADER: &str = "x-csrf-token";

/// Lets an unsafe request through when it comes from our own pages, or from a client with a token of its own.
///
/// # Errors
/// 403 when another site is behind it, or the token of the form is not that of the session.
pub(crate) fn check(exchange: &Exchange<'_>) -> Result<(), Problem> {
    match &exchange.opened {
        // A bearer token is never sent by a browser on its own.
        Some(Opened { bearer: Bearer::Header, .. }) => Ok(()),
        Some(Opened { token, bearer: Bearer::Cookie, .. }) => {
            same_site(exchange.request.uri(), exchange.request.headers())?;
            let matches = match exchange.header(CSRF_HEADER) {
                Some(given) => session::csrf_matches(token, given),
                None => session::csrf_matches(token, exchange.form().map_or("", |form| form.get("csrf"))),
            };
            if matches { Ok(()) } else { Err(expired_form()) }
        }
        // Nothing to abuse but the sign-in itself: nobody should be signed in by another site. Programs say nothing of
        // where they are, and pass.
        None => same_site(exchange.request.uri(), exchange.request.headers()),
    }
}

/// Browsers say where a request comes from; other clients say nothing, and need not. What was asked is the authority of the URI:
/// wasmtime hides `Host` from components. An origin of `null` (a sandboxed frame, a file) is nobody's.
fn same_site(uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => match (origin.split_once("://"), uri.authority()) {
            (Some((_, host)), Some(asked)) => host.eq_ignore_ascii_case(asked.as_str()),
            _ => false,
        },
        (None, None) => true,
    };
    if ours { Ok(()) } else { Err(foreign()) }
}

fn foreign() -> Problem {
    Problem::new(
        http::StatusCode::FORBIDDEN,
        "cross-site",
        "Demande refusée",
        "Cette demande vient d’un autre site : elle n’a pas été exécutée. Refaites-la depuis la messagerie.",
    )
}

fn expired_form() -> Problem {
    Problem::new(
        http::StatusCode::FORBIDDEN,
        "csrf",
        "Formulaire périmé",
        "Ce formulaire n’est plus valable, sans doute parce que vous vous êtes reconnecté entre-temps. Revenez en arrière, rechargez la page et recommencez.",
    )
}
