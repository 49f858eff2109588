//! The messages that tell of what was published. One message per subject and no more: its idempotency key names the subject, so
//! that every try makes the same draft; and the trigger of its audience refuses a subject that was told already.

use counter::{Addressee, Desk, Draft, Kind, Receipt, Refusal};
use store::params;

use crate::{Error, flash, liaison, news};

/// Messages of one kind that one run sends; the next run goes on.
pub(crate) const RUN: i64 = 200;

/// One message that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) kind: Kind,
    /// Id of what it tells of.
    pub(crate) id: String,
    pub(crate) author: String,
    /// At most 200 characters.
    pub(crate) subject: String,
    pub(crate) html: String,
}

/// What became of a message that was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It left; to whom.
    Sent(Receipt),
    /// It was refused for good, and the subject says so: a code of `counter::CODES`.
    Refused(&'static str),
    /// Nothing is due: it was told already, is to come, is over, or nobody asked for a message.
    Nothing,
}

/// What one run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Messages that left.
    pub sent: u32,
    /// Messages that were refused for good.
    pub refused: u32,
    /// Reminders that came due.
    pub reminders: u32,
}

/// Sends all messages that are due at the desk's instant: flash messages first, then liaison notices and their reminders, then
/// news. `site` is where people reach the service (`https://ent.example.fr`, no final slash), for the links. Twice, late or
/// side by side does no harm.
///
/// # Errors
/// The first trouble with the database, after everything was tried; the next run goes on where this one was stopped.
pub fn tell_due(desk: Desk<'_>, site: Option<&str>) -> Result<Report, Error> {
    let reminders = liaison::remind_due(desk.database, desk.now)?;
    let mut due = flash::due(desk, site, None)?;
    due.extend(liaison::due(desk, site, None)?);
    due.extend(news::due(desk, site, None)?);
    let mut report = Report { reminders, ..Report::default() };
    let mut trouble = None;
    for one in &due {
        match tell(desk, one) {
            Ok(Told::Sent(_)) => report.sent += 1,
            Ok(Told::Refused(_)) => report.refused += 1,
            Ok(Told::Nothing) => {}
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    trouble.map_or(Ok(report), Err)
}

/// Sends the one message of `due`, if there is one.
pub(crate) fn tell_first(desk: Desk<'_>, due: &[Due]) -> Result<Told, Error> {
    due.first().map_or(Ok(Told::Nothing), |due| tell(desk, due))
}

fn tell(desk: Desk<'_>, due: &Due) -> Result<Told, Error> {
    match send(desk, due) {
        Ok(receipt) => Ok(Told::Sent(receipt)),
        Err(Refusal::Unavailable(error)) => Err(Error::Store(error)),
        Err(refusal) => {
            let code = code(&refusal);
            desk.database.execute(problem_of(due.kind), params![&due.id, code])?;
            // A reminder has a row of its own.
            if due.kind == Kind::Liaison {
                desk.database.execute(
                    "UPDATE liaison_reminder SET notify_problem = ?2 WHERE id = ?1 AND notified_at IS NULL",
                    params![&due.id, code],
                )?;
            }
            Ok(Told::Refused(code))
        }
    }
}

fn send(desk: Desk<'_>, due: &Due) -> Result<Receipt, Refusal> {
    let draft = Draft {
        subject: due.subject.clone(),
        body: due.html.clone(),
        addressees: vec![Addressee::audience(due.kind, &due.id)],
        ..Draft::default()
    };
    let key = format!("announce-{}", due.id);
    let message = match counter::save(desk, &due.author, None, &draft, Some(&key)) {
        Ok(message) => message,
        // An earlier try stopped between the draft and its submission, and the subject was changed since.
        Err(Refusal::KeyReused) => again(desk, due, &draft, &key)?,
        Err(refusal) => return Err(refusal),
    };
    counter::submit(desk, &due.author, &message).inspect_err(|refusal| {
        // What will never leave is not left among the author's drafts; if this fails, it is only a draft too many.
        if !matches!(refusal, Refusal::Unavailable(_)) {
            let _ = counter::discard(desk, &due.author, &message);
        }
    })
}

/// The draft of the earlier try, with what is to be said now.
fn again(desk: Desk<'_>, due: &Due, draft: &Draft, key: &str) -> Result<String, Refusal> {
    let row = desk
        .database
        .first("SELECT id FROM message WHERE author_id = ?1 AND idempotency_key = ?2", params![&due.author, key])?;
    let Some(row) = row else { return Err(Refusal::KeyReused) };
    let message = row.text(0)?;
    match counter::save(desk, &due.author, Some(message), draft, None) {
        Ok(_) | Err(Refusal::AlreadySubmitted) => Ok(message.to_owned()),
        Err(refusal) => Err(refusal),
    }
}

const fn problem_of(kind: Kind) -> &'static str {
    match kind {
        Kind::News => "UPDATE news SET notify_problem = ?2 WHERE id = ?1 AND notified_at IS NULL",
        Kind::Flash => "UPDATE flash SET notify_problem = ?2 WHERE id = ?1 AND notified_at IS NULL",
        _ => "UPDATE liaison SET notify_problem = ?2 WHERE id = ?1 AND notified_at IS NULL",
    }
}

/// The refusal as a code of `counter::CODES`.
const fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::AuthorMayNotSend => "author-may-not-send",
        Refusal::Audience => "audience-refused",
        Refusal::Nobody => "nobody",
        Refusal::BadSubject => "bad-subject",
        Refusal::BadBody => "bad-body",
        Refusal::NotFound => "not-found",
        _ => "internal",
    }
}

/// The last paragraph of a message: where to read on.
pub(crate) fn link(site: Option<&str>, path: &str, words: &str, otherwise: &str) -> maud::Markup {
    maud::html! {
        @match site {
            Some(site) => p { a href={ (site) (path) } { (words) } },
            None => p { (otherwise) },
        }
    }
}
