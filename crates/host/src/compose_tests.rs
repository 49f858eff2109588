//! The rules of composition, on the smallest components.

use super::*;

const ROOT: &str = r#"(component
    (import "a:b/c@0.1.0" (instance (export "f" (func))))
    (import "a:b/d@0.1.0" (instance (export "g" (func)))))"#;
const PLUG: &str = r#"(component
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func $f (canon lift (core func $i "f")))
    (instance $c (export "f" (func $f)))
    (instance $d (export "g" (func $f)))
    (export "a:b/c@0.1.0" (instance $c))
    (export "a:b/d@0.1.0" (instance $d)))"#;
const ONLY_C: &str = r#"(component
    (import "spin:sqlite/sqlite@3.0.0" (instance))
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func $f (canon lift (core func $i "f")))
    (instance $c (export "f" (func $f)))
    (export "a:b/c@0.1.0" (instance $c)))"#;

fn plug(name: &str, text: &str, inherit: Inherit) -> Plug {
    Plug {
        name: DependencyName::parse(name).unwrap(),
        export: None,
        inherit,
        label: "plug".into(),
        bytes: wat::parse_str(text).unwrap(),
    }
}

fn compose_root(plugs: Vec<Plug>) -> Result<Vec<u8>, String> {
    compose("root", wat::parse_str(ROOT).unwrap(), plugs).map_err(|e| e.to_string())
}

#[test]
fn a_package_fills_all_its_interfaces() {
    let bytes = compose_root(vec![plug("a:b", PLUG, Inherit::None)]).unwrap();
    let engine = wasmtime::Engine::default();
    let component = wasmtime::component::Component::new(&engine, bytes).unwrap();
    assert_eq!(component.component_type().imports(&engine).count(), 0);
}

#[test]
fn two_entries_of_one_package_are_refused_as_in_spin() {
    let error = compose_root(vec![plug("a:b/c", PLUG, Inherit::None), plug("a:b/d", PLUG, Inherit::None)]).unwrap_err();
    assert!(error.contains("a:b/c") && error.contains("a:b/d") && error.contains("package \"a:b\""), "{error}");
}

#[test]
fn one_component_may_fill_entries_of_two_packages() {
    let root = ROOT.replace("a:b/d@0.1.0", "a:e/d@0.1.0");
    let other = PLUG.replace("a:b/d@0.1.0", "a:e/d@0.1.0");
    let plugs = vec![plug("a:b/c", &other, Inherit::None), plug("a:e/d", &other, Inherit::None)];
    compose("root", wat::parse_str(root).unwrap(), plugs).unwrap();
}

#[test]
fn without_dependencies_nothing_changes() {
    let bytes = wat::parse_str(ROOT).unwrap();
    assert_eq!(compose("root", bytes.clone(), Vec::new()).unwrap(), bytes);
}

#[test]
fn misfits_are_refused_by_name() {
    let unmatched = compose_root(vec![plug("x:y", PLUG, Inherit::None)]).unwrap_err();
    assert!(unmatched.contains("x:y") && unmatched.contains("a:b/c@0.1.0, a:b/d@0.1.0"), "{unmatched}");
    let conflict =
        compose_root(vec![plug("a:b", PLUG, Inherit::None), plug("a:b/c", PLUG, Inherit::None)]).unwrap_err();
    assert!(conflict.contains("a:b/c@0.1.0"), "{conflict}");
    let missing = compose_root(vec![plug("a:b", ONLY_C, Inherit::All)]).unwrap_err();
    assert!(missing.contains("does not export \"a:b/d@0.1.0\""), "{missing}");
    let denied = compose_root(vec![plug("a:b/c", ONLY_C, Inherit::None)]).unwrap_err();
    assert!(denied.contains("add \"sqlite_databases\" to its inherit_configuration"), "{denied}");
    compose_root(vec![plug("a:b/c", ONLY_C, Inherit::Some(vec!["sqlite_databases".into()]))]).unwrap();
}

#[test]
fn types_must_agree() {
    let other = ROOT.replace("(export \"f\" (func))", "(export \"f\" (func (param \"n\" u32)))");
    let error = compose("root", wat::parse_str(other).unwrap(), vec![plug("a:b", PLUG, Inherit::None)]).unwrap_err();
    assert!(matches!(error, ComposeError::Mismatch { .. }), "{error}");
}
