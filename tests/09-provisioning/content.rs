//! The directory as people would tell it: without ids, codes and dates, so that two databases can be compared.

use std::collections::BTreeMap;

use anyhow::Result;
use store::{Database as _, File};

const GROUP: &str = "coalesce(g.uai, '-') || ' ' || g.kind || ' ' || coalesce(g.profile, '-') || ' ' || g.participation
    || ' ' || coalesce((SELECT c.kind || ' ' || c.name FROM class c WHERE c.id = g.class_id), '-') || ' ' || g.name";

/// Lines in order, by what they tell of.
pub(crate) type Content = BTreeMap<&'static str, Vec<String>>;

/// All that provisioning writes.
pub(crate) fn of(database: &File) -> Result<Content> {
    let members = format!(
        "SELECT p.login || ' ' || {GROUP} FROM membership m JOIN person p ON p.id = m.person_id JOIN person_group g ON g.id = m.group_id"
    );
    let groups = format!("SELECT {GROUP} FROM person_group g");
    let (from, to) = (GROUP.replace("g.", "f."), GROUP.replace("g.", "t."));
    let rules = format!(
        "SELECT {from} || ' > ' || {to} FROM rule r JOIN person_group f ON f.id = r.from_group JOIN person_group t ON t.id = r.to_group"
    );
    let mut content = Content::new();
    for (what, select) in [
        ("establishments", "SELECT uai || ' ' || name || ' ' || domain FROM establishment"),
        ("people", "SELECT login || ' ' || universal_address || ' ' || uai || ' ' || profile || ' ' || last_name || ' ' || first_name || ' ' ||
            folded_name || ' ' || function || ' ' || (activated_at IS NOT NULL) || ' ' || (left_at IS NOT NULL) FROM person"),
        ("details", "SELECT p.login || ' ' || concat_ws('|', d.title, d.birth_name, d.birth_date, d.ine, d.level, d.mail, d.mobile,
            d.home_phone, d.work_phone, d.street, d.postcode, d.city, d.country) FROM person_detail d JOIN person p ON p.id = d.person_id"),
        ("kinship", "SELECT r.login || ' ' || s.login || ' ' || k.legal FROM kinship k JOIN person r ON r.id = k.relative_id
            JOIN person s ON s.id = k.student_id"),
        ("classes", "SELECT uai || ' ' || kind || ' ' || name || ' ' || level FROM class"),
        ("roles", "SELECT uai || ' ' || profile || ' ' || role FROM profile_role"),
        ("roster", "SELECT p.login || ' ' || r.folded_name || ' ' || g.name || ' ' || coalesce(g.uai, '-') FROM roster r
            JOIN person p ON p.id = r.person_id JOIN person_group g ON g.id = r.group_id"),
        ("members", &members),
        ("groups", &groups),
        ("rules", &rules),
    ] {
        let rows = database.execute(select, &[])?;
        let mut lines = rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<Vec<_>>>()?;
        lines.sort();
        content.insert(what, lines);
    }
    Ok(content)
}

/// Panics with the first lines of which only one of the two knows.
#[track_caller]
pub(crate) fn same(one: &Content, other: &Content, why: &str) {
    for (what, lines) in one {
        let only = |mine: &[String], theirs: &[String]| -> Vec<String> {
            mine.iter().filter(|line| theirs.binary_search(line).is_err()).take(5).cloned().collect()
        };
        let there = &other[what];
        assert!(
            lines == there,
            "{why}: {what}: only before {:?}, only after {:?}",
            only(lines, there),
            only(there, lines)
        );
    }
}
