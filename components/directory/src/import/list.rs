//! The page where an import begins, with those there were.

use maud::{Markup, html};
use provisioning::{Import, Mode};
use web::ui::{self, Column, Tone};
use web::{Exchange, Problem, Response};

use super::{PATH, refused};
use crate::admin;

const PAGE: u32 = 25;

/// `GET /directory/import`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    respond(exchange, None)
}

/// The page, with what was wrong with the form.
pub(crate) fn respond(exchange: &Exchange<'_>, problem: Option<&Problem>) -> Result<Response, Problem> {
    let uai = admin::administered(exchange)?;
    let before = exchange.query_value("before");
    let after = Some(before.as_str()).filter(|before| !before.is_empty());
    let imports = provisioning::history(exchange.db(), &exchange.viewer()?.id, after, PAGE).map_err(refused)?;
    let older =
        imports.last().filter(|_| imports.len() == PAGE as usize).map(|last| format!("{PATH}?before={}", last.id));
    let zone = exchange.zone_of(uai.as_str())?;
    let rows: Vec<Vec<Markup>> = imports.iter().map(|import| row(exchange, &zone, import)).collect();
    let columns = ["Commencé", "Fichiers", "Créés", "Modifiés", "Partis", "Laissés de côté", "État"].map(|label| {
        Column { label, class: if ["Commencé", "Fichiers", "État"].contains(&label) { "" } else { "num" } }
    });
    let body = html! {
        (ui::error_summary(problem))
        (form(exchange, uai.as_str())?)
        h2 { "Vos imports" }
        @if rows.is_empty() { (ui::empty("Aucun import", "Ceux que vous ferez seront listés ici, avec ce qui a été laissé de côté.")) }
        @else { (ui::table("Vos imports", &columns, &rows)) }
        (ui::pager(after.map(|_| PATH), older.as_deref()))
    };
    let response = admin::page(exchange, &uai, PATH, "Imports", body)?
        .lead("Rien ne change dans l’annuaire avant que vous ayez vu ce que les fichiers feraient, et dit oui.")
        .render(exchange);
    Ok(problem.map_or(response.clone(), |problem| response.status(problem.status)))
}

fn form(exchange: &Exchange<'_>, uai: &str) -> Result<Markup, Problem> {
    let names = exchange.all_administered()?;
    let names: Vec<(&str, &str)> = names.iter().map(|(uai, name)| (uai.as_str(), name.as_str())).collect();
    Ok(html! {
        section.box aria-labelledby="nouveau" {
            h2 #nouveau { "Nouvel import" }
            form.stack method="post" action=(PATH) enctype="multipart/form-data" {
                (ui::csrf(exchange))
                @if names.len() > 1 { (ui::select("uai", "Établissement", &names, uai)) } @else { (ui::hidden("uai", uai)) }
                div.field {
                    label for="files" { "Fichiers" }
                    p.hint #files-aide {
                        "AAF (.xml, complet ou delta), ONDE ou notre modèle (.csv). Jusqu’à 12 Mo par envoi ; vous pourrez en ajouter avant l’aperçu. Au-delà, l’import se fait en ligne de commande (vaguemestre import)."
                    }
                    input #files type="file" name="files" multiple required accept=".xml,.csv,.txt" aria-describedby="files-aide";
                }
                (ui::select("mode", "Ces fichiers disent", &[
                    ("", "Ce que leur nom indique (par défaut : AAF sans nom reconnu, seulement des changements ; listes, tout le monde)"),
                    ("full", "Tout le monde : qui n’y est pas est parti"),
                    ("delta", "Seulement des ajouts et des changements"),
                ], ""))
                (ui::submit("Lire les fichiers"))
            }
            p { a href={ (PATH) "/modele.csv" } { "Télécharger le modèle de liste (CSV)" } }
        }
    })
}

fn row(exchange: &Exchange<'_>, zone: &clock::Zone, import: &Import) -> Vec<Markup> {
    let total = import.counts.total();
    let names: Vec<&str> = import.files.iter().map(|file| file.name.as_str()).collect();
    vec![
        html! { a href={ (PATH) "/" (import.id) } { (zone.short(import.created_at, exchange.now())) } },
        html! { (shorten(&names)) },
        html! { (total.created) },
        html! { (total.changed) },
        html! { (total.left + total.deleted) },
        html! { (import.counts.rejected) },
        state(import),
    ]
}

/// « eleves.csv et 3 autres ».
fn shorten(names: &[&str]) -> String {
    match names {
        [] => "–".to_owned(),
        [one] => (*one).to_owned(),
        [first, others @ ..] => format!("{first} et {} autre{}", others.len(), if others.len() > 1 { "s" } else { "" }),
    }
}

/// The state of an import, in words.
pub(crate) fn state(import: &Import) -> Markup {
    let (tone, words) = match import.state.as_str() {
        "reading" => (Tone::Neutral, "En préparation"),
        "ready" => (Tone::Attention, "À confirmer"),
        "applying" => (Tone::Attention, "En cours"),
        "applied" => (Tone::Good, "Appliqué"),
        _ => (Tone::Neutral, "Annulé"),
    };
    ui::badge(tone, words)
}

/// What its files are, in words.
pub(crate) const fn mode(import: &Import) -> &'static str {
    match import.mode {
        Mode::Full => "Fichiers complets : qui n’y est pas est parti.",
        Mode::Delta => "Ajouts et changements : qui n’y est pas reste comme il est.",
    }
}
