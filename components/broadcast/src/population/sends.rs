//! What was sent from a rubrique: who, what, to whom, when, how many. For its editors and the local administrators.

use maud::{Markup, html};
use web::ui::{self, Column};
use web::{Exchange, Problem, Response};

use crate::rubriques::{page as shell, seen};

/// The rubrique of the path, for those who may read its history: a closed one has no editors, but administrators.
pub(super) fn readable(exchange: &Exchange<'_>) -> Result<::rubriques::Rubrique, Problem> {
    let rubrique = seen(exchange)?;
    if rubrique.edits || rubrique.administers {
        return Ok(rubrique);
    }
    Err(Problem::forbidden("Seuls les rédacteurs de cette rubrique voient ce qu’elle a envoyé."))
}

/// `GET /broadcast/rubriques/{id}/sends`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = readable(exchange)?;
    let viewer = exchange.viewer()?;
    let cursor = exchange.query_value("cursor");
    let after = Some(cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let found = ::rubriques::sends(exchange.db(), &viewer.id, &rubrique.id, after, 25)?;
    let zone = viewer.zone();
    let columns = ["Objet", "Population", "Par", "Envoyé", "Personnes"]
        .map(|label| Column { label, class: if label == "Personnes" { "num" } else { "" } });
    let rows: Vec<Vec<Markup>> = found
        .items
        .iter()
        .map(|send| {
            let subject = if send.subject.is_empty() { "(sans objet)" } else { &send.subject };
            vec![
                html! { a href={ "/broadcast/messages/" (send.message) } { (subject) } },
                html! { (send.label) },
                html! { (send.author) },
                html! { (zone.short(send.at, exchange.now())) },
                html! { (send.recipients) },
            ]
        })
        .collect();
    let base = format!("/broadcast/rubriques/{}/sends", rubrique.id);
    let next = found.next.map(|next| format!("{base}?cursor={next}"));
    let body = html! {
        @if rows.is_empty() { (ui::empty("Aucun envoi", "Les messages envoyés depuis cette rubrique, et leur compte rendu, apparaîtront ici.")) }
        @else { (ui::table("Envois de la rubrique", &columns, &rows)) }
        (ui::pager(after.is_some().then_some(base.as_str()), next.as_deref()))
    };
    shell(&rubrique, "/sends", body).respond(exchange)
}
