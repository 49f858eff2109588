//! Relatives: they are here as long as a child of theirs is, belong to her establishment, and to the groups of the relatives of
//! her classes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use feed::Record;
use people::fold;
use store::{Database, params};

use crate::person::{self, Desired, Entry, child_target};
use crate::reconcile::Chunk;
use crate::{Chance, Error, group_seats};

/// ?1: relatives. Their groups are those of their children, on the side of the relatives.
const TARGET: &str = "
    target (group_id, person_id) AS (
        SELECT '00000000000000000000000002', r.value FROM json_each(?1) r
        UNION SELECT g.id, k.relative_id
            FROM json_each(?1) r CROSS JOIN kinship k ON k.relative_id = r.value
            CROSS JOIN membership m ON m.person_id = k.student_id
            CROSS JOIN person_group s ON s.id = m.group_id AND s.profile = 'student' AND s.kind = 'establishment'
            CROSS JOIN person_group g ON g.uai = s.uai AND g.kind = 'establishment' AND g.profile = 'relative'
        UNION SELECT g.id, k.relative_id
            FROM json_each(?1) r CROSS JOIN kinship k ON k.relative_id = r.value
            CROSS JOIN membership m ON m.person_id = k.student_id
            CROSS JOIN person_group s ON s.id = m.group_id AND s.profile = 'student' AND s.kind IN ('class', 'teaching-group')
            CROSS JOIN person_group g ON g.class_id = s.class_id AND +g.kind = s.kind AND +g.profile = 'relative'
    )";

/// A child of a relative: her person, her establishment, and whether the relative is a legal representative.
type Child = (String, String, bool);

/// Has relatives follow their entries and their children.
pub(crate) fn follow(database: &dyn Database, chance: &mut impl Chance, now: i64, chunk: &Chunk) -> Result<(), Error> {
    let Chunk { rows, entries, written, .. } = chunk;
    let mut named = BTreeMap::new();
    for entry in entries {
        let source = entry.source.as_str();
        for child in entry.record.children.iter().flatten() {
            named.insert((entry.n, child_target(child)), (source, child.class.clone(), true));
        }
        for tie in entry.record.students.iter().flatten() {
            named.insert((entry.n, format!("student:{}", tie.id)), (source, String::new(), tie.legal));
        }
    }
    let ties: Vec<_> =
        named.into_iter().map(|((n, target), (source, class, legal))| (n, source, target, class, legal)).collect();
    person::replace_ties(database, rows, &ties)?;
    let tellers = serde_json::to_string(&entries.iter().map(|entry| entry.n).collect::<Vec<_>>())?;
    let mut children = by_id(database, &tellers)?;
    for (n, child) in by_name(database, &tellers)? {
        children.entry(n).or_default().push(child);
    }
    let desired = desired(database, written, entries, &children)?;
    person::write(database, chance, now, &desired, written)?;
    person::leave(database, now, &desired, written)?;
    kin(database, written, entries, &children)?;
    let staying = serde_json::to_string(&desired.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())?;
    group_seats::replace(database, TARGET, &staying, written)
}

/// Children who name the relative by her id, or whom she names by theirs. One who came with the files of some schools is
/// nobody's parent elsewhere, even where a pupil's tie has waited for her.
fn by_id(database: &dyn Database, tellers: &str) -> Result<HashMap<i64, Vec<Child>>, Error> {
    let rows = database.execute(
        "SELECT x.n, p.id, p.uai, x.legal
         FROM (
            SELECT r.n, r.limits, s.person_id, t.legal
            FROM json_each(?1) j CROSS JOIN source_record r ON r.n = j.value
            CROSS JOIN source_tie t ON t.source = r.source AND t.target = 'id:' || r.id
            CROSS JOIN source_record s ON s.n = t.n AND s.gone = 0 AND s.kind = 'student'
            UNION ALL SELECT r.n, r.limits, s.person_id, t.legal
            FROM json_each(?1) j CROSS JOIN source_record r ON r.n = j.value
            CROSS JOIN source_tie t ON t.n = r.n AND t.target GLOB 'student:*'
            CROSS JOIN source_record s ON s.source = r.source AND s.kind = 'student' AND s.id = substr(t.target, 9) AND s.gone = 0
         ) x CROSS JOIN person p ON p.id = x.person_id AND p.left_at IS NULL
            AND (x.limits IS NULL OR p.uai IN (SELECT l.value FROM json_each(x.limits) l))",
        params![tellers],
    )?;
    let mut children: HashMap<i64, Vec<Child>> = HashMap::new();
    for row in &rows {
        let child = (row.text(1)?.to_owned(), row.text(2)?.to_owned(), row.boolean(3)?);
        children.entry(row.integer(0)?).or_default().push(child);
    }
    Ok(children)
}

/// Children whom the relative names: where two have the name the class decides, and where it does not, nobody is tied.
fn by_name(database: &dyn Database, tellers: &str) -> Result<Vec<(i64, Child)>, Error> {
    let rows = database.execute(
        "SELECT t.n, t.target, t.class, p.id, p.uai, coalesce(s.record ->> '$.classes[0].name', '')
         FROM json_each(?1) j CROSS JOIN source_tie t ON t.n = j.value AND t.target GLOB 'name:*'
         CROSS JOIN person p ON p.folded_name = substr(t.target, 6) AND p.profile = 'student' AND p.left_at IS NULL
         CROSS JOIN source_record s ON s.person_id = p.id AND s.source = t.source AND s.gone = 0",
        params![tellers],
    )?;
    let mut named: BTreeMap<(i64, &str), Vec<(&store::Row, bool)>> = BTreeMap::new();
    for row in &rows {
        let same_class = fold(row.text(2)?) == fold(row.text(5)?);
        named.entry((row.integer(0)?, row.text(1)?)).or_default().push((row, same_class));
    }
    let mut children = Vec::new();
    for ((n, _), mut found) in named {
        if found.len() > 1 {
            found.retain(|(_, same_class)| *same_class);
        }
        if let [(row, _)] = found.as_slice() {
            children.push((n, (row.text(3)?.to_owned(), row.text(4)?.to_owned(), true)));
        }
    }
    Ok(children)
}

/// Those who have a child here. A relative stays in her establishment as long as a child of hers is in it.
fn desired(
    database: &dyn Database,
    written: &[String],
    entries: &[Entry],
    children: &HashMap<i64, Vec<Child>>,
) -> Result<Vec<Desired>, Error> {
    let rows = database.execute(
        "SELECT p.id, p.uai FROM json_each(?1) j CROSS JOIN person p ON p.id = j.value",
        params![serde_json::to_string(written)?],
    )?;
    let mut homes = HashMap::new();
    for row in &rows {
        homes.insert(row.text(0)?, row.text(1)?);
    }
    let mut told: HashMap<&str, (Vec<&Record>, BTreeSet<&str>)> = HashMap::new();
    let mut order = Vec::new();
    for entry in entries {
        let Some(person) = entry.person.as_deref() else { continue };
        let told = told.entry(person).or_insert_with(|| {
            order.push(person);
            (Vec::new(), BTreeSet::new())
        });
        told.0.push(&entry.record);
        told.1.extend(children.get(&entry.n).into_iter().flatten().map(|(_, uai, _)| uai.as_str()));
    }
    let one = |person: &str| {
        let (records, uais) = told.get(person)?;
        let home = homes.get(person).copied().filter(|home| uais.contains(home));
        Some(Desired::of(person, home.or_else(|| uais.first().copied())?, "relative", records))
    };
    Ok(order.into_iter().filter_map(one).collect())
}

/// Kinship as the sources tell it; ties to students of whom no source tells stay as they are.
fn kin(
    database: &dyn Database,
    written: &[String],
    entries: &[Entry],
    children: &HashMap<i64, Vec<Child>>,
) -> Result<(), Error> {
    let mut pairs: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for entry in entries {
        for (child, _, legal) in children.get(&entry.n).into_iter().flatten() {
            if let Some(person) = entry.person.as_deref() {
                *pairs.entry((person, child)).or_default() |= legal;
            }
        }
    }
    let pairs: Vec<_> = pairs.into_iter().map(|((relative, student), legal)| (relative, student, legal)).collect();
    let pairs = serde_json::to_string(&pairs)?;
    database.execute(
        "INSERT INTO kinship (relative_id, student_id, legal)
         SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2 FROM json_each(?1) j WHERE true
         ON CONFLICT (relative_id, student_id) DO UPDATE SET legal = excluded.legal WHERE legal <> excluded.legal",
        params![pairs.as_str()],
    )?;
    database.execute(
        "DELETE FROM kinship WHERE relative_id IN (SELECT r.value FROM json_each(?1) r)
            AND (relative_id, student_id) NOT IN (SELECT j.value ->> 0, j.value ->> 1 FROM json_each(?2) j)
            AND EXISTS (SELECT 1 FROM source_record s WHERE s.person_id = kinship.student_id)",
        params![serde_json::to_string(written)?, pairs],
    )?;
    Ok(())
}
