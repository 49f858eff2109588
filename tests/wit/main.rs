//! The WIT packages are valid and documented, and the components that fill them import no more than they are there for.

use std::path::Path;

use tests::repository;
use wit_parser::{Resolve, Stability, TypeDefKind};

/// Loads the packages of `wit/`, dependencies first.
fn resolve() -> Resolve {
    let mut resolve = Resolve::default();
    for folder in ["deps/spin-sqlite", "deps/fermyon-spin", "deps/spin-cron", "transport", "relay", "pickup", "post"] {
        resolve.push_dir(repository().join("wit").join(folder)).unwrap_or_else(|error| panic!("{folder}: {error:?}"));
    }
    resolve
}

#[test]
fn every_item_of_ours_is_documented_and_says_since_when() {
    let resolve = resolve();
    let ours = |package: Option<wit_parser::PackageId>| {
        package.is_some_and(|id| resolve.packages[id].name.namespace == "vaguemestre")
    };
    let mut seen = 0;
    for (_, interface) in resolve.interfaces.iter().filter(|(_, interface)| ours(interface.package)) {
        let name = interface.name.as_deref().unwrap_or("?");
        assert!(matches!(interface.stability, Stability::Stable { .. }), "{name} has no @since");
        for (function, found) in &interface.functions {
            seen += 1;
            assert!(found.docs.contents.is_some(), "{name}.{function} is not documented");
            assert!(matches!(found.stability, Stability::Stable { .. }), "{name}.{function} has no @since");
        }
        for (word, id) in &interface.types {
            let found = &resolve.types[*id];
            // Names brought in by `use`, and plain synonyms of string, say themselves.
            if matches!(found.kind, TypeDefKind::Type(_)) {
                continue;
            }
            assert!(matches!(found.stability, Stability::Stable { .. }), "{name}.{word} has no @since");
        }
    }
    assert!(seen > 10, "only {seen} functions found: the packages moved");
}

#[test]
fn each_component_that_a_world_names_is_there() {
    let resolve = resolve();
    for (_, world) in resolve
        .worlds
        .iter()
        .filter(|(_, world)| world.package.is_some_and(|id| resolve.packages[id].name.namespace == "vaguemestre"))
    {
        assert!(
            repository().join("components").join(&world.name).join("Cargo.toml").exists(),
            "no component for world {}",
            world.name
        );
    }
}

#[test]
fn folder_crate_and_spin_id_have_one_name() {
    let manifest = std::fs::read_to_string(repository().join("spin.toml")).unwrap();
    for entry in std::fs::read_dir(repository().join("components")).unwrap() {
        let folder = entry.unwrap().path();
        let id = folder.file_name().and_then(|name| name.to_str()).unwrap();
        let cargo = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(cargo.contains(&format!("name = \"{id}\"")), "{id}: the crate has another name");
        assert!(manifest.contains(&format!("[component.{id}]")), "{id}: not in spin.toml");
        assert!(Path::new(&folder).join("src/lib.rs").exists());
    }
}

/// What fills a dependency of a scheduled component inherits all of its grants (spin.toml says why): it can use only what it imports.
#[test]
fn what_fills_a_dependency_imports_no_more_than_it_needs() {
    use host::capabilities::missing;
    use host::manifest::Inherit;
    let needs: [(&str, &[&str]); 3] = [
        ("post", &["sqlite_databases"]),
        ("transport-smtp", &["variables", "allowed_outbound_hosts"]),
        ("transport-file", &[]),
    ];
    for (component, keys) in needs {
        let file = format!("target/wasm/wasm32-wasip2/component/{}.wasm", component.replace('-', "_"));
        let bytes = std::fs::read(repository().join(&file)).unwrap_or_else(|_| panic!("{file}: run scripts/build"));
        let imports = host::compose::imports(component, bytes).unwrap();
        let inherit = |keys: &[&str]| Inherit::Some(keys.iter().map(|key| (*key).to_owned()).collect());
        assert_eq!(missing(imports.iter().map(String::as_str), &inherit(keys)), None, "{component}");
        for (place, key) in keys.iter().enumerate() {
            let others = [&keys[..place], &keys[place + 1..]].concat();
            let without = missing(imports.iter().map(String::as_str), &inherit(&others));
            assert_eq!(without.map(|(_, wanted)| wanted), Some(*key), "{component} does not need {key}");
        }
    }
}
