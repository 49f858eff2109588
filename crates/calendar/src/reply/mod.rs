//! What a mail client answers to an invitation: the REPLY of iTIP (RFC 5546 §3.2.3), as Outlook, Gmail, Apple Mail and others
//! write it, by itself or in a mail (iMIP, RFC 6047). What it reads comes from outside: size and number are bounded, and
//! nothing here decides whose answer it is; that is for the address it was sent to.

mod part;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarMethod, ICalendarParameterName,
    ICalendarParameterValue, ICalendarParticipationStatus, ICalendarProperty, ICalendarValue,
};
use calcard::{Entry, Parser};
use clock::{DateTime, Zone};

use crate::Participation;

/// The most bytes of a mail that is read.
pub const MAIL_LIMIT: usize = 4 * 1024 * 1024;
/// The most bytes of a calendar object that is read.
pub const CALENDAR_LIMIT: usize = 256 * 1024;
/// Characters of a comment and of a name that are kept.
const TEXT_LIMIT: usize = 1000;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Of the event.
    pub uid: String,
    /// Of the version that is answered; 0 when it does not say.
    pub sequence: u32,
    /// The answer is about one occurrence of a series, as written; ours have none.
    pub recurrence_id: Option<String>,
    /// The answer.
    pub participation: Participation,
    /// What she says with it, at most 1,000 characters; may be empty.
    pub comment: String,
    /// When it was given (UTC milliseconds): DTSTAMP; none when it does not say.
    pub stamp: Option<i64>,
    /// The mail address of who answers, in lower case; it proves nothing.
    pub attendee: String,
}

/// Why there is no answer to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Over [`MAIL_LIMIT`] or [`CALENDAR_LIMIT`].
    #[error("it is too big")]
    TooBig,
    /// No calendar object in it.
    #[error("there is no calendar object in it")]
    NoCalendar,
    /// A calendar object, but a REQUEST, a COUNTER, a REFRESH… or one that does not say.
    #[error("it is no REPLY")]
    NotAReply,
    /// Not exactly one event.
    #[error("it is not about one event")]
    NotOneEvent,
    /// Without UID, or one that is too long.
    #[error("it has no usable UID")]
    NoUid,
    /// Not exactly one person who answers, or no answer that is known.
    #[error("it is not the answer of one attendee")]
    NoAnswer,
}

/// Reads an answer: a text/calendar object, or a whole mail that holds one.
///
/// # Errors
/// See [`ReadError`]; nothing in `bytes` makes it panic.
pub fn read(bytes: &[u8]) -> Result<Reply, ReadError> {
    let text = part::calendar(bytes)?;
    if text.len() > CALENDAR_LIMIT {
        return Err(ReadError::TooBig);
    }
    let Entry::ICalendar(calendar) = Parser::new(&text).entry() else { return Err(ReadError::NoCalendar) };
    understand(&calendar)
}

fn understand(calendar: &ICalendar) -> Result<Reply, ReadError> {
    let whole = calendar.components.first().ok_or(ReadError::NoCalendar)?;
    if whole.component_type != ICalendarComponentType::VCalendar {
        return Err(ReadError::NoCalendar);
    }
    let method = whole.property(&ICalendarProperty::Method).and_then(|entry| entry.values.first());
    if !matches!(method, Some(ICalendarValue::Method(ICalendarMethod::Reply))) {
        return Err(ReadError::NotAReply);
    }
    let mut events = calendar.components.iter().filter(|c| c.component_type == ICalendarComponentType::VEvent);
    let (Some(event), None) = (events.next(), events.next()) else { return Err(ReadError::NotOneEvent) };
    let uid = event.uid().map(str::trim).filter(|uid| !uid.is_empty() && uid.len() <= 255).ok_or(ReadError::NoUid)?;
    let mut attendees = event.properties(&ICalendarProperty::Attendee);
    let (Some(attendee), None) = (attendees.next(), attendees.next()) else { return Err(ReadError::NoAnswer) };
    let participation = participation(attendee).ok_or(ReadError::NoAnswer)?;
    Ok(Reply {
        uid: uid.to_owned(),
        sequence: sequence(event),
        recurrence_id: event.property(&ICalendarProperty::RecurrenceId).map(|entry| kept(&text(entry))),
        participation,
        comment: comment(event, attendee),
        stamp: event.property(&ICalendarProperty::Dtstamp).and_then(stamp),
        attendee: address(attendee),
    })
}

fn participation(attendee: &ICalendarEntry) -> Option<Participation> {
    match attendee.parameter(&ICalendarParameterName::Partstat)? {
        ICalendarParameterValue::Partstat(status) => Some(match status {
            ICalendarParticipationStatus::NeedsAction => Participation::NeedsAction,
            ICalendarParticipationStatus::Accepted => Participation::Accepted,
            ICalendarParticipationStatus::Declined => Participation::Declined,
            ICalendarParticipationStatus::Tentative => Participation::Tentative,
            ICalendarParticipationStatus::Delegated => Participation::Delegated,
            _ => return None,
        }),
        _ => None,
    }
}

fn sequence(event: &ICalendarComponent) -> u32 {
    let value = event.property(&ICalendarProperty::Sequence).and_then(|entry| entry.values.first());
    let number = value.and_then(|value| match value {
        ICalendarValue::Integer(number) => Some(*number),
        other => other.as_text().and_then(|text| text.trim().parse().ok()),
    });
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}

/// COMMENT as the standard has it (Exchange, Apple), else as Google and Apple's server put it beside the answer.
fn comment(event: &ICalendarComponent, attendee: &ICalendarEntry) -> String {
    let standard = event.properties(&ICalendarProperty::Comment).map(text).find(|text| !text.trim().is_empty());
    let beside = || {
        attendee.params.iter().find_map(|parameter| match (&parameter.name, &parameter.value) {
            (ICalendarParameterName::Other(name), ICalendarParameterValue::Text(text))
                if ["X-RESPONSE-COMMENT", "X-CALENDARSERVER-RESPONSE-COMMENT"]
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known)) =>
            {
                Some(text.clone())
            }
            _ => None,
        })
    };
    kept(&standard.or_else(beside).unwrap_or_default())
}

/// Without what is not text, and not longer than is kept.
fn kept(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).take(TEXT_LIMIT).collect();
    text.trim().to_owned()
}

/// A reader may take commas for separators: they are put back.
fn text(entry: &ICalendarEntry) -> String {
    let values: Vec<&str> = entry.values.iter().filter_map(ICalendarValue::as_text).collect();
    values.join(",")
}

fn address(attendee: &ICalendarEntry) -> String {
    let uri = attendee.values.first().and_then(ICalendarValue::as_text).unwrap_or_default().trim();
    let bare = match uri.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => uri.get(7..).unwrap_or_default(),
        _ => uri,
    };
    kept(bare).to_lowercase()
}

/// DTSTAMP is in UTC (RFC 5545 §3.8.7.2), whether it says so or not.
fn stamp(entry: &ICalendarEntry) -> Option<i64> {
    let ICalendarValue::PartialDateTime(at) = entry.values.first()? else { return None };
    let part = |value: Option<u8>| i8::try_from(value?).ok();
    let date_time = DateTime::new(
        i16::try_from(at.year?).ok()?,
        part(at.month)?,
        part(at.day)?,
        part(at.hour)?,
        part(at.minute)?,
        part(at.second).unwrap_or(0).min(59),
        0,
    );
    let east = i64::from(at.tz_hour.unwrap_or(0)) * 60 + i64::from(at.tz_minute.unwrap_or(0));
    let east = if at.tz_minus { -east } else { east };
    Some(Zone::utc_instant(date_time.ok()?)?.saturating_sub(east * 60_000))
}
