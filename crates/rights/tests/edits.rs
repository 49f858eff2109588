//! What administrators do: a rehearsal tells what the edit brings and changes nothing, the simulator
//! agrees with the judge, lists hide and are fed, prohibitions and blockings begin, end, and leave a history.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod school;

use std::collections::BTreeSet;

use people::{PersonId, Profile, Uai};
use proptest::prelude::*;
use rights::{Blocked, Edit, Editor, Feed, Obstacle, Participation, Path, Preset};
use school::{A, B, PEOPLE, Schools};
use store::{Database as _, params};
use ulid::Ulid;

fn uai(text: &str) -> Uai {
    text.parse().unwrap()
}

fn id() -> String {
    Ulid::generate().to_string()
}

/// All that rights depend on.
fn state(schools: &Schools) -> Vec<String> {
    let mut state = Vec::new();
    for table in [
        "rule ORDER BY 1, 2",
        "(SELECT id, participation, settled FROM person_group) ORDER BY 1",
        "(SELECT uai, preset FROM establishment) ORDER BY 1",
        "rights_change ORDER BY 1",
        "settling",
    ] {
        let rows = schools.database.execute(&format!("SELECT * FROM {table}"), &[]).unwrap();
        state.extend(rows.iter().map(|row| format!("{table} {row:?}")));
    }
    state
}

fn reaches(schools: &Schools) -> Vec<(&'static str, BTreeSet<String>)> {
    PEOPLE.iter().map(|(who, ..)| {
        let groups = schools.database.execute(
            "SELECT DISTINCT w.group_id FROM named_group w JOIN person_group g ON g.id = w.group_id JOIN person p ON p.id = w.sender_id
             WHERE w.sender_id = ?1 AND (g.uai IS NOT p.uai OR g.kind = 'list')", params![schools.id(who).as_str()]).unwrap();
        // Beyond the establishment in groups, as a rehearsal counts.
        let own = if who.ends_with('9') { "9" } else { "" };
        let people = schools.reach(who).into_iter().filter(|name| name != who && name.ends_with('9') == (own == "9")).map(str::to_owned);
        (*who, people.chain(groups.iter().map(|row| row.text(0).unwrap().to_owned())).collect())
    }).collect()
}

fn edits(schools: &Schools) -> Vec<Edit> {
    let rows = schools.database.execute("SELECT id FROM person_group WHERE uai = ?1 ORDER BY id", params![A]).unwrap();
    let groups: Vec<people::GroupId> = rows.iter().map(|row| row.text(0).unwrap().parse().unwrap()).collect();
    let mut edits: Vec<Edit> = Preset::ALL.map(Edit::Preset).to_vec();
    for from in &groups {
        edits.extend(
            groups
                .iter()
                .flat_map(|to| [Edit::AddRule(from.clone(), to.clone()), Edit::RemoveRule(from.clone(), to.clone())]),
        );
        edits.extend(Participation::ALL.map(|participation| Edit::Participation(from.clone(), participation)));
    }
    edits
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rehearsal_tells_the_truth_and_changes_nothing(preset in 0_usize..3, done in proptest::collection::vec(0_usize..100_000, 0..6), last in 0_usize..100_000) {
        let schools = Schools::new(Preset::ALL[preset]);
        let edits = edits(&schools);
        let a = uai(A);
        let editor = Editor { person: None, uai: &a, now: 1 };
        for n in done {
            rights::edit(&schools.database, &editor, &id(), &edits[n % edits.len()]).unwrap();
        }
        let edit = &edits[last % edits.len()];
        let (before, reach) = (state(&schools), reaches(&schools));
        let told = rights::rehearse(&schools.database, &editor, edit).unwrap();
        prop_assert_eq!(&before, &state(&schools));
        let made = rights::edit(&schools.database, &editor, &id(), edit).unwrap();
        prop_assert_eq!(&told, &made);
        let after = reaches(&schools);
        let count = |more: &Vec<(&str, BTreeSet<String>)>, less: &Vec<(&str, BTreeSet<String>)>| {
            more.iter().zip(less).filter(|((who, more), (_, less))| !who.ends_with('9') && !more.is_subset(less)).count() as u64
        };
        let (gaining, losing) = made.as_ref().map_or((0, 0), |effect| (effect.gaining, effect.losing));
        prop_assert_eq!((gaining, losing), (count(&after, &reach), count(&reach, &after)), "{:?}", edit);
        // Other establishments are as they were.
        prop_assert!(reach.iter().zip(&after).all(|(before, after)| !before.0.ends_with('9') || before == after));
        if matches!(edit, Edit::RemoveRule(..)) {
            prop_assert_eq!(gaining, 0);
        }
        if matches!(edit, Edit::AddRule(..)) {
            prop_assert_eq!(losing, 0);
        }
    }
}

/// Who may write beyond her establishment reaches its teachers by the network's already: a rule to them brings her nobody.
#[test]
fn whom_a_group_of_the_network_reaches_already_is_not_gained() {
    let schools = Schools::new(Preset::Minors2025);
    let a = uai(A);
    let editor = Editor { person: None, uai: &a, now: 1 };
    schools.run(
        "INSERT INTO role_override (person_id, role, granted) VALUES (?1, 'send-extended', 1)",
        params![schools.id("r1").as_str()],
    );
    let parents = || schools.group_id("6A relative").parse::<people::GroupId>().unwrap();
    let teachers = schools.database.first(
        "SELECT id FROM person_group WHERE uai = ?1 AND kind = 'establishment' AND profile = 'teacher'",
        params![A],
    );
    let teachers: people::GroupId = teachers.unwrap().unwrap().text(0).unwrap().parse().unwrap();
    let network = people::network_group(Profile::Teacher).parse().unwrap();
    rights::edit(&schools.database, &editor, &id(), &Edit::AddRule(parents(), network)).unwrap().unwrap();
    let before = reaches(&schools);
    let told = rights::edit(&schools.database, &editor, &id(), &Edit::AddRule(parents(), teachers)).unwrap().unwrap();
    let after = reaches(&schools);
    let gained: Vec<_> = after
        .iter()
        .zip(&before)
        .filter(|((_, after), (_, before))| !after.is_subset(before))
        .map(|((who, _), _)| *who)
        .collect();
    assert!(gained.contains(&"r2") && !gained.contains(&"r1"), "{gained:?}");
    assert_eq!(told.gaining, gained.len() as u64, "{gained:?}");
}

#[test]
fn opening_both_directions_is_warned_of_and_can_be_taken_back() {
    let schools = Schools::new(Preset::Minors2025);
    let group = |key: &str| schools.group_id(key).parse().unwrap();
    let a = uai(A);
    let editor = Editor { person: None, uai: &a, now: 1 };
    // Seed 001: a rule from teachers to the relatives of a class opens the class's relatives to each other.
    let rule = Edit::AddRule(group("6A teacher"), group("6A relative"));
    let told = rights::rehearse(&schools.database, &editor, &rule).unwrap().unwrap();
    assert_eq!(told.opened, ["Enseignants de 6A", "Parents de 6A"]);
    assert_eq!(told.gaining, 2, "r1 and r2, to each other; the teacher wrote to them before");
    assert!(!schools.reach("r1").contains("r2"));
    rights::edit(&schools.database, &editor, &id(), &rule).unwrap().unwrap();
    assert!(schools.reach("r1").contains("r2"));
    let back = Edit::RemoveRule(group("6A teacher"), group("6A relative"));
    let effect = rights::edit(&schools.database, &editor, &id(), &back).unwrap().unwrap();
    assert_eq!(
        (effect.losing, effect.closed.as_slice()),
        (2, &["Enseignants de 6A".to_owned(), "Parents de 6A".to_owned()][..])
    );
    assert!(!schools.reach("r1").contains("r2") && schools.reach("r1").contains("t6A"));
    assert!(
        rights::edit(&schools.database, &editor, &id(), &back).unwrap().is_none(),
        "there is no such rule any more"
    );
    let kinds: Vec<_> = rights::history(&schools.database, &a)
        .unwrap()
        .into_iter()
        .map(|made| (made.kind, made.from, made.to))
        .collect();
    assert_eq!(kinds[0], ("remove-rule".to_owned(), "Enseignants de 6A".to_owned(), "Parents de 6A".to_owned()));
    assert!(rights::history(&schools.database, &uai(B)).unwrap().iter().all(|made| made.kind == "preset"));
}

#[test]
fn only_the_administrators_of_the_groups_edit() {
    let schools = Schools::new(Preset::Minors2025);
    let group = |key: &str| schools.group_id(key).parse().unwrap();
    let (a, admin) = (uai(A), schools.id("p").clone());
    let editor = Editor { person: Some(&admin), uai: &a, now: 1 };
    let own = Edit::AddRule(group("6A relative"), group("6B teacher"));
    let beyond = Edit::AddRule(group("6A relative"), group("3C teacher"));
    let network = |profile| Edit::AddRule(group("6A teacher"), people::network_group(profile).parse().unwrap());
    let allowed = |edit: &Edit| rights::rehearse(&schools.database, &editor, edit).unwrap().is_some();
    assert!(!allowed(&own), "she administers nothing yet");
    schools.run("INSERT INTO local_admin (person_id, uai) VALUES (?1, ?2)", params![admin.as_str(), A]);
    assert!(
        allowed(&own) && !allowed(&beyond) && allowed(&network(Profile::Staff)) && !allowed(&network(Profile::Student))
    );
    assert!(!allowed(&Edit::Participation(group("3C relative"), Participation::Both)));
    assert!(!allowed(&Edit::Participation(
        people::network_group(Profile::Student).parse().unwrap(),
        Participation::Both
    )));
    schools.run("INSERT INTO local_admin (person_id, uai) VALUES (?1, ?2)", params![admin.as_str(), B]);
    assert!(allowed(&beyond), "R-6: she administers both");
}

#[test]
fn a_list_is_fed_hides_its_members_and_opens_nothing() {
    let schools = Schools::new(Preset::Minors2025);
    schools.run("UPDATE class SET level = '6EME' WHERE kind = 'class' AND uai = ?1", params![A]);
    schools.run("UPDATE class SET level = 'LATIN' WHERE name = 'Latin'", &[]);
    schools.run(
        "UPDATE person SET function = 'Professeure de latin' WHERE id = ?1",
        params![schools.id("tLatin").as_str()],
    );
    let (a, b) = (uai(A), uai(B));
    let list = |schools: &Schools, profile, level: Option<&str>, function: Option<&str>| {
        let id: people::GroupId = id().parse().unwrap();
        let feed =
            Feed { profile, level: level.map(str::to_owned), discipline: None, function: function.map(str::to_owned) };
        assert!(rights::keep_list(&schools.database, &a, &id, "Ma liste", &feed, 1).unwrap());
        assert!(!rights::keep_list(&schools.database, &b, &id, "Vol", &feed, 1).unwrap(), "not theirs to change");
        id
    };
    let members = |schools: &Schools, id: &people::GroupId| -> BTreeSet<&'static str> {
        let rows = schools
            .database
            .execute("SELECT person_id FROM membership WHERE group_id = ?1", params![id.as_str()])
            .unwrap();
        rows.iter().map(|row| schools.name(row.text(0).unwrap())).collect()
    };
    let everybody = list(&schools, Profile::Relative, None, None);
    let latin = list(&schools, Profile::Relative, Some("LATIN"), None);
    let one = list(&schools, Profile::Teacher, None, Some("Professeure de latin"));
    assert_eq!(members(&schools, &everybody), BTreeSet::from(["r1", "r2", "r3", "r4"]));
    assert_eq!(members(&schools, &latin), BTreeSet::from(["r1", "r3"]));
    assert_eq!(members(&schools, &one), BTreeSet::from(["tLatin"]));
    schools.run("UPDATE person SET left_at = 1 WHERE id = ?1", params![schools.id("r3").as_str()]);
    rights::feed_lists(&schools.database, &a).unwrap();
    assert_eq!(members(&schools, &latin), BTreeSet::from(["r1"]));

    let before: Vec<_> = PEOPLE.map(|(who, ..)| schools.reach(who)).to_vec();
    let editor = Editor { person: None, uai: &a, now: 1 };
    let guests = schools.group_id("0990001A guest").parse().unwrap();
    let told =
        rights::edit(&schools.database, &editor, &id(), &Edit::AddRule(guests, everybody.clone())).unwrap().unwrap();
    assert_eq!((told.gaining, told.losing), (2, 0));
    // Preset minors-2025 has guests `outgoing`: with the rule they are `both`, and the warning says so.
    assert_eq!(told.opened, ["Tous les invités"]);
    let guests_apart = |reach: BTreeSet<&'static str>| {
        reach.into_iter().filter(|name| !name.starts_with('g')).collect::<BTreeSet<_>>()
    };
    for ((who, ..), before) in PEOPLE.iter().zip(before) {
        assert_eq!(guests_apart(schools.reach(who)), guests_apart(before), "{who}: nobody is reached through a list");
    }
    assert!(schools.sends("g1", "group", everybody.as_str()) && !schools.sends("r1", "group", everybody.as_str()));
    assert!(!rights::drop_list(&schools.database, &b, &everybody).unwrap());
    assert!(rights::drop_list(&schools.database, &a, &everybody).unwrap());
    assert!(!schools.sends("g1", "group", everybody.as_str()));
    schools.join("Projet", "g2");
}

#[test]
fn the_simulator_says_which_way_or_what_is_missing() {
    let schools = Schools::new(Preset::Minors2025);
    let ask = |from: &str, to: &str| {
        rights::explain(&schools.database, schools.id(from), schools.id(to), 10).unwrap().unwrap()
    };
    assert_eq!(ask("t6A", "r2").paths, [Path::Rule("Tous les enseignants".into(), "Tous les parents".into())]);
    assert_eq!(ask("s1", "s3").paths, [Path::Members("Élèves de Latin".into())]);
    assert_eq!(ask("r1", "s1").paths, [Path::Kin]);
    let classmates = ask("r1", "r2");
    assert!(!classmates.allowed);
    assert!(classmates.obstacles.contains(&Obstacle::NotBoth("Parents de 6A".into())), "{classmates:?}");
    assert_eq!(ask("s1", "s4").obstacles, [Obstacle::NotBoth("Tous les élèves".into())]);
    assert_eq!(ask("r1", "s9").obstacles, [Obstacle::NoRule]);
    schools.run(
        "INSERT INTO role_override (person_id, role, granted) VALUES (?1, 'send-extended', 0)",
        params![schools.id("t6A").as_str()],
    );
    assert_eq!(
        ask("t6A", "p9").obstacles,
        [Obstacle::NotExtended("Tous les enseignants".into(), "Personnels de tous les établissements".into())]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_simulator_agrees_with_the_judge(preset in 0_usize..3, done in proptest::collection::vec(0_usize..100_000, 0..6), blocked in 0_usize..21, forbidden in (0_usize..21, 0_usize..21)) {
        let schools = Schools::new(Preset::ALL[preset]);
        let edits = edits(&schools);
        let a = uai(A);
        for n in done {
            rights::edit(&schools.database, &Editor { person: None, uai: &a, now: 1 }, &id(), &edits[n % edits.len()]).unwrap();
        }
        schools.run("UPDATE person SET blocked_at = 1 WHERE id = ?1", params![schools.id(PEOPLE[blocked].0).as_str()]);
        schools.run("INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'essai', 1)",
            params![schools.id(PEOPLE[forbidden.0].0).as_str(), schools.id(PEOPLE[forbidden.1].0).as_str()]);
        for (from, ..) in PEOPLE {
            let reach = schools.reach(from);
            for (to, ..) in PEOPLE {
                let told = rights::explain(&schools.database, schools.id(from), schools.id(to), 10).unwrap().unwrap();
                prop_assert_eq!(told.allowed, schools.may_send(from) && reach.contains(to), "{} to {}: {:?}", from, to, told);
                prop_assert!(told.allowed || !told.obstacles.is_empty(), "{} to {}: no reason given", from, to);
            }
        }
    }
}

#[test]
fn a_prohibition_is_made_replaced_lifted_and_remembered() {
    let schools = Schools::new(Preset::Minors2025);
    let person = |name: &str| schools.id(name).clone();
    let (admin, stranger) = (person("p"), person("p9"));
    schools.run(
        "INSERT INTO local_admin (person_id, uai) VALUES (?1, ?2), (?3, ?4)",
        params![admin.as_str(), A, stranger.as_str(), B],
    );
    let forbid = |by: &PersonId, reason: &str, until, now| {
        rights::forbid(&schools.database, by, &person("s1"), &person("s2"), reason, until, now).unwrap()
    };
    assert!(!forbid(&stranger, "ailleurs", None, 1), "neither of them is of her establishment");
    assert!(forbid(&admin, "dispute", None, 1) && forbid(&admin, "dispute encore", Some(i64::MAX), 2));
    assert!(!schools.reach("s1").contains("s2") && schools.reach("s2").contains("s1"));
    let list = |past| rights::prohibitions(&schools.database, &uai(A), 5, past).unwrap();
    assert_eq!(list(false).iter().map(|x| x.reason.as_str()).collect::<Vec<_>>(), ["dispute encore"]);
    assert_eq!(list(true).len(), 2);
    assert!(rights::prohibitions(&schools.database, &uai(B), 5, true).unwrap().is_empty());
    assert!(!rights::lift(&schools.database, &stranger, &person("s1"), &person("s2"), 4).unwrap());
    assert!(rights::lift(&schools.database, &admin, &person("s1"), &person("s2"), 4).unwrap());
    assert!(schools.reach("s1").contains("s2"));
    assert_eq!((list(false).len(), list(true).len()), (0, 2));
    assert!(!rights::lift(&schools.database, &admin, &person("s1"), &person("s2"), 4).unwrap());
}

#[test]
fn blocking_a_person_and_a_profile_each_has_its_end() {
    let schools = Schools::new(Preset::Minors2025);
    let (a, admin) = (uai(A), schools.id("p").clone());
    schools.run("INSERT INTO local_admin (person_id, uai) VALUES (?1, ?2)", params![admin.as_str(), A]);
    let block = |who: &Blocked| rights::block(&schools.database, &id(), &a, &admin, who, "charte", 5).unwrap();
    let unblock = |who: &Blocked| rights::unblock(&schools.database, &a, &admin, who, 6).unwrap();
    let blocked = || -> BTreeSet<&str> {
        let rows = schools.database.execute("SELECT id FROM person WHERE blocked_at IS NOT NULL", &[]).unwrap();
        rows.iter().map(|row| schools.name(row.text(0).unwrap())).collect()
    };
    let (one, all, staff) = (
        Blocked::Person(schools.id("s1").clone()),
        Blocked::Profile(Profile::Student),
        Blocked::Profile(Profile::Staff),
    );
    assert!(!block(&Blocked::Person(admin.clone())), "not herself");
    assert!(!block(&Blocked::Person(schools.id("s9").clone())), "not of another establishment");
    assert!(block(&one) && !block(&one), "once");
    assert!(block(&all));
    assert_eq!(blocked(), BTreeSet::from(["s1", "s2", "s3", "s4"]));
    assert!(unblock(&all));
    assert_eq!(blocked(), BTreeSet::from(["s1"]), "she is blocked for herself");
    assert!(unblock(&one) && !unblock(&one));
    assert!(block(&staff));
    assert_eq!(blocked(), BTreeSet::from(["p6A", "p6B"]), "the administrator is left to lift it");
    assert_eq!(
        rights::blockings(&schools.database, &a, None).unwrap().iter().filter(|b| b.lifted.is_some()).count(),
        2
    );
    assert!(rights::blockings(&schools.database, &uai(B), None).unwrap().is_empty());
    schools.run(
        "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
         VALUES ('0000000000000000000000NEW0', ?1, 'staff', 'x', 'x', 'x x', 'new', 'new@ent.example', 7)", params![A]);
    assert_eq!(
        schools.run("SELECT 1 FROM person WHERE login = 'new' AND blocked_at = 7", &[]),
        1,
        "a newcomer of the profile"
    );
}
