//! vCard files in, for programs (U-2); out is the same as for pages.

use contacts::Imported;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response};

use super::api::described;
use super::problem;
use super::transfer::unreadable;
use crate::ask::reader;

described! {
    /// How to take a file in.
    How as "ContactImportQuery" {
        /// `1` : dire seulement ce qui changerait.
        preview: String,
    }
    /// What goes out.
    What as "ContactExportQuery" {
        /// `3.0` ou `4.0` ; 4.0 par défaut.
        version: String,
        /// L’identifiant d’un groupe de contacts ; tout le carnet par défaut.
        group: String,
    }
    /// A card that was not taken.
    NotTaken as "ContactCardRefused" {
        /// La ligne du fichier où commence la fiche, à partir de 1.
        line: usize,
        name: String,
        reason: String,
    }
    /// What an import did, or would do.
    Report as "ContactImportReport" {
        created: usize,
        updated: usize,
        unchanged: usize,
        /// Nouveaux groupes.
        groups: usize,
        refused: Vec<NotTaken>,
    }
}

/// `POST /api/v1/directory/contacts/import`: the body is the file, whatever its type is said to be.
pub(crate) fn import(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let How { preview } = exchange.query()?;
    let parsed = contacts::parse(exchange.body()).map_err(unreadable)?;
    let (db, owner) = (exchange.db(), viewer.id.as_str());
    let done = if preview == "1" {
        contacts::preview(&db, owner, parsed)
    } else {
        contacts::apply(&db, owner, parsed, web::random::ulid(exchange.now())?)
    };
    let Imported { created, updated, unchanged, groups, refused } = done.map_err(problem)?;
    let refused = refused.into_iter().map(|contacts::Refused { line, name, reason }| NotTaken { line, name, reason });
    Response::json(&Report { created, updated, unchanged, groups, refused: refused.collect() })
}
