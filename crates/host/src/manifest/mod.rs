//! The application manifest, `spin.toml` version 2, as far as the runner serves it.
//!
//! Purpose: turn the text of a manifest into plain data, once, at start. Everything the runner cannot do is refused
//! here, with the file, the line and what to do about it, so that nothing is silently ignored.
//!
//! Invariants: every component named by a trigger or by a dependency exists; ids are unique; paths are absolute.
//! It must not read `.wasm` files nor resolve variables: that is for `load` and `variables`.

mod names;
mod parse;
mod read;

use std::path::{Path, PathBuf};

pub use names::DependencyName;

/// Why a manifest is refused. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}; name the manifest with -f", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file says something the runner does not understand or does not do.
    #[error("{}:{line}: {message}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Where in it.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
}

/// A whole application.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The manifest file.
    pub path: PathBuf,
    /// The folder that holds the manifest: relative paths start here.
    pub dir: PathBuf,
    /// `application.name`.
    pub name: String,
    /// `application.version`, empty when not given.
    pub version: String,
    /// `[variables]`, in file order.
    pub variables: Vec<VariableDecl>,
    /// `[[trigger.http]]`, in file order.
    pub http: Vec<HttpTrigger>,
    /// `[[trigger.cron]]`, in file order.
    pub cron: Vec<CronTrigger>,
    /// `[component.*]`, in file order.
    pub components: Vec<ComponentDecl>,
}

/// One entry of `[variables]`.
#[derive(Debug, Clone)]
pub struct VariableDecl {
    /// Its name, lower snake case.
    pub name: String,
    /// The value when none is given; `None` means it must be given.
    pub default: Option<String>,
    /// Whether the value must never be shown.
    pub secret: bool,
    /// Line in the manifest.
    pub line: usize,
}

/// One `[[trigger.http]]`.
#[derive(Debug, Clone)]
pub struct HttpTrigger {
    /// The component that answers.
    pub component: String,
    /// The pattern; `None` for `{ private = true }`, which no request from outside reaches.
    pub route: Option<String>,
    /// Line in the manifest.
    pub line: usize,
}

/// One `[[trigger.cron]]`.
#[derive(Debug, Clone)]
pub struct CronTrigger {
    /// The component to call.
    pub component: String,
    /// Six fields, seconds first, in UTC.
    pub expression: String,
    /// Line in the manifest.
    pub line: usize,
}

/// One `[component.<id>]`.
#[derive(Debug, Clone)]
pub struct ComponentDecl {
    /// Its id.
    pub id: String,
    /// Its `.wasm` file, absolute.
    pub source: PathBuf,
    /// Templates of `allowed_outbound_hosts`.
    pub allowed_outbound_hosts: Vec<String>,
    /// Labels of the databases it may open.
    pub sqlite_databases: Vec<String>,
    /// Labels of the stores it may open.
    pub key_value_stores: Vec<String>,
    /// Its variables: name and template.
    pub variables: Vec<(String, String)>,
    /// Environment variables given to it.
    pub environment: Vec<(String, String)>,
    /// Folders it sees.
    pub files: Vec<Mount>,
    /// What fills its imports.
    pub dependencies: Vec<Dependency>,
    /// Line of its table in the manifest.
    pub line: usize,
}

/// A folder shown to a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// On this machine, absolute.
    pub source: PathBuf,
    /// As the component sees it, starting with `/`.
    pub destination: String,
    /// Line in the manifest.
    pub line: usize,
}

/// One entry of `[component.<id>.dependencies]`.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// Which imports it fills.
    pub name: DependencyName,
    /// What fills them.
    pub source: DependencySource,
    /// The export to use instead of the one named like the import.
    pub export: Option<String>,
    /// What of the parent's grants it may use.
    pub inherit: Inherit,
    /// Line in the manifest.
    pub line: usize,
}

/// Where a dependency comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DependencySource {
    /// Another component of the application.
    Component(String),
    /// A `.wasm` file, absolute.
    Path(PathBuf),
}

/// Which of its parent's grants a dependency may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inherit {
    /// All of them.
    All,
    /// None: the default.
    None,
    /// The named sets, for example `sqlite_databases`.
    Some(Vec<String>),
}

impl Manifest {
    /// Reads and checks a manifest. `path` may be the file or the folder that holds `spin.toml`.
    ///
    /// # Errors
    /// When the file cannot be read, or asks for something the runner does not do.
    pub fn load(path: &Path) -> Result<Self, ManifestError> {
        let path = if path.is_dir() { path.join("spin.toml") } else { path.to_path_buf() };
        let path = std::path::absolute(&path).unwrap_or(path);
        let text =
            std::fs::read_to_string(&path).map_err(|source| ManifestError::Read { path: path.clone(), source })?;
        parse::parse(&path, &text)
    }

    /// The component of that id.
    #[must_use]
    pub fn component(&self, id: &str) -> Option<&ComponentDecl> {
        self.components.iter().find(|c| c.id == id)
    }

    /// Keeps only the triggers of the named components, as `-c` asks. Components that only fill a dependency stay.
    ///
    /// # Errors
    /// When a name is not that of a component with a trigger.
    pub fn retain(&mut self, ids: &[String]) -> Result<(), String> {
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            let triggered =
                self.http.iter().any(|t| &t.component == id) || self.cron.iter().any(|t| &t.component == id);
            if !triggered {
                let mut known: Vec<&str> = self.http.iter().map(|t| t.component.as_str()).collect();
                known.extend(self.cron.iter().map(|t| t.component.as_str()));
                known.sort_unstable();
                known.dedup();
                return Err(format!(
                    "-c {id}: no trigger runs a component of that name; there are: {}",
                    known.join(", ")
                ));
            }
        }
        self.http.retain(|t| ids.contains(&t.component));
        self.cron.retain(|t| ids.contains(&t.component));
        Ok(())
    }
}
