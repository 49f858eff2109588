//! What the keys of `spin.toml` mean to the runner.
//!
//! Each function takes one table and must leave nothing in it: what is left is refused by `Table::finish`.

use std::path::{Path, PathBuf};

use super::read::{Source, Table, Value};
use super::{
    ComponentDecl, CronTrigger, Dependency, DependencyName, DependencySource, HttpTrigger, Inherit, Manifest,
    ManifestError, Mount, VariableDecl,
};
use crate::variables::check_name;

const USE_SPIN: &str = "remove it, or serve this application with Spin";

/// Reads a manifest from its text; `path` is absolute and gives the folder of relative paths.
pub(super) fn parse(path: &Path, text: &str) -> Result<Manifest, ManifestError> {
    let source = Source::new(path, text);
    let dir = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let mut root = source.root()?;

    let version = root.need("spin_manifest_version")?;
    let line = version.line;
    if version.integer()? != 2 {
        return Err(source.refuse(line, "only `spin_manifest_version = 2` is understood; run `spin doctor` to upgrade"));
    }
    let (name, app_version) = application(root.need("application")?.table()?.rename("[application]"))?;
    let variables = root
        .take_table("variables")?
        .rest()
        .into_iter()
        .map(|(name, value)| variable(name, value))
        .collect::<Result<_, _>>()?;
    let (http, cron) = triggers(root.take_table("trigger")?.rename("[trigger]"))?;
    let components = root
        .take_table("component")?
        .rest()
        .into_iter()
        .map(|(id, value)| component(&dir, id, value))
        .collect::<Result<_, _>>()?;
    root.finish(USE_SPIN)?;

    let manifest =
        Manifest { path: path.to_path_buf(), dir, name, version: app_version, variables, http, cron, components };
    check_references(source, &manifest)?;
    check_cron_dependencies(source, &manifest)?;
    Ok(manifest)
}

fn application(mut table: Table<'_>) -> Result<(String, String), ManifestError> {
    let name = table.need("name")?.string()?;
    let version = table.take("version").map(Value::string).transpose()?.unwrap_or_default();
    for ignored in ["description", "authors", "tool"] {
        table.take(ignored);
    }
    table.finish(USE_SPIN)?;
    Ok((name, version))
}

fn variable(name: String, value: Value<'_>) -> Result<VariableDecl, ManifestError> {
    let line = value.line;
    check_name(&name).map_err(|why| value.refuse(format!("variable \"{name}\": {why}")))?;
    let mut table = value.table()?.rename(format!("[variables] {name}"));
    let default = table.take("default").map(Value::string).transpose()?;
    let required = table.take("required").map(Value::boolean).transpose()?.unwrap_or(false);
    let secret = table.take("secret").map(Value::boolean).transpose()?.unwrap_or(false);
    table.take("description");
    match (&default, required) {
        (None, false) => {
            return Err(table.refuse(format!("variable \"{name}\" needs `default = \"…\"` or `required = true`")));
        }
        (Some(_), true) => {
            return Err(table.refuse(format!("variable \"{name}\" cannot be required and have a default")));
        }
        _ => {}
    }
    table.finish(USE_SPIN)?;
    Ok(VariableDecl { name, default, secret, line })
}

fn triggers(mut table: Table<'_>) -> Result<(Vec<HttpTrigger>, Vec<CronTrigger>), ManifestError> {
    let mut http = Vec::new();
    let mut cron = Vec::new();
    if let Some(list) = table.take("http") {
        for item in list.list()? {
            http.push(http_trigger(item.table()?.rename("[[trigger.http]]"))?);
        }
    }
    if let Some(list) = table.take("cron") {
        for item in list.list()? {
            cron.push(cron_trigger(item.table()?.rename("[[trigger.cron]]"))?);
        }
    }
    table.finish("the triggers it knows are http and cron")?;
    Ok((http, cron))
}

fn trigger_component(table: &mut Table<'_>) -> Result<String, ManifestError> {
    let component = table.need("component")?;
    if !component.is_string() {
        return Err(component.wrong("the id of a component; move the inline table to [component.<id>]"));
    }
    component.string()
}

fn http_trigger(mut table: Table<'_>) -> Result<HttpTrigger, ManifestError> {
    let line = table.line;
    let component = trigger_component(&mut table)?;
    table.take("id");
    let route = table.need("route")?;
    let route = if route.is_string() {
        let at = route.line;
        let text = route.string()?;
        crate::routes::Pattern::parse(&text)
            .map_err(|why| table.refuse(format!("route \"{text}\" (line {at}): {why}")))?;
        Some(text)
    } else {
        let mut private = route.table()?;
        let value = private.need("private")?;
        let refusal = value.wrong("true");
        if !value.boolean()? {
            return Err(refusal);
        }
        private.finish("write { private = true }")?;
        None
    };
    table.finish(USE_SPIN)?;
    Ok(HttpTrigger { component, route, line })
}

fn cron_trigger(mut table: Table<'_>) -> Result<CronTrigger, ManifestError> {
    let line = table.line;
    let component = trigger_component(&mut table)?;
    let expression = table.need("cron_expression")?;
    let at = expression.line;
    let expression = expression.string()?;
    crate::cron::parse(&expression).map_err(|why| table.refuse(format!("cron_expression (line {at}): {why}")))?;
    table.finish("a cron trigger takes `component` and `cron_expression` only")?;
    Ok(CronTrigger { component, expression, line })
}

fn component(dir: &Path, id: String, value: Value<'_>) -> Result<ComponentDecl, ManifestError> {
    let line = value.line;
    let mut table = value.table()?.rename(format!("[component.{id}]"));
    let source = table.need("source")?;
    if !source.is_string() {
        return Err(source.wrong("the path of a .wasm file; fetch it first, the runner downloads nothing"));
    }
    let source = dir.join(source.string()?);
    let inherit_all = table.take("dependencies_inherit_configuration").map(Value::boolean).transpose()? == Some(true);
    let mut dependencies = Vec::new();
    for (name, value) in table.take_table("dependencies")?.rename(format!("[component.{id}.dependencies]")).rest() {
        dependencies.push(dependency(dir, &name, value, inherit_all)?);
    }
    let mut files = Vec::new();
    if let Some(list) = table.take("files") {
        for item in list.list()? {
            files.push(mount(dir, item)?);
        }
    }
    let allowed_outbound_hosts = table.take_strings("allowed_outbound_hosts")?;
    let sqlite_databases = table.take_strings("sqlite_databases")?;
    let key_value_stores = table.take_strings("key_value_stores")?;
    let variables = pairs(table.take_table("variables")?)?;
    let environment = pairs(table.take_table("environment")?)?;
    for ignored in ["description", "build", "tool"] {
        table.take(ignored);
    }
    table.finish(USE_SPIN)?;
    Ok(ComponentDecl {
        id,
        source,
        allowed_outbound_hosts,
        sqlite_databases,
        key_value_stores,
        variables,
        environment,
        files,
        dependencies,
        line,
    })
}

fn pairs(mut table: Table<'_>) -> Result<Vec<(String, String)>, ManifestError> {
    table.rest().into_iter().map(|(name, value)| Ok((name, value.string()?))).collect()
}

fn mount(dir: &Path, value: Value<'_>) -> Result<Mount, ManifestError> {
    let line = value.line;
    if value.is_string() {
        return Err(value.refuse(
            "a file pattern is not supported by this runner; mount a folder: { source = \"dir\", destination = \"/\" }",
        ));
    }
    let mut table = value.table()?.rename("`files`");
    let source = dir.join(table.need("source")?.string()?);
    let destination = table.need("destination")?;
    let refusal = destination.wrong("an absolute path, such as \"/\"");
    let destination = destination.string()?;
    if !destination.starts_with('/') {
        return Err(refusal);
    }
    table.finish("a mount takes `source` and `destination`")?;
    Ok(Mount { source, destination, line })
}

fn dependency(dir: &Path, name: &str, value: Value<'_>, inherit_all: bool) -> Result<Dependency, ManifestError> {
    let line = value.line;
    let name = DependencyName::parse(name).map_err(|why| value.refuse(why))?;
    if value.is_string() {
        return Err(value.wrong("a table with `component` or `path`; the runner downloads nothing from a registry"));
    }
    let mut table = value.table()?.rename(format!("dependency \"{name}\""));
    let source = match (table.take("component"), table.take("path")) {
        (Some(id), None) => DependencySource::Component(id.string()?),
        (None, Some(path)) => DependencySource::Path(dir.join(path.string()?)),
        _ => return Err(table.refuse(format!("dependency \"{name}\" needs either `component` or `path`"))),
    };
    let export = table.take("export").map(Value::string).transpose()?;
    let package_level = matches!(&name, DependencyName::Package { interface: None, .. });
    if export.is_some() && package_level {
        return Err(table.refuse(format!("dependency \"{name}\" names a whole package: `export` is for one interface")));
    }
    let inherit = match table.take("inherit_configuration") {
        None if inherit_all => Inherit::All,
        None => Inherit::None,
        Some(_) if inherit_all => {
            return Err(table.refuse(format!(
                "dependency \"{name}\": `inherit_configuration` cannot stand beside dependencies_inherit_configuration = true"
            )));
        }
        Some(value) if value.is_boolean() => {
            if value.boolean()? {
                Inherit::All
            } else {
                Inherit::None
            }
        }
        Some(value) => Inherit::Some(value.strings()?),
    };
    table.finish("it takes `component` or `path`, `export` and `inherit_configuration`")?;
    Ok(Dependency { name, source, export, inherit, line })
}

fn check_references(source: Source<'_>, manifest: &Manifest) -> Result<(), ManifestError> {
    let named = manifest
        .http
        .iter()
        .map(|t| (&t.component, t.line))
        .chain(manifest.cron.iter().map(|t| (&t.component, t.line)))
        .chain(manifest.components.iter().flat_map(|c| &c.dependencies).filter_map(|d| match &d.source {
            DependencySource::Component(id) => Some((id, d.line)),
            DependencySource::Path(_) => None,
        }));
    for (id, line) in named {
        if manifest.component(id).is_none() {
            return Err(source.refuse(line, format!("there is no [component.{id}]")));
        }
    }
    Ok(())
}

/// The released cron plug-in (0.3.0, built on Spin 3.5) stops at a list of what a dependency inherits.
fn check_cron_dependencies(source: Source<'_>, manifest: &Manifest) -> Result<(), ManifestError> {
    for component in manifest.cron.iter().filter_map(|trigger| manifest.component(&trigger.component)) {
        for dependency in &component.dependencies {
            if matches!(&dependency.inherit, Inherit::Some(keys) if !keys.is_empty()) {
                let message = format!(
                    "dependency \"{}\" of \"{}\", which a cron trigger runs: Spin's cron plug-in takes `inherit_configuration` only as true or false; write true",
                    dependency.name, component.id
                );
                return Err(source.refuse(dependency.line, message));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
