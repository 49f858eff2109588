//! What the composer proposes in the made-up school, and in how many statements.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod school;

use std::cell::Cell;

use people::{GroupQuery, PageSize, PeopleQuery, PersonId, Suggestion, SuggestionKind, suggest};
use school::{NOW, school, who};
use store::{Database, Error, File, Row, Value, params};

#[test]
fn suggestions_mix_groups_and_people() {
    let database = school();
    let teacher = who(&database, "claire.lefevre");
    let suggestions = suggest(&database, &teacher, "e", NOW).unwrap();
    assert_eq!(suggestions.len(), 8);
    assert!(suggestions.iter().filter(|s| s.kind == SuggestionKind::Group).count() >= 3);
    assert!(suggestions.iter().all(|s| (s.kind == SuggestionKind::Group) == s.count.is_some()));
    let lina = suggest(&database, &who(&database, "karim.benali"), "lina", NOW).unwrap();
    assert_eq!((lina.len(), lina[0].detail.as_str()), (1, "Élève de 6A"));
}

/// Writes and sends a message from one to some, that many days ago.
fn write(database: &File, number: u128, from: &PersonId, to: &[&PersonId], days: i64) {
    let to: Vec<_> = to.iter().map(|id| ("person", id.as_str())).collect();
    write_to(database, number, from, &to, days);
}

/// The same to people and groups.
fn write_to(database: &File, number: u128, from: &PersonId, to: &[(&str, &str)], days: i64) {
    let id = format!("01K41XRSRZ{number:016}");
    let to: Vec<_> = to.iter().map(|(kind, id)| serde_json::json!({"field": "to", "kind": kind, "id": id})).collect();
    let at = NOW - days * 86_400_000;
    database
        .execute(
            "INSERT INTO message (id, uai, author_id, thread_id, message_id, addressees, created_at, updated_at)
             SELECT ?1, p.uai, p.id, ?1, ?1, ?3, ?4, ?4 FROM person p WHERE p.id = ?2",
            params![&id, from.as_str(), serde_json::to_string(&to).unwrap(), at],
        )
        .unwrap();
    let send = "INSERT INTO submission (message_id, submitted_at, size) VALUES (?1, ?2, 0)";
    database.execute(send, params![&id, at]).unwrap();
}

fn suggested(database: &File, viewer: &PersonId, typed: &str) -> Vec<String> {
    suggest(database, viewer, typed, NOW).unwrap().into_iter().map(|s| s.id).collect()
}

/// D-6: often and lately before seldom and long ago; only while she may write to them.
#[test]
fn those_she_usually_writes_to_come_first() {
    let database = school();
    let [claire, antoine, sophie, karim, lina] =
        ["claire.lefevre", "antoine.delavilleon", "sophie.legoff", "karim.benali", "lina.benali"]
            .map(|l| who(&database, l));
    database.batch("UPDATE message SET author_id = NULL").unwrap();
    assert_eq!(suggested(&database, &claire, ""), Vec::<String>::new());
    write(&database, 1, &claire, &[&antoine, &karim], 170);
    write(&database, 2, &claire, &[&antoine, &karim], 160);
    write(&database, 3, &claire, &[&sophie], 2);
    write(&database, 4, &claire, &[&lina], 400);
    let usual = suggested(&database, &claire, "");
    assert_eq!(usual[0], sophie.to_string(), "lately");
    assert_eq!(usual.len(), 3, "what is over half a year old is forgotten: {usual:?}");
    write(&database, 5, &claire, &[&karim], 3);
    write(&database, 6, &claire, &[&karim], 4);
    assert_eq!(suggested(&database, &claire, "")[0], karim.to_string(), "often");
    assert_eq!(suggested(&database, &claire, "ben")[0], karim.to_string(), "before Lina and Yanis");
    let forbid = "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'essai', 0)";
    database.execute(forbid, params![claire.as_str(), karim.as_str()]).unwrap();
    for typed in ["", "ben", "karim", "karym"] {
        assert!(!suggested(&database, &claire, typed).contains(&karim.to_string()), "{typed}");
    }
    // A draft is not a habit.
    database.batch("DELETE FROM recipient; DELETE FROM delivery_attempt; DELETE FROM delivery; DELETE FROM mailbox_entry; DELETE FROM submission").unwrap();
    assert_eq!(suggested(&database, &claire, ""), Vec::<String>::new());
}

/// Of homonyms, the pupil of one's own class before the one of another.
#[test]
fn homonyms_of_ones_own_classes_come_first() {
    let database = school();
    let antoine = who(&database, "antoine.delavilleon");
    let pupils = |own: &str| {
        let rows = database.execute(
            &format!(
                "SELECT p.id FROM person p WHERE p.profile = 'student' AND p.blocked_at IS NULL AND {own} EXISTS (
                    SELECT 1 FROM membership m JOIN person_group g ON g.id = m.group_id AND g.class_id IN (
                        SELECT o.class_id FROM membership n JOIN person_group o ON o.id = n.group_id WHERE n.person_id = ?1)
                    WHERE m.person_id = p.id) ORDER BY p.id DESC LIMIT 1"
            ),
            params![antoine.as_str()],
        );
        rows.unwrap().first().map(|row| row.text(0).unwrap().to_owned())
    };
    let own = pupils("").unwrap();
    // Somebody of none of his classes: he is taken out of those of one pupil.
    let other = pupils("NOT").unwrap_or_else(|| {
        let row = database.first("SELECT min(id) FROM person WHERE profile = 'student' AND blocked_at IS NULL", &[]);
        let other = row.unwrap().unwrap().text(0).unwrap().to_owned();
        database
            .execute("DELETE FROM membership WHERE person_id = ?1 AND group_id IN (SELECT id FROM person_group WHERE class_id IS NOT NULL)", params![&other])
            .unwrap();
        other
    });
    let rename = "UPDATE person SET first_name = 'Zoé', last_name = 'Zimmer', folded_name = ?2 WHERE id = ?1";
    database.execute(rename, params![&own, "zimmer zoe b"]).unwrap();
    database.execute(rename, params![&other, "zimmer zoe a"]).unwrap();
    assert_eq!(suggested(&database, &antoine, "zimmer"), [own, other]);
}

#[test]
fn misspelt_names_are_found_among_those_she_may_write_to() {
    let database = school();
    let teacher = who(&database, "claire.lefevre");
    let karim = who(&database, "karim.benali").to_string();
    for typed in ["karim benaly", "karim bennali", "karim bneali", "karin benali", "kraim benal"] {
        assert!(suggested(&database, &teacher, typed).contains(&karim), "{typed}");
    }
    for typed in ["zzzzzz", "kar zz", "benali zzzz"] {
        assert!(suggested(&database, &teacher, typed).is_empty(), "{typed}");
    }
    // His son's friend may not write to him: however near the name, she does not learn of him.
    let maitena =
        database.first("SELECT id FROM person WHERE first_name = 'Maïtena' AND last_name = 'Etcheverry'", &[]);
    let maitena: PersonId = maitena.unwrap().unwrap().text(0).unwrap().parse().unwrap();
    for typed in ["karim benaly", "karym benali"] {
        assert!(!suggested(&database, &maitena, typed).contains(&karim), "{typed}");
    }
    let meant =
        |viewer: &PersonId, text| people::meant(&database, &PeopleQuery { text, ..PeopleQuery::of(viewer) }).unwrap();
    assert_eq!(meant(&teacher, "benaly karim").as_deref(), Some("benali karim"));
    assert_eq!(meant(&maitena, "benaly karim"), None);
}

/// A database that counts what it is asked.
struct Counted<'a> {
    database: &'a dyn Database,
    statements: Cell<usize>,
}

impl Database for Counted<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.statements.set(self.statements.get() + 1);
        self.database.execute(statement, parameters)
    }
}

/// What the function gives, and in how many statements.
fn counted<T>(database: &File, run: impl FnOnce(&Counted<'_>) -> Result<T, people::Error>) -> (T, usize) {
    let counted = Counted { database, statements: Cell::new(0) };
    let given = run(&counted).unwrap();
    (given, counted.statements.get())
}

/// On a database elsewhere each statement is a round trip, and she types a letter every 200 ms.
#[test]
fn suggestions_take_few_statements() {
    let database = school();
    let [claire, lina, karim, sophie] =
        ["claire.lefevre", "lina.benali", "karim.benali", "sophie.legoff"].map(|login| who(&database, login));
    database.batch("UPDATE message SET author_id = NULL").unwrap();
    let group = |text| {
        let query = GroupQuery { text, ..GroupQuery::of(&claire) };
        people::search_groups(&database, &query).unwrap().items.remove(0).id.to_string()
    };
    let (parents, pupils) = (group("parents 6a"), group("eleves 6a"));
    let usual = [
        ("group", parents.as_str()),
        ("person", karim.as_str()),
        ("group", &pupils),
        ("person", lina.as_str()),
        ("person", sophie.as_str()),
    ];
    for (number, who) in usual.iter().enumerate() {
        write_to(&database, number as u128, &claire, &[*who], 40 * number as i64);
    }
    let ids = |list: &[Suggestion]| list.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    let asked = |typed: &str| counted(&database, |database| suggest(database, &claire, typed, NOW));

    let (list, statements) = asked("");
    assert_eq!(ids(&list), usual.map(|(_, id)| id.to_owned()));
    assert_eq!(list[1].detail, "Parent de Lina Benali (6A), Yanis Benali (4A)");
    assert!(list[3].detail == "Élève de 6A" && list[0].count > Some(20), "{list:?}");
    assert!(statements <= 2, "{statements} for habits");

    for (typed, habits) in [("ben", vec![&karim, &lina]), ("e", vec![]), ("l", vec![&lina, &sophie])] {
        let (list, statements) = asked(typed);
        assert!(habits.iter().zip(&ids(&list)).all(|(habit, id)| habit.as_str() == id), "{typed}: {list:?}");
        assert!(list.len() >= 3 && statements <= 3, "{typed}: {statements} for what is found");
    }
    let (list, statements) = asked("6a");
    assert_eq!(ids(&list)[..2], [parents.clone(), pupils.clone()]);
    assert!(list.len() > 3 && statements <= 3, "{statements} for groups");
    for typed in ["zzzzzz", "lina zz", "eleves 6a"] {
        let (_, statements) = asked(typed);
        assert!(statements <= 3, "{typed}: {statements} where nothing is near");
    }
    for typed in ["karim benaly", "karin benali", "lima", "benali karim yaniss"] {
        let (list, statements) = asked(typed);
        assert!(statements <= 4, "{typed}: {statements} for what is near");
        assert_eq!(ids(&list).contains(&karim.to_string()), typed.starts_with("kari"), "{typed}");
    }
}

#[test]
fn searches_take_few_statements() {
    let database = school();
    let claire = who(&database, "claire.lefevre");
    let all = PeopleQuery { size: PageSize::near(100), ..PeopleQuery::of(&claire) };
    let class = people::classes(&database, &claire).unwrap().into_iter().find(|class| class.name == "6A").unwrap().id;
    let searched = |query: &PeopleQuery<'_>| counted(&database, |database| people::search_people(database, query));
    let (page, statements) = searched(&PeopleQuery { text: "benali", ..all.clone() });
    assert!(page.items.iter().any(|person| !person.classes.is_empty()));
    assert!(page.items.iter().any(|person| !person.children.is_empty()));
    assert!(statements <= 3, "{statements} by name");
    let (page, statements) = searched(&PeopleQuery { class: Some(class), ..all.clone() });
    assert!(page.items.len() > 30 && statements <= 2, "{statements} by class");
    let (_, statements) = searched(&all);
    assert!(statements <= 2, "{statements} for everybody");
    for text in ["benaly karim", "zzzzzz", "z"] {
        let (_, statements) =
            counted(&database, |database| people::meant(database, &PeopleQuery { text, ..all.clone() }));
        assert!(statements <= 2, "{text}: {statements} for what was meant");
    }
}
