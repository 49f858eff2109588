//! What an editor says of an event, and what is kept of it once it was checked.

use calendar::When;
use clock::{Date, DateTime, Zone};

use crate::Refusal;

/// Whom to tell of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Notify {
    /// Nobody.
    #[default]
    Nobody,
    /// All populations of the rubrique that the editor may write to.
    Everybody,
    /// One of them (ULID).
    Population(String),
}

impl Notify {
    /// As it is kept, and sent in forms: ``, `all`, or the id of a population.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Nobody => "",
            Self::Everybody => "all",
            Self::Population(id) => id,
        }
    }

    /// Reads [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "" => Self::Nobody,
            "all" => Self::Everybody,
            id => Self::Population(id.to_owned()),
        }
    }
}

/// Whether readers may comment an event (S0 « suivi »).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FollowUp {
    /// No.
    #[default]
    Off,
    /// Yes; an editor lets each comment through.
    Moderated,
    /// Yes, at once.
    Open,
}

impl FollowUp {
    /// As it is kept, and sent in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Moderated => "moderated",
            Self::Open => "open",
        }
    }

    /// Reads [`Self::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::Moderated, Self::Open].into_iter().find(|known| known.as_str() == text)
    }
}

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Seen by the editors of the rubrique only.
    Draft,
    /// Seen by its readers.
    Published,
    /// Seen, and called off.
    Cancelled,
}

impl State {
    /// As it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "draft" => Some(Self::Draft),
            "published" => Some(Self::Published),
            "cancelled" => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// When readers are to see an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// Not yet.
    Draft,
    /// At once.
    Now,
    /// By itself, at a time of the school's clock: `YYYY-MM-DDTHH:MM`.
    At(String),
}

/// What an editor says of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// 1 to 150 characters.
    pub title: String,
    /// At most 200 characters.
    pub place: String,
    /// At most 4,000 characters.
    pub summary: String,
    /// Whole days.
    pub all_day: bool,
    /// By the school's clock: `YYYY-MM-DD` of the first day, or `YYYY-MM-DDTHH:MM`.
    pub starts: String,
    /// In the same form: the last day, included; or the end, which is later than the start. At most a year on.
    pub ends: String,
    /// Ids of resources, at most 20.
    pub resources: Vec<String>,
    /// Whom to tell.
    pub notify: Notify,
    /// Whether an answer is asked.
    pub confirmation: bool,
    /// Whether comments are taken.
    pub follow_up: FollowUp,
}

/// The dates of an event as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`
    pub starts: String,
    /// In the same form.
    pub ends: String,
    /// UTC milliseconds.
    pub starts_at: i64,
    /// UTC milliseconds, excluded.
    pub ends_at: i64,
}

const YEAR: i64 = 367 * 86_400_000;

impl Content {
    /// Checks all but what the database knows.
    pub(crate) fn check(&self, zone: &Zone) -> Result<Stored, Refusal> {
        let line = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
        if self.title.trim().is_empty() || !line(self.title.trim(), 150) {
            return Err(Refusal::Field("title"));
        }
        if !line(self.place.trim(), 200) {
            return Err(Refusal::Field("place"));
        }
        if self.summary.trim().chars().count() > 4000 {
            return Err(Refusal::Field("summary"));
        }
        if self.resources.len() > 20 {
            return Err(Refusal::Field("resources"));
        }
        self.dates(zone)
    }

    fn dates(&self, zone: &Zone) -> Result<Stored, Refusal> {
        let (starts, ends, starts_at, ends_at) = if self.all_day {
            let first = day(&self.starts).ok_or(Refusal::Field("starts"))?;
            let last = day(&self.ends).ok_or(Refusal::Field("ends"))?;
            let after = last.tomorrow().map_err(|_| Refusal::Field("ends"))?;
            let midnight = |day: Date| zone.instant(day.to_datetime(clock::Time::midnight()));
            (first.to_string(), last.to_string(), midnight(first), midnight(after))
        } else {
            let start = minute(&self.starts).ok_or(Refusal::Field("starts"))?;
            let end = minute(&self.ends).ok_or(Refusal::Field("ends"))?;
            if zone.skips(start) || zone.skips(end) {
                return Err(Refusal::Dates);
            }
            (text(start), text(end), zone.instant(start), zone.instant(end))
        };
        match (starts_at, ends_at) {
            (Some(starts_at), Some(ends_at)) if ends_at > starts_at && ends_at - starts_at <= YEAR => {
                Ok(Stored { starts, ends, starts_at, ends_at })
            }
            _ => Err(Refusal::Dates),
        }
    }
}

/// A day of our era, as `input type="date"` gives it.
fn day(text: &str) -> Option<Date> {
    if text.len() != 10 { None } else { text.parse().ok().filter(|day: &Date| (1970..=2200).contains(&day.year())) }
}

/// A minute, as `input type="datetime-local"` gives it.
pub(crate) fn minute(text: &str) -> Option<DateTime> {
    let valid = text.len() == 16 && text.get(10..11) == Some("T");
    if valid { text.parse().ok().filter(|at: &DateTime| (1970..=2200).contains(&at.year())) } else { None }
}

/// `YYYY-MM-DDTHH:MM`
pub(crate) fn text(at: DateTime) -> String {
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

/// In French: « mardi 3 novembre 2026, de 18:00 à 20:00 », « du vendredi 5 mars 2027 au samedi 6 mars 2027 ».
#[must_use]
pub fn spoken(when: When) -> String {
    let hour = |at: DateTime| format!("{:02}:{:02}", at.hour(), at.minute());
    match when {
        When::Days(first, last) if first == last => clock::long_day(first),
        When::Days(first, last) => format!("du {} au {}", clock::long_day(first), clock::long_day(last)),
        When::Times(start, end) if start.date() == end.date() => {
            format!("{}, de {} à {}", clock::long_day(start.date()), hour(start), hour(end))
        }
        When::Times(start, end) => format!(
            "du {} à {} au {} à {}",
            clock::long_day(start.date()),
            hour(start),
            clock::long_day(end.date()),
            hour(end)
        ),
    }
}

/// For subjects (S0): « le 02/09/2009 », « du 05/03/2027 au 06/03/2027 ».
pub(crate) fn short(when: When) -> String {
    let (first, last) = match when {
        When::Days(first, last) => (first, last),
        When::Times(start, end) => (start.date(), end.date()),
    };
    let day = |day: Date| format!("{:02}/{:02}/{}", day.day(), day.month(), day.year());
    if first == last { format!("le {}", day(first)) } else { format!("du {} au {}", day(first), day(last)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(all_day: bool, starts: &str, ends: &str) -> Result<(i64, i64), Refusal> {
        let content =
            Content { title: "Sortie".into(), all_day, starts: starts.into(), ends: ends.into(), ..Content::default() };
        content.check(&Zone::named("Europe/Paris")).map(|stored| (stored.starts_at, stored.ends_at))
    }

    #[test]
    fn dates_are_those_of_the_school() {
        // 2026-10-25: a day of 25 hours.
        assert_eq!(checked(true, "2026-10-25", "2026-10-25"), Ok((1_792_879_200_000, 1_792_969_200_000)));
        assert_eq!(checked(false, "2026-11-03T18:00", "2026-11-03T20:30"), Ok((1_793_725_200_000, 1_793_734_200_000)));
        for (all_day, starts, ends, refusal) in [
            (true, "2026-11-04", "2026-11-03", Refusal::Dates),
            (false, "2026-11-03T18:00", "2026-11-03T18:00", Refusal::Dates),
            (false, "2026-11-03T18:00", "2028-11-03T18:00", Refusal::Dates),
            (false, "2026-03-29T02:30", "2026-03-29T04:00", Refusal::Dates),
            (false, "2026-11-03", "2026-11-03T18:00", Refusal::Field("starts")),
            (false, "2026-11-03T18:00", "demain", Refusal::Field("ends")),
            (true, "2026-02-30", "2026-03-01", Refusal::Field("starts")),
            (true, "0001-01-01", "0001-01-01", Refusal::Field("starts")),
            (true, "", "", Refusal::Field("starts")),
        ] {
            assert_eq!(checked(all_day, starts, ends), Err(refusal), "{starts} {ends}");
        }
    }

    #[test]
    fn texts_have_their_lengths() {
        let with = |title: String, place: String, summary: String| {
            let (starts, ends) = ("2026-11-03".to_owned(), "2026-11-03".to_owned());
            let content = Content { title, place, summary, all_day: true, starts, ends, ..Content::default() };
            content.check(&Zone::named("Europe/Paris")).err()
        };
        assert_eq!(with("é".repeat(150), "é".repeat(200), "é\n".repeat(2000)), None);
        assert_eq!(with("é".repeat(151), String::new(), String::new()), Some(Refusal::Field("title")));
        assert_eq!(with(" ".into(), String::new(), String::new()), Some(Refusal::Field("title")));
        assert_eq!(with("a\r\nb".into(), String::new(), String::new()), Some(Refusal::Field("title")));
        assert_eq!(with("a".into(), "é".repeat(201), String::new()), Some(Refusal::Field("place")));
        assert_eq!(with("a".into(), String::new(), "é".repeat(4001)), Some(Refusal::Field("summary")));
    }
}
