//! `TABLE.md`, cell by cell: every ordered pair of people of two schools has its profiles and its relation, and the house
//! must do with the pair what the table says, for each preset. A cell without a pair must be a dot, and a dot without pair.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod school;

use std::collections::{BTreeMap, BTreeSet};

use people::{PageSize, PeopleQuery, Profile};
use rights::{Addressee, Preset};
use school::{A, B, PEOPLE, PROJECT, Schools};
use store::params;
use ulid::Ulid;

/// Beside the people of the other tests: two of a profile in one class or group.
const MORE: [(&str, &str, &[&str]); 6] = [
    ("t6Abis", A, &["6A"]),
    ("p6Abis", A, &["6A"]),
    ("tLatinbis", A, &["Latin"]),
    ("pLatin", A, &["Latin"]),
    ("pLatinbis", A, &["Latin"]),
    ("g3", A, &[]),
];
/// And two more in the other school, so that every relation is there too.
const PROJECT_MORE: [&str; 1] = ["g3"];

type Cell = (String, String, String, String);

/// (preset, relation, from, to) and the letters of its cell.
fn table() -> BTreeMap<Cell, String> {
    let text = include_str!("../TABLE.md");
    let (mut place, mut table, mut columns) = (None, BTreeMap::new(), Vec::new());
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            place = title.split_once(": ");
        } else if let (Some((preset, relation)), Some(line)) = (place, line.strip_prefix('|')) {
            let mut cells = line.trim_end_matches('|').split('|').map(str::trim);
            let first = cells.next().unwrap();
            if first.starts_with("from") {
                columns = cells.collect();
            } else if !first.starts_with('-') {
                for (to, letters) in columns.iter().zip(cells) {
                    let cell = (preset.to_owned(), relation.to_owned(), first.to_owned(), (*to).to_owned());
                    assert!(table.insert(cell, letters.to_owned()).is_none(), "twice: {line}");
                }
            }
        }
    }
    assert_eq!(table.len(), 3 * 5 * 25, "three presets, five relations, five profiles by five");
    table
}

fn classes(name: &str) -> &'static [&'static str] {
    PEOPLE.iter().chain(&MORE).find(|(found, ..)| *found == name).unwrap().2
}

fn home(name: &str) -> &'static str {
    PEOPLE.iter().chain(&MORE).find(|(found, ..)| *found == name).unwrap().1
}

fn in_project(name: &str) -> bool {
    PROJECT.contains(&name) || PROJECT_MORE.contains(&name)
}

fn kin(one: &str, other: &str) -> bool {
    one.starts_with('r') && other == one.replace('r', "s")
}

/// The relation, and the group in which the first may look for the second.
fn relation(from: &str, to: &str) -> (&'static str, String) {
    let profile = school::profile(to);
    let common = |of: fn(&&&str) -> bool| classes(from).iter().filter(of).find(|class| classes(to).contains(class));
    let own =
        || classes(to).first().map_or_else(|| format!("{} {profile}", home(to)), |class| format!("{class} {profile}"));
    if kin(from, to) || kin(to, from) {
        ("own child", own())
    } else if let Some(class) = common(|class| **class != "Latin") {
        ("own class", format!("{class} {profile}"))
    } else if let Some(group) = common(|class| **class == "Latin") {
        ("same group", format!("{group} {profile}"))
    } else if in_project(from) && in_project(to) {
        ("same group", "Projet".to_owned())
    } else if home(from) == home(to) {
        ("other class", own())
    } else {
        ("other establishment", format!("{} {profile}", home(to)))
    }
}

fn letters(schools: &Schools, from: &str, to: &str, group: &str) -> String {
    let (sender, recipient) = (schools.id(from), schools.id(to));
    let found = |query: &PeopleQuery<'_>| {
        let page = people::search_people(&schools.database, query).unwrap();
        page.items.iter().any(|person| person.id == *recipient)
    };
    let all = PeopleQuery { size: PageSize::near(100), ..PeopleQuery::of(sender) };
    let written = schools.sends(from, "person", recipient.as_str());
    assert_eq!(written, schools.judged(from, to), "{from} to {to}: the judge and the submission");
    let members = PeopleQuery { group: Some(schools.group_id(group).parse().unwrap()), ..all.clone() };
    [(written, 'w'), (found(&all), 's'), (found(&members), 'm'), (answers(schools, from, to), 'r')]
        .iter()
        .filter_map(|(held, letter)| held.then_some(*letter))
        .collect()
}

/// Whether `from` may answer a message that `to` wrote to her.
fn answers(schools: &Schools, from: &str, to: &str) -> bool {
    let message = Ulid::generate().to_string();
    schools.run(
        "INSERT INTO message (id, uai, author_id, thread_id, message_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?1, ?1, 0, 0)",
        params![&message, home(to), schools.id(to).as_str()],
    );
    schools.run(
        "INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect) VALUES (?1, ?2, 'to', 1, 0)",
        params![&message, schools.id(from).as_str()],
    );
    let asked = [Addressee::Person(schools.id(to).to_string())];
    rights::judge(&schools.database, schools.id(from), Some(&message), &asked).unwrap().is_empty()
}

#[test]
fn the_house_does_what_the_table_says() {
    let table = table();
    let mut missing: BTreeSet<&Cell> = table.iter().filter(|(_, l)| *l != "·").map(|(cell, _)| cell).collect();
    let mut wrong = Vec::new();
    for preset in Preset::ALL {
        let mut schools = Schools::provisioned();
        for (number, (name, uai, classes)) in MORE.into_iter().enumerate() {
            schools.person(500 + number, name, uai, classes);
        }
        PROJECT_MORE.iter().for_each(|name| schools.join("Projet", name));
        for uai in [A, B] {
            schools.apply(uai, preset);
        }
        let names: Vec<&str> = PEOPLE.iter().chain(&MORE).map(|(name, ..)| *name).collect();
        for (from, to) in names.iter().flat_map(|from| names.iter().map(move |to| (*from, *to))).filter(|(a, b)| a != b)
        {
            let (relation, group) = relation(from, to);
            let profile = |name| -> Profile { school::profile(name) };
            let cell = (preset.to_string(), relation.to_owned(), profile(from).to_string(), profile(to).to_string());
            let found = letters(&schools, from, to, &group);
            let expected = &table[&cell];
            if found != *expected {
                wrong.push(format!("{cell:?}: {from} to {to} is {found}, the table says {expected}"));
            }
            missing.remove(&cell);
        }
    }
    assert!(wrong.is_empty(), "{} pairs differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(missing.is_empty(), "no pair of people shows {missing:?}");
}
