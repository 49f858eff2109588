//! Precise prohibitions: one person may not write to one other.

use maud::{Markup, html};
use people::{PersonId, Uai};
use rights::Prohibition;
use web::ui::{self, Column, Field, Tone};
use web::{Exchange, Problem, Response};

use super::pick::Pick;
use super::{administered, hidden, hidden_query, page};

const PATH: &str = "/directory/admin/prohibitions";
/// Characters of a reason.
const REASON: usize = 500;

/// `GET /directory/admin/prohibitions`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let past = exchange.query_value("past") == "1";
    let found = rights::prohibitions(&exchange.db(), &uai, exchange.now(), past)?;
    let zone = exchange.zone_of(uai.as_str())?;
    let columns =
        ["Ne peut pas écrire", "À", "Motif", "Depuis", "Jusqu’à", ""].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = found.iter().map(|x| row(exchange, &uai, &zone, x)).collect();
    let body = html! {
        (form(exchange, &uai)?)
        @if rows.is_empty() {
            (ui::empty("Aucune interdiction", "Une interdiction empêche une personne précise d’écrire à une autre ; elle peut toujours lui répondre."))
        } @else { (ui::table("Interdictions", &columns, &rows)) }
        p { @if past { a href={ (PATH) "?uai=" (uai) } { "Cacher celles du passé" } } @else { a href={ (PATH) "?past=1&uai=" (uai) } { "Montrer aussi celles du passé" } } }
    };
    page(exchange, &uai, PATH, "Interdictions", body)?
        .lead("Empêcher une personne précise d’écrire à une autre, avec un motif et pour un temps.")
        .respond(exchange)
}

fn row(exchange: &Exchange<'_>, uai: &Uai, zone: &clock::Zone, x: &Prohibition) -> Vec<Markup> {
    let past = x.ended_at.is_some();
    vec![
        html! { (x.sender.1) },
        html! { (x.recipient.1) },
        html! { (x.reason) @if !x.by.is_empty() { " " small { "(" (x.by) ")" } } },
        html! { (zone.short(x.created_at, exchange.now())) },
        match (x.ended_at, x.until) {
            (Some(end), _) => html! { (zone.short(end, exchange.now())) " " (ui::badge(Tone::Neutral, "terminée")) },
            (None, Some(until)) => html! { (zone.short(until, exchange.now())) },
            (None, None) => html! { "Sans terme" },
        },
        html! {
            @if !past {
                form method="post" action={ (PATH) "/lift" } {
                    (hidden(exchange, uai)) (ui::hidden("from", x.sender.0.as_str())) (ui::hidden("to", x.recipient.0.as_str()))
                    (ui::confirm("Lever", "Cette personne pourra de nouveau écrire à l’autre si les règles le permettent.", "Lever l’interdiction"))
                }
            }
        },
    ]
}

/// In two steps, without script: first the two people, then why and for how long.
fn form(exchange: &Exchange<'_>, uai: &Uai) -> Result<Markup, Problem> {
    let from = Pick::read(exchange, uai, "from", "Qui ne doit pas écrire")?;
    let to = Pick::read(exchange, uai, "to", "À qui")?;
    Ok(html! {
        form.stack.box method="get" action=(PATH) {
            (hidden_query(uai))
            (from.field()) (to.field()) (ui::submit("Choisir ces personnes"))
        }
        @if let (Some(from), Some(to)) = (&from.chosen, &to.chosen) {
            form.stack.box method="post" action=(PATH) {
                (hidden(exchange, uai)) (ui::hidden("from", from.id.as_str())) (ui::hidden("to", to.id.as_str()))
                p { "Interdire à " strong { (from.name()) } " d’écrire à " strong { (to.name()) } "." }
                (Field::new("reason", "Motif").hint("Gardé dans l’historique, vu des administrateurs seulement."))
                (Field::new("until", "Jusqu’au (inclus)").kind("date").optional())
                (ui::submit("Interdire"))
            }
        }
    })
}

fn person(name: &'static str, id: &str) -> Result<PersonId, Problem> {
    id.parse().map_err(|_| Problem::invalid(name, "Choisissez une personne de l’établissement."))
}

/// Forbids, or says what is wrong; `until` is a day of the establishment (`YYYY-MM-DD`), included, or empty.
pub(super) fn forbid(
    exchange: &Exchange<'_>,
    from: &str,
    to: &str,
    reason: &str,
    until: &str,
    uai: &Uai,
) -> Result<(), Problem> {
    let (from, to) = (person("from", from)?, person("to", to)?);
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Problem::invalid("reason", format!("Donnez un motif, de {REASON} caractères au plus.")));
    }
    let until = if until.is_empty() { None } else { Some(end_of(exchange, until, uai)?) };
    if from == to {
        return Err(Problem::invalid("to", "Choisissez deux personnes différentes."));
    }
    let by = &exchange.viewer()?.person;
    if rights::forbid(&exchange.db(), by, &from, &to, reason, until, exchange.now())? {
        return Ok(());
    }
    Err(Problem::not_found())
}

fn end_of(exchange: &Exchange<'_>, day: &str, uai: &Uai) -> Result<i64, Problem> {
    match exchange.zone_of(uai.as_str())?.end_of_day(day) {
        Some(end) if end > exchange.now() => Ok(end),
        Some(_) => Err(Problem::invalid("until", "Ce jour est passé. Donnez un jour à venir, ou laissez vide.")),
        None => Err(Problem::invalid("until", "Donnez un jour sous la forme AAAA-MM-JJ, ou laissez vide.")),
    }
}

/// Lifts, or answers that there is nothing to lift.
pub(super) fn end(exchange: &Exchange<'_>, from: &str, to: &str) -> Result<(), Problem> {
    let (from, to) = (person("from", from)?, person("to", to)?);
    let by = &exchange.viewer()?.person;
    if rights::lift(&exchange.db(), by, &from, &to, exchange.now())? { Ok(()) } else { Err(Problem::not_found()) }
}

/// `POST /directory/admin/prohibitions`
pub(crate) fn add(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let form = exchange.form()?;
    forbid(exchange, form.get("from"), form.get("to"), form.get("reason"), form.get("until"), &uai)?;
    Ok(Response::see_other(&format!("{PATH}?uai={uai}")).success("L’interdiction est en vigueur."))
}

/// `POST /directory/admin/prohibitions/lift`
pub(crate) fn lift(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let form = exchange.form()?;
    end(exchange, form.get("from"), form.get("to"))?;
    Ok(Response::see_other(&format!("{PATH}?uai={uai}")).success("L’interdiction est levée."))
}
