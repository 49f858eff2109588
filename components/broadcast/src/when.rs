//! Days and times in forms, as the clocks of the viewer's establishment show them.

use web::{Exchange, Form, Problem};

/// The instant (UTC milliseconds) of the `datetime-local` field `name`; none when it is empty.
///
/// # Errors
/// 422 for what is no date.
pub(crate) fn asked(exchange: &Exchange<'_>, form: &Form, name: &str) -> Result<Option<i64>, Problem> {
    let text = form.get(name);
    if text.is_empty() {
        return Ok(None);
    }
    let instant = exchange.viewer()?.zone().of_minute(text);
    instant
        .map(Some)
        .ok_or_else(|| Problem::invalid(name, "Donnez un jour et une heure, par exemple 2026-10-01T08:00."))
}

/// What such a field shows of an instant.
pub(crate) fn shown(exchange: &Exchange<'_>, at: Option<i64>) -> Result<String, Problem> {
    Ok(at
        .map_or_else(String::new, |at| exchange.viewer().map(|viewer| viewer.zone().to_minute(at)).unwrap_or_default()))
}

/// An instant in words: « jeudi 1er octobre 2026 à 08:00 ».
pub(crate) fn long(exchange: &Exchange<'_>, at: i64) -> Result<String, Problem> {
    Ok(exchange.viewer()?.zone().long(at))
}
