//! What time does to people: who is there on a day, and how often something of hers has changed until then.

use crate::rng::Rng;

/// What may happen to a person, each with its own chance a day.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Class,
    Mobile,
    Mail,
}

impl Event {
    /// In ten thousand.
    const fn chance(self) -> usize {
        match self {
            Self::Class => 50,
            Self::Mobile => 40,
            Self::Mail => 60,
        }
    }
}

/// A person's time.
#[derive(Debug, Clone)]
pub(super) struct Time {
    rng: Rng,
    day: u32,
}

impl Time {
    /// `person` is a number that nobody else has.
    pub(super) const fn new(seed: u64, person: u64, day: u32) -> Self {
        Self { rng: Rng::new(seed).branch(person.wrapping_mul(0x9E37_79B9).wrapping_add(1)), day }
    }

    /// Numbers of her own, which are the same each day.
    pub(super) const fn draw(&self, label: u64) -> Rng {
        self.rng.branch(label + 1000)
    }

    /// A student comes late, once in a hundred, in the first ten days; or leaves, three times in a thousand a day.
    pub(super) fn there(&self) -> bool {
        let mut rng = self.draw(0);
        let comes = if rng.below(100) == 0 { 1 + rng.below(10) } else { 0 };
        let leaves = (1..30).find(|_| rng.below(1000) < 3).unwrap_or(usize::MAX);
        (comes..leaves.max(comes + 1)).contains(&(self.day as usize))
    }

    /// How often it has happened since the first day.
    pub(super) fn count(&self, event: Event) -> usize {
        (1..=u64::from(self.day))
            .filter(|day| self.rng.branch(day * 16 + event as u64 + 1).below(10_000) < event.chance())
            .count()
    }
}
