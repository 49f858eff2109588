//! What follows once all people do: levels of classes, classes that are no more, rights of new groups, lists.

use people::Uai;
use store::{Database, params};

use crate::Error;

/// Concludes. All of it can be done again.
pub(crate) fn settle(database: &dyn Database) -> Result<(), Error> {
    // The level that most students of the class have.
    database.execute(
        "UPDATE class SET level = l.level
         FROM (SELECT c.id, coalesce((SELECT d.level FROM person_group g JOIN membership m ON m.group_id = g.id
                JOIN person_detail d ON d.person_id = m.person_id
                WHERE g.class_id = c.id AND +g.kind = 'class' AND +g.profile = 'student' AND d.level <> ''
                GROUP BY d.level ORDER BY count(*) DESC, d.level LIMIT 1), '') AS level
            FROM source_class x JOIN class c ON c.id = x.class_id WHERE c.kind = 'class') l
         WHERE class.id = l.id AND class.level <> l.level",
        params![],
    )?;
    empty_classes(database)?;
    let unsettled = "SELECT DISTINCT g.uai FROM person_group g WHERE g.settled = 0 AND g.uai IS NOT NULL
        AND g.kind IN ('establishment', 'class', 'teaching-group', 'discipline', 'head-teacher') ORDER BY g.uai";
    for uai in establishments(database, unsettled)? {
        rights::settle(&database, &uai)?;
    }
    let listing = "SELECT DISTINCT g.uai FROM person_group g WHERE g.kind = 'list' ORDER BY g.uai";
    for uai in establishments(database, listing)? {
        rights::feed_lists(&database, &uai)?;
    }
    Ok(())
}

fn establishments(database: &dyn Database, select: &str) -> Result<Vec<Uai>, Error> {
    let rows = database.execute(select, params![])?;
    Ok(rows.iter().filter_map(|row| row.text(0).ok()?.parse().ok()).collect())
}

/// Classes that came from a source and that nobody is in any more; their groups go with their rules (`group_gone`).
const EMPTY: &str = "
    WITH empty AS MATERIALIZED (SELECT x.class_id AS id FROM source_class x
        WHERE NOT EXISTS (SELECT 1 FROM person_group g JOIN membership m ON m.group_id = g.id WHERE g.class_id = x.class_id))";

fn empty_classes(database: &dyn Database) -> Result<(), Error> {
    for statement in [
        "DELETE FROM person_group WHERE class_id IN (SELECT e.id FROM empty e)",
        "DELETE FROM class WHERE id IN (SELECT e.id FROM empty e)",
    ] {
        database.execute(&format!("{EMPTY} {statement}"), params![])?;
    }
    database.execute(
        "DELETE FROM source_class WHERE NOT EXISTS (SELECT 1 FROM class c WHERE c.id = source_class.class_id)",
        params![],
    )?;
    Ok(())
}
