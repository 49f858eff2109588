//! The search on the made-up school: what a parent, a student and a teacher find, and how it is shown.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::path::Path;

use people::{
    CategoryKind, Class, FoundPerson, GroupQuery, Namer, PageSize, PeopleQuery, PersonId, Profile, SuggestionKind,
    categories, classes, search_groups, search_people, suggest,
};
use store::{Database as _, File, params};

const NOW: i64 = 1_800_000_000_000;

fn school() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    demo::run(&database, &demo::Options::of(300, NOW)).unwrap();
    database
}

fn who(database: &File, login: &str) -> PersonId {
    let row = database.first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    row.text(0).unwrap().parse().unwrap()
}

fn found(database: &File, viewer: &PersonId, text: &str) -> Vec<FoundPerson> {
    let query = PeopleQuery { text, size: PageSize::near(100), ..PeopleQuery::of(viewer) };
    search_people(database, &query).unwrap().items
}

fn names(people: &[FoundPerson]) -> Vec<String> {
    people.iter().map(|p| p.name.clone()).collect()
}

#[test]
fn words_begin_words_in_any_order_whatever_the_accents() {
    let (database, teacher) = (school(), "claire.lefevre");
    let teacher = who(&database, teacher);
    for typed in ["Karim Benali", "benali karim", "BEN kar", "  kar\u{00a0}bén ", "benali-karim"] {
        assert_eq!(names(&found(&database, &teacher, typed)), ["Karim Benali"], "{typed}");
    }
    assert_eq!(names(&found(&database, &teacher, "villeon")), ["Antoine de La Villéon"]);
    assert!(found(&database, &teacher, "enali").is_empty(), "not in the middle of a word");
    assert!(found(&database, &teacher, "karim lefevre").is_empty(), "every word must match");
    for typed in ["\"", "*", "karim OR lina", "NEAR(a b)", "folded_name:lina", "' --", "(", "^l"] {
        found(&database, &teacher, typed);
    }
}

#[test]
fn details_tell_people_apart() {
    let database = school();
    let teacher = who(&database, "claire.lefevre");
    let detail = |name: &str| found(&database, &teacher, name).first().unwrap().detail();
    assert_eq!(detail("lina benali"), "Élève de 6A");
    assert_eq!(detail("karim benali"), "Parent de Lina Benali (6A), Yanis Benali (4A)");
    assert_eq!(detail("gerard etcheverry"), "Tuteur légal de Maïtena Etcheverry (6A)");
    assert_eq!(detail("antoine de la"), "Professeur d’histoire-géographie");
    assert_eq!(detail("le goff sophie"), "Principale adjointe");
}

/// R-4, minors-2025: she finds her father, of whose other children she learns nothing.
#[test]
fn a_student_does_not_learn_of_children_she_may_not_write_to() {
    let database = school();
    let lina = who(&database, "lina.benali");
    let father = &found(&database, &lina, "karim")[0];
    assert_eq!(father.detail(), "Parent de Lina Benali (6A)");
    assert!(found(&database, &lina, "yanis benali").is_empty());
}

#[test]
fn criteria_cross() {
    let database = school();
    let teacher = who(&database, "claire.lefevre");
    let class = classes(&database, &teacher).unwrap().into_iter().find(|c| c.name == "6A").unwrap();
    let query = PeopleQuery { size: PageSize::near(100), class: Some(class.id.clone()), ..PeopleQuery::of(&teacher) };
    let all = search_people(&database, &query).unwrap().items;
    let students = PeopleQuery { profile: Some(Profile::Student), ..query.clone() };
    let students = search_people(&database, &students).unwrap().items;
    assert!(students.len() > 20 && students.iter().all(|p| p.detail() == "Élève de 6A"));
    let relatives = PeopleQuery { profile: Some(Profile::Relative), text: "benali", ..query.clone() };
    assert_eq!(names(&search_people(&database, &relatives).unwrap().items), ["Karim Benali"]);
    assert!(all.iter().any(|p| p.profile == Profile::Teacher) && all.len() > students.len());

    let group = search_groups(&database, &GroupQuery { text: "club th", ..GroupQuery::of(&teacher) }).unwrap().items;
    assert!(group.is_empty(), "she does not belong to it");
    let group = search_groups(&database, &GroupQuery { text: "eleves 6a", ..GroupQuery::of(&teacher) }).unwrap().items;
    assert_eq!(group.len(), 1);
    assert_eq!(group[0].members, Some(u32::try_from(students.len()).unwrap()));
    let members =
        PeopleQuery { group: Some(group[0].id.clone()), size: PageSize::near(100), ..PeopleQuery::of(&teacher) };
    assert_eq!(search_people(&database, &members).unwrap().items, students);
}

/// who is in a distribution list is not to be found out, not even by asking for its members one by one.
#[test]
fn lists_hide_their_members() {
    let database = school();
    let admin = who(&database, "sophie.legoff");
    let list = search_groups(&database, &GroupQuery { text: "liste", ..GroupQuery::of(&admin) }).unwrap().items;
    assert_eq!((list.len(), list[0].members, list[0].detail().as_str()), (1, None, "Liste de diffusion"));
    let query = PeopleQuery { group: Some(list[0].id.clone()), ..PeopleQuery::of(&admin) };
    assert!(search_people(&database, &query).unwrap().items.is_empty());
}

/// S4: the categories in which a parent finds the people of her children.
#[test]
fn categories_are_those_of_the_viewer() {
    let database = school();
    let titles = |login: &str| {
        let categories = categories(&database, &who(&database, login)).unwrap();
        categories.into_iter().map(|c| (c.title, c.groups.len())).collect::<Vec<_>>()
    };
    let karim = titles("karim.benali");
    assert_eq!(karim[0], ("Administration", 1));
    assert_eq!(karim[1].0, "Enseignants de mes enfants");
    assert!(karim[1].1 >= 2);
    assert_eq!(
        titles("lina.benali").iter().map(|c| c.0).collect::<Vec<_>>()[..3],
        ["Administration", "Mes enseignants", "Ma classe et mes groupes"]
    );
    let claire = categories(&database, &who(&database, "claire.lefevre")).unwrap();
    assert_eq!(claire[0].kind, CategoryKind::Classes);
    assert!(claire.iter().all(|c| c.kind != CategoryKind::Network), "there is one establishment");
    assert!(claire[0].groups.iter().any(|g| g.name == "Parents de 6A" && g.members.is_some_and(|n| n > 20)));
}

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

#[test]
fn classes_are_those_in_which_one_finds_people() {
    let database = school();
    let names = |login: &str| {
        let classes = classes(&database, &who(&database, login)).unwrap();
        classes.into_iter().map(|Class { name, .. }| name).collect::<Vec<_>>()
    };
    assert!(names("claire.lefevre").starts_with(&["3A".into(), "4A".into(), "5A".into(), "6A".into()]));
    assert_eq!(names("lina.benali"), ["6A"]);
    assert_eq!(names("karim.benali")[..2], ["4A", "6A"]);
}

/// numbers go on from what is in the database, and an address outlives its bearer.
#[test]
fn names_in_use_are_not_given_again() {
    let database = school();
    let taken =
        people::taken(&database, &[("Lina", "Benali"), ("Antoine", "de La Villéon"), ("Zoé", "Nouvelle")]).unwrap();
    let mut namer = Namer::new(taken);
    assert_eq!(namer.login("Lina", "Benali").as_str(), "lina.benali2");
    assert_eq!(namer.address("Antoine", "de la Villéon", "ent.example").as_str(), "antoine.de-la-villeon2@ent.example");
    assert_eq!(namer.address("Zoé", "Nouvelle", "ent.example").as_str(), "zoe.nouvelle@ent.example");

    let rename = "UPDATE person SET universal_address = ?2 WHERE login = ?1";
    database.execute(rename, params!["lina.benali", "lina.durand@ent.example"]).unwrap();
    let taken = people::taken(&database, &[("Lina", "Benali")]).unwrap();
    assert_eq!(Namer::new(taken).address("Lina", "Benali", "ent.example").as_str(), "lina.benali2@ent.example");
    assert!(database.execute(rename, params!["karim.benali", "lina.benali@ent.example"]).is_err(), "it was hers");
    database.execute(rename, params!["lina.benali", "lina.benali@ent.example"]).unwrap();
}

/// Writes and sends a message from one to some, that many days ago.
fn write(database: &File, number: u128, from: &PersonId, to: &[&PersonId], days: i64) {
    let id = format!("01K41XRSRZ{number:016}");
    let to: Vec<_> = to.iter().map(|id| serde_json::json!({"field": "to", "kind": "person", "id": id})).collect();
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
