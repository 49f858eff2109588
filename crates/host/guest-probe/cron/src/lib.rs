//! Writes one row per fire, through the synchronous functions only.

wit_bindgen::generate!({ path: "../wit-cron", world: "spin-cron", generate_all });

use spin::sqlite::sqlite::{Connection, Value};

struct Cron;

impl Guest for Cron {
    fn handle_cron_event(metadata: Metadata) -> Result<(), Error> {
        let fail = |e| Error::Other(format!("{e:?}"));
        let connection = Connection::open("default").map_err(fail)?;
        connection.execute("CREATE TABLE IF NOT EXISTS fired (at INTEGER)", &[]).map_err(fail)?;
        let at = i64::try_from(metadata.timestamp).unwrap_or(0);
        connection.execute("INSERT INTO fired VALUES (?)", &[Value::Integer(at)]).map_err(fail)?;
        Ok(())
    }
}

export!(Cron);
