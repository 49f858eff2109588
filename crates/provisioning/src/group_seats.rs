//! Automatic groups and who is in them. A seat names a group by what feeds it; groups are made for the seats there are.

use std::collections::{BTreeMap, BTreeSet};

use people::{
    GroupKind, Profile, automatic_group_name, default_roles, discipline_group_name, fold, head_teacher_group_name,
};
use serde::Serialize;
use store::{Database, params};

use crate::{Chance, Error};

/// A person in a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Seat {
    pub(crate) person: String,
    /// Empty for a group of the network.
    pub(crate) uai: String,
    /// As `person_group.kind`.
    pub(crate) kind: &'static str,
    pub(crate) profile: &'static str,
    /// The class, the discipline, or the id of a group of the network; empty for an establishment's own.
    pub(crate) name: String,
}

/// ?1: seats. One arm for each way a group is named, each by an index of its own. `+`: from the few groups of a class, not from
/// all groups of a kind.
const TARGET: &str = "
    seat AS MATERIALIZED (SELECT j.value ->> 'person' AS person, j.value ->> 'uai' AS uai, j.value ->> 'kind' AS kind,
        j.value ->> 'profile' AS profile, j.value ->> 'name' AS name FROM json_each(?1) j),
    target (group_id, person_id) AS (
        SELECT s.name, s.person FROM seat s WHERE s.kind = 'network'
        UNION ALL SELECT g.id, s.person FROM seat s CROSS JOIN person_group g
            ON g.uai = s.uai AND g.kind = 'establishment' AND g.profile = s.profile WHERE s.kind = 'establishment'
        UNION ALL SELECT g.id, s.person FROM seat s CROSS JOIN class c ON c.uai = s.uai AND c.kind = s.kind AND c.name = s.name
            CROSS JOIN person_group g ON g.class_id = c.id AND +g.kind = c.kind AND +g.profile = s.profile
            WHERE s.kind IN ('class', 'teaching-group')
        UNION ALL SELECT g.id, s.person FROM seat s CROSS JOIN class c ON c.uai = s.uai AND c.kind = 'class' AND c.name = s.name
            CROSS JOIN person_group g ON g.class_id = c.id AND +g.kind = 'head-teacher' AND +g.profile = s.profile
            WHERE s.kind = 'head-teacher' AND s.name <> ''
        UNION ALL SELECT g.id, s.person FROM seat s CROSS JOIN person_group g
            ON g.uai = s.uai AND g.kind = 'head-teacher' AND g.class_id IS NULL AND g.profile = s.profile
            WHERE s.kind = 'head-teacher' AND s.name = ''
        UNION ALL SELECT g.id, s.person FROM seat s CROSS JOIN person_group g
            ON g.uai = s.uai AND g.kind = 'discipline' AND g.discipline = s.name WHERE s.kind = 'discipline'
    )";

/// The groups that provisioning fills; those made by hand are never touched.
pub(crate) const AUTOMATIC: &str =
    "'network', 'establishment', 'class', 'teaching-group', 'discipline', 'head-teacher'";

/// Puts people in the groups of their seats; those who were in the directory already (`written`) leave all other automatic
/// groups.
pub(crate) fn take(database: &dyn Database, written: &[String], seats: &BTreeSet<Seat>) -> Result<(), Error> {
    replace(database, TARGET, &serde_json::to_string(seats)?, written)
}

/// The same with any table expression `target (group_id, person_id)` of ?1.
pub(crate) fn replace(database: &dyn Database, target: &str, parameter: &str, written: &[String]) -> Result<(), Error> {
    database.execute(
        &format!(
            "WITH {target} INSERT INTO membership (group_id, person_id) SELECT t.group_id, t.person_id FROM target t WHERE true
             ON CONFLICT DO NOTHING"
        ),
        params![parameter],
    )?;
    if written.is_empty() {
        return Ok(());
    }
    database.execute(
        &format!(
            "WITH {target} DELETE FROM membership WHERE person_id IN (SELECT p.value FROM json_each(?2) p)
                AND (group_id, person_id) NOT IN (SELECT t.group_id, t.person_id FROM target t)
                AND EXISTS (SELECT 1 FROM person_group g WHERE g.id = membership.group_id AND g.kind IN ({AUTOMATIC}))"
        ),
        params![parameter, serde_json::to_string(written)?],
    )?;
    Ok(())
}

/// A group to be made: id, uai, kind, profile, class id, discipline, name, folded name.
type NewGroup = (String, String, &'static str, &'static str, Option<String>, Option<String>, String, String);

/// Makes the classes and groups of these seats that are not there, and the roles of an establishment that has none.
pub(crate) fn provide(
    database: &dyn Database,
    chance: &mut impl Chance,
    now: i64,
    seats: &BTreeSet<Seat>,
) -> Result<(), Error> {
    let uais: BTreeSet<&str> = seats.iter().map(|seat| seat.uai.as_str()).filter(|uai| !uai.is_empty()).collect();
    roles(database, &uais)?;
    let mut groups: Vec<NewGroup> = Vec::new();
    establishments(database, chance, now, &uais, seats, &mut groups)?;
    classes(database, chance, now, seats, &mut groups)?;
    if !groups.is_empty() {
        database.execute(
            "INSERT INTO person_group (id, uai, kind, profile, class_id, discipline, name, folded_name, created_at)
             SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
                j.value ->> 7, ?2
             FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING",
            params![serde_json::to_string(&groups)?, now],
        )?;
    }
    Ok(())
}

/// an establishment without any role is a new one; what administrators took away does not come back.
fn roles(database: &dyn Database, uais: &BTreeSet<&str>) -> Result<(), Error> {
    let defaults: Vec<_> = Profile::ALL
        .iter()
        .flat_map(|profile| default_roles(*profile).iter().map(|role| (profile.as_str(), role.as_str())))
        .collect();
    database.execute(
        "INSERT INTO profile_role (uai, profile, role)
         SELECT u.value, r.value ->> 0, r.value ->> 1 FROM json_each(?1) u, json_each(?2) r
         WHERE NOT EXISTS (SELECT 1 FROM profile_role x WHERE x.uai = u.value)
         ON CONFLICT DO NOTHING",
        params![serde_json::to_string(uais)?, serde_json::to_string(&defaults)?],
    )?;
    Ok(())
}

fn new_group(
    id: String,
    uai: &str,
    kind: GroupKind,
    profile: Profile,
    of: (Option<String>, Option<String>),
    name: String,
) -> NewGroup {
    let name: String = name.chars().take(200).collect();
    let folded = fold(&name);
    (id, uai.to_owned(), kind.as_str(), profile.as_str(), of.0, of.1, name, folded)
}

fn establishments(
    database: &dyn Database,
    chance: &mut impl Chance,
    now: i64,
    uais: &BTreeSet<&str>,
    seats: &BTreeSet<Seat>,
    groups: &mut Vec<NewGroup>,
) -> Result<(), Error> {
    let rows = database.execute(
        "SELECT g.uai, g.kind, coalesce(g.discipline, g.profile) FROM json_each(?1) u CROSS JOIN person_group g
            ON g.uai = u.value AND g.class_id IS NULL AND g.kind IN ('establishment', 'head-teacher', 'discipline')",
        params![serde_json::to_string(uais)?],
    )?;
    let mut there = BTreeSet::new();
    for row in &rows {
        there.insert((row.text(0)?, row.text(1)?, row.text(2)?));
    }
    for uai in uais {
        for profile in Profile::ALL {
            if !there.contains(&(*uai, "establishment", profile.as_str())) {
                let name = automatic_group_name(*profile, None);
                groups.push(new_group(chance.id(now), uai, GroupKind::Establishment, *profile, (None, None), name));
            }
        }
    }
    for seat in seats {
        let (uai, name) = (seat.uai.as_str(), seat.name.as_str());
        if seat.kind == "head-teacher" && name.is_empty() && there.insert((uai, "head-teacher", "teacher")) {
            let called = head_teacher_group_name(None);
            groups.push(new_group(chance.id(now), uai, GroupKind::HeadTeacher, Profile::Teacher, (None, None), called));
        }
        if seat.kind == "discipline" && there.insert((uai, "discipline", name)) {
            let (called, of) = (discipline_group_name(name), (None, Some(name.to_owned())));
            groups.push(new_group(chance.id(now), uai, GroupKind::Discipline, Profile::Teacher, of, called));
        }
    }
    Ok(())
}

const OF_A_CLASS: [Profile; 4] = [Profile::Student, Profile::Relative, Profile::Teacher, Profile::Staff];

fn classes(
    database: &dyn Database,
    chance: &mut impl Chance,
    now: i64,
    seats: &BTreeSet<Seat>,
    groups: &mut Vec<NewGroup>,
) -> Result<(), Error> {
    // (uai, kind, name), and whether somebody is head teacher there.
    let mut wanted: BTreeMap<(&str, &str, &str), bool> = BTreeMap::new();
    for seat in seats.iter().filter(|seat| !seat.name.is_empty()) {
        match seat.kind {
            "class" | "teaching-group" => {
                wanted.entry((&seat.uai, seat.kind, &seat.name)).or_default();
            }
            "head-teacher" => *wanted.entry((&seat.uai, "class", &seat.name)).or_default() = true,
            _ => {}
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let asked: Vec<_> = wanted.keys().map(|(uai, kind, name)| (uai, kind, name, chance.id(now))).collect();
    let asked = serde_json::to_string(&asked)?;
    // Those made here are ours, and known as such before they are there; one that somebody else made before is not.
    database.execute(
        "INSERT INTO source_class (class_id) SELECT j.value ->> 3 FROM json_each(?1) j
         WHERE NOT EXISTS (SELECT 1 FROM class c WHERE c.uai = j.value ->> 0 AND c.kind = j.value ->> 1 AND c.name = j.value ->> 2)",
        params![asked.as_str()],
    )?;
    database.execute(
        "INSERT INTO class (id, uai, kind, name)
         SELECT j.value ->> 3, j.value ->> 0, j.value ->> 1, j.value ->> 2 FROM json_each(?1) j WHERE true
         ON CONFLICT (uai, kind, name) DO NOTHING",
        params![asked.as_str()],
    )?;
    let rows = database.execute(
        "SELECT c.id, c.uai, c.kind, c.name, (SELECT json_group_array(g.kind || ' ' || g.profile) FROM person_group g
            WHERE g.class_id = c.id AND g.profile IS NOT NULL)
         FROM json_each(?1) j CROSS JOIN class c ON c.uai = j.value ->> 0 AND c.kind = j.value ->> 1 AND c.name = j.value ->> 2",
        params![asked],
    )?;
    for row in &rows {
        let (id, uai, kind, name) = (row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?);
        let there: Vec<String> = serde_json::from_str(row.text(4)?)?;
        let of = || (Some(id.to_owned()), None);
        let group_kind = if kind == "class" { GroupKind::Class } else { GroupKind::TeachingGroup };
        for profile in OF_A_CLASS {
            if !there.contains(&format!("{kind} {profile}")) {
                let called = automatic_group_name(profile, Some(name));
                groups.push(new_group(chance.id(now), uai, group_kind, profile, of(), called));
            }
        }
        let headed = wanted.get(&(uai, kind, name)).copied().unwrap_or(false);
        if headed && !there.iter().any(|group| group == "head-teacher teacher") {
            let called = head_teacher_group_name(Some(name));
            groups.push(new_group(chance.id(now), uai, GroupKind::HeadTeacher, Profile::Teacher, of(), called));
        }
    }
    Ok(())
}
