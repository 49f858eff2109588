//! What to tell somebody whose account was not opened or changed.

use account::{Error, Refusal, Weakness};
use web::{Problem, StatusCode};

/// The problem of an error of crate `account`.
pub(crate) fn of(error: Error) -> Problem {
    match error {
        Error::Refused(refusal) => of_refusal(&refusal),
        Error::Store(error) => error.into(),
        Error::Random(_) | Error::Hash(_) => Problem::unavailable(error.to_string()),
    }
}

fn of_refusal(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::Wrong => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "wrong-credentials",
            "Connexion refusée",
            "Identifiant ou mot de passe incorrect. Vérifiez les majuscules, ou choisissez un nouveau mot de passe avec « Mot de passe oublié ».",
        ),
        Refusal::Wait(milliseconds) => {
            let seconds = u32::try_from(milliseconds.saturating_add(999) / 1000).unwrap_or(u32::MAX);
            let when =
                if seconds < 90 { format!("{seconds} secondes") } else { format!("{} minutes", seconds.div_ceil(60)) };
            Problem::too_many_requests(
                seconds,
                format!(
                    "Trop d’essais pour cet identifiant. Réessayez dans {when}, ou adressez-vous à l’établissement."
                ),
            )
        }
        Refusal::Blocked => Problem::new(
            StatusCode::FORBIDDEN,
            "blocked",
            "Compte bloqué",
            "Votre compte est bloqué par un administrateur de l’établissement. Adressez-vous à l’établissement pour savoir pourquoi.",
        ),
        Refusal::Left => Problem::new(
            StatusCode::FORBIDDEN,
            "left",
            "Compte fermé",
            "Votre compte est fermé : vous ne figurez plus dans l’annuaire de l’établissement. Si c’est une erreur, adressez-vous au secrétariat.",
        ),
        Refusal::Weak(weakness) => weak(*weakness),
        Refusal::Link => Problem::new(
            StatusCode::GONE,
            "dead-link",
            "Lien périmé",
            "Ce lien n’est plus valable : il sert une seule fois, pendant une heure. Demandez-en un nouveau.",
        ),
    }
}

/// The new password will not do.
pub(crate) fn weak(weakness: Weakness) -> Problem {
    Problem::invalid("password", weakness.french())
}

/// The code of the letter does not open this account.
pub(crate) fn wrong_code() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "wrong-code",
        "Activation refusée",
        "Cet identifiant et ce code ne vont pas ensemble, ou le compte est déjà activé : dans ce cas, connectez-vous. Sinon, recopiez-les depuis le courrier de l’établissement.",
    )
}
