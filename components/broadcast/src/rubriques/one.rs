//! One rubrique, as its readers open it.

use maud::html;
use web::{Exchange, Problem, Response, ui};

/// `GET /broadcast/rubriques/{id}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = super::seen(exchange)?;
    let body = html! {
        @if rubrique.closed_at.is_some() {
            (ui::notice(ui::Tone::Attention, "Cette rubrique est fermée : seuls les administrateurs de l’établissement la voient. Ce qu’elle a envoyé reste."))
        }
        section.box {
            @if rubrique.description.is_empty() { p { "Une rubrique de " (rubrique.establishment) "." } }
            @for paragraph in rubrique.description.split('\n').filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
            @if rubrique.edits {
                div.toolbar {
                    a.button.primary href={ "/broadcast/rubriques/" (rubrique.id) "/message" } { "Envoyer un message à une population" }
                }
            }
        }
        (crate::news::lists::section(exchange, &rubrique)?)
        // What is next in its agenda (B-2).
    };
    super::page(&rubrique, "", body).respond(exchange)
}
