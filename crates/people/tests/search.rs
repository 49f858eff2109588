//! The search on the made-up school: what a parent, a student and a teacher find, and how it is shown.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod school;

use people::{
    CategoryKind, Class, FoundPerson, GroupQuery, Namer, PageSize, PeopleQuery, PersonId, Profile, categories, classes,
    search_groups, search_people,
};
use school::{school, who};
use store::{Database as _, File, params};

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
