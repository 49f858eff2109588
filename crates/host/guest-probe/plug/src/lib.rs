//! Fills both interfaces of `probe:plug`.

wit_bindgen::generate!({ path: "../wit", world: "fills", generate_all });

use std::sync::atomic::{AtomicU32, Ordering};

use exports::probe::plug::{notes, numbers};
use spin::sqlite::sqlite::{Connection, Value};

static CALLS: AtomicU32 = AtomicU32::new(0);

struct Plug;

impl numbers::Guest for Plug {
    fn double(n: u32) -> u32 {
        CALLS.fetch_add(1, Ordering::Relaxed);
        n.wrapping_mul(2)
    }
}

impl notes::Guest for Plug {
    fn calls() -> u32 {
        CALLS.load(Ordering::Relaxed)
    }

    fn count() -> Result<u64, String> {
        let connection = Connection::open("default").map_err(|e| format!("{e:?}"))?;
        let answer = connection.execute("SELECT count(*) FROM item", &[]).map_err(|e| format!("{e:?}"))?;
        match answer.rows.first().and_then(|row| row.values.first()) {
            Some(Value::Integer(n)) => Ok(n.unsigned_abs()),
            _ => Err("no count".into()),
        }
    }
}

export!(Plug);
