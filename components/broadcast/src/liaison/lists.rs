//! The « carnet de liaison »: for a parent her children's notices, for an author those she wrote.

use announce::liaison::{self, Child, Written};
use maud::{Markup, html};
use web::ui::{self, Column, Tone};
use web::{Exchange, Page, Problem, Profile, Response};

use super::HERE;
use crate::links;
use crate::refusal::problem;
use crate::when;

/// `GET /broadcast/liaison`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let children = liaison::of_parent(exchange.db(), &viewer.id).map_err(problem)?;
    let writes = liaison::may_write(exchange.db(), &viewer.id).map_err(problem)?;
    let written = liaison::written(exchange.db(), &viewer.id, None).map_err(problem)?;
    let all = if viewer.administers(&viewer.uai) {
        liaison::written(exchange.db(), &viewer.id, Some(&viewer.uai)).map_err(problem)?
    } else {
        Vec::new()
    };
    let others: Vec<Written> = all.into_iter().filter(|one| !written.iter().any(|own| own.id == one.id)).collect();
    let family = viewer.profile == Profile::Relative || !children.is_empty();
    let body = html! {
        (links::tabs(exchange, HERE))
        @if family {
            @if children.is_empty() {
                (ui::empty("Aucun avis", "Les avis de l’établissement au sujet de vos enfants paraîtront ici."))
            } @else { (of_children(exchange, &children)?) }
        }
        @if writes {
            h2 { "Mes avis" }
            @if written.is_empty() {
                (ui::empty("Aucun avis", "Écrivez aux responsables légaux d’une classe, d’un groupe ou de quelques élèves, et suivez qui a confirmé la lecture."))
            } @else { (table(exchange, &written, "Mes avis")?) }
        }
        @if !others.is_empty() { h2 { "Avis des collègues" } (table(exchange, &others, "Avis des collègues")?) }
        @if !family && !writes { (ui::empty("Aucun avis", "Le carnet de liaison s’adresse aux responsables légaux des élèves.")) }
    };
    let page = Page::new("Carnet de liaison", body).crumb("Rubriques", "/broadcast");
    let write = html! { a.button.primary href={ (HERE) "/new" } { "Écrire un avis" } };
    if writes { page.actions(write).respond(exchange) } else { page.respond(exchange) }
}

fn of_children(exchange: &Exchange<'_>, children: &[Child]) -> Result<Markup, Problem> {
    let columns = [("Élève", ""), ("Avis", "wide"), ("Reçu le", ""), ("Lecture", "min")]
        .map(|(label, class)| Column { label, class });
    let rows = children
        .iter()
        .map(|child| {
            Ok(vec![
                html! { (child.student_name) },
                html! { a href={ (HERE) "/" (child.notice) } { strong { (child.title) } } br; small { (child.author) } },
                html! { (when::long(exchange, child.at)?) },
                html! {
                    @if child.confirmed { (ui::badge(Tone::Good, "Confirmée")) } @else { (ui::badge(Tone::Attention, "À confirmer")) }
                },
            ])
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    Ok(ui::table("Avis au sujet de mes enfants", &columns, &rows))
}

fn table(exchange: &Exchange<'_>, notices: &[Written], caption: &str) -> Result<Markup, Problem> {
    let columns = [("Avis", "wide"), ("Auteur", ""), ("Date", ""), ("Confirmés", "num")]
        .map(|(label, class)| Column { label, class });
    let rows = notices
        .iter()
        .map(|notice| {
            Ok(vec![
                html! { a href={ (HERE) "/" (notice.id) "/follow" } { strong { (notice.title) } } },
                html! { (notice.author) },
                html! { (when::long(exchange, notice.at)?) },
                html! { (notice.confirmed) " sur " (notice.pupils) },
            ])
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    Ok(ui::table(caption, &columns, &rows))
}
