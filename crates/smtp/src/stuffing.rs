//! A mail as it goes over the wire after DATA (RFC 5321 §4.5.2).

/// `message` with every leading dot doubled and the last line that ends it. A bare CR or LF becomes CRLF on the way: a
/// server that takes one for the end of a line would see an end that is none, or commands in the text.
pub(crate) fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 64 + 5);
    let mut bytes = message.iter().copied().peekable();
    let mut at_start = true;
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' | b'\n' => {
                if byte == b'\r' {
                    bytes.next_if_eq(&b'\n');
                }
                out.extend_from_slice(b"\r\n");
                at_start = true;
                continue;
            }
            b'.' if at_start => out.extend_from_slice(b".."),
            other => out.push(other),
        }
        at_start = false;
    }
    if !at_start {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::stuffed;
    use proptest::prelude::*;

    #[test]
    fn dots_and_line_ends() {
        for (message, wire) in [
            (&b""[..], &b".\r\n"[..]),
            (b"a\r\n", b"a\r\n.\r\n"),
            (b"a", b"a\r\n.\r\n"),
            (b".\r\n", b"..\r\n.\r\n"),
            (b"a\r\n.\r\nQUIT\r\n", b"a\r\n..\r\nQUIT\r\n.\r\n"),
            (b"a\n.\nb\r.\rc", b"a\r\n..\r\nb\r\n..\r\nc\r\n.\r\n"),
            (b"a\r\r\n.", b"a\r\n\r\n..\r\n.\r\n"),
        ] {
            assert_eq!(String::from_utf8(stuffed(message)).unwrap(), String::from_utf8(wire.to_vec()).unwrap());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn only_the_end_ends_a_mail(message in prop::collection::vec(prop::sample::select(b"a.\r\n".to_vec()), 0..40)) {
            let wire = stuffed(&message);
            let text = String::from_utf8(wire).unwrap();
            let framed = format!("\r\n{text}");
            prop_assert_eq!(framed.match_indices("\r\n.\r\n").count(), 1);
            prop_assert!(framed.ends_with("\r\n.\r\n"));
            prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        }
    }
}
