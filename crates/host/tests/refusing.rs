//! What the runner refuses at start, and how it says so.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

#[expect(unused, reason = "each test file uses its part")]
mod common;

use std::path::Path;
use std::process::Command;

use common::{Server, runner};

const HEAD: &str =
    "spin_manifest_version = 2\n[application]\nname = \"t\"\n[[trigger.http]]\nroute = \"/...\"\ncomponent = \"c\"\n";

/// Starts an application that must be refused; gives what was said.
fn refused(body: &str, component: &str, options: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("spin.toml"), format!("{HEAD}{body}")).unwrap();
    std::fs::write(dir.path().join("c.wasm"), wat::parse_str(component).unwrap()).unwrap();
    let output = runner(dir.path(), &dir.path().join("state")).args(options).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{text}");
    text
}

const EMPTY: &str = "(component)";

#[test]
fn an_unknown_import_is_named() {
    let text = refused(
        "[component.c]\nsource = \"c.wasm\"\n",
        "(component (import \"acme:rocket/launch@1.0.0\" (instance (export \"go\" (func)))))",
        &[],
    );
    assert!(text.contains("component \"c\"") && text.contains("acme:rocket/launch@1.0.0"), "{text}");
}

#[test]
fn a_component_without_the_right_export_is_refused() {
    let text = refused("[component.c]\nsource = \"c.wasm\"\n", EMPTY, &[]);
    assert!(text.contains("wasi:http/handler@0.3.0"), "{text}");
    let cron = "[component.c]\nsource = \"c.wasm\"\n[[trigger.cron]]\ncomponent = \"d\"\ncron_expression = \"0 * * * * *\"\n\
                [component.d]\nsource = \"c.wasm\"\n";
    let text = refused(cron, EMPTY, &["-c", "d"]);
    assert!(text.contains("handle-cron-event"), "{text}");
}

#[test]
fn what_is_not_served_is_refused_with_its_line() {
    let text = refused("[component.c]\nsource = \"c.wasm\"\nai_models = []\n", EMPTY, &[]);
    assert!(text.contains("spin.toml:9: `ai_models`"), "{text}");
    let text = refused("[component.c]\nsource = \"c.wasm\"\nsqlite_databases = [\"other\"]\n", EMPTY, &[]);
    assert!(text.contains("spin.toml:7") && text.contains("sqlite_database.other"), "{text}");
    let text = refused("[component.c]\nsource = \"c.wasm\"\nallowed_outbound_hosts = [\"nowhere\"]\n", EMPTY, &[]);
    assert!(text.contains("nowhere"), "{text}");
    let text = refused("[component.c]\nsource = \"missing.wasm\"\n", EMPTY, &[]);
    assert!(text.contains("missing.wasm"), "{text}");
    let text = refused("[component.c]\nsource = \"c.wasm\"\n[variables]\nkey = { required = true }\n", EMPTY, &[]);
    assert!(text.contains("key") && text.contains("SPIN_VARIABLE"), "{text}");
}

#[test]
fn another_database_kind_is_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("rc.toml");
    std::fs::write(&config, "[sqlite_database.default]\ntype = \"libsql\"\nurl = \"http://x\"\ntoken = \"s3cret\"\n")
        .unwrap();
    let text =
        refused("[component.c]\nsource = \"c.wasm\"\n", EMPTY, &["--runtime-config-file", config.to_str().unwrap()]);
    assert!(text.contains("libsql") && !text.contains("s3cret"), "{text}");
}

fn migrate(manifest: &Path, state: &Path) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaguemestre"));
    let output = command.arg("migrate").arg("-f").arg(manifest).arg("--state-dir").arg(state).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

#[test]
fn migrations_are_applied_by_both_commands_and_a_newer_database_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let app = common::probes();
    let (ok, text) = migrate(&app, dir.path());
    assert!(ok && text.contains("applied 0001 items") && text.contains("schema version 1"), "{text}");
    let (ok, text) = migrate(&app, dir.path());
    assert!(ok && !text.contains("applied"), "{text}");

    let old = tempfile::tempdir().unwrap();
    std::fs::write(old.path().join("spin.toml"), HEAD.to_owned() + "[component.c]\nsource = \"c.wasm\"\n").unwrap();
    let (ok, text) = migrate(old.path(), dir.path());
    assert!(!ok && text.contains("migration 1 (items)") && text.contains("older than the database"), "{text}");
}

#[test]
fn statements_given_at_start_run_after_the_migrations() {
    let s = Server::start(&["-c", "probe", "--sqlite", "INSERT INTO log (at) VALUES (41)"]);
    assert_eq!(s.text("/sql?SELECT+at+FROM+log"), "[[Value::Integer(41)]]");
}
