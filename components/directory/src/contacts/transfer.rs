//! vCard files in and out, as pages: a file is read and shown first, and taken in when its owner says yes.

use contacts::{Imported, Refused, Unreadable, Version};
use maud::{Markup, html};
use web::ui;
use web::{Exchange, Page, Problem, Response};

use super::{BASE, count, problem};
use crate::ask::reader;

/// Refused cards that the page names; the others are counted.
const NAMED: usize = 100;

/// Why a file was not read.
pub(crate) fn unreadable(error: Unreadable) -> Problem {
    match error {
        Unreadable::NotCards => Problem::invalid(
            "file",
            "Ce fichier n’est pas un fichier vCard (.vcf). Exportez vos contacts au format vCard, puis recommencez.",
        ),
        Unreadable::TooManyCards => Problem::refused(
            "too-many-cards",
            format!("Le fichier a plus de {} fiches. Exportez-le en plusieurs fois.", contacts::MAX_CARDS),
        ),
    }
}

/// `3.0` or `4.0`.
pub(crate) fn version(text: &str) -> Result<Version, Problem> {
    match text {
        "" | "4.0" => Ok(Version::V4),
        "3.0" => Ok(Version::V3),
        _ => Err(Problem::invalid("version", "Demandez la version 3.0 ou 4.0.")),
    }
}

/// `GET /directory/contacts/export` and `GET /api/v1/directory/contacts/export`
pub(crate) fn export(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let group = exchange.query_value("group");
    let group = Some(group.as_str()).filter(|id| !id.is_empty());
    let version = version(&exchange.query_value("version"))?;
    let file = contacts::export(&exchange.db(), &viewer.id, group, version).map_err(problem)?;
    Ok(Response::download("carnet-d-adresses.vcf", "text/vcard; charset=utf-8", file))
}

/// `GET /directory/contacts/import`: what waits for a yes, or the way to give a file.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    match contacts::pending(&exchange.db(), &viewer.id).map_err(problem)? {
        None => asking(exchange, None),
        Some(parsed) => match contacts::preview(&exchange.db(), &viewer.id, parsed).map_err(problem) {
            Ok(imported) => previewed(exchange, &imported),
            Err(problem) if problem.status.is_client_error() => asking(exchange, Some(&problem)),
            Err(problem) => Err(problem),
        },
    }
}

/// `POST /directory/contacts/import`
pub(crate) fn upload(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let given = exchange.form()?.files("file").next();
    let read = given
        .ok_or_else(|| Problem::invalid("file", "Choisissez un fichier vCard (.vcf)."))
        .and_then(|file| contacts::parse(&file.content).map_err(unreadable));
    match read {
        Ok(parsed) => {
            contacts::keep(&exchange.db(), &viewer.id, &parsed, exchange.now()).map_err(problem)?;
            Ok(Response::see_other(&format!("{BASE}/import")))
        }
        Err(problem) => Ok(asking(exchange, Some(&problem))?.status(problem.status)),
    }
}

/// `POST /directory/contacts/import/apply`
pub(crate) fn apply(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let (db, owner) = (exchange.db(), viewer.id.as_str());
    let Some(parsed) = contacts::pending(&db, owner).map_err(problem)? else {
        return Ok(Response::see_other(&format!("{BASE}/import"))
            .warning("Ce fichier n’attend plus. Choisissez-le de nouveau."));
    };
    match contacts::apply(&db, owner, parsed, web::random::ulid(exchange.now())?).map_err(problem) {
        Ok(done) => {
            contacts::forget(&db, owner).map_err(problem)?;
            Ok(Response::see_other(BASE).success(&format!("Importation faite : {}.", summary(&done))))
        }
        Err(problem) if problem.status.is_client_error() => {
            Ok(Response::see_other(&format!("{BASE}/import")).warning(&problem.detail))
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /directory/contacts/import/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    contacts::forget(&exchange.db(), &viewer.id).map_err(problem)?;
    Ok(Response::see_other(BASE).success("Rien n’a été importé."))
}

fn summary(imported: &Imported) -> String {
    format!(
        "{} de plus, {} mis à jour, {} sans changement, {} de plus, {} non prises",
        count(imported.created, "contact"),
        imported.updated,
        imported.unchanged,
        count(imported.groups, "groupe"),
        count(imported.refused.len(), "fiche"),
    )
}

fn asking(exchange: &Exchange<'_>, problem: Option<&Problem>) -> Result<Response, Problem> {
    let body = html! {
        form.stack.box method="post" action={ (BASE) "/import" } enctype="multipart/form-data" {
            (ui::csrf(exchange))
            (ui::error_summary(problem))
            div.field {
                label for="file" { "Fichier vCard (.vcf)" }
                p.hint #file-aide { "D’Outlook, de Gmail, d’un iPhone ou d’un autre carnet, 12 Mo au plus. Vous verrez ce qui changerait avant de dire oui." }
                input #file name="file" type="file" accept=".vcf,.vcard,text/vcard,text/x-vcard" required aria-describedby="file-aide";
            }
            (ui::submit("Lire le fichier"))
        }
        div.prose {
            p { "Noms, adresses, téléphones, organisme, anniversaire, note et groupes sont gardés. Les photos et le reste ne le sont pas." }
        }
    };
    Page::new("Importer des contacts", body).crumb("Carnet d’adresses", BASE).respond(exchange)
}

fn previewed(exchange: &Exchange<'_>, imported: &Imported) -> Result<Response, Problem> {
    let Imported { created, updated, unchanged, groups, refused } = imported;
    let facts = [
        ("Nouveaux contacts", *created),
        ("Contacts complétés", *updated),
        ("Sans changement", *unchanged),
        ("Nouveaux groupes", *groups),
        ("Fiches non prises", refused.len()),
    ];
    let body = html! {
        section.box aria-label="Ce qui changerait" {
            dl.facts { @for (label, number) in facts { dt { (label) } dd { (number) } } }
            div.toolbar {
                form method="post" action={ (BASE) "/import/apply" } {
                    (ui::csrf(exchange)) button.primary type="submit" disabled[created + updated + groups == 0] { "Importer" }
                }
                form method="post" action={ (BASE) "/import/cancel" } { (ui::csrf(exchange)) button type="submit" { "Ne rien importer" } }
            }
        }
        @if !refused.is_empty() { (not_taken(refused)) }
    };
    Page::new("Importer des contacts", body)
        .crumb("Carnet d’adresses", BASE)
        .lead("Rien n’est encore changé. Un contact connu est complété, jamais effacé.")
        .respond(exchange)
}

fn not_taken(refused: &[Refused]) -> Markup {
    let columns = [("Ligne", "num"), ("Nom", ""), ("Pourquoi", "")].map(|(label, class)| ui::Column { label, class });
    let rows: Vec<Vec<Markup>> = refused
        .iter()
        .take(NAMED)
        .map(|one| vec![html! { (one.line) }, html! { (one.name) }, html! { (one.reason) }])
        .collect();
    html! {
        h2 { "Fiches non prises" }
        (ui::table("Fiches non prises", &columns, &rows))
        @if refused.len() > NAMED { p { "Et " (refused.len() - NAMED) " autres." } }
    }
}
