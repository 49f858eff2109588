//! What is to be done to a database, as statements: the same for a file, for a libSQL server, and on paper.

use super::SchemaError;
use super::read::{Migration, Schema, statements, words};

/// Tables of the migrator itself.
pub(super) const RECORDS: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS schema_migration (
        version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL
    ) STRICT",
    "CREATE TABLE IF NOT EXISTS schema_logic (sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
];

/// Asked of a database before; one row each: kind, name, detail.
pub(super) const FOUND: &str = "
    SELECT 'migration', CAST(version AS TEXT), name || char(10) || sha256 FROM schema_migration
    UNION ALL SELECT 'logic', sha256, '' FROM schema_logic
    UNION ALL SELECT type, name, tbl_name FROM sqlite_schema
        WHERE type IN ('view', 'trigger') OR type = 'index' AND sql IS NOT NULL OR type = 'table' AND name NOT LIKE 'sqlite_%'
    ORDER BY 1, 2";

/// What is in a database.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Version, name and hash of what was applied, by version.
    pub(super) applied: Vec<(i64, String, String)>,
    logic_sha256: String,
    views: Vec<String>,
    triggers: Vec<String>,
    /// Name and table.
    indexes: Vec<(String, String)>,
    tables: Vec<String>,
}

impl Found {
    /// Takes one row of [`FOUND`].
    pub(super) fn take(&mut self, kind: &str, name: String, detail: &str) {
        match kind {
            "migration" => {
                let (named, sha256) = detail.split_once('\n').unwrap_or((detail, ""));
                self.applied.push((name.parse().unwrap_or_default(), named.to_owned(), sha256.to_owned()));
                self.applied.sort_unstable();
            }
            "logic" => self.logic_sha256 = name,
            "view" => self.views.push(name),
            "trigger" => self.triggers.push(name),
            "index" => self.indexes.push((name, detail.to_owned())),
            _ => self.tables.push(name),
        }
    }
}

/// What is to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Version and name of each migration, in order.
    pub(super) applied: Vec<(i64, String)>,
    /// What is done, for messages, and the statement; empty when the database is up to date.
    pub(super) steps: Vec<(String, String)>,
}

/// Compares a database with the schema. `now` in UTC milliseconds.
pub(super) fn plan(schema: &Schema, found: &Found, now: i64) -> Result<Plan, SchemaError> {
    let pending = pending(&found.applied, &schema.migrations)?;
    let same_logic = found.logic_sha256 == schema.logic_sha256
        || found.logic_sha256.is_empty()
            && schema.logic.is_empty()
            && found.views.is_empty()
            && found.triggers.is_empty();
    if pending.is_empty() && same_logic {
        return Ok(Plan::default());
    }
    let mut steps = Steps::default();
    let drops =
        found.triggers.iter().map(|name| ("TRIGGER", name)).chain(found.views.iter().map(|name| ("VIEW", name)));
    for (kind, name) in drops {
        steps.add("taking the old logic away", format!("DROP {kind} \"{name}\""));
    }
    steps.add(
        "looking at what is there",
        "CREATE TEMP TABLE migration_check (what TEXT, wrong INTEGER CHECK (wrong = 0))".to_owned(),
    );
    steps.all(schema, &pending, now, Some(found))?;
    Ok(Plan { applied: pending.iter().map(|m| (m.version, m.name.clone())).collect(), steps: steps.0 })
}

/// All that brings a database of version `from` (0: an empty one) to the newest schema, as one script for a libSQL server or SQLite's shell.
///
/// # Errors
/// When the schema is not sound.
pub fn script(schema: &Schema, from: i64, now: i64) -> Result<String, SchemaError> {
    let pending: Vec<&Migration> = schema.migrations.iter().filter(|migration| migration.version > from).collect();
    let mut steps = Steps::default();
    for statement in schema.logic.iter().rev() {
        let words = words(statement);
        let name = words.split(' ').nth(2).unwrap_or_default();
        let kind = if words.starts_with("CREATE VIEW") { "VIEW" } else { "TRIGGER" };
        steps.add("", format!("DROP {kind} IF EXISTS {name}"));
    }
    RECORDS.into_iter().for_each(|table| steps.add("", table.to_owned()));
    steps.all(schema, &pending, now, None)?;
    let body: Vec<String> =
        steps.0.into_iter().map(|(_, sql)| format!("{};\n", sql.trim_end().trim_end_matches(';'))).collect();
    Ok(format!("PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n{}COMMIT;\nPRAGMA foreign_keys = ON;\n", body.concat()))
}

#[derive(Default)]
struct Steps(Vec<(String, String)>);

impl Steps {
    fn add(&mut self, what: &str, sql: String) {
        self.0.push((what.to_owned(), sql));
    }

    /// Migrations, the inventory where there was something before, logic, records.
    fn all(
        &mut self,
        schema: &Schema,
        pending: &[&Migration],
        now: i64,
        found: Option<&Found>,
    ) -> Result<(), SchemaError> {
        let declared = Declared::of(pending);
        let kept = found.filter(|_| !pending.is_empty());
        for table in kept.into_iter().flat_map(|found| &found.tables).filter(|table| declared.keeps_rows(table)) {
            self.add(
                "counting rows",
                format!("CREATE TEMP TABLE \"counted_{table}\" AS SELECT count(*) AS n FROM \"{table}\""),
            );
        }
        for migration in pending {
            let what = format!("migration {} ({})", migration.version, migration.name);
            for statement in statements(&migration.name, &migration.sql)? {
                self.add(&what, statement.to_owned());
            }
            self.add(
                &what,
                format!(
                    "INSERT INTO schema_migration (version, name, sha256, applied_at) VALUES ({}, '{}', '{}', {now})",
                    migration.version, migration.name, migration.sha256
                ),
            );
        }
        if let Some(found) = kept {
            self.inventory(found, &declared);
        }
        for statement in &schema.logic {
            self.add("making the logic", statement.clone());
        }
        self.add("recording the logic", "DELETE FROM schema_logic".to_owned());
        self.add(
            "recording the logic",
            format!("INSERT INTO schema_logic (sha256, applied_at) VALUES ('{}', {now})", schema.logic_sha256),
        );
        if found.is_some() {
            self.add("looking at what is there", "DROP TABLE temp.migration_check".to_owned());
        }
        Ok(())
    }

    /// What a rebuilt table loses without a word: rows by a cascade, indexes, references.
    fn inventory(&mut self, found: &Found, declared: &Declared) {
        for table in found.tables.iter().filter(|table| declared.keeps_rows(table)) {
            let check = format!(
                "INSERT INTO migration_check SELECT 'rows of {table}', (SELECT count(*) FROM \"{table}\") - n FROM \"counted_{table}\""
            );
            self.add(&format!("comparing the rows of {table}"), check);
            self.add("counting rows", format!("DROP TABLE temp.\"counted_{table}\""));
        }
        for (index, table) in found.indexes.iter().filter(|(index, table)| declared.keeps_index(index, table)) {
            let check = format!(
                "INSERT INTO migration_check SELECT 'index', 1 - count(*) FROM sqlite_schema WHERE type = 'index' AND name = '{index}'"
            );
            self.add(&format!("looking for the index {index} of {table}"), check);
        }
        let check =
            "INSERT INTO migration_check SELECT 'references', count(*) FROM pragma_foreign_key_check".to_owned();
        self.add("checking foreign keys", check);
    }
}

/// What migrations say that they change on purpose, in comments: `-- changes rows of TABLE`, `-- drops table TABLE`,
/// `-- drops index INDEX`.
struct Declared(Vec<String>);

impl Declared {
    fn of(pending: &[&Migration]) -> Self {
        let lines = pending.iter().flat_map(|migration| migration.sql.lines());
        Self(lines.filter_map(|line| line.trim().strip_prefix("-- ").map(str::to_owned)).collect())
    }

    fn says(&self, words: &str) -> bool {
        self.0.iter().any(|line| line == words)
    }

    fn keeps_rows(&self, table: &str) -> bool {
        // Those of the migrator, and those that full-text search keeps for itself.
        let own = table.starts_with("schema_")
            || ["_data", "_idx", "_content", "_docsize", "_config"].iter().any(|end| table.ends_with(end));
        !own && !self.says(&format!("changes rows of {table}")) && !self.says(&format!("drops table {table}"))
    }

    fn keeps_index(&self, index: &str, table: &str) -> bool {
        !self.says(&format!("drops index {index}")) && !self.says(&format!("drops table {table}"))
    }
}

/// Those still to be applied, in order.
fn pending<'a>(done: &[(i64, String, String)], migrations: &'a [Migration]) -> Result<Vec<&'a Migration>, SchemaError> {
    for (version, name, sha256) in done {
        match migrations.iter().find(|migration| migration.version == *version) {
            None => return Err(SchemaError::Newer { version: *version, name: name.clone() }),
            Some(known) if &known.sha256 != sha256 => {
                return Err(SchemaError::Changed { version: *version, name: known.name.clone() });
            }
            Some(_) => {}
        }
    }
    let latest = done.last().map_or(0, |(version, ..)| *version);
    let pending: Vec<_> = migrations.iter().filter(|m| !done.iter().any(|(v, ..)| *v == m.version)).collect();
    match pending.first() {
        Some(early) if early.version < latest => {
            Err(SchemaError::OutOfOrder { version: early.version, name: early.name.clone(), latest })
        }
        _ => Ok(pending),
    }
}
