//! The same idempotency key never sends twice, even at once; and a send is one statement, however many receive.

use std::cell::Cell;
use std::sync::Barrier;

use store::{Database, Error, File, Row, Value};
use submission::{Desk, Refusal, save, submit};

use crate::school::{NOW, TEACHER, count, draft, fill, message};

#[test]
fn the_same_key_at_once_sends_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("school.db");
    fill(&File::open(&path).unwrap(), 200);
    let barrier = Barrier::new(8);
    let sent: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let file = File::open(&path).unwrap();
                    let desk = Desk { database: &file, now: NOW };
                    barrier.wait();
                    // As the API does: a busy database is tried again by the client, with the same key.
                    loop {
                        let id = match save(desk, TEACHER, None, &message(), Some("clef")) {
                            Err(Refusal::Unavailable(_)) => continue,
                            saved => saved.unwrap(),
                        };
                        match submit(desk, TEACHER, &id) {
                            Err(Refusal::Unavailable(_)) => {}
                            receipt => break receipt.unwrap().message,
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "{sent:?}");
    let file = File::open(&path).unwrap();
    assert_eq!((count(&file, "submission"), count(&file, "recipient")), (1, 200));
    assert_eq!(count(&file, "delivery"), 67);
}

struct Counting<'a>(&'a File, Cell<u32>);

impl Database for Counting<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, Error> {
        self.1.set(self.1.get() + 1);
        self.0.execute(statement, parameters)
    }
}

#[test]
fn the_number_of_statements_does_not_grow() {
    let statements = |relatives: u32| {
        let file = File::in_memory().unwrap();
        fill(&file, relatives);
        let id = draft(&file);
        let counting = Counting(&file, Cell::new(0));
        let receipt = submit(Desk { database: &counting, now: NOW }, TEACHER, &id).unwrap();
        assert_eq!(receipt.recipients, relatives);
        counting.1.get()
    };
    assert_eq!(statements(1), statements(2000));
    // The decision, and the receipt.
    assert_eq!(statements(100), 2);
}
