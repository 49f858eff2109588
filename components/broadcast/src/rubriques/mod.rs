//! Rubriques (B-1): who sees which, and the shell of their pages. What one may do is asked of the views, by the crate
//! `rubriques`, on each request.

pub(crate) mod api;
pub(crate) mod home;
pub(crate) mod one;
pub(crate) mod settings;

use ::rubriques::{Error, MOST_SEATS, Refusal, Rubrique};
use maud::{Markup, html};
use web::{Exchange, Page, Problem};

/// Codes of the problems that [`failed`] gives, for the OpenAPI document.
pub(crate) const CODES: &[&str] = &["invalid", "name-taken", "group-refused", "not-found"];

/// The pages of a rubrique: what its path ends with, its label, whether it is for its editors alone.
const SECTIONS: &[(&str, &str, bool)] = &[
    ("", "Présentation", false),
    ("/news", "Actualités", false),
    ("/agenda", "Agenda", false),
    ("/message", "Envoyer un message", true),
    ("/sends", "Envois", true),
];

/// The rubrique of the path, for whoever reads it or administers its establishment; for others there is none.
pub(crate) fn seen(exchange: &Exchange<'_>) -> Result<Rubrique, Problem> {
    let found = ::rubriques::one(exchange.db(), &exchange.viewer()?.id, exchange.param("id"))?;
    found.ok_or_else(Problem::not_found)
}

/// The rubrique of the path, for its editors.
pub(crate) fn edited(exchange: &Exchange<'_>) -> Result<Rubrique, Problem> {
    editable(seen(exchange)?)
}

/// Refuses those who do not edit it.
pub(crate) fn editable(rubrique: Rubrique) -> Result<Rubrique, Problem> {
    if rubrique.edits {
        return Ok(rubrique);
    }
    Err(if rubrique.closed_at.is_some() {
        Problem::conflict(
            "rubrique-closed",
            "Cette rubrique est fermée. Ouvrez-la de nouveau dans ses réglages pour y écrire.",
        )
    } else {
        Problem::forbidden(
            "Seuls les rédacteurs de cette rubrique y écrivent. Demandez à l’administrateur de l’établissement d’en faire partie.",
        )
    })
}

/// The rubrique of the path, for the local administrators of its very establishment.
pub(crate) fn administered(exchange: &Exchange<'_>) -> Result<Rubrique, Problem> {
    let rubrique = seen(exchange)?;
    if rubrique.administers { Ok(rubrique) } else { Err(Problem::not_found()) }
}

/// What was refused, in the words of the person at the screen.
pub(crate) fn failed(error: Error) -> Problem {
    let refusal = match error {
        Error::Refused(refusal) => refusal,
        Error::Store(error) => return error.into(),
    };
    match refusal {
        Refusal::Unknown => Problem::not_found(),
        Refusal::Name => Problem::invalid("name", "Donnez un nom de 1 à 100 caractères."),
        Refusal::NameTaken => Problem::conflict(
            "name-taken",
            "Une rubrique ouverte de l’établissement porte déjà ce nom. Donnez-en un autre, ou fermez la première.",
        )
        .with("errors", serde_json::json!([{ "field": "name", "detail": "Ce nom est déjà pris." }])),
        Refusal::Description => Problem::invalid("description", "La description doit tenir en 2 000 caractères."),
        Refusal::Group => Problem::refused(
            "group-refused",
            "Un des groupes n’est pas de l’établissement, ou n’a pas de membres de ce profil. Les groupes de tout l’ENT et ceux d’un autre établissement ne conviennent pas : choisissez-les dans la liste.",
        ),
        Refusal::TooMany => Problem::invalid(
            "groups",
            format!("{MOST_SEATS} rédacteurs et {MOST_SEATS} populations au plus par rubrique."),
        ),
    }
}

/// A page of a rubrique, with the way to its neighbours; `section` is the end of its path.
pub(crate) fn page(rubrique: &Rubrique, section: &str, body: Markup) -> Page {
    let base = format!("/broadcast/rubriques/{}", rubrique.id);
    let shown = SECTIONS.iter().filter(|(_, _, editors)| !editors || rubrique.edits);
    let tab = |path: &str, label: &str| {
        html! {
            a.button.primary[path == section] href={ (base) (path) } aria-current=[(path == section).then_some("page")] { (label) }
        }
    };
    let nav = html! {
        nav.toolbar aria-label={ "Rubrique " (rubrique.name) } {
            @for (path, label, _) in shown { (tab(path, label)) }
            @if rubrique.administers { (tab("/settings", "Réglages")) }
        }
    };
    Page::new(rubrique.name.clone(), html! { (nav) (body) }).crumb("Rubriques", "/broadcast").wide()
}
