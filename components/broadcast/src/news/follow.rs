//! What became of a news, for the editors of its rubrique.

use announce::news;
use web::ui::{self, Column};
use web::{Exchange, Page, Problem, Profile, Response, html};

use super::edited;
use crate::refusal::problem;
use crate::when;

/// Readers named on the page; programs get more.
const NAMED: usize = 200;

/// `GET /broadcast/news/{id}/follow`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    let follow = news::follow(exchange.db(), &exchange.viewer()?.id, &news.id, exchange.now()).map_err(problem)?;
    let columns =
        [("Nom", ""), ("Profil", ""), ("A indiqué avoir lu", "")].map(|(label, class)| Column { label, class });
    let rows = follow
        .readers
        .iter()
        .take(NAMED)
        .map(|reader| {
            let profile = reader.profile.parse::<Profile>().map_or("", Profile::label);
            Ok(vec![html! { (reader.name) }, html! { (profile) }, html! { (when::long(exchange, reader.at)?) }])
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let body = html! {
        dl.facts {
            dt { "Public" } dd { (follow.audience) @if follow.audience > 1 { " personnes" } @else { " personne" } }
            dt { "Ont ouvert" } dd { (follow.seen) }
            @if news.acknowledge { dt { "Ont indiqué avoir lu" } dd { (follow.acknowledged) } }
        }
        div.toolbar {
            a.button href={ "/broadcast/rubriques/" (news.rubrique) "/message?news=" (news.id) } { "Envoyer un message à une population" }
        }
        @if let Some(poll) = &news.poll {
            h2 { "Sondage : " (poll.question) }
            ul {
                @for votes in &follow.votes {
                    li {
                        strong { (votes.choice) } " : " (votes.count)
                        @if !votes.names.is_empty() { br; small { (votes.names.join(", ")) } }
                    }
                }
            }
            @if !poll.named { p.hint { "Sondage anonyme : personne ne voit qui a répondu quoi." } }
        }
        @if news.acknowledge {
            h2 { "Lectures" }
            @if rows.is_empty() { (ui::empty("Personne encore", "Ceux qui indiquent avoir lu paraîtront ici.")) }
            @else { (ui::table("Lectures", &columns, &rows)) }
            @if follow.readers.len() > NAMED { p.hint { "Les " (NAMED) " dernières lectures." } }
        }
    };
    Page::new("Suivi de l’actualité", body)
        .crumb("Rubriques", "/broadcast")
        .crumb(&news.rubrique_name, &format!("/broadcast/rubriques/{}", news.rubrique))
        .crumb(&news.title, &format!("/broadcast/news/{}", news.id))
        .respond(exchange)
}
