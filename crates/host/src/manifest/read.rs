//! Reading TOML with positions: every value taken from a [`Table`] knows its line, and what nobody took is refused.
//!
//! It knows nothing of what a manifest means.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ManifestError;

/// The text being read, for lines and messages.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    text: &'a str,
}

impl<'a> Source<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Self { path, text }
    }

    pub(super) fn root(self) -> Result<Table<'a>, ManifestError> {
        let root = DeTable::parse(self.text)
            .map_err(|e| self.refuse(self.line(e.span().map_or(0, |s| s.start)), e.message().to_owned()))?;
        Ok(Table::new(self, "the manifest".into(), 1, root.into_inner()))
    }

    pub(super) fn line(self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|b| *b == b'\n').count()
    }

    pub(super) fn refuse(self, line: usize, message: impl Into<String>) -> ManifestError {
        ManifestError::Refused { path: PathBuf::from(self.path), line, message: message.into() }
    }
}

/// A value and its line.
pub(super) struct Value<'a> {
    source: Source<'a>,
    /// How to call it in a message, for example `route in [[trigger.http]]`.
    what: String,
    pub(super) line: usize,
    value: DeValue<'a>,
}

impl<'a> Value<'a> {
    pub(super) fn wrong(&self, expected: &str) -> ManifestError {
        self.source.refuse(self.line, format!("{} must be {expected}", self.what))
    }

    pub(super) fn refuse(&self, message: impl Into<String>) -> ManifestError {
        self.source.refuse(self.line, message)
    }

    pub(super) fn string(self) -> Result<String, ManifestError> {
        match self.value {
            DeValue::String(s) => Ok(s.into_owned()),
            _ => Err(self.wrong("a string")),
        }
    }

    pub(super) fn boolean(self) -> Result<bool, ManifestError> {
        match self.value {
            DeValue::Boolean(b) => Ok(b),
            _ => Err(self.wrong("true or false")),
        }
    }

    pub(super) fn integer(self) -> Result<i64, ManifestError> {
        match &self.value {
            DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).map_err(|_| self.wrong("a whole number")),
            _ => Err(self.wrong("a whole number")),
        }
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    pub(super) fn is_boolean(&self) -> bool {
        matches!(self.value, DeValue::Boolean(_))
    }

    pub(super) fn list(self) -> Result<Vec<Value<'a>>, ManifestError> {
        match self.value {
            DeValue::Array(items) => Ok(items
                .into_iter()
                .map(|item| Value {
                    source: self.source,
                    what: format!("an item of {}", self.what),
                    line: self.source.line(item.span().start),
                    value: item.into_inner(),
                })
                .collect()),
            _ => Err(self.wrong("a list")),
        }
    }

    pub(super) fn strings(self) -> Result<Vec<String>, ManifestError> {
        self.list()?.into_iter().map(Value::string).collect()
    }

    pub(super) fn table(self) -> Result<Table<'a>, ManifestError> {
        match self.value {
            DeValue::Table(table) => Ok(Table::new(self.source, self.what, self.line, table)),
            _ => Err(self.wrong("a table")),
        }
    }
}

/// A table of which every key must be taken.
pub(super) struct Table<'a> {
    source: Source<'a>,
    what: String,
    pub(super) line: usize,
    entries: Vec<(String, usize, Spanned<DeValue<'a>>)>,
}

impl<'a> Table<'a> {
    fn new(source: Source<'a>, what: String, line: usize, table: DeTable<'a>) -> Self {
        let mut entries: Vec<_> = table.into_iter().map(|(k, v)| (k.span().start, k, v)).collect();
        // The parser sorts by name; the order of the file is what a reader expects in lists and messages.
        entries.sort_by_key(|(at, ..)| *at);
        let entries = entries.into_iter().map(|(at, k, v)| (k.into_inner().into_owned(), source.line(at), v)).collect();
        Self { source, what, line, entries }
    }

    /// Takes a key, if it is there.
    pub(super) fn take(&mut self, key: &str) -> Option<Value<'a>> {
        let at = self.entries.iter().position(|(k, ..)| k == key)?;
        let (key, line, value) = self.entries.remove(at);
        Some(Value { source: self.source, what: format!("`{key}` in {}", self.what), line, value: value.into_inner() })
    }

    /// Takes a key that must be there.
    pub(super) fn need(&mut self, key: &str) -> Result<Value<'a>, ManifestError> {
        self.take(key).ok_or_else(|| self.source.refuse(self.line, format!("{} needs `{key}`", self.what)))
    }

    /// Takes a table, empty when absent.
    pub(super) fn take_table(&mut self, key: &str) -> Result<Table<'a>, ManifestError> {
        match self.take(key) {
            Some(value) => value.table(),
            None => Ok(Table { source: self.source, what: key.to_owned(), line: self.line, entries: Vec::new() }),
        }
    }

    pub(super) fn take_strings(&mut self, key: &str) -> Result<Vec<String>, ManifestError> {
        self.take(key).map_or_else(|| Ok(Vec::new()), Value::strings)
    }

    /// Takes everything left, in file order.
    pub(super) fn rest(&mut self) -> Vec<(String, Value<'a>)> {
        std::mem::take(&mut self.entries)
            .into_iter()
            .map(|(key, line, value)| {
                let what = format!("`{key}` in {}", self.what);
                (key, Value { source: self.source, what, line, value: value.into_inner() })
            })
            .collect()
    }

    /// Refuses what was not taken. `help` says what to do.
    pub(super) fn finish(self, help: &str) -> Result<(), ManifestError> {
        match self.entries.first() {
            None => Ok(()),
            Some((key, line, _)) => Err(self
                .source
                .refuse(*line, format!("`{key}` in {} is not supported by this runner; {help}", self.what))),
        }
    }

    pub(super) fn rename(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }

    pub(super) fn refuse(&self, message: impl Into<String>) -> ManifestError {
        self.source.refuse(self.line, message)
    }
}
