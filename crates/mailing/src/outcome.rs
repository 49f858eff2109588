//! What became of each account of a campaign: printed, mailed, left out and why (P-2). Never a code.

use people::Profile;
use store::{Database, Row, params};

use crate::{Error, accounts};

/// What became of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not yet: the file is being made, or the mails are not queued.
    Waiting,
    /// In the file.
    Printed,
    /// The mail is in the outbox.
    Queued,
    /// The mail was taken by the mail server.
    Sent,
    /// The mail was refused, or cancelled; see [`Outcome::reason`].
    Failed,
    /// No letter was made; see [`Outcome::reason`].
    LeftOut,
    /// The file was cancelled, or could not be made.
    Abandoned,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Printed, Self::Queued, Self::Sent, Self::Failed, Self::LeftOut, Self::Abandoned];

    /// The word in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Printed => "printed",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::LeftOut => "left-out",
            Self::Abandoned => "abandoned",
        }
    }

    /// In French.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "en attente",
            Self::Printed => "imprimé",
            Self::Queued => "e-mail en file d’attente",
            Self::Sent => "e-mail envoyé",
            Self::Failed => "e-mail non remis",
            Self::LeftOut => "laissé de côté",
            Self::Abandoned => "non imprimé",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// One account of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its place, from 0.
    pub position: u32,
    /// First name; empty when the person was purged.
    pub first_name: String,
    /// Last name; empty when the person was purged.
    pub last_name: String,
    /// What she is.
    pub profile: Profile,
    /// The address as it was when the campaign was started; may be empty.
    pub address: String,
    /// What became of it.
    pub state: State,
    /// Why, in French; may be empty.
    pub reason: String,
    /// When, UTC milliseconds.
    pub at: Option<i64>,
    /// When she activated her account, if that was after the campaign was started, UTC milliseconds.
    pub activated_since: Option<i64>,
}

const STATE: &str = "CASE
        WHEN c.kind = 'mail' AND c.mailed_at IS NULL THEN 'waiting'
        WHEN c.kind = 'mail' AND a.left_out <> '' THEN 'left-out'
        WHEN c.kind = 'mail' THEN CASE d.state WHEN 'sent' THEN 'sent' WHEN 'failed' THEN 'failed' WHEN 'dead' THEN 'failed'
            WHEN 'cancelled' THEN 'failed' ELSE 'queued' END
        WHEN r.words IS NOT NULL THEN 'left-out'
        WHEN j.state = 'done' THEN 'printed'
        WHEN j.state = 'running' THEN 'waiting'
        ELSE 'abandoned' END";
const FROM: &str = "campaign c JOIN campaign_account a ON a.campaign_id = c.id
    LEFT JOIN delivery d ON d.message_id = a.message_id
    LEFT JOIN job j ON j.kind = 'accounts' AND j.about_id = c.id
    LEFT JOIN job_remark r ON r.job_id = j.id AND r.position = a.position";
/// Whose outcome the viewer, ?1, may see: anybody's as an administrator of the establishment, else of those whose letters she
/// may make now, whatever she could when the campaign was started.
const SEEN: &str = "(EXISTS (SELECT 1 FROM local_admin l WHERE l.person_id = ?1 AND l.uai = c.uai)
    OR EXISTS (SELECT 1 FROM letter_subject s WHERE s.viewer_id = ?1 AND s.uai = c.uai AND s.person_id = a.person_id))";

/// Accounts of a campaign from position `from` on, `size` of them: those that the viewer may see.
///
/// # Errors
/// When the database cannot be used.
pub fn outcomes(db: &dyn Database, viewer: &str, campaign: &str, from: u32, size: u32) -> Result<Vec<Outcome>, Error> {
    let statement = format!(
        "SELECT a.position, p.first_name, p.last_name, p.profile, p.purged_at IS NOT NULL, a.address, {STATE}, a.left_out,
            coalesce(r.words, CASE WHEN d.state IN ('failed', 'dead') THEN d.last_error WHEN d.state = 'cancelled' THEN 'annulé' END, ''),
            CASE WHEN c.kind = 'mail' THEN CASE WHEN a.left_out = '' THEN coalesce(d.finished_at, c.mailed_at) END
                WHEN j.state = 'done' THEN j.finished_at END,
            CASE WHEN NOT a.active THEN p.activated_at END
         FROM {FROM} JOIN person p ON p.id = a.person_id
         WHERE c.id = ?2 AND a.position >= ?3 AND {SEEN} ORDER BY a.position LIMIT ?4 + 0"
    );
    db.execute(&statement, params![viewer, campaign, from, size])?.iter().map(read).collect()
}

/// How many accounts of a campaign that the viewer may see are in each state; states that nobody is in are left out.
///
/// # Errors
/// When the database cannot be used.
pub fn tally(db: &dyn Database, viewer: &str, campaign: &str) -> Result<Vec<(State, u32)>, Error> {
    let statement = format!("SELECT {STATE} AS state, count(*) FROM {FROM} WHERE c.id = ?2 AND {SEEN} GROUP BY 1");
    let rows = db.execute(&statement, params![viewer, campaign])?;
    let mut tally = rows
        .iter()
        .map(|row| {
            let state = State::of(row.text(0)?).ok_or(store::Error::Column(0))?;
            Ok((state, u32::try_from(row.integer(1)?).unwrap_or(u32::MAX)))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    tally.sort_by_key(|(state, _)| State::ALL.iter().position(|other| other == state));
    Ok(tally)
}

fn read(row: &Row) -> Result<Outcome, Error> {
    let purged = row.boolean(4)?;
    let name = |column| row.text(column).map(|name| if purged { String::new() } else { name.to_owned() });
    let left_out = accounts::obstacle(row.text(7)?);
    Ok(Outcome {
        position: u32::try_from(row.integer(0)?).unwrap_or(u32::MAX),
        first_name: name(1)?,
        last_name: name(2)?,
        profile: row.text(3)?.parse()?,
        address: row.text(5)?.to_owned(),
        state: State::of(row.text(6)?).ok_or(store::Error::Column(6))?,
        reason: if left_out.is_empty() { row.text(8)?.to_owned() } else { left_out.to_owned() },
        at: row.optional_integer(9)?,
        activated_since: row.optional_integer(10)?,
    })
}
