//! Flash messages of the head of the school (B-4), at the top of every page of those they are for, until they are dismissed
//! or over. They are `broadcast`'s: without it they could not be dismissed, and are not shown.

use maud::{Markup, html};
use store::{Row, params};

use crate::{Exchange, ui};

// By the person's few groups to the open messages of her establishments: no row on most pages.
const SHOWN: &str = "
    SELECT id, level, text FROM flash_shown WHERE person_id = ?1 AND starts_at <= ?2 AND ends_at > ?2
    ORDER BY level = 'urgent' DESC, level = 'warning' DESC, id";

/// Nothing for those who are not signed in. A message that cannot be read now must not keep anybody from the page.
pub(crate) fn shown(exchange: &Exchange<'_>) -> Markup {
    let rows = match exchange.visitor() {
        Some(viewer) if exchange.menu().any(|item| item.id == "broadcast") => {
            exchange.db().execute(SHOWN, params![&viewer.id, exchange.now()]).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    html! { @for row in &rows { (one(exchange, row).unwrap_or_default()) } }
}

fn one(exchange: &Exchange<'_>, row: &Row) -> Result<Markup, store::Error> {
    let (id, level) = (row.text(0)?, row.text(1)?);
    let (tone, title) = match level {
        "urgent" => ("bad", "Urgent"),
        "warning" => ("attention", "Important"),
        _ => ("", "Information"),
    };
    Ok(html! {
        section.notice.announcement.(tone) aria-label={ "Message de l’établissement : " (title) } {
            p { strong { (title) } " " (row.text(2)?) }
            form method="post" action={ "/broadcast/flash/" (id) "/dismiss" } {
                (ui::csrf(exchange))
                (ui::hidden("next", exchange.path_and_query()))
                button type="submit" { "J’ai lu" }
            }
        }
    })
}
