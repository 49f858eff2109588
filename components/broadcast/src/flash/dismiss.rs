//! « J’ai lu »: a flash message goes off one's pages.

use announce::flash;
use web::{Exchange, Problem, Response};

use crate::refusal::problem;

/// `POST /broadcast/flash/{id}/dismiss`: back to the page it was on.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    done(exchange)?;
    Ok(Response::see_other(web::own_page(exchange.form()?.get("next"))))
}

/// `POST /api/v1/broadcast/flash/{id}/dismiss`
pub(crate) fn api(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    done(exchange)?;
    Ok(Response::no_content())
}

fn done(exchange: &Exchange<'_>) -> Result<(), Problem> {
    flash::dismiss(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), exchange.now()).map_err(problem)
}
