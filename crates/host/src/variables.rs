//! Variables of the application and of its components.
//!
//! Purpose: the value of every variable, settled once before the first request. A value comes from `--variable`,
//! then from the environment (`SPIN_VARIABLE_NAME`), then from the manifest's default. Templates hold `{{ name }}`.
//!
//! Invariant: after [`Variables::resolve`] no look-up does I/O. It must never log a value.

use std::collections::BTreeMap;
use std::path::Path;

use crate::manifest::{ComponentDecl, VariableDecl};

/// Why variables cannot be settled.
#[derive(Debug, thiserror::Error)]
pub enum VariableError {
    /// `--variable` is malformed or its file unusable.
    #[error("--variable {given}: {why}")]
    Option {
        /// The part of the option that is safe to show.
        given: String,
        /// What is wrong.
        why: String,
    },
    /// Required variables have no value.
    #[error("no value for the required variable(s) {0}; give --variable NAME=VALUE or set SPIN_VARIABLE_NAME")]
    Missing(String),
    /// A template is malformed or names an unknown variable.
    #[error("{place}: {why}")]
    Template {
        /// Where it stands.
        place: String,
        /// What is wrong.
        why: String,
    },
}

/// Checks the name of a variable by Spin's rule: lower-case letters, digits, single underscores inside.
///
/// # Errors
/// Says which rule is broken.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(good) {
        Err("a name has lower-case letters, digits and underscores only")
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        Err("a name starts with a lower-case letter")
    } else if name.ends_with('_') || name.contains("__") {
        Err("an underscore stands between two letters or digits")
    } else {
        Ok(())
    }
}

/// The settled values of `[variables]`.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
}

impl Variables {
    /// Settles every declared variable. `given` are the values of `--variable`; `environment` looks up a name.
    ///
    /// # Errors
    /// When a required one has no value or an undeclared one is given.
    pub fn resolve(
        declared: &[VariableDecl],
        given: &BTreeMap<String, String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, VariableError> {
        let mut values = BTreeMap::new();
        let mut missing = Vec::new();
        for variable in declared {
            let from_environment = || environment(&format!("SPIN_VARIABLE_{}", variable.name.to_ascii_uppercase()));
            let value =
                given.get(&variable.name).cloned().or_else(from_environment).or_else(|| variable.default.clone());
            match value {
                Some(value) => {
                    values.insert(variable.name.clone(), value);
                }
                None => missing.push(variable.name.as_str()),
            }
        }
        if missing.is_empty() { Ok(Self { values }) } else { Err(VariableError::Missing(missing.join(", "))) }
    }

    /// The variables of one component, templates replaced.
    ///
    /// # Errors
    /// When a template is malformed or names an unknown variable.
    pub fn of_component(&self, component: &ComponentDecl) -> Result<BTreeMap<String, String>, VariableError> {
        component
            .variables
            .iter()
            .map(|(name, template)| {
                let place = || format!("[component.{}.variables] {name}", component.id);
                check_name(name).map_err(|why| VariableError::Template { place: place(), why: why.into() })?;
                let value = self.expand(template).map_err(|why| VariableError::Template { place: place(), why })?;
                Ok((name.clone(), value))
            })
            .collect()
    }

    /// Replaces `{{ name }}` in a template.
    ///
    /// # Errors
    /// When braces do not match or a variable is not declared.
    pub fn expand(&self, template: &str) -> Result<String, String> {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((literal, tail)) = rest.split_once("{{") {
            out.push_str(literal);
            let (name, after) = tail.split_once("}}").ok_or("`{{` without `}}`")?;
            let name = name.trim();
            out.push_str(
                self.values.get(name).ok_or_else(|| format!("there is no variable \"{name}\" in [variables]"))?,
            );
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// Reads the values of `--variable`: `name=value`, `name=@file` (the file's text), or `@file.json` / `@file.toml`
/// (a table of strings). A later one wins.
///
/// # Errors
/// When one is malformed or its file cannot be read.
pub fn from_options(options: &[String]) -> Result<BTreeMap<String, String>, VariableError> {
    let mut values = BTreeMap::new();
    for option in options {
        if let Some(file) = option.strip_prefix('@') {
            values.extend(read_table(file)?);
            continue;
        }
        let refuse = |given: &str, why: String| VariableError::Option { given: given.into(), why };
        let (name, value) = option
            .split_once('=')
            .ok_or_else(|| refuse(option, "write NAME=VALUE, NAME=@FILE or @FILE.json".into()))?;
        check_name(name).map_err(|why| refuse(name, why.into()))?;
        let value = match value.strip_prefix('@') {
            Some(file) => std::fs::read_to_string(file).map_err(|e| refuse(name, format!("{file}: {e}")))?,
            None => value.to_owned(),
        };
        values.insert(name.to_owned(), value);
    }
    Ok(values)
}

fn read_table(file: &str) -> Result<BTreeMap<String, String>, VariableError> {
    let refuse = |why: String| VariableError::Option { given: format!("@{file}"), why };
    let text = std::fs::read_to_string(file).map_err(|e| refuse(e.to_string()))?;
    // The parsers' own messages quote the text, which may hold secrets: only the place is repeated.
    match Path::new(file).extension().and_then(|e| e.to_str()) {
        Some("json") => serde_json::from_str(&text)
            .map_err(|e| refuse(format!("not a table of strings, at line {} column {}", e.line(), e.column()))),
        Some("toml") => toml::from_str(&text).map_err(|_| refuse("not a table of strings".into())),
        _ => Err(refuse("the file's name must end in .json or .toml".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(name: &str, default: Option<&str>) -> VariableDecl {
        VariableDecl { name: name.into(), default: default.map(Into::into), secret: false, line: 1 }
    }

    #[test]
    fn the_option_beats_the_environment_beats_the_default() {
        let list = [declared("a", Some("1")), declared("b", Some("1")), declared("c", Some("1"))];
        let given = BTreeMap::from([("a".to_owned(), "3".to_owned())]);
        let env = |name: &str| matches!(name, "SPIN_VARIABLE_A" | "SPIN_VARIABLE_B").then(|| "2".to_owned());
        let v = Variables::resolve(&list, &given, env).unwrap();
        assert_eq!(v.expand("{{a}}-{{ b }}-{{ c }}!").unwrap(), "3-2-1!");
    }

    #[test]
    fn a_required_one_must_be_given() {
        let error = Variables::resolve(&[declared("key", None)], &BTreeMap::new(), |_| None).unwrap_err();
        assert!(error.to_string().contains("key"), "{error}");
    }

    #[test]
    fn bad_templates_are_refused() {
        let v = Variables::default();
        assert!(v.expand("{{ nope }}").unwrap_err().contains("nope"));
        assert!(v.expand("{{ nope").is_err());
        assert_eq!(v.expand("a } b").unwrap(), "a } b");
    }

    #[test]
    fn options_come_from_text_and_files() {
        let dir = tempfile::tempdir().unwrap();
        let json = dir.path().join("v.json");
        std::fs::write(&json, r#"{"a":"1","b":"2"}"#).unwrap();
        let text = dir.path().join("key");
        std::fs::write(&text, "PEM").unwrap();
        let list = [format!("@{}", json.display()), "b=x=y".to_owned(), format!("c=@{}", text.display())];
        let values = from_options(&list).unwrap();
        assert_eq!(values.get("a").map(String::as_str), Some("1"));
        assert_eq!(values.get("b").map(String::as_str), Some("x=y"));
        assert_eq!(values.get("c").map(String::as_str), Some("PEM"));
        assert!(from_options(&["A=1".into()]).is_err());
        assert!(from_options(&["nothing".into()]).is_err());
    }

    #[test]
    fn names_follow_the_rule() {
        for good in ["a", "a1", "a_b"] {
            assert!(check_name(good).is_ok());
        }
        for bad in ["", "A", "1a", "_a", "a_", "a__b", "a-b"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
