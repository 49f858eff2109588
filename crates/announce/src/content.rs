//! What people write: titles, formatted bodies, ids.

use submission::Body;

use crate::Error;

/// Characters of a title.
const TITLE: usize = 150;
/// Ids in one list: more would not fit a sensible form.
const IDS: usize = 2000;

/// A title: one line of 1 to 150 characters.
pub(crate) fn title(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > TITLE || text.chars().any(char::is_control) {
        return Err(Error::invalid("title", "Donnez un titre d’une ligne, de 150 caractères au plus."));
    }
    Ok(text.to_owned())
}

/// A body: HTML as written, sanitised as those of messages are; it must say something.
pub(crate) fn body(html: &str) -> Result<Body, Error> {
    let body = Body::parse(html).map_err(|_| {
        Error::invalid(
            "body",
            "Le texte est trop long (200 Ko au plus, mise en forme comprise) ou sa mise en forme est trop imbriquée. Raccourcissez-le.",
        )
    })?;
    if body.text.trim().is_empty() {
        return Err(Error::invalid("body", "Écrivez un texte."));
    }
    Ok(body)
}

/// A body as written, made safe to be shown to its author again; none when it cannot be taken at all.
#[must_use]
pub fn shown_again(html: &str) -> Option<String> {
    Body::parse(html).ok().map(|body| body.html)
}

/// Ids as a JSON array, for the database to take apart.
pub(crate) fn ids(field: &'static str, ids: &[String]) -> Result<String, Error> {
    if ids.len() > IDS {
        return Err(Error::invalid(field, "Cela fait trop d’éléments : choisissez plutôt un groupe entier."));
    }
    json(ids)
}

/// Texts as a JSON array.
pub(crate) fn json(texts: &[String]) -> Result<String, Error> {
    serde_json::to_string(texts).map_err(|error| Error::Store(store::Error::Unavailable(error.to_string())))
}

/// A JSON array of the database as texts.
pub(crate) fn list<T: serde::de::DeserializeOwned>(json: &str) -> Result<Vec<T>, Error> {
    serde_json::from_str(json).map_err(|error| Error::Store(store::Error::Unavailable(error.to_string())))
}

/// The first characters of a text, whole words, on one line.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

/// A client's idempotency key: 1 to 128 visible ASCII characters.
pub(crate) fn key(key: Option<&str>) -> Result<Option<&str>, Error> {
    match key {
        Some(key) if key.is_empty() || key.len() > 128 || !key.bytes().all(|byte| byte.is_ascii_graphic()) => Err(
            Error::invalid("Idempotency-Key", "La clé d’idempotence est faite de 1 à 128 caractères ASCII visibles."),
        ),
        key => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use super::{body, excerpt, title};

    #[test]
    fn titles_are_lines() {
        assert_eq!(title("  Sortie au musée ").unwrap(), "Sortie au musée");
        for odd in ["", "  ", "a\nb", &"x".repeat(151)] {
            assert!(title(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn a_body_that_only_looks_like_something_is_none() {
        assert!(body("<p><br></p><script>1</script>").is_err());
        assert_eq!(body("<p onclick=a>Oui</p>").unwrap().html, "<p>Oui</p>");
    }

    #[test]
    fn excerpts_end_with_a_whole_word() {
        assert_eq!(excerpt("un  deux\ntrois", 100), "un deux trois");
        assert_eq!(excerpt("un deux trois", 9), "un deux…");
        assert_eq!(excerpt("éééééé", 3), "ééé…");
    }
}
