//! Composition of a component with its dependencies.
//!
//! As in Spin: each entry of `dependencies` becomes one instance, whatever number of imports it fills; it is registered under
//! the name of its WIT package, so that two entries of one package are refused; an import that two entries claim is refused, and
//! so is an entry that no import matches; a dependency's own dependencies are not looked at. The result depends on the given bytes and names only, so it can be cached.

use std::collections::BTreeMap;

use wac_graph::types::{Package, SubtypeChecker, WorldId};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};

use crate::capabilities;
use crate::manifest::{DependencyName, Inherit};

/// A dependency and its bytes.
#[derive(Debug)]
pub struct Plug {
    /// Which imports it fills.
    pub name: DependencyName,
    /// The export to use instead of the one named like the import.
    pub export: Option<String>,
    /// What it may use of its parent's grants.
    pub inherit: Inherit,
    /// What to call it in messages.
    pub label: String,
    /// The component.
    pub bytes: Vec<u8>,
}

/// Why a component cannot be composed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A file is not a component, or wac refuses it.
    #[error("{label}: {why}")]
    Component {
        /// Which one.
        label: String,
        /// wac's words.
        why: String,
    },
    /// A dependency fills nothing.
    #[error("dependency \"{name}\" matches no import; the component imports: {imports}")]
    Unmatched {
        /// The dependency.
        name: String,
        /// What could be filled.
        imports: String,
    },
    /// Two dependencies are of one package.
    #[error(
        "dependencies \"{first}\" and \"{second}\" are both of package \"{package}\", and Spin registers one component for a package: keep one, named \"{package}\" to fill all interfaces, or give each interface a package of its own"
    )]
    SamePackage {
        /// The package, or the plain name.
        package: String,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// Two dependencies fill the same import.
    #[error("import \"{import}\" is filled by both \"{first}\" and \"{second}\"; keep one")]
    Conflict {
        /// The import.
        import: String,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// The dependency does not export what is needed.
    #[error("dependency \"{name}\" ({label}) does not export \"{export}\"")]
    MissingExport {
        /// The dependency.
        name: String,
        /// What fills it.
        label: String,
        /// What it should export.
        export: String,
    },
    /// The types differ.
    #[error("dependency \"{name}\" ({label}) exports \"{export}\" with other types than those imported: {why}")]
    Mismatch {
        /// The dependency.
        name: String,
        /// What fills it.
        label: String,
        /// The export.
        export: String,
        /// Where the types differ.
        why: String,
    },
    /// The dependency needs a grant it does not inherit.
    #[error("dependency \"{name}\" ({label}) imports \"{import}\": add \"{key}\" to its inherit_configuration")]
    NotInherited {
        /// The dependency.
        name: String,
        /// What fills it.
        label: String,
        /// The import.
        import: String,
        /// The key that grants it.
        key: &'static str,
    },
}

struct Instance {
    world: WorldId,
    node: NodeId,
}

/// Composes. With no plugs the bytes come back as they are.
///
/// # Errors
/// When names or types do not fit, or a grant is missing.
pub fn compose(label: &str, bytes: Vec<u8>, plugs: Vec<Plug>) -> Result<Vec<u8>, ComposeError> {
    if plugs.is_empty() {
        return Ok(bytes);
    }
    let mut graph = CompositionGraph::new();
    let root = register(&mut graph, label, label, bytes)?;
    let imports: Vec<String> = names(&graph, root.world, |w| &w.imports);
    let mut registered: BTreeMap<String, String> = BTreeMap::from([(label.to_owned(), label.to_owned())]);
    let mut filled: BTreeMap<String, String> = BTreeMap::new();
    for plug in plugs {
        let matching: Vec<&String> = imports.iter().filter(|i| plug.name.matches(i)).collect();
        if matching.is_empty() {
            let imports = imports.iter().filter(|i| !i.starts_with("wasi:")).cloned().collect::<Vec<_>>().join(", ");
            return Err(ComposeError::Unmatched { name: plug.name.to_string(), imports });
        }
        for import in &matching {
            if let Some(first) = filled.insert((*import).clone(), plug.name.to_string()) {
                return Err(ComposeError::Conflict { import: (*import).clone(), first, second: plug.name.to_string() });
            }
        }
        let package = plug.name.package();
        if let Some(first) = registered.insert(package.to_owned(), plug.name.to_string()) {
            let second = plug.name.to_string();
            return Err(ComposeError::SamePackage { package: package.to_owned(), first, second });
        }
        let instance = register(&mut graph, package, &plug.label, plug.bytes.clone())?;
        check_grants(&graph, &instance, &plug)?;
        for import in matching {
            connect(&mut graph, &root, &instance, import, &plug)?;
        }
    }
    for export in names(&graph, root.world, |w| &w.exports) {
        let node = graph.alias_instance_export(root.node, &export).map_err(|e| refuse(label, e))?;
        graph.export(node, &export).map_err(|e| refuse(label, e))?;
    }
    graph.encode(EncodeOptions::default()).map_err(|e| refuse(label, e))
}

/// The names of what a component imports.
///
/// # Errors
/// When the bytes are no component.
pub fn imports(label: &str, bytes: Vec<u8>) -> Result<Vec<String>, ComposeError> {
    let mut graph = CompositionGraph::new();
    let instance = register(&mut graph, label, label, bytes)?;
    Ok(names(&graph, instance.world, |w| &w.imports))
}

fn refuse(label: &str, why: impl std::fmt::Display) -> ComposeError {
    ComposeError::Component { label: label.to_owned(), why: why.to_string() }
}

/// `name` is what Spin registers it under: the component's id, or the package of the dependency.
fn register(graph: &mut CompositionGraph, name: &str, label: &str, bytes: Vec<u8>) -> Result<Instance, ComposeError> {
    let refuse_whole = |e: anyhow::Error| refuse(label, format!("{e:#}"));
    let package = Package::from_bytes(name, None, bytes, graph.types_mut()).map_err(refuse_whole)?;
    let world = package.ty();
    let id = graph.register_package(package).map_err(|e| refuse(label, e))?;
    Ok(Instance { world, node: graph.instantiate(id) })
}

type Names = wac_graph::types::World;

fn names<V>(
    graph: &CompositionGraph,
    world: WorldId,
    of: impl Fn(&Names) -> &indexmap::IndexMap<String, V>,
) -> Vec<String> {
    of(&graph.types()[world]).keys().cloned().collect()
}

fn check_grants(graph: &CompositionGraph, instance: &Instance, plug: &Plug) -> Result<(), ComposeError> {
    let imports = names(graph, instance.world, |w| &w.imports);
    match capabilities::missing(imports.iter().map(String::as_str), &plug.inherit) {
        None => Ok(()),
        Some((import, key)) => Err(ComposeError::NotInherited {
            name: plug.name.to_string(),
            label: plug.label.clone(),
            import: import.to_owned(),
            key,
        }),
    }
}

fn connect(
    graph: &mut CompositionGraph,
    root: &Instance,
    plug: &Instance,
    import: &str,
    from: &Plug,
) -> Result<(), ComposeError> {
    let export = from.export.as_deref().unwrap_or(import);
    let missing = || ComposeError::MissingExport {
        name: from.name.to_string(),
        label: from.label.clone(),
        export: export.to_owned(),
    };
    let types = graph.types();
    let offered = *types[plug.world].exports.get(export).ok_or_else(missing)?;
    let wanted = *types[root.world].imports.get(import).ok_or_else(missing)?;
    SubtypeChecker::new(&mut Default::default()).is_subtype(offered, types, wanted, types).map_err(|e| {
        ComposeError::Mismatch {
            name: from.name.to_string(),
            label: from.label.clone(),
            export: export.to_owned(),
            why: format!("{e:#}"),
        }
    })?;
    let node = graph.alias_instance_export(plug.node, export).map_err(|e| refuse(&from.label, e))?;
    graph.set_instantiation_argument(root.node, import, node).map_err(|e| refuse(&from.label, e))
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
