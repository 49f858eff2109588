//! Refusals of the post office as problems that say what to do.

use web::{Problem, StatusCode};

use crate::{Refusal, Refused};

/// Codes of the problems that [`problem`] gives, for the OpenAPI document.
pub const CODES: &[&str] = &[
    "not-found",
    "already-submitted",
    "author-may-not-send",
    "recipients-refused",
    "audience-refused",
    "too-many-recipients",
    "nobody",
    "mailbox-full",
    "bad-subject",
    "bad-body",
    "bad-file-name",
    "file-type",
    "file-size",
    "file-empty",
    "key-reused",
];

/// A refusal in the words of the person who writes.
#[must_use]
pub fn problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotFound => Problem::not_found(),
        Refusal::AlreadySubmitted => Problem::conflict(
            "already-submitted",
            "Ce message est déjà parti. Vous le trouverez dans « Messages envoyés » ; pour en dire plus, écrivez-en un autre.",
        ),
        Refusal::AuthorMayNotSend => Problem::new(
            StatusCode::FORBIDDEN,
            "author-may-not-send",
            "Envoi non autorisé",
            "Votre compte ne permet pas d’envoyer de messages. Adressez-vous à l’administrateur de votre établissement.",
        ),
        Refusal::Refused(refused) => recipients_refused(&refused),
        Refusal::Audience => Problem::new(
            StatusCode::FORBIDDEN,
            "audience-refused",
            "Envoi non autorisé",
            "Vous ne pouvez pas écrire à cette population : vos droits ou ceux de la rubrique ne le permettent pas, ou plus. Choisissez-en une autre ; rien n’a été envoyé.",
        ),
        Refusal::TooMany { actual, allowed } => Problem::refused(
            "too-many-recipients",
            format!("Ce message aurait {actual} destinataires, et la limite est de {allowed}. Retirez-en, ou écrivez à une population depuis une rubrique."),
        )
        .with("actual", actual)
        .with("allowed", allowed),
        Refusal::Nobody => Problem::refused(
            "nobody",
            "Ce message n’a pas de destinataire. Indiquez au moins une personne, ou un groupe qui a des membres, dans À, Copie ou Copie cachée.",
        ),
        Refusal::MailboxFull(names) => Problem::refused(
            "mailbox-full",
            format!(
                "La messagerie de ces personnes est pleine : {}. Retirez-les, ou joignez moins de fichiers.",
                names.join(", ")
            ),
        )
        .with("names", names),
        Refusal::BadSubject => {
            Problem::refused("bad-subject", "L’objet doit tenir en une ligne de 200 caractères au plus.").with("field", "subject")
        }
        Refusal::BadBody => Problem::refused(
            "bad-body",
            "Le texte du message est trop long (200 Ko au plus, mise en forme comprise) ou sa mise en forme est trop imbriquée. Joignez-le plutôt comme fichier.",
        )
        .with("field", "body"),
        file_or_other => file_problem(file_or_other),
    }
}

fn file_problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::BadFileName => Problem::refused(
            "bad-file-name",
            "Le nom de ce fichier ne convient pas : 200 caractères au plus, sans / \\ < > : \" | ? *. Renommez-le.",
        ),
        Refusal::FileType(extensions) => Problem::refused(
            "file-type",
            format!("Ce type de fichier n’est pas accepté. Types acceptés : {}.", extensions.join(", ")),
        )
        .with("extensions", extensions),
        Refusal::FileSize { actual, allowed } => Problem::refused(
            "file-size",
            format!(
                "C’est trop lourd : {}, et la limite est de {}. Réduisez le fichier, ou partagez-le autrement.",
                web::text::size(actual),
                web::text::size(allowed)
            ),
        )
        .with("actual", actual)
        .with("allowed", allowed),
        Refusal::FileEmpty => {
            Problem::refused("file-empty", "Ce fichier est vide. Vérifiez-le, puis joignez-le de nouveau.")
        }
        Refusal::KeyReused => Problem::conflict(
            "key-reused",
            "Cette clé d’idempotence a déjà servi pour un autre message (ou n’est pas faite de 1 à 128 caractères ASCII visibles). Prenez-en une autre.",
        ),
        Refusal::BadAddress => Problem::refused("bad-address", "Cette adresse n’est pas valide."),
        Refusal::Unavailable(error) => error.into(),
        Refusal::Other(cause) => Problem::internal(cause),
        // The rest has been told apart by the caller.
        _ => Problem::internal("a refusal without words"),
    }
}

fn recipients_refused(refused: &[Refused]) -> Problem {
    let names: Vec<&str> = refused
        .iter()
        .map(|r| if r.name.is_empty() { "un destinataire que vous ne pouvez pas voir" } else { r.name.as_str() })
        .collect();
    let list: Vec<serde_json::Value> = refused
        .iter()
        .map(|r| {
            let (kind, id) = match &r.addressee {
                rights::Addressee::Person(id) => ("person", id),
                rights::Addressee::Group(id) => ("group", id),
            };
            serde_json::json!({ "kind": kind, "id": id, "name": r.name })
        })
        .collect();
    Problem::new(
        StatusCode::FORBIDDEN,
        "recipients-refused",
        "Destinataires non autorisés",
        format!("Vous ne pouvez pas écrire à : {}. Retirez-les ; rien n’a été envoyé.", names.join(", ")),
    )
    .with("refused", list)
}
