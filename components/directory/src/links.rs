//! The parts that both pages have: tabs, ways to the composer, ways from page to page.

use maud::{Markup, html};
use web::{Exchange, Problem, Viewer, ui};

use crate::ask::{failed, own_establishment};

/// Page sizes to choose from (D-1).
pub(crate) const SIZES: [(&str, &str); 5] = [("5", "5"), ("10", "10"), ("25", "25"), ("50", "50"), ("100", "100")];

/// "Personnes | Groupes", and the administration for those who have one.
pub(crate) fn tabs(exchange: &Exchange<'_>, current: &str) -> Markup {
    let tabs = [("/directory", "Personnes"), ("/directory/groups", "Groupes")];
    let own = [("/directory/contacts", "Carnet d’adresses"), ("/directory/bookmarks", "Favoris")];
    let admin = exchange.visitor().is_some_and(Viewer::is_local_admin);
    html! {
        nav.toolbar aria-label="Annuaire" {
            @for (href, label) in tabs.into_iter().chain(own) {
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

/// A table whose rows can be selected, and what to do with the selection.
pub(crate) fn selectable(table: &Markup, writable: bool) -> Markup {
    if !writable {
        return table.clone();
    }
    html! {
        form method="get" action="/send-message/compose" {
            div.bulk {
                label.check { input type="checkbox" data-check-all="to"; span { "Tout sélectionner" } }
                button type="submit" { "Écrire aux sélectionnés" }
                button type="submit" formaction="/directory/contacts/add" { "Ajouter à mon carnet" }
                button type="submit" formaction="/directory/bookmarks/new" { "Garder en favori" }
            }
            (table)
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

/// "Chercher dans tout l’ENT", for those whose directory goes beyond their establishment, when there is a beyond.
pub(crate) fn everywhere(exchange: &Exchange<'_>, viewer: &Viewer, ticked: bool) -> Result<Markup, Problem> {
    let wide = own_establishment(viewer).is_some() && people::is_network(&exchange.db()).map_err(failed)?;
    Ok(if wide {
        ui::checkbox("everywhere", "1", "Chercher dans tout l’ENT", ticked)
    } else {
        html! {}
    })
}

/// The way to the next page and back to the first: `base` is the path, `query` the parameters but the cursor.
pub(crate) fn pages(base: &str, query: &[(&str, &str)], begun: bool, next: Option<&people::Cursor>) -> Markup {
    let mut parameters = String::new();
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        parameters.push_str(if parameters.is_empty() { "?" } else { "&" });
        parameters.push_str(name);
        parameters.push('=');
        parameters.push_str(&web::url_escape(value));
    }
    let join = if parameters.is_empty() { '?' } else { '&' };
    html! {
        @if begun || next.is_some() {
            nav.pager aria-label="Pages" {
                @if begun { a.button href={ (base) (parameters) } { "← Début de la liste" } }
                @if let Some(next) = next {
                    a.button rel="next" href={ (base) (parameters) (join) "cursor=" (next) } { "Page suivante →" }
                }
            }
        }
    }
}
