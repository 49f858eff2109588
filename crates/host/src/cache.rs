//! Compiled code, kept between runs.
//!
//! A file's name holds the hash of what it was made from and of the engine that made it, so nothing is ever stale; files
//! are written aside and renamed. Compiled code is machine code that wasmtime trusts: the folder is made for the owner
//! only, and the runner refuses one that others may write.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// The folder of compiled code; none when caching is off.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: Option<PathBuf>,
    engine: EngineTag,
}

/// What tells this engine's compiled code from another's.
#[derive(Debug, Clone)]
struct EngineTag(String);

/// Hashes parts, each with its length, so that no two lists of parts have the same hash.
#[must_use]
pub fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

impl Cache {
    /// Opens the cache in `folder`, made for the owner only. `None` keeps nothing.
    ///
    /// # Errors
    /// When the folder cannot be made, or others may write in it.
    pub fn open(folder: Option<&Path>, engine: &Engine) -> anyhow::Result<Self> {
        use std::hash::{Hash as _, Hasher as _};
        if let Some(folder) = folder {
            private_folder(folder)?;
        }
        let mut hasher = std::hash::DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let engine = EngineTag(format!("{:016x}-{}", hasher.finish(), env!("CARGO_PKG_VERSION")));
        Ok(Self { folder: folder.map(Path::to_path_buf), engine })
    }

    /// The compiled component for `key`, from the cache when it is there; else made from the bytes `make` gives. The key
    /// must name everything those bytes depend on.
    ///
    /// # Errors
    /// Those of `make`, and when the bytes are not a valid component.
    pub fn compiled(
        &self,
        engine: &Engine,
        key: &str,
        make: impl FnOnce() -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<Component> {
        let Some(folder) = &self.folder else { return Ok(Component::new(engine, make()?)?) };
        let path = folder.join(format!("{key}-{}.cwasm", self.engine.0));
        if path.exists() {
            match load(engine, &path) {
                Ok(component) => return Ok(component),
                Err(e) => {
                    let error = format!("{e:#}");
                    tracing::warn!(file = %path.display(), error, "A kept file is unusable; it is made again.");
                }
            }
        }
        let compiled = engine.precompile_component(&make()?)?;
        keep(&path, &compiled);
        match load(engine, &path) {
            Ok(component) => Ok(component),
            Err(_) => deserialize(engine, &compiled),
        }
    }
}

#[expect(unsafe_code, reason = "wasmtime asks the caller to vouch for compiled code")]
fn load(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was written by `keep` in a folder only its owner may write (see `private_folder`), under a name
    // that holds the hash of the engine's settings; wasmtime checks its own header on top.
    unsafe { Component::deserialize_file(engine, path) }
}

/// For when the cache cannot be written.
#[expect(unsafe_code, reason = "wasmtime asks the caller to vouch for compiled code")]
fn deserialize(engine: &Engine, compiled: &[u8]) -> anyhow::Result<Component> {
    // SAFETY: the bytes come from `precompile_component` of this very engine, a moment ago.
    Ok(unsafe { Component::deserialize(engine, compiled) }?)
}

fn keep(path: &Path, bytes: &[u8]) {
    let attempt = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|e| e.error)?;
        Ok(())
    };
    if let Err(e) = attempt() {
        tracing::warn!(file = %path.display(), error = %e, "The cache cannot be written; the next start will be slow.");
    }
}

fn private_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| {
        format!("cannot create the cache folder {}; choose another with --cache-dir", folder.display())
    })?;
    let metadata = std::fs::metadata(folder)?;
    if metadata.mode() & 0o022 != 0 {
        bail!(
            "others may write in {}, which holds machine code: run `chmod 700` on it, or choose another with --cache-dir",
            folder.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_parts_do_not_collide() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert_eq!(hash(&[b"ab"]).len(), 64);
    }

    #[test]
    fn a_folder_open_to_others_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("code");
        private_folder(&folder).unwrap();
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
        assert!(private_folder(&folder).unwrap_err().to_string().contains("chmod 700"));
    }
}
