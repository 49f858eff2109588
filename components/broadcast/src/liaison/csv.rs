//! What became of a notice as CSV.

use web::{Exchange, Problem, Response};

use super::follow::asked;
use crate::when;

/// `GET /api/v1/broadcast/liaison/{id}/follow.csv`
pub(crate) fn file(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let follow = asked(exchange)?;
    let mut rows = Vec::with_capacity(follow.pupils.len());
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
        rows.push([
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
        ]);
    }
    let heading = ["Classe", "Élève", "Lecture", "Confirmée par", "Le", "Responsables non joints"];
    Response::csv(&format!("Carnet de liaison - {}.csv", follow.notice.title), heading, rows)
}
