//! Where the calendar object is: the bytes themselves, or a part of a mail.

use std::borrow::Cow;

use mail_parser::{MessageParser, MessagePart, MimeHeaders, PartType};

use super::{CALENDAR_LIMIT, MAIL_LIMIT, ReadError};

/// Parts of a mail that are looked at.
const PARTS: usize = 100;

/// The calendar object as text.
pub(super) fn calendar(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let bare = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    if bare.get(..15).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCALENDAR")) {
        return if bare.len() > CALENDAR_LIMIT { Err(ReadError::TooBig) } else { Ok(decoded(bare)) };
    }
    if bytes.len() > MAIL_LIMIT {
        return Err(ReadError::TooBig);
    }
    let mail = MessageParser::new().parse(bytes).ok_or(ReadError::NoCalendar)?;
    // The alternative that was made to be read by programs, else the same attached as a file.
    let parts = || mail.parts.iter().take(PARTS);
    let found = parts().find(|part| is(part, "text", "calendar")).or_else(|| parts().find(|part| is_file(part)));
    match &found.ok_or(ReadError::NoCalendar)?.body {
        PartType::Text(text) | PartType::Html(text) => Ok(Cow::Owned(text.trim_start_matches('\u{feff}').to_owned())),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Ok(Cow::Owned(decoded(bytes).into_owned())),
        PartType::Message(_) | PartType::Multipart(_) => Err(ReadError::NoCalendar),
    }
}

fn is(part: &MessagePart<'_>, kind: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|found| {
        found.ctype().eq_ignore_ascii_case(kind) && found.subtype().is_some_and(|s| s.eq_ignore_ascii_case(subtype))
    })
}

fn is_file(part: &MessagePart<'_>) -> bool {
    is(part, "application", "ics")
        || part.attachment_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".ics"))
}

/// UTF-8 as the standard has it, else what Windows made of it.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}
