//! The rubriques that one reads.

use ::rubriques::Rubrique;
use maud::{Markup, html};
use web::{Exchange, Page, Problem, Response, ui};

/// `GET /broadcast`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let rubriques = ::rubriques::readable(exchange.db(), &viewer.id)?;
    let (open, closed): (Vec<_>, Vec<_>) = rubriques.iter().partition(|rubrique| rubrique.closed_at.is_none());
    let several = rubriques.iter().any(|rubrique| rubrique.uai != viewer.uai);
    let body = html! {
        (crate::links::tabs(exchange, "/broadcast"))
        @if open.is_empty() {
            (ui::empty("Aucune rubrique", if viewer.is_local_admin() {
                "Créez-en une : choisissez qui la lit et qui y écrit."
            } else {
                "Les rubriques que l’établissement ouvre pour vous apparaîtront ici."
            }))
        }
        @for rubrique in &open { (card(rubrique, several)) }
        @if !closed.is_empty() {
            details.box {
                summary { "Rubriques fermées (" (closed.len()) ")" }
                ul { @for rubrique in &closed { li { a href={ "/broadcast/rubriques/" (rubrique.id) } { (rubrique.name) } } } }
            }
        }
    };
    let mut page = Page::new("Rubriques", body);
    if viewer.is_local_admin() {
        page = page.actions(html! { a.button.primary href="/broadcast/new" { "Nouvelle rubrique" } });
    }
    page.respond(exchange)
}

fn card(rubrique: &Rubrique, several: bool) -> Markup {
    let href = format!("/broadcast/rubriques/{}", rubrique.id);
    html! {
        section.box {
            h2 { a href=(href) { (rubrique.name) } }
            @if several { p { small { (rubrique.establishment) } } }
            @if !rubrique.description.is_empty() { p { (rubrique.description) } }
            // What is new in it: news (B-3), agenda (B-2).
            @if rubrique.edits {
                div.toolbar { a.button href={ (href) "/message" } aria-label={ "Envoyer un message depuis " (rubrique.name) } { "Envoyer un message" } }
            }
        }
    }
}
