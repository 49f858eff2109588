//! « J’ai lu »: a flash message goes off one's pages.

use announce::flash;
use web::{Exchange, Problem, Response};

use crate::refusal::problem;

/// `POST /broadcast/flash/{id}/dismiss`: back to the page it was on.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    done(exchange)?;
    Ok(Response::see_other(inside(exchange.form()?.get("next"))))
}

/// `POST /api/v1/broadcast/flash/{id}/dismiss`
pub(crate) fn api(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    done(exchange)?;
    Ok(Response::no_content())
}

fn done(exchange: &Exchange<'_>) -> Result<(), Problem> {
    flash::dismiss(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), exchange.now()).map_err(problem)
}

/// A page of this service, never another site.
fn inside(asked: &str) -> &str {
    let ours = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.starts_with("/api/")
        && !asked.contains('\\')
        && !asked.chars().any(char::is_control)
        && asked.len() <= 2000;
    if ours { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn dismissing_never_leads_elsewhere() {
        assert_eq!(inside("/directory?q=a&b=c"), "/directory?q=a&b=c");
        for odd in [
            "",
            "https://ailleurs.fr",
            "//ailleurs.fr",
            "/\\ailleurs.fr",
            "/a\r\nSet-Cookie: b",
            "javascript:x",
            "/api/v1/x",
        ] {
            assert_eq!(inside(odd), "/", "{odd}");
        }
    }
}
