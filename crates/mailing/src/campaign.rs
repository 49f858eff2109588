//! Campaigns: a selection as it was when it was started (P-2 to P-4), printed or mailed.

use letters::{Layout, Sender};
use store::{Database, Row, Value, params};

use crate::selection::{CHOSEN, parameters};
use crate::{Criteria, Error, Refusal, Viewpoint, accounts};

/// What becomes of the accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A PDF, one account a page.
    One,
    /// A PDF, eight accounts a page, to cut.
    Eight,
    /// A mail each.
    Mail,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::One, Self::Eight, Self::Mail];

    /// The word in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Eight => "eight",
            Self::Mail => "mail",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How it is printed, if it is.
    #[must_use]
    pub const fn layout(self) -> Option<Layout> {
        match self {
            Self::One => Some(Layout::OnePerPage),
            Self::Eight => Some(Layout::EightPerPage),
            Self::Mail => None,
        }
    }
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: String,
    /// The establishment.
    pub uai: String,
    /// Who started it: id and name.
    pub by: (String, String),
    /// Printed or mailed.
    pub kind: Kind,
    /// What was asked for.
    pub criteria: Criteria,
    /// The mail campaign that this one prints the rest of.
    pub after: Option<String>,
    /// Accounts in it.
    pub total: u32,
    /// UTC milliseconds.
    pub created_at: i64,
    /// When its mails were queued, UTC milliseconds.
    pub mailed_at: Option<i64>,
}

/// What it takes to start a campaign, beside the selection.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// A new ULID.
    pub id: &'a str,
    /// Another, for the job of a printed campaign.
    pub job: &'a str,
    /// Printed or mailed.
    pub kind: Kind,
    /// What the letters have on them.
    pub sender: &'a Sender,
    /// The name of the file; no name of a person, no code.
    pub file_name: &'a str,
    /// Sent twice with this key, it is one campaign.
    pub key: Option<&'a str>,
    /// UTC milliseconds.
    pub now: i64,
}

/// Freezes the selection: who, in which order, at which address, in one statement, and begins the job of a printed campaign.
/// Gives the campaign's id, which with a key used before is that of the first.
///
/// # Errors
/// [`Refusal::Nobody`]; [`Refusal::KeyReused`] when the key was for something else.
pub fn launch(db: &dyn Database, at: Viewpoint<'_>, criteria: &Criteria, start: Start<'_>) -> Result<String, Error> {
    let accounts = format!(
        "SELECT json_group_array(json_array(o.position, o.id, o.mail, o.active)) FROM (
            SELECT row_number() OVER (ORDER BY c.place, c.folded_name, c.id) - 1 AS position, c.id, c.mail,
                c.activated_at IS NOT NULL AS active
            FROM ({CHOSEN}) c) o"
    );
    freeze(db, &accounts, parameters(at, criteria)?, criteria, None, start)
}

/// Prints the letters of those whom a mail campaign does not reach (P-4): without an address, or whose mail failed. Gives the
/// new campaign's id.
///
/// # Errors
/// [`Refusal::Unknown`] for a campaign that is not one of mails, or not the viewer's to see; [`Refusal::Nobody`];
/// [`Refusal::KeyReused`].
pub fn print_rest(db: &dyn Database, viewer: &str, campaign: &str, start: Start<'_>) -> Result<String, Error> {
    let origin = find(db, viewer, campaign)?;
    if origin.kind != Kind::Mail {
        return Err(Refusal::Unknown.into());
    }
    let at = Viewpoint { viewer, uai: &origin.uai };
    // ?3 to ?11 stand for the criteria, so that both statements take the same parameters.
    let accounts = "SELECT json_group_array(json_array(o.position, o.id, o.mail, o.active)) FROM (
        SELECT row_number() OVER (ORDER BY a.position) - 1 AS position, p.id, a.address AS mail, p.activated_at IS NOT NULL AS active
        FROM campaign c JOIN campaign_account a ON a.campaign_id = c.id JOIN person p ON p.id = a.person_id
        LEFT JOIN delivery d ON d.message_id = a.message_id
        WHERE c.id = ?17 AND p.blocked_at IS NULL AND p.left_at IS NULL
            AND EXISTS (SELECT 1 FROM letter_subject s WHERE s.viewer_id = ?1 AND s.uai = ?2 AND s.person_id = p.id)
            AND CASE WHEN c.mailed_at IS NULL THEN a.address = ''
                ELSE a.left_out NOT IN ('', 'withheld') OR d.state IN ('failed', 'dead', 'cancelled') END) o
        WHERE ?3 + ?4 + ?5 + ?6 + ?7 + ?8 + ?9 + ?10 + ?11 IS NOT 'x'";
    freeze(db, accounts, parameters(at, &origin.criteria)?, &origin.criteria, Some(campaign), start)
}

/// `accounts` gives them as JSON, by `parameters` (?1 the viewer, ?2 the establishment, up to ?11).
fn freeze(
    db: &dyn Database,
    accounts: &str,
    mut parameters: Vec<Value>,
    criteria: &Criteria,
    after: Option<&str>,
    start: Start<'_>,
) -> Result<String, Error> {
    let statement = format!(
        "INSERT INTO campaign_launch (id, uai, by_id, kind, criteria, after_id, idempotency_key, at, job_id, file_name, progress, accounts)
         VALUES (?12, ?2, ?1, ?13, ?14, ?17, ?15, ?16, ?18, ?19, ?20, ({accounts}))"
    );
    let viewer = parameters.first().cloned().unwrap_or(Value::Null);
    let progress = start.kind.layout().map(|layout| accounts::begin(start.sender, layout)).transpose()?;
    let criteria = serde_json::to_string(criteria)?;
    parameters.extend([
        start.id.into(),
        start.kind.as_str().into(),
        criteria.as_str().into(),
        start.key.into(),
        start.now.into(),
        after.into(),
        start.job.into(),
        start.file_name.into(),
        progress.into(),
    ]);
    match db.execute(&statement, &parameters) {
        Ok(_) => Ok(start.id.to_owned()),
        Err(store::Error::Constraint(words)) if words.contains("idempotency_key") => {
            let row = db.first(
                "SELECT id, kind = ?3 AND criteria = ?4 AND after_id IS ?5 FROM campaign WHERE by_id = ?1 AND idempotency_key = ?2",
                &[viewer, start.key.into(), start.kind.as_str().into(), criteria.into(), after.into()],
            )?;
            match row {
                Some(row) if row.boolean(1)? => Ok(row.text(0)?.to_owned()),
                _ => Err(Refusal::KeyReused.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

const COLUMNS: &str = "c.id, c.uai, c.by_id, coalesce((SELECT p.first_name || ' ' || p.last_name FROM person p
    WHERE p.id = c.by_id AND p.purged_at IS NULL), ''), c.kind, c.criteria, c.after_id, c.total, c.created_at, c.mailed_at";
/// Local administrators see all campaigns of the establishment; those of classes their own, while they administer some there.
const SEEN: &str = "(EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?1 AND a.uai = c.uai)
    OR c.by_id = ?1 AND EXISTS (SELECT 1 FROM class_admin a JOIN class k ON k.id = a.class_id AND k.uai = c.uai WHERE a.person_id = ?1))";

/// The campaign `id`, if the viewer may see it.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn find(db: &dyn Database, viewer: &str, id: &str) -> Result<Campaign, Error> {
    let row = db.first(&format!("SELECT {COLUMNS} FROM campaign c WHERE c.id = ?2 AND {SEEN}"), params![viewer, id])?;
    row.map_or(Err(Refusal::Unknown.into()), |row| read(&row))
}

/// The campaigns that the viewer may see in the establishment, newest first, older than `before` (an id, or empty).
///
/// # Errors
/// When the database cannot be used.
pub fn list(db: &dyn Database, at: Viewpoint<'_>, before: &str, size: u32) -> Result<Vec<Campaign>, Error> {
    let statement = format!(
        "SELECT {COLUMNS} FROM campaign c
         WHERE c.uai = ?2 AND (?3 = '' OR c.id < ?3) AND {SEEN} ORDER BY c.id DESC LIMIT ?4 + 0"
    );
    db.execute(&statement, params![at.viewer, at.uai, before, size])?.iter().map(read).collect()
}

/// The campaigns that print the rest of this one: their ids, oldest first.
///
/// # Errors
/// When the database cannot be used.
pub fn after(db: &dyn Database, campaign: &str) -> Result<Vec<String>, Error> {
    let rows = db.execute("SELECT c.id FROM campaign c WHERE c.after_id = ?1 ORDER BY c.id", params![campaign])?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// Whether the viewer, who may see the campaign, may have its file as well: she may make every letter in it, and see every code,
/// now. Who started it is asked like anybody else, since she may have less to see than she had then.
///
/// # Errors
/// When the database cannot be used.
pub fn may_open_file(db: &dyn Database, viewer: &str, campaign: &Campaign) -> Result<bool, Error> {
    let withheld = db.first(
        "SELECT 1 FROM campaign_account a JOIN person p ON p.id = a.person_id
         WHERE a.campaign_id = ?2
            AND NOT EXISTS (SELECT 1 FROM job j JOIN job_remark r ON r.job_id = j.id AND r.position = a.position
                WHERE j.kind = 'accounts' AND j.about_id = ?2)
            AND (NOT EXISTS (SELECT 1 FROM letter_subject s WHERE s.viewer_id = ?1 AND s.uai = ?3 AND s.person_id = p.id)
                OR p.activated_at IS NULL
                    AND EXISTS (SELECT 1 FROM withheld_code w WHERE w.viewer_id = ?1 AND w.person_id = p.id))
         LIMIT 1",
        params![viewer, campaign.id.as_str(), campaign.uai.as_str()],
    )?;
    Ok(withheld.is_none())
}

fn read(row: &Row) -> Result<Campaign, Error> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Campaign {
        id: text(0)?,
        uai: text(1)?,
        by: (text(2)?, text(3)?),
        kind: Kind::of(row.text(4)?).ok_or(Error::Store(store::Error::Column(4)))?,
        criteria: serde_json::from_str(row.text(5)?)?,
        after: row.optional_text(6)?.map(str::to_owned),
        total: u32::try_from(row.integer(7)?).unwrap_or(u32::MAX),
        created_at: row.integer(8)?,
        mailed_at: row.optional_integer(9)?,
    })
}
