//! The three presets against DOMAIN §1 and seeds 000 and 001: for every person of two schools, whom she may write to,
//! written by hand. Everybody not named must be refused: by the view, by the judgement, and by the submission itself.
//!
//! Where the sources are silent, the table says what was chosen:
//! - whoever belongs to a group whose members write to each other may write to herself;
//! - relatives of a teaching group reach its teachers ("the child's teachers"), not one another nor its students;
//! - a guest's "groups she belongs to" are those people made ("Projet" here), not that of all guests;
//! - `edifice` is silent about relations between kin outside the class: there are none.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod school;

use std::collections::BTreeSet;

use rights::Preset;
use school::{A, B, PEOPLE, Schools};

const EVERYBODY_IN_A: &str = "s1 s2 s3 s4 r1 r2 r3 r4 t6A t6B tLatin p p6A p6B g1 g2";
const EVERYBODY_IN_B: &str = "s9 r9 t9 p9 g9";

const MINORS_2025: &[(&str, &str)] = &[
    ("s1", "s1 s2 s3  t6A tLatin  r1  p p6A p6B"),
    ("s2", "s1 s2  t6A  r2  p p6A p6B"),
    ("s3", "s1 s3 s4  t6B tLatin  r3  p p6A p6B"),
    ("s4", "s3 s4  t6B  r4  p p6A p6B  g1"),
    ("r1", "s1  t6A tLatin  p p6A p6B"),
    ("r2", "s2  t6A  p p6A p6B"),
    ("r3", "s3  t6B tLatin  p p6A p6B"),
    ("r4", "s4  t6B  p p6A p6B"),
    ("t6A", "A p9"),
    ("t6B", "A p9"),
    ("tLatin", "A p9"),
    ("p", "A p9"),
    ("p6A", "A p9"),
    ("p6B", "A p9"),
    ("g1", "g1 t6B s4"),
    ("g2", ""),
    ("s9", "s9 t9 r9 p9"),
    ("r9", "s9 t9 p9"),
    ("t9", "B p p6A p6B"),
    ("p9", "B p p6A p6B"),
    ("g9", ""),
];

const MIDI_PYRENEES_2009: &[(&str, &str)] = &[
    ("s1", "s1 s2 s3  t6A tLatin  r1 r2"),
    ("s2", "s1 s2  t6A  r1 r2"),
    ("s3", "s1 s3 s4  t6B tLatin  r3 r4"),
    ("s4", "s3 s4  t6B  r3 r4  g1"),
    ("r1", "s1 s2  t6A tLatin  r1 r2"),
    ("r2", "s1 s2  t6A  r1 r2"),
    ("r3", "s3 s4  t6B tLatin  r3 r4"),
    ("r4", "s3 s4  t6B  r3 r4"),
    ("t6A", "A B"),
    ("t6B", "A B"),
    ("tLatin", "A B"),
    ("p", "A B"),
    ("p6A", "A B"),
    ("p6B", "A B"),
    ("g1", "g1 t6B s4"),
    ("g2", ""),
    ("s9", "s9 t9 r9"),
    ("r9", "s9 t9 r9"),
    ("t9", "A B"),
    ("p9", "A B"),
    ("g9", ""),
];

const EDIFICE: &[(&str, &str)] = &[
    ("s1", "s1 s2 s3  t6A tLatin  p6A"),
    ("s2", "s1 s2  t6A  p6A"),
    ("s3", "s1 s3 s4  t6B tLatin  p6B"),
    ("s4", "s3 s4  t6B  p6B  g1"),
    ("r1", "s1 s2  t6A tLatin  r1 r2  p6A"),
    ("r2", "s1 s2  t6A  r1 r2  p6A"),
    ("r3", "s3 s4  t6B tLatin  r3 r4  p6B"),
    ("r4", "s3 s4  t6B  r3 r4  p6B"),
    ("t6A", "A"),
    ("t6B", "A"),
    ("tLatin", "A"),
    ("p", "A"),
    ("p6A", "A"),
    ("p6B", "A"),
    ("g1", "g1 t6B s4"),
    ("g2", ""),
    ("s9", "s9 t9"),
    ("r9", "s9 t9 r9"),
    ("t9", "B"),
    ("p9", "B"),
    ("g9", ""),
];

fn expected(line: &str) -> BTreeSet<&str> {
    line.split_whitespace()
        .flat_map(|word| match word {
            "A" => EVERYBODY_IN_A.split(' ').collect(),
            "B" => EVERYBODY_IN_B.split(' ').collect(),
            name => vec![name],
        })
        .collect()
}

fn check(schools: &Schools, table: &[(&'static str, &str)]) {
    assert_eq!(table.len(), PEOPLE.len());
    for (sender, line) in table {
        let expected = expected(line);
        assert_eq!(schools.reach(sender), expected, "{sender}, by the view");
        for (to, ..) in PEOPLE {
            assert_eq!(schools.judged(sender, to), expected.contains(to), "{sender} to {to}, by judgement");
            let sent = schools.sends(sender, "person", schools.id(to).as_str());
            assert_eq!(sent, expected.contains(to), "{sender} to {to}, by sending");
        }
        assert_eq!(
            rights::reach(&schools.database, schools.id(sender)).unwrap(),
            expected.len() as u64,
            "{sender}, counted"
        );
    }
}

#[test]
fn minors_2025() {
    check(&Schools::new(Preset::Minors2025), MINORS_2025);
}

#[test]
fn midi_pyrenees_2009() {
    check(&Schools::new(Preset::MidiPyrenees2009), MIDI_PYRENEES_2009);
}

#[test]
fn edifice() {
    check(&Schools::new(Preset::Edifice), EDIFICE);
}

#[test]
fn presets_replace_one_another_and_settling_again_changes_nothing() {
    let schools = Schools::provisioned();
    for (preset, table) in
        [(Preset::Edifice, EDIFICE), (Preset::MidiPyrenees2009, MIDI_PYRENEES_2009), (Preset::Minors2025, MINORS_2025)]
    {
        for uai in [A, B] {
            schools.apply(uai, preset);
            rights::settle(&schools.database, &uai.parse().unwrap()).unwrap();
        }
        check(&schools, table);
    }
}

#[test]
fn nobody_reaches_anybody_before_a_preset_but_own_kin_and_own_group() {
    let schools = Schools::provisioned();
    assert_eq!(schools.reach("t6A"), expected(""));
    assert_eq!(schools.reach("r1"), expected("s1"));
    assert_eq!(schools.reach("g1"), expected("g1 t6B s4"));
}

/// What an administrator takes away stays away when the next import settles the establishment again; a class that comes
/// with that import gets its rules.
#[test]
fn provisioning_again_keeps_the_changes_of_administrators() {
    let schools = Schools::new(Preset::Minors2025);
    schools.run(
        "DELETE FROM rule WHERE from_group = ?1 AND to_group = ?2",
        store::params![schools.group_id("6A relative"), schools.group_id("6A teacher")],
    );
    schools.run(
        "UPDATE person_group SET participation = 'none' WHERE id = ?1",
        store::params![schools.group_id("6B student")],
    );
    schools
        .run("UPDATE person_group SET settled = 0 WHERE class_id = (SELECT id FROM class WHERE name = 'Latin')", &[]);
    schools.run("DELETE FROM rule WHERE from_group = ?1", store::params![schools.group_id("Latin relative")]);
    rights::settle(&schools.database, &A.parse().unwrap()).unwrap();
    assert_eq!(schools.reach("r2"), expected("s2 p p6A p6B"));
    assert_eq!(schools.reach("s4"), expected("r4 g1 t6B s4"), "out of her class, she has her kin and her project");
    assert_eq!(schools.reach("r1"), expected("s1 tLatin p p6A p6B"), "Latin came anew");
}

/// beyond her establishment a rule serves those who have `send-extended`.
#[test]
fn without_the_extended_role_rules_stop_at_the_establishment() {
    let schools = Schools::new(Preset::MidiPyrenees2009);
    schools.run(
        "INSERT INTO role_override (person_id, role, granted) VALUES (?1, 'send-extended', 0)",
        store::params![schools.id("t6A").as_str()],
    );
    assert_eq!(schools.reach("t6A"), expected("A"));
    assert!(!schools.sends("t6A", "group", people::network_group(people::Profile::Staff)));
    assert!(schools.sends("t6B", "group", people::network_group(people::Profile::Staff)));
}

/// Groups that can be named: targets of rules, own groups whose members write to each other, and parts of either.
#[test]
fn groups_that_can_be_named() {
    let schools = Schools::new(Preset::Minors2025);
    for (sender, named, refused) in [
        (
            "t6A",
            "0990001A student/6B student/6A relative/Latin teacher/0990001A guest/0990002B staff",
            "Projet/3C student/0990002B student",
        ),
        (
            "s1",
            "6A student/6A teacher/Latin student/Latin teacher/0990001A staff",
            "6A relative/6B student/0990001A student/0990001A teacher",
        ),
        (
            "r1",
            "6A teacher/Latin teacher/0990001A staff/6B staff",
            "6A student/6A relative/0990001A relative/6B teacher/0990002B staff",
        ),
        ("g1", "Projet", "0990001A guest/0990001A staff"),
    ] {
        for (list, allowed) in [(named, true), (refused, false)] {
            for key in list.split('/') {
                let asked = [rights::Addressee::Group(schools.group_id(key).to_owned())];
                let judged = rights::judge(&schools.database, schools.id(sender), None, &asked).unwrap().is_empty();
                assert_eq!(judged, allowed, "{sender} to {key}, by judgement");
                // The guests have nobody but guests; groups without anybody are refused for that reason.
                let empty = schools
                    .run("SELECT 1 FROM membership WHERE group_id = ?1", store::params![schools.group_id(key)])
                    == 0;
                assert_eq!(
                    schools.sends(sender, "group", schools.group_id(key)),
                    allowed && !empty,
                    "{sender} to {key}"
                );
            }
        }
    }
}
