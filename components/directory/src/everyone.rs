//! A message to all the results of a search (D-1): a page that says to whom, then the composer. The way there is a form that
//! is posted, since a thousand recipients do not fit in an address.

use maud::html;
use web::{Exchange, Problem, Response, ui};

use crate::ask::{PeopleParameters, failed, reader};
use crate::links;

/// Names shown; the others are counted.
const SHOWN: usize = 100;

/// `GET /directory/everyone`, with the parameters of the search.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    if !links::can_write(exchange) {
        return Err(Problem::not_found());
    }
    let asked = PeopleParameters::read(exchange)?;
    let query = asked.query(viewer)?;
    let limit = viewer.max_recipients;
    let people = people::all_people(&exchange.db(), &query, limit).map_err(failed)?.ok_or_else(|| too_many(limit))?;
    if people.is_empty() {
        return Err(Problem::refused(
            "nobody",
            "La recherche ne donne plus personne. Revenez à l’annuaire et recommencez.",
        ));
    }
    let back = links::address("/directory", &asked.pairs(&query.establishments));
    let body = html! {
        form method="post" action="/send-message/compose" {
            (ui::csrf(exchange))
            @for person in &people { (ui::hidden("found", &format!("to:person:{}", person.id))) }
            ul.columns {
                @for person in people.iter().take(SHOWN) { li { (person.name) " " small { (person.detail()) } } }
            }
            @if people.len() > SHOWN { p { "… et " (people.len() - SHOWN) " autres." } }
            div.toolbar {
                button.primary type="submit" name="action" value="add" { "Écrire à ces " (people.len()) " personnes" }
                a.button href=(back) { "Revenir à la recherche" }
            }
        }
    };
    web::Page::new(format!("Écrire à {} personnes", people.len()), body)
        .crumb("Annuaire", "/directory")
        .lead("Un brouillon sera préparé, avec ces destinataires.")
        .respond(exchange)
}

fn too_many(limit: u32) -> Problem {
    Problem::refused(
        "too-many-results",
        format!("La recherche donne plus de {limit} personnes, et un message ne va pas au-delà. Précisez-la, ou écrivez à un groupe."),
    )
    .with("allowed", limit)
}
