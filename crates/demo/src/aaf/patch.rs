//! The difference of two records, as a delta tells it.

use feed::Record;
use serde_json::Value;

use crate::Error;

/// The fields of `after` that `before` has not the same; those that it has no more, emptied.
pub(super) fn between(before: &Record, after: &Record) -> Result<Record, Error> {
    let fields = |record| match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Error::Contradiction("a record that is no object")),
    };
    let (before, mut after) = (fields(before)?, fields(after)?);
    for (name, old) in before {
        match after.get(&name) {
            Some(new) if *new == old => {
                after.remove(&name);
            }
            Some(_) => {}
            None => {
                let empty = match old {
                    Value::Array(_) => Value::Array(Vec::new()),
                    Value::Bool(_) => Value::Bool(false),
                    _ => Value::String(String::new()),
                };
                after.insert(name, empty);
            }
        }
    }
    serde_json::from_value(Value::Object(after)).map_err(|_| Error::Contradiction("a record that is none"))
}
