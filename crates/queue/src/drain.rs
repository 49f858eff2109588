//! A run of the outbox (O-1): claims, composes, hands over, finishes, until nothing is due, the relay is down, or the time
//! is up. Two runs at once, or one that dies anywhere, lose nothing: what was not finished comes back when its lease ends.

use mail::{Address, Disposition, Envelope, Reply};
use serde::Serialize;
use store::{Database, Error};

use crate::claim::{Claim, Claimed, claim, expire, pause, paused, release, unpause};
use crate::finish::{decide, finish};
use crate::letter::{Letter, LetterError, compose};
use crate::words::sentence;
use crate::{State, Transport, World};

/// What a run may take, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Length of the run; claiming stops at 70 %, sending at 100 %.
    pub run: i64,
    /// The longest that one hand-over takes.
    pub send: i64,
    /// Rows in one claim.
    pub batch: u32,
}

impl Default for Limits {
    /// 50 s, within the 55 s that the runner gives a scheduled call; 60 s is what `vaguemestre:relay` promises.
    fn default() -> Self {
        Self { run: 50_000, send: 60_000, batch: 10 }
    }
}

/// Milliseconds after the end of a run in which what became of the last mail is still written: within the time that a cron call has.
const GRACE: i64 = 4000;

impl Limits {
    /// How long a claim lasts: every mail of the batch at its slowest, and one more.
    fn lease(&self) -> i64 {
        self.send.saturating_mul(i64::from(self.batch) + 1)
    }
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Taken by the server.
    pub sent: u32,
    /// Not taken now; tried again later.
    pub deferred: u32,
    /// Refused for good.
    pub failed: u32,
    /// Given up after 48 hours.
    pub dead: u32,
    /// Put back unsent: the relay was at fault, or the time was up.
    pub released: u32,
    /// Finished by another run, since the lease was lost; the mail may have gone twice.
    pub lost: u32,
    /// The relay is left alone until then (UTC milliseconds).
    pub paused_until: Option<i64>,
}

impl Report {
    /// For the log: a sentence and its numbers.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { sent, deferred, failed, dead, released, lost, paused_until } = self;
        let pause = paused_until.map(|until| format!(" paused_until={until}")).unwrap_or_default();
        format!(
            "The outbox was drained. sent={sent} deferred={deferred} failed={failed} dead={dead} released={released} lost={lost}{pause}"
        )
    }
}

/// Sends what is due through `transport`.
///
/// # Errors
/// Those of the database. What was handed over and could not be written down is sent again when its lease ends.
pub fn drain(
    database: &dyn Database,
    transport: &mut dyn Transport,
    world: &mut dyn World,
    limits: &Limits,
) -> Result<Report, Error> {
    let started = world.now();
    let relay = transport.name().to_owned();
    let mut report = Report { dead: count(expire(database, started)?), ..Report::default() };
    let pause_end = paused(database, &relay)?;
    if let Some(until) = pause_end.filter(|until| *until > started) {
        report.paused_until = Some(until);
        return Ok(report);
    }
    let mut run = Run {
        database,
        transport,
        world,
        relay,
        started,
        limits,
        pause_known: pause_end.is_some(),
        letter: None,
        report,
    };
    while run.elapsed() < limits.run.saturating_mul(7) / 10 {
        if !run.batch()? {
            break;
        }
    }
    Ok(run.report)
}

struct Run<'a> {
    database: &'a dyn Database,
    transport: &'a mut dyn Transport,
    world: &'a mut dyn World,
    relay: String,
    started: i64,
    limits: &'a Limits,
    /// There is a pause to lift once the relay answers.
    pause_known: bool,
    /// The last message and its mail: rows of one message come together.
    letter: Option<(String, Result<Letter, LetterError>)>,
    report: Report,
}

impl Run<'_> {
    fn elapsed(&mut self) -> i64 {
        self.world.now().saturating_sub(self.started)
    }

    /// One claim and its mails; whether to go on.
    fn batch(&mut self) -> Result<bool, Error> {
        let now = self.world.now();
        let lease = format!("{:016x}", self.world.random());
        let until = now.saturating_add(self.limits.lease());
        let asked = Claim { relay: &self.relay, lease: &lease, now, until, batch: self.limits.batch };
        let mut rows = claim(self.database, &asked)?;
        if rows.is_empty() {
            return Ok(false);
        }
        rows.reverse();
        while let Some(row) = rows.pop() {
            if self.elapsed() >= self.limits.run {
                rows.push(row);
                self.put_back(&lease, &rows)?;
                return Ok(false);
            }
            let disposition = self.hand_over(&row);
            if let Disposition::Unavailable(reply) = &disposition {
                rows.push(row);
                self.leave_alone(reply)?;
                self.put_back(&lease, &rows)?;
                return Ok(false);
            }
            if let Err(error) = self.settle(&lease, &row, &disposition) {
                // The rows that were not touched need not wait for the end of the lease, if this can still be written.
                let _ = self.put_back(&lease, &rows);
                return Err(error);
            }
        }
        Ok(true)
    }

    fn hand_over(&mut self, row: &Claimed) -> Disposition {
        let (Ok(recipient), Ok(bounces)) =
            (Address::parse(&row.address), Address::parse(&format!("rebond+{}@{}", row.id.to_lowercase(), row.domain)))
        else {
            return Disposition::Reject(Reply::new("5.1.3", ""));
        };
        if self.letter.as_ref().is_none_or(|(message, _)| *message != row.message) {
            self.letter = None;
            self.letter = Some((row.message.clone(), compose(self.database, &row.message)));
        }
        match &self.letter {
            Some((_, Ok(letter))) => match letter.of(self.database, &row.id, &recipient) {
                Ok(bytes) => {
                    let envelope = Envelope { sender: (!letter.automatic).then_some(bounces), recipient };
                    self.transport.deliver(&row.id, &envelope, &bytes)
                }
                Err(LetterError::Unfit(why)) => Disposition::Reject(Reply::new("5.6.0", why)),
                Err(error) => Disposition::Retry(Reply::new("4.3.0", &error.to_string())),
            },
            Some((_, Err(LetterError::Unfit(why)))) => Disposition::Reject(Reply::new("5.6.0", why)),
            Some((_, Err(error))) => Disposition::Retry(Reply::new("4.3.0", &error.to_string())),
            None => Disposition::Retry(Reply::new("4.3.0", "")),
        }
    }

    fn settle(&mut self, lease: &str, row: &Claimed, disposition: &Disposition) -> Result<(), Error> {
        let now = self.world.now();
        let Some(decision) = decide(disposition, row, now, self.world.random()) else { return Ok(()) };
        let give_up = self.started.saturating_add(self.limits.run).saturating_add(GRACE);
        if !finish(self.database, lease, &row.id, &decision, self.world, give_up)? {
            self.report.lost += 1;
            return Ok(());
        }
        match decision.state {
            State::Sent => self.report.sent += 1,
            State::Failed => self.report.failed += 1,
            State::Dead => self.report.dead += 1,
            _ => self.report.deferred += 1,
        }
        if self.pause_known {
            unpause(self.database, &self.relay)?;
            self.pause_known = false;
        }
        Ok(())
    }

    fn leave_alone(&mut self, reply: &Reply) -> Result<(), Error> {
        let now = self.world.now();
        let until = pause(self.database, &self.relay, now, &sentence(reply.status()), self.world.random())?;
        self.report.paused_until = match until {
            Some(until) => Some(until),
            None => paused(self.database, &self.relay)?,
        };
        Ok(())
    }

    fn put_back(&mut self, lease: &str, rows: &[Claimed]) -> Result<(), Error> {
        let now = self.world.now();
        self.report.released += count(release(self.database, lease, now, rows)?);
        Ok(())
    }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
