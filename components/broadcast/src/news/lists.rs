//! Lists of news: of all that one may read, of one rubrique, and the newest of one for its page.

use ::rubriques::Rubrique;
use announce::news::{self, Cursor, Listing, State, Summary};
use maud::{Markup, html};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response};

use crate::links;
use crate::refusal::problem;

/// News on the page of a rubrique.
const NEWEST: usize = 5;

/// `GET /broadcast/news`
pub(crate) fn everything(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let listing =
        news::of_everything(exchange.db(), &viewer.id, exchange.now(), before(exchange)?.as_ref()).map_err(problem)?;
    let body = html! {
        (links::tabs(exchange, "/broadcast/news"))
        (list(exchange, &listing.items, true)?)
        (pages("/broadcast/news", exchange, &listing))
    };
    Page::new("Actualités", body).crumb("Rubriques", "/broadcast").respond(exchange)
}

/// `GET /broadcast/rubriques/{id}/news`
pub(crate) fn of_rubrique(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, rubrique) = (exchange.viewer()?, exchange.param("id"));
    let listing = news::of_rubrique(exchange.db(), &viewer.id, rubrique, exchange.now(), before(exchange)?.as_ref())
        .map_err(problem)?;
    let shell = crate::rubriques::seen(exchange)?;
    let here = format!("/broadcast/rubriques/{rubrique}/news");
    let body = html! {
        @if shell.edits { div.toolbar { a.button href={ (here) "/new" } { "Écrire une actualité" } } }
        (list(exchange, &listing.items, false)?)
        (pages(&here, exchange, &listing))
    };
    crate::rubriques::page(&shell, "/news", body).respond(exchange)
}

/// The newest news of `rubrique`, as a section of its page; nothing for those who may not read it.
///
/// # Errors
/// 503 when the database cannot be used.
pub(crate) fn section(exchange: &Exchange<'_>, rubrique: &Rubrique) -> Result<Markup, Problem> {
    let viewer = exchange.viewer()?;
    let mut items = match news::of_rubrique(exchange.db(), &viewer.id, &rubrique.id, exchange.now(), None) {
        Ok(listing) => listing.items,
        Err(announce::Error::NotFound) => return Ok(html! {}),
        Err(error) => return Err(problem(error)),
    };
    let more = items.len() > NEWEST;
    items.truncate(NEWEST);
    let here = format!("/broadcast/rubriques/{}/news", rubrique.id);
    Ok(html! {
        section aria-labelledby="actualites" {
            h2 #actualites { "Actualités" }
            (list(exchange, &items, false)?)
            div.toolbar {
                @if rubrique.edits { a.button href={ (here) "/new" } { "Écrire une actualité" } }
                @if more || rubrique.edits { a.button href=(here) { "Toutes les actualités" } }
            }
        }
    })
}

fn list(exchange: &Exchange<'_>, items: &[Summary], everywhere: bool) -> Result<Markup, Problem> {
    let zone = exchange.viewer()?.zone();
    Ok(html! {
        @if items.is_empty() {
            (ui::empty("Aucune actualité", "Les actualités des rubriques que vous lisez paraîtront ici."))
        }
        @for item in items {
            article.box {
                h3 {
                    a href={ "/broadcast/news/" (item.id) } { (item.title) }
                    @if item.unread && item.state == State::Published { " " (ui::badge(Tone::Attention, "Non lue")) }
                    @if item.state != State::Published { " " (ui::badge(Tone::Neutral, item.state.label())) }
                }
                p.soft {
                    @if everywhere { (item.rubrique_name) ", " }
                    @if let Some(at) = item.publish_at { (zone.long(at)) ", " }
                    (item.author)
                }
                p { (item.excerpt) }
            }
        }
    })
}

pub(super) fn before(exchange: &Exchange<'_>) -> Result<Option<Cursor>, Problem> {
    let asked = exchange.query_value("before");
    if asked.is_empty() { Ok(None) } else { asked.parse().map(Some).map_err(problem) }
}

fn pages(here: &str, exchange: &Exchange<'_>, listing: &Listing) -> Markup {
    let begun = !exchange.query_value("before").is_empty();
    let older = listing.next.as_ref().map(|next| format!("{here}?before={next}"));
    ui::pager(begun.then_some(here), older.as_deref())
}
