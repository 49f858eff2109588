//! Imports by local administrators: give files, look at what they would do, apply step by step. An administrator imports
//! for the establishments she administers and sees her own imports only; another's answers 404, and so does one of an
//! establishment that she administers no more.

pub(crate) mod acts;
pub(crate) mod api;
mod given;
pub(crate) mod list;
pub(crate) mod one;

use provisioning::{Error, Import, Refusal};
use web::{Exchange, Problem};

/// Where the pages are.
const PATH: &str = "/directory/import";
/// People whom the directory follows in one step: some hundred milliseconds.
const STEP: u32 = 400;

/// The import of the path's `{id}`, if it is the viewer's own.
fn mine(exchange: &Exchange<'_>) -> Result<Import, Problem> {
    let viewer = exchange.viewer()?;
    let import = provisioning::load(exchange.db(), exchange.param("id")).map_err(refused)?;
    import
        .filter(|import| import.person.as_deref() == Some(viewer.id.as_str()) && import.within(&viewer.administers))
        .ok_or_else(Problem::not_found)
}

/// What the library refuses, in words that say what to do.
fn refused(error: Error) -> Problem {
    match error {
        Error::Store(error) => error.into(),
        Error::Refused(Refusal::Empty) => Problem::refused(
            "nothing-usable",
            "Rien dans ces fichiers ne peut être repris : voyez pourquoi dans la liste de ce qui a été laissé de côté, corrigez, puis recommencez.",
        ),
        Error::Refused(Refusal::Unread(name)) => Problem::conflict(
            "unread-file",
            format!(
                "Le fichier « {name} » n’a pas été lu jusqu’au bout. Envoyez-le à nouveau sous le même nom, ou annulez l’import."
            ),
        ),
        Error::Refused(Refusal::Exodus(exodus)) => {
            let told: Vec<String> =
                exodus.iter().map(|one| format!("{} sur {} ({})", one.leaving, one.people, one.uai)).collect();
            Problem::conflict(
                "departures",
                format!(
                    "Plus d’une personne sur cinq partirait : {}. Si c’est bien ce que vous voulez, cochez la case qui le confirme ; sinon, vérifiez que tous les fichiers y sont.",
                    told.join(", ")
                ),
            )
        }
        Error::Refused(Refusal::Stale) => Problem::conflict(
            "stale-preview",
            "Un autre import a été appliqué depuis cet aperçu. Refaites l’aperçu, puis appliquez.",
        ),
        Error::Refused(Refusal::State) => {
            Problem::conflict("wrong-state", "Cet import n’en est plus là : rechargez la page pour voir où il en est.")
        }
        error => Problem::internal(error.to_string()),
    }
}
