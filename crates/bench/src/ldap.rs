//! As much of LDAP (RFC 4511) as a search on one connection takes, in BER by hand.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context as _, Result, bail};

/// A condition.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Equal(&'static str, String),
    Begins(&'static str, String),
}

const SEARCH: u8 = 0x63;
const ENTRY: u8 = 0x64;
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

/// A connection, anonymous: slapd lets anybody read when nothing says otherwise.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    message: u8,
}

impl Connection {
    pub(crate) fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), message: 0 })
    }

    /// The number of entries found below `base`, 25 at most, each with the attributes that a list shows.
    pub(crate) fn search(&mut self, base: &str, filter: &Filter) -> Result<usize> {
        self.message = self.message % 100 + 1;
        let attributes: Vec<u8> = ["cn", "sn", "givenName", "employeeType", "title", "ou", "departmentNumber"]
            .iter()
            .flat_map(|name| element(0x04, name.as_bytes()))
            .collect();
        // Whole subtree, aliases never, 25 entries, no time limit, values too.
        let scope = [0x0a, 1, 2, 0x0a, 1, 0, 0x02, 1, LIMIT, 0x02, 1, 0, 0x01, 1, 0];
        let request = [element(0x04, base.as_bytes()), scope.to_vec(), filter.encode(), element(0x30, &attributes)];
        let message = [vec![0x02, 1, self.message], element(SEARCH, &request.concat())];
        self.stream.get_mut().write_all(&element(0x30, &message.concat()))?;
        let mut entries = 0;
        loop {
            let content = self.element()?;
            // INTEGER message id of one byte, then the operation.
            match content.get(3) {
                Some(&ENTRY) => entries += 1,
                Some(&DONE) => {
                    let done = content.get(3..).context("a short answer")?;
                    let body = if done.get(1).is_some_and(|length| *length < 128) { 2 } else { 3 };
                    match done.get(body + 2) {
                        Some(code) if FINE.contains(code) => return Ok(entries),
                        code => bail!("slapd answers {code:?}"),
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self) -> Result<Vec<u8>> {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head)?;
        let [_, first] = head;
        let mut length = usize::from(first);
        if first >= 128 {
            let mut bytes = vec![0; usize::from(first & 127)];
            self.stream.read_exact(&mut bytes)?;
            length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        }
        let mut content = vec![0; length];
        self.stream.read_exact(&mut content)?;
        Ok(content)
    }
}
