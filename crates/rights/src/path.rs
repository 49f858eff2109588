//! The simulator: may this person write to that one, and by which way, or what stands between them.

use people::PersonId;
use store::{Database, Error, Row, params};

/// A way that leads from one person to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// A rule from a group of the first to a group of the second, by their names.
    Rule(String, String),
    /// A group of both, whose members write to each other.
    Members(String),
    /// They are a relative and her own child, and the preset opens that way.
    Kin,
}

/// What keeps one person from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The sender is blocked.
    SenderBlocked,
    /// The sender has left.
    SenderLeft,
    /// The sender has no role that sends.
    SenderRole,
    /// The recipient is blocked.
    RecipientBlocked,
    /// The recipient has left.
    RecipientLeft,
    /// A prohibition, with its reason, and until when (UTC milliseconds).
    Prohibited(String, Option<i64>),
    /// There is a rule between these two groups, but members of the first do not use its rules.
    NotIncoming(String, String),
    /// There is one, but members of the second are not reached through it.
    NotOutgoing(String, String),
    /// There is one, but it goes beyond the establishment and the sender has not the role `send-extended`.
    NotExtended(String, String),
    /// They are in this group together, but its members do not write to each other.
    NotBoth(String),
    /// No rule leads from any group of the first to any group of the second.
    NoRule,
}

/// The answer of the simulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Whether a new message would be accepted.
    pub allowed: bool,
    /// The ways that lead there; may be there and yet barred.
    pub paths: Vec<Path>,
    /// What bars them, or what each missing way lacks.
    pub obstacles: Vec<Obstacle>,
}

/// At most this many ways of a kind are told.
const MOST: usize = 20;

const PATHS: &str = "
    SELECT DISTINCT f.name, t.name, v.from_group IS v.to_group
    FROM reachable v LEFT JOIN person_group f ON f.id = v.from_group LEFT JOIN person_group t ON t.id = v.to_group
    WHERE v.sender_id = ?1 AND v.recipient_id = ?2 ORDER BY f.name, t.name LIMIT 20";

const STATE: &str = "
    SELECT s.blocked_at IS NOT NULL, s.left_at IS NOT NULL,
        NOT EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = ?1 AND x.role IN ('send', 'send-extended', 'mailbox')),
        r.blocked_at IS NOT NULL, r.left_at IS NOT NULL, x.reason, x.until
    FROM person s JOIN person r ON r.id = ?2
        LEFT JOIN prohibition x ON x.sender_id = ?1 AND x.recipient_id = ?2 AND (x.until IS NULL OR x.until > ?3)
    WHERE s.id = ?1";

/// Rules between their groups, whether or not they lead anywhere, and groups of both.
const NEAR: &str = "
    SELECT sg.name, tg.name, sg.participation, tg.participation, tg.uai IS sg.uai OR EXISTS
        (SELECT 1 FROM person_role x WHERE x.person_id = ?1 AND x.role = 'send-extended')
    FROM membership s JOIN person_group sg ON sg.id = s.group_id JOIN rule r ON r.from_group = sg.id
        JOIN person_group tg ON tg.id = r.to_group JOIN membership t ON t.group_id = tg.id AND t.person_id = ?2
    WHERE s.person_id = ?1
    UNION ALL
    SELECT g.name, NULL, g.participation, g.participation, 1
    FROM membership s JOIN person_group g ON g.id = s.group_id AND g.kind <> 'network'
        JOIN membership t ON t.group_id = g.id AND t.person_id = ?2
    WHERE s.person_id = ?1 AND g.members_hidden = 0
    ORDER BY 1, 2";

/// Whether `sender` may write a new message to `recipient` at `now` (UTC milliseconds), and why. Answers to a message that
/// was received stay possible whatever is said here (M-7). `None` for an unknown person.
///
/// # Errors
/// When the database cannot be used.
pub fn explain(
    database: &impl Database,
    sender: &PersonId,
    recipient: &PersonId,
    now: i64,
) -> Result<Option<Explanation>, Error> {
    let pair = params![sender.as_str(), recipient.as_str()];
    let Some(state) = database.first(STATE, params![sender.as_str(), recipient.as_str(), now])? else {
        return Ok(None);
    };
    let paths: Vec<Path> = database.execute(PATHS, pair)?.iter().map(path).collect::<Result<_, Error>>()?;
    let mut obstacles = barred(&state)?;
    let barred = !obstacles.is_empty();
    let allowed = !paths.is_empty() && !barred;
    // `reachable` leaves out the away and the forbidden: ways that exist are told beside what bars them.
    if paths.is_empty() {
        let near: Vec<Obstacle> = database
            .execute(NEAR, pair)?
            .iter()
            .filter_map(|row| near(row).transpose())
            .collect::<Result<_, Error>>()?;
        if near.is_empty() && !barred {
            obstacles.push(Obstacle::NoRule);
        }
        obstacles.extend(near.into_iter().take(MOST));
    }
    Ok(Some(Explanation { allowed, paths, obstacles }))
}

fn path(row: &Row) -> Result<Path, Error> {
    Ok(match (row.optional_text(0)?, row.optional_text(1)?) {
        (Some(from), Some(_)) if row.integer(2)? == 1 => Path::Members(from.to_owned()),
        (Some(from), Some(to)) => Path::Rule(from.to_owned(), to.to_owned()),
        _ => Path::Kin,
    })
}

fn barred(row: &Row) -> Result<Vec<Obstacle>, Error> {
    let flags = [
        Obstacle::SenderBlocked,
        Obstacle::SenderLeft,
        Obstacle::SenderRole,
        Obstacle::RecipientBlocked,
        Obstacle::RecipientLeft,
    ];
    let mut obstacles = Vec::new();
    for (column, obstacle) in flags.into_iter().enumerate() {
        if row.integer(column)? == 1 {
            obstacles.push(obstacle);
        }
    }
    if let Some(reason) = row.optional_text(5)? {
        obstacles.push(Obstacle::Prohibited(reason.to_owned(), row.optional_integer(6)?));
    }
    Ok(obstacles)
}

/// What one rule or one common group lacks; `None` when it lacks nothing (something else bars it).
fn near(row: &Row) -> Result<Option<Obstacle>, Error> {
    let (from, source, target) = (row.text(0)?.to_owned(), row.text(2)?, row.text(3)?);
    let Some(to) = row.optional_text(1)? else {
        return Ok((source != "both").then_some(Obstacle::NotBoth(from)));
    };
    let to = to.to_owned();
    Ok(if !matches!(source, "incoming" | "both") {
        Some(Obstacle::NotIncoming(from, to))
    } else if !matches!(target, "outgoing" | "both") {
        Some(Obstacle::NotOutgoing(from, to))
    } else if row.integer(4)? == 0 {
        Some(Obstacle::NotExtended(from, to))
    } else {
        None
    })
}
