//! Flash messages (B-4): the history and the form for those who write them, the way to dismiss for everybody, and the same for
//! programs. The pages of everybody show them through `web`, which reads the view `flash_shown`.

pub(crate) mod api;
pub(crate) mod dismiss;
pub(crate) mod pages;

use announce::flash::{self, Flash, Level};
use web::{Exchange, Problem};

use crate::refusal::problem;

/// The establishment that is meant: the one asked for by `uai` (query or form), else the viewer's own, else her first; and all
/// those she may write flash messages in. Whoever may in none is told so.
fn establishment(exchange: &Exchange<'_>, asked: &str) -> Result<(String, Vec<(String, String)>), Problem> {
    let viewer = exchange.viewer()?;
    let own = flash::establishments(exchange.db(), &viewer.id).map_err(problem)?;
    let Some((first, _)) = own.first() else { return Err(problem(announce::Error::Refused("not-author".to_owned()))) };
    let wanted = match asked {
        "" if own.iter().any(|(uai, _)| *uai == viewer.uai) => viewer.uai.clone(),
        "" => first.clone(),
        asked => asked.to_owned(),
    };
    if own.iter().any(|(uai, _)| *uai == wanted) { Ok((wanted, own)) } else { Err(Problem::not_found()) }
}

fn history(exchange: &Exchange<'_>, uai: &str) -> Result<Vec<Flash>, Problem> {
    flash::history(exchange.db(), &exchange.viewer()?.id, uai, exchange.now()).map_err(problem)
}

fn level(text: &str) -> Result<Level, Problem> {
    [Level::Information, Level::Warning, Level::Urgent]
        .into_iter()
        .find(|level| level.as_str() == text)
        .ok_or_else(|| Problem::invalid("level", "Choisissez l’importance : information, important ou urgent."))
}
