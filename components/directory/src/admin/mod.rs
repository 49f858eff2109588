//! The pages of local administrators: rules, simulator, prohibitions, accounts, lists, settings.
//! The route says "administrator of something"; [`administered`] says of what, on each request.

pub(crate) mod api;
pub(crate) mod lists;
pub(crate) mod people;
mod pick;
pub(crate) mod prohibitions;
pub(crate) mod rules;
pub(crate) mod settings;
pub(crate) mod simulator;
mod words;

use ::people::Uai;
use maud::{Markup, html};
use web::{Exchange, Page, Problem};

/// The establishment that is administered here, asked for by `uai` (query or form).
pub(crate) fn administered(exchange: &Exchange<'_>) -> Result<Uai, Problem> {
    let asked = exchange.query_value("uai");
    if asked.is_empty() {
        return exchange.administered(exchange.form().map_or("", |form| form.get("uai")));
    }
    exchange.administered(&asked)
}

/// A page of the administration, with the way to its neighbours; `path` is its own among them.
pub(crate) fn page(exchange: &Exchange<'_>, uai: &Uai, path: &str, title: &str, body: Markup) -> Result<Page, Problem> {
    let pages = [
        ("/directory/admin/rules", "Droits"),
        ("/directory/admin/simulator", "Simulateur"),
        ("/directory/admin/prohibitions", "Interdictions"),
        ("/directory/admin/lists", "Listes de diffusion"),
        ("/directory/admin/people", "Comptes"),
        ("/directory/import", "Imports"),
        ("/directory/admin/settings", "Réglages"),
    ];
    let viewer = exchange.viewer()?;
    let several = viewer.administers.len() > 1;
    let nav = html! {
        nav.toolbar aria-label="Administration" {
            @for (href, label) in pages {
                a.button.primary[href == path] href={ (href) @if several { "?uai=" (uai) } }
                    aria-current=[(href == path).then_some("page")] { (label) }
            }
        }
    };
    let mut page = Page::new(title, html! { (nav) (body) }).crumb("Annuaire", "/directory").wide();
    if several {
        page = page.actions(choice(exchange, path, uai)?);
    }
    Ok(page)
}

/// The choice of the establishment, for those who administer several.
fn choice(exchange: &Exchange<'_>, path: &str, uai: &Uai) -> Result<Markup, Problem> {
    let all = exchange.all_administered()?;
    let names: Vec<_> = all.iter().map(|(uai, name)| (uai.as_str(), name.as_str())).collect();
    Ok(html! {
        form.inline method="get" action=(path) {
            (web::ui::select("uai", "Établissement", &names, uai.as_str()))
            button type="submit" { "Changer" }
        }
    })
}

/// The hidden fields of a form that changes something in the establishment.
fn hidden(exchange: &Exchange<'_>, uai: &Uai) -> Markup {
    html! { (web::ui::csrf(exchange)) (web::ui::hidden("uai", uai.as_str())) }
}

/// The hidden field of a form that asks something about the establishment.
fn hidden_query(uai: &Uai) -> Markup {
    web::ui::hidden("uai", uai.as_str())
}
