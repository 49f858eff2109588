//! From a manifest to components that are ready to run.
//!
//! Purpose: read the `.wasm` files a subset needs, compose, compile (or take the compiled code from the cache), link, and
//! settle what each component is granted. Components are prepared in parallel. Everything that can be refused is
//! refused here, before the first request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, anyhow, bail};
use wasmtime::Engine;
use wasmtime::component::{InstancePre, Linker};

use crate::cache::{Cache, hash};
use crate::compose::{Plug, compose};
use crate::guest::{Guest, GuestConfig};
use crate::key_value;
use crate::manifest::{ComponentDecl, DependencySource, Inherit, Manifest};
use crate::outbound::AllowList;
use crate::runtime_config::RuntimeConfig;
use crate::sqlite::Database;
use crate::variables::Variables;

/// Changes when the way of composing does, so that kept results of another way are not used.
const COMPOSITION: &[u8] = b"composition 2";

/// Databases and stores in use, by file, opened once.
#[derive(Default)]
pub struct Databases {
    open: BTreeMap<PathBuf, Arc<Database>>,
}

impl Databases {
    /// Opens a file, or gives the database already open on it.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn open(&mut self, path: &Path) -> anyhow::Result<Arc<Database>> {
        if let Some(database) = self.open.get(path) {
            return Ok(Arc::clone(database));
        }
        let database = Database::open(path)?;
        self.open.insert(path.to_path_buf(), Arc::clone(&database));
        Ok(database)
    }

    /// Empties the write-ahead logs. It waits for the disk.
    pub fn close(&mut self) {
        for database in std::mem::take(&mut self.open).values() {
            database.close();
        }
    }

    /// All that are open.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Database>> {
        self.open.values()
    }
}

/// How components are granted things, from the command line.
#[derive(Debug, Clone)]
pub struct Grants {
    /// The most bytes of memory of an instance.
    pub memory: usize,
    /// Whether mounted folders may be written to.
    pub write: bool,
    /// Whether folders are mounted as they are even when they may be written to.
    pub direct: bool,
    /// Whether the output of components is dropped.
    pub quiet: bool,
    /// Environment variables for all components.
    pub environment: Vec<(String, String)>,
    /// Where copies of writable folders are made; lives as long as the server.
    pub scratch: PathBuf,
}

/// Settles what a component is granted.
///
/// # Errors
/// When a template, an address, a folder or a file is unusable.
pub fn configure(
    component: &ComponentDecl,
    manifest: &Manifest,
    variables: &Variables,
    places: &RuntimeConfig,
    databases: &mut Databases,
    grants: &Grants,
) -> anyhow::Result<GuestConfig> {
    let at = || format!("{}:{}: [component.{}]", manifest.path.display(), component.line, component.id);
    let allowed =
        AllowList::parse(&component.allowed_outbound_hosts, variables).map_err(|e| anyhow!("{}: {e}", at()))?;
    let mut opened = BTreeMap::new();
    for label in &component.sqlite_databases {
        let database = places.databases.get(label);
        let database =
            database.map(|location| databases.open(location.file(&format!("sqlite_database.{label}"))?)).transpose()?;
        if database.is_none() {
            bail!(
                "{}: no database is labelled \"{label}\"; add [sqlite_database.{label}] to the runtime-config file",
                at()
            );
        }
        opened.insert(label.clone(), database);
    }
    let mut stores = BTreeMap::new();
    for label in &component.key_value_stores {
        let store = places.stores.get(label);
        let store =
            store.map(|location| databases.open(location.file(&format!("key_value_store.{label}"))?)).transpose()?;
        let Some(store) = store else {
            bail!(
                "{}: no store is labelled \"{label}\"; add [key_value_store.{label}] to the runtime-config file",
                at()
            );
        };
        key_value::prepare(&store)?;
        stores.insert(label.clone(), Some(store));
    }
    let mut environment = component.environment.clone();
    environment.extend(grants.environment.iter().cloned());
    Ok(GuestConfig {
        id: component.id.clone(),
        variables: variables.of_component(component)?,
        databases: opened,
        stores,
        allowed: Arc::new(allowed),
        environment,
        mounts: mounts(component, manifest, grants)?,
        memory: grants.memory,
        quiet: grants.quiet,
        outbound: OnceLock::new(),
    })
}

/// Read-only folders are mounted as they are. Writable ones are copies, thrown away at the end, unless asked otherwise.
fn mounts(
    component: &ComponentDecl,
    manifest: &Manifest,
    grants: &Grants,
) -> anyhow::Result<Vec<(PathBuf, String, bool)>> {
    let mut mounts = Vec::new();
    for (number, mount) in component.files.iter().enumerate() {
        if !mount.source.is_dir() {
            bail!("{}:{}: {} is not a folder; create it", manifest.path.display(), mount.line, mount.source.display());
        }
        let source = if grants.write && !grants.direct {
            let copy = grants.scratch.join(format!("{}-{number}", component.id));
            copy_folder(&mount.source, &copy).with_context(|| format!("cannot copy {}", mount.source.display()))?;
            copy
        } else {
            mount.source.clone()
        };
        mounts.push((source, mount.destination.clone(), grants.write));
    }
    Ok(mounts)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Loads and links components, in parallel.
///
/// # Errors
/// The first that fails, naming the component.
pub fn link(
    ids: &[&str],
    manifest: &Manifest,
    engine: &Engine,
    linker: &Linker<Guest>,
    cache: &Cache,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<BTreeMap<String, InstancePre<Guest>>> {
    let results: Vec<anyhow::Result<(String, InstancePre<Guest>)>> = std::thread::scope(|scope| {
        let threads: Vec<_> = ids
            .iter()
            .map(|id| {
                scope.spawn(move || {
                    let component = manifest.component(id).ok_or_else(|| anyhow!("there is no [component.{id}]"))?;
                    let pre = link_one(component, manifest, engine, linker, cache, progress)
                        .with_context(|| format!("component \"{id}\""))?;
                    Ok(((*id).to_owned(), pre))
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err(anyhow!("a loading thread failed")))).collect()
    });
    results.into_iter().collect()
}

fn link_one(
    component: &ComponentDecl,
    manifest: &Manifest,
    engine: &Engine,
    linker: &Linker<Guest>,
    cache: &Cache,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<InstancePre<Guest>> {
    let bytes = read(&component.source)?;
    let plugs = component
        .dependencies
        .iter()
        .map(|dependency| {
            let (label, path) = match &dependency.source {
                DependencySource::Path(path) => (path.display().to_string(), path),
                DependencySource::Component(id) => {
                    let plug = manifest.component(id).ok_or_else(|| anyhow!("there is no [component.{id}]"))?;
                    (id.clone(), &plug.source)
                }
            };
            Ok(Plug {
                name: dependency.name.clone(),
                export: dependency.export.clone(),
                inherit: dependency.inherit.clone(),
                label,
                bytes: read(path)?,
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let key = key(&bytes, &plugs);
    let compiled = cache.compiled(engine, &key, || {
        progress(&component.id);
        Ok(compose(&component.id, bytes, plugs)?)
    })?;
    linker.instantiate_pre(&compiled).map_err(|e| {
        anyhow!("{e:#}; this runner does not offer that import: build the component for Spin 4.1 interfaces, or serve it with Spin")
    })
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}; build the components first", path.display()))
}

/// Names everything the composed component depends on.
fn key(bytes: &[u8], plugs: &[Plug]) -> String {
    let mut texts = Vec::new();
    for plug in plugs {
        let inherit = match &plug.inherit {
            Inherit::All => "all".to_owned(),
            Inherit::None => "none".to_owned(),
            Inherit::Some(keys) => format!("some {}", keys.join(" ")),
        };
        texts.push([plug.name.to_string(), plug.export.clone().unwrap_or_default(), inherit, plug.label.clone()]);
    }
    let mut parts: Vec<&[u8]> = vec![COMPOSITION, bytes];
    for (plug, text) in plugs.iter().zip(&texts) {
        parts.extend(text.iter().map(String::as_bytes));
        parts.push(&plug.bytes);
    }
    hash(&parts)
}
