//! What must not stay: people who left, once the delay of their establishment is over; staging that nobody came back to.

use store::{Database, params};

use crate::Error;

const DAY: i64 = 86_400_000;

/// What was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// People whose personal data went.
    pub people: u64,
    /// Ad hoc groups that were not for good (D-3).
    pub groups: u64,
    /// Imports that were begun and left.
    pub imports: u64,
}

/// Purges what is due at `now`. Running it twice, late or side by side does no harm.
///
/// # Errors
/// When the database cannot be used; what was done stays, and the next run goes on.
pub fn purge(database: &dyn Database, now: i64) -> Result<Purged, Error> {
    let people = people(database, now)?;
    let groups = ad_hoc(database, now)?;
    let imports = database.execute(
        "UPDATE directory_import SET state = 'cancelled', finished_at = ?1
         WHERE state IN ('reading', 'ready') AND created_at < ?2 RETURNING n",
        params![now, now - DAY],
    )?;
    database.execute(
        "DELETE FROM import_entry WHERE import_n IN (SELECT i.n FROM directory_import i WHERE i.state = 'cancelled')",
        params![],
    )?;
    // Ids of people may hold their names: what was left out is of use for a while only.
    database.execute(
        "DELETE FROM import_reject WHERE import_n IN (SELECT i.n FROM directory_import i WHERE i.finished_at < ?1)",
        params![now - 90 * DAY],
    )?;
    Ok(Purged { people, groups, imports: imports.len() as u64 })
}

/// The trigger `person_purged` takes out what is hers; a login and an address that nobody else can have stand in for her own.
fn people(database: &dyn Database, now: i64) -> Result<u64, Error> {
    let rows = database.execute(
        "UPDATE person SET first_name = '', last_name = 'Compte supprimé', folded_name = 'compte supprime', function = '',
            login = 'supprime-' || lower(id), universal_address = 'supprime-' || lower(id) || '@invalid.',
            password_hash = NULL, activation_code = NULL, activated_at = NULL, session_epoch = session_epoch + 1, purged_at = ?1
         WHERE id IN (SELECT p.id FROM establishment e CROSS JOIN person p ON p.uai = e.uai AND p.left_at IS NOT NULL
            WHERE p.purged_at IS NULL AND p.left_at < ?1 - e.left_retention_days * 86400000)
         RETURNING 1",
        params![now],
    )?;
    Ok(rows.len() as u64)
}

/// D-3: at the end of the school year, on the night of 31 July in Paris.
fn ad_hoc(database: &dyn Database, now: i64) -> Result<u64, Error> {
    const DUE: &str = "due AS MATERIALIZED (SELECT g.id FROM person_group g
        WHERE g.kind = 'ad-hoc' AND g.permanent = 0 AND g.created_at < ?1)";
    // Members and rules go by the trigger `group_gone`.
    let year_end = clock::Zone::named("Europe/Paris").last_midnight(8, 1, now);
    let rows = database.execute(
        &format!("WITH {DUE} DELETE FROM person_group WHERE id IN (SELECT d.id FROM due d) RETURNING 1"),
        params![year_end],
    )?;
    Ok(rows.len() as u64)
}
