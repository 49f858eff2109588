//! What news, flash messages and liaison notices refuse, in words; and what became of their messages.

use announce::{Error, Told};
use web::{Exchange, Problem, Response};

/// Codes of the problems that [`problem`] gives, for the OpenAPI document.
pub(crate) const CODES: &[&str] = &["invalid", "not-found", "forbidden", "audience-refused", "poll-answered"];
/// The same for liaison notices.
pub(crate) const LIAISON_CODES: &[&str] = &[
    "invalid",
    "not-found",
    "forbidden",
    "groups-refused",
    "pupils-refused",
    "no-pupil",
    "not-sent",
    "all-confirmed",
    "reminded",
];

/// A refusal in the words of the person who asked.
pub(crate) fn problem(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::not_found(),
        Error::Invalid { field, detail } => Problem::invalid(field, detail),
        Error::Store(error) => error.into(),
        Error::Refused(code) => refused(&code),
    }
}

fn refused(code: &str) -> Problem {
    match code {
        "not-editor" => Problem::forbidden(
            "Seuls les éditeurs de cette rubrique peuvent le faire. Adressez-vous à l’administrateur de votre établissement.",
        ),
        "not-author" => Problem::forbidden(
            "Vous ne pouvez pas le faire : cela revient au chef d’établissement ou à l’administrateur local pour un message flash, à son auteur pour un avis.",
        ),
        "audience" => Problem::refused(
            "audience-refused",
            "Une des populations choisies n’est pas de cette rubrique, ou vos droits ne permettent pas de lui écrire. Choisissez-en d’autres.",
        ),
        "poll-answered" => Problem::conflict(
            "poll-answered",
            "Des lecteurs ont déjà répondu : la question, les réponses proposées et l’anonymat ne peuvent plus changer. Posez une autre question dans une nouvelle actualité.",
        ),
        "comments-closed" => {
            Problem::conflict("comments-closed", "Les commentaires ne sont pas ouverts pour cette actualité.")
        }
        "groups" => Problem::refused(
            "groups-refused",
            "Un des groupes choisis n’est pas un groupe d’élèves que vous pouvez joindre. Choisissez-en d’autres.",
        ),
        "pupils" => Problem::refused(
            "pupils-refused",
            "Un des élèves choisis n’est pas de ceux que vous pouvez joindre. Choisissez-en d’autres.",
        ),
        "establishments" => Problem::refused(
            "pupils-refused",
            "Les élèves choisis sont de plusieurs établissements. Écrivez un avis pour chacun.",
        ),
        "no-pupil" => Problem::refused(
            "no-pupil",
            "Aucun élève n’est concerné : choisissez au moins une classe, un groupe ou un élève.",
        ),
        "not-sent" => Problem::conflict(
            "not-sent",
            "L’avis lui-même n’est pas encore parti. Attendez une minute, puis recommencez.",
        ),
        "all-confirmed" => Problem::conflict(
            "all-confirmed",
            "Toutes les familles ont confirmé : il n’y a personne à qui le rappeler.",
        ),
        "reminded" => Problem::conflict(
            "reminded",
            "Un rappel est déjà parti il y a moins de douze heures. Laissez aux familles le temps de lire.",
        ),
        other => Problem::internal(format!("a refusal without words: {other}")),
    }
}

/// Why a message was not sent, for whoever published: a code of `counter::CODES`.
pub(crate) fn unsent(code: &str) -> &'static str {
    match code {
        "nobody" => "Aucun message n’est parti : personne d’autre que vous n’est dans le public choisi.",
        "author-may-not-send" => "Aucun message n’est parti : votre compte ne permet pas d’en envoyer.",
        "audience-refused" => {
            "Aucun message n’est parti : les droits de son auteur ne permettent pas, ou plus, d’écrire à tout ce public."
        }
        _ => "Le message n’a pas pu partir.",
    }
}

/// Where a form leads once it is done: `done`, and what became of the message.
pub(crate) fn told(path: &str, done: &str, told: &Result<Told, Error>) -> Response {
    let response = Response::see_other(path);
    match told {
        Ok(Told::Sent(receipt)) => {
            let people = receipt.recipients;
            let who = if people > 1 { format!("{people} personnes") } else { "1 personne".to_owned() };
            response.success(&format!("{done} Le message est parti à {who}."))
        }
        Ok(Told::Refused(code)) => response.warning(&format!("{done} {}", unsent(code))),
        Ok(Told::Nothing) => response.success(done),
        Err(_) => response.success(&format!("{done} Le message partira dans la minute.")),
    }
}

/// A text as written, made safe to be shown in its form again.
pub(crate) fn shown_again(html: &str) -> String {
    announce::shown_again(html).unwrap_or_else(|| web::text::to_html(html))
}

/// The client's key, so that a request sent twice acts once: the header of programs, the hidden field of forms.
pub(crate) fn key<'a>(exchange: &'a Exchange<'_>) -> Option<&'a str> {
    exchange.header("idempotency-key").or_else(|| {
        let given = exchange.form().ok().map(|form| form.get("key")).unwrap_or_default();
        (!given.is_empty()).then_some(given)
    })
}
