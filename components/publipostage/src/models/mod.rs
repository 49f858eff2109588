//! Model letters (P-5, P-6): the models of an establishment and their editor, recipients and reach, preview, sending, runs.
//!
//! The routes are for local administrators; every question asked of `mailing::model` names the viewer, and what belongs to an
//! establishment that she does not administer is not there (404).

pub(crate) mod api;
pub(crate) mod ask;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod recipients;
pub(crate) mod runs;
pub(crate) mod send;

use letters::template::Mistake;
use mailing::model::{Error, Refusal};
use web::Problem;

/// Codes of the problems of a model.
pub(crate) const CODES: &[&str] = &["invalid", "forbidden", "not-found", "name-taken", "changed"];
/// Codes of the problems of what is made of one.
pub(crate) const MERGE_CODES: &[&str] =
    &["invalid", "forbidden", "not-found", "template-mistakes", "too-many-people", "too-long", "unprintable"];
/// Codes of the problems of sending.
pub(crate) const SEND_CODES: &[&str] = &[
    "invalid",
    "forbidden",
    "not-found",
    "template-mistakes",
    "too-many-people",
    "too-long",
    "missing-values",
    "nobody",
    "copies-refused",
    "key-reused",
    "author-may-not-send",
    "recipients-refused",
];

/// Where the pages are.
pub(crate) const PATH: &str = "/publipostage/models";

/// What the logic refuses, in the words of the person at the screen.
pub(crate) fn failed(error: Error) -> Problem {
    match error {
        Error::Refused(refusal) => refused(refusal),
        Error::Store(error) => error.into(),
        Error::Unreadable(cause) => Problem::internal(cause),
    }
}

pub(crate) fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Unknown => Problem::not_found(),
        Refusal::BadName => Problem::invalid("name", "Donnez au modèle un nom de 1 à 100 caractères."),
        Refusal::NameTaken => {
            Problem::conflict("name-taken", "Un modèle de l’établissement porte déjà ce nom. Choisissez-en un autre.")
        }
        Refusal::BadText => Problem::invalid(
            "body",
            "Le texte est trop long (60 000 caractères, mise en forme comprise, et 400 pour l’objet) ou sa mise en forme est trop imbriquée. Raccourcissez-le.",
        ),
        Refusal::Changed(by) => Problem::conflict(
            "changed",
            format!(
                "{by} a enregistré ce modèle pendant que vous le modifiiez : rien n’a été remplacé. Copiez votre texte, rechargez la page et reportez vos changements."
            ),
        ),
        Refusal::BadPicture(why) => Problem::invalid("picture", why),
        Refusal::Mistakes(mistakes) => template(&mistakes),
        Refusal::Nobody => Problem::refused(
            "nobody",
            "Personne n’est à joindre de cette façon. Choisissez d’autres destinataires, ou imprimez les lettres.",
        ),
        Refusal::TooMany(most) => Problem::refused(
            "too-many-people",
            format!("La sélection dépasse {most}. Envoyez en plusieurs fois, par exemple par classe."),
        ),
        Refusal::TooMuch => Problem::refused(
            "too-long",
            "Toutes ces lettres ensemble sont trop longues. Raccourcissez le modèle, ou envoyez en plusieurs fois.",
        ),
        Refusal::Incomplete(missing) => {
            let told: Vec<String> = missing.iter().map(|(name, why)| format!("{name} : {why}")).collect();
            let shown = told.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(" ");
            Problem::refused(
                "missing-values",
                format!("Il manque une valeur à {} lettre(s), rien n’est parti. {shown}", told.len()),
            )
            .with("missing", told)
        }
        Refusal::Copies(why) => Problem::refused("copies-refused", why),
        Refusal::KeyReused => Problem::conflict(
            "key-reused",
            "Cette clé d’idempotence a déjà servi à un autre envoi. Choisissez-en une autre.",
        ),
    }
}

fn template(mistakes: &[Mistake]) -> Problem {
    let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    let shown = told.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(" ");
    Problem::refused("template-mistakes", format!("Le modèle est à corriger. {shown}")).with("mistakes", told)
}

/// "1 lettre", "12 lettres"
pub(crate) fn counted(count: usize, one: &str, several: &str) -> String {
    if count < 2 { format!("{count} {one}") } else { format!("{count} {several}") }
}
