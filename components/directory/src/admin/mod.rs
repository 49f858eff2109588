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
use store::params;
use web::{Exchange, Page, Problem};

/// The establishment that is administered here: the one asked for by `uai` (query or form), else the viewer's own, else
/// her first. An establishment that she does not administer is nothing she may know of.
pub(crate) fn administered(exchange: &Exchange<'_>) -> Result<Uai, Problem> {
    let asked = exchange.query_value("uai");
    let asked = if asked.is_empty() {
        exchange.form().map_or_else(|_| String::new(), |form| form.get("uai").to_owned())
    } else {
        asked
    };
    administered_as(exchange, &asked)
}

/// The same, where the caller read `uai` elsewhere; empty for the default.
pub(crate) fn administered_as(exchange: &Exchange<'_>, asked: &str) -> Result<Uai, Problem> {
    let viewer = exchange.viewer()?;
    let default = if viewer.administers(&viewer.uai) { Some(&viewer.uai) } else { viewer.administers.first() };
    let uai = if asked.is_empty() { default.map_or("", String::as_str) } else { asked };
    if !viewer.administers(uai) {
        return Err(Problem::not_found());
    }
    uai.parse().map_err(|_| Problem::not_found())
}

/// Dates as the establishment reads them.
pub(crate) fn zone(exchange: &Exchange<'_>, uai: &Uai) -> Result<clock::Zone, Problem> {
    let row = exchange.db().first("SELECT timezone FROM establishment WHERE uai = ?1", params![uai.as_str()])?;
    let name = row.map(|row| row.text(0).map(str::to_owned)).transpose()?;
    Ok(clock::Zone::named(name.as_deref().unwrap_or("Europe/Paris")))
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
    let rows = exchange.db().execute(
        "SELECT e.uai, e.name FROM local_admin a JOIN establishment e ON e.uai = a.uai WHERE a.person_id = ?1 ORDER BY e.name",
        params![exchange.viewer()?.id.as_str()],
    )?;
    let names = rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect::<Result<Vec<_>, store::Error>>()?;
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
