//! A file of cards into an address book: what would change is planned first, for the preview and for the writing alike, and
//! written in one statement (D-4).

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use store::{Database, params};
use ulid::Ulid;

use crate::merge::{merge, once_each, tokens};
use crate::vcard::{Incoming, Parsed, Refused, person_of, person_uid};
use crate::{Card, Error, MAX_CONTACTS, MAX_GROUPS, name_key};

/// What an import does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Contacts that were not there.
    pub created: usize,
    /// Contacts that learn something or join a group.
    pub updated: usize,
    /// Contacts that stay as they are.
    pub unchanged: usize,
    /// Groups that were not there.
    pub groups: usize,
    /// Cards that were not taken, in order of line.
    pub refused: Vec<Refused>,
}

/// A contact of the book as it is.
struct Kept {
    uid: String,
    card: Option<Card>,
    groups: HashSet<String>,
}

/// A contact as the database takes it (`contact_batch`).
#[derive(Serialize)]
pub(crate) struct Written<'a> {
    pub(crate) id: String,
    pub(crate) uid: String,
    pub(crate) person_id: Option<String>,
    pub(crate) card: Option<&'a Card>,
    pub(crate) folded_name: String,
    pub(crate) groups: Vec<String>,
}

/// A group as the database takes it.
#[derive(Serialize)]
struct NewGroup<'a> {
    id: String,
    name: &'a str,
    folded_name: String,
}

/// What becomes of one card.
struct Change {
    uid: String,
    person: Option<String>,
    card: Option<Card>,
    groups: Vec<String>,
}

#[derive(Default)]
struct Plan {
    imported: Imported,
    changes: Vec<Change>,
    groups: Vec<String>,
}

/// What [`apply`] would do.
///
/// # Errors
/// [`Error::TooMany`] when the book has no room for it.
pub fn preview(database: &impl Database, owner: &str, parsed: Parsed) -> Result<Imported, Error> {
    Ok(plan(database, owner, parsed)?.imported)
}

/// Takes the cards into the address book: those that are known by UID, else by name and mail, learn what is new, the others
/// are added. People of the directory who were exported come back as such, when their universal address agrees and they can
/// be written to. `first` is a ULID that nothing has; what is made takes it and those after it.
///
/// # Errors
/// As [`preview`]; nothing was written then.
pub fn apply(database: &impl Database, owner: &str, parsed: Parsed, first: Ulid) -> Result<Imported, Error> {
    let plan = plan(database, owner, parsed)?;
    let mut ids = (0_u128..).map(|n| Ulid(first.0.wrapping_add(n)).to_string());
    let mut id = || ids.next().unwrap_or_default();
    let groups = plan.groups.iter().map(|name| NewGroup { id: id(), name, folded_name: name_key(name) });
    let groups: Vec<_> = groups.collect();
    let contacts = plan.changes.iter().map(|change| Written {
        id: id(),
        uid: change.uid.clone(),
        person_id: change.person.clone(),
        card: change.card.as_ref(),
        folded_name: change.card.as_ref().map(Card::folded_name).unwrap_or_default(),
        groups: change.groups.clone(),
    });
    let contacts: Vec<_> = contacts.collect();
    if !groups.is_empty() || !contacts.is_empty() {
        let (groups, contacts) = (serde_json::to_string(&groups)?, serde_json::to_string(&contacts)?);
        write(database, owner, &groups, &contacts)?;
    }
    Ok(plan.imported)
}

pub(crate) fn write(database: &impl Database, owner: &str, groups: &str, contacts: &str) -> Result<(), Error> {
    let insert = "INSERT INTO contact_batch (owner_id, new_groups, contacts) VALUES (?1, ?2, ?3)";
    database.execute(insert, params![owner, groups, contacts])?;
    Ok(())
}

fn plan(database: &impl Database, owner: &str, parsed: Parsed) -> Result<Plan, Error> {
    let book = kept(database, owner)?;
    let known_groups = known_groups(database, owner)?;
    let (cards, refused) = once_each(parsed.cards);
    let mut plan = Plan::default();
    plan.imported.refused = parsed.refused;
    for (incoming, fault) in refused {
        plan.refuse(&incoming, fault.reason);
    }
    plan.groups = parsed.groups.into_iter().filter(|name| !known_groups.contains(&name_key(name))).collect();
    plan.imported.groups = plan.groups.len();
    let people = people_among(database, owner, &cards)?;
    let matches = matches(&book, &cards, &people);
    for (incoming, matched) in cards.into_iter().zip(matches) {
        plan.card(incoming, matched, &book);
    }
    plan.imported.refused.sort_by_key(|refused| refused.line);
    if book.len() + plan.imported.created > MAX_CONTACTS {
        return Err(Error::TooMany("too-many-contacts".to_owned()));
    }
    if known_groups.len() + plan.groups.len() > MAX_GROUPS {
        return Err(Error::TooMany("too-many-groups".to_owned()));
    }
    Ok(plan)
}

/// What a card of the file is.
enum Match {
    /// The contact at this place of the book.
    Kept(usize),
    /// A person of the directory who is not in the book.
    Person(String),
    /// Nobody known.
    New,
}

impl Plan {
    fn refuse(&mut self, incoming: &Incoming, reason: String) {
        self.imported.refused.push(Refused { line: incoming.line, name: incoming.card.name.clone(), reason });
    }

    fn card(&mut self, incoming: Incoming, matched: Match, book: &[Kept]) {
        let groups: Vec<String> = incoming.groups.iter().map(|name| name_key(name)).collect();
        let kept = match matched {
            Match::Person(id) => {
                self.imported.created += 1;
                self.changes.push(Change { uid: person_uid(&id), person: Some(id), card: None, groups });
                return;
            }
            Match::New => {
                self.imported.created += 1;
                self.changes.push(Change { uid: incoming.uid, person: None, card: Some(incoming.card), groups });
                return;
            }
            Match::Kept(at) => book.get(at),
        };
        let Some(kept) = kept else { return };
        let card = match kept.card.as_ref().map(|card| merge(card, &incoming.card)).transpose() {
            Ok(card) => card,
            Err(fault) => return self.refuse(&incoming, fault.reason),
        };
        if card == kept.card && groups.iter().all(|group| kept.groups.contains(group)) {
            self.imported.unchanged += 1;
            return;
        }
        self.imported.updated += 1;
        let person = kept.uid.strip_prefix(&person_uid("")).filter(|_| kept.card.is_none()).map(str::to_owned);
        self.changes.push(Change { uid: kept.uid.clone(), person, card, groups });
    }
}

/// Who each card is: by UID first, then by name and mail among the contacts that no UID claimed. A card that shares both with
/// another of the file is not looked for so: which of them it is would be a guess.
fn matches(book: &[Kept], cards: &[Incoming], people: &HashMap<String, String>) -> Vec<Match> {
    let by_uid: HashMap<&str, usize> = book.iter().enumerate().map(|(at, kept)| (kept.uid.as_str(), at)).collect();
    let mut claimed = HashSet::new();
    let mut matches: Vec<Match> = Vec::with_capacity(cards.len());
    for incoming in cards {
        let person = person_of(&incoming.uid);
        let known = person.as_ref().and_then(|id| by_uid.get(person_uid(id).as_str()));
        let known = known.or_else(|| by_uid.get(incoming.uid.as_str())).filter(|at| claimed.insert(**at));
        matches.push(match (known, person.filter(|id| is_person(id, incoming, people))) {
            (Some(at), _) => Match::Kept(*at),
            (None, Some(id)) => Match::Person(id),
            (None, None) => Match::New,
        });
    }
    let mut by_token: HashMap<String, usize> = HashMap::new();
    for (at, kept) in book.iter().enumerate().filter(|(at, _)| !claimed.contains(at)) {
        for token in kept.card.iter().flat_map(tokens) {
            by_token.entry(token).or_insert(at);
        }
    }
    let mut shared: HashMap<String, usize> = HashMap::new();
    for token in cards.iter().flat_map(|incoming| tokens(&incoming.card)) {
        *shared.entry(token).or_default() += 1;
    }
    for (incoming, matched) in cards.iter().zip(&mut matches) {
        let tokens = tokens(&incoming.card);
        let alone = tokens.iter().all(|token| shared.get(token) == Some(&1));
        if matches!(matched, Match::New) && alone {
            let known = tokens.iter().find_map(|token| by_token.get(token).filter(|at| !claimed.contains(*at)));
            if let Some(at) = known.copied() {
                claimed.insert(at);
                *matched = Match::Kept(at);
            }
        }
    }
    matches
}

fn is_person(id: &str, incoming: &Incoming, people: &HashMap<String, String>) -> bool {
    people
        .get(id)
        .is_some_and(|address| incoming.card.mails.iter().any(|mail| mail.value.eq_ignore_ascii_case(address)))
}

/// Universal addresses of the people whom the cards may be and whom the owner may write to, by id.
fn people_among(database: &impl Database, owner: &str, cards: &[Incoming]) -> Result<HashMap<String, String>, Error> {
    let ids: Vec<String> = cards.iter().filter_map(|incoming| person_of(&incoming.uid)).collect();
    let rows = database.execute(
        "SELECT p.id, p.universal_address FROM json_each(?2) j CROSS JOIN person p ON p.id = j.value
        WHERE EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id)",
        params![owner, serde_json::to_string(&ids)?],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

fn kept(database: &impl Database, owner: &str) -> Result<Vec<Kept>, Error> {
    let rows = database.execute(
        "SELECT c.uid, c.card, (SELECT json_group_array(g.folded_name) FROM contact_membership m
            JOIN contact_group g ON g.id = m.group_id WHERE m.contact_id = c.id)
        FROM contact c WHERE c.owner_id = ?1 ORDER BY c.id",
        params![owner],
    )?;
    let kept = |row: &store::Row| {
        Ok(Kept {
            uid: row.text(0)?.to_owned(),
            card: row.optional_text(1)?.map(serde_json::from_str).transpose()?,
            groups: serde_json::from_str(row.text(2)?)?,
        })
    };
    rows.iter().map(kept).collect()
}

fn known_groups(database: &impl Database, owner: &str) -> Result<HashSet<String>, Error> {
    let rows = database.execute("SELECT folded_name FROM contact_group WHERE owner_id = ?1", params![owner])?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}
