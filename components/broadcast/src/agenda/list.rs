//! « Mon agenda », or the agenda of one rubrique: what is to come, or a month.

use ::agenda::{Event, List, Rubrique, State, events, rubriques, spoken};
use maud::{Markup, html};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response};

use super::{BASE, failed, month};

/// Events on one page.
const PAGE: u32 = 50;

/// `GET /broadcast/agenda`, `GET /broadcast/rubriques/{id}/agenda`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let known = rubriques(exchange.db(), &viewer.id).map_err(|error| failed(exchange, error))?;
    let rubrique = match exchange.param("id") {
        "" => None,
        id => Some(known.iter().find(|rubrique| rubrique.id == id).ok_or_else(Problem::not_found)?),
    };
    let here = rubrique.map_or_else(|| BASE.to_owned(), |r| format!("/broadcast/rubriques/{}/agenda", r.id));
    let body = if exchange.query_value("view") == "month" {
        month::shown(exchange, rubrique, &here)?
    } else {
        coming(exchange, rubrique, &here)?
    };
    let title = rubrique.map_or_else(|| "Mon agenda".to_owned(), |r| format!("Agenda : {}", r.name));
    let mut page = Page::new(title, html! { (views(exchange, &here)) (body) (others(&known, rubrique)) })
        .crumb("Rubriques", "/broadcast");
    if let Some(rubrique) = rubrique {
        page = page.crumb(&rubrique.name, &format!("/broadcast/rubriques/{}", rubrique.id));
    }
    page.actions(actions(exchange, &known, rubrique)).respond(exchange)
}

fn views(exchange: &Exchange<'_>, here: &str) -> Markup {
    let month = exchange.query_value("view") == "month";
    html! {
        nav.toolbar aria-label="Présentation" {
            a.button href=(here) aria-current=[(!month).then_some("page")] { "À venir" }
            a.button href={ (here) "?view=month" } aria-current=[month.then_some("page")] { "Mois" }
        }
    }
}

fn actions(exchange: &Exchange<'_>, known: &[Rubrique], rubrique: Option<&Rubrique>) -> Markup {
    let edited: Vec<&Rubrique> = match rubrique {
        Some(rubrique) => Some(rubrique).into_iter().filter(|r| r.edits).collect(),
        None => known.iter().filter(|r| r.edits).collect(),
    };
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

fn others(known: &[Rubrique], rubrique: Option<&Rubrique>) -> Markup {
    html! {
        @if !known.is_empty() {
            nav.ways aria-label="Agendas" {
                @if rubrique.is_some() { a href=(BASE) { "Mon agenda (toutes les rubriques)" } }
                @for other in known.iter().filter(|other| rubrique.is_none_or(|r| r.id != other.id)) {
                    a href={ "/broadcast/rubriques/" (other.id) "/agenda" } { (other.name) }
                }
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
