//! « Mon agenda », or the agenda of one rubrique: what is to come, or a month.

use ::agenda::{Event, List, Rubrique, State, events, rubriques, spoken};
use maud::{Markup, html};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response};

use super::{BASE, failed, month};
use crate::links;

/// Events on one page.
const PAGE: u32 = 50;

/// `GET /broadcast/agenda`
pub(crate) fn mine(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let known = rubriques(exchange.db(), &exchange.viewer()?.id).map_err(|error| failed(exchange, error))?;
    let body = html! { (links::tabs(exchange, BASE)) (body(exchange, None, BASE)?) (others(&known)) };
    Page::new("Mon agenda", body)
        .crumb("Rubriques", "/broadcast")
        .wide()
        .actions(actions(exchange, &known))
        .respond(exchange)
}

/// `GET /broadcast/rubriques/{id}/agenda`
pub(crate) fn of_rubrique(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = crate::rubriques::seen(exchange)?;
    let known = rubriques(exchange.db(), &exchange.viewer()?.id).map_err(|error| failed(exchange, error))?;
    // A closed one has no agenda any more, even for those who can open it again.
    let own = known.iter().position(|own| own.id == exchange.param("id")).ok_or_else(Problem::not_found)?;
    let own = known.get(own..=own).unwrap_or_default();
    let here = format!("/broadcast/rubriques/{}/agenda", exchange.param("id"));
    let body = body(exchange, own.first(), &here)?;
    crate::rubriques::page(&rubrique, "/agenda", body).actions(actions(exchange, own)).respond(exchange)
}

fn body(exchange: &Exchange<'_>, rubrique: Option<&Rubrique>, here: &str) -> Result<Markup, Problem> {
    let events = if exchange.query_value("view") == "month" {
        month::shown(exchange, rubrique, here)?
    } else {
        coming(exchange, rubrique, here)?
    };
    Ok(html! { (views(exchange, here)) (events) })
}

fn views(exchange: &Exchange<'_>, here: &str) -> Markup {
    let month = exchange.query_value("view") == "month";
    html! {
        nav.toolbar aria-label="Présentation" {
            a.button.primary[!month] href=(here) aria-current=[(!month).then_some("page")] { "À venir" }
            a.button.primary[month] href={ (here) "?view=month" } aria-current=[month.then_some("page")] { "Mois" }
        }
    }
}

/// What can be done here: an event in one of these rubriques.
fn actions(exchange: &Exchange<'_>, rubriques: &[Rubrique]) -> Markup {
    let edited: Vec<&Rubrique> = rubriques.iter().filter(|r| r.edits).collect();
    html! {
        @match edited.as_slice() {
            [] => {}
            [one] => a.button.primary href={ "/broadcast/rubriques/" (one.id) "/agenda/new" } { "Nouvel événement" },
            several => details.confirm.end {
                summary.button.primary { "Nouvel événement" }
                div.sheet { ul { @for one in several { li { a href={ "/broadcast/rubriques/" (one.id) "/agenda/new" } { (one.name) } } } } }
            },
        }
        a.button href={ (BASE) "/feeds" } { "Suivre" }
        @if exchange.visitor().is_some_and(web::Viewer::is_local_admin) { a.button href={ (BASE) "/resources" } { "Ressources" } }
    }
}

fn others(known: &[Rubrique]) -> Markup {
    html! {
        @if !known.is_empty() {
            nav.ways aria-label="Agendas des rubriques" {
                @for other in known { a href={ "/broadcast/rubriques/" (other.id) "/agenda" } { (other.name) } }
            }
        }
    }
}

/// What is going on and what is to come, day after day.
fn coming(exchange: &Exchange<'_>, rubrique: Option<&Rubrique>, here: &str) -> Result<Markup, Problem> {
    let after = exchange.query_value("after");
    let after = after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let list = List {
        rubrique: rubrique.map(|rubrique| rubrique.id.as_str()),
        from: exchange.now(),
        until: i64::MAX,
        after,
        limit: PAGE,
    };
    let found = events(exchange.db(), &exchange.viewer()?.id, &list).map_err(|error| failed(exchange, error))?;
    let next = found.last().filter(|_| found.len() == PAGE as usize);
    let next = next.map(|event| format!("{here}?after={}.{}", event.stored.starts_at, event.id));
    Ok(html! {
        @if found.is_empty() {
            (ui::empty("Rien de prévu", "Les événements à venir de vos rubriques apparaîtront ici."))
        } @else {
            ul.agenda { @for event in &found { (line(event, rubrique.is_none())) } }
        }
        (ui::pager(None, next.as_deref()))
    })
}

/// One event in a list.
pub(super) fn line(event: &Event, with_rubrique: bool) -> Markup {
    html! {
        li {
            a href={ (BASE) "/events/" (event.id) } { (event.title) } " " (state_badge(event))
            p { (spoken(event.when)) @if !event.place.is_empty() { ", " (event.place) } }
            @if with_rubrique { p.soft { (event.rubrique.name) } }
        }
    }
}

/// What there is to know at a glance: a state, an answer given or awaited.
pub(super) fn state_badge(event: &Event) -> Markup {
    use calendar::Participation::{Accepted, Declined};
    html! {
        @match (event.state, event.publish_at) {
            (State::Cancelled, _) => (ui::badge(Tone::Bad, "Annulé")),
            (State::Draft, None) => (ui::badge(Tone::Neutral, "Brouillon")),
            (State::Draft, Some(_)) => (ui::badge(Tone::Attention, "Publication programmée")),
            (State::Published, _) if event.confirmation => {
                @match event.answer.as_ref().map(|answer| answer.participation) {
                    Some(Accepted) => (ui::badge(Tone::Good, "Accepté")),
                    Some(Declined) => (ui::badge(Tone::Neutral, "Décliné")),
                    Some(_) => (ui::badge(Tone::Neutral, "Peut-être")),
                    None => (ui::badge(Tone::Attention, "Réponse demandée")),
                }
            },
            (State::Published, _) => {}
        }
    }
}
