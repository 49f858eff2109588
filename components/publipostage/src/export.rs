//! Selections and campaigns as CSV (P-2).

use clock::Zone;
use mailing::outcome::Outcome;
use mailing::{Code, Selected};
use web::{Problem, Response};

/// The list before the letters are made, with the codes that may be seen (P-2).
pub(crate) fn accounts(selected: Selected, zone: &Zone) -> Result<Response, Problem> {
    let heading =
        ["Nom", "Prénom", "Profil", "Identifiant", "Code d’activation", "Courriel", "Classe", "Date de création"];
    let rows = selected.items.into_iter().map(|account| {
        let code = match account.code {
            Code::Given(code) => code,
            other => code_words(&other).to_owned(),
        };
        [
            account.last_name,
            account.first_name,
            account.profile.label().to_owned(),
            account.login,
            code,
            account.mail,
            account.classes.join(", "),
            zone.figures(account.created_at),
        ]
    });
    Response::csv("Publipostage - comptes.csv", heading, rows)
}

/// What stands where there is no code to show.
pub(crate) const fn code_words(code: &Code) -> &'static str {
    match code {
        Code::Active => "compte activé",
        Code::Withheld => "réservé",
        Code::Missing => "aucun",
        Code::Given(_) => "",
    }
}

/// What became of a campaign: who, which address, when, outcome (P-2). No codes.
pub(crate) fn outcomes(outcomes: Vec<Outcome>, zone: &Zone) -> Result<Response, Problem> {
    let heading = ["Nom", "Prénom", "Profil", "Courriel", "Résultat", "Motif", "Date", "Activé depuis"];
    let at = |at: Option<i64>| at.map_or_else(String::new, |at| zone.long(at));
    let rows = outcomes.into_iter().map(|outcome| {
        let name = if outcome.last_name.is_empty() { "(compte supprimé)".to_owned() } else { outcome.last_name };
        [
            name,
            outcome.first_name,
            outcome.profile.label().to_owned(),
            outcome.address,
            outcome.state.label().to_owned(),
            outcome.reason,
            at(outcome.at),
            at(outcome.activated_since),
        ]
    });
    Response::csv("Publipostage - campagne.csv", heading, rows)
}
