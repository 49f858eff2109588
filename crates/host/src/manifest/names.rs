//! Names of dependencies: `package:name`, `package:name/interface`, either with `@version`, or a plain name.
//!
//! The rules of matching are Spin's: a name without an interface matches every imported interface of the package, a
//! name without a version matches any version, and versions match exactly.

use std::fmt;

/// The left side of an entry of `[component.<id>.dependencies]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DependencyName {
    /// A plain import name, matched as it stands.
    Plain(String),
    /// A package or one interface of it.
    Package {
        /// `namespace:name`.
        package: String,
        /// One interface only.
        interface: Option<String>,
        /// One version only.
        version: Option<String>,
    },
}

impl DependencyName {
    /// Reads a name.
    ///
    /// # Errors
    /// When it is neither a plain name nor `namespace:package[/interface][@version]`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (path, version) = match text.split_once('@') {
            Some((path, version)) if !version.is_empty() => (path, Some(version.to_owned())),
            Some(_) => return Err(format!("\"{text}\" has an empty version")),
            None => (text, None),
        };
        if !path.contains([':', '/']) {
            return match version {
                None if !path.is_empty() => Ok(Self::Plain(path.to_owned())),
                _ => Err(format!("\"{text}\" is not a dependency name: write \"namespace:package/interface@version\"")),
            };
        }
        let (package, interface) = match path.split_once('/') {
            Some((package, interface)) => (package, Some(interface.to_owned())),
            None => (path, None),
        };
        let well_formed = package.split_once(':').is_some_and(|(ns, name)| !ns.is_empty() && !name.is_empty());
        if !well_formed || interface.as_deref() == Some("") {
            return Err(format!("\"{text}\" is not a dependency name: write \"namespace:package/interface@version\""));
        }
        Ok(Self::Package { package: package.to_owned(), interface, version })
    }

    /// What Spin registers the component that fills it under: `namespace:name`, or the plain name.
    #[must_use]
    pub fn package(&self) -> &str {
        match self {
            Self::Plain(name) => name,
            Self::Package { package, .. } => package,
        }
    }

    /// Whether it names this import of a component.
    #[must_use]
    pub fn matches(&self, import: &str) -> bool {
        match self {
            Self::Plain(name) => name == import,
            Self::Package { package, interface, version } => {
                let Some((import_package, rest)) = import.split_once('/') else { return false };
                let (import_interface, import_version) = match rest.split_once('@') {
                    Some((i, v)) => (i, Some(v)),
                    None => (rest, None),
                };
                package == import_package
                    && interface.as_deref().is_none_or(|i| i == import_interface)
                    && version.as_deref().is_none_or(|v| Some(v) == import_version)
            }
        }
    }
}

impl fmt::Display for DependencyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(name) => f.write_str(name),
            Self::Package { package, interface, version } => {
                f.write_str(package)?;
                if let Some(i) = interface {
                    write!(f, "/{i}")?;
                }
                if let Some(v) = version {
                    write!(f, "@{v}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DependencyName;

    fn matches(name: &str, import: &str) -> bool {
        DependencyName::parse(name).unwrap().matches(import)
    }

    #[test]
    fn a_name_matches_as_in_spin() {
        assert!(matches("v:post/rights@0.1.0", "v:post/rights@0.1.0"));
        assert!(matches("v:post/rights", "v:post/rights@0.1.0"));
        assert!(matches("v:post@0.1.0", "v:post/submission@0.1.0"));
        assert!(matches("v:post", "v:post/rights"));
        assert!(matches("plain", "plain"));
        assert!(!matches("v:post/rights@0.1.0", "v:post/rights"));
        assert!(!matches("v:post/rights", "v:post/rights-two"));
        assert!(!matches("v:post", "v:posted/rights"));
        assert!(!matches("plain", "v:plain/x"));
    }

    #[test]
    fn a_malformed_name_is_refused() {
        for bad in ["", "a:/x", ":b", "a:b/", "a@1", "a:b@"] {
            assert!(DependencyName::parse(bad).is_err(), "{bad}");
        }
    }
}
