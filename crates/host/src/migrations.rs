//! Schema migrations: `sql/migrations/NNNN_name.sql` beside `spin.toml`, applied in order before the first request.
//!
//! What was applied is recorded in `schema_migration` with the hash of its text. Invariants: each file runs in one
//! transaction together with its record; a file that changed, or is gone, after it was applied is refused, and so is a
//! database newer than the files, because running old code on a new schema loses data. It never goes back.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::Connection;

/// Why the schema cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The folder or a file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not named `NNNN_name.sql`, or two have one number.
    #[error("{}: {why}", path.display())]
    Name {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The text of an applied migration changed.
    #[error("migration {version} ({name}) was changed after it was applied; restore it and write a new one instead")]
    Changed {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
    /// An applied migration has no file.
    #[error(
        "migration {version} ({name}) was applied to this database but its file is missing: this program is older than the database; update it, or restore the database of its time"
    )]
    Newer {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
    /// A migration is older than one already applied.
    #[error(
        "migration {version} ({name}) comes after {latest} was applied; give it a number above {latest}, or start from an empty database"
    )]
    OutOfOrder {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
        /// The latest one applied.
        latest: i64,
    },
    /// The SQL failed; nothing of it was kept.
    #[error("migration {version} ({name}) failed and was undone: {source}")]
    Failed {
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
        /// SQLite's words.
        source: rusqlite::Error,
    },
    /// The record of migrations cannot be used.
    #[error("cannot use the table schema_migration: {0}")]
    Table(#[from] rusqlite::Error),
    /// The same on a libSQL server, or a statement failed there; nothing of its migration was kept.
    #[error("{what}: {source}")]
    Server {
        /// What was being done.
        what: String,
        /// The server's words.
        source: store::Error,
    },
}

/// One migration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// What follows the number.
    pub name: String,
    sql: String,
    sha256: String,
}

/// What was found and done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Applied now, in order.
    pub applied: Vec<(i64, String)>,
    /// The schema's version after that; 0 when there are no migrations.
    pub version: i64,
}

/// Reads the migrations of a folder, in order. A missing folder has none.
///
/// # Errors
/// When a file cannot be read or is misnamed, or two have one number.
pub fn read(folder: &Path) -> Result<Vec<Migration>, MigrationError> {
    let unreadable = |path: &Path, source| MigrationError::Read { path: path.to_path_buf(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(unreadable(folder, e)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| unreadable(folder, e))?.path();
        if path.extension().is_some_and(|e| e == "sql") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut migrations: Vec<Migration> = Vec::with_capacity(paths.len());
    for path in paths {
        let (version, name) = parse_name(&path)?;
        if migrations.last().is_some_and(|m| m.version == version) {
            return Err(MigrationError::Name { path, why: format!("another file has the number {version:04}") });
        }
        let sql = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
        migrations.push(Migration { version, name, sha256: hash_text(&sql), sql });
    }
    Ok(migrations)
}

fn hash_text(sql: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(sql.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

fn parse_name(path: &Path) -> Result<(i64, String), MigrationError> {
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    match stem.split_once('_') {
        Some((number, name)) if number.len() == 4 && !name.is_empty() => {
            if let Ok(version) = number.parse() {
                return Ok((version, name.to_owned()));
            }
        }
        _ => {}
    }
    Err(MigrationError::Name { path: path.to_path_buf(), why: "a migration is named NNNN_name.sql".into() })
}

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL
) STRICT";
const APPLIED: &str = "SELECT version, name, sha256 FROM schema_migration ORDER BY version";
const RECORD: &str = "INSERT INTO schema_migration (version, name, sha256, applied_at) VALUES (?, ?, ?, ?)";

/// What a database says was applied: version, name, hash; in order.
type History = Vec<(i64, String, String)>;

/// Those still to be applied, in order.
fn pending<'a>(done: &History, migrations: &'a [Migration]) -> Result<Vec<&'a Migration>, MigrationError> {
    for (version, name, sha256) in done {
        match migrations.iter().find(|m| m.version == *version) {
            None => return Err(MigrationError::Newer { version: *version, name: name.clone() }),
            Some(m) if &m.sha256 != sha256 => {
                return Err(MigrationError::Changed { version: *version, name: m.name.clone() });
            }
            Some(_) => {}
        }
    }
    let latest = done.last().map_or(0, |(version, ..)| *version);
    let pending: Vec<_> = migrations.iter().filter(|m| !done.iter().any(|(v, ..)| *v == m.version)).collect();
    match pending.first() {
        Some(early) if early.version < latest => {
            Err(MigrationError::OutOfOrder { version: early.version, name: early.name.clone(), latest })
        }
        _ => Ok(pending),
    }
}

/// Brings a database up to date. The connection must allow schema changes.
///
/// # Errors
/// When history and files disagree, or a migration fails; what was applied before it stays.
pub fn migrate(connection: &mut Connection, migrations: &[Migration]) -> Result<Outcome, MigrationError> {
    if migrations.is_empty() && !has_history(connection)? {
        return Ok(Outcome { applied: Vec::new(), version: 0 });
    }
    connection.execute_batch(HISTORY)?;
    let mut applied = Vec::new();
    for migration in pending(&history(connection)?, migrations)? {
        if apply(connection, migration)? {
            applied.push((migration.version, migration.name.clone()));
        }
    }
    Ok(Outcome { applied, version: migrations.last().map_or(0, |m| m.version) })
}

/// Brings the database of a libSQL server up to date: each migration in a transaction of its own, with its record.
///
/// # Errors
/// As [`migrate`].
pub fn migrate_libsql(server: &store::Libsql, migrations: &[Migration]) -> Result<Outcome, MigrationError> {
    use store::{Database as _, params};
    let unusable = |source| MigrationError::Server { what: "cannot use the table schema_migration".to_owned(), source };
    server.execute(HISTORY, &[]).map_err(unusable)?;
    let rows = server.execute(APPLIED, &[]).map_err(unusable)?;
    let read = |row: &store::Row| Ok((row.integer(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned()));
    let done = rows.iter().map(read).collect::<Result<History, store::Error>>().map_err(unusable)?;
    let mut applied = Vec::new();
    for migration in pending(&done, migrations)? {
        let failed = |source| MigrationError::Server {
            what: format!("migration {} ({}) failed and was undone", migration.version, migration.name),
            source,
        };
        let statements =
            store::portable::statements(&migration.sql).map_err(|why| failed(store::Error::Unavailable(why)))?;
        let record = params![migration.version, &migration.name, &migration.sha256, now()];
        let mut all: Vec<(&str, &[store::Value])> = statements.into_iter().map(|sql| (sql, [].as_slice())).collect();
        all.push((RECORD, record));
        server.transaction(&all).map_err(failed)?;
        applied.push((migration.version, migration.name.clone()));
    }
    Ok(Outcome { applied, version: migrations.last().map_or(0, |m| m.version) })
}

/// UTC milliseconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn has_history(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name='schema_migration'",
        [],
        |row| row.get::<_, i64>(0).map(|n| n > 0),
    )
}

fn history(connection: &Connection) -> rusqlite::Result<History> {
    let mut statement = connection.prepare(APPLIED)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

/// Applies one migration and records it; false when another process did so meanwhile.
fn apply(connection: &mut Connection, migration: &Migration) -> Result<bool, MigrationError> {
    let failed = |source| MigrationError::Failed { version: migration.version, name: migration.name.clone(), source };
    // The write lock is taken first, so that two runners starting at once apply it once.
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed)?;
    let known: i64 = transaction
        .query_row("SELECT count(*) FROM schema_migration WHERE version=?", [migration.version], |row| row.get(0))
        .map_err(failed)?;
    if known > 0 {
        return Ok(false);
    }
    transaction.execute_batch(&migration.sql).map_err(failed)?;
    transaction
        .execute(RECORD, rusqlite::params![migration.version, migration.name, migration.sha256, now()])
        .map_err(failed)?;
    transaction.commit().map_err(failed)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, sql) in files {
            std::fs::write(dir.path().join(name), sql).unwrap();
        }
        dir
    }

    #[test]
    fn each_is_applied_once_in_order() {
        let dir = folder(&[("0002_b.sql", "ALTER TABLE t ADD b TEXT;"), ("0001_a.sql", "CREATE TABLE t (a TEXT);")]);
        let list = read(dir.path()).unwrap();
        let mut c = Connection::open_in_memory().unwrap();
        let outcome = migrate(&mut c, &list).unwrap();
        assert_eq!(outcome.applied, [(1, "a".into()), (2, "b".into())]);
        assert_eq!(migrate(&mut c, &list).unwrap(), Outcome { applied: vec![], version: 2 });
        c.execute("INSERT INTO t (a, b) VALUES ('1', '2')", []).unwrap();
    }

    #[test]
    fn a_failing_one_leaves_nothing() {
        let dir = folder(&[("0001_a.sql", "CREATE TABLE t (a); CREATE TABLE t (a);")]);
        let mut c = Connection::open_in_memory().unwrap();
        let error = migrate(&mut c, &read(dir.path()).unwrap()).unwrap_err();
        assert!(matches!(error, MigrationError::Failed { version: 1, .. }), "{error}");
        assert!(c.prepare("SELECT * FROM t").is_err());
        assert!(history(&c).unwrap().is_empty());
    }

    #[test]
    fn changed_missing_and_newer_files_are_refused() {
        let dir = folder(&[("0001_a.sql", "CREATE TABLE t (a);"), ("0002_b.sql", "SELECT 1;")]);
        let mut c = Connection::open_in_memory().unwrap();
        migrate(&mut c, &read(dir.path()).unwrap()).unwrap();
        std::fs::write(dir.path().join("0001_a.sql"), "CREATE TABLE t (b);").unwrap();
        assert!(matches!(migrate(&mut c, &read(dir.path()).unwrap()), Err(MigrationError::Changed { version: 1, .. })));
        std::fs::write(dir.path().join("0001_a.sql"), "CREATE TABLE t (a);").unwrap();
        std::fs::remove_file(dir.path().join("0002_b.sql")).unwrap();
        assert!(matches!(migrate(&mut c, &read(dir.path()).unwrap()), Err(MigrationError::Newer { version: 2, .. })));
        assert!(matches!(migrate(&mut c, &[]), Err(MigrationError::Newer { version: 1, .. })));
    }

    #[test]
    fn names_and_numbers_are_checked() {
        for files in [&[("1_a.sql", "")][..], &[("0001_a.sql", ""), ("0001_b.sql", "")], &[("x.sql", "")]] {
            assert!(matches!(read(folder(files).path()), Err(MigrationError::Name { .. })), "{files:?}");
        }
        let dir = folder(&[("0002_b.sql", "SELECT 1;")]);
        let mut c = Connection::open_in_memory().unwrap();
        migrate(&mut c, &read(dir.path()).unwrap()).unwrap();
        std::fs::write(dir.path().join("0001_a.sql"), "SELECT 1;").unwrap();
        let error = migrate(&mut c, &read(dir.path()).unwrap()).unwrap_err();
        assert!(matches!(error, MigrationError::OutOfOrder { version: 1, latest: 2, .. }), "{error}");
        assert_eq!(read(Path::new("/nonexistent/folder")).unwrap(), []);
        let mut c = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut c, &[]).unwrap().version, 0);
        assert!(!has_history(&c).unwrap());
    }
}
