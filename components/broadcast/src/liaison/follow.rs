//! What became of a notice: pupil by pupil, on screen and on paper.

use announce::liaison::{self, Follow, Pupil};
use maud::{Markup, PreEscaped, html};
use web::ui::{self, Column, Tone};
use web::{Exchange, Page, Problem, Response};

use super::HERE;
use crate::refusal::{problem, told, unsent};
use crate::when;

/// Pupils shown one by one; more are shown class by class, so that the page stays small.
const AT_ONCE: usize = 60;
/// Pupils named above the rest.
const NAMED: usize = 60;

pub(super) fn asked(exchange: &Exchange<'_>) -> Result<Follow, Problem> {
    liaison::follow(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(problem)
}

/// `GET /broadcast/liaison/{id}/follow`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let follow = asked(exchange)?;
    let here = format!("{HERE}/{}", follow.notice.id);
    let missing: Vec<&Pupil> = follow.pupils.iter().filter(|pupil| pupil.unreachable()).collect();
    let body = html! {
        @if let Some(code) = &follow.notify_problem { (ui::notice(Tone::Attention, unsent(code))) }
        @if !missing.is_empty() { (unreachable(&missing)) }
        p {
            strong { (follow.notice.confirmed) " sur " (follow.notice.pupils) }
            @if follow.notice.pupils > 1 { " élèves confirmés." } @else { " élève confirmé." }
            @if let Some(at) = follow.notified_at { " Avis envoyé le " (when::long(exchange, at)?) "." }
            @for (at, alone) in &follow.reminders {
                " Rappel " @if *alone { "automatique " } "le " (when::long(exchange, *at)?) "."
            }
            @if let (Some(days), true) = (follow.remind_days, follow.reminders.iter().all(|(_, alone)| !alone)) {
                " Un rappel partira seul " (days) @if days > 1 { " jours" } @else { " jour" } " après l’envoi."
            }
        }
        @if follow.author && follow.notice.confirmed < follow.notice.pupils {
            form method="post" action={ (here) "/remind" } {
                (ui::csrf(exchange))
                (ui::confirm("Rappeler", "Un message partira aux responsables légaux des élèves dont la lecture n’est pas confirmée, et à eux seuls.", "Envoyer le rappel"))
            }
        }
        (confirmations(exchange, &follow, &here)?)
        details.box { summary { "Texte de l’avis" } div.prose { (ui::verbatim(&PreEscaped(follow.html.clone()))) } }
    };
    Page::new(follow.notice.title.as_str(), body)
        .crumb("Rubriques", "/broadcast")
        .crumb("Carnet de liaison", HERE)
        .lead(format!("{}, le {}", follow.notice.author, when::long(exchange, follow.notice.at)?))
        .actions(html! {
            a.button href={ (here) "/print" } { "Version à imprimer" }
            a.button href={ "/api/v1/broadcast/liaison/" (follow.notice.id) "/follow.csv" } download { "Exporter en CSV" }
        })
        .wide()
        .respond(exchange)
}

fn unreachable(pupils: &[&Pupil]) -> Markup {
    html! {
        div.notice.attention {
            strong { "À prévenir autrement" }
            p { "Aucun responsable légal de ces élèves ne peut être joint par message. Remettez-leur l’avis sur papier." }
            ul { @for pupil in pupils.iter().take(NAMED) { li { (pupil.name) @if !pupil.class.is_empty() { ", " (pupil.class) } } } }
            @if pupils.len() > NAMED { p { "Et " (pupils.len() - NAMED) " autres : voyez la version à imprimer." } }
        }
    }
}

/// Pupil by pupil; where there are many, class by class first.
fn confirmations(exchange: &Exchange<'_>, follow: &Follow, here: &str) -> Result<Markup, Problem> {
    let classes = by_class(&follow.pupils);
    let asked = exchange.query_value("class");
    if classes.len() < 2 || follow.pupils.len() <= AT_ONCE {
        return table(exchange, &follow.pupils.iter().collect::<Vec<_>>());
    }
    let named = |class: &str| if class.is_empty() { "Sans classe".to_owned() } else { class.to_owned() };
    if let (true, Some((class, pupils))) =
        (exchange.path_and_query().contains("class="), classes.iter().find(|(class, _)| *class == asked))
    {
        let table = table(exchange, pupils)?;
        return Ok(html! {
            h2 #classe { (named(class)) }
            p { a href={ (here) "/follow" } { "Toutes les classes" } }
            (table)
        });
    }
    let columns = [("Classe", ""), ("Confirmés", "num")].map(|(label, class)| Column { label, class });
    let rows: Vec<Vec<Markup>> = classes
        .iter()
        .map(|(class, pupils)| {
            let confirmed = pupils.iter().filter(|pupil| pupil.confirmed()).count();
            vec![
                html! { a href={ (here) "/follow?class=" (web::url_escape(class)) } { (named(class)) } },
                html! { (confirmed) " sur " (pupils.len()) },
            ]
        })
        .collect();
    Ok(ui::table("Confirmations par classe", &columns, &rows))
}

/// Pupils of one class after the other, as the notice has them.
fn by_class(pupils: &[Pupil]) -> Vec<(&str, Vec<&Pupil>)> {
    let mut classes: Vec<(&str, Vec<&Pupil>)> = Vec::new();
    for pupil in pupils {
        match classes.last_mut() {
            Some((class, pupils)) if *class == pupil.class => pupils.push(pupil),
            _ => classes.push((&pupil.class, vec![pupil])),
        }
    }
    classes
}

fn table(exchange: &Exchange<'_>, pupils: &[&Pupil]) -> Result<Markup, Problem> {
    let columns = [("Classe", "min"), ("Élève", ""), ("Lecture", "min"), ("Par", "wide")]
        .map(|(label, class)| Column { label, class });
    let rows = pupils
        .iter()
        .map(|pupil| {
            Ok(vec![
                html! { (pupil.class) },
                html! { (pupil.name) },
                html! { @if pupil.confirmed() { (ui::badge(Tone::Good, "Confirmée")) } @else { (ui::badge(Tone::Attention, "Non confirmée")) } },
                by(exchange, pupil)?,
            ])
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    Ok(ui::table("Confirmations", &columns, &rows))
}

/// Who confirmed and when; the others who were asked.
fn by(exchange: &Exchange<'_>, pupil: &Pupil) -> Result<Markup, Problem> {
    Ok(html! {
        @for parent in pupil.parents.iter().filter(|parent| parent.confirmed_at.is_some()) {
            p { (parent.name) @if let Some(at) = parent.confirmed_at { ", " (when::long(exchange, at)?) } }
        }
        @if !pupil.confirmed() {
            @for parent in &pupil.parents {
                p.soft { (parent.name) @if !parent.reachable { " (non joint)" } }
            }
            @if pupil.parents.is_empty() { p.soft { "Aucun responsable légal à joindre" } }
        }
    })
}

/// `GET /broadcast/liaison/{id}/print`: by class, with room to tick by hand.
pub(crate) fn print(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let follow = asked(exchange)?;
    let classes = by_class(&follow.pupils);
    let columns = [("Élève", ""), ("Confirmée par", "wide"), ("Vu sur papier", "min")]
        .map(|(label, class)| Column { label, class });
    let body = html! {
        @for (class, pupils) in &classes {
            h2 { @if class.is_empty() { "Sans classe" } @else { (class) } " : " (pupils.iter().filter(|pupil| pupil.confirmed()).count()) " sur " (pupils.len()) }
            @let rows = pupils
                .iter()
                .map(|pupil| Ok(vec![html! { (pupil.name) }, by(exchange, pupil)?, html! { @if !pupil.confirmed() { "☐" } }]))
                .collect::<Result<Vec<_>, Problem>>()?;
            (ui::table(class, &columns, &rows))
        }
    };
    Page::new(follow.notice.title.as_str(), body)
        .crumb("Carnet de liaison", HERE)
        .crumb("Suivi", &format!("{HERE}/{}/follow", follow.notice.id))
        .lead(format!(
            "{}, le {}. Confirmations au {}.",
            follow.notice.author,
            when::long(exchange, follow.notice.at)?,
            when::long(exchange, exchange.now())?
        ))
        .respond(exchange)
}

/// `POST /broadcast/liaison/{id}/remind`
pub(crate) fn remind(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (id, reminder) = (exchange.param("id"), reminded(exchange)?);
    let outcome = liaison::tell_reminder(counter::desk(exchange), exchange.public_url(), &reminder);
    Ok(told(&format!("{HERE}/{}/follow", web::url_escape(id)), "Le rappel est enregistré.", &outcome))
}

/// Decides the reminder; gives its id.
pub(super) fn reminded(exchange: &Exchange<'_>) -> Result<String, Problem> {
    let reminder = web::random::ulid(exchange.now())?.to_string();
    let author = &exchange.viewer()?.id;
    liaison::remind(exchange.db(), author, exchange.param("id"), &reminder, exchange.now()).map_err(problem)?;
    Ok(reminder)
}
