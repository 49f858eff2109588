//! Names that were misspelt (D-6): for what was typed, the nearest that words of names could have been. What is proposed is
//! only a text to search again: the search itself shows whom the viewer may see, and nobody else.

use store::{Database, params};

use crate::Error;

/// Shorter words resemble too much.
const SHORTEST: usize = 4;
/// Texts proposed.
const MOST: usize = 4;

/// What may have been meant, the nearest first: one word changed, at most 4 texts; none when nothing is near. Reads all the
/// words of the index that could do: some milliseconds for 100,000 people, to be asked when a search found little.
pub(super) fn similar(database: &impl Database, words: &[String]) -> Result<Vec<String>, Error> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        for (distance, near) in nearest(database, word)? {
            let mut changed = words.to_vec();
            if let Some(word) = changed.get_mut(place) {
                *word = near;
            }
            found.push((distance, changed.join(" ")));
        }
    }
    found.sort();
    found.truncate(MOST);
    Ok(found.into_iter().map(|(_, text)| text).collect())
}

/// Words of names at a small distance. A slip hardly ever spares neither the first letter nor the second.
fn nearest(database: &impl Database, word: &str) -> Result<Vec<(usize, String)>, Error> {
    let length = word.chars().count();
    if length < SHORTEST {
        return Ok(Vec::new());
    }
    let allowed = if length < 6 { 1 } else { 2 };
    let rows = database.execute(
        "SELECT v.term FROM person_word v WHERE length(v.term) BETWEEN ?2 - 2 AND ?2 + 12
            AND (substr(v.term, 1, 1) = substr(?1, 1, 1) OR substr(v.term, 2, 1) = substr(?1, 2, 1))",
        params![word, i64::try_from(length).unwrap_or(i64::MAX)],
    )?;
    let mut near = Vec::new();
    for row in &rows {
        let term = row.text(0)?;
        // She may not have typed the end.
        let begun = |letters: usize| term.chars().take(letters).collect::<String>();
        let distances = [
            strsim::osa_distance(word, term),
            strsim::osa_distance(word, &begun(length)),
            strsim::osa_distance(word, &begun(length + 1)),
        ];
        match distances.into_iter().min() {
            Some(distance @ 1..) if distance <= allowed => near.push((distance, term.to_owned())),
            _ => {}
        }
    }
    near.sort();
    near.truncate(MOST);
    Ok(near)
}
