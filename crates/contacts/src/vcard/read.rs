//! From the lines of a file to its cards.

use std::collections::{HashMap, HashSet};

use super::draft::{Draft, group_name, long_group};
use super::line::{Lines, is_end};
use super::{Incoming, MAX_CARDS, Parsed, Refused, Unreadable, text};
use crate::card::mail_key;
use crate::{MAX_GROUPS, name_key};

/// Reads a file of vCards of any version, in any charset that they come in. Pictures, sounds and what an address book of this
/// house does not keep are passed over.
///
/// # Errors
/// When there is no card in it, or more than [`MAX_CARDS`]. A card that cannot be read does not keep the others out: it is in
/// [`Parsed::refused`].
pub fn parse(file: &[u8]) -> Result<Parsed, Unreadable> {
    let bytes = text::file(file);
    let mut lines = Lines::of(&bytes);
    let mut reading = Reading::default();
    let (mut open, mut nested, mut count) = (None::<Draft>, 0_usize, 0_usize);
    while let Some((number, line)) = lines.next() {
        if is_begin(&line) {
            if open.as_ref().is_some_and(|draft| draft.agent) {
                nested += 1;
                continue;
            }
            reading.unfinished(open.take());
            count += 1;
            if count > MAX_CARDS {
                return Err(Unreadable::TooManyCards);
            }
            lines.old = false;
            open = Some(Draft::at(number));
        } else if is_end(&line) && nested > 0 {
            nested -= 1;
        } else if is_end(&line) {
            reading.finished(open.take());
        } else if nested == 0
            && let Some(draft) = &mut open
        {
            draft.read(&line, &mut lines.old);
        }
    }
    reading.unfinished(open);
    if count == 0 { Err(Unreadable::NotCards) } else { Ok(reading.parsed()) }
}

fn is_begin(line: &[u8]) -> bool {
    // Files that were put one after the other, each with its mark.
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    line.trim_ascii().eq_ignore_ascii_case(b"BEGIN:VCARD")
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    parsed: Parsed,
    /// Key, name and members of each `KIND:group` card.
    groups: Vec<(String, String, HashSet<String>)>,
}

impl Reading {
    fn refuse(&mut self, draft: Draft, reason: String) {
        self.parsed.refused.push(Refused { line: draft.line, name: draft.shown_name(), reason });
    }

    fn unfinished(&mut self, draft: Option<Draft>) {
        if let Some(draft) = draft {
            self.refuse(draft, "La fiche n’est pas terminée (END:VCARD manque) : exportez-la de nouveau.".to_owned());
        }
    }

    fn finished(&mut self, draft: Option<Draft>) {
        let Some(mut draft) = draft else { return };
        if let Some(fault) = draft.fault.take() {
            return self.refuse(draft, fault);
        }
        if draft.is_group {
            return self.group(draft);
        }
        match draft.whole().checked() {
            Ok(card) => {
                let Draft { line, uid, groups, .. } = draft;
                self.parsed.cards.push(Incoming { line, uid, card, groups });
            }
            Err(fault) => self.refuse(draft, fault.reason),
        }
    }

    /// A group card; several of one name are one group.
    fn group(&mut self, mut draft: Draft) {
        let Some(name) = group_name(&draft.shown_name()) else { return self.refuse(draft, long_group()) };
        let (key, members) = (name_key(&name), std::mem::take(&mut draft.members));
        let room = self.groups.len() < MAX_GROUPS;
        match self.groups.iter_mut().find(|(known, ..)| *known == key) {
            Some((.., known)) => known.extend(members),
            None if room => self.groups.push((key, name, members.into_iter().collect())),
            None => self.refuse(draft, format!("Un carnet a {MAX_GROUPS} groupes au plus : réunissez-en plusieurs.")),
        }
    }

    /// Puts the members of the group cards into their groups, and names each group once.
    fn parsed(mut self) -> Parsed {
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, incoming) in self.parsed.cards.iter().enumerate() {
            let mails = incoming.card.mails.iter().map(|mail| format!("mailto:{}", mail_key(&mail.value)));
            for key in std::iter::once(incoming.uid.clone()).chain(mails).filter(|key| !key.is_empty()) {
                known.entry(key).or_default().push(at);
            }
        }
        for (_, name, members) in &self.groups {
            for at in members.iter().filter_map(|member| known.get(member)).flatten() {
                if let Some(incoming) = self.parsed.cards.get_mut(*at) {
                    incoming.groups.push(name.clone());
                }
            }
        }
        // Each group once: in the file, and of each card.
        let mut once: HashSet<String> = HashSet::new();
        self.parsed.groups = self.groups.into_iter().map(|(_, name, _)| name).collect();
        for incoming in &mut self.parsed.cards {
            let mut own = HashSet::new();
            incoming.groups.retain(|name| own.insert(name_key(name)));
            self.parsed.groups.extend(incoming.groups.iter().cloned());
        }
        self.parsed.groups.retain(|name| once.insert(name_key(name)));
        self.parsed
    }
}
