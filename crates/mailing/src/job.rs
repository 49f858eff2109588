//! A job makes a long file slice by slice, and whoever has time carries it on: the page that shows it, another tab, cron.
//!
//! [`advance`] is one slice: it notes that it begins, has the slice made (reading only), and keeps bytes and progress in one
//! statement that counts only for the generation it was made from. So a kill, two tabs, or cron and a page together do no
//! harm: a slice counts once, in its order, or not at all. Between slices nothing is in memory. The file is kept for
//! [`KEPT`], its progress (which may hold codes) only while the job runs.
//!
//! What a slice does is the caller's: see `accounts::slice`; a job of model letters brings its own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Database, Row, params};

use crate::{Error, Refusal};

/// How long a file can be downloaded, in milliseconds: a day.
pub const KEPT: i64 = 24 * 3600 * 1000;
/// A job that was touched less long ago, in milliseconds, is looked after by somebody.
const LOOKED_AFTER: i64 = 5_000;
/// Slices begun in vain, one after the other, after which a job is given up: whoever begins them is killed each time.
const MOST_TRIES: u32 = 40;

/// What a job makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Account letters of a campaign (P-3).
    Accounts,
    /// Model letters (P-5).
    Model,
}

impl Kind {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Model => "model",
        }
    }
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be carried on.
    Running,
    /// The file is whole.
    Done,
    /// Given up; [`Job::reason`] says why.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

impl State {
    /// The word in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The establishment whose letters it makes.
    pub uai: String,
    /// Who started it.
    pub by: String,
    /// What it makes.
    pub kind: Kind,
    /// The campaign, or the run of a model.
    pub about: String,
    /// The name of the file; no name of a person, no code.
    pub file_name: String,
    /// The type of the file.
    pub media_type: String,
    /// Where it is.
    pub state: State,
    /// Things to do.
    pub total: u32,
    /// Of these, done or left out.
    pub done: u32,
    /// Left out, each with a [`remarks`].
    pub left_out: u32,
    /// Bytes of the file so far.
    pub size: u64,
    /// Why it failed, in French; else empty.
    pub reason: String,
    /// UTC milliseconds.
    pub created_at: i64,
    /// UTC milliseconds.
    pub finished_at: Option<i64>,
    purged: bool,
}

impl Job {
    /// Whether the file can be downloaded at `now` (UTC milliseconds).
    #[must_use]
    pub fn has_file(&self, now: i64) -> bool {
        self.state == State::Done && !self.purged && self.finished_at.is_some_and(|at| now < at + KEPT)
    }

    /// Until when it can be downloaded, UTC milliseconds.
    #[must_use]
    pub fn kept_until(&self) -> Option<i64> {
        self.finished_at.map(|at| at + KEPT)
    }
}

/// A slice about to be made.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The job.
    pub job: Job,
    /// How often this slice was begun, from 1: a slice that was begun several times in vain should be smaller.
    pub tries: u32,
    /// What the slice before left, or what the job was started with.
    pub progress: Vec<u8>,
    generation: i64,
}

/// A slice that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The next bytes of the file, at most [`Slice::MOST`]; may be none.
    pub bytes: Vec<u8>,
    /// Things done or left out so far, from the beginning of the job.
    pub done: u32,
    /// Things left out: their places among those to do, and why, in French.
    pub left_out: Vec<(u32, String)>,
    /// What the next slice goes on from; `None`: the file is whole.
    pub progress: Option<Vec<u8>>,
}

impl Slice {
    /// The most bytes of one slice: 4 MiB.
    pub const MOST: usize = 4 * 1024 * 1024;
}

/// Why no slice was made.
#[derive(Debug)]
pub enum Halt {
    /// It never will be: the job fails for this reason, in French.
    Failed(String),
    /// The database could not be used: try again.
    Store(store::Error),
}

impl From<store::Error> for Halt {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// What makes the next slice; it only reads.
pub type Work<'a> = dyn FnMut(&dyn Database, &Turn) -> Result<Slice, Halt> + 'a;

const COLUMNS: &str = "id, uai, by_id, kind, about_id, file_name, media_type, state, total, done,
    (SELECT count(*) FROM job_remark r WHERE r.job_id = job.id), size, reason, created_at, finished_at, purged_at IS NOT NULL";

/// The job `id`. The caller answers for it that the viewer may see it.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn find(db: &dyn Database, id: &str) -> Result<Job, Error> {
    let row = db.first(&format!("SELECT {COLUMNS} FROM job WHERE id = ?1"), params![id])?;
    row.map_or(Err(Refusal::Unknown.into()), |row| read(&row))
}

/// The last job of a campaign or of a run.
///
/// # Errors
/// When the database cannot be used.
pub fn of(db: &dyn Database, kind: Kind, about: &str) -> Result<Option<Job>, Error> {
    let statement = format!("SELECT {COLUMNS} FROM job WHERE kind = ?1 AND about_id = ?2 ORDER BY id DESC LIMIT 1");
    db.first(&statement, params![kind.as_str(), about])?.map(|row| read(&row)).transpose()
}

/// What was left out: places and reasons (French), in order.
///
/// # Errors
/// When the database cannot be used.
pub fn remarks(db: &dyn Database, id: &str) -> Result<Vec<(u32, String)>, Error> {
    let rows = db.execute("SELECT position, words FROM job_remark WHERE job_id = ?1 ORDER BY position", params![id])?;
    rows.iter().map(|row| Ok((count(row, 0)?, row.text(1)?.to_owned()))).collect()
}

/// Carries the job on by one slice, made by `work`; gives it as it is then. A job that is over is left as it is, and a slice
/// that somebody else made meanwhile counts instead of this one. `now` in UTC milliseconds.
///
/// # Errors
/// [`Refusal::Unknown`]; the database's: nothing was kept then, and the job goes on from where it was.
pub fn advance(db: &dyn Database, now: i64, id: &str, work: &mut Work<'_>) -> Result<Job, Error> {
    let begin = format!(
        "UPDATE job SET tries = tries + 1, touched_at = ?2 WHERE id = ?1 AND state = 'running'
         RETURNING {COLUMNS}, generation, tries, progress"
    );
    let Some(row) = db.first(&begin, params![id, now])? else { return find(db, id) };
    let progress = row.blob(18).unwrap_or_default().to_vec();
    let turn = Turn { job: read(&row)?, tries: count(&row, 17)?, progress, generation: row.integer(16)? };
    if turn.tries > MOST_TRIES {
        return fail(
            db,
            now,
            &turn,
            "La fabrication s’est interrompue à chaque essai au même endroit. Recommencez avec une sélection plus petite, et prévenez l’administrateur du service.",
        );
    }
    match work(db, &turn) {
        Ok(slice) if slice.bytes.len() > Slice::MOST => {
            return fail(db, now, &turn, "Une partie du fichier est trop grosse : réduisez le logo ou les images.");
        }
        Ok(slice) => keep(db, now, &turn, slice)?,
        Err(Halt::Failed(reason)) => return fail(db, now, &turn, &reason),
        Err(Halt::Store(error)) => return Err(Error::Store(error)),
    }
    find(db, id)
}

fn keep(db: &dyn Database, now: i64, turn: &Turn, slice: Slice) -> Result<(), Error> {
    let kept = db.execute(
        "INSERT INTO job_slice (job_id, generation, done, bytes, progress, remarks, finished, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            turn.job.id.as_str(),
            turn.generation,
            slice.done,
            slice.bytes,
            slice.progress.as_deref(),
            serde_json::to_string(&slice.left_out)?,
            slice.progress.is_none(),
            now,
        ],
    );
    match kept {
        // Somebody was faster, or it was cancelled.
        Err(store::Error::Raised(reason)) if reason == "job-moved" => Ok(()),
        other => other.map(drop).map_err(Into::into),
    }
}

fn fail(db: &dyn Database, now: i64, turn: &Turn, reason: &str) -> Result<Job, Error> {
    db.execute(
        "UPDATE job SET state = 'failed', reason = ?3, finished_at = ?4, progress = NULL
         WHERE id = ?1 AND state = 'running' AND generation = ?2",
        params![turn.job.id.as_str(), turn.generation, reason, now],
    )?;
    find(db, &turn.job.id)
}

/// Stops the job and throws away what it made; whether it was running.
///
/// # Errors
/// When the database cannot be used.
pub fn cancel(db: &dyn Database, now: i64, id: &str) -> Result<bool, Error> {
    let cancelled = db.first(
        "UPDATE job SET state = 'cancelled', finished_at = ?2, progress = NULL WHERE id = ?1 AND state = 'running' RETURNING id",
        params![id, now],
    )?;
    Ok(cancelled.is_some())
}

/// Jobs that run and that nobody looks after now: ids and kinds, those left longest first, at most 20.
///
/// # Errors
/// When the database cannot be used.
pub fn left(db: &dyn Database, now: i64) -> Result<Vec<(String, Kind)>, Error> {
    let rows = db.execute(
        "SELECT id, kind FROM job WHERE state = 'running' AND touched_at <= ?1 ORDER BY touched_at LIMIT 20",
        params![now - LOOKED_AFTER],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), kind(row, 1)?))).collect()
}

/// Throws away files older than a day, and gives up jobs that have not come to an end in a day. Twice does no harm.
///
/// # Errors
/// When the database cannot be used.
pub fn purge(db: &dyn Database, now: i64) -> Result<(), Error> {
    db.execute(
        "UPDATE job SET state = 'failed', finished_at = ?1, progress = NULL,
            reason = 'La fabrication n’est pas arrivée à son terme en une journée.'
         WHERE state = 'running' AND created_at <= ?1 - ?2",
        params![now, KEPT],
    )?;
    db.execute(
        "UPDATE job SET purged_at = ?1 WHERE parts > 0 AND purged_at IS NULL AND finished_at <= ?1 - ?2",
        params![now, KEPT],
    )?;
    Ok(())
}

/// One piece of the file: parameters are the job's id and the position, from 0.
pub const PART: &str = "SELECT bytes FROM job_part WHERE job_id = ?1 AND position = ?2";

/// A progress as bytes: a version, which the kind of job counts up when its type changes, then postcard.
///
/// # Errors
/// A mistake of ours.
pub fn pack<T: Serialize>(version: u8, progress: &T) -> Result<Vec<u8>, Error> {
    Ok(postcard::to_extend(progress, vec![version])?)
}

/// The progress again; `None` when it is of another version.
#[must_use]
pub fn unpack<T: DeserializeOwned>(version: u8, bytes: &[u8]) -> Option<T> {
    let (found, rest) = bytes.split_first()?;
    if *found == version { postcard::from_bytes(rest).ok() } else { None }
}

fn kind(row: &Row, column: usize) -> Result<Kind, Error> {
    match row.text(column)? {
        "accounts" => Ok(Kind::Accounts),
        "model" => Ok(Kind::Model),
        _ => Err(Error::Store(store::Error::Column(column))),
    }
}

fn count(row: &Row, column: usize) -> Result<u32, Error> {
    u32::try_from(row.integer(column)?).map_err(|_| Error::Store(store::Error::Column(column)))
}

fn read(row: &Row) -> Result<Job, Error> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Job {
        id: text(0)?,
        uai: text(1)?,
        by: text(2)?,
        kind: kind(row, 3)?,
        about: text(4)?,
        file_name: text(5)?,
        media_type: text(6)?,
        state: match row.text(7)? {
            "running" => State::Running,
            "done" => State::Done,
            "failed" => State::Failed,
            "cancelled" => State::Cancelled,
            _ => return Err(Error::Store(store::Error::Column(7))),
        },
        total: count(row, 8)?,
        done: count(row, 9)?,
        left_out: count(row, 10)?,
        size: u64::try_from(row.integer(11)?).unwrap_or(0),
        reason: text(12)?,
        created_at: row.integer(13)?,
        finished_at: row.optional_integer(14)?,
        purged: row.boolean(15)?,
    })
}
