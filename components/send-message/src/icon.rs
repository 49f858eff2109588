//! The few pictures of the mailbox (S4): drawn here, since not every system has a font for them.

use web::{Markup, html};

/// A file is joined.
pub(crate) fn paper_clip(label: &str) -> Markup {
    icon(label, "M13.5 7.5 8 13a3 3 0 0 1-4.2-4.2l6-6a2 2 0 0 1 2.8 2.8l-5.6 5.7a1 1 0 0 1-1.4-1.5l4.6-4.6")
}

/// There is an exchange: two bubbles.
pub(crate) fn bubbles(label: &str) -> Markup {
    icon(label, "M1.5 2.5h8v5h-4l-2 2v-2h-2zM11.5 6h3v5h-1.5v2l-2-2H7v-1.5")
}

/// The viewer has answered.
pub(crate) fn answered(label: &str) -> Markup {
    icon(label, "M6.5 3 2 7.5 6.5 12M2.5 7.5h7a4 4 0 0 1 4 4V13")
}

fn icon(label: &str, path: &str) -> Markup {
    html! {
        svg.icon viewBox="0 0 16 16" width="16" height="16" role="img" aria-label=(label) fill="none" stroke="currentColor"
            stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" {
            title { (label) }
            path d=(path) {}
        }
    }
}
