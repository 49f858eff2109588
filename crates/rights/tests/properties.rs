//! Whatever administrators do to groups, rules and people: what search shows is exactly what sending accepts, the
//! blocked and the departed show nowhere, taking a rule away never opens a way, and a prohibition holds.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failed test")]

mod school;

use std::collections::BTreeSet;

use people::{GroupQuery, Page, PageSize, PeopleQuery};
use proptest::prelude::*;
use rights::Preset;
use school::{PEOPLE, Schools};
use store::{Database as _, params};

/// One thing an administrator, or the next import, does. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Change {
    AddRule(usize, usize),
    RemoveRule(usize),
    Participation(usize, usize),
    HideMembers(usize),
    Join(usize, usize),
    Block(usize),
    Leave(usize),
    Prohibit(usize, usize, Option<i64>),
    Role(usize, usize, bool),
}

fn change() -> impl Strategy<Value = Change> {
    let n = 0_usize..1000;
    prop_oneof![
        4 => (n.clone(), n.clone()).prop_map(|(a, b)| Change::AddRule(a, b)),
        3 => n.clone().prop_map(Change::RemoveRule),
        4 => (n.clone(), n.clone()).prop_map(|(a, b)| Change::Participation(a, b)),
        1 => n.clone().prop_map(Change::HideMembers),
        3 => (n.clone(), n.clone()).prop_map(|(a, b)| Change::Join(a, b)),
        1 => n.clone().prop_map(Change::Block),
        1 => n.clone().prop_map(Change::Leave),
        2 => (n.clone(), n.clone(), proptest::option::of(prop_oneof![Just(1), Just(i64::MAX)])).prop_map(|(a, b, c)| Change::Prohibit(a, b, c)),
        2 => (n.clone(), n, any::<bool>()).prop_map(|(a, b, c)| Change::Role(a, b, c)),
    ]
}

fn nth(schools: &Schools, list: &str, n: usize) -> Option<String> {
    let rows = schools.database.execute(list, &[]).unwrap();
    (!rows.is_empty()).then(|| rows[n % rows.len()].text(0).unwrap().to_owned())
}

fn group(schools: &Schools, n: usize) -> String {
    nth(schools, "SELECT id FROM person_group ORDER BY id", n).unwrap()
}

fn person(schools: &Schools, n: usize) -> String {
    schools.id(PEOPLE[n % PEOPLE.len()].0).to_string()
}

fn make(schools: &Schools, change: &Change) {
    match change {
        Change::AddRule(from, to) => schools.run(
            "INSERT INTO rule (from_group, to_group) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![group(schools, *from), group(schools, *to)],
        ),
        Change::RemoveRule(n) => match nth(schools, "SELECT from_group || to_group FROM rule ORDER BY 1", *n) {
            Some(rule) => schools.run("DELETE FROM rule WHERE from_group || to_group = ?1", params![rule]),
            None => 0,
        },
        Change::Participation(n, what) => schools.run(
            "UPDATE person_group SET participation = ?2 WHERE id = ?1",
            params![group(schools, *n), ["none", "incoming", "outgoing", "both"][what % 4]],
        ),
        Change::HideMembers(n) => {
            schools.run("UPDATE person_group SET members_hidden = 1 WHERE id = ?1", params![group(schools, *n)])
        }
        Change::Join(n, who) => schools.run(
            "INSERT INTO membership (group_id, person_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![group(schools, *n), person(schools, *who)],
        ),
        Change::Block(who) => {
            schools.run("UPDATE person SET blocked_at = 1 WHERE id = ?1", params![person(schools, *who)])
        }
        Change::Leave(who) => schools.run("UPDATE person SET left_at = 1 WHERE id = ?1", params![person(schools, *who)]),
        Change::Prohibit(from, to, until) => schools.run(
            "INSERT INTO prohibition (sender_id, recipient_id, reason, until, created_at) VALUES (?1, ?2, 'essai', ?3, 0)
             ON CONFLICT DO UPDATE SET until = excluded.until",
            params![person(schools, *from), person(schools, *to), *until],
        ),
        Change::Role(who, role, granted) => schools.run(
            "INSERT INTO role_override (person_id, role, granted) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET granted = excluded.granted",
            params![person(schools, *who), ["send-extended", "mailbox", "send"][role % 3], *granted],
        ),
    };
}

fn schools(preset: usize, changes: &[Change]) -> Schools {
    let schools = Schools::new(Preset::ALL[preset]);
    changes.iter().for_each(|change| make(&schools, change));
    schools
}

/// All pages of a list, checking that they are in order and never the same twice.
fn pages<T: Clone>(
    id: impl Fn(&T) -> String,
    mut page: impl FnMut(Option<people::Cursor>) -> Page<T>,
) -> BTreeSet<String> {
    let (mut seen, mut after) = (BTreeSet::new(), None);
    loop {
        let Page { items, next } = page(after);
        for item in &items {
            assert!(seen.insert(id(item)), "shown twice");
        }
        match next {
            Some(cursor) => after = Some(cursor),
            None => return seen,
        }
    }
}

fn shown(schools: &Schools, viewer: &str) -> BTreeSet<String> {
    let query = PeopleQuery { size: PageSize::near(3), ..PeopleQuery::of(schools.id(viewer)) };
    pages(
        |p: &people::FoundPerson| p.id.to_string(),
        |after| people::search_people(&schools.database, &PeopleQuery { after, ..query.clone() }).unwrap(),
    )
}

fn shown_groups(schools: &Schools, viewer: &str) -> BTreeSet<String> {
    let query = GroupQuery { size: PageSize::near(3), ..GroupQuery::of(schools.id(viewer)) };
    pages(
        |g: &people::FoundGroup| g.id.to_string(),
        |after| people::search_groups(&schools.database, &GroupQuery { after, ..query.clone() }).unwrap(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn search_shows_exactly_what_sending_accepts(
        preset in 0_usize..3, viewer in 0_usize..PEOPLE.len(), changes in proptest::collection::vec(change(), 0..12),
    ) {
        let schools = schools(preset, &changes);
        let viewer = PEOPLE[viewer].0;
        prop_assume!(schools.may_send(viewer));
        let shown = shown(&schools, viewer);
        for (to, ..) in PEOPLE {
            let id = schools.id(to).as_str();
            prop_assert_eq!(schools.sends(viewer, "person", id), shown.contains(id), "{} to {}", viewer, to);
            prop_assert_eq!(schools.judged(viewer, to), shown.contains(id), "{} to {}, by judgement", viewer, to);
        }
        let shown = shown_groups(&schools, viewer);
        for row in schools.database.execute("SELECT id, name FROM person_group", &[]).unwrap() {
            let (id, name) = (row.text(0).unwrap(), row.text(1).unwrap());
            // A group without anybody to receive is shown with a count of 0, and refused as such.
            let sent = schools.sends(viewer, "group", id);
            let asked = [rights::Addressee::Group(id.to_owned())];
            let judged = rights::judge(&schools.database, schools.id(viewer), None, &asked).unwrap().is_empty();
            prop_assert_eq!(judged, shown.contains(id), "{} to {}, by judgement", viewer, name);
            prop_assert!(!sent || shown.contains(id), "{} to {}", viewer, name);
        }
    }

    #[test]
    fn the_blocked_and_the_departed_show_nowhere(
        preset in 0_usize..3, changes in proptest::collection::vec(change(), 0..8), who in 0_usize..PEOPLE.len(), left in any::<bool>(),
    ) {
        let schools = schools(preset, &changes);
        make(&schools, &if left { Change::Leave(who) } else { Change::Block(who) });
        let id = schools.id(PEOPLE[who].0);
        prop_assert!(!schools.may_send(PEOPLE[who].0));
        for (viewer, ..) in PEOPLE {
            prop_assert!(!schools.reach(viewer).contains(PEOPLE[who].0));
            let query = PeopleQuery { size: PageSize::near(100), ..PeopleQuery::of(schools.id(viewer)) };
            let page = people::search_people(&schools.database, &query).unwrap();
            let name = format!("Camille {}", PEOPLE[who].0);
            prop_assert!(page.items.iter().all(|p| p.id != *id && p.children.iter().all(|c| c.name != name)));
        }
    }

    #[test]
    fn taking_a_rule_away_never_opens_a_way(
        preset in 0_usize..3, changes in proptest::collection::vec(change(), 0..12), rule in 0_usize..1000,
    ) {
        let schools = schools(preset, &changes);
        let reach = |s: &Schools| PEOPLE.map(|(who, ..)| (s.reach(who), shown_groups(s, who)));
        let before = reach(&schools);
        make(&schools, &Change::RemoveRule(rule));
        for ((people, groups), (fewer_people, fewer_groups)) in before.iter().zip(reach(&schools)) {
            prop_assert!(fewer_people.is_subset(people) && fewer_groups.is_subset(groups));
        }
    }

    #[test]
    fn a_prohibition_closes_one_way_and_no_other(
        preset in 0_usize..3, from in 0_usize..PEOPLE.len(), to in 0_usize..PEOPLE.len(), past in any::<bool>(),
    ) {
        let schools = Schools::new(Preset::ALL[preset]);
        let before = PEOPLE.map(|(who, ..)| schools.reach(who));
        make(&schools, &Change::Prohibit(from, to, past.then_some(1)));
        for (index, (who, ..)) in PEOPLE.iter().enumerate() {
            let mut expected = before[index].clone();
            if index == from && !past {
                expected.remove(PEOPLE[to].0);
            }
            prop_assert_eq!(schools.reach(who), expected);
        }
    }
}
