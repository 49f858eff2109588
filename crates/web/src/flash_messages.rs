//! Flash messages of the head of the school (B-4), at the top of every page of those they are for, until they are dismissed
//! or over. They are `broadcast`'s: without it they could not be dismissed, and are not shown.

use maud::{Markup, html};
use serde::Deserialize;

use crate::{Exchange, ui};

/// One of them: id, level (`urgent`, `warning`, `info`), text.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FlashMessage(String, String, String);

/// The instant at which pages of this exchange show them; none where they are not shown.
pub(crate) fn shown_at(exchange: &Exchange<'_>) -> Option<i64> {
    exchange.menu.iter().any(|item| item.id == "broadcast").then_some(exchange.now)
}

/// Those of the viewer, the most urgent first.
pub(crate) fn shown(exchange: &Exchange<'_>) -> Markup {
    html! { @for message in &exchange.flash_messages { (one(exchange, message)) } }
}

fn one(exchange: &Exchange<'_>, FlashMessage(id, level, text): &FlashMessage) -> Markup {
    let (tone, title) = match level.as_str() {
        "urgent" => ("bad", "Urgent"),
        "warning" => ("attention", "Important"),
        _ => ("", "Information"),
    };
    html! {
        section.notice.announcement.(tone) aria-label={ "Message de l’établissement : " (title) } {
            p { strong { (title) } " " (text) }
            form method="post" action={ "/broadcast/flash/" (id) "/dismiss" } {
                (ui::csrf(exchange))
                (ui::hidden("next", exchange.path_and_query()))
                button type="submit" { "J’ai lu" }
            }
        }
    }
}
