//! Contacts and bookmarks of people of the directory: asked of the rules each time, and nobody else's business.

use contacts::{Chosen, ContactQuery, Entry, Version};
use people::{PageSize, PersonId};
use store::{Database as _, File, params};

use crate::book::{Book, empty};

/// The book of a teacher of the made-up school.
fn school() -> Book {
    let database = empty();
    demo::run(&database, &demo::Options::of(300, 1_790_834_400_000)).unwrap();
    let owner = person(&database, "claire.lefevre");
    Book::of(database, owner)
}

fn id(book: &Book, login: &str) -> PersonId {
    person(&book.database, login)
}

fn person(database: &File, login: &str) -> PersonId {
    let row = database.first("SELECT id FROM person WHERE login = ?1", params![login]).unwrap().unwrap();
    row.text(0).unwrap().parse().unwrap()
}

fn listed(book: &Book, text: &str) -> (Vec<String>, usize) {
    let query = ContactQuery { owner: &book.owner, text, group: None, after: None, size: PageSize::near(100) };
    let listed = contacts::contacts(&book.database, &query).unwrap();
    let names = listed.page.items.into_iter().map(|contact| match contact.entry {
        Entry::Person(person) => person.name,
        Entry::Card(card) => card.name,
        Entry::Inaccessible => panic!("a list shows those who are accessible"),
    });
    (names.collect(), listed.inaccessible)
}

fn forbid(book: &Book, person: &PersonId) {
    let insert = "INSERT INTO prohibition (sender_id, recipient_id, reason, created_at) VALUES (?1, ?2, 'essai', 0)";
    book.database.execute(insert, params![book.owner.as_str(), person.as_str()]).unwrap();
}

#[test]
fn people_are_shown_while_they_may_be_written_to() {
    let book = school();
    let (lina, karim) = (id(&book, "lina.benali"), id(&book, "karim.benali"));
    let owner = book.owner.as_str();
    let group = book.id();
    contacts::new_group(&book.database, owner, &group, "Famille Benali").unwrap();
    let added = contacts::add_people(
        &book.database,
        &book.owner,
        &[lina.as_str(), karim.as_str(), "x"],
        Some(&group),
        book.ulid(),
    );
    let added = added.unwrap();
    assert_eq!((added.added, added.known, added.refused), (2, 0, 1));
    let again = contacts::add_people(&book.database, &book.owner, &[lina.as_str()], None, book.ulid()).unwrap();
    assert_eq!((again.added, again.known, again.refused), (0, 1, 0));
    let card = contacts::Card { name: "Benali (garage)".into(), ..contacts::Card::default() };
    contacts::save_card(&book.database, owner, &book.id(), card, Some(&[group.as_str()])).unwrap();
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(listed(&book, "BÉN"), (own(&["Benali (garage)", "Karim Benali", "Lina Benali"]), 0));
    assert_eq!(listed(&book, "lin be"), (own(&["Lina Benali"]), 0));
    let recipients = contacts::recipients(&book.database, owner, &group).unwrap();
    assert_eq!((recipients.people.clone(), recipients.outside), (vec![karim.clone(), lina.clone()], 1));

    forbid(&book, &karim);
    assert_eq!(listed(&book, ""), (own(&["Benali (garage)", "Lina Benali"]), 1));
    let recipients = contacts::recipients(&book.database, owner, &group).unwrap();
    assert_eq!((recipients.people, recipients.inaccessible), (vec![lina], 1));
    for version in [Version::V3, Version::V4] {
        let file = contacts::export(&book.database, owner, None, version).unwrap();
        assert!(file.contains("Lina") && !file.contains("Karim"), "{file}");
    }
    assert_eq!(contacts::delete_inaccessible(&book.database, owner).unwrap(), 1);
    assert_eq!(listed(&book, "").1, 0);
}

/// A person of the directory comes back from our file as herself, in the book of whoever may write to her, with nothing but
/// what the directory says of her.
#[test]
fn people_come_back_from_a_file_as_themselves() {
    let book = school();
    let lina = id(&book, "lina.benali");
    contacts::add_people(&book.database, &book.owner, &[lina.as_str()], None, book.ulid()).unwrap();
    for version in [Version::V3, Version::V4] {
        let file = contacts::export(&book.database, book.owner.as_str(), None, version).unwrap();
        let again = book.import(file.as_bytes());
        assert_eq!((again.created, again.unchanged), (0, 1));
        // A colleague.
        let colleague = id(&book, "sophie.legoff");
        let parsed = contacts::parse(file.as_bytes()).unwrap();
        let done = contacts::apply(&book.database, colleague.as_str(), parsed, book.ulid()).unwrap();
        assert_eq!(done.created + done.unchanged, 1);
        let row = book
            .database
            .first("SELECT person_id FROM contact WHERE owner_id = ?1", params![colleague.as_str()])
            .unwrap()
            .unwrap();
        assert_eq!(row.text(0).unwrap(), lina.as_str());
        // Whoever may not write to her has only what the file says; and so has a file with another address.
        let other = file.replace("lina.benali@", "autre@");
        let done = contacts::apply(
            &book.database,
            id(&book, "karim.benali").as_str(),
            contacts::parse(other.as_bytes()).unwrap(),
            book.ulid(),
        );
        assert!(done.unwrap().created <= 1);
        let cards = book.database.execute(
            "SELECT 1 FROM contact WHERE owner_id = ?1 AND person_id IS NOT NULL",
            params![id(&book, "karim.benali").as_str()],
        );
        assert_eq!(cards.unwrap().len(), 0);
    }
}

#[test]
fn a_bookmark_is_filtered_at_use_and_keeps_what_is_hidden() {
    let book = school();
    let owner = book.owner.as_str();
    let (lina, karim) = (id(&book, "lina.benali"), id(&book, "karim.benali"));
    let found = people::search_groups(
        &book.database,
        &people::GroupQuery { text: "parents 6a", ..people::GroupQuery::of(&book.owner) },
    );
    let group = found.unwrap().items[0].id.clone();
    let chosen = |kind: &str, id: &str| Chosen { kind: kind.to_owned(), id: id.to_owned() };
    let all = [
        chosen("person", lina.as_str()),
        chosen("person", karim.as_str()),
        chosen("group", group.as_str()),
        chosen("x", "y"),
    ];
    let mark = book.id();
    let save =
        |chosen: &[Chosen], drop| contacts::save_bookmark(&book.database, owner, &mark, true, "Rentrée", chosen, drop);
    assert!(matches!(save(&all, false), Err(contacts::Error::NotFound)));
    contacts::save_bookmark(&book.database, owner, &mark, false, "Rentrée", &all, false).unwrap();
    let seen = || {
        let opened = contacts::bookmark(&book.database, &book.owner, &mark).unwrap();
        let listed = &contacts::bookmarks(&book.database, owner).unwrap()[0];
        assert_eq!((listed.visible, listed.hidden), (opened.people.len() + opened.groups.len(), opened.hidden));
        (opened.people.len(), opened.groups.len(), opened.hidden)
    };
    assert_eq!(seen(), (2, 1, 0));
    forbid(&book, &karim);
    book.database.execute("DELETE FROM rule WHERE to_group = ?1", params![group.as_str()]).unwrap();
    let hidden = seen().2;
    assert!(hidden >= 1);
    // Changing what is seen leaves what is not.
    save(&[], false).unwrap();
    assert_eq!(seen(), (0, 0, hidden));
    // It may be seen again.
    book.database.execute("DELETE FROM prohibition", &[]).unwrap();
    assert_eq!(seen().0, 1);
    forbid(&book, &karim);
    save(&[chosen("person", lina.as_str())], true).unwrap();
    assert_eq!(seen(), (1, 0, 0));
    // Whom one may not write to does not come in.
    save(&[chosen("person", karim.as_str())], false).unwrap();
    assert_eq!(seen(), (0, 0, 0));
}

#[test]
fn nothing_is_anybody_elses() {
    let book = school();
    let (owner, other) = (book.owner.as_str(), id(&book, "sophie.legoff"));
    let (group, contact, mark) = (book.id(), book.id(), book.id());
    let card = || contacts::Card { name: "Ana".into(), ..contacts::Card::default() };
    contacts::new_group(&book.database, owner, &group, "Amis").unwrap();
    contacts::save_card(&book.database, owner, &contact, card(), Some(&[])).unwrap();
    contacts::save_bookmark(&book.database, owner, &mark, false, "Amis", &[], false).unwrap();
    let before = book.dump();
    let (db, them) = (&book.database, other.as_str());
    let lina = id(&book, "lina.benali");
    let not_found =
        |error: Option<contacts::Error>| assert!(matches!(error, Some(contacts::Error::NotFound)), "{error:?}");
    not_found(contacts::contact(db, &other, &contact).err());
    not_found(contacts::save_card(db, them, &contact, card(), None).err());
    not_found(contacts::save_card(db, them, &book.id(), card(), Some(&[&group])).err());
    not_found(contacts::find_group(db, them, &group).err());
    not_found(contacts::rename_group(db, them, &group, "Moi").err());
    not_found(contacts::delete_group(db, them, &group).err());
    not_found(contacts::recipients(db, them, &group).err());
    not_found(contacts::join(db, them, &group, &[&contact]).err());
    not_found(contacts::leave(db, them, &group, &[&contact]).err());
    not_found(contacts::export(db, them, Some(&group), Version::V4).err());
    not_found(contacts::add_people(db, &other, &[lina.as_str()], Some(&group), book.ulid()).err());
    let query = ContactQuery { owner: &other, text: "", group: Some(&group), after: None, size: PageSize::default() };
    not_found(contacts::contacts(db, &query).err());
    not_found(contacts::bookmark(db, &other, &mark).err());
    not_found(contacts::save_bookmark(db, them, &mark, true, "Moi", &[], true).err());
    not_found(contacts::delete_bookmark(db, them, &mark).err());
    // Even a caller that did not look changes nothing.
    contacts::save_bookmark(db, them, &mark, false, "Moi", &[], true).unwrap();
    assert_eq!(contacts::bookmarks(db, owner).unwrap()[0].name, "Amis");
    assert_eq!(contacts::delete_contacts(db, them, &[&contact]).unwrap(), 0);
    // Her own group takes no contact of another's.
    let theirs = book.id();
    contacts::new_group(db, them, &theirs, "Amis").unwrap();
    assert_eq!(contacts::join(db, them, &theirs, &[&contact]).unwrap(), 0);
    assert_eq!(book.dump(), before);
    // The same name twice is refused for one person only.
    assert!(matches!(contacts::new_group(db, owner, &book.id(), " ÀMIS "), Err(contacts::Error::NameTaken)));
    let again = contacts::save_bookmark(db, owner, &book.id(), false, "amis", &[], false);
    assert!(matches!(again, Err(contacts::Error::NameTaken)));
    assert!(matches!(contacts::new_group(db, owner, &book.id(), "\t"), Err(contacts::Error::Name)));
}

/// What is asked on every page goes by indexes.
#[test]
fn no_question_reads_a_table_from_end_to_end() {
    let book = school();
    for statement in [
        "SELECT c.id FROM contact c LEFT JOIN person p ON p.id = c.person_id WHERE c.owner_id = ?1",
        "SELECT 1 FROM contact c WHERE c.id = ?1 AND c.owner_id = ?2",
        "DELETE FROM contact WHERE owner_id = ?1 AND id IN (SELECT j.value FROM json_each(?2) j)",
        "DELETE FROM contact_group WHERE id = ?1 AND owner_id = ?2",
        "SELECT count(*) FROM contact_membership m WHERE m.group_id = ?1",
        "DELETE FROM contact_membership WHERE owner_id = ?1 AND contact_id = ?2",
        "SELECT b.id FROM bookmark b WHERE b.owner_id = ?1 ORDER BY b.folded_name",
        "SELECT v.target_id FROM bookmark_visible v WHERE v.bookmark_id = ?1",
        "DELETE FROM contact_import WHERE made_at < ?1",
    ] {
        let rows = book.database.execute(&format!("EXPLAIN QUERY PLAN {statement}"), params!["a", "b"]);
        let rows =
            rows.or_else(|_| book.database.execute(&format!("EXPLAIN QUERY PLAN {statement}"), params!["a"])).unwrap();
        let steps: Vec<_> = rows.iter().map(|row| row.text(3).unwrap().to_owned()).collect();
        let scans = steps.iter().filter(|step| step.starts_with("SCAN") && !step.starts_with("SCAN j VIRTUAL"));
        assert_eq!(scans.count(), 0, "{statement}: {steps:?}");
    }
}
