//! The way in.

use web::{Exchange, Problem, Response};

/// `/`: the first page this person can use, or the sign-in.
pub(crate) fn home(exchange: &Exchange) -> Result<Response, Problem> {
    let first = exchange.menu().next().map(|item| item.href.as_str());
    let target = match exchange.visitor() {
        Some(_) => first.unwrap_or("/session/account"),
        None => "/session/sign-in",
    };
    // What just happened is told by the page after the next.
    Ok(Response::see_other(target))
}
