//! What a component may not do to a database, and what makes a connection unfit for the next one.
//!
//! Refused: attaching files (`VACUUM INTO` attaches one too), leaving WAL, and, through SQLite's defensive mode,
//! `writable_schema` and writes to the tables behind FTS5. Settings and temporary tables are allowed, as in Spin, but
//! the connection is then closed instead of going back to the pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Set when a connection's state was changed in a way that would show to its next user.
#[derive(Debug, Clone, Default)]
pub(super) struct Tainted(Arc<AtomicBool>);

impl Tainted {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Pragmas that only ask, or that act on the file and not on the connection.
const HARMLESS: &[&str] = &[
    "application_id",
    "collation_list",
    "compile_options",
    "database_list",
    "foreign_key_check",
    "foreign_key_list",
    "freelist_count",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "module_list",
    "optimize",
    "page_count",
    "pragma_list",
    "quick_check",
    "schema_version",
    "table_info",
    "table_list",
    "table_xinfo",
    "user_version",
    "wal_checkpoint",
];

/// Installs the guard on a connection whose own settings are done.
pub(super) fn install(connection: &rusqlite::Connection) -> rusqlite::Result<Tainted> {
    use rusqlite::config::DbConfig;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    let tainted = Tainted::default();
    let flag = tainted.clone();
    connection.authorizer(Some(move |context: AuthContext<'_>| judge(&context, &flag)))?;
    Ok(tainted)
}

fn judge(context: &AuthContext<'_>, tainted: &Tainted) -> Authorization {
    match context.action {
        AuthAction::Attach { filename: "" | ":memory:" } => {
            tainted.set();
            Authorization::Allow
        }
        AuthAction::Attach { .. } => Authorization::Deny,
        AuthAction::Pragma { pragma_name, pragma_value } => pragma(pragma_name, pragma_value, tainted),
        AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. } => {
            tainted.set();
            Authorization::Allow
        }
        _ => Authorization::Allow,
    }
}

fn pragma(name: &str, value: Option<&str>, tainted: &Tainted) -> Authorization {
    let name = name.to_ascii_lowercase();
    match (name.as_str(), value) {
        ("writable_schema", Some(_)) => Authorization::Deny,
        ("journal_mode", Some(mode)) if !mode.eq_ignore_ascii_case("wal") => Authorization::Deny,
        ("journal_mode", _) | (_, None) => Authorization::Allow,
        (name, Some(_)) => {
            if !HARMLESS.contains(&name) {
                tainted.set();
            }
            Authorization::Allow
        }
    }
}
