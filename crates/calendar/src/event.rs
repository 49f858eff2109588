//! One event, as an invitation, as a file, or among others in a feed.

use std::collections::BTreeMap;

use clock::{Date, DateTime, Zone};

use crate::line::{Lines, quoted};
use crate::zone;

const PRODUCT: &str = "-//Vaguemestre//Agenda//FR";

/// When an event takes place, by the wall clock of its school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Whole days, the last one included.
    Days(Date, Date),
    /// From a time to a later one.
    Times(DateTime, DateTime),
}

impl When {
    /// Reads dates as they are kept: `YYYY-MM-DD` of the first and the last day, or `YYYY-MM-DDTHH:MM`. `None` for others.
    #[must_use]
    pub fn parse(all_day: bool, starts: &str, ends: &str) -> Option<Self> {
        let day = |text: &str| if text.len() == 10 { text.parse().ok() } else { None };
        let minute = |text: &str| {
            let valid = text.len() == 16 && text.get(10..11) == Some("T");
            if valid { text.parse().ok() } else { None }
        };
        Some(if all_day { Self::Days(day(starts)?, day(ends)?) } else { Self::Times(minute(starts)?, minute(ends)?) })
    }
}

/// An event.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// The same in every version of the event, wherever it is told of.
    pub uid: &'a str,
    /// 0, then one more for each version that was told to people.
    pub sequence: u32,
    /// When this version was made, UTC milliseconds: DTSTAMP and LAST-MODIFIED.
    pub revised_at: i64,
    /// SUMMARY
    pub title: &'a str,
    /// LOCATION; may be empty.
    pub place: &'a str,
    /// DESCRIPTION; may be empty.
    pub summary: &'a str,
    /// Its page; may be empty.
    pub url: &'a str,
    /// When.
    pub when: When,
    /// The school's zone.
    pub zone: &'a Zone,
    /// It does not take place.
    pub cancelled: bool,
}

/// Somebody in an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    /// CN
    pub name: &'a str,
    /// A mail address that was checked before (RFC 5321).
    pub address: &'a str,
}

/// What somebody answers (PARTSTAT, RFC 5545 §3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Participation {
    /// No answer yet.
    NeedsAction,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Perhaps.
    Tentative,
    /// Somebody else comes instead.
    Delegated,
}

/// What a calendar object asks of the one who gets it (RFC 5546).
#[derive(Debug, Clone, Copy)]
pub enum Method<'a> {
    /// It is told, and no answer is wanted. A client shows no buttons, and the same text suits everybody: PUBLISH has no
    /// ATTENDEE (§3.2.1). A REQUEST without RSVP would still be shown with buttons by most clients, and bring answers
    /// nobody asked for. The cancellation is a PUBLISH too, with STATUS:CANCELLED, since a CANCEL names attendees.
    Publish {
        /// Who tells.
        organizer: Person<'a>,
    },
    /// An answer is wanted; once the event is cancelled, it is called off (CANCEL).
    Request {
        /// Whom the answer goes to.
        organizer: Person<'a>,
        /// Who is asked.
        attendee: Person<'a>,
        /// What she has answered so far.
        participation: Participation,
    },
}

impl Method<'_> {
    /// The value of METHOD, and of the parameter of the mail part (RFC 6047 §2.4).
    #[must_use]
    pub fn name(&self, cancelled: bool) -> &'static str {
        match self {
            Self::Publish { .. } => "PUBLISH",
            Self::Request { .. } if cancelled => "CANCEL",
            Self::Request { .. } => "REQUEST",
        }
    }
}

/// The calendar object of one event, to be sent by mail.
#[must_use]
pub fn message(event: &Event<'_>, method: &Method<'_>) -> String {
    calendar(std::slice::from_ref(event), Some(method), &[])
}

/// One event as a file to be kept: no METHOD, nobody named.
#[must_use]
pub fn file(event: &Event<'_>) -> String {
    calendar(std::slice::from_ref(event), None, &[])
}

/// A calendar of events to be followed: no METHOD, nobody named.
#[must_use]
pub fn feed(name: &str, events: &[Event<'_>]) -> String {
    // The name in the ways that clients know (RFC 7986 §5.1 and before); look again each hour.
    calendar(
        events,
        None,
        &[
            ("NAME", name),
            ("X-WR-CALNAME", name),
            ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
            ("X-PUBLISHED-TTL", "PT1H"),
        ],
    )
}

fn calendar(events: &[Event<'_>], method: Option<&Method<'_>>, extra: &[(&str, &str)]) -> String {
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("PRODID", PRODUCT);
    lines.raw("VERSION", "2.0");
    lines.raw("CALSCALE", "GREGORIAN");
    if let (Some(method), Some(event)) = (method, events.first()) {
        lines.raw("METHOD", method.name(event.cancelled));
    }
    for (name, value) in extra {
        lines.text(name, value);
    }
    zones(&mut lines, events);
    for event in events {
        event.write(&mut lines, method);
    }
    lines.raw("END", "VCALENDAR");
    lines.into_string()
}

/// Each zone that a time refers to, once, from its first event to its last.
fn zones(lines: &mut Lines, events: &[Event<'_>]) {
    let mut spans: BTreeMap<&str, (&Zone, i64, i64)> = BTreeMap::new();
    for event in events {
        if let When::Times(start, end) = event.when {
            let (from, until) = (event.zone.instant(start).unwrap_or(0), event.zone.instant(end).unwrap_or(0));
            let span = spans.entry(event.zone.name()).or_insert((event.zone, from, until));
            *span = (span.0, span.1.min(from), span.2.max(until));
        }
    }
    for (zone, from, until) in spans.into_values() {
        zone::write(lines, zone, from, until);
    }
}

impl Event<'_> {
    fn write(&self, lines: &mut Lines, method: Option<&Method<'_>>) {
        lines.raw("BEGIN", "VEVENT");
        lines.text("UID", self.uid);
        lines.raw("SEQUENCE", &self.sequence.to_string());
        let stamp = utc(self.revised_at);
        lines.raw("DTSTAMP", &stamp);
        lines.raw("LAST-MODIFIED", &stamp);
        self.write_when(lines);
        lines.text("SUMMARY", self.title);
        lines.text("LOCATION", self.place);
        lines.text("DESCRIPTION", self.summary);
        if !self.url.is_empty() {
            lines.raw("URL", self.url);
        }
        lines.raw("STATUS", if self.cancelled { "CANCELLED" } else { "CONFIRMED" });
        lines.raw("CLASS", "PRIVATE");
        match method {
            Some(Method::Publish { organizer }) => person(lines, "ORGANIZER", organizer),
            Some(Method::Request { organizer, attendee, participation }) => {
                person(lines, "ORGANIZER", organizer);
                let asked = match (self.cancelled, participation) {
                    (true, _) => "",
                    (false, Participation::NeedsAction) => ";RSVP=TRUE",
                    (false, _) => ";RSVP=FALSE",
                };
                let status = participation.as_str();
                person(
                    lines,
                    &format!("ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status}{asked}"),
                    attendee,
                );
            }
            None => {}
        }
        lines.raw("END", "VEVENT");
    }

    fn write_when(&self, lines: &mut Lines) {
        match self.when {
            When::Days(first, last) => {
                // DTEND is the day after (RFC 5545 §3.6.1).
                lines.raw("DTSTART;VALUE=DATE", &day(first));
                lines.raw("DTEND;VALUE=DATE", &day(last.tomorrow().unwrap_or(last)));
                lines.raw("TRANSP", "TRANSPARENT");
                lines.raw("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE");
            }
            When::Times(start, end) => {
                let zone = self.zone.name();
                lines.raw(&format!("DTSTART;TZID={zone}"), &zone::local(start));
                lines.raw(&format!("DTEND;TZID={zone}"), &zone::local(end));
                lines.raw("TRANSP", "OPAQUE");
            }
        }
    }
}

impl Participation {
    /// As it is written in PARTSTAT.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Tentative => "TENTATIVE",
            Self::Delegated => "DELEGATED",
        }
    }
}

fn person(lines: &mut Lines, property: &str, who: &Person<'_>) {
    let name = if who.name.is_empty() { String::new() } else { format!(";CN={}", quoted(who.name)) };
    lines.raw(&format!("{property}{name}"), &format!("mailto:{}", who.address));
}

fn day(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn utc(at: i64) -> String {
    format!("{}Z", zone::local(Zone::utc_civil(at)))
}
