//! The schema of the database: migrations, which hold tables, indexes and data and are applied once, and logic, which is views and triggers,
//! dropped and made anew whenever its text has changed.
//!
//! Those of Vaguemestre are embedded in the binary; another application brings its own in `sql/` beside its manifest. What was applied is
//! recorded in the database itself (`schema_migration`, `schema_logic`), so that a database made here, by Spin's users or on libSQL says
//! the same. Invariants: all that is to be done is one transaction, or nothing is done; a migration that changed, or is gone, after it was
//! applied is refused, and so is a database newer than this program, because running old code on a new schema loses data. It never goes back.

mod apply;
mod error;
mod plan;
mod read;

pub use apply::{Outcome, migrate, migrate_libsql};
pub use error::SchemaError;
pub use plan::script;
pub use read::Schema;

#[cfg(test)]
mod tests;
