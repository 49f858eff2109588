//! Refusals as problems that say what to do.

use web::{Problem, StatusCode};

use crate::verification::Refusal;

/// The problem of a refusal.
pub(crate) fn of(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NoAddress(error) => Problem::invalid("address", error.french()),
        Refusal::OwnDomain => {
            about("own-domain", "Ceci est une adresse de l’ENT : donnez une adresse extérieure, la vôtre.")
        }
        Refusal::Same => about("same-address", "C’est déjà votre adresse de redirection."),
        Refusal::Wait(milliseconds) => {
            let seconds = u32::try_from(milliseconds.saturating_add(999) / 1000).unwrap_or(u32::MAX);
            let minutes = seconds.div_ceil(60);
            Problem::too_many_requests(seconds, format!("Trop de codes ont été envoyés. Réessayez dans {minutes} min."))
        }
        Refusal::NothingPending => {
            Problem::conflict("nothing-pending", "Aucune adresse n’attend de code. Donnez d’abord une adresse.")
        }
        Refusal::Expired => Problem::conflict(
            "code-expired",
            "Ce code n’est plus valable : il servait pendant 30 minutes. Demandez-en un nouveau.",
        ),
        Refusal::WrongCode(left) => {
            let left_words = if left == 1 { "Il reste un essai".to_owned() } else { format!("Il reste {left} essais") };
            wrong("wrong-code", format!("Ce n’est pas le bon code. {left_words} ; vérifiez le dernier message reçu."))
                .with("attempts_left", left)
        }
        Refusal::TooManyAttempts => wrong("too-many-attempts", "Trop d’essais avec ce code. Demandez-en un nouveau."),
        Refusal::Store(error) => error.into(),
    }
}

/// A mail that could not be queued.
pub(crate) fn of_counter(refusal: counter::Refusal) -> Problem {
    match refusal {
        counter::Refusal::BadAddress => {
            Problem::invalid("address", "Cette adresse ne peut pas recevoir de courrier. Vérifiez-la.")
        }
        other => counter::problem(other),
    }
}

fn about(code: &'static str, detail: &str) -> Problem {
    let mut problem = Problem::invalid("address", detail);
    problem.code = code;
    problem
}

fn wrong(code: &'static str, detail: impl Into<String>) -> Problem {
    let mut problem = Problem::invalid("code", detail);
    problem.code = code;
    problem.status = StatusCode::UNPROCESSABLE_ENTITY;
    problem
}
