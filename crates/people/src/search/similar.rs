//! Names that were misspelt (D-6): for what was typed, the nearest that words of names could have been. What is proposed is
//! only a text to search again: the search itself shows whom the viewer may see, and nobody else.

use store::{Database, Value};

use super::pages;
use super::people::{self, COLUMNS, FoundPerson, PeopleQuery};
use crate::{Error, words};

/// Shorter words resemble too much.
const SHORTEST: usize = 4;
/// Texts proposed.
const MOST: usize = 4;

/// A text that may have been meant: one word changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Near {
    distance: usize,
    text: String,
    /// How many names of the network have the changed word: no more match.
    most: i64,
}

/// What may have been meant by a text that found nobody: the nearest that finds somebody whom the viewer may write to.
///
/// # Errors
/// When the database cannot be used.
pub fn meant(database: &impl Database, query: &PeopleQuery<'_>) -> Result<Option<String>, Error> {
    let mut near = similar(database, &words(query.text))?;
    if near.is_empty() {
        return Ok(None);
    }
    let query = PeopleQuery { after: None, ..query.clone() };
    let (statement, parameters) = pages::of_texts(&query, &texts(&near), 1, NEAREST)?;
    let row = database.first(&statement, &parameters)?.ok_or(store::Error::Column(0))?;
    let nearest = row.optional_integer(0)?.and_then(|number| usize::try_from(number).ok());
    Ok(nearest.filter(|number| *number < near.len()).map(|number| near.swap_remove(number).text))
}

const NEAREST: &str = "SELECT min(x.text) FROM page x";

/// People whose names are near the query's text: for each of the near texts, the nearest first, at most `limit`, by name. Their
/// ties are not known yet.
pub(super) fn people_near(
    database: &impl Database,
    query: &PeopleQuery<'_>,
    limit: u32,
) -> Result<Vec<Vec<FoundPerson>>, Error> {
    let near = similar(database, &words(query.text))?;
    if near.is_empty() {
        return Ok(Vec::new());
    }
    let shown = format!(
        "SELECT {COLUMNS}, x.text FROM page x CROSS JOIN person p ON p.n = x.n ORDER BY x.text, p.folded_name, p.id"
    );
    let (statement, parameters) = pages::of_texts(query, &texts(&near), limit, &shown)?;
    let mut people = vec![Vec::new(); near.len()];
    for row in &database.execute(&statement, &parameters)? {
        let of_text = usize::try_from(row.integer(8)?).ok().and_then(|number| people.get_mut(number));
        of_text.ok_or(store::Error::Column(8))?.push(people::found(row)?.1);
    }
    Ok(people)
}

fn texts(near: &[Near]) -> Vec<(&str, i64)> {
    near.iter().map(|near| (near.text.as_str(), near.most)).collect()
}

/// What may have been meant, the nearest first, at most 4 texts; none when nothing is near.
fn similar(database: &impl Database, words: &[String]) -> Result<Vec<Near>, Error> {
    let long: Vec<(usize, &String)> =
        words.iter().enumerate().filter(|(_, word)| word.chars().count() >= SHORTEST).collect();
    if long.is_empty() {
        return Ok(Vec::new());
    }
    let parameters: Vec<Value> = long.iter().map(|(_, word)| word.as_str().into()).collect();
    let rows = database.execute(&terms(long.len()), &parameters)?;
    let mut found = Vec::new();
    for (column, (place, word)) in long.into_iter().enumerate() {
        let mut terms = Vec::new();
        for row in &rows {
            if row.boolean(2 + column)? {
                terms.push((row.text(0)?, row.integer(1)?));
            }
        }
        for (distance, near) in nearest(word, &terms) {
            let mut changed = words.to_vec();
            if let Some(word) = changed.get_mut(place) {
                near.clone_into(word);
            }
            let begun = terms.iter().filter(|(term, _)| term.starts_with(near)).map(|(_, names)| names);
            found.push(Near { distance, text: changed.join(" "), most: begun.sum() });
        }
    }
    found.sort();
    found.truncate(MOST);
    Ok(found)
}

/// The words of names that one of so many words could have been, how many names have each, and then whether it could have been
/// the first, the second and so on. A slip hardly ever spares neither the first letter nor the second. Reads all the words of
/// the index, once: some milliseconds for 100,000 people, to be asked when a search found little.
fn terms(words: usize) -> String {
    let could_be = |word| {
        format!(
            "(length(v.term) BETWEEN length(?{word}) - 2 AND length(?{word}) + 12
                AND (substr(v.term, 1, 1) = substr(?{word}, 1, 1) OR substr(v.term, 2, 1) = substr(?{word}, 2, 1)))"
        )
    };
    let each: Vec<String> = (1..=words).map(could_be).collect();
    format!("SELECT v.term, v.doc, {} FROM person_word v WHERE {}", each.join(", "), each.join(" OR "))
}

/// Those of the words at a small distance.
fn nearest<'a>(word: &str, terms: &[(&'a str, i64)]) -> Vec<(usize, &'a str)> {
    let length = word.chars().count();
    let allowed = if length < 6 { 1 } else { 2 };
    let mut near = Vec::new();
    for (term, _) in terms {
        // She may not have typed the end.
        let begun = |letters: usize| term.chars().take(letters).collect::<String>();
        let distances = [
            strsim::osa_distance(word, term),
            strsim::osa_distance(word, &begun(length)),
            strsim::osa_distance(word, &begun(length + 1)),
        ];
        match distances.into_iter().min() {
            Some(distance @ 1..) if distance <= allowed => near.push((distance, *term)),
            _ => {}
        }
    }
    near.sort_unstable();
    near.truncate(MOST);
    near
}
