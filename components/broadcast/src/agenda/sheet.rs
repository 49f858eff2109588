//! The page of an event: what it is, one's own answer, comments, and what its editors can do with it.

use ::agenda::{CommentState, Event, FollowUp, State, spoken};
use calendar::Participation;
use maud::{Markup, html};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response};

use super::edit::one;
use super::list::state_badge;
use super::{BASE, failed};

/// Comments on one page.
const COMMENTS: u32 = 200;

/// `GET /broadcast/agenda/events/{id}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let event = one(exchange, exchange.param("id"))?;
    let here = format!("{BASE}/events/{}", event.id);
    let body = html! {
        (warnings(exchange, &event)?)
        section.box aria-label="L’événement" {
            dl.facts {
                dt { "Quand" } dd { (spoken(event.when)) }
                @if !event.place.is_empty() { dt { "Lieu" } dd { (event.place) } }
                @if !event.resources.is_empty() {
                    dt { "Ressources" } dd { (event.resources.iter().map(|r| r.name.as_str()).collect::<Vec<_>>().join(", ")) }
                }
                dt { "Organisé par" } dd { (event.organizer) }
            }
            @if !event.summary.is_empty() { div.prose { (written(&event.summary)) } }
        }
        (own_answer(exchange, &event, &here))
        (follow_up(exchange, &event, &here)?)
        @if event.rubrique.edits { (editing(exchange, &event, &here)) }
    };
    Page::new(event.title.as_str(), body)
        .crumb("Mon agenda", BASE)
        .crumb(&event.rubrique.name, &format!("/broadcast/rubriques/{}/agenda", event.rubrique.id))
        .actions(html! {
            (state_badge(&event))
            @if event.rubrique.edits && event.state != State::Cancelled { a.button href={ (here) "/edit" } { "Modifier" } }
            @if event.rubrique.edits && event.confirmation && event.state != State::Draft { a.button href={ (here) "/answers" } { "Réponses" } }
            @if event.state != State::Draft { a.button href={ (here) "/event.ics" } { "Fichier .ics" } }
        })
        .respond(exchange)
}

/// `GET /broadcast/agenda/events/{id}/event.ics`
pub(crate) fn ics(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let event = one(exchange, exchange.param("id"))?;
    let name = format!("{}.ics", event.title);
    Ok(Response::download(&name, "text/calendar; charset=utf-8", ::agenda::calendar_of_one(&event)))
}

/// What people wrote, line by line, as they wrote it.
fn written(text: &str) -> Markup {
    ui::verbatim(&html! { @for line in text.lines() { p { (line) } } })
}

fn warnings(exchange: &Exchange<'_>, event: &Event) -> Result<Markup, Problem> {
    let zone = exchange.viewer()?.zone();
    Ok(html! {
        @if event.state == State::Cancelled { (ui::notice(Tone::Bad, html! { p { "Cet événement est annulé." } })) }
        @if let Some(at) = event.publish_at { (ui::notice(Tone::Attention, html! { p { "Il sera publié " (zone.long(at)) "." } })) }
        @if event.rubrique.edits && event.untold.is_some() {
            (ui::notice(Tone::Attention, html! { p { "Personne n’a pu être prévenu par message : vérifiez la population choisie et vos droits, puis enregistrez de nouveau l’événement." } }))
        }
    })
}

/// Accept or decline, until it begins (S0).
fn own_answer(exchange: &Exchange<'_>, event: &Event, here: &str) -> Markup {
    if !event.confirmation || event.state != State::Published {
        return html! {};
    }
    let open = exchange.now() < event.stored.starts_at;
    let given = event.answer.as_ref();
    let comment = given.map(|answer| answer.comment.as_str()).unwrap_or_default();
    let said = |participation| given.is_some_and(|answer| answer.participation == participation);
    html! {
        section.box aria-labelledby="reponse" {
            h2 #reponse { "Ma réponse" }
            @match given.map(|answer| answer.participation) {
                Some(Participation::Accepted) => p { "Vous avez accepté." },
                Some(Participation::Declined) => p { "Vous avez décliné." },
                Some(_) => p { "Vous avez répondu « peut-être »." },
                None => p { "Vous n’avez pas répondu." },
            }
            @if open {
                form.stack method="post" action={ (here) "/answer" } {
                    (ui::csrf(exchange))
                    fieldset {
                        legend { "Serez-vous présent ?" }
                        label.check { input type="radio" name="answer" value="accepted" checked[said(Participation::Accepted)] required; span { "J’accepte" } }
                        label.check { input type="radio" name="answer" value="declined" checked[said(Participation::Declined)] required; span { "Je décline" } }
                    }
                    (ui::textarea("comment", "Commentaire (facultatif)", comment, 2, None))
                    (ui::submit(if given.is_some() { "Modifier ma réponse" } else { "Répondre" }))
                }
            } @else {
                (written(comment))
                p.soft { "L’événement a commencé : on ne peut plus répondre." }
            }
        }
    }
}

fn follow_up(exchange: &Exchange<'_>, event: &Event, here: &str) -> Result<Markup, Problem> {
    if event.follow_up == FollowUp::Off || event.state == State::Draft {
        return Ok(html! {});
    }
    let viewer = exchange.viewer()?;
    let comments = ::agenda::comments(exchange.db(), &viewer.id, &event.id, None, COMMENTS)
        .map_err(|error| failed(exchange, error))?;
    let zone = viewer.zone();
    Ok(html! {
        section.box aria-labelledby="suivi" {
            h2 #suivi { "Suivi" }
            @if comments.is_empty() { p.soft { "Pas encore de commentaire." } }
            @for comment in &comments {
                article.comment id={ "c-" (comment.id) } {
                    p { strong { (comment.author) } " " (ui::time("", &zone.short(comment.at, exchange.now())))
                        @if comment.state == CommentState::Pending { " " (ui::badge(Tone::Attention, "En attente de validation")) } }
                    (written(&comment.text))
                    @if event.rubrique.edits {
                        form.toolbar method="post" action={ (here) "/comments/decide" } {
                            (ui::csrf(exchange)) (ui::hidden("comment", &comment.id))
                            @if comment.state == CommentState::Pending { button type="submit" name="decision" value="show" { "Publier" } }
                            button.danger type="submit" name="decision" value="remove" { "Retirer" }
                        }
                    }
                }
            }
            @if event.state == State::Published {
                form.stack method="post" action={ (here) "/comments" } {
                    (ui::csrf(exchange)) (ui::hidden("key", &web::random::token()?))
                    (ui::textarea("text", "Votre commentaire", "", 3, None))
                    @if event.follow_up == FollowUp::Moderated && !event.rubrique.edits { p.hint { "Il paraîtra une fois validé." } }
                    (ui::submit("Commenter"))
                }
            }
        }
    })
}

fn editing(exchange: &Exchange<'_>, event: &Event, here: &str) -> Markup {
    html! {
        section.box aria-labelledby="gestion" {
            h2 #gestion { "Gestion" }
            @match event.state {
                State::Draft => div.toolbar {
                    form method="post" action={ (here) "/publish" } { (ui::csrf(exchange)) button.primary type="submit" { "Publier maintenant" } }
                    form method="post" action={ (here) "/discard" } { (ui::csrf(exchange)) (ui::confirm("Supprimer le brouillon", "Le brouillon sera supprimé.", "Supprimer")) }
                },
                State::Published => form method="post" action={ (here) "/cancel" } {
                    (ui::csrf(exchange))
                    (ui::confirm("Annuler l’événement", "L’événement restera visible, marqué comme annulé ; ses ressources seront libérées, et les personnes prévenues le sauront.", "Annuler l’événement"))
                },
                State::Cancelled => p { "Annulé. Ses ressources sont libres." },
            }
        }
    }
}
