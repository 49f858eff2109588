//! The invitation that a message about an event carries (B-2, RFC 6047). The mail is composed once around it; where an
//! answer is asked, each delivery gets a calendar object of its own: it names the recipient by the address that this mail
//! goes to, which stands in no other mail (F-2), and the organiser by an address that names event and recipient.
//!
//! A mail that leaves late says what is true when it leaves: the event is read then, so that an invitation which waited
//! behind a cancellation invites nobody.

use calendar::{Event, Method, Participation, Person, When};
use clock::Zone;
use mail::{Address, Frame, Mail};
use store::{Database, params};

use crate::letter::LetterError;

/// Nothing for a message that is about no event: one look-up by key.
pub(crate) const EVENT: &str = "\
    SELECT e.id, e.uid, e.sequence, e.revised_at, e.title, e.place, e.summary, e.url, e.all_day, e.starts, e.ends, e.zone,
        e.state = 'cancelled', e.confirmation, e.dates_since, p.first_name || ' ' || p.last_name, p.universal_address, s.domain
    FROM audience a JOIN event e ON e.id = a.about_id
    JOIN person p ON p.id = e.author_id
    JOIN establishment s ON s.uai = e.uai
    WHERE a.message_id = ?1 AND a.kind = 'event'";

pub(crate) const ATTENDEE: &str = "\
    SELECT i.token, p.first_name || ' ' || p.last_name, a.participation
    FROM delivery d JOIN invitation i ON i.event_id = ?2 AND i.person_id = d.person_id
    JOIN person p ON p.id = i.person_id
    LEFT JOIN answer a ON a.event_id = i.event_id AND a.person_id = i.person_id AND a.sequence >= ?3
    WHERE d.id = ?1";

/// An event that asks for answers, and the mail around its invitations.
pub(crate) struct Invitation {
    frame: Frame,
    event: Kept,
}

/// The event as read.
struct Kept {
    id: String,
    uid: String,
    sequence: u32,
    revised_at: i64,
    title: String,
    place: String,
    summary: String,
    url: String,
    when: When,
    zone: Zone,
    cancelled: bool,
    dates_since: i64,
    organizer: String,
    domain: String,
}

impl Invitation {
    /// The mail of `message` as it suits everybody; and what it takes to make one for each recipient, if it needs that.
    pub(crate) fn read(
        database: &dyn Database,
        message: &str,
        mail: &Mail<'_>,
    ) -> Result<(Vec<u8>, Option<Self>), LetterError> {
        let Some(row) = database.first(EVENT, params![message])? else { return Ok((mail.compose(), None)) };
        let text = |index| row.text(index).map(str::to_owned);
        let when = When::parse(row.boolean(8)?, row.text(9)?, row.text(10)?);
        let event = Kept {
            id: text(0)?,
            uid: text(1)?,
            sequence: u32::try_from(row.integer(2)?).unwrap_or(u32::MAX),
            revised_at: row.integer(3)?,
            title: text(4)?,
            place: text(5)?,
            summary: text(6)?,
            url: text(7)?,
            when: when.ok_or(LetterError::Unfit("an event has no dates"))?,
            zone: Zone::named(row.text(11)?),
            cancelled: row.boolean(12)?,
            dates_since: row.integer(14)?,
            organizer: text(15)?,
            domain: text(17)?,
        };
        if row.boolean(13)? {
            let method = if event.cancelled { "CANCEL" } else { "REQUEST" };
            return Ok((mail.compose(), Some(Self { frame: mail.around_calendar(method), event })));
        }
        let organizer = Person { name: &event.organizer, address: row.text(16)? };
        let calendar = calendar::message(&event.shown(), &Method::Publish { organizer });
        Ok((mail.around_calendar("PUBLISH").with(&calendar), None))
    }

    /// The mail of one delivery; none for whoever was not invited, such as the author who wants a copy.
    pub(crate) fn of(
        &self,
        database: &dyn Database,
        delivery: &str,
        address: &Address,
    ) -> Result<Option<Vec<u8>>, LetterError> {
        let row = database.first(ATTENDEE, params![delivery, &self.event.id, self.event.dates_since])?;
        let Some(row) = row else { return Ok(None) };
        let participation = match row.optional_text(2)? {
            Some("accepted") => Participation::Accepted,
            Some("declined") => Participation::Declined,
            Some("tentative") => Participation::Tentative,
            _ => Participation::NeedsAction,
        };
        let reply = format!("reponse+{}@{}", row.text(0)?, self.event.domain);
        let organizer = Person { name: &self.event.organizer, address: &reply };
        let attendee = Person { name: row.text(1)?, address: address.as_str() };
        let method = Method::Request { organizer, attendee, participation };
        Ok(Some(self.frame.with(&calendar::message(&self.event.shown(), &method))))
    }
}

impl Kept {
    fn shown(&self) -> Event<'_> {
        Event {
            uid: &self.uid,
            sequence: self.sequence,
            revised_at: self.revised_at,
            title: &self.title,
            place: &self.place,
            summary: &self.summary,
            url: &self.url,
            when: self.when,
            zone: &self.zone,
            cancelled: self.cancelled,
        }
    }
}
