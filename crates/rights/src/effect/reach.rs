//! Whom a class of senders reaches: classes of recipients, and groups that are counted whole.

use std::collections::BTreeSet;

use super::people::{People, SenderClass};
use super::state::Rules;
use crate::edit::Participation;

/// A set of classes, a bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Classes(Vec<u64>);

impl Classes {
    pub(super) fn insert(&mut self, class: usize) {
        let word = class / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0.get_mut(word).into_iter().for_each(|bits| *bits |= 1 << (class % 64));
    }

    fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(bits, more)| *bits |= more);
    }

    fn without(&self, other: &Self) -> Self {
        let taken = other.0.iter().copied().chain(std::iter::repeat(0));
        Self(self.0.iter().zip(taken).map(|(bits, taken)| bits & !taken).collect())
    }

    fn contains(&self, class: usize) -> bool {
        self.0.get(class / 64).is_some_and(|bits| bits & (1 << (class % 64)) != 0)
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        let bits = |(word, bits): (usize, &u64)| {
            let bits = *bits;
            (0..64).filter(move |bit| bits & (1 << bit) != 0).map(move |bit| word * 64 + bit)
        };
        self.0.iter().enumerate().flat_map(bits)
    }
}

/// Whom senders reach.
pub(super) struct Reach {
    people: Classes,
    groups: BTreeSet<usize>,
}

impl Reach {
    /// By the rules, as the views `way` and `named_group` have it.
    pub(super) fn of(class: &SenderClass, rules: &Rules, people: &People) -> Self {
        let mut reach = Self { people: Classes::default(), groups: BTreeSet::new() };
        for group in &class.groups {
            let participation = rules.participation(*group);
            if participation.has(Participation::Incoming) {
                let allowed = |target: &usize| class.extended || rules.same_establishment(*target, *group);
                for target in rules.targets(*group).filter(allowed) {
                    reach.name(target, rules, people);
                    if rules.participation(target).has(Participation::Outgoing) {
                        reach.open(target, rules, people);
                    }
                }
            }
            if participation == Participation::Both {
                reach.name(*group, rules, people);
                reach.open(*group, rules, people);
            }
        }
        reach
    }

    /// The members of a group of the establishment, one by one.
    fn open(&mut self, group: usize, rules: &Rules, people: &People) {
        if rules.is_own(group)
            && let Some(classes) = people.classes_in(group)
        {
            self.people.add(classes);
        }
    }

    /// A group as a recipient.
    fn name(&mut self, group: usize, rules: &Rules, people: &People) {
        if rules.is_counted_whole(group) {
            self.groups.insert(group);
        }
        if let Some(part) = rules.own_part(group) {
            self.open(part, rules, people);
        }
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        Self { people: self.people.without(&other.people), groups: &self.groups - &other.groups }
    }

    pub(super) fn names_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    pub(super) fn reaches(&self, class: usize) -> bool {
        self.people.contains(class)
    }

    /// Reaches no class of people.
    pub(super) fn is_empty(&self) -> bool {
        self.people.0.iter().all(|bits| *bits == 0)
    }

    pub(super) fn classes(&self) -> impl Iterator<Item = usize> {
        self.people.iter()
    }
}
