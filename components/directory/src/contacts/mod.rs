//! One's own address book (D-4): groups of contacts who are people of the directory, or cards of people outside that are kept
//! for reference and never written to. Everything is asked with the viewer's id: what is another's answers 404.

pub(crate) mod add;
pub(crate) mod api;
pub(crate) mod card;
mod fields;
pub(crate) mod groups;
pub(crate) mod list;
pub(crate) mod transfer;
pub(crate) mod transfer_api;

use contacts::{Error, MAX_BOOKMARKS, MAX_CONTACTS, MAX_ENTRIES, MAX_GROUPS, MAX_NAME, MAX_RECIPIENTS};
use web::{Exchange, Problem, Response};

use crate::ask::failed;
use crate::links;

/// Where the address book is.
pub(crate) const BASE: &str = "/directory/contacts";

/// What the asker can do about it.
pub(crate) fn problem(error: Error) -> Problem {
    let full = |what: String| format!("{what} Supprimez-en, puis recommencez.");
    match error {
        Error::NotFound => Problem::not_found(),
        Error::Name => Problem::invalid("name", format!("Donnez un nom de 1 à {MAX_NAME} caractères.")),
        Error::NameTaken => Problem::conflict("name-taken", "Vous en avez déjà un de ce nom. Choisissez un autre nom."),
        Error::Card(fault) => Problem::invalid(fault.field, fault.reason),
        Error::TooMany(which) => match which.as_str() {
            "too-many-groups" => {
                Problem::refused("too-many-groups", full(format!("Un carnet a {MAX_GROUPS} groupes au plus.")))
            }
            "too-many-bookmarks" => {
                Problem::refused("too-many-bookmarks", full(format!("Vous pouvez garder {MAX_BOOKMARKS} favoris.")))
            }
            "too-many-entries" => Problem::refused(
                "too-many-entries",
                format!("Un favori réunit {MAX_ENTRIES} personnes et groupes au plus. Faites-en plusieurs."),
            ),
            _ => Problem::refused("too-many-contacts", full(format!("Un carnet a {MAX_CONTACTS} contacts au plus."))),
        },
        Error::Store(error) => error.into(),
        Error::People(error) => failed(error),
        Error::Json(error) => Problem::internal(format!("a kept card: {error}")),
    }
}

/// Back to a page after a form: what was done, or what stands in the way. What is not hers, and what is our fault, is a
/// problem of its own.
pub(crate) fn back(path: &str, done: Result<String, Problem>) -> Result<Response, Problem> {
    match done {
        Ok(text) => Ok(Response::see_other(path).success(&text)),
        Err(problem) if problem.status.is_server_error() || problem.code == "not-found" => Err(problem),
        Err(problem) => Ok(Response::see_other(path).warning(&problem.detail)),
    }
}

/// On to the composer with these recipients, "person:ID" or "group:ID", or back with why not.
pub(crate) fn write_to(exchange: &Exchange<'_>, to: &[String], here: &str) -> Result<Response, Problem> {
    if !links::can_write(exchange) {
        return Err(Problem::not_found());
    }
    match to.len() {
        0 => Ok(Response::see_other(here).warning("Il n’y a là personne à qui vous puissiez écrire dans l’ENT.")),
        1..=MAX_RECIPIENTS => {
            Ok(Response::see_other(&format!("/send-message/compose?to={}", to.join("&to="))))
        }
        _ => Ok(Response::see_other(here).warning(&format!(
            "C’est trop pour un seul message ({MAX_RECIPIENTS} au plus). Cochez une partie de la liste, puis recommencez pour la suite."
        ))),
    }
}

/// "1 contact", "3 contacts".
pub(crate) fn count(number: usize, one: &str) -> String {
    if number > 1 { format!("{number} {one}s") } else { format!("{number} {one}") }
}
