//! Days and times as they stand in an agenda: those of the school's wall clock, and the instants they are.

use jiff::Timestamp;
use jiff::tz::AmbiguousOffset;

pub use jiff::civil::{Date, DateTime, Time};

use crate::{Zone, month_name, weekday_name};

/// A span during which the clocks of a zone are set one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// When it began, UTC milliseconds.
    pub since: i64,
    /// Seconds east of UTC.
    pub offset: i32,
    /// Seconds east of UTC just before.
    pub before: i32,
    /// "CET", "+04".
    pub name: String,
    /// Daylight saving time.
    pub summer: bool,
}

impl Zone {
    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("Europe/Paris")
    }

    /// The instant (UTC milliseconds) of a time of the wall clock. A time that comes twice is the first, and one that is
    /// skipped is what the clock would have shown without the change (RFC 5545 §3.3.5). `None` out of the calendar.
    #[must_use]
    pub fn instant(&self, at: DateTime) -> Option<i64> {
        Some(self.0.to_ambiguous_timestamp(at).compatible().ok()?.as_millisecond())
    }

    /// Whether the clocks never show this time, since they are put forward over it.
    #[must_use]
    pub fn skips(&self, at: DateTime) -> bool {
        matches!(self.0.to_ambiguous_timestamp(at).offset(), AmbiguousOffset::Gap { .. })
    }

    /// What the wall clock shows at an instant (UTC milliseconds).
    #[must_use]
    pub fn civil(&self, at: i64) -> DateTime {
        self.at(at).datetime()
    }

    /// What a clock of UTC shows at an instant (UTC milliseconds).
    #[must_use]
    pub fn utc_civil(at: i64) -> DateTime {
        jiff::tz::TimeZone::UTC.to_datetime(Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// The instant (UTC milliseconds) when a clock of UTC shows this. `None` out of the calendar.
    #[must_use]
    pub fn utc_instant(at: DateTime) -> Option<i64> {
        Some(jiff::tz::TimeZone::UTC.to_timestamp(at).ok()?.as_millisecond())
    }

    /// How the clocks are set at the instant `from` (UTC milliseconds), and each change up to `until`.
    #[must_use]
    pub fn regimes(&self, from: i64, until: i64) -> Vec<Regime> {
        let (Ok(start), Ok(end)) = (Timestamp::from_millisecond(from), Timestamp::from_millisecond(until)) else {
            return Vec::new();
        };
        let now = self.0.to_offset_info(start);
        let mut regimes = vec![Regime {
            since: from,
            offset: now.offset().seconds(),
            before: now.offset().seconds(),
            name: now.abbreviation().to_owned(),
            summer: now.dst().is_dst(),
        }];
        for change in self.0.following(start).take_while(|change| change.timestamp() <= end) {
            let before = regimes.last().map_or(0, |regime| regime.offset);
            regimes.push(Regime {
                since: change.timestamp().as_millisecond(),
                offset: change.offset().seconds(),
                before,
                name: change.abbreviation().to_owned(),
                summer: change.dst().is_dst(),
            });
        }
        regimes
    }
}

/// « mardi 3 novembre 2026 »
#[must_use]
pub fn long_day(day: Date) -> String {
    let number = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{} {number} {} {}", weekday_name(day.weekday()), month_name(day.month()), day.year())
}

/// « novembre 2026 »
#[must_use]
pub fn month_and_year(day: Date) -> String {
    format!("{} {}", month_name(day.month()), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_clocks_and_instants_agree_but_when_the_clocks_change() {
        let paris = Zone::named("Europe/Paris");
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        let june = paris.instant(at("2009-06-20T19:02")).unwrap();
        assert_eq!(june, 1_245_517_320_000);
        assert_eq!(paris.civil(june), at("2009-06-20T19:02"));
        // Twice: the first, in summer time. Never: as if the clocks had not moved.
        assert_eq!(paris.instant(at("2026-10-25T02:30")), Some(1_792_888_200_000));
        assert_eq!(paris.instant(at("2026-03-29T02:30")), paris.instant(at("2026-03-29T03:30")));
        assert!(paris.skips(at("2026-03-29T02:30")) && !paris.skips(at("2026-10-25T02:30")));
    }

    #[test]
    fn the_changes_of_a_zone_are_told() {
        let (from, until) = (1_767_225_600_000, 1_798_761_600_000); // 2026
        let regimes = Zone::named("Europe/Paris").regimes(from, until);
        let told: Vec<_> = regimes.iter().map(|r| (r.before, r.offset, r.name.as_str(), r.summer)).collect();
        assert_eq!(told, [(3600, 3600, "CET", false), (3600, 7200, "CEST", true), (7200, 3600, "CET", false)]);
        assert_eq!(Zone::named("Indian/Reunion").regimes(from, until).len(), 1);
        assert_eq!(Zone::named("America/Miquelon").regimes(from, until).len(), 3);
    }

    #[test]
    fn days_are_written_in_french() {
        assert_eq!(long_day(Date::constant(2026, 5, 1)), "vendredi 1er mai 2026");
        assert_eq!(month_and_year(Date::constant(2026, 8, 1)), "août 2026");
    }
}
