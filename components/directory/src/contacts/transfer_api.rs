//! vCard files in, for programs (U-2); out is the same as for pages.

use contacts::Imported;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response};

use super::problem;
use super::transfer::unreadable;
use crate::ask::reader;

web::described! {
    /// How to take a file in.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct How as "ContactImportQuery" {
        /// `1` : dire seulement ce qui changerait.
        pub(crate) preview: String,
    }
    /// What goes out.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct What as "ContactExportQuery" {
        /// `3.0` ou `4.0` ; 4.0 par défaut.
        pub(crate) version: String,
        /// L’identifiant d’un groupe de contacts ; tout le carnet par défaut.
        pub(crate) group: String,
    }
    /// A card that was not taken.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct NotTaken as "ContactCardRefused" {
        /// La ligne du fichier où commence la fiche, à partir de 1.
        pub(crate) line: usize,
        pub(crate) name: String,
        pub(crate) reason: String,
    }
    /// What an import did, or would do.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Report as "ContactImportReport" {
        pub(crate) created: usize,
        pub(crate) updated: usize,
        pub(crate) unchanged: usize,
        /// Nouveaux groupes.
        pub(crate) groups: usize,
        pub(crate) refused: Vec<NotTaken>,
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
