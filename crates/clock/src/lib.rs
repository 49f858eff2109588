//! Instants (UTC milliseconds) as the people of a school read them: in French, in the school's own time zone.
//!
//! A component has no system time zone: the rules of the zones of French schools are compiled in, nothing else.

mod civil;

use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, Zoned};

pub use civil::{Date, DateTime, Regime, Time, long_day, month_and_year};

/// The system's clock, in UTC milliseconds. Only the edge reads it; everything else takes an instant as input.
#[must_use]
pub fn now() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// A time zone with French schools in it.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// The zones of French schools, by their IANA names; the first is the default.
pub const ZONES: [&str; 10] = [
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
];

impl Zone {
    /// When a day (`YYYY-MM-DD`) is over in this zone, in UTC milliseconds; `None` for what is no day.
    #[must_use]
    pub fn end_of_day(&self, day: &str) -> Option<i64> {
        let next = day.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?;
        Some(self.0.to_zoned(next.into()).ok()?.timestamp().as_millisecond())
    }

    /// When a day (`YYYY-MM-DD`) begins in this zone, in UTC milliseconds; `None` for what is no day.
    #[must_use]
    pub fn start_of_day(&self, day: &str) -> Option<i64> {
        let day = day.parse::<jiff::civil::Date>().ok()?;
        Some(self.0.to_zoned(day.into()).ok()?.timestamp().as_millisecond())
    }

    /// The day of an instant, `YYYY-MM-DD`: for file names and date fields.
    #[must_use]
    pub fn day(&self, at: i64) -> String {
        self.at(at).date().to_string()
    }

    /// The day of an instant in figures, for lists: « 20/06/2009 ».
    #[must_use]
    pub fn figures(&self, at: i64) -> String {
        let at = self.at(at);
        format!("{:02}/{:02}/{}", at.day(), at.month(), at.year())
    }

    /// The day of an instant written out, for letters: « 20 juin 2009 ».
    #[must_use]
    pub fn written(&self, at: i64) -> String {
        let at = self.at(at);
        format!("{} {} {}", day_of_month(&at), month(&at), at.year())
    }

    /// The instant (UTC milliseconds) of a day and minute of this zone's clocks, as a `datetime-local` field gives them
    /// (`2026-10-01T08:00`); one that the clocks skip or show twice is the first that fits. `None` for anything else.
    #[must_use]
    pub fn of_minute(&self, text: &str) -> Option<i64> {
        let minute = text.parse::<jiff::civil::DateTime>().ok()?;
        Some(self.0.to_ambiguous_zoned(minute).compatible().ok()?.timestamp().as_millisecond())
    }

    /// The same back: what a `datetime-local` field shows of an instant.
    #[must_use]
    pub fn to_minute(&self, at: i64) -> String {
        self.at(at).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// The zone of an IANA name; Paris for a name that is not a French zone.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(match name {
            "America/Guadeloupe" => tz::get!("America/Guadeloupe"),
            "America/Martinique" => tz::get!("America/Martinique"),
            "America/Cayenne" => tz::get!("America/Cayenne"),
            "America/Miquelon" => tz::get!("America/Miquelon"),
            "Indian/Reunion" => tz::get!("Indian/Reunion"),
            "Indian/Mayotte" => tz::get!("Indian/Mayotte"),
            "Pacific/Noumea" => tz::get!("Pacific/Noumea"),
            "Pacific/Tahiti" => tz::get!("Pacific/Tahiti"),
            "Pacific/Wallis" => tz::get!("Pacific/Wallis"),
            _ => tz::get!("Europe/Paris"),
        })
    }

    /// For lists (S0): « 19:02 » on the day itself, « 20 juin » within the year, « 20/06/2009 » before.
    #[must_use]
    pub fn short(&self, at: i64, now: i64) -> String {
        let (at, now) = (self.at(at), self.at(now));
        if at.date() == now.date() {
            format!("{:02}:{:02}", at.hour(), at.minute())
        } else if at.year() == now.year() {
            format!("{} {}", day_of_month(&at), month(&at))
        } else {
            format!("{:02}/{:02}/{}", at.day(), at.month(), at.year())
        }
    }

    /// For reading: « vendredi 20 juin 2009 à 19:02 ».
    #[must_use]
    pub fn long(&self, at: i64) -> String {
        let at = self.at(at);
        let (day, month) = (day_of_month(&at), month(&at));
        format!("{} {day} {month} {} à {:02}:{:02}", weekday(&at), at.year(), at.hour(), at.minute())
    }

    /// For mails (RFC 5322 §3.3): `Fri, 20 Jun 2009 19:02:00 +0200`.
    #[must_use]
    pub fn rfc5322(&self, at: i64) -> String {
        jiff::fmt::rfc2822::to_string(&self.at(at)).unwrap_or_default()
    }

    /// The instant at which a day of the year (month from 1) last began, at or before `now`.
    #[must_use]
    pub fn last_midnight(&self, month: i8, day: i8, now: i64) -> i64 {
        let began = |year: i16| {
            let date = jiff::civil::Date::new(year, month, day).ok()?;
            Some(date.to_zoned(self.0.clone()).ok()?.timestamp().as_millisecond())
        };
        let year = self.at(now).year();
        began(year).filter(|at| *at <= now).or_else(|| began(year - 1)).unwrap_or(0)
    }

    fn at(&self, milliseconds: i64) -> Zoned {
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.0.clone())
    }
}

fn day_of_month(at: &Zoned) -> String {
    if at.day() == 1 { "1er".to_owned() } else { at.day().to_string() }
}

fn weekday(at: &Zoned) -> &'static str {
    weekday_name(at.weekday())
}

fn weekday_name(day: jiff::civil::Weekday) -> &'static str {
    use jiff::civil::Weekday;
    match day {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    }
}

fn month(at: &Zoned) -> &'static str {
    month_name(at.month())
}

fn month_name(month: i8) -> &'static str {
    match month {
        1 => "janvier",
        2 => "février",
        3 => "mars",
        4 => "avril",
        5 => "mai",
        6 => "juin",
        7 => "juillet",
        8 => "août",
        9 => "septembre",
        10 => "octobre",
        11 => "novembre",
        _ => "décembre",
    }
}

#[cfg(test)]
mod tests {
    use super::Zone;

    const JUNE: i64 = 1_245_517_320_000; // 2009-06-20T17:02:00Z

    #[test]
    fn a_date_is_written_as_near_as_it_is() {
        let paris = Zone::named("Europe/Paris");
        assert_eq!(paris.short(JUNE, JUNE + 3_600_000), "19:02");
        assert_eq!(paris.short(JUNE, JUNE + 86_400_000), "20 juin");
        assert_eq!(paris.short(JUNE, JUNE + 400 * 86_400_000), "20/06/2009");
    }

    #[test]
    fn each_school_reads_its_own_time() {
        assert_eq!(Zone::named("Europe/Paris").long(JUNE), "samedi 20 juin 2009 à 19:02");
        assert_eq!(Zone::named("Indian/Reunion").long(JUNE), "samedi 20 juin 2009 à 21:02");
        assert_eq!(Zone::named("Pacific/Tahiti").long(JUNE), "samedi 20 juin 2009 à 07:02");
    }

    #[test]
    fn a_day_ends_at_the_midnight_of_the_school() {
        let paris = Zone::named("Europe/Paris");
        assert_eq!(paris.end_of_day("2009-06-20"), Some(1_245_535_200_000));
        let (before, changing) = (paris.end_of_day("2026-10-24").unwrap(), paris.end_of_day("2026-10-25").unwrap());
        assert_eq!(changing - before, 25 * 3_600_000, "the clocks go back");
        assert!(["", "2026-02-30", "demain"].iter().all(|day| paris.end_of_day(day).is_none()));
    }

    #[test]
    fn a_day_begins_and_is_named_where_the_school_is() {
        let paris = Zone::named("Europe/Paris");
        assert_eq!(paris.start_of_day("2009-06-21"), paris.end_of_day("2009-06-20"));
        assert!(["", "2026-02-30", "demain"].iter().all(|day| paris.start_of_day(day).is_none()));
        let evening = 1_245_535_199_999;
        assert_eq!((paris.day(evening), paris.day(evening + 1)), ("2009-06-20".into(), "2009-06-21".into()));
        assert_eq!((paris.figures(evening), paris.written(evening)), ("20/06/2009".into(), "20 juin 2009".into()));
        assert_eq!(Zone::named("Indian/Reunion").written(1_246_392_000_000), "1er juillet 2009");
    }

    #[test]
    fn minutes_of_a_form_are_those_of_the_school() {
        let reunion = Zone::named("Indian/Reunion");
        assert_eq!(reunion.to_minute(JUNE), "2009-06-20T21:02");
        assert_eq!(reunion.of_minute("2009-06-20T21:02"), Some(JUNE));
        let paris = Zone::named("Europe/Paris");
        assert_eq!(paris.of_minute("2026-03-29T02:30"), paris.of_minute("2026-03-29T03:30"), "skipped");
        assert_eq!(paris.to_minute(paris.of_minute("2026-10-25T02:30").unwrap()), "2026-10-25T02:30");
        assert!(["", "2026-10-01 8h", "2026-13-01T08:00"].iter().all(|text| paris.of_minute(text).is_none()));
    }

    #[test]
    fn winter_time_is_known() {
        assert_eq!(Zone::named("Europe/Paris").long(JUNE + 180 * 86_400_000), "jeudi 17 décembre 2009 à 18:02");
        assert_eq!(Zone::named("Europe/Paris").rfc5322(JUNE), "Sat, 20 Jun 2009 19:02:00 +0200");
    }
}
