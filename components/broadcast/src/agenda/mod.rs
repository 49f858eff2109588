//! The agenda of rubriques (B-2): events as lists and months, their pages, answers, comments, resources, private links. All
//! decisions are those of the crate `agenda`; here they get their words and their forms.

mod act;
mod answers;
pub(crate) mod api;
mod api_more;
mod edit;
mod feeds;
mod form;
mod list;
mod month;
mod resources;
mod sheet;

use ::agenda::{Error, Held, Refusal, Told};
use web::{Exchange, Problem, Response};

pub(crate) use act::{answer, cancel, comment, decide, discard, publish};
pub(crate) use answers::{csv as answers_csv, page as answers_page};
pub(crate) use edit::{blank, change, edit, make};
pub(crate) use feeds::{follow, list as feeds_page, open as open_feed, revoke as revoke_feed};
pub(crate) use list::{mine, of_rubrique};
pub(crate) use resources::{
    change as change_resource, list as resources_page, make as make_resource, retire as retire_resource,
};
pub(crate) use sheet::{ics, page as event_page};

pub(crate) const BASE: &str = "/broadcast/agenda";

/// Codes of the problems of events, for the OpenAPI document.
pub(crate) const CODES: &[&str] =
    &["not-found", "invalid", "population-refused", "resource-refused", "booked", "wrong-state"];
/// Codes of the problems of answers and comments.
pub(crate) const SAID: &[&str] = &["not-found", "invalid", "wrong-state", "event-begun", "not-asked"];
/// Codes of the problems of resources.
pub(crate) const LENT: &[&str] = &["not-found", "invalid", "name-taken"];

/// A refusal in the words of the person who asks.
pub(crate) fn failed(exchange: &Exchange<'_>, error: Error) -> Problem {
    let refusal = match error {
        Error::Refused(refusal) => refusal,
        Error::Store(error) => return error.into(),
        Error::Unknown(what) => return Problem::internal(what),
    };
    match refusal {
        Refusal::NotFound => Problem::not_found(),
        Refusal::Field(field) => Problem::invalid(field, field_words(field)),
        Refusal::Dates => Problem::invalid(
            "ends",
            "La fin doit venir après le début, un an plus tard au plus, et les deux exister : la nuit du passage à l’heure d’été, une heure manque.",
        ),
        Refusal::Population => Problem::refused(
            "population-refused",
            "Vous ne pouvez pas prévenir cette population : elle n’est plus de la rubrique, ou vos droits ne le permettent pas. Choisissez-en une autre.",
        ),
        Refusal::Resource => Problem::refused(
            "resource-refused",
            "Une des ressources n’est pas de l’établissement, ou n’est plus prêtée. Retirez-la ou choisissez-en une autre.",
        ),
        Refusal::Booked(held) => booked(exchange, &held),
        Refusal::State => Problem::conflict(
            "wrong-state",
            "L’événement n’est plus dans l’état où vous l’avez vu : il a été publié, annulé ou supprimé. Rouvrez sa fiche.",
        ),
        Refusal::Begun => Problem::conflict(
            "event-begun",
            "L’événement a commencé : on ne peut plus répondre. Adressez-vous à son organisateur.",
        ),
        Refusal::NotAsked => Problem::conflict(
            "not-asked",
            "Cet événement ne demande pas de réponse, ou n’est pas ouvert aux commentaires.",
        ),
        Refusal::NameTaken => {
            Problem::refused("name-taken", "Une autre ressource de l’établissement porte ce nom. Donnez-en un autre.")
        }
    }
}

fn field_words(field: &str) -> &'static str {
    match field {
        "title" => "Donnez un titre, de 150 caractères au plus, en une ligne.",
        "place" => "Le lieu doit tenir en une ligne de 200 caractères au plus.",
        "summary" => "Le résumé doit tenir en 4 000 caractères.",
        "resources" => "Choisissez 20 ressources au plus.",
        "starts" | "ends" => {
            "Donnez un jour (AAAA-MM-JJ), et une heure (HH:MM) si l’événement n’est pas sur la journée."
        }
        "publish_at" => "Donnez le jour et l’heure de la publication, par exemple 2026-10-01T08:00.",
        "answer" => "Répondez par oui ou par non.",
        "comment" => "Le commentaire doit tenir en 1 000 caractères.",
        "text" => "Écrivez un commentaire, de 2 000 caractères au plus.",
        "name" => "Donnez un nom, de 100 caractères au plus.",
        "description" => "La description doit tenir en 500 caractères.",
        _ => "Cette valeur ne convient pas.",
    }
}

fn booked(exchange: &Exchange<'_>, held: &[Held]) -> Problem {
    let zone = exchange.visitor().map_or_else(|| clock::Zone::named(""), web::Viewer::zone);
    let words: Vec<String> = held
        .iter()
        .map(|held| {
            let by =
                held.by.as_ref().map_or_else(|| "un autre événement".to_owned(), |(_, title)| format!("« {title} »"));
            format!("{} est prise par {by}, du {} au {}", held.resource, zone.long(held.from), zone.long(held.until))
        })
        .collect();
    let list: Vec<serde_json::Value> = held
        .iter()
        .map(|held| {
            let (event, title) = held.by.clone().unzip();
            serde_json::json!({ "resource": held.resource, "event": event, "title": title, "from": held.from, "until": held.until })
        })
        .collect();
    let detail = if words.is_empty() {
        "Une des ressources vient d’être réservée.".to_owned()
    } else {
        format!("Déjà réservé : {}.", words.join(" ; "))
    };
    Problem::conflict(
        "booked",
        format!("{detail} Choisissez une autre ressource ou d’autres dates ; rien n’a été enregistré."),
    )
    .with("held", list)
}

/// Sends the notification that is owed, and says what became of it after `done`.
fn told(exchange: &Exchange<'_>, id: &str, to: &str, done: &str) -> Response {
    let to = Response::see_other(to);
    match ::agenda::tell(exchange.db(), exchange.now(), id) {
        Ok(Told::Nothing) => to.success(done),
        Ok(Told::Sent(receipt)) => {
            let unreachable = receipt.unreachable.len();
            let more = match unreachable {
                0 => String::new(),
                1 => " 1 n’a ni messagerie ni adresse de redirection.".to_owned(),
                some => format!(" {some} n’ont ni messagerie ni adresse de redirection."),
            };
            to.success(&format!("{done} Personnes prévenues : {}.{more}", receipt.recipients))
        }
        Ok(Told::Refused(refused)) => {
            to.warning(&format!("{done} Mais personne n’a été prévenu. {}", counter::problem(refused).detail))
        }
        // It is kept with the event: the clock sends it.
        Err(_) => to.warning(&format!("{done} Le message qui l’annonce partira dans quelques minutes.")),
    }
}
