//! How states, instants and counts are said on the pages.

use clock::Zone;
use queue::State;
use store::params;
use web::ui::{Tone, badge};
use web::{Exchange, Markup, Problem};

/// The zone of the viewer's establishment.
pub(crate) fn zone(exchange: &Exchange<'_>) -> Result<Zone, Problem> {
    let uai = exchange.viewer()?.uai.as_str();
    let row = exchange.db().first("SELECT timezone FROM establishment WHERE uai = ?1", params![uai])?;
    Ok(Zone::named(row.as_ref().map_or(Ok(""), |row| row.text(0))?))
}

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
