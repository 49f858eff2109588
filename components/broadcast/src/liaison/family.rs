//! One notice as a parent reads it, and « Confirmer la lecture ».

use announce::liaison;
use maud::PreEscaped;
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response, html};

use super::HERE;
use crate::refusal::problem;
use crate::when;

/// `GET /broadcast/liaison/{id}`: the notice for a parent; its author is led to what became of it.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, id) = (exchange.viewer()?, exchange.param("id"));
    let notice = match liaison::one_for_parent(exchange.db(), &viewer.id, id) {
        Ok(notice) => notice,
        Err(announce::Error::NotFound) => {
            let followed = liaison::follow(exchange.db(), &viewer.id, id).map_err(problem)?;
            return Ok(Response::see_other(&format!("{HERE}/{}/follow", followed.notice.id)));
        }
        Err(error) => return Err(problem(error)),
    };
    let Some(first) = notice.children.first() else { return Err(Problem::not_found()) };
    let body = html! {
        div.prose.box { (ui::verbatim(&PreEscaped(notice.html.clone()))) }
        @for child in &notice.children {
            section.box aria-label={ "Pour " (child.student_name) } {
                h2 { "Pour " (child.student_name) }
                @match child.confirmed_at {
                    Some(at) => (ui::notice(Tone::Good, format!("Vous avez confirmé la lecture le {}.", when::long(exchange, at)?))),
                    None => {
                        @if child.confirmed {
                            (ui::notice(Tone::Good, "La lecture est déjà confirmée par un autre responsable légal. Vous pouvez la confirmer aussi."))
                        }
                        form method="post" action={ (HERE) "/" (child.notice) "/confirm" } {
                            (ui::csrf(exchange))
                            (ui::hidden("student", &child.student))
                            div.toolbar { (ui::submit("Confirmer la lecture")) }
                        }
                    },
                }
            }
        }
    };
    Page::new(first.title.as_str(), body)
        .crumb("Rubriques", "/broadcast")
        .crumb("Carnet de liaison", HERE)
        .lead(format!("{}, le {}", first.author, when::long(exchange, first.at)?))
        .respond(exchange)
}

/// `POST /broadcast/liaison/{id}/confirm`
pub(crate) fn confirm(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = exchange.param("id");
    let student = exchange.form()?.get("student");
    liaison::confirm(exchange.db(), &exchange.viewer()?.id, id, student, exchange.now()).map_err(problem)?;
    Ok(Response::see_other(&format!("{HERE}/{}", web::url_escape(id))).success("Merci : votre lecture est confirmée."))
}
