//! When to try again (DOMAIN §4).

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// How long a mail is kept trying, in milliseconds; `submission` sets the first expiry to the same.
pub(crate) const LIFETIME: i64 = 48 * HOUR;

/// Milliseconds to the next try after 1, 2, 3… attempts; the last one from then on.
pub(crate) const RETRIES: [i64; 5] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR];

/// Milliseconds that a relay is left alone after 1, 2, 3… times it could not be reached; the last one from then on.
pub(crate) const PAUSES: [i64; 5] = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE];

/// The step after `attempts` (from 1 on).
pub(crate) fn step(steps: &[i64], attempts: i64) -> i64 {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    steps.get(index).or(steps.last()).copied().unwrap_or(MINUTE)
}

/// `delay` within ±20 %, so that what failed together does not come back together.
pub(crate) fn jittered(delay: i64, random: u64) -> i64 {
    let thousandth = i64::try_from(random % 401).unwrap_or(200) + 800;
    delay.saturating_mul(thousandth) / 1000
}

/// The steps as a JSON array, for the statements that index them.
pub(crate) fn json(steps: &[i64]) -> String {
    format!("[{}]", steps.iter().map(i64::to_string).collect::<Vec<_>>().join(","))
}

/// The next try of a mail that was not taken at `now`, after `attempts`; none when it has come to its end. The last try is
/// shortly before the expiry, however long the step.
pub(crate) fn next_try(attempts: i64, now: i64, expires_at: i64, random: u64) -> Option<i64> {
    let next = now.saturating_add(jittered(step(&RETRIES, attempts), random));
    if next < expires_at {
        Some(next)
    } else if expires_at.saturating_sub(now) > 10 * MINUTE {
        Some(expires_at - 5 * MINUTE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR, LIFETIME, MINUTE, RETRIES, jittered, json, next_try, step};
    use proptest::prelude::*;

    #[test]
    fn steps_grow_and_stay_at_the_last() {
        let minutes: Vec<_> = (0..8).map(|attempts| step(&RETRIES, attempts) / MINUTE).collect();
        assert_eq!(minutes, [1, 1, 5, 15, 60, 240, 240, 240]);
        assert_eq!(json(&[1, 20]), "[1,20]");
    }

    #[test]
    fn a_mail_is_tried_until_its_end_and_no_longer() {
        let (mut now, mut tries) = (0, 0);
        while let Some(next) = next_try(tries + 1, now, LIFETIME, 200) {
            assert!(next > now);
            (now, tries) = (next, tries + 1);
        }
        assert!((LIFETIME - 10 * MINUTE..LIFETIME).contains(&now), "the last try is near the end: {now}");
        assert!((14..=18).contains(&tries), "{tries} tries");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn jitter_stays_within_a_fifth(delay in MINUTE..24 * HOUR, random: u64) {
            let jittered = jittered(delay, random);
            prop_assert!(jittered * 10 >= delay * 8 - 10 && jittered * 10 <= delay * 12 + 10);
        }

        #[test]
        fn the_next_try_is_in_time(attempts in 0..1000i64, now in 0..LIFETIME * 2, random: u64) {
            if let Some(next) = next_try(attempts, now, LIFETIME, random) {
                prop_assert!(next > now && next < LIFETIME);
            } else {
                prop_assert!(now >= LIFETIME - 10 * MINUTE);
            }
        }
    }
}
