//! Liaison notices (B-5), « carnet de liaison »: what parents read and confirm, what authors write and follow; and the same for
//! programs.

pub(crate) mod api;
pub(crate) mod csv;
pub(crate) mod family;
pub(crate) mod follow;
pub(crate) mod lists;
pub(crate) mod write;

use announce::liaison;
use web::{Exchange, Problem, Viewer};

use crate::refusal::problem;

const HERE: &str = "/broadcast/liaison";

/// Who may write notices at all.
fn author<'a>(exchange: &'a Exchange<'_>) -> Result<&'a Viewer, Problem> {
    let viewer = exchange.viewer()?;
    if liaison::may_write(exchange.db(), &viewer.id).map_err(problem)? {
        Ok(viewer)
    } else {
        Err(Problem::forbidden(
            "Seuls les enseignants, les personnels et les administrateurs locaux écrivent des avis aux familles.",
        ))
    }
}
