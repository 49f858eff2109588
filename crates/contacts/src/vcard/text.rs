//! From bytes to text: charsets, quoted-printable, base64.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The whole file with its line ends as `\n`, taken out of UTF-16 when it is (Outlook); else its bytes as they are.
pub(super) fn file(bytes: &[u8]) -> Cow<'_, [u8]> {
    let wide = match bytes {
        [0xff, 0xfe, ..] | [b'B', 0, b'E', 0, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] | [0, b'B', 0, b'E', ..] => Some(UTF_16BE),
        _ => None,
    };
    let bytes = match wide {
        Some(encoding) => match encoding.decode_with_bom_removal(bytes).0 {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        },
        None => Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    };
    if bytes.contains(&b'\n') || !bytes.contains(&b'\r') {
        return bytes;
    }
    Cow::Owned(bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
}

/// The text of a value. Bytes that are UTF-8 are read so, whatever is said of them, unless they were encoded: programs that
/// convert a file do not change what its lines say. Latin-1 is read as Windows-1252, as everywhere (WHATWG).
pub(super) fn text(bytes: &[u8], charset: &str, encoded: bool) -> String {
    let declared = Encoding::for_label(charset.as_bytes()).filter(|found| *found != UTF_8);
    if let (Some(declared), true) = (declared, encoded) {
        return declared.decode_without_bom_handling(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => declared.unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// RFC 2045 §6.7, soft line breaks already taken out. What is not an escape stays as it is.
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b'=', high, low, tail @ ..] => {
                if let (Some(high), Some(low)) = (hex(*high), hex(*low)) {
                    out.push(high * 16 + low);
                    tail
                } else {
                    out.push(b'=');
                    rest.get(1..).unwrap_or_default()
                }
            }
            [byte, tail @ ..] => {
                out.push(*byte);
                tail
            }
            [] => return out,
        };
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// RFC 4648 §4, spaces and line ends left out; `None` for anything else.
pub(super) fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut kept, mut bits) = (0_u32, 0);
    for byte in bytes.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        kept = (kept << 6 | u32::from(value)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(kept >> bits & 0xff).unwrap_or_default());
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone() {
        assert_eq!(quoted_printable(b"=C3=A9t=c3=A9 a=zz="), b"\xc3\xa9t\xc3\xa9 a=zz=");
        assert_eq!(base64(b"w6l0\r\n w6k=").unwrap(), "été".as_bytes());
        assert_eq!(base64(b"pas du tout !"), None);
    }

    #[test]
    fn charsets_are_those_said_or_seen() {
        for (bytes, charset, encoded, text_read) in [
            (&b"\xe9t\xe9"[..], "ISO-8859-1", true, "été"),
            (b"\x80 \x9c", "Windows-1252", true, "€ œ"),
            (b"\xe9t\xe9", "", false, "été"),
            ("été".as_bytes(), "", false, "été"),
            // Converted by a program that left the words.
            ("été".as_bytes(), "ISO-8859-1", false, "été"),
            ("été".as_bytes(), "UTF-8", true, "été"),
            (b"\xe9t\xe9", "UTF-8", true, "été"),
            (b"\xe9t\xe9", "no-such-charset", true, "été"),
        ] {
            assert_eq!(text(bytes, charset, encoded), text_read, "{charset}");
        }
    }

    #[test]
    fn files_come_out_of_utf_16() {
        let wide = |text: &str, little: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        for (little, mark) in [(true, "\u{feff}"), (false, "\u{feff}"), (true, ""), (false, "")] {
            let bytes = wide(&format!("{mark}BEGIN:é"), little);
            assert_eq!(&*file(&bytes), "BEGIN:é".as_bytes(), "{little} {mark:?}");
        }
        assert_eq!(&*file(b"\xef\xbb\xbfa\rb"), b"a\nb");
        // An odd byte at the end, half a surrogate: replaced, not fatal.
        assert!(!file(b"\xff\xfe\x00\xd8B\x00\x01").is_empty());
    }
}
