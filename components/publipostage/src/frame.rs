//! What all pages of account letters have in common: tabs, the choice of the establishment.

use maud::{Markup, html};
use web::{Exchange, Page, ui};

use crate::access::Place;

/// The tabs: path, name, and whether only local administrators of the establishment have it.
const TABS: [(&str, &str, bool); 5] = [
    ("/publipostage", "Comptes", false),
    ("/publipostage/campaigns", "Campagnes", false),
    ("/publipostage/models", "Lettres types", true),
    ("/publipostage/letterhead", "En-tête des courriers", true),
    ("/publipostage/class-admins", "Administrateurs de classes", true),
];

/// A page under the tab `path`.
pub(crate) fn page(place: &Place, path: &str, title: &str, body: Markup) -> Page {
    let several = place.all.len() > 1;
    let query = if several { format!("?uai={}", place.uai) } else { String::new() };
    let nav = html! {
        nav.toolbar aria-label="Publipostage" {
            @for (href, label, whole) in TABS {
                @if place.whole || !whole {
                    a.button.primary[href == path] href={ (href) (query) } aria-current=[(href == path).then_some("page")] { (label) }
                }
            }
        }
    };
    let page = Page::new(title, html! { (nav) (body) }).wide();
    if !several {
        return page;
    }
    let names: Vec<_> = place.all.iter().map(|(uai, name)| (uai.as_str(), name.as_str())).collect();
    page.actions(html! {
        form.inline method="get" action=(path) {
            (ui::select("uai", "Établissement", &names, &place.uai))
            button type="submit" { "Changer" }
        }
    })
}

/// The hidden fields of a form that does something in the establishment.
pub(crate) fn hidden(exchange: &Exchange<'_>, place: &Place) -> Markup {
    html! { (ui::csrf(exchange)) (ui::hidden("uai", &place.uai)) }
}

/// A mail address, which may be broken before its domain where there is little room.
pub(crate) fn mail(address: &str) -> Markup {
    html! {
        @match address.split_once('@') {
            Some((name, domain)) => { (name) wbr; "@" (domain) },
            None => (address),
        }
    }
}

/// "1 compte", "12 comptes"
pub(crate) fn counted(count: u32, one: &str, several: &str) -> String {
    if count < 2 { format!("{count} {one}") } else { format!("{count} {several}") }
}
