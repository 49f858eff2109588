//! The same as JSON (U-2): an import is made, files are put into it one request each, then it is prepared, applied and
//! advanced until it is done.

use provisioning::{Counts, Import, Mode, Progress};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::given::{self, Asked};
use super::{acts, mine, refused};
use crate::admin;

macro_rules! described {
    ($($(#[$meta:meta])* $derive:ident $name:literal struct $type:ident { $($(#[$doc:meta])* $field:ident: $of:ty),* $(,)? })*) => { $(
        $(#[$meta])*
        #[derive($derive)]
        #[cfg_attr(
            not(target_family = "wasm"),
            derive(web::schemars::JsonSchema),
            schemars(crate = "web::schemars", rename = $name)
        )]
        pub(crate) struct $type { $($(#[$doc])* pub(crate) $field: $of),* }
    )* };
}

described! {
    /// A page of imports.
    Serialize "DirectoryImports" struct Imports {
        items: Vec<One>,
        /// À donner comme `before` pour la suite ; null à la fin.
        next: Option<String>,
    }

    /// An import.
    Serialize "DirectoryImport" struct One {
        id: String,
        /// `reading`, `ready`, `applying`, `applied` ou `cancelled`.
        state: String,
        /// `full` (qui n’est pas dans les fichiers est parti) ou `delta`.
        mode: &'static str,
        files: Vec<FileOf>,
        /// Vide avant l’aperçu.
        counts: CountsOf,
        /// UTC, en millisecondes.
        created_at: i64,
        finished_at: Option<i64>,
    }

    /// A file.
    Serialize "DirectoryImportFile" struct FileOf {
        name: String,
        /// Fiches lues ; null si le fichier n’a pas été lu jusqu’au bout.
        read: Option<u64>,
    }

    /// What an import would do, or did.
    Serialize "DirectoryImportCounts" struct CountsOf {
        read: u64,
        rejected: u64,
        remarks: u64,
        by_kind: Vec<CountOf>,
    }

    /// The entries of one kind in one establishment.
    Serialize "DirectoryImportCount" struct CountOf {
        /// `establishment`, `subject`, `level`, `adult`, `student` ou `relative`.
        kind: String,
        /// Vide quand la fiche n’en nomme pas.
        uai: String,
        created: u64,
        changed: u64,
        unchanged: u64,
        /// Retirées par une fiche qui le dit.
        deleted: u64,
        /// Absentes des fichiers (`full`).
        left: u64,
    }

    /// How far an import is applied.
    Serialize "DirectoryImportProgress" struct ProgressOf {
        total: u64,
        remaining: u64,
        done: bool,
    }

    /// A page of what was left out.
    Serialize "DirectoryImportRejects" struct Rejects {
        items: Vec<RejectOf>,
        /// À donner comme `from` pour la suite ; null à la fin.
        next: Option<u32>,
    }

    /// Something left out, or a remark.
    Serialize "DirectoryImportReject" struct RejectOf {
        file: String,
        line: u64,
        /// Stable : `duplicate`, `outside`, `unknown-establishment`…
        code: String,
        kind: String,
        id: String,
        detail: String,
        /// La fiche elle-même a été reprise.
        remark: bool,
    }

    /// Who would leave.
    Serialize "DirectoryImportDepartures" struct Departures {
        items: Vec<DepartureOf>,
        /// Toujours null : les 1000 premières.
        next: Option<String>,
    }

    /// Somebody who would leave.
    Serialize "DirectoryImportDeparture" struct DepartureOf {
        name: String,
        profile: String,
        uai: String,
    }

    /// A new import.
    Deserialize "DirectoryImportAsked" struct Begin {
        /// L’établissement des fichiers ONDE et CSV.
        uai: String,
        /// Le nom du premier fichier : celui des fichiers AAF dit ce qu’ils sont. Vide pour des listes.
        file: String,
        /// `full` ou `delta` ; vide : ce que dit le nom.
        mode: String,
    }

    /// A decision.
    Deserialize "DirectoryImportDecision" struct Decision {
        /// Les départs, même nombreux, sont voulus.
        accept_departures: bool,
    }

    /// Which page.
    Deserialize "DirectoryImportsQuery" struct ListQuery {
        /// `next` de la page précédente.
        before: Option<String>,
    }

    /// Which page.
    Deserialize "DirectoryImportRejectsQuery" struct RejectsQuery {
        /// `next` de la page précédente.
        from: Option<u32>,
    }

    /// A file.
    Deserialize "DirectoryImportFileQuery" struct FileQuery {
        /// Son nom.
        name: String,
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
    let uai = admin::administered_as(exchange, &uai)?;
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
