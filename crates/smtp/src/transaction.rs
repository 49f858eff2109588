//! One mail on an open session (RFC 5321 §3.3), and the judgement of what became of it.

use std::time::{Duration, Instant};

use mail::{Disposition, Envelope, Reply};

use crate::answer::Answer;
use crate::link::Link;
use crate::session::{Session, lost};
use crate::stuffing::stuffed;
use crate::wire::Broken;

/// The connection broke.
pub(crate) struct Lost {
    pub(crate) reply: Reply,
    /// The server had not said 354 yet: it cannot have taken the mail.
    pub(crate) untaken: bool,
}

impl Lost {
    fn before_data(broken: &Broken) -> Self {
        Self { reply: lost(broken), untaken: true }
    }

    fn in_data(broken: &Broken) -> Self {
        Self { reply: lost(broken), untaken: false }
    }
}

impl<L: Link> Session<L> {
    /// Hands over one mail. The session is `healthy` afterwards if another may follow.
    pub(crate) fn transact(&mut self, envelope: &Envelope, message: &[u8]) -> Result<Disposition, Lost> {
        if self.capabilities.max_size.is_some_and(|max| u64::try_from(message.len()).is_ok_and(|size| size > max)) {
            return Ok(Disposition::Reject(Reply::new("5.3.4", "larger than the size that the server announced")));
        }
        // Until the end says otherwise: an early way out leaves the dialogue in the middle.
        self.healthy = false;
        let result = match self.open_envelope(envelope, message.len())? {
            Some(refusal) => Ok(refusal),
            None => self.content(message),
        };
        self.mails += 1;
        self.used = Instant::now();
        result
    }

    /// RSET where needed, MAIL, RCPT, DATA; in one packet where the server takes that. None: the server waits for the mail.
    fn open_envelope(&mut self, envelope: &Envelope, size: usize) -> Result<Option<Disposition>, Lost> {
        let sender = envelope.sender.as_ref().map_or("", |sender| sender.as_str());
        let size = if self.capabilities.size { format!(" SIZE={size}") } else { String::new() };
        let mut commands = Vec::with_capacity(4);
        if self.begun {
            commands.push("RSET\r\n".to_owned());
        }
        commands.push(format!("MAIL FROM:<{sender}>{size}\r\n"));
        commands.push(format!("RCPT TO:<{}>\r\n", envelope.recipient));
        commands.push("DATA\r\n".to_owned());
        self.begun = true;
        let answers = self.say(&commands).map_err(|broken| Lost::before_data(&broken))?;
        let refusal = answers.iter().find(|answer| refuses(answer));
        let complete = answers.len() == commands.len();
        let waits = complete && answers.last().is_some_and(|answer| answer.code == 354);
        match refusal {
            // The server waits for a mail to nobody: it gets none, and this connection ends.
            Some(refusal) => {
                self.healthy = !waits && refusal.code != 421 && (complete || !self.capabilities.pipelining);
                Ok(Some(negative(refusal)))
            }
            None if waits => Ok(None),
            None => Err(Lost::before_data(&Broken::Garbled(crate::answer::Garbled))),
        }
    }

    /// Says the commands, all at once or each after the answer to the one before, up to the first refusal.
    fn say(&mut self, commands: &[String]) -> Result<Vec<Answer>, Broken> {
        let mut answers = Vec::with_capacity(commands.len());
        if self.capabilities.pipelining {
            self.wire.send(commands.concat().as_bytes())?;
            for _ in commands {
                match self.wire.answer() {
                    Ok(answer) => answers.push(answer),
                    // It refused, and closed without the other answers: the refusal is what counts.
                    Err(_) if answers.iter().any(refuses) => break,
                    Err(broken) => return Err(broken),
                }
            }
            return Ok(answers);
        }
        for command in commands {
            self.wire.send(command.as_bytes())?;
            let answer = self.wire.answer()?;
            answers.push(answer);
            if answers.last().is_some_and(refuses) {
                break;
            }
        }
        Ok(answers)
    }

    /// The mail itself. After the last dot the server may take its time (it scans for viruses, say): a second copy is worse
    /// than waiting.
    fn content(&mut self, message: &[u8]) -> Result<Disposition, Lost> {
        if let Err(broken) = self.wire.send(&stuffed(message)) {
            return self.last_words().ok_or_else(|| Lost::in_data(&broken));
        }
        if let Some(deadline) = self.wire.deadline() {
            self.wire.set_times(deadline.saturating_duration_since(Instant::now()), deadline);
        }
        let answer = self.wire.answer().map_err(|broken| Lost::in_data(&broken))?;
        if answer.is_positive() {
            self.healthy = true;
            return Ok(Disposition::Sent(answer.reply()));
        }
        self.healthy = answer.code != 421;
        Ok(negative(&answer))
    }

    /// What a server said before it closed in the middle of a mail (552: too big).
    fn last_words(&mut self) -> Option<Disposition> {
        let second = Duration::from_secs(1);
        self.wire.set_times(second, Instant::now() + second);
        let answer = self.wire.answer().ok()?;
        (answer.code >= 400).then(|| negative(&answer))
    }
}

fn refuses(answer: &Answer) -> bool {
    !answer.is_positive() && answer.code != 354
}

/// What a refusal means. 421 and 530 to 538 are about us, not about this mail (RFC 5321 §4.2.2, RFC 4954 §6).
fn negative(answer: &Answer) -> Disposition {
    let reply = answer.reply();
    match answer.code {
        421 | 454 | 530 | 534 | 535 | 538 => Disposition::Unavailable(reply),
        _ if answer.is_permanent() => Disposition::Reject(reply),
        400..500 => Disposition::Retry(reply),
        _ => Disposition::Retry(Reply::new("4.5.0", "an answer out of place")),
    }
}
