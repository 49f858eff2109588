//! The answers to an event, for the editors of its rubrique: counts, a table by name, and the same as CSV.

use ::agenda::{Answered, Counts, Page as Part, answers, counts};
use calendar::Participation;
use maud::{Markup, html};
use web::ui::{self, Column, Tone};
use web::{Exchange, Page, Problem, Response};

use super::edit::one;
use super::{BASE, failed};

/// People on one page.
const PAGE: u32 = 100;
/// Lines of one file.
const MOST: u32 = 50_000;

/// `GET /broadcast/agenda/events/{id}/answers`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let event = one(exchange, exchange.param("id"))?;
    let (counts, part) = read(exchange, PAGE)?;
    let here = format!("{BASE}/events/{}", event.id);
    let columns = ["Nom", "Profil", "Réponse", "Commentaire", "Le"].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = part.items.iter().map(|answered| row(exchange, answered)).collect::<Result<_, _>>()?;
    let next = part.next.map(|(name, id)| format!("{here}/answers?after={}.{}", id, web::url_escape(&name)));
    let body = html! {
        p {
            (ui::badge(Tone::Good, &format!("Oui : {}", counts.accepted))) " "
            (ui::badge(Tone::Bad, &format!("Non : {}", counts.declined))) " "
            @if counts.tentative > 0 { (ui::badge(Tone::Attention, &format!("Peut-être : {}", counts.tentative))) " " }
            (ui::badge(Tone::Neutral, &format!("Sans réponse : {}", counts.waiting)))
        }
        @if rows.is_empty() {
            (ui::empty("Personne", "Ni population qui lise la rubrique, ni personne prévenue, ni réponse."))
        } @else { (ui::table("Réponses", &columns, &rows)) }
        (ui::pager(None, next.as_deref()))
    };
    Page::new("Réponses", body)
        .wide()
        .crumb("Mon agenda", BASE)
        .crumb(&event.title, &here)
        .actions(html! { a.button href={ (here) "/answers.csv" } { "Exporter (CSV)" } })
        .respond(exchange)
}

/// What is asked by the path and `after`; for those who edit.
pub(super) fn read(exchange: &Exchange<'_>, limit: u32) -> Result<(Counts, ::agenda::Answers), Problem> {
    let (by, id) = (&exchange.viewer()?.id, exchange.param("id"));
    let after = exchange.query_value("after");
    // The id first: a folded name may hold anything.
    let after = after.split_once('.').map(|(id, name)| (name, id));
    let counted = counts(exchange.db(), by, id).map_err(|error| failed(exchange, error))?;
    let part = answers(exchange.db(), by, id, Part { after, limit }).map_err(|error| failed(exchange, error))?;
    Ok((counted, part))
}

/// The answer in French; one to other dates is no answer any more.
pub(super) fn said(answered: &Answered) -> &'static str {
    match answered.participation.filter(|_| !answered.stale) {
        Some(Participation::Accepted) => "Accepté",
        Some(Participation::Declined) => "Décliné",
        Some(_) => "Peut-être",
        None => "Sans réponse",
    }
}

fn row(exchange: &Exchange<'_>, answered: &Answered) -> Result<Vec<Markup>, Problem> {
    let zone = exchange.viewer()?.zone();
    let tone = match said(answered) {
        "Accepté" => Tone::Good,
        "Décliné" => Tone::Bad,
        _ => Tone::Neutral,
    };
    Ok(vec![
        html! { (answered.last_name) " " (answered.first_name) },
        ui::profile_badge(answered.profile),
        html! { (ui::badge(tone, said(answered))) @if answered.stale { " " small { "avait répondu pour d’autres dates" } } },
        ui::verbatim(&html! { (answered.comment) }),
        html! { @if let Some(at) = answered.answered_at { (zone.short(at, exchange.now())) @if answered.by_mail { " " small { "par courriel" } } } },
    ])
}

/// `GET /broadcast/agenda/events/{id}/answers.csv`, `GET /api/v1/broadcast/events/{id}/answers.csv`
pub(crate) fn csv(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let event = one(exchange, exchange.param("id"))?;
    let (_, part) = read(exchange, MOST)?;
    if part.next.is_some() {
        let words = format!("Il y a plus de {MOST} lignes. Lisez les réponses page par page.");
        return Err(Problem::refused("too-many-results", words).with("allowed", MOST));
    }
    let zone = exchange.viewer()?.zone();
    let rows = part.items.iter().map(|answered| {
        let at = answered.answered_at.map(|at| zone.civil(at)).map_or_else(String::new, |at| {
            format!("{:02}/{:02}/{} {:02}:{:02}", at.day(), at.month(), at.year(), at.hour(), at.minute())
        });
        [
            answered.last_name.clone(),
            answered.first_name.clone(),
            answered.profile.label().to_owned(),
            said(answered).to_owned(),
            answered.comment.clone(),
            at,
        ]
    });
    let heading = ["Nom", "Prénom", "Profil", "Réponse", "Commentaire", "Répondu le"];
    Response::csv(&format!("Réponses - {}.csv", event.title), heading, rows)
}
