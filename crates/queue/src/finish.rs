//! What a disposition makes of a row: a pure decision, and the one statement that writes it, and its history, at once.

use mail::{Address, Disposition, Reply};
use store::{Database, Error, params};

use crate::backoff::next_try;
use crate::claim::Claimed;
use crate::words::{scrubbed, sentence};
use crate::{State, World};

/// No row: the lease was lost, and what became of the mail is the business of the run that has it now.
pub(crate) const FINISH: &str = "\
    UPDATE delivery SET state = ?3, lease_id = NULL, due_at = ?4, last_status = ?5, last_error = ?6, last_words = ?7,
        last_at = ?8, finished_at = ?9
    WHERE id = ?1 AND lease_id = ?2
    RETURNING id";

/// Milliseconds between the tries to write a decision while the database is away: the mail is gone, and would go twice.
const PAUSES: [i64; 4] = [1000, 2000, 4000, 8000];

/// How a row ends, or waits again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) state: State,
    pub(crate) due_at: i64,
    pub(crate) status: String,
    /// For the sender.
    pub(crate) error: Option<String>,
    /// For administrators.
    pub(crate) words: String,
}

/// What `disposition` makes of a row; none when the relay was at fault, and the row is released.
pub(crate) fn decide(disposition: &Disposition, row: &Claimed, now: i64, random: u64) -> Option<Decision> {
    let (state, due_at, reply, end) = match disposition {
        Disposition::Unavailable(_) => return None,
        Disposition::Sent(reply) => (State::Sent, now, reply, ""),
        Disposition::Reject(reply) => (State::Failed, now, reply, ""),
        Disposition::Retry(reply) => match next_try(row.attempts, now, row.expires_at, random) {
            Some(next) => (State::Pending, next, reply, ""),
            None => (State::Dead, now, reply, " ; abandonné après 48 heures"),
        },
    };
    let error = (state != State::Sent).then(|| sentence(reply.status()) + end);
    Some(Decision { state, due_at, status: reply.status().to_owned(), error, words: words(reply, &row.address) })
}

fn words(reply: &Reply, address: &str) -> String {
    match Address::parse(address) {
        Ok(address) => scrubbed(reply.words(), &address),
        Err(_) => String::new(),
    }
}

/// Writes a decision; false when the lease was lost. A database that is away (a server that starts anew) is waited for until `give_up`: the
/// statement names the lease, so that it may run twice.
pub(crate) fn finish(
    database: &dyn Database,
    lease: &str,
    id: &str,
    decision: &Decision,
    world: &mut dyn World,
    give_up: i64,
) -> Result<bool, Error> {
    let now = world.now();
    let finished_at = (decision.state != State::Pending).then_some(now);
    let parameters = params![
        id,
        lease,
        decision.state.as_str(),
        decision.due_at,
        decision.status.as_str(),
        decision.error.clone(),
        decision.words.as_str(),
        now,
        finished_at,
    ];
    let mut written = database.first(FINISH, parameters);
    for pause in PAUSES {
        if !matches!(written, Err(Error::Unavailable(_))) || world.now() + pause > give_up {
            break;
        }
        world.rest(pause);
        written = database.first(FINISH, parameters);
    }
    Ok(written?.is_some())
}

#[cfg(test)]
mod tests {
    use super::decide;
    use crate::State;
    use crate::claim::tests::row;
    use mail::{Disposition, Reply};

    #[test]
    fn each_disposition_has_its_end() {
        let row = row("lea.martin@fournisseur.example", 1, 172_800_000);
        let reply = || Reply::new("4.2.2", "<lea.martin@fournisseur.example> over quota");
        let sent = decide(&Disposition::Sent(Reply::new("2.0.0", "queued")), &row, 5, 200).unwrap();
        assert_eq!((sent.state, sent.error), (State::Sent, None));
        let failed = decide(&Disposition::Reject(reply()), &row, 5, 200).unwrap();
        assert_eq!((failed.state, failed.due_at), (State::Failed, 5));
        assert_eq!(failed.words, "<…> over quota");
        let waiting = decide(&Disposition::Retry(reply()), &row, 5, 200).unwrap();
        assert_eq!((waiting.state, waiting.due_at), (State::Pending, 60_005));
        assert_eq!(waiting.error.as_deref(), Some("boîte pleine (4.2.2)"));
        let dead = decide(&Disposition::Retry(reply()), &row, 172_799_000, 200).unwrap();
        assert_eq!(dead.state, State::Dead);
        assert_eq!(dead.error.as_deref(), Some("boîte pleine (4.2.2) ; abandonné après 48 heures"));
        assert_eq!(decide(&Disposition::Unavailable(reply()), &row, 5, 200), None);
    }
}
