//! "Qui peut écrire à qui": two people, and the way between them.

use maud::{Markup, html};
use rights::Explanation;
use web::ui::{self, Tone};
use web::{Exchange, Problem, Response};

use super::pick::Pick;
use super::{administered, hidden_query, page, words};

const PATH: &str = "/directory/admin/simulator";

/// `GET /directory/admin/simulator`
pub(crate) fn show(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let from = Pick::read(exchange, &uai, "from", "Qui écrit")?;
    let to = Pick::read(exchange, &uai, "to", "À qui")?;
    let zone = exchange.zone_of(uai.as_str())?;
    let answer = match (&from.chosen, &to.chosen) {
        (Some(from), Some(to)) => rights::explain(&exchange.db(), &from.id, &to.id, exchange.now())?
            .map(|explanation| answer(&from.name(), &to.name(), &explanation, |at| zone.long(at))),
        _ => None,
    };
    let body = html! {
        form.stack.box method="get" action=(PATH) {
            (hidden_query(&uai))
            (from.field()) (to.field()) (ui::submit("Vérifier"))
        }
        @if let Some(answer) = answer { (answer) }
    };
    page(exchange, &uai, PATH, "Qui peut écrire à qui", body)?
        .lead("Donnez deux personnes : la réponse dit par quelle règle l’une peut écrire à l’autre, ou ce qui l’en empêche.")
        .respond(exchange)
}

fn answer(from: &str, to: &str, explanation: &Explanation, date: impl Fn(i64) -> String) -> Markup {
    let tone = if explanation.allowed { Tone::Good } else { Tone::Attention };
    let sentence = html! {
        strong { (from) @if explanation.allowed { " peut écrire à " } @else { " ne peut pas écrire à " } (to) "." }
    };
    html! {
        (ui::notice(tone, sentence))
        section.box aria-labelledby="chemin" {
            h2 #chemin { @if explanation.allowed { "Par où" } @else { "Pourquoi" } }
            div.prose {
                ul {
                    @for path in &explanation.paths { li { (words::path(path)) } }
                    @for obstacle in &explanation.obstacles { li { (words::obstacle(obstacle, &date)) } }
                }
                p.soft { "Répondre à un message vraiment reçu reste toujours possible, quelles que soient les règles." }
            }
        }
    }
}
