//! The parts that both pages have: tabs, ways to the composer, ways from page to page.

use maud::{Markup, html};
use web::Exchange;

/// Page sizes to choose from (D-1).
pub(crate) const SIZES: [(&str, &str); 5] = [("5", "5"), ("10", "10"), ("25", "25"), ("50", "50"), ("100", "100")];

/// "Personnes | Groupes | Groupes ad hoc | Carnet d’adresses | Favoris", the third for those who may keep some (D-3); the
/// administration for those who have one.
pub(crate) fn tabs(exchange: &Exchange<'_>, current: &str) -> Markup {
    let keeps =
        exchange.visitor().is_some_and(|viewer| viewer.has(web::Role::DirectoryManager) || viewer.is_local_admin());
    let admin = exchange.visitor().is_some_and(web::Viewer::is_local_admin);
    let tabs = [
        ("/directory", "Personnes", true),
        ("/directory/groups", "Groupes", true),
        ("/directory/my-groups", "Groupes ad hoc", keeps),
        ("/directory/contacts", "Carnet d’adresses", true),
        ("/directory/bookmarks", "Favoris", true),
    ];
    html! {
        nav.toolbar aria-label="Annuaire" {
            @for (href, label, _) in tabs.into_iter().filter(|(.., shown)| *shown) {
                a.button.primary[href == current] href=(href) aria-current=[(href == current).then_some("page")] { (label) }
            }
            @if admin { a.button href="/directory/admin/rules" { "Administration" } }
        }
    }
}

/// Whether messages can be written here: the component is enabled (U-3).
pub(crate) fn can_write(exchange: &Exchange<'_>) -> bool {
    exchange.menu().any(|item| item.id == "send-message")
}

/// The way to a message for one recipient; `kind` is `person` or `group`.
pub(crate) fn write_to(kind: &str, id: &str, name: &str) -> Markup {
    html! {
        a.button href={ "/send-message/compose?to=" (kind) ":" (id) } aria-label={ "Écrire à " (name) } { "Écrire" }
    }
}

/// The box that selects one recipient.
pub(crate) fn tick(kind: &str, id: &str, name: &str) -> Markup {
    html! { input type="checkbox" name="to" value={ (kind) ":" (id) } aria-label={ "Sélectionner " (name) }; }
}

/// A table whose rows can be selected, and what to do with the selection; a page of 100 fits in an address.
pub(crate) fn selectable(table: &Markup, writable: bool) -> Markup {
    if !writable {
        return table.clone();
    }
    html! {
        form method="get" action="/send-message/compose" {
            div.bulk {
                label.check { input type="checkbox" data-check-all="to"; span { "Tout sélectionner sur cette page" } }
                button type="submit" { "Écrire aux sélectionnés" }
                button type="submit" formaction="/directory/contacts/add" { "Ajouter à mon carnet" }
                button type="submit" formaction="/directory/bookmarks/new" { "Garder en favori" }
            }
            (table)
        }
    }
}

/// How many there are, and what can be done with all of them.
pub(crate) fn summary(count: Option<u32>, most: u32, everyone: Option<&Markup>, export: &str) -> Markup {
    html! {
        div.bulk {
            p role="status" {
                strong {
                    @match count {
                        Some(count @ (0 | 1)) => { (count) " résultat" },
                        Some(count) => { (count) " résultats" },
                        None => { "Plus de " (most) " résultats" },
                    }
                }
            }
            @if let Some(everyone) = everyone { (everyone) }
            a.button href=(export) download { "Exporter en CSV" }
        }
    }
}

/// The field for a name.
pub(crate) fn name(typed: &str) -> Markup {
    html! {
        div.field {
            label for="q" { "Nom" }
            input id="q" name="q" type="search" value=(typed) autocomplete="off" spellcheck="false";
        }
    }
}

/// An address: `base` and those of the parameters that say something.
pub(crate) fn address<V: AsRef<str>>(base: &str, pairs: &[(&str, V)]) -> String {
    let mut address = base.to_owned();
    let given = pairs.iter().map(|(name, value)| (name, value.as_ref())).filter(|(_, value)| !value.is_empty());
    for (index, (name, value)) in given.enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&web::url_escape(value));
    }
    address
}

/// The way to the next page and back to the first: `here` is the first page.
pub(crate) fn pages(here: &str, begun: bool, next: Option<&people::Cursor>) -> Markup {
    let join = if here.contains('?') { '&' } else { '?' };
    html! {
        @if begun || next.is_some() {
            nav.pager aria-label="Pages" {
                @if begun { a.button href=(here) { "← Début de la liste" } }
                @if let Some(next) = next {
                    a.button rel="next" href={ (here) (join) "cursor=" (next) } { "Page suivante →" }
                }
            }
        }
    }
}
