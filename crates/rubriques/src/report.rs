//! What became of a message to an audience: who sent what to whom and when, and how each one was reached. The audience is
//! that of the sending, whatever groups have become since. Outside addresses are never told (F-2).

use people::Profile;
use store::{Database, Error, Row, params};

/// A message that was sent from a rubrique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    /// ULID of the message.
    pub message: String,
    /// Whom it was for: "Vie scolaire : Parents de 6A".
    pub label: String,
    /// May be empty.
    pub subject: String,
    /// Who sent it.
    pub author: String,
    /// UTC milliseconds.
    pub at: i64,
    /// People.
    pub recipients: i64,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendPage {
    /// Newest first.
    pub items: Vec<Send>,
    /// What to ask for the next page with.
    pub next: Option<String>,
}

/// The report of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was sent.
    pub send: Send,
    /// The rubrique it was sent from, and its name.
    pub rubrique: Option<(String, String)>,
    /// The viewer may read who the recipients are: not of a group that hides its members, unless she administers.
    pub named: bool,
    /// The establishment of the message.
    pub uai: String,
    /// IANA name of its time zone.
    pub timezone: String,
    /// Of the recipients, those who have it in their mailbox.
    pub by_mailbox: i64,
    /// Those to whom a mail goes.
    pub by_redirect: i64,
    /// Those whom nothing reaches (M-9).
    pub by_neither: i64,
    /// Mails on their way.
    pub pending: i64,
    /// Mails that were taken.
    pub sent: i64,
    /// Mails refused, given up or cancelled.
    pub failed: i64,
    /// Those to reach on paper: by neither, or by a mail alone that failed.
    pub on_paper: i64,
    /// Those who opened it in their mailbox: how many, never who, since nobody consented to be told on.
    pub opened: i64,
    /// Why mails failed or wait, the most frequent first.
    pub reasons: Vec<Reason>,
}

/// Why mails were not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In a French sentence.
    pub words: String,
    /// How many.
    pub mails: i64,
}

/// Which recipients are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those who have it in their mailbox.
    Mailbox,
    /// Whose mail is on its way.
    Pending,
    /// Whose mail was taken.
    Sent,
    /// Whose mail failed.
    Failed,
    /// By neither.
    Neither,
    /// To reach on paper.
    Paper,
}

impl Filter {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::All, Self::Mailbox, Self::Pending, Self::Sent, Self::Failed, Self::Neither, Self::Paper];

    /// As in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mailbox => "mailbox",
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Neither => "neither",
            Self::Paper => "paper",
        }
    }

    /// From an address; empty for all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() { Some(Self::All) } else { Self::ALL.into_iter().find(|filter| filter.as_str() == text) }
    }

    const fn condition(self) -> &'static str {
        match self {
            Self::All => "1",
            Self::Mailbox => "o.by_mailbox",
            Self::Pending => "o.state = 'pending'",
            Self::Sent => "o.state = 'sent'",
            Self::Failed => "o.state = 'failed'",
            Self::Neither => "NOT o.by_mailbox AND NOT o.by_redirect",
            Self::Paper => "o.on_paper",
        }
    }
}

/// What became of it for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// ULID of the person.
    pub person: String,
    /// Her last name.
    pub last_name: String,
    /// Her first name.
    pub first_name: String,
    /// Her profile.
    pub profile: Profile,
    /// Her class or classes; those of her children for a relative. May be empty.
    pub classes: String,
    /// It is in her mailbox.
    pub by_mailbox: bool,
    /// A mail goes to her redirect address.
    pub by_redirect: bool,
    /// Where that mail stands, `pending`, `sent` or `failed`; without one `mailbox` or `neither`.
    pub state: String,
    /// Why the mail was not taken, in a French sentence.
    pub reason: Option<String>,
    /// To reach on paper.
    pub on_paper: bool,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomePage {
    /// By name.
    pub items: Vec<Outcome>,
    /// What to ask for the next page with.
    pub next: Option<String>,
}

/// ?1 is the viewer.
const SEND: &str = "a.message_id, a.label, m.subject, p.first_name || ' ' || p.last_name, a.made_at,
    (SELECT count(*) FROM recipient x WHERE x.message_id = a.message_id)";

/// What was sent from `rubrique`, nothing for a `viewer` who may not read its history, newest first, from `after` (a page's `next`) on; at most
/// `limit` (1 to 100).
///
/// # Errors
/// Those of the database.
pub fn sends(
    database: &dyn Database,
    viewer: &str,
    rubrique: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<SendPage, Error> {
    let limit = limit.clamp(1, 100);
    let (at, id) = after
        .and_then(|cursor| cursor.split_once('-'))
        .and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id)))
        .unwrap_or((i64::MAX, ""));
    let statement = format!(
        "SELECT {SEND} FROM audience a JOIN message m ON m.id = a.message_id JOIN person p ON p.id = a.author_id
         WHERE a.rubrique_id = ?2 AND (a.made_at, a.message_id) < (?3, ?4)
             AND EXISTS (SELECT 1 FROM history_reader v WHERE v.person_id = ?1 AND v.rubrique_id = ?2)
         ORDER BY a.made_at DESC, a.message_id DESC LIMIT ?5 + 0"
    );
    let rows = database.execute(&statement, params![viewer, rubrique, at, id, limit + 1])?;
    let mut items = rows.iter().map(send).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| format!("{}-{}", last.at, last.message));
    Ok(SendPage { items, next })
}

fn send(row: &Row) -> Result<Send, Error> {
    Ok(Send {
        message: row.text(0)?.to_owned(),
        label: row.text(1)?.to_owned(),
        subject: row.text(2)?.to_owned(),
        author: row.text(3)?.to_owned(),
        at: row.integer(4)?,
        recipients: row.integer(5)?,
    })
}

/// The report of `message`; none when `viewer` may not read it.
///
/// # Errors
/// Those of the database.
pub fn report(database: &dyn Database, viewer: &str, message: &str) -> Result<Option<Report>, Error> {
    let statement = format!(
        "SELECT {SEND}, a.rubrique_id, r.name, m.uai, e.timezone,
            EXISTS (SELECT 1 FROM report_names v WHERE v.person_id = ?1 AND v.message_id = ?2)
         FROM audience a JOIN message m ON m.id = a.message_id JOIN person p ON p.id = a.author_id
         JOIN establishment e ON e.uai = m.uai LEFT JOIN rubrique r ON r.id = a.rubrique_id
         WHERE a.message_id = ?2 AND EXISTS (SELECT 1 FROM report_reader v WHERE v.person_id = ?1 AND v.message_id = ?2)"
    );
    let Some(head) = database.first(&statement, params![viewer, message])? else { return Ok(None) };
    let counts = database.first(
        "SELECT coalesce(sum(o.by_mailbox), 0), coalesce(sum(o.by_redirect), 0), coalesce(sum(NOT o.by_mailbox AND NOT o.by_redirect), 0),
            coalesce(sum(o.state = 'pending'), 0), coalesce(sum(o.state = 'sent'), 0), coalesce(sum(o.state = 'failed'), 0),
            coalesce(sum(o.on_paper), 0),
            (SELECT count(*) FROM recipient x CROSS JOIN mailbox_entry y ON y.person_id = x.person_id AND y.message_id = x.message_id
                AND y.side = 'recipient' AND y.seen WHERE x.message_id = ?1)
         FROM outcome o WHERE o.message_id = ?1",
        params![message],
    )?;
    let counts = counts.ok_or(Error::Column(0))?;
    let reasons = database.execute(
        "SELECT o.reason, count(*) FROM outcome o WHERE o.message_id = ?1 AND o.reason IS NOT NULL
            GROUP BY o.reason ORDER BY count(*) DESC, o.reason LIMIT 10",
        params![message],
    )?;
    let rubrique = match (head.optional_text(6)?, head.optional_text(7)?) {
        (Some(id), Some(name)) => Some((id.to_owned(), name.to_owned())),
        _ => None,
    };
    Ok(Some(Report {
        send: send(&head)?,
        rubrique,
        named: head.boolean(10)?,
        uai: head.text(8)?.to_owned(),
        timezone: head.text(9)?.to_owned(),
        by_mailbox: counts.integer(0)?,
        by_redirect: counts.integer(1)?,
        by_neither: counts.integer(2)?,
        pending: counts.integer(3)?,
        sent: counts.integer(4)?,
        failed: counts.integer(5)?,
        on_paper: counts.integer(6)?,
        opened: counts.integer(7)?,
        reasons: reasons
            .iter()
            .map(|row| Ok(Reason { words: row.text(0)?.to_owned(), mails: row.integer(1)? }))
            .collect::<Result<_, Error>>()?,
    }))
}

/// The outcome for each recipient of `message` that `filter` lets through and whose name has the words of `typed`, from
/// `after` (a page's `next`) on; at most `limit` (1 to 200). Nothing when `viewer` may not read the report, or not who it is about.
///
/// # Errors
/// Those of the database.
pub fn outcomes(
    database: &dyn Database,
    viewer: &str,
    message: &str,
    (filter, typed): (Filter, &str),
    after: Option<&str>,
    limit: u32,
) -> Result<OutcomePage, Error> {
    let limit = limit.clamp(1, 200);
    let mut items = select(database, viewer, message, (filter, typed), after, limit + 1)?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| last.person.clone());
    Ok(OutcomePage { items, next })
}

/// All of them, at most 100,000: for a file.
///
/// # Errors
/// Those of the database.
pub fn all_outcomes(
    database: &dyn Database,
    viewer: &str,
    message: &str,
    filter: Filter,
) -> Result<Vec<Outcome>, Error> {
    select(database, viewer, message, (filter, ""), None, 100_000)
}

/// The cursor is a person: pages go on after her name.
fn select(
    database: &dyn Database,
    viewer: &str,
    message: &str,
    (filter, typed): (Filter, &str),
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Outcome>, Error> {
    let words = serde_json::Value::from(people::words(typed)).to_string();
    let statement = format!(
        "SELECT p.id, p.last_name, p.first_name, p.profile,
            coalesce((SELECT group_concat(DISTINCT c.name) FROM membership y JOIN person_group g ON g.id = y.group_id AND g.kind = 'class'
                JOIN class c ON c.id = g.class_id WHERE y.person_id = p.id AND p.profile IN ('student', 'relative')), ''),
            o.by_mailbox, o.by_redirect, o.state, o.reason, o.on_paper
         FROM outcome o JOIN person p ON p.id = o.person_id
         WHERE o.message_id = ?2 AND {}
             AND EXISTS (SELECT 1 FROM report_names v WHERE v.person_id = ?1 AND v.message_id = ?2)
             AND NOT EXISTS (SELECT 1 FROM json_each(?3) j WHERE instr(' ' || p.folded_name, ' ' || j.value) = 0)
             AND (?4 IS NULL OR (p.folded_name, p.id) > (SELECT q.folded_name, q.id FROM person q WHERE q.id = ?4))
         ORDER BY p.folded_name, p.id LIMIT ?5 + 0",
        filter.condition()
    );
    let rows = database.execute(&statement, params![viewer, message, words, after, limit])?;
    rows.iter().map(outcome).collect()
}

fn outcome(row: &Row) -> Result<Outcome, Error> {
    Ok(Outcome {
        person: row.text(0)?.to_owned(),
        last_name: row.text(1)?.to_owned(),
        first_name: row.text(2)?.to_owned(),
        profile: row.text(3)?.parse().map_err(|_| Error::Column(3))?,
        classes: row.text(4)?.replace(',', ", "),
        by_mailbox: row.boolean(5)?,
        by_redirect: row.boolean(6)?,
        state: row.text(7)?.to_owned(),
        reason: row.optional_text(8)?.map(str::to_owned),
        on_paper: row.boolean(9)?,
    })
}
