//! Files that are broken, mean or not what they say: refused in words that help, and nothing of their set is done.

use std::path::Path;

use anyhow::{Context as _, Result};
use store::{Database as _, params};

use crate::{NETWORK, content, empty_house, import};

const ROOT_END: &str = "</ficAlimMENESR>";

/// The file of a set whose name holds this word.
fn file(folder: &Path, word: &str) -> Result<std::path::PathBuf> {
    let mut files = std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    files.sort();
    files.into_iter().find(|path| path.to_string_lossy().contains(word)).context("no such file")
}

/// Changes a file of a set as text.
fn spoil(folder: &Path, word: &str, change: impl Fn(&str) -> String) -> Result<()> {
    let path = file(folder, word)?;
    let text = std::fs::read_to_string(&path)?;
    std::fs::write(path, change(&text))?;
    Ok(())
}

fn bomb(text: &str) -> String {
    let mut entities = "<!ENTITY a0 \"boum\">".to_owned();
    for n in 1..12 {
        entities.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
    }
    text.replacen("<ficAlimMENESR", &format!("<!DOCTYPE ficAlimMENESR [{entities}]>\n<ficAlimMENESR"), 1).replacen(
        "<value>",
        "<value>&a11;",
        1,
    )
}

fn half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}

/// Twenty entries, well told: the rest of the school would be taken for gone.
fn few(text: &str) -> String {
    let end = text.match_indices("</addRequest>").nth(19).map_or(text.len(), |(at, word)| at + word.len());
    format!("{}{ROOT_END}", &text[..end])
}

/// How a set is spoilt, and the words that must be told.
type Case = (&'static str, fn(&Path) -> Result<()>, &'static str);

const SETS: &[Case] = &[
    ("cut short", |folder| spoil(folder, "_Eleve_", half), "s’arrête avant sa fin"),
    ("an entity bomb", |folder| spoil(folder, "_Eleve_", bomb), "déclare des entités XML"),
    (
        "ill-formed",
        |folder| spoil(folder, "_PersRelEleve_", |text| text.replacen("</addRequest>", "</addrequest>", 3)),
        "mal formé",
    ),
    (
        "another XML",
        |folder| spoil(folder, "_PersEducNat_", |text| text.replace("ficAlimMENESR", "html")),
        "n’est pas un fichier AAF",
    ),
    ("nothing but an end", |folder| spoil(folder, "_Eleve_", few), "too many people would leave"),
];

const TABLE: &str = "profil;nom;prénom;date de naissance;classes\r\nélève;MARTIN;Léa;03/05/2014;6A\r\nélève;PETIT;Tom;04/05/2014;6A\r\n";

/// What stands in a CSV file, and the words that must be told.
fn tables() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(TABLE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut damaged = TABLE.as_bytes().to_vec();
    damaged.extend(b"parent;\0;\0");
    vec![
        ("another separator", TABLE.replace(';', "/").into_bytes(), "Vérifiez la première ligne et le séparateur"),
        (
            "no header",
            TABLE.lines().skip(1).collect::<Vec<_>>().join("\r\n").into_bytes(),
            "Vérifiez la première ligne",
        ),
        ("empty", Vec::new(), "Le fichier est vide"),
        ("UTF-16", utf16, "UTF-16"),
        ("NUL bytes", damaged, "n’est pas un fichier texte"),
        ("a quote that never closes", TABLE.replacen("MARTIN", "\"MARTIN", 1).into_bytes(), "n’est jamais refermé"),
        ("a spreadsheet", b"PK\x03\x04\x14\x00\x06\x00".repeat(50), "n’est pas un fichier texte"),
    ]
}

#[test]
fn what_cannot_be_read_changes_nothing() -> Result<()> {
    let house = empty_house()?;
    let sound = tempfile::tempdir()?;
    demo::aaf::write(sound.path(), &NETWORK, 0)?;
    import(&house, sound.path(), &[])?;
    let database = house.database()?;
    let uai = database.first("SELECT min(uai) FROM establishment", params![])?.context("a school")?.text(0)?.to_owned();
    let before = content::of(&database)?;
    for (what, spoil, words) in SETS {
        // Of another day, with much that is new: none of it may come in.
        let set = tempfile::tempdir()?;
        demo::aaf::write(set.path(), &NETWORK, 9)?;
        spoil(set.path())?;
        refused(import(&house, set.path(), &[]), what, words);
        content::same(&before, &content::of(&database)?, what);
    }
    for (what, bytes, words) in tables() {
        let path = sound.path().join("table.csv");
        std::fs::write(&path, bytes)?;
        refused(import(&house, &path, &["--uai", &uai]), what, words);
        content::same(&before, &content::of(&database)?, what);
    }
    // Nor is anything left of it that would come in later.
    let unfinished =
        database.execute("SELECT 1 FROM directory_import WHERE state NOT IN ('applied', 'cancelled')", params![])?;
    assert!(unfinished.is_empty() && database.execute("SELECT 1 FROM import_entry", params![])?.is_empty());
    assert_eq!(house.anonymous().get("/session/sign-in")?.status, 200, "the house stands beside it");
    Ok(())
}

#[track_caller]
fn refused(outcome: Result<String>, what: &str, words: &str) {
    match outcome {
        Ok(said) => panic!("{what} is taken: {said}"),
        Err(error) => assert!(error.to_string().contains(words), "{what}: {error}"),
    }
}
