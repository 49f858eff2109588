//! The same as JSON (U-2): an import is made, files are put into it one request each, then it is prepared, applied and
//! advanced until it is done.

use provisioning::{Counts, Import, Mode, Progress};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::given::{self, Asked};
use super::{acts, mine, refused};

web::described! {
    /// A page of imports.
    #[derive(Serialize)]
    pub(crate) struct Imports as "DirectoryImports" {
        pub(crate) items: Vec<One>,
        /// À donner comme `before` pour la suite ; null à la fin.
        pub(crate) next: Option<String>,
    }

    /// An import.
    #[derive(Serialize)]
    pub(crate) struct One as "DirectoryImport" {
        pub(crate) id: String,
        /// `reading`, `ready`, `applying`, `applied` ou `cancelled`.
        pub(crate) state: String,
        /// `full` (qui n’est pas dans les fichiers est parti) ou `delta`.
        pub(crate) mode: &'static str,
        pub(crate) files: Vec<FileOf>,
        /// Vide avant l’aperçu.
        pub(crate) counts: CountsOf,
        /// UTC, en millisecondes.
        pub(crate) created_at: i64,
        pub(crate) finished_at: Option<i64>,
    }

    /// A file.
    #[derive(Serialize)]
    pub(crate) struct FileOf as "DirectoryImportFile" {
        pub(crate) name: String,
        /// Fiches lues ; null si le fichier n’a pas été lu jusqu’au bout.
        pub(crate) read: Option<u64>,
    }

    /// What an import would do, or did.
    #[derive(Serialize)]
    pub(crate) struct CountsOf as "DirectoryImportCounts" {
        pub(crate) read: u64,
        pub(crate) rejected: u64,
        pub(crate) remarks: u64,
        pub(crate) by_kind: Vec<CountOf>,
    }

    /// The entries of one kind in one establishment.
    #[derive(Serialize)]
    pub(crate) struct CountOf as "DirectoryImportCount" {
        /// `establishment`, `subject`, `level`, `adult`, `student` ou `relative`.
        pub(crate) kind: String,
        /// Vide quand la fiche n’en nomme pas.
        pub(crate) uai: String,
        pub(crate) created: u64,
        pub(crate) changed: u64,
        pub(crate) unchanged: u64,
        /// Retirées par une fiche qui le dit.
        pub(crate) deleted: u64,
        /// Absentes des fichiers (`full`).
        pub(crate) left: u64,
    }

    /// How far an import is applied.
    #[derive(Serialize)]
    pub(crate) struct ProgressOf as "DirectoryImportProgress" {
        pub(crate) total: u64,
        pub(crate) remaining: u64,
        pub(crate) done: bool,
    }

    /// A page of what was left out.
    #[derive(Serialize)]
    pub(crate) struct Rejects as "DirectoryImportRejects" {
        pub(crate) items: Vec<RejectOf>,
        /// À donner comme `from` pour la suite ; null à la fin.
        pub(crate) next: Option<u32>,
    }

    /// Something left out, or a remark.
    #[derive(Serialize)]
    pub(crate) struct RejectOf as "DirectoryImportReject" {
        pub(crate) file: String,
        pub(crate) line: u64,
        /// Stable : `duplicate`, `outside`, `unknown-establishment`…
        pub(crate) code: String,
        pub(crate) kind: String,
        pub(crate) id: String,
        pub(crate) detail: String,
        /// La fiche elle-même a été reprise.
        pub(crate) remark: bool,
    }

    /// Who would leave.
    #[derive(Serialize)]
    pub(crate) struct Departures as "DirectoryImportDepartures" {
        pub(crate) items: Vec<DepartureOf>,
        /// Toujours null : les 1000 premières.
        pub(crate) next: Option<String>,
    }

    /// Somebody who would leave.
    #[derive(Serialize)]
    pub(crate) struct DepartureOf as "DirectoryImportDeparture" {
        pub(crate) name: String,
        pub(crate) profile: String,
        pub(crate) uai: String,
    }

    /// A new import.
    #[derive(Deserialize)]
    pub(crate) struct Begin as "DirectoryImportAsked" {
        /// L’établissement des fichiers ONDE et CSV.
        pub(crate) uai: String,
        /// Le nom du premier fichier : celui des fichiers AAF dit ce qu’ils sont. Vide pour des listes.
        pub(crate) file: String,
        /// `full` ou `delta` ; vide : ce que dit le nom.
        pub(crate) mode: String,
    }

    /// A decision.
    #[derive(Deserialize)]
    pub(crate) struct Decision as "DirectoryImportDecision" {
        /// Les départs, même nombreux, sont voulus.
        pub(crate) accept_departures: bool,
    }

    /// Which page.
    #[derive(Deserialize)]
    pub(crate) struct ListQuery as "DirectoryImportsQuery" {
        /// `next` de la page précédente.
        pub(crate) before: Option<String>,
    }

    /// Which page.
    #[derive(Deserialize)]
    pub(crate) struct RejectsQuery as "DirectoryImportRejectsQuery" {
        /// `next` de la page précédente.
        pub(crate) from: Option<u32>,
    }

    /// A file.
    #[derive(Deserialize)]
    pub(crate) struct FileQuery as "DirectoryImportFileQuery" {
        /// Son nom.
        pub(crate) name: String,
    }
}

const PAGE: u32 = 50;

fn shown(import: Import) -> One {
    let Counts { read, rejected, remarks, by_kind } = import.counts;
    let count = |count: provisioning::Count| CountOf {
        kind: count.kind,
        uai: count.uai,
        created: count.created,
        changed: count.changed,
        unchanged: count.unchanged,
        deleted: count.deleted,
        left: count.left,
    };
    One {
        id: import.id,
        state: import.state,
        mode: import.mode.as_str(),
        files: import.files.into_iter().map(|file| FileOf { name: file.name, read: file.read }).collect(),
        counts: CountsOf { read, rejected, remarks, by_kind: by_kind.into_iter().map(count).collect() },
        created_at: import.created_at,
        finished_at: import.finished_at,
    }
}

fn progress(Progress { total, remaining, done }: Progress) -> Result<Response, Problem> {
    Response::json(&ProgressOf { total, remaining, done })
}

/// `GET /api/v1/directory/imports`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let ListQuery { before } = exchange.query()?;
    let imports =
        provisioning::history(exchange.db(), &exchange.viewer()?.id, before.as_deref(), PAGE).map_err(refused)?;
    let next = imports.last().filter(|_| imports.len() == PAGE as usize).map(|last| last.id.clone());
    Response::json(&Imports { items: imports.into_iter().map(shown).collect(), next })
}

/// `POST /api/v1/directory/imports`
pub(crate) fn begin(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Begin { uai, file, mode } = exchange.json()?;
    let uai = exchange.administered(&uai)?;
    let mode = match mode.as_str() {
        "" => None,
        "full" => Some(Mode::Full),
        "delta" => Some(Mode::Delta),
        _ => return Err(Problem::invalid("mode", "Le mode est « full », « delta », ou vide.")),
    };
    let xml = file.to_lowercase().ends_with(".xml");
    let head: &[u8] = if xml { b"<" } else { b"" };
    let import = given::begin(exchange, &Asked { uai: &uai, mode }, &file, head)?;
    Ok(Response::json(&shown(import))?.status(StatusCode::CREATED))
}

/// `GET /api/v1/directory/imports/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Response::json(&shown(mine(exchange)?))
}

/// `POST /api/v1/directory/imports/{id}/files`: the body is the file.
pub(crate) fn add(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let FileQuery { name } = exchange.query()?;
    given::stage(exchange, &mine(exchange)?, &name, exchange.body())?;
    Response::json(&shown(mine(exchange)?))
}

/// `POST /api/v1/directory/imports/{id}/prepare`
pub(crate) fn prepare(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    provisioning::prepare(exchange.db(), &mine(exchange)?).map_err(refused)?;
    Response::json(&shown(mine(exchange)?))
}

/// `POST /api/v1/directory/imports/{id}/apply`
pub(crate) fn apply(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Decision { accept_departures } = exchange.json()?;
    provisioning::confirm(exchange.db(), &mine(exchange)?, accept_departures).map_err(refused)?;
    Response::json(&shown(mine(exchange)?))
}

/// `POST /api/v1/directory/imports/{id}/advance`
pub(crate) fn advance(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    progress(acts::advance(exchange)?)
}

/// `DELETE /api/v1/directory/imports/{id}`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    provisioning::cancel(exchange.db(), &mine(exchange)?, exchange.now()).map_err(refused)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/directory/imports/{id}/rejects`
pub(crate) fn rejects(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let RejectsQuery { from } = exchange.query()?;
    let from = from.unwrap_or(0);
    let rows = provisioning::rejects(exchange.db(), &mine(exchange)?, from, PAGE).map_err(refused)?;
    let next = (rows.len() == PAGE as usize).then_some(from.saturating_add(PAGE));
    let item = |row: provisioning::Rejected| RejectOf {
        file: row.file,
        line: row.line,
        code: row.code,
        kind: row.kind,
        id: row.id,
        detail: row.words,
        remark: row.remark,
    };
    Response::json(&Rejects { items: rows.into_iter().map(item).collect(), next })
}

/// `GET /api/v1/directory/imports/{id}/departures`
pub(crate) fn departures(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let people = provisioning::departures(exchange.db(), &mine(exchange)?, 1000).map_err(refused)?;
    let item = |one: provisioning::Departure| DepartureOf { name: one.name, profile: one.profile, uai: one.uai };
    Response::json(&Departures { items: people.into_iter().map(item).collect(), next: None })
}
