//! One connection for all requests of an instance: opening one costs 7 ms on Spin (it parses the schema) and 8 ms on libSQL (DOMAIN §5).
//!
//! Invariants: a kept connection holds nothing of a request (each statement is a transaction of its own, and its rows are read to their
//! end); one that failed, or rested longer than [`REST`], is not used again. A statement is run again only where the first try is
//! known not to have run.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::{Error, Row, Value};

/// After so long without a statement a connection is opened anew: libSQL forgets a stream after 10 s.
const REST: Duration = Duration::from_secs(5);

/// What opens connections and runs statements on them, and reads the monotonic clock.
pub(crate) trait Host {
    type Connection;
    fn open(&self) -> Result<Self::Connection, Error>;
    fn execute(&self, on: &Self::Connection, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error>;
    fn now(&self) -> Duration;
}

struct Rested<C> {
    connection: C,
    used_at: Duration,
}

/// The place of the kept connection.
pub(crate) struct Kept<H: Host> {
    host: H,
    rested: Mutex<Option<Rested<H::Connection>>>,
}

impl<H: Host> Kept<H> {
    pub(crate) const fn new(host: H) -> Self {
        Self { host, rested: Mutex::new(None) }
    }

    #[cfg(not(target_family = "wasm"))]
    pub(crate) const fn host(&self) -> &H {
        &self.host
    }

    /// Runs one statement on the kept connection, or on a new one that is kept from then on.
    pub(crate) fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let Some(connection) = self.take() else { return self.execute_on(self.host.open()?, statement, parameters) };
        match self.execute_on(connection, statement, parameters) {
            Err(Error::Unavailable(reason)) if did_not_run(&reason) => {
                self.execute_on(self.host.open()?, statement, parameters)
            }
            outcome => outcome,
        }
    }

    /// A connection on which the database itself answered, be it with a refusal, is kept.
    fn execute_on(&self, on: H::Connection, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        let outcome = self.host.execute(&on, statement, parameters);
        if !matches!(outcome, Err(Error::Unavailable(_))) {
            self.keep(on);
        }
        outcome
    }

    fn take(&self) -> Option<H::Connection> {
        let rested = self.rested.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        (self.host.now().saturating_sub(rested.used_at) < REST).then_some(rested.connection)
    }

    fn keep(&self, connection: H::Connection) {
        let rested = Rested { connection, used_at: self.host.now() };
        *self.rested.lock().unwrap_or_else(PoisonError::into_inner) = Some(rested);
    }
}

/// Whether libSQL said that it does not know the stream (any more), or was not reached at all: in its client's words, the only thing
/// that crosses `spin:sqlite`. Whatever else broke, the statement may have run.
fn did_not_run(reason: &str) -> bool {
    const KNOWN: [&str; 5] = [
        "STREAM_EXPIRED",
        "stream has expired",
        "invalid baton",
        "Stream for this baton was closed",
        "tcp connect error",
    ];
    KNOWN.iter().any(|words| reason.contains(words))
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    const EXPIRED: &str = r#"Hrana: `api error: `status=400 Bad Request, body={"message":"The stream has expired due to inactivity","code":"STREAM_EXPIRED"}``"#;
    const RESTARTED: &str = r#"Hrana: `api error: `status=400 Bad Request, body=Received an invalid baton``"#;

    /// A database whose connections are numbers. Each answer is what the next statement gets; after the last, all succeed.
    #[derive(Default)]
    struct Double {
        opened: Cell<u32>,
        now: Cell<u64>,
        answers: RefCell<Vec<Error>>,
        ran: RefCell<Vec<(u32, String)>>,
    }

    impl Host for Double {
        type Connection = u32;

        fn open(&self) -> Result<u32, Error> {
            self.opened.set(self.opened.get() + 1);
            Ok(self.opened.get())
        }

        fn execute(&self, on: &u32, statement: &str, _: &[Value]) -> Result<Vec<Row>, Error> {
            self.ran.borrow_mut().push((*on, statement.to_owned()));
            self.answers.borrow_mut().pop().map_or(Ok(Vec::new()), Err)
        }

        fn now(&self) -> Duration {
            Duration::from_millis(self.now.get())
        }
    }

    fn kept(answers: &[Error]) -> Kept<Double> {
        let double = Double::default();
        double.answers.borrow_mut().extend(answers.iter().rev().cloned());
        Kept::new(double)
    }

    fn unavailable(reason: &str) -> Error {
        Error::Unavailable(reason.to_owned())
    }

    #[test]
    fn one_connection_serves_many_statements() {
        let kept = kept(&[]);
        for _ in 0..100 {
            kept.execute("SELECT 1", &[]).unwrap();
            kept.host.now.set(kept.host.now.get() + 4999);
        }
        assert_eq!(kept.host.opened.get(), 1);
    }

    #[test]
    fn a_connection_that_rested_is_opened_anew() {
        let kept = kept(&[]);
        kept.execute("SELECT 1", &[]).unwrap();
        // A mail that takes its time between two statements of a drain.
        kept.host.now.set(5000);
        kept.execute("SELECT 2", &[]).unwrap();
        assert_eq!(kept.host.ran.borrow()[1], (2, "SELECT 2".to_owned()));
    }

    #[test]
    fn a_stream_that_is_gone_costs_nothing_but_an_opening() {
        for gone in [
            EXPIRED,
            RESTARTED,
            "Hrana: `http error: `error trying to connect: tcp connect error: Connection refused``",
        ] {
            let kept = kept(&[]);
            kept.execute("SELECT 1", &[]).unwrap();
            kept.host.answers.borrow_mut().push(unavailable(gone));
            kept.execute("UPDATE t SET a = 1", &[]).unwrap();
            let update = "UPDATE t SET a = 1".to_owned();
            assert_eq!(kept.host.ran.borrow()[1..], [(1, update.clone()), (2, update)], "{gone}");
        }
    }

    #[test]
    fn it_is_tried_again_once_only() {
        let kept = kept(&[]);
        kept.execute("SELECT 1", &[]).unwrap();
        kept.host.answers.borrow_mut().extend([unavailable(EXPIRED), unavailable(EXPIRED)]);
        assert_eq!(kept.execute("SELECT 2", &[]), Err(unavailable(EXPIRED)));
        assert_eq!(kept.host.opened.get(), 2);
    }

    #[test]
    fn what_may_have_run_is_not_run_again() {
        let lost = "Hrana: `http error: `connection closed before message completed``";
        let kept = kept(&[]);
        kept.execute("SELECT 1", &[]).unwrap();
        kept.host.answers.borrow_mut().push(unavailable(lost));
        assert_eq!(kept.execute("INSERT INTO t VALUES (1)", &[]), Err(unavailable(lost)));
        assert_eq!(kept.host.ran.borrow().len(), 2);
        kept.execute("SELECT 2", &[]).unwrap();
        assert_eq!(kept.host.ran.borrow()[2].0, 2, "what broke is not used again");
    }

    #[test]
    fn a_refusal_of_the_database_breaks_no_connection() {
        let kept =
            kept(&[Error::Raised("nobody".to_owned()), Error::Constraint("UNIQUE constraint failed: t.a".to_owned())]);
        for _ in 0..3 {
            let _ = kept.execute("INSERT INTO t VALUES (1)", &[]);
        }
        assert_eq!(kept.host.opened.get(), 1);
    }
}
