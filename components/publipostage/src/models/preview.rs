//! One letter before it is sent, to a real person: as text, as the page that will be printed (PNG), and as PDF.

use letters::page_png;
use mailing::model::{self, Drafted, Letterhead, Plan};
use maud::PreEscaped;
use web::ui;
use web::{Exchange, Page, Problem, Response, html};

use super::recipients::{Planned, planned};
use super::{PATH, ask};

/// Width of the picture, in pixels.
const WIDTH: u32 = 800;

/// Which letter is asked for: its place and all there are.
pub(crate) struct Shown {
    pub(crate) head: Letterhead,
    pub(crate) plan: Plan,
    pub(crate) at: usize,
    pub(crate) model: model::Model,
}

impl Shown {
    pub(crate) fn letter(&self) -> Result<&Drafted, Problem> {
        self.plan.letters.get(self.at).ok_or_else(Problem::not_found)
    }

    fn printed(&self) -> Result<letters::Letter, Problem> {
        let letter = self.letter()?;
        let postal = self.plan.people.get(letter.to).map(|person| person.postal.as_slice()).unwrap_or_default();
        Ok(model::letter(&self.head, postal, &letter.subject, &letter.html))
    }
}

/// The letter of the query.
pub(crate) fn shown(exchange: &Exchange<'_>) -> Result<Shown, Problem> {
    let at = exchange.query_value("at");
    let at = if at.is_empty() {
        0
    } else {
        at.parse().map_err(|_| Problem::invalid("at", "« at » est le rang d’une lettre, à partir de 0."))?
    };
    let Planned { model, head, plan, .. } = planned(exchange, &ask::of_query(exchange)?)?;
    Ok(Shown { head, plan: plan?, at, model })
}

/// `GET /publipostage/models/{id}/preview`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let shown = shown(exchange)?;
    let here = format!("{PATH}/{}", shown.model.id);
    let query = ask::query(&ask::of_query(exchange)?);
    let total = shown.plan.letters.len();
    let at = |at: usize| format!("{here}/preview?{query}&at={at}");
    let body = html! {
        @match shown.letter() {
            Err(_) => (ui::empty("Aucune lettre à montrer", "Choisissez des destinataires qui ont une valeur pour chaque champ.")),
            Ok(letter) => {
                nav.pager aria-label="Lettres" {
                    @if shown.at > 0 { a.button rel="prev" href=(at(shown.at - 1)) { "← Précédente" } }
                    span { "Lettre " (shown.at + 1) " sur " (total) }
                    @if shown.at + 1 < total { a.button rel="next" href=(at(shown.at + 1)) { "Suivante →" } }
                }
                @if let Some(person) = shown.plan.people.get(letter.to) {
                    p { "À " strong { (person.name()) } @if !letter.children.is_empty() { ", au sujet de " (letter.children.join(", ")) } }
                }
                h2 { "En message" }
                section.box {
                    p { strong { "Objet : " } (ui::verbatim(&html! { (letter.subject) })) }
                    div.message { (ui::verbatim(&PreEscaped(model::sanitised(&letter.html)))) }
                }
                h2 { "Sur papier" }
                p { a.button href={ (here) "/preview.pdf?" (query) "&at=" (shown.at) } { "Ouvrir le PDF" } }
                img src={ (here) "/preview.png?" (query) "&at=" (shown.at) } width="600"
                    alt={ "Première page de la lettre à " @if let Some(person) = shown.plan.people.get(letter.to) { (person.name()) } };
            }
        }
    };
    Page::new("Aperçu", body)
        .crumb("Lettres types", &format!("{PATH}?uai={}", shown.model.uai))
        .crumb(&shown.model.name, &here)
        .crumb("Destinataires", &format!("{here}/recipients?{query}"))
        .respond(exchange)
}

/// `GET /publipostage/models/{id}/preview.pdf`, and the same in the API
pub(crate) fn pdf(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let shown = shown(exchange)?;
    let bytes = model::pdf(&shown.head, &shown.printed()?).map_err(|error| unprintable(&model::unprintable(&error)))?;
    Ok(Response::inline("apercu.pdf", "application/pdf", bytes))
}

/// `GET /publipostage/models/{id}/preview.png`, and the same in the API
pub(crate) fn png(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let shown = shown(exchange)?;
    let bytes = page_png(&shown.head.sender, &shown.printed()?, WIDTH).map_err(|error| match error {
        letters::NoPreview::Unprintable(error) => unprintable(&model::unprintable(&error)),
        letters::NoPreview::Drawing => Problem::internal("the preview could not be drawn"),
    })?;
    Ok(Response::inline("apercu.png", "image/png", bytes))
}

fn unprintable(why: &str) -> Problem {
    Problem::refused(
        "unprintable",
        format!("Cette lettre ne peut pas être imprimée : {why}. Elle peut partir en message."),
    )
}
