//! The report as a file for spreadsheets: UTF-8 with its mark, semicolons, and no cell that would be taken for a formula.

use web::{Exchange, Problem, Response};

use super::report::{filter, of, state_words};

/// `GET /api/v1/broadcast/messages/{id}/recipients.csv?state=`
pub(crate) fn recipients(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let report = of(exchange)?;
    let filter = filter(&exchange.query_value("state"))?;
    let outcomes = ::rubriques::all_outcomes(exchange.db(), &exchange.viewer()?.id, &report.send.message, filter)?;
    let failed = |error: csv::Error| Problem::internal(format!("CSV: {error}"));
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record(["Nom", "Prénom", "Profil", "Classes", "Acheminement", "Motif", "À joindre sur papier"])
        .map_err(failed)?;
    for outcome in outcomes {
        let words = state_words(&outcome);
        let paper = if outcome.on_paper { "oui" } else { "non" };
        let profile = outcome.profile.label().to_owned();
        let reason = outcome.reason.unwrap_or_default();
        let row = [outcome.last_name, outcome.first_name, profile, outcome.classes, words, reason, paper.to_owned()];
        writer.write_record(row.map(harmless)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::internal(format!("CSV: {error}")))?;
    Ok(Response::download("Destinataires.csv", "text/csv; charset=utf-8", bytes))
}

/// A cell that begins like a formula is preceded by an apostrophe: the spreadsheet shows it, and does not run it.
fn harmless(cell: String) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula || cell.starts_with(['\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}
