//! One contact from two cards of her. Nothing is lost, and the same card twice changes nothing.

use std::collections::HashMap;

use crate::card::{mail_key, phone_key};
use crate::vcard::{Incoming, made_uid};
use crate::{Address, Card, Fault, Labelled};

/// `kept` with what `file` says: its single facts where it has them, and all mails, phones, addresses and notes of both.
///
/// # Errors
/// When both together are more than a card may hold.
pub(crate) fn merge(kept: &Card, file: &Card) -> Result<Card, Fault> {
    let one = |kept: &String, file: &String| if file.is_empty() { kept.clone() } else { file.clone() };
    let merged = Card {
        name: one(&kept.name, &file.name),
        last_name: one(&kept.last_name, &file.last_name),
        first_name: one(&kept.first_name, &file.first_name),
        other_names: one(&kept.other_names, &file.other_names),
        prefix: one(&kept.prefix, &file.prefix),
        suffix: one(&kept.suffix, &file.suffix),
        nickname: one(&kept.nickname, &file.nickname),
        function: one(&kept.function, &file.function),
        organisation: one(&kept.organisation, &file.organisation),
        birthday: one(&kept.birthday, &file.birthday),
        mails: both(&kept.mails, &file.mails, mail_key),
        phones: both(&kept.phones, &file.phones, phone_key),
        addresses: all_addresses(&kept.addresses, &file.addresses),
        note: if kept.note.contains(&file.note) { kept.note.clone() } else { format!("{}\n{}", kept.note, file.note) },
    };
    merged.checked()
}

fn both(kept: &[Labelled], file: &[Labelled], key: fn(&str) -> String) -> Vec<Labelled> {
    let mut all = kept.to_vec();
    let mut known: HashMap<String, usize> = all.iter().enumerate().map(|(at, one)| (key(&one.value), at)).collect();
    for one in file {
        let next = all.len();
        match known.entry(key(&one.value)).or_insert(next) {
            at if *at == next => all.push(one.clone()),
            at => {
                if let Some(same) = all.get_mut(*at).filter(|same| same.label.is_empty()) {
                    one.label.clone_into(&mut same.label);
                }
            }
        }
    }
    all
}

fn all_addresses(kept: &[Address], file: &[Address]) -> Vec<Address> {
    let place = |address: &Address| Address { label: String::new(), ..address.clone() };
    let mut all = kept.to_vec();
    for address in file {
        match all.iter_mut().find(|same| place(same) == place(address)) {
            None => all.push(address.clone()),
            Some(same) if same.label.is_empty() => address.label.clone_into(&mut same.label),
            Some(_) => {}
        }
    }
    all
}

/// What makes two cards of one name the same person, when no UID says it: a mail they share; for those without mail a
/// phone; for those without either, the name.
pub(crate) fn tokens(card: &Card) -> Vec<String> {
    let name = people::fold(&card.name);
    let keys: Vec<String> = if card.mails.is_empty() {
        card.phones.iter().map(|phone| phone_key(&phone.value)).collect()
    } else {
        card.mails.iter().map(|mail| mail_key(&mail.value)).collect()
    };
    if keys.is_empty() { vec![name] } else { keys.into_iter().map(|key| format!("{name}\n{key}")).collect() }
}

/// The cards of a file, each contact once and each with a uid; a card that cannot be joined to its like comes back apart.
pub(crate) fn once_each(cards: Vec<Incoming>) -> (Vec<Incoming>, Vec<(Incoming, Fault)>) {
    let mut once = Once::default();
    let (with, without): (Vec<_>, Vec<_>) = cards.into_iter().partition(|incoming| !incoming.uid.is_empty());
    for incoming in with {
        let same = once.by_uid.get(&incoming.uid).copied();
        once.add(same, incoming);
    }
    for incoming in without {
        let same = tokens(&incoming.card).iter().find_map(|token| once.by_token.get(token)).copied();
        once.add(same, incoming);
    }
    for incoming in once.cards.iter_mut().filter(|incoming| incoming.uid.is_empty()) {
        incoming.uid = made_uid(&incoming.card);
    }
    once.cards.sort_by_key(|incoming| incoming.line);
    (once.cards, once.refused)
}

#[derive(Default)]
struct Once {
    cards: Vec<Incoming>,
    refused: Vec<(Incoming, Fault)>,
    by_uid: HashMap<String, usize>,
    by_token: HashMap<String, usize>,
}

impl Once {
    /// Joins a card to the one at `same`, or puts it after the others.
    fn add(&mut self, same: Option<usize>, incoming: Incoming) {
        let at = same.unwrap_or(self.cards.len());
        if let Some(known) = self.cards.get_mut(at) {
            match merge(&known.card, &incoming.card) {
                Ok(card) => {
                    known.card = card;
                    let new = incoming.groups.into_iter().filter(|group| !known.groups.contains(group));
                    let new: Vec<String> = new.collect();
                    known.groups.extend(new);
                }
                Err(fault) => return self.refused.push((incoming, fault)),
            }
        } else {
            if !incoming.uid.is_empty() {
                self.by_uid.insert(incoming.uid.clone(), at);
            }
            self.cards.push(incoming);
        }
        if let Some(known) = self.cards.get(at) {
            for token in tokens(&known.card) {
                self.by_token.entry(token).or_insert(at);
            }
        }
    }
}
