//! The exported interface.

use std::path::Path;

use crate::bindings::exports::vaguemestre::pickup::pickup::{Disposition, Envelope, Guest};
use crate::bindings::vaguemestre::transport::types::Reply;
use crate::folder::Folder;

pub(crate) struct Files;

fn folder() -> Folder<'static> {
    Folder(Path::new("/mail"))
}

fn reply(status: &str, words: &str) -> Reply {
    Reply { status: status.to_owned(), words: words.to_owned() }
}

impl Guest for Files {
    /// A folder that cannot be written fails every mail alike.
    fn deliver(name: String, _envelope: Envelope, message: Vec<u8>) -> Disposition {
        match folder().keep(&name, &message) {
            Ok(()) => Disposition::Sent(reply("2.0.0", "kept")),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => {
                Disposition::Reject(reply("5.3.0", &error.to_string()))
            }
            Err(error) => Disposition::Unavailable(reply("4.3.0", &error.to_string())),
        }
    }

    fn recent(before: Option<String>, limit: u32) -> Result<Vec<String>, String> {
        let limit = usize::try_from(limit).unwrap_or(1);
        folder().recent(before.as_deref(), limit).map_err(|error| error.to_string())
    }

    fn read(name: String) -> Result<Option<Vec<u8>>, String> {
        folder().read(&name).map_err(|error| error.to_string())
    }
}
