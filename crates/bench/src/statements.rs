//! How many SQL statements a page takes: each is a round trip where the database is a libSQL server.

use anyhow::{Context as _, Result};
use tests::{COUNT_STATEMENTS, House, NEVER, Options};

use crate::row::Row;

/// What tests/12-round-trips lets a page take.
const LIMIT: f64 = 4.0;

/// `statements-per-page`: the one that takes most of a teacher's pages of every day.
pub(crate) fn per_page() -> Result<Vec<Row>> {
    let options = Options { people: Some(1000), schedule: Some(NEVER), log: COUNT_STATEMENTS, ..Options::default() };
    let house = House::start(options)?;
    let reader = house.sign_in("claire.lefevre")?;
    let inbox = reader.get("/api/v1/send-message/folders/inbox?limit=1")?.ok()?;
    let message = inbox.pointer("/items/0/id").and_then(|id| id.as_str()).context("an empty inbox")?.to_owned();
    let conversation = format!("/send-message/messages/{message}");
    let mut most = 0;
    for page in ["/send-message/inbox", &conversation, "/send-message/compose", "/directory?q=ben", "/outbox"] {
        let before = house.statements();
        reader.get(page)?.ok()?;
        most = most.max(house.statements() - before);
    }
    Ok(vec![Row::less("statements-per-page", f64::from(u32::try_from(most)?), "statements", "limit", LIMIT)])
}
