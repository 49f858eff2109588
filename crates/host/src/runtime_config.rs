//! The runtime-config file: where databases and stores are, by label. The same file as Spin's.
//!
//! Only `type = "spin"` (a SQLite file) is served; another type is refused, because answering from an empty local file
//! instead of the shared database would look like lost data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// The file of the default database in the state folder, as in Spin.
const DEFAULT_DATABASE: &str = "sqlite_db.db";
/// The file of the default key-value store in the state folder, as in Spin.
const DEFAULT_STORE: &str = "sqlite_key_value.db";

/// Where things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeConfig {
    /// Files of databases, by label.
    pub databases: BTreeMap<String, PathBuf>,
    /// Files of key-value stores, by label.
    pub stores: BTreeMap<String, PathBuf>,
    /// The state folder.
    pub state_dir: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    state_dir: Option<PathBuf>,
    #[serde(default)]
    sqlite_database: BTreeMap<String, Backend>,
    #[serde(default)]
    key_value_store: BTreeMap<String, Backend>,
}

#[derive(Debug, Deserialize)]
struct Backend {
    r#type: String,
    path: Option<PathBuf>,
    #[serde(flatten)]
    rest: BTreeMap<String, toml::Value>,
}

impl RuntimeConfig {
    /// Reads the file, if there is one. `app` is the manifest's folder; `state_dir` the option, which wins.
    ///
    /// # Errors
    /// When the file cannot be read or asks for a backend the runner does not have.
    pub fn load(file: Option<&Path>, app: &Path, state_dir: Option<&Path>) -> anyhow::Result<Self> {
        let parsed = match file {
            None => File::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read the runtime-config file {}", path.display()))?;
                // The parser's message quotes the line, which may hold a token: only the place is repeated.
                toml::from_str(&text).map_err(|e| {
                    let line = 1 + text.bytes().take(e.span().map_or(0, |s| s.start)).filter(|b| *b == b'\n').count();
                    anyhow::anyhow!("{}:{line}: {}", path.display(), e.message())
                })?
            }
        };
        let state_dir = state_dir.map(Path::to_path_buf).or(parsed.state_dir);
        let state_dir = match state_dir {
            Some(given) => std::path::absolute(given)?,
            None => app.join(".spin"),
        };
        // As in Spin: a database's path starts at the working folder, a store's at the file that names it.
        let here = std::env::current_dir().context("the working folder is gone")?;
        let beside = file.and_then(Path::parent).map_or_else(|| here.clone(), |p| here.join(p));
        let mut databases = paths("sqlite_database", parsed.sqlite_database, &here)?;
        databases.entry("default".into()).or_insert_with(|| state_dir.join(DEFAULT_DATABASE));
        let mut stores = paths("key_value_store", parsed.key_value_store, &beside)?;
        stores.entry("default".into()).or_insert_with(|| state_dir.join(DEFAULT_STORE));
        Ok(Self { databases, stores, state_dir })
    }
}

fn paths(kind: &str, given: BTreeMap<String, Backend>, base: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut paths = BTreeMap::new();
    for (label, backend) in given {
        let place = format!("[{kind}.{label}]");
        if backend.r#type != "spin" {
            bail!(
                "{place} has type \"{}\": this runner keeps data in SQLite files only (type = \"spin\"); serve the \
                 application with Spin to use it",
                backend.r#type
            );
        }
        if let Some(key) = backend.rest.keys().next() {
            bail!("{place} has the key `{key}`, which this runner does not know; remove it");
        }
        let Some(path) = backend.path else {
            bail!("{place} has no `path`: data would be lost at the end; give one");
        };
        paths.insert(label, base.join(path));
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<RuntimeConfig, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("rc.toml");
        std::fs::write(&file, text).unwrap();
        RuntimeConfig::load(Some(&file), Path::new("/app"), None).map_err(|e| format!("{e:#}"))
    }

    #[test]
    fn the_defaults_are_spins() {
        let config = RuntimeConfig::load(None, Path::new("/app"), None).unwrap();
        assert_eq!(config.databases["default"], Path::new("/app/.spin/sqlite_db.db"));
        assert_eq!(config.stores["default"], Path::new("/app/.spin/sqlite_key_value.db"));
    }

    #[test]
    fn files_are_taken_and_other_backends_refused() {
        let config = load("[sqlite_database.default]\ntype=\"spin\"\npath=\"/data/v.db\"\n").unwrap();
        assert_eq!(config.databases["default"], Path::new("/data/v.db"));
        let error = load("[sqlite_database.default]\ntype=\"libsql\"\nurl=\"x\"\ntoken=\"s3cret\"\n").unwrap_err();
        assert!(error.contains("libsql") && error.contains("Spin") && !error.contains("s3cret"), "{error}");
        assert!(load("[key_value_store.default]\ntype=\"redis\"\nurl=\"x\"\n").unwrap_err().contains("redis"));
        assert!(load("[sqlite_database.a]\ntype=\"spin\"\n").unwrap_err().contains("path"));
        assert!(load("token = \"s3cret\"\n").unwrap_err().contains(":1: "));
    }
}
