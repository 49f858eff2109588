//! Ad hoc groups as their keepers make, change and fill them (D-3). The logic is in `groups`; a group that is not the viewer's
//! to change is nothing she may know of here.

pub(crate) mod api;
mod form;
pub(crate) mod members;
pub(crate) mod pages;

use groups::{Error, Refusal};
use people::GroupId;
use web::{Exchange, Problem, Role, Viewer};

/// Where the pages are.
const BASE: &str = "/directory/my-groups";

/// Codes of the refusals, for the document.
pub(crate) const CODES: &[&str] = &[
    "invalid",
    "forbidden",
    "not-found",
    "group-managers",
    "group-establishment",
    "out-of-reach",
    "too-many",
    "manager-stays",
];

/// Who asks, if she may keep groups: the role, or an administration.
fn keeper<'a>(exchange: &'a Exchange<'_>) -> Result<&'a Viewer, Problem> {
    let viewer = exchange.viewer()?;
    if viewer.has(Role::DirectoryManager) || viewer.is_local_admin() {
        return Ok(viewer);
    }
    Err(Problem::forbidden(
        "Les groupes ad hoc sont faits par les gestionnaires de l’annuaire. Adressez-vous à un enseignant ou à l’administrateur de l’établissement.",
    ))
}

/// The group in the path.
fn asked(exchange: &Exchange<'_>) -> Result<GroupId, Problem> {
    exchange.param("id").parse().map_err(|_| Problem::not_found())
}

/// Two new ids: of a group, and of the group of its managers.
fn new_ids(exchange: &Exchange<'_>) -> Result<[GroupId; 2], Problem> {
    let id = || {
        web::random::ulid(exchange.now())?
            .to_string()
            .parse::<GroupId>()
            .map_err(|error| Problem::internal(error.to_string()))
    };
    Ok([id()?, id()?])
}

/// What went wrong, for people and programs.
fn failed(error: Error) -> Problem {
    let refusal = match error {
        Error::Refused(refusal) => refusal,
        Error::Store(error) => return error.into(),
        other => return Problem::internal(other.to_string()),
    };
    match refusal {
        Refusal::Name => Problem::invalid("name", "Donnez un nom de 1 à 200 caractères."),
        Refusal::Description => {
            Problem::invalid("description", "La description a plus de 2 000 caractères : raccourcissez-la.")
        }
        Refusal::Managers => Problem::refused(
            "group-managers",
            "Un groupe a de 1 à 20 gestionnaires. Choisissez-les parmi les gestionnaires de l’annuaire à qui vous pouvez écrire.",
        ),
        Refusal::Establishment => Problem::refused(
            "group-establishment",
            "Rattachez le groupe à votre établissement ou à l’un de ceux que vous administrez.",
        ),
        Refusal::Role => Problem::forbidden("Votre compte ne permet pas de faire des groupes."),
        Refusal::Unknown => Problem::not_found(),
        Refusal::OutOfReach(people) => Problem::refused(
            "out-of-reach",
            "Vous ne pouvez pas écrire à toutes ces personnes : personne n’a été ajouté. Choisissez-les dans la liste.",
        )
        .with("people", people),
        Refusal::TooMany => {
            Problem::refused("too-many", "Au plus 1 000 personnes à la fois. Faites-le en plusieurs fois.")
        }
        Refusal::Manager => Problem::refused(
            "manager-stays",
            "Un gestionnaire reste membre de son groupe. Retirez-le d’abord des gestionnaires.",
        ),
    }
}
