//! Names as one meets them in a French school: by generation, with particles, hyphens, accents, and of many origins.

use std::collections::HashMap;

use crate::rng::Rng;

const LAST: &str = include_str!("names/last.txt");
const FIRST: &str = include_str!("names/first.txt");

/// Where a family's names come from, with its share in a hundred.
const ORIGINS: [(&str, usize); 12] = [
    ("france", 62),
    ("maghreb", 12),
    ("breton", 5),
    ("iberia", 5),
    ("africa", 5),
    ("noble", 2),
    ("basque", 2),
    ("alsace", 2),
    ("italy", 1),
    ("turkey", 1),
    ("asia", 2),
    ("east", 1),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sex {
    F,
    M,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    Child,
    Adult,
    Elder,
}

/// The lists, by key.
pub(crate) struct Names {
    last: HashMap<&'static str, Vec<&'static str>>,
    first: HashMap<&'static str, Vec<&'static str>>,
}

fn lists(text: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    text.lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(key, names)| (key, names.split(", ").collect()))
        .collect()
}

impl Names {
    pub(crate) fn new() -> Self {
        Self { last: lists(LAST), first: lists(FIRST) }
    }

    pub(crate) fn origin(&self, rng: &mut Rng) -> &'static str {
        let mut left = rng.below(100);
        for (origin, share) in ORIGINS {
            if left < share {
                return origin;
            }
            left -= share;
        }
        "france"
    }

    /// Frequent names are frequent: the lists are in order of frequency, and the lower of two draws wins.
    pub(crate) fn last(&self, rng: &mut Rng, origin: &str) -> &'static str {
        let list = self.last.get(origin).map_or(&[][..], Vec::as_slice);
        let index = rng.below(list.len()).min(rng.below(list.len()));
        list.get(index).copied().unwrap_or("Martin")
    }

    pub(crate) fn first(&self, rng: &mut Rng, origin: &str, age: Age, sex: Sex) -> &'static str {
        let (general, end) = match (age, sex) {
            (Age::Child, Sex::F) => ("child.f", "f"),
            (Age::Child, Sex::M) => ("child.m", "m"),
            (Age::Adult, Sex::F) => ("adult.f", "f"),
            (Age::Adult, Sex::M) => ("adult.m", "m"),
            (Age::Elder, Sex::F) => ("elder.f", "f"),
            (Age::Elder, Sex::M) => ("elder.m", "m"),
        };
        let own = self.first.get(format!("{origin}.{end}").as_str()).filter(|_| rng.chance(65));
        let list = own.or_else(|| self.first.get(general)).map_or(&[][..], Vec::as_slice);
        rng.pick(list).copied().unwrap_or("Camille")
    }

    pub(crate) fn sex(rng: &mut Rng) -> Sex {
        if rng.chance(50) { Sex::F } else { Sex::M }
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, ORIGINS};

    #[test]
    fn lists_are_long_and_shares_add_up() {
        let names = Names::new();
        assert_eq!(ORIGINS.iter().map(|(_, share)| share).sum::<usize>(), 100);
        assert!(ORIGINS.iter().all(|(origin, _)| names.last.contains_key(origin)));
        assert!(names.last.values().map(Vec::len).sum::<usize>() >= 290);
        assert!(names.first.values().map(Vec::len).sum::<usize>() >= 200);
    }
}
