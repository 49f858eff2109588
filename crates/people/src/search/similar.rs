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

/// A word of names that could be meant by words that were typed, as [`could_be`] gives it.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Term {
    text: String,
    /// How many names have it.
    names: i64,
    /// Which of the [`long`] words it could be: 1 for the first, 2 for the second, 4 for the third.
    of: i64,
}

/// A text that may have been meant: one word changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Near {
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
    let words = words(query.text);
    let long: Vec<Value> = long(&words).into_iter().map(|(_, word)| word.into()).collect();
    if long.is_empty() {
        return Ok(None);
    }
    let row = database.first(&could_be(1, long.len(), "", ""), &long)?;
    let terms: Vec<Term> = serde_json::from_str(row.ok_or(store::Error::Column(0))?.text(0)?)?;
    let mut near = similar(&words, &terms);
    if near.is_empty() {
        return Ok(None);
    }
    let query = PeopleQuery { after: None, ..query.clone() };
    let (statement, parameters) = pages::of_texts(&query, &texts(&near), 1, "SELECT min(x.text) FROM page x")?;
    let row = database.first(&statement, &parameters)?.ok_or(store::Error::Column(0))?;
    let nearest = row.optional_integer(0)?.and_then(|number| usize::try_from(number).ok());
    Ok(nearest.filter(|number| *number < near.len()).map(|number| near.swap_remove(number).text))
}

/// For each of the texts, at most `limit` people, by name. Their ties are not known yet.
pub(super) fn people_near(
    database: &impl Database,
    query: &PeopleQuery<'_>,
    near: &[Near],
    limit: u32,
) -> Result<Vec<Vec<FoundPerson>>, Error> {
    let mut people = vec![Vec::new(); near.len()];
    if near.is_empty() {
        return Ok(people);
    }
    let shown = format!(
        "SELECT {COLUMNS}, x.text FROM page x CROSS JOIN person p ON p.n = x.n ORDER BY x.text, p.folded_name, p.id"
    );
    let (statement, parameters) = pages::of_texts(query, &texts(near), limit, &shown)?;
    for row in &database.execute(&statement, &parameters)? {
        let of_text = usize::try_from(row.integer(8)?).ok().and_then(|number| people.get_mut(number));
        of_text.ok_or(store::Error::Column(8))?.push(people::found(row)?.1);
    }
    Ok(people)
}

fn texts(near: &[Near]) -> Vec<(&str, i64)> {
    near.iter().map(|near| (near.text.as_str(), near.most)).collect()
}

/// The words for which others are looked for, and their places.
pub(super) fn long(words: &[String]) -> Vec<(usize, &str)> {
    let long = |(_, word): &(usize, &str)| word.chars().count() >= SHORTEST;
    words.iter().map(String::as_str).enumerate().filter(long).collect()
}

/// The statement that gives the words of names that the long words could be, in one row: JSON of [`Term`]s, and further columns.
/// The long words are so many parameters from `first`; where `only_if`, which stands before the index, has no row, nothing is
/// read. A slip hardly ever spares neither the first letter nor the second. This reads all the words of the index, once: some milliseconds for 100,000 people, to be asked when a search
/// found little.
pub(super) fn could_be(first: usize, long: usize, columns: &str, only_if: &str) -> String {
    let could_be = |word| {
        format!(
            "(length(v.term) BETWEEN length(?{word}) - 2 AND length(?{word}) + 12
                AND (substr(v.term, 1, 1) = substr(?{word}, 1, 1) OR substr(v.term, 2, 1) = substr(?{word}, 2, 1)))"
        )
    };
    let each: Vec<String> = (first..first + long).map(could_be).collect();
    let of: Vec<String> = each.iter().enumerate().map(|(index, it)| format!("{it} * {}", 1 << index)).collect();
    let (of, any) = (of.join(" + "), each.join(" OR "));
    format!(
        "SELECT json_group_array(json_array(v.term, v.doc, {of})) {columns} FROM {only_if} person_word v WHERE {any}"
    )
}

/// What may have been meant, the nearest first, at most 4 texts; none when nothing is near.
pub(super) fn similar(words: &[String], terms: &[Term]) -> Vec<Near> {
    let mut found = Vec::new();
    for (index, (place, word)) in long(words).into_iter().enumerate() {
        let terms: Vec<&Term> = terms.iter().filter(|term| term.of & (1 << index) != 0).collect();
        for (distance, near) in nearest(word, &terms) {
            let mut changed = words.to_vec();
            if let Some(word) = changed.get_mut(place) {
                near.clone_into(word);
            }
            let begun = terms.iter().filter(|term| term.text.starts_with(near)).map(|term| term.names);
            found.push(Near { distance, text: changed.join(" "), most: begun.sum() });
        }
    }
    found.sort();
    found.truncate(MOST);
    found
}

/// Those of the words at a small distance.
fn nearest<'a>(word: &str, terms: &[&'a Term]) -> Vec<(usize, &'a str)> {
    let length = word.chars().count();
    let allowed = if length < 6 { 1 } else { 2 };
    let mut near = Vec::new();
    for term in terms {
        // She may not have typed the end.
        let begun = |letters: usize| term.text.chars().take(letters).collect::<String>();
        let distances = [
            strsim::osa_distance(word, &term.text),
            strsim::osa_distance(word, &begun(length)),
            strsim::osa_distance(word, &begun(length + 1)),
        ];
        match distances.into_iter().min() {
            Some(distance @ 1..) if distance <= allowed => near.push((distance, term.text.as_str())),
            _ => {}
        }
    }
    near.sort_unstable();
    near.truncate(MOST);
    near
}
