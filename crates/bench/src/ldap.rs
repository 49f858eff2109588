//! As much of LDAP (RFC 4511) as a search on one connection takes, in BER by hand.

use anyhow::{Context as _, Result, bail};

use crate::load::Received;

/// A condition.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Equal(&'static str, String),
    Begins(&'static str, String),
}

const SEARCH: u8 = 0x63;
const DONE: u8 = 0x65;
/// Result codes: success, and more entries than the limit.
const FINE: [u8; 2] = [0, 4];
/// Entries of a page.
const LIMIT: u8 = 25;

impl Filter {
    fn encode(&self) -> Vec<u8> {
        match self {
            Self::And(parts) => element(0xa0, &parts.iter().flat_map(Self::encode).collect::<Vec<_>>()),
            Self::Or(parts) => element(0xa1, &parts.iter().flat_map(Self::encode).collect::<Vec<_>>()),
            Self::Equal(name, value) => {
                element(0xa3, &[element(0x04, name.as_bytes()), element(0x04, value.as_bytes())].concat())
            }
            Self::Begins(name, value) => {
                let initial = element(0x30, &element(0x80, value.as_bytes()));
                element(0xa4, &[element(0x04, name.as_bytes()), initial].concat())
            }
        }
    }
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length @ 0..=127) => bytes.push(length),
        // Two bytes of length: questions are short.
        _ => bytes.extend([0x82, (content.len() >> 8) as u8, content.len() as u8]),
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A search below `base`, 25 entries at most, each with the attributes that a list shows. Anonymous: slapd lets anybody read
/// when nothing says otherwise.
pub(crate) fn search(base: &str, filter: &Filter) -> Vec<u8> {
    let attributes: Vec<u8> = ["cn", "sn", "givenName", "employeeType", "title", "ou", "departmentNumber"]
        .iter()
        .flat_map(|name| element(0x04, name.as_bytes()))
        .collect();
    // Whole subtree, aliases never, 25 entries, no time limit, values too.
    let scope = [0x0a, 1, 2, 0x0a, 1, 0, 0x02, 1, LIMIT, 0x02, 1, 0, 0x01, 1, 0];
    let request = [element(0x04, base.as_bytes()), scope.to_vec(), filter.encode(), element(0x30, &attributes)];
    // One question at a time on a connection: each may have the same number.
    let message = [vec![0x02, 1, 1], element(SEARCH, &request.concat())];
    element(0x30, &message.concat())
}

/// An answer: entries, then the word that it is done.
pub(crate) fn answer(mut bytes: &[u8]) -> Result<Received> {
    while let Some((content, rest)) = split(bytes) {
        // INTEGER message id of one byte, then the operation.
        if content.get(3) == Some(&DONE) {
            let done = content.get(5..).context("a short answer")?;
            return match done.get(2) {
                Some(code) if FINE.contains(code) => Ok(Received::Whole(None)),
                code => bail!("slapd answers {code:?}"),
            };
        }
        bytes = rest;
    }
    Ok(Received::Part)
}

/// The content of the first element, and what follows it; none while it is not all there.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = *bytes.get(1)?;
    let (head, length) = if first < 128 {
        (2, usize::from(first))
    } else {
        let head = 2 + usize::from(first & 127);
        (head, bytes.get(2..head)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    };
    bytes.get(head..)?.split_at_checked(length)
}
