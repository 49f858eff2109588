//! What a manifest may say, and how it is refused.

use super::*;

const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"t\"\n";

fn read(body: &str) -> Result<Manifest, String> {
    parse(Path::new("/app/spin.toml"), &format!("{HEAD}{body}")).map_err(|e| e.to_string())
}

#[test]
fn a_whole_manifest_is_read() {
    let m = read(
        r#"
[variables]
school = { default = "X" }
key = { required = true, secret = true }
[[trigger.http]]
route = "/a/..."
component = "a"
[[trigger.http]]
route = { private = true }
component = "b"
[[trigger.cron]]
component = "c"
cron_expression = "0 * * * * *"
[component.a]
source = "a.wasm"
allowed_outbound_hosts = ["tcp://{{ school }}:25", "http://self"]
sqlite_databases = ["default"]
key_value_stores = ["default"]
files = [{ source = "web", destination = "/" }]
[component.a.variables]
school = "{{ school }}"
[component.a.build]
command = "make"
[component.a.dependencies]
"v:post" = { component = "b", inherit_configuration = ["sqlite_databases"] }
"v:tr/t@0.1.0" = { path = "x.wasm", export = "v:tr/u@0.1.0", inherit_configuration = true }
[component.b]
source = "b.wasm"
[component.c]
source = "c.wasm"
"#,
    )
    .unwrap();
    assert_eq!(m.http.len(), 2);
    assert_eq!(m.http[1].route, None);
    assert_eq!(m.cron[0].expression, "0 * * * * *");
    let a = m.component("a").unwrap();
    assert_eq!(a.source, Path::new("/app/a.wasm"));
    assert_eq!(a.files[0].source, Path::new("/app/web"));
    assert_eq!(a.dependencies[0].inherit, Inherit::Some(vec!["sqlite_databases".into()]));
    assert_eq!(a.dependencies[1].inherit, Inherit::All);
    assert_eq!(a.dependencies[1].source, DependencySource::Path("/app/x.wasm".into()));
    assert!(m.variables[1].secret && m.variables[1].default.is_none());
}

#[test]
fn what_is_not_supported_is_refused_with_its_line() {
    let cases = [
        (
            "[component.a]\nsource = \"a.wasm\"\nai_models = [\"x\"]\n",
            6,
            "`ai_models` in [component.a] is not supported",
        ),
        ("[component.a]\nsource = { url = \"x\", digest = \"y\" }\n", 5, "path of a .wasm file"),
        ("[[trigger.redis]]\nchannel = \"x\"\n", 4, "triggers it knows are http and cron"),
        ("[[trigger.http]]\nroute = \"/\"\ncomponent = \"zz\"\n", 4, "no [component.zz]"),
        ("[[trigger.cron]]\ncomponent = \"a\"\ncron_expression = \"* * * * *\"\n", 4, "cron_expression (line 6)"),
        ("[[trigger.cron]]\ncomponent = \"a\"\ncron_expression = \"0 0 0 29 2 * 2096\"\n", 4, "has 7 fields"),
        (
            "[[trigger.cron]]\ncomponent = \"a\"\ncron_expression = \"0 * * * * *\"\n[component.a]\nsource = \"a.wasm\"\n\
             [component.a.dependencies]\n\"v:p\" = { path = \"p.wasm\", inherit_configuration = [\"variables\"] }\n",
            10,
            "write true",
        ),
        ("[[trigger.cron]]\ncomponent = \"a\"\ncron_expression = \"0 * * * * *\"\nzone = \"x\"\n", 7, "`zone`"),
        ("[component.a]\nsource = \"a.wasm\"\nfiles = [\"*.css\"]\n", 6, "mount a folder"),
        (
            "[component.a]\nsource = \"a.wasm\"\n[component.a.dependencies]\n\"v:p\" = \"1.0\"\n",
            7,
            "`component` or `path`",
        ),
        ("[variables]\nAbc = { default = \"\" }\n", 5, "lower-case"),
        ("[variables]\nabc = { }\n", 5, "needs `default"),
        ("oops\n", 4, ""),
        ("[extra]\n", 4, "`extra`"),
    ];
    for (body, line, part) in cases {
        let error = read(body).unwrap_err();
        assert!(error.starts_with(&format!("/app/spin.toml:{line}: ")), "{body} -> {error}");
        assert!(error.contains(part), "{body} -> {error}");
    }
}

#[test]
fn only_version_two_is_read() {
    let error = parse(Path::new("/a/spin.toml"), "spin_manifest_version = 1\n").unwrap_err().to_string();
    assert!(error.contains("spin_manifest_version = 2"), "{error}");
}

#[test]
fn a_subset_keeps_its_own_triggers() {
    let mut m = read(
        "[[trigger.http]]\nroute = \"/a\"\ncomponent = \"a\"\n[[trigger.http]]\nroute = \"/b\"\ncomponent = \"b\"\n\
         [component.a]\nsource = \"a\"\n[component.b]\nsource = \"b\"\n[component.plug]\nsource = \"p\"\n",
    )
    .unwrap();
    assert!(m.retain(&["plug".into()]).unwrap_err().contains("there are: a, b"));
    m.retain(&["b".into()]).unwrap();
    assert_eq!(m.http.len(), 1);
    assert_eq!(m.components.len(), 3);
}
