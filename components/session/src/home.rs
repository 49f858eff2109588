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

/// A place to go to after signing in: a path of this service, never another site.
pub(crate) fn safe_next(asked: &str) -> &str {
    let inside = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && !asked.chars().any(char::is_control)
        && asked.len() <= 2000;
    if inside { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn signing_in_never_leads_elsewhere() {
        assert_eq!(safe_next("/directory?q=a&b=c"), "/directory?q=a&b=c");
        for odd in ["", "https://ailleurs.fr", "//ailleurs.fr", "/\\ailleurs.fr", "/a\r\nSet-Cookie: b", "javascript:x"]
        {
            assert_eq!(safe_next(odd), "/", "{odd}");
        }
    }
}
