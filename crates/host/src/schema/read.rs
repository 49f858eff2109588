//! Where the schema comes from.

use std::path::Path;

use include_dir::{Dir, include_dir};
use sha2::Digest as _;

use super::SchemaError;
use crate::manifest::Manifest;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../sql");
/// The application whose schema is embedded.
const OWN: &str = "vaguemestre";

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Migration {
    pub(super) version: i64,
    /// What follows the number.
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) sha256: String,
}

/// Migrations in order, and logic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    pub(super) migrations: Vec<Migration>,
    /// `CREATE VIEW` and `CREATE TRIGGER` statements, in the order of the files' names.
    pub(super) logic: Vec<String>,
    pub(super) logic_sha256: String,
}

impl Schema {
    /// The schema of an application: the embedded one for Vaguemestre, else that of `sql/` beside the manifest; empty without that folder.
    ///
    /// # Errors
    /// When a file cannot be read or is not what its folder is for.
    pub fn of(manifest: &Manifest) -> Result<Self, SchemaError> {
        if manifest.name == OWN { Self::embedded() } else { Self::read(&manifest.dir.join("sql")) }
    }

    /// The one of Vaguemestre.
    ///
    /// # Errors
    /// When it is not sound: a mistake of whoever built the program.
    pub fn embedded() -> Result<Self, SchemaError> {
        let files = |folder: &str| {
            let files = EMBEDDED.get_dir(folder).map(Dir::files).into_iter().flatten();
            let mut found: Vec<(String, String)> = files
                .filter(|file| file.path().extension().is_some_and(|extension| extension == "sql"))
                .filter_map(|file| Some((stem(file.path()), file.contents_utf8()?.to_owned())))
                .collect();
            found.sort();
            found
        };
        Self::new(files("migrations"), files("logic"))
    }

    /// From a folder with `migrations/` and `logic/`; either may be missing.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn read(folder: &Path) -> Result<Self, SchemaError> {
        Self::new(files(&folder.join("migrations"))?, files(&folder.join("logic"))?)
    }

    fn new(migrations: Vec<(String, String)>, logic: Vec<(String, String)>) -> Result<Self, SchemaError> {
        let mut schema = Self::default();
        for (stem, sql) in migrations {
            let version = version(&stem)?;
            if schema.migrations.last().is_some_and(|last| last.version == version) {
                return Err(SchemaError::Name { why: format!("another file has the number {version:04}"), name: stem });
            }
            let (_, name) = stem.split_once('_').unwrap_or_default();
            schema.migrations.push(Migration { version, name: name.to_owned(), sha256: sha256(&sql), sql });
        }
        for (name, sql) in logic {
            for statement in statements(&name, &sql)? {
                let words = words(statement);
                if !words.starts_with("CREATE VIEW ") && !words.starts_with("CREATE TRIGGER ") {
                    return Err(SchemaError::Sql { name, why: format!("not a view or a trigger: {words}") });
                }
                schema.logic.push(statement.to_owned());
            }
        }
        schema.logic_sha256 = sha256(&schema.logic.join("\n"));
        Ok(schema)
    }
}

/// The statements of a script.
pub(super) fn statements<'a>(name: &str, sql: &'a str) -> Result<Vec<&'a str>, SchemaError> {
    store::portable::statements(sql).map_err(|why| SchemaError::Sql { name: name.to_owned(), why })
}

/// The first words of a statement, without the comments before it.
pub(super) fn words(statement: &str) -> String {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.flat_map(str::split_whitespace).take(3).collect::<Vec<_>>().join(" ")
}

fn files(folder: &Path) -> Result<Vec<(String, String)>, SchemaError> {
    let unreadable = |path: &Path, source| SchemaError::Read { path: path.to_path_buf(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let sql = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            found.push((stem(&path), sql));
        }
    }
    found.sort();
    Ok(found)
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn version(stem: &str) -> Result<i64, SchemaError> {
    let number = stem.split_once('_').filter(|(number, name)| number.len() == 4 && !name.is_empty());
    number.and_then(|(number, _)| number.parse().ok()).ok_or_else(|| SchemaError::Name {
        name: stem.to_owned(),
        why: "a migration is named NNNN_name.sql".to_owned(),
    })
}

fn sha256(text: &str) -> String {
    sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
