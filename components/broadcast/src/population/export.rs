//! The report as a file for spreadsheets.

use web::{Exchange, Problem, Response};

use super::report::{filter, named, state_words};

/// `GET /api/v1/broadcast/messages/{id}/recipients.csv?state=`
pub(crate) fn recipients(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let report = named(exchange)?;
    let filter = filter(&exchange.query_value("state"))?;
    let outcomes = ::rubriques::all_outcomes(exchange.db(), &exchange.viewer()?.id, &report.send.message, filter)?;
    let rows = outcomes.into_iter().map(|outcome| {
        let words = state_words(&outcome);
        let paper = if outcome.on_paper { "oui" } else { "non" };
        let profile = outcome.profile.label().to_owned();
        let reason = outcome.reason.unwrap_or_default();
        [outcome.last_name, outcome.first_name, profile, outcome.classes, words, reason, paper.to_owned()]
    });
    let heading = ["Nom", "Prénom", "Profil", "Classes", "Acheminement", "Motif", "À joindre sur papier"];
    Response::csv("Destinataires.csv", heading, rows)
}
