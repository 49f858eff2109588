//! What became of a notice as CSV, as spreadsheets in France expect it: UTF-8 with its mark, semicolons, and no cell that a
//! spreadsheet would take for a formula.

use web::{Exchange, Problem, Response};

use super::follow::asked;
use crate::when;

/// `GET /api/v1/broadcast/liaison/{id}/follow.csv`
pub(crate) fn file(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let follow = asked(exchange)?;
    let failed = |error: csv::Error| Problem::internal(format!("CSV: {error}"));
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record(["Classe", "Élève", "Lecture", "Confirmée par", "Le", "Responsables non joints"])
        .map_err(failed)?;
    for pupil in &follow.pupils {
        let (mut names, mut dates) = (Vec::new(), Vec::new());
        for parent in &pupil.parents {
            if let Some(at) = parent.confirmed_at {
                names.push(parent.name.as_str());
                dates.push(when::long(exchange, at)?);
            }
        }
        let missing: Vec<&str> =
            pupil.parents.iter().filter(|parent| !parent.reachable).map(|parent| parent.name.as_str()).collect();
        let row = [
            pupil.class.clone(),
            pupil.name.clone(),
            if pupil.confirmed() { "confirmée" } else { "non confirmée" }.to_owned(),
            names.join(", "),
            dates.join(", "),
            if pupil.parents.is_empty() {
                "aucun responsable légal à joindre".to_owned()
            } else {
                missing.join(", ")
            },
        ];
        writer.write_record(row.map(harmless)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::internal(format!("CSV: {error}")))?;
    Ok(Response::download(
        &format!("Carnet de liaison - {}.csv", follow.notice.title),
        "text/csv; charset=utf-8",
        bytes,
    ))
}

/// A cell that begins like a formula is preceded by an apostrophe: the spreadsheet shows it, and does not run it.
fn harmless(cell: String) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula || cell.starts_with(['\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}
