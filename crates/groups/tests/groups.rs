//! Ad hoc groups on the made-up school: who may make one, whom she may put in it, and what it opens (D-3, R-1, R-4).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

use std::path::Path;

use groups::{Content, Error, Refusal, add, change, drop_group, kept, make, members, one, remove};
use people::{GroupId, GroupQuery, PersonId, Uai};
use rights::Addressee;
use store::{Database as _, File, params};

const NOW: i64 = 1_800_000_000_000;

struct School(File);

fn school() -> School {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    demo::run(&database, &demo::Options { people: 320, establishments: 2, seed: 1, now: NOW }).unwrap();
    School(database)
}

fn id(number: u128) -> GroupId {
    ulid::Ulid::from_parts(7, number).to_string().parse().unwrap()
}

impl School {
    fn who(&self, login: &str) -> PersonId {
        self.one("SELECT id FROM person WHERE login = ?1", login).parse().unwrap()
    }

    /// Somebody, in the same order each time.
    fn some(&self, condition: &str) -> PersonId {
        self.one(
            &format!(
                "SELECT p.id FROM person p WHERE ?1 = '' AND {condition} AND p.activated_at IS NOT NULL ORDER BY p.n"
            ),
            "",
        )
        .parse()
        .unwrap()
    }

    fn one(&self, statement: &str, parameter: &str) -> String {
        let row = self.0.first(statement, params![parameter]).unwrap();
        row.unwrap_or_else(|| panic!("{statement}")).text(0).unwrap().to_owned()
    }

    fn home(&self, person: &PersonId) -> Uai {
        self.one("SELECT uai FROM person WHERE id = ?1", person.as_str()).parse().unwrap()
    }

    fn make(&self, by: &PersonId, number: u128, content: &Content) -> Result<GroupId, Error> {
        make(&self.0, by, &self.home(by), &[id(number), id(number + 1)], content, NOW).map(|()| id(number))
    }

    fn writes(&self, from: &PersonId, to: &PersonId) -> bool {
        rights::judge(&self.0, from, None, &[Addressee::Person(to.to_string())]).unwrap().is_empty()
    }

    fn writes_to_group(&self, from: &PersonId, to: &GroupId) -> bool {
        let judged = rights::judge(&self.0, from, None, &[Addressee::Group(to.to_string())]).unwrap().is_empty();
        assert_eq!(people::find_group(&self.0, from, to).unwrap().is_some(), judged, "shown is what may be written to");
        judged
    }

    fn groups(&self) -> i64 {
        self.0.first("SELECT count(*) FROM person_group", &[]).unwrap().unwrap().integer(0).unwrap()
    }
}

fn content(open: bool, managers: &[&PersonId]) -> Content {
    let managers = managers.iter().map(|id| (*id).clone()).collect();
    Content { name: "Échecs".into(), description: String::new(), permanent: false, open, managers }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome.unwrap_err() {
        Error::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// Two pupils who may not write to each other, and a parent of neither: the teacher reaches all three.
fn strangers(school: &School) -> [PersonId; 3] {
    let parent = school
        .some("p.profile = 'relative' AND p.uai = (SELECT uai FROM person WHERE login = 'claire.lefevre') AND p.login NOT IN ('karim.benali', 'nadia.haddad') AND p.blocked_at IS NULL");
    [school.who("lina.benali"), school.who("yanis.benali"), parent]
}

#[test]
fn an_open_group_lets_its_members_write_to_each_other() {
    let school = school();
    let claire = school.who("claire.lefevre");
    let strangers = strangers(&school).map(|person| person);
    for from in &strangers {
        for to in strangers.iter().filter(|to| *to != from) {
            assert!(!school.writes(from, to), "they are strangers");
        }
    }
    let group = school.make(&claire, 1, &content(true, &[&claire])).unwrap();
    assert_eq!(add(&school.0, &claire, &group, &strangers.each_ref().map(ToString::to_string)).unwrap(), 3);
    for from in &strangers {
        assert!(school.writes_to_group(from, &group) && school.writes(from, &claire));
        assert!(strangers.iter().filter(|to| *to != from).all(|to| school.writes(from, to)));
    }
    // Closed again, everything is as before.
    change(&school.0, &claire, &group, &id(9), &content(false, &[&claire])).unwrap();
    for from in &strangers {
        assert!(!school.writes_to_group(from, &group));
        assert!(strangers.iter().filter(|to| *to != from).all(|to| !school.writes(from, to)));
    }
    assert!(school.writes_to_group(&claire, &group));
}

#[test]
fn a_group_that_is_not_open_can_only_be_written_to_by_those_who_keep_it() {
    let school = school();
    let (claire, antoine) = (school.who("claire.lefevre"), school.who("antoine.delavilleon"));
    let [lina, yanis, parent] = strangers(&school);
    let group = school.make(&claire, 1, &content(false, &[&claire])).unwrap();
    add(&school.0, &claire, &group, &[lina.to_string(), yanis.to_string(), parent.to_string(), antoine.to_string()])
        .unwrap();
    let who_writes = || {
        let all = school.0.execute("SELECT id FROM person WHERE blocked_at IS NULL AND left_at IS NULL", &[]).unwrap();
        let all = all.iter().map(|row| row.text(0).unwrap().parse::<PersonId>().unwrap());
        all.filter(|person| school.writes_to_group(person, &group)).collect::<Vec<_>>()
    };
    assert_eq!(who_writes(), std::slice::from_ref(&claire));
    assert!(!school.writes(&lina, &yanis) && !school.writes(&parent, &lina));
    // A second manager may, and may no more when she stops.
    change(&school.0, &claire, &group, &id(9), &content(false, &[&claire, &antoine])).unwrap();
    let mut both = vec![claire.clone(), antoine.clone()];
    both.sort();
    let mut found = who_writes();
    found.sort();
    assert_eq!(found, both);
    change(&school.0, &claire, &group, &id(9), &content(false, &[&claire])).unwrap();
    assert_eq!(who_writes(), std::slice::from_ref(&claire));
    // The group of the managers is nobody's to see or to keep.
    let query = GroupQuery { text: "gestionnaires", ..GroupQuery::of(&claire) };
    assert_eq!(people::search_groups(&school.0, &query).unwrap().items, []);
    assert_eq!(kept(&school.0, &claire).unwrap().len(), 1);
    assert!(matches!(refused(one(&school.0, &claire, &id(2))), Refusal::Unknown));
}

#[test]
fn managers_are_members_at_least_one_and_able() {
    let school = school();
    let (claire, antoine, lina) =
        (school.who("claire.lefevre"), school.who("antoine.delavilleon"), school.who("lina.benali"));
    let elsewhere =
        school.some("p.profile = 'teacher' AND p.uai <> (SELECT uai FROM person WHERE login = 'claire.lefevre')");
    assert_eq!(refused(school.make(&claire, 1, &content(true, &[]))), Refusal::Managers);
    assert_eq!(
        refused(school.make(&claire, 1, &content(true, &[&claire, &lina]))),
        Refusal::Managers,
        "without the role"
    );
    assert_eq!(
        refused(school.make(&claire, 1, &content(true, &[&claire, &elsewhere]))),
        Refusal::Managers,
        "out of reach"
    );
    let many: Vec<&PersonId> = std::iter::repeat_n(&claire, 21).collect();
    assert_eq!(refused(school.make(&claire, 1, &content(true, &many))), Refusal::Managers);
    let before = school.groups();
    let group = school.make(&claire, 1, &content(true, &[&claire, &antoine, &claire])).unwrap();
    assert_eq!(school.groups(), before + 1);
    let there = members(&school.0, &claire, &group).unwrap();
    assert_eq!((there.known.len(), there.known.iter().all(|m| m.manager), there.others), (2, true, 0));
    assert_eq!(refused(remove(&school.0, &claire, &group, &[antoine.to_string()])), Refusal::Manager);
    assert_eq!(refused(change(&school.0, &claire, &group, &id(9), &content(true, &[]))), Refusal::Managers);
    assert_eq!(refused(change(&school.0, &claire, &group, &id(9), &content(true, &[&lina]))), Refusal::Managers);
    // She hands it over, and it is not hers any more; she stays a member.
    change(&school.0, &claire, &group, &id(9), &content(true, &[&antoine])).unwrap();
    assert_eq!(refused(one(&school.0, &claire, &group)), Refusal::Unknown);
    assert_eq!(remove(&school.0, &antoine, &group, &[claire.to_string()]).unwrap(), 1);
}

#[test]
fn who_may_not_make_groups_or_keep_this_one_is_refused() {
    let school = school();
    let (claire, antoine, sophie) =
        (school.who("claire.lefevre"), school.who("antoine.delavilleon"), school.who("sophie.legoff"));
    for login in ["lina.benali", "karim.benali"] {
        let person = school.who(login);
        assert_eq!(refused(school.make(&person, 1, &content(true, &[&person]))), Refusal::Role, "{login}");
    }
    let other: Uai =
        school.one("SELECT uai FROM establishment WHERE uai <> ?1", school.home(&claire).as_str()).parse().unwrap();
    let ids = [id(1), id(2)];
    assert_eq!(
        refused(make(&school.0, &claire, &other, &ids, &content(true, &[&claire]), NOW)),
        Refusal::Establishment
    );
    let group = school.make(&claire, 1, &content(true, &[&claire])).unwrap();
    let unknown = |by: &PersonId| {
        assert_eq!(refused(one(&school.0, by, &group)), Refusal::Unknown);
        assert_eq!(refused(change(&school.0, by, &group, &id(9), &content(true, &[by]))), Refusal::Unknown);
        assert_eq!(refused(add(&school.0, by, &group, &[by.to_string()])), Refusal::Unknown);
        assert_eq!(refused(remove(&school.0, by, &group, &[claire.to_string()])), Refusal::Unknown);
        assert_eq!(refused(members(&school.0, by, &group)), Refusal::Unknown);
        assert_eq!(refused(drop_group(&school.0, by, &group)), Refusal::Unknown);
    };
    unknown(&antoine);
    unknown(&school.some("p.id IN (SELECT person_id FROM local_admin) AND p.uai <> (SELECT uai FROM person WHERE login = 'claire.lefevre')"));
    // The administrator of the establishment keeps them all; a manager without the role keeps nothing.
    assert_eq!(one(&school.0, &sophie, &group).unwrap().0.name, "Échecs");
    assert!(kept(&school.0, &sophie).unwrap().iter().any(|g| g.name == "Club théâtre"));
    school
        .0
        .execute("INSERT INTO role_override VALUES (?1, 'directory-manager', 0)", params![claire.as_str()])
        .unwrap();
    unknown(&claire);
    assert!(kept(&school.0, &claire).unwrap().is_empty());
    let (rules, groups) = (rule_count(&school), school.groups());
    drop_group(&school.0, &sophie, &group).unwrap();
    assert_eq!((school.groups(), rule_count(&school)), (groups - 1, rules));
}

fn rule_count(school: &School) -> i64 {
    school.0.first("SELECT count(*) FROM rule", &[]).unwrap().unwrap().integer(0).unwrap()
}

/// nobody is added whom she may not write to, and of those who are there she sees whom she may write to.
#[test]
fn only_people_within_reach_join_all_or_nobody() {
    let school = school();
    let (claire, lina) = (school.who("claire.lefevre"), school.who("lina.benali"));
    let elsewhere =
        school.some("p.profile = 'student' AND p.uai <> (SELECT uai FROM person WHERE login = 'claire.lefevre')");
    let group = school.make(&claire, 1, &content(true, &[&claire])).unwrap();
    let out = refused(add(&school.0, &claire, &group, &[lina.to_string(), elsewhere.to_string(), "x".into()]));
    assert_eq!(out, Refusal::OutOfReach(vec![elsewhere.to_string(), "x".into()]));
    assert_eq!(members(&school.0, &claire, &group).unwrap().known.len(), 1, "nobody joined");
    assert_eq!(add(&school.0, &claire, &group, &[lina.to_string(), lina.to_string(), claire.to_string()]).unwrap(), 1);
    assert_eq!(add(&school.0, &claire, &group, &[lina.to_string()]).unwrap(), 0, "she is there already");
    let crowd = vec![lina.to_string(); 1001];
    assert_eq!(refused(add(&school.0, &claire, &group, &crowd)), Refusal::TooMany);
    let prohibition =
        "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'essai', 0)";
    school.0.execute(prohibition, params![claire.as_str(), lina.as_str()]).unwrap();
    let there = members(&school.0, &claire, &group).unwrap();
    assert_eq!((there.known.len(), there.others), (1, 1));
    assert_eq!(remove(&school.0, &claire, &group, &[lina.to_string()]).unwrap(), 1);
    assert!(matches!(refused(add(&school.0, &claire, &group, &[lina.to_string()])), Refusal::OutOfReach(_)));
}

#[test]
fn names_and_descriptions_have_limits() {
    let school = school();
    let claire = school.who("claire.lefevre");
    let with = |name: &str, description: &str| Content {
        name: name.into(),
        description: description.into(),
        ..content(false, &[&claire])
    };
    for name in ["", "  ", "a\nb", &"é".repeat(201)] {
        assert_eq!(refused(school.make(&claire, 1, &with(name, ""))), Refusal::Name, "{name}");
    }
    assert_eq!(refused(school.make(&claire, 1, &with("a", &"é".repeat(2001)))), Refusal::Description);
    let group = school.make(&claire, 1, &with(&"é".repeat(200), &"é".repeat(2000))).unwrap();
    change(&school.0, &claire, &group, &id(9), &with(" Échecs ' \" ; -- ", "")).unwrap();
    assert_eq!(one(&school.0, &claire, &group).unwrap().0.name, "Échecs ' \" ; --");
    drop_group(&school.0, &claire, &group).unwrap();
    assert_eq!(refused(one(&school.0, &claire, &group)), Refusal::Unknown);
}

/// What an administrator did to the rules of a group is not undone by renaming it.
#[test]
fn what_an_administrator_decided_stays() {
    let school = school();
    let claire = school.who("claire.lefevre");
    let group = school.make(&claire, 1, &content(false, &[&claire])).unwrap();
    school.0.execute("DELETE FROM rule WHERE to_group = ?1", params![group.as_str()]).unwrap();
    change(&school.0, &claire, &group, &id(9), &Content { name: "Go".into(), ..content(false, &[&claire]) }).unwrap();
    assert!(!school.writes_to_group(&claire, &group));
    // Opened by the administrator, closed by her manager: once, whatever groups of managers there were.
    school.0.execute("UPDATE person_group SET participation = 'both' WHERE id = ?1", params![group.as_str()]).unwrap();
    change(&school.0, &claire, &group, &id(9), &content(false, &[&claire])).unwrap();
    assert!(school.writes_to_group(&claire, &group));
    let rows = school.0.execute("SELECT 1 FROM person_group WHERE keepers_of = ?1", params![group.as_str()]).unwrap();
    assert_eq!(rows.len(), 1);
}
