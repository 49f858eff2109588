//! A new event, and an event that is changed: forms that are shown again with what was typed when it does not do.

use ::agenda::{Event, Rubrique, State};
use web::{Exchange, Page, Problem, Response};

use super::form::{Typed, form};
use super::{BASE, failed, told};

/// `GET /broadcast/rubriques/{id}/agenda/new`
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = edited(exchange)?;
    new_page(exchange, &rubrique, &Typed::blank(exchange)?, None)
}

/// `POST /broadcast/rubriques/{id}/agenda/new`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = edited(exchange)?;
    let by = &exchange.viewer()?.id;
    let typed = Typed::read(exchange.form()?);
    let id = ::agenda::id_of(by, if typed.key.is_empty() { exchange.csrf_token() } else { typed.key.clone() }.as_str());
    let (content, publication) = (typed.content(), typed.publication());
    let made = ::agenda::make(
        exchange.db(),
        exchange.now(),
        by,
        &rubrique.id,
        &id,
        &content,
        &publication,
        exchange.public_url(),
    );
    match made {
        Ok(()) => {
            let event = one(exchange, &id)?;
            Ok(told(exchange, &id, &format!("{BASE}/events/{id}"), saved(&event)))
        }
        Err(error) => {
            let problem = again(failed(exchange, error))?;
            Ok(new_page(exchange, &rubrique, &typed, Some(&problem))?.status(problem.status))
        }
    }
}

/// `GET /broadcast/agenda/events/{id}/edit`
pub(crate) fn edit(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let event = editable(exchange)?;
    change_page(exchange, &event, &Typed::of(&event), None)
}

/// `POST /broadcast/agenda/events/{id}/edit`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let event = editable(exchange)?;
    let typed = Typed::read(exchange.form()?);
    let by = &exchange.viewer()?.id;
    match ::agenda::change(exchange.db(), exchange.now(), by, &event.id, &typed.content(), &typed.publication()) {
        Ok(()) => {
            let event = one(exchange, &event.id)?;
            Ok(told(exchange, &event.id, &format!("{BASE}/events/{}", event.id), saved(&event)))
        }
        Err(error) => {
            let problem = again(failed(exchange, error))?;
            Ok(change_page(exchange, &event, &typed, Some(&problem))?.status(problem.status))
        }
    }
}

/// A problem that the form can show; others are answered as they are.
fn again(problem: Problem) -> Result<Problem, Problem> {
    if problem.status.is_client_error() && problem.code != "not-found" { Ok(problem) } else { Err(problem) }
}

fn saved(event: &Event) -> &'static str {
    match (event.state, event.publish_at) {
        (State::Draft, None) => "L’événement est enregistré en brouillon.",
        (State::Draft, Some(_)) => "L’événement est enregistré ; il sera publié tout seul.",
        _ => "L’événement est publié.",
    }
}

/// The rubrique of the path, when she edits it.
pub(super) fn edited(exchange: &Exchange<'_>) -> Result<Rubrique, Problem> {
    let id = exchange.param("id");
    let known = ::agenda::rubriques(exchange.db(), &exchange.viewer()?.id).map_err(|error| failed(exchange, error))?;
    known.into_iter().find(|rubrique| rubrique.id == id && rubrique.edits).ok_or_else(Problem::not_found)
}

/// The event `id`, when she may see it.
pub(super) fn one(exchange: &Exchange<'_>, id: &str) -> Result<Event, Problem> {
    let event = ::agenda::one(exchange.db(), &exchange.viewer()?.id, id).map_err(|error| failed(exchange, error))?;
    event.ok_or_else(Problem::not_found)
}

/// The event of the path, when she may change it. A cancelled one is not changed any more.
fn editable(exchange: &Exchange<'_>) -> Result<Event, Problem> {
    let event = one(exchange, exchange.param("id"))?;
    if !event.rubrique.edits {
        return Err(Problem::not_found());
    }
    if event.state == State::Cancelled {
        return Err(failed(exchange, ::agenda::Refusal::State.into()));
    }
    Ok(event)
}

fn new_page(
    exchange: &Exchange<'_>,
    rubrique: &Rubrique,
    typed: &Typed,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let agenda = format!("/broadcast/rubriques/{}/agenda", rubrique.id);
    let form = form(exchange, &format!("{agenda}/new"), rubrique, None, typed, problem)?;
    Page::new("Nouvel événement", form).crumb("Mon agenda", BASE).crumb(&rubrique.name, &agenda).respond(exchange)
}

fn change_page(
    exchange: &Exchange<'_>,
    event: &Event,
    typed: &Typed,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let here = format!("{BASE}/events/{}", event.id);
    let form = form(exchange, &format!("{here}/edit"), &event.rubrique, Some(event), typed, problem)?;
    Page::new("Modifier l’événement", form)
        .crumb("Mon agenda", BASE)
        .crumb(&event.rubrique.name, &format!("/broadcast/rubriques/{}/agenda", event.rubrique.id))
        .crumb(&event.title, &here)
        .respond(exchange)
}
