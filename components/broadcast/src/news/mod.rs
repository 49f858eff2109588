//! News (B-3): lists, one of them, its form, what readers do, what editors follow; and the same for programs.

pub(crate) mod api;
pub(crate) mod edit;
pub(crate) mod follow;
mod form;
pub(crate) mod lists;
pub(crate) mod one;

use announce::news::{self, News};
use web::{Exchange, Problem};

use crate::refusal::problem;

/// News `{id}`, for whoever may see it.
fn asked(exchange: &Exchange<'_>) -> Result<News, Problem> {
    news::one(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), exchange.now()).map_err(problem)
}

/// News `{id}`, for the editors of its rubrique; a reader learns that she is none.
fn edited(exchange: &Exchange<'_>) -> Result<News, Problem> {
    let news = asked(exchange)?;
    if news.editor { Ok(news) } else { Err(problem(announce::Error::Refused("not-editor".to_owned()))) }
}
