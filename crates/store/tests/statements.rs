//! Every statement that stands in the sources is one that libSQL's client takes, and the schema's as well.
//!
//! Statements that a test runs go through the same parser ([`File::in_memory`]); this finds those that none runs. What is put together by
//! `format!` is read with the constants of its own crate in place of their names; where more than that is put in, it is left to the tests.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use store::{File, portable};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The string literals of a file in order, comments left out, each with the name of the constant it is the value of.
fn literals(tokens: TokenStream, name: &mut String, found: &mut Vec<(String, String)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => literals(group.stream(), name, found),
            TokenTree::Ident(ident) => {
                let text = ident.to_string();
                if text == "doc" || text.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
                    *name = text;
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => name.clear(),
            TokenTree::Literal(literal) => {
                let name = std::mem::take(name);
                if let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::from(literal).into())
                    && name != "doc"
                {
                    found.push((name, text.value()));
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

fn is_statement(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next());
    matches!(first, "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "WITH" | "REPLACE")
        && second.is_some()
        && !text.trim().ends_with("SET")
}

/// Names in braces replaced by the constants; none when something else is put in.
fn filled(text: &str, constants: &HashMap<String, String>) -> Option<String> {
    let mut filled = text.to_owned();
    for _ in 0..8 {
        let Some((before, rest)) = filled.split_once('{') else { return Some(filled) };
        let (name, after) = rest.split_once('}')?;
        filled = format!("{before}{}{after}", constants.get(name)?);
    }
    None
}

/// What is no statement of the service: the runner's and the measurements' own, and what tests try.
fn is_own_affair(file: &Path) -> bool {
    let path = file.to_string_lossy();
    ["crates/host/", "crates/bench/", "crates/store/", "/tests"].iter().any(|part| path.contains(part))
}

type Constants = HashMap<String, String>;

/// Those that stand once only: of two with one name nobody here knows which is meant.
fn constants<'a>(found: impl IntoIterator<Item = &'a (String, String)>) -> Constants {
    let (mut once, mut twice) = (Constants::new(), Vec::new());
    for (name, text) in found {
        if once.insert(name.clone(), text.clone()).is_some_and(|other| other != *text) {
            twice.push(name);
        }
    }
    twice.into_iter().for_each(|name| drop(once.remove(name)));
    once
}

/// Statements of one package by file, with what its constants stand for: those of the same file first.
fn statements(package: &Path) -> Vec<(PathBuf, Option<String>)> {
    let mut files = Vec::new();
    sources(&package.join("src"), &mut files);
    files.retain(|file| !is_own_affair(file));
    let literals: Vec<(PathBuf, Vec<(String, String)>)> = files
        .into_iter()
        .map(|file| {
            let mut found = Vec::new();
            literals(std::fs::read_to_string(&file).unwrap().parse().unwrap(), &mut String::new(), &mut found);
            (file, found)
        })
        .collect();
    let everywhere = constants(literals.iter().flat_map(|(_, found)| found));
    let mut statements = Vec::new();
    for (file, found) in literals {
        let mut constants = everywhere.clone();
        constants.extend(self::constants(&found));
        let texts = found.iter().filter(|(_, text)| is_statement(text));
        statements.extend(texts.map(|(_, text)| (file.clone(), filled(text, &constants))));
    }
    statements
}

#[test]
fn libsql_takes_every_statement_of_the_sources() {
    let (mut taken, mut left, mut refused) = (0, Vec::new(), Vec::new());
    for parent in ["crates", "components"] {
        for package in std::fs::read_dir(root().join(parent)).unwrap().map(Result::unwrap) {
            for (file, text) in statements(&package.path()) {
                match text.as_deref().map(portable::reprint) {
                    Some(Ok(_)) => taken += 1,
                    // The beginning of a statement, put together elsewhere.
                    Some(Err(why)) if why.contains("unexpected end of input") => left.push(file.display().to_string()),
                    Some(Err(why)) => refused.push(format!("{}: {why}\n{}", file.display(), text.unwrap_or_default())),
                    None => left.push(file.display().to_string()),
                }
            }
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n\n"));
    println!("{taken} statements taken, {} left to the tests that run them: {left:#?}", left.len());
    assert!(
        left.len() <= 40,
        "{} statements are put together so that this test cannot read them: name their parts",
        left.len()
    );
    assert!(taken > 400, "only {taken} statements were found: the search is broken");
}

/// SQLite looks at a bare parameter in LIMIT while it plans, and plans the statement again each time a value is bound.
#[test]
fn no_limit_is_a_bare_parameter() {
    let bare = |text: &str| {
        text.split("LIMIT ?").skip(1).any(|rest| {
            let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            !after.starts_with(" + 0") && !after.starts_with("{NOT_PEEKED}")
        })
    };
    assert!(bare("SELECT 1 LIMIT ?12") && !bare("SELECT 1 LIMIT ?12 + 0"));
    let mut found = Vec::new();
    for parent in ["crates", "components"] {
        let mut files = Vec::new();
        sources(&root().join(parent), &mut files);
        for file in files.iter().filter(|file| !is_own_affair(file)) {
            let mut texts = Vec::new();
            literals(std::fs::read_to_string(file).unwrap().parse().unwrap(), &mut String::new(), &mut texts);
            found.extend(
                texts.into_iter().filter(|(_, text)| bare(text)).map(|(_, text)| format!("{}: {text}", file.display())),
            );
        }
    }
    assert!(found.is_empty(), "write LIMIT ?n + 0: {found:#?}");
}

#[test]
fn libsql_makes_the_same_schema() {
    let reprinted = File::in_memory().unwrap();
    for folder in ["sql/migrations", "sql/logic"] {
        let folder = root().join(folder);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let script = std::fs::read_to_string(&file).unwrap();
            for statement in portable::statements(&script).unwrap_or_else(|why| panic!("{}: {why}", file.display())) {
                let text =
                    portable::reprint(statement).unwrap_or_else(|why| panic!("{}: {why}\n{statement}", file.display()));
                reprinted.batch(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", file.display()));
            }
        }
    }
    let straight = File::in_memory().unwrap();
    store::apply_migrations(&straight, &root().join("sql/migrations")).unwrap();
    let names = |database: &File| {
        let statement = "SELECT type || ' ' || name FROM sqlite_schema ORDER BY 1";
        let rows = store::Database::execute(database, statement, &[]).unwrap();
        rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&reprinted), names(&straight));
}
