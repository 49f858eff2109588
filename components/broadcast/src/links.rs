//! The tabs of the section.

use announce::{flash, liaison};
use maud::{Markup, html};
use web::Exchange;

/// "Rubriques | Actualités | Agenda | Carnet de liaison | Messages flash", the last two for those whom they concern.
pub(crate) fn tabs(exchange: &Exchange<'_>, current: &str) -> Markup {
    let Some(viewer) = exchange.visitor() else { return html! {} };
    let notices =
        viewer.profile == web::Profile::Relative || liaison::may_write(exchange.db(), &viewer.id).unwrap_or(false);
    let flashes = flash::establishments(exchange.db(), &viewer.id).is_ok_and(|own| !own.is_empty());
    let tabs = [
        ("/broadcast", "Rubriques", true),
        ("/broadcast/news", "Actualités", true),
        ("/broadcast/agenda", "Agenda", true),
        ("/broadcast/liaison", "Carnet de liaison", notices),
        ("/broadcast/flash", "Messages flash", flashes),
    ];
    html! {
        nav.toolbar aria-label="Rubriques" {
            @for (href, label, _) in tabs.into_iter().filter(|(.., shown)| *shown) {
                a.button.primary[href == current] href=(href) aria-current=[(href == current).then_some("page")] { (label) }
            }
        }
    }
}
