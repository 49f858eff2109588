//! What a dependency may use of its parent's grants.
//!
//! A dependency is instantiated inside its parent and would see everything the parent sees. Spin denies by default and
//! lets `inherit_configuration` name what passes; here an import that is not inherited is refused at load, by name,
//! where Spin would let the call fail at run time.
//!
//! One difference: every program of the standard library imports `wasi:cli/environment` and `wasi:filesystem/preopens`,
//! so these two are not refused, and a dependency sees its parent's environment and folders even when `environment` and
//! `files` are not inherited (Spin answers it with none). A dependency must therefore not rely on either.

use crate::manifest::Inherit;

/// Imports that need a grant, by the key of the manifest that grants them. A name ending in `/` covers the package.
const GRANTS: &[(&str, &[&str])] = &[
    ("ai_models", &["fermyon:spin/llm"]),
    (
        "allowed_outbound_hosts",
        &[
            "fermyon:spin/http",
            "fermyon:spin/mqtt",
            "fermyon:spin/mysql",
            "fermyon:spin/postgres",
            "fermyon:spin/redis",
            "spin:mqtt/",
            "spin:mysql/",
            "spin:postgres/",
            "spin:redis/",
            "wasi:http/client",
            "wasi:http/outgoing-handler",
            "wasi:sockets/ip-name-lookup",
            "wasi:sockets/tcp-create-socket",
            "wasi:sockets/tcp",
            "wasi:sockets/udp-create-socket",
            "wasi:sockets/udp",
        ],
    ),
    ("key_value_stores", &["fermyon:spin/key-value", "spin:key-value/", "wasi:keyvalue/"]),
    ("sqlite_databases", &["fermyon:spin/sqlite", "spin:sqlite/"]),
    ("variables", &["fermyon:spin/config", "fermyon:spin/variables", "spin:variables/", "wasi:config/"]),
];

/// Finds the import that is not inherited, and the key that would grant it.
#[must_use]
pub fn missing<'a>(imports: impl IntoIterator<Item = &'a str>, inherit: &Inherit) -> Option<(&'a str, &'static str)> {
    let inherited = |key: &str| match inherit {
        Inherit::All => true,
        Inherit::None => false,
        Inherit::Some(keys) => keys.iter().any(|k| k == key),
    };
    imports.into_iter().find_map(|import| {
        let name = import.split_once('@').map_or(import, |(name, _)| name);
        let granted_by = GRANTS
            .iter()
            .find(|(_, names)| names.iter().any(|n| if n.ends_with('/') { name.starts_with(n) } else { &name == n }))?
            .0;
        (!inherited(granted_by)).then_some((import, granted_by))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_inherited_is_named() {
        let imports = ["wasi:cli/environment@0.2.6", "wasi:io/streams@0.2.6", "spin:sqlite/sqlite@3.0.0"];
        assert_eq!(missing(imports, &Inherit::None), Some(("spin:sqlite/sqlite@3.0.0", "sqlite_databases")));
        assert_eq!(missing(imports, &Inherit::Some(vec!["sqlite_databases".into()])), None);
        assert_eq!(missing(imports, &Inherit::All), None);
        assert_eq!(missing(["wasi:sockets/network@0.2.6"], &Inherit::None), None);
        assert_eq!(
            missing(["wasi:sockets/tcp@0.2.6"], &Inherit::None),
            Some(("wasi:sockets/tcp@0.2.6", "allowed_outbound_hosts"))
        );
    }
}
