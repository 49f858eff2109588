//! The runtime-config file: where databases and stores are, by label. The same file as Spin's.
//!
//! The runner serves from SQLite files only (`type = "spin"`), and its other commands reach libSQL as well. What is kept elsewhere is refused
//! by whoever would need it as a file, because answering from an empty local file instead of the shared database would look like lost data.

use std::collections::BTreeMap;
use std::fmt;
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
    /// Databases, by label.
    pub databases: BTreeMap<String, Location>,
    /// Key-value stores, by label.
    pub stores: BTreeMap<String, Location>,
    /// The state folder.
    pub state_dir: PathBuf,
}

/// Where a database or a store is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A libSQL server.
    Libsql {
        /// `https:`, `http:` or `libsql:`.
        url: String,
        /// May be empty.
        token: String,
    },
    /// A kind that the runner does not know, by its name.
    Other(String),
}

/// An address without the user and password that may stand in it.
fn without_secrets(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://{rest}"),
        _ => url.to_owned(),
    }
}

/// Without secrets.
impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Libsql { url, .. } => write!(f, "libsql {}", without_secrets(url)),
            Self::Other(kind) => f.write_str(kind),
        }
    }
}

impl Location {
    /// The file.
    ///
    /// # Errors
    /// When it is none; `label` is how the runtime-config file calls it.
    pub fn file(&self, label: &str) -> anyhow::Result<&Path> {
        match self {
            Self::File(path) => Ok(path),
            other => bail!(
                "[{label}] is kept in {other:?}: this runner serves from SQLite files only (type = \"spin\"); serve the application with Spin to use it"
            ),
        }
    }
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
    url: Option<String>,
    token: Option<String>,
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
        let mut databases = locations("sqlite_database", parsed.sqlite_database, &here)?;
        databases.entry("default".into()).or_insert_with(|| Location::File(state_dir.join(DEFAULT_DATABASE)));
        let mut stores = locations("key_value_store", parsed.key_value_store, &beside)?;
        stores.entry("default".into()).or_insert_with(|| Location::File(state_dir.join(DEFAULT_STORE)));
        Ok(Self { databases, stores, state_dir })
    }
}

fn locations(kind: &str, given: BTreeMap<String, Backend>, base: &Path) -> anyhow::Result<BTreeMap<String, Location>> {
    given.into_iter().map(|(label, backend)| Ok((label.clone(), location(kind, &label, backend, base)?))).collect()
}

fn location(kind: &str, label: &str, backend: Backend, base: &Path) -> anyhow::Result<Location> {
    let place = format!("[{kind}.{label}]");
    match (backend.r#type.as_str(), backend.path, backend.url) {
        ("spin" | "libsql", ..) if !backend.rest.is_empty() => {
            let key = backend.rest.into_keys().next().unwrap_or_default();
            bail!("{place} has the key `{key}`, which this runner does not know; remove it")
        }
        ("spin", Some(path), None) => Ok(Location::File(base.join(path))),
        ("spin", ..) => bail!("{place} has no `path`: data would be lost at the end; give one"),
        ("libsql", None, Some(url)) if kind == "sqlite_database" => {
            if !["http://", "https://", "libsql://"].iter().any(|scheme| url.starts_with(scheme)) {
                bail!("{place}: `url` begins with https://, http:// or libsql://");
            }
            Ok(Location::Libsql { url, token: backend.token.unwrap_or_default() })
        }
        ("libsql", ..) if kind == "sqlite_database" => bail!("{place} needs `url` and `token`"),
        _ => Ok(Location::Other(backend.r#type)),
    }
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
        assert_eq!(config.databases["default"], Location::File("/app/.spin/sqlite_db.db".into()));
        assert_eq!(config.stores["default"], Location::File("/app/.spin/sqlite_key_value.db".into()));
    }

    #[test]
    fn files_are_taken_and_what_is_elsewhere_is_not_taken_for_one() {
        let config = load("[sqlite_database.default]\ntype=\"spin\"\npath=\"/data/v.db\"\n").unwrap();
        assert_eq!(config.databases["default"].file("x").unwrap(), Path::new("/data/v.db"));
        let config = load(
            "[sqlite_database.default]\ntype=\"libsql\"\nurl=\"https://u:s3cret@db.example\"\ntoken=\"s3cret\"\n\
             [key_value_store.default]\ntype=\"redis\"\nurl=\"redis://x\"\n",
        )
        .unwrap();
        let error = config.databases["default"].file("sqlite_database.default").unwrap_err().to_string();
        assert!(error.contains("db.example") && error.contains("Spin") && !error.contains("s3cret"), "{error}");
        assert!(config.stores["default"].file("x").unwrap_err().to_string().contains("redis"));
        assert!(!format!("{config:?}").contains("s3cret"));
        assert!(load("[sqlite_database.a]\ntype=\"spin\"\n").unwrap_err().contains("path"));
        for url in ["", "url=\"file:///x\"\n"] {
            assert!(load(&format!("[sqlite_database.a]\ntype=\"libsql\"\n{url}")).unwrap_err().contains("`url`"));
        }
        assert!(load("[sqlite_database.a]\ntype=\"spin\"\npath=\"p\"\nx=1\n").unwrap_err().contains("`x`"));
        assert!(load("token = \"s3cret\"\n").unwrap_err().contains(":1: "));
    }
}
