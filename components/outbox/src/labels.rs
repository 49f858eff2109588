//! How states, instants and counts are said on the pages.

use queue::State;
use web::Markup;
use web::ui::{Tone, badge};

/// A state in its colour.
pub(crate) fn state(state: State) -> Markup {
    let tone = match state {
        State::Sent => Tone::Good,
        State::Failed | State::Dead => Tone::Bad,
        State::Held => Tone::Attention,
        State::Pending | State::Leased | State::Cancelled => Tone::Neutral,
    };
    badge(tone, state.label())
}

/// « 1 destinataire », « 3 destinataires ».
pub(crate) fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number < 2 { one } else { many })
}
