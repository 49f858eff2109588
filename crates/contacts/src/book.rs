//! The contacts of a person: listed, found, added, changed and taken away.

use people::{Cursor, FoundPerson, Page, PageSize, PersonId, words};
use store::{Database, params};
use ulid::Ulid;

use crate::import::{Written, write};
use crate::vcard::{person_uid, uuid_of};
use crate::{Card, Error, find_group, groups};

/// What is looked for in one's own book.
#[derive(Debug, Clone)]
pub struct ContactQuery<'a> {
    /// Whose book.
    pub owner: &'a PersonId,
    /// As typed; each word begins a word of the name, in any order. Empty: all.
    pub text: &'a str,
    /// Only the contacts of this group of hers.
    pub group: Option<&'a str>,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// How many contacts.
    pub size: PageSize,
}

/// Who a contact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A person of the directory whom the owner may write to.
    Person(FoundPerson),
    /// Somebody outside.
    Card(Card),
    /// A person of the directory who is not accessible any more: nothing is said of her.
    Inaccessible,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// ULID.
    pub id: String,
    /// Who it is; never [`Entry::Inaccessible`] in a list.
    pub entry: Entry,
    /// Ids of the groups it is in.
    pub groups: Vec<String>,
}

/// A page of contacts, and what it does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// In order of folded name.
    pub page: Page<Contact>,
    /// People of the directory in the book, or in the group asked for, who are not accessible any more.
    pub inaccessible: usize,
}

/// What became of people who were to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// New in the book.
    pub added: usize,
    /// In it before.
    pub known: usize,
    /// Not added: they cannot be written to.
    pub refused: usize,
}

/// Whether the contact `c` is a card, or a person `p` who may be written to.
pub(crate) const SHOWN: &str = "(c.person_id IS NULL
    OR EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = c.person_id))";
/// Whether it is in the group ?2, when one is given.
pub(crate) const IN_GROUP: &str =
    "(?2 IS NULL OR EXISTS (SELECT 1 FROM contact_membership m WHERE m.group_id = ?2 AND m.contact_id = c.id))";

/// Finds contacts in one's own book.
///
/// # Errors
/// [`Error::NotFound`] when the group is not hers.
pub fn contacts(database: &impl Database, query: &ContactQuery<'_>) -> Result<Listed, Error> {
    let owner = query.owner.as_str();
    if let Some(group) = query.group {
        find_group(database, owner, group)?;
    }
    let (name, id) = query.after.as_ref().map_or(("", ""), |cursor| (cursor.folded_name(), cursor.id()));
    // Names first, rights after: who is not on the page is not judged.
    let statement = format!(
        "WITH named AS MATERIALIZED (
            SELECT c.id, c.person_id, c.card, coalesce(p.folded_name, c.folded_name) AS folded_name
            FROM contact c LEFT JOIN person p ON p.id = c.person_id
            WHERE c.owner_id = ?1 AND {IN_GROUP} AND (c.person_id IS NULL OR p.id IS NOT NULL))
        SELECT c.id, c.folded_name, c.person_id, c.card,
            (SELECT json_group_array(m.group_id) FROM contact_membership m WHERE m.contact_id = c.id)
        FROM named c
        WHERE (c.folded_name, c.id) > (?3, ?4)
            AND NOT EXISTS (SELECT 1 FROM json_each(?5) w WHERE instr(' ' || c.folded_name, ' ' || w.value) = 0)
            AND {SHOWN}
        ORDER BY c.folded_name, c.id LIMIT ?6 + 0"
    );
    let typed = serde_json::to_string(&words(query.text))?;
    let parameters = params![owner, query.group, name, id, typed, query.size.get() + 1];
    let rows = database.execute(&statement, parameters)?;
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, Error>>()?;
    let Page { items, next } = Page::of(rows, query.size);
    let gone = format!(
        "SELECT count(*) FROM contact c WHERE c.owner_id = ?1 AND c.person_id IS NOT NULL AND {IN_GROUP} AND NOT {SHOWN}"
    );
    let inaccessible = database.first(&gone, params![owner, query.group])?.map(|row| row.integer(0)).transpose()?;
    let inaccessible = usize::try_from(inaccessible.unwrap_or_default()).unwrap_or_default();
    Ok(Listed { page: Page { items: with_people(database, query.owner, items)?, next }, inaccessible })
}

/// One contact.
///
/// # Errors
/// [`Error::NotFound`] when it is not hers.
pub fn contact(database: &impl Database, owner: &PersonId, id: &str) -> Result<Contact, Error> {
    let kept = database.first(
        "SELECT c.id, c.folded_name, c.person_id, c.card,
            (SELECT json_group_array(m.group_id) FROM contact_membership m WHERE m.contact_id = c.id)
        FROM contact c WHERE c.id = ?2 AND c.owner_id = ?1",
        params![owner.as_str(), id],
    )?;
    let found = vec![row(&kept.ok_or(Error::NotFound)?)?.1];
    with_people(database, owner, found)?.pop().ok_or(Error::NotFound)
}

/// A contact before its person is known.
struct Kept {
    id: String,
    person: Option<String>,
    card: Option<Card>,
    groups: Vec<String>,
}

fn row(row: &store::Row) -> Result<(Cursor, Kept), Error> {
    let kept = Kept {
        id: row.text(0)?.to_owned(),
        person: row.optional_text(2)?.map(str::to_owned),
        card: row.optional_text(3)?.map(serde_json::from_str).transpose()?,
        groups: serde_json::from_str(row.text(4)?)?,
    };
    Ok((Cursor::after(row.text(0)?, row.text(1)?), kept))
}

fn with_people(database: &impl Database, owner: &PersonId, kept: Vec<Kept>) -> Result<Vec<Contact>, Error> {
    let ids: Vec<&str> = kept.iter().filter_map(|kept| kept.person.as_deref()).collect();
    let mut people = people::chosen_people(database, owner, &ids)?;
    let mut entry = |kept: &Kept| match (&kept.card, &kept.person) {
        (Some(card), _) => Entry::Card(card.clone()),
        (None, Some(id)) => match people.iter().position(|person| person.id.as_str() == id) {
            Some(at) => Entry::Person(people.swap_remove(at)),
            None => Entry::Inaccessible,
        },
        (None, None) => Entry::Inaccessible,
    };
    Ok(kept.into_iter().map(|kept| Contact { entry: entry(&kept), id: kept.id, groups: kept.groups }).collect())
}

/// Adds people of the directory, those whom she may write to, to the book and to a group of it. `first` is a ULID that nothing
/// has; contacts take it and those after it.
///
/// # Errors
/// [`Error::NotFound`] when the group is not hers, [`Error::TooMany`] when the book is full; nobody was added then.
pub fn add_people(
    database: &impl Database,
    owner: &PersonId,
    people: &[&str],
    group: Option<&str>,
    first: Ulid,
) -> Result<Added, Error> {
    let joined = group.map(|id| find_group(database, owner.as_str(), id)).transpose()?;
    let joined: Vec<String> = joined.iter().map(|group| crate::name_key(&group.name)).collect();
    let mut ids: Vec<&str> = people.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let rows = database.execute(
        "SELECT c.person_id FROM contact c WHERE c.owner_id = ?1 AND c.uid IN (SELECT 'person:' || j.value FROM json_each(?2) j)",
        params![owner.as_str(), serde_json::to_string(&ids)?],
    )?;
    let known = rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<Vec<_>, Error>>()?;
    let found = people::chosen_people(database, owner, &ids)?;
    let contacts: Vec<Written<'_>> = found
        .iter()
        .zip(0_u128..)
        .map(|(person, n)| Written {
            id: Ulid(first.0.wrapping_add(n)).to_string(),
            uid: person_uid(person.id.as_str()),
            person_id: Some(person.id.to_string()),
            card: None,
            folded_name: String::new(),
            groups: joined.clone(),
        })
        .collect();
    write(database, owner.as_str(), "[]", &serde_json::to_string(&contacts)?)?;
    let before = found.iter().filter(|person| known.iter().any(|id| id == person.id.as_str())).count();
    Ok(Added { added: found.len() - before, known: before, refused: ids.len() - found.len() })
}

/// Keeps a card of somebody outside: a new contact under the ULID `id` and in these groups of hers, or the contact `id` that
/// she has, whose groups stay.
///
/// # Errors
/// [`Error::Card`]; [`Error::NotFound`] when the contact, or a group, is not hers or a person of the directory;
/// [`Error::TooMany`] when the book is full.
pub fn save_card(
    database: &impl Database,
    owner: &str,
    id: &str,
    card: Card,
    new_in: Option<&[&str]>,
) -> Result<(), Error> {
    let card = card.checked()?;
    let Some(asked) = new_in else {
        let changed = database.first(
            "UPDATE contact SET card = ?3, folded_name = ?4 WHERE id = ?2 AND owner_id = ?1 AND card IS NOT NULL RETURNING id",
            params![owner, id, serde_json::to_string(&card)?, card.folded_name()],
        )?;
        return changed.map(|_| ()).ok_or(Error::NotFound);
    };
    let own = groups(database, owner)?;
    let key = |asked: &&str| own.iter().find(|group| group.id == **asked).map(|group| crate::name_key(&group.name));
    let contact = Written {
        id: id.to_owned(),
        uid: uuid_of(id).ok_or(Error::NotFound)?,
        person_id: None,
        folded_name: card.folded_name(),
        card: Some(&card),
        groups: asked.iter().map(key).collect::<Option<_>>().ok_or(Error::NotFound)?,
    };
    write(database, owner, "[]", &serde_json::to_string(&[contact])?)
}

/// Takes contacts out of the book and of its groups; how many there were.
///
/// # Errors
/// Those of the database.
pub fn delete_contacts(database: &impl Database, owner: &str, ids: &[&str]) -> Result<usize, Error> {
    let deleted = database.execute(
        "DELETE FROM contact WHERE owner_id = ?1 AND id IN (SELECT j.value FROM json_each(?2) j) RETURNING id",
        params![owner, serde_json::to_string(ids)?],
    )?;
    Ok(deleted.len())
}

/// Takes out of the book the people of the directory who are not accessible any more; how many there were.
///
/// # Errors
/// Those of the database.
pub fn delete_inaccessible(database: &impl Database, owner: &str) -> Result<usize, Error> {
    let deleted = database.execute(
        "DELETE FROM contact WHERE owner_id = ?1 AND person_id IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = contact.person_id) RETURNING id",
        params![owner],
    )?;
    Ok(deleted.len())
}
