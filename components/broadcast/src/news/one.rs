//! One news, and what its readers do with it.

use announce::news::{self, News, Poll, State};
use maud::{Markup, PreEscaped, html};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response};

use super::asked;
use crate::refusal::{problem, unsent};
use crate::when;

/// `GET /broadcast/news/{id}`: opening it is reading it.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = asked(exchange)?;
    let here = format!("/broadcast/news/{}", news.id);
    news::see(exchange.db(), &exchange.viewer()?.id, &news.id, exchange.now()).map_err(problem)?;
    let body = html! {
        @if news.editor { (standing(exchange, &news)?) }
        div.prose.box { (ui::verbatim(&PreEscaped(news.html.clone()))) }
        @if news.state == State::Published {
            @if let Some(poll) = &news.poll { (vote_form(exchange, &news, poll, &here)) }
            @if news.acknowledge { (acknowledge_form(exchange, &news, &here)?) }
        }
        @if news.comments { (comments(exchange, &news, &here)?) }
    };
    let lead = match news.publish_at {
        Some(at) => format!("{}, par {}", when::long(exchange, at)?, news.author),
        None => format!("Par {}", news.author),
    };
    let page = Page::new(news.title.as_str(), body)
        .crumb("Rubriques", "/broadcast")
        .crumb(&news.rubrique_name, &format!("/broadcast/rubriques/{}", news.rubrique))
        .crumb("Actualités", &format!("/broadcast/rubriques/{}/news", news.rubrique))
        .lead(lead);
    let actions = html! {
        a.button href={ (here) "/edit" } { "Modifier" }
        a.button href={ (here) "/follow" } { "Suivi" }
        a.button href={ "/broadcast/rubriques/" (news.rubrique) "/message?news=" (news.id) } { "Envoyer un message à une population" }
    };
    if news.editor { page.actions(actions).respond(exchange) } else { page.respond(exchange) }
}

/// What editors have to know: whether it is out, until when, and what became of the message.
fn standing(exchange: &Exchange<'_>, news: &News) -> Result<Markup, Problem> {
    let until = news.expires_at.map(|at| when::long(exchange, at)).transpose()?;
    Ok(html! {
        p {
            (ui::badge(if news.state == State::Published { Tone::Good } else { Tone::Neutral }, news.state.label()))
            @if let Some(until) = until { " Expire le " (until) "." }
            @if let Some(at) = news.notified_at { " Message envoyé le " (when::long(exchange, at)?) "." }
            @else if news.notify && news.state == State::Scheduled { " Un message partira à la publication." }
        }
        @if let Some(code) = &news.notify_problem { (ui::notice(Tone::Attention, unsent(code))) }
    })
}

fn acknowledge_form(exchange: &Exchange<'_>, news: &News, here: &str) -> Result<Markup, Problem> {
    Ok(match news.acknowledged_at {
        Some(at) => ui::notice(
            Tone::Good,
            format!("Vous avez indiqué avoir lu cette actualité le {}.", when::long(exchange, at)?),
        ),
        None => html! {
            form method="post" action={ (here) "/acknowledge" } {
                (ui::csrf(exchange))
                p { "L’auteur vous demande d’indiquer que vous avez lu cette actualité ; il verra votre nom." }
                div.toolbar { (ui::submit("J’ai lu")) }
            }
        },
    })
}

fn vote_form(exchange: &Exchange<'_>, news: &News, poll: &Poll, here: &str) -> Markup {
    let total: i64 = news.results.iter().flatten().sum();
    html! {
        section.box aria-labelledby="sondage" {
            h2 #sondage { "Sondage" }
            form.stack method="post" action={ (here) "/vote" } {
                (ui::csrf(exchange))
                fieldset {
                    legend { (poll.question) }
                    @for (place, choice) in (0_i64..).zip(&poll.choices) {
                        label.check {
                            input type="radio" name="choice" value=(place) required checked[news.vote == Some(place)];
                            span {
                                (choice)
                                @if let Some(count) = news.results.as_ref().and_then(|counts| counts.get(usize::try_from(place).unwrap_or(0))) {
                                    " " small { (count) " sur " (total) }
                                }
                            }
                        }
                    }
                }
                p.hint {
                    @if poll.named { "Sondage nominatif : les éditeurs de la rubrique verront votre nom avec votre réponse." }
                    @else { "Sondage anonyme : les éditeurs de la rubrique voient combien ont choisi chaque réponse, jamais qui." }
                    " Vous pouvez changer de réponse tant que l’actualité est en ligne."
                    @if poll.results_shown && news.vote.is_none() { " Les résultats vous seront montrés une fois que vous aurez répondu." }
                }
                (ui::submit(if news.vote.is_some() { "Changer ma réponse" } else { "Répondre" }))
            }
        }
    }
}

fn comments(exchange: &Exchange<'_>, news: &News, here: &str) -> Result<Markup, Problem> {
    let comments = news::comments(exchange.db(), &exchange.viewer()?.id, &news.id, exchange.now()).map_err(problem)?;
    Ok(html! {
        section #commentaires aria-labelledby="commentaires-titre" {
            h2 #commentaires-titre { "Commentaires (" (comments.len()) ")" }
            @for comment in &comments {
                article.box {
                    p { strong { (comment.author) } " " small { (when::long(exchange, comment.at)?) } }
                    @for line in comment.body.lines() { p { (ui::verbatim(&html! { (line) })) } }
                    @if comment.deletable {
                        form method="post" action={ (here) "/comments/" (comment.id) "/delete" } {
                            (ui::csrf(exchange))
                            (ui::confirm("Supprimer", "Ce commentaire ne sera plus montré à personne.", "Supprimer le commentaire"))
                        }
                    }
                }
            }
            @if news.state == State::Published {
                form.stack method="post" action={ (here) "/comments" } {
                    (ui::csrf(exchange))
                    (ui::textarea("comment", "Votre commentaire, visible de tous les lecteurs de l’actualité", "", 4, None))
                    (ui::submit("Publier le commentaire"))
                }
            }
        }
    })
}

/// `POST /broadcast/news/{id}/acknowledge`
pub(crate) fn acknowledge(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = exchange.param("id");
    news::acknowledge(exchange.db(), &exchange.viewer()?.id, id, exchange.now()).map_err(problem)?;
    Ok(back(id, "").success("C’est noté : vous avez lu cette actualité."))
}

/// `POST /broadcast/news/{id}/vote`
pub(crate) fn vote(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = asked(exchange)?;
    let choice = exchange.form()?.get("choice").parse().unwrap_or(-1);
    news::vote(exchange.db(), &exchange.viewer()?.id, &news.id, choice, exchange.now()).map_err(
        |error| match error {
            announce::Error::NotFound => Problem::invalid("choice", "Choisissez une des réponses proposées."),
            other => problem(other),
        },
    )?;
    Ok(back(&news.id, "#sondage").success("Votre réponse est enregistrée."))
}

/// `POST /broadcast/news/{id}/comments`
pub(crate) fn comment(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (id, text) = (exchange.param("id"), exchange.form()?.raw("comment"));
    let comment = web::random::ulid(exchange.now())?.to_string();
    news::comment(exchange.db(), &exchange.viewer()?.id, id, &comment, text, exchange.now()).map_err(problem)?;
    Ok(back(id, "#commentaires").success("Votre commentaire est publié."))
}

/// `POST /broadcast/news/{id}/comments/{comment}/delete`
pub(crate) fn delete_comment(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (id, comment) = (exchange.param("id"), exchange.param("comment"));
    news::delete_comment(exchange.db(), &exchange.viewer()?.id, id, comment, exchange.now()).map_err(problem)?;
    Ok(back(id, "#commentaires").success("Le commentaire est supprimé."))
}

fn back(id: &str, anchor: &str) -> Response {
    Response::see_other(&format!("/broadcast/news/{}{anchor}", web::url_escape(id)))
}
