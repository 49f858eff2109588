//! `allowed_outbound_hosts`, by Spin's rules.
//!
//! An entry is `scheme://host[:port]`. The scheme is a word or `*`; the host a name, an address, a network
//! (`10.0.0.0/8`), `*.name`, `*` or `self`; the port a number, a range (`1000..2000`, end excluded) or `*`, and when it
//! is missing the scheme's own. Raw sockets are checked as `tcp://ADDRESS:PORT`: a name never matches one.
//!
//! Invariant: what is not allowed by some entry is refused.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use url::Host;

use crate::variables::Variables;

/// The entries of one component.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct AllowList {
    entries: Vec<Entry>,
}

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    /// `None` for any.
    scheme: Option<String>,
    host: HostRule,
    /// `None` for any.
    ports: Option<Range<u16>>,
}

#[derive(Debug, PartialEq, Eq)]
enum HostRule {
    Any,
    ToSelf,
    /// With its leading dot.
    Under(String),
    Exactly(Host<String>),
    Network(IpAddr, u8),
}

impl AllowList {
    /// Reads the entries of a component; templates are replaced first. An entry that a variable leaves empty is
    /// dropped, so that an optional endpoint can be left unset.
    ///
    /// # Errors
    /// Names the entry and says what is wrong with it.
    pub fn parse(entries: &[String], variables: &Variables) -> Result<Self, String> {
        let mut list = Self::default();
        for template in entries {
            let refuse = |why: String| format!("allowed_outbound_hosts \"{template}\": {why}");
            let text = variables.expand(template).map_err(refuse)?;
            let dropped = template != &text && matches!(text.as_str(), "" | "http://" | "https://");
            if !dropped {
                list.entries.push(Entry::parse(text.trim()).map_err(refuse)?);
            }
        }
        Ok(list)
    }

    /// Whether an absolute HTTP URL may be requested.
    #[must_use]
    pub fn allows_url(&self, url: &str) -> bool {
        let Ok(url) = url::Url::parse(url) else { return false };
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else { return false };
        self.entries.iter().any(|e| e.allows(url.scheme(), &host.to_owned(), port))
    }

    /// Whether requests to the application itself are allowed.
    #[must_use]
    pub fn allows_self(&self) -> bool {
        self.entries.iter().any(|e| {
            e.scheme.as_deref().is_none_or(|s| matches!(s, "http" | "https"))
                && matches!(e.host, HostRule::Any | HostRule::ToSelf)
        })
    }

    /// Whether a raw socket may reach an address; `scheme` is `tcp` or `udp`.
    #[must_use]
    pub fn allows_socket(&self, scheme: &str, address: SocketAddr) -> bool {
        let host = match address.ip() {
            IpAddr::V4(ip) => Host::Ipv4(ip),
            IpAddr::V6(ip) => Host::Ipv6(ip),
        };
        self.entries.iter().any(|e| e.allows(scheme, &host, address.port()))
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text
            .split_once("://")
            .ok_or("write scheme://host:port, for example tcp://127.0.0.1:25 or https://*:443")?;
        if scheme != "*" && (scheme.is_empty() || !scheme.chars().all(char::is_alphabetic)) {
            return Err(format!("\"{scheme}\" is not a scheme"));
        }
        let (host, port) = split_port(rest)?;
        let ports = match port {
            Some("*") => None,
            Some(port) => Some(parse_ports(port)?),
            None => {
                let port = known_port(scheme).ok_or_else(|| format!("\"{scheme}\" has no usual port: give one"))?;
                Some(port..port.saturating_add(1))
            }
        };
        let scheme = (scheme != "*").then(|| scheme.to_owned());
        Ok(Self { scheme, host: HostRule::parse(host)?, ports })
    }

    fn allows(&self, scheme: &str, host: &Host<String>, port: u16) -> bool {
        self.scheme.as_deref().is_none_or(|s| s == scheme)
            && self.host.allows(host)
            && self.ports.as_ref().is_none_or(|p| p.contains(&port))
    }
}

/// Splits `host:port`, where the host may be `[::1]`, and lets one `/` stand at the end.
fn split_port(rest: &str) -> Result<(&str, Option<&str>), String> {
    let bracket = rest.rfind(']').map_or(0, |at| at + 1);
    let (head, tail) = rest.split_at(bracket);
    if let Some((host, port)) = tail.rsplit_once(':') {
        let port = port.strip_suffix('/').unwrap_or(port);
        if port.contains('/') {
            return Err("a path is not allowed".into());
        }
        let host_end = head.len() + host.len();
        let host = rest.get(..host_end).unwrap_or(rest);
        return Ok((host, (!port.is_empty()).then_some(port)));
    }
    Ok((rest, None))
}

fn parse_ports(text: &str) -> Result<Range<u16>, String> {
    let number = |t: &str| t.parse::<u16>().map_err(|_| format!("\"{text}\" is not a port"));
    match text.split_once("..") {
        Some((from, to)) => Ok(number(from)?..number(to)?),
        None => number(text).map(|p| p..p.saturating_add(1)),
    }
}

fn known_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" => 80,
        "https" => 443,
        "redis" => 6379,
        "postgres" => 5432,
        "mysql" => 3306,
        "mqtt" => 1883,
        _ => return None,
    })
}

impl HostRule {
    fn parse(text: &str) -> Result<Self, String> {
        match text.strip_suffix('/').unwrap_or(text) {
            "*" => return Ok(Self::Any),
            "self" | "self.alt" => return Ok(Self::ToSelf),
            _ => {}
        }
        if let Some((address, bits)) = text.split_once('/')
            && let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse::<u8>())
        {
            let most = if address.is_ipv4() { 32 } else { 128 };
            return if bits <= most { Ok(Self::Network(address, bits)) } else { Err("no such network".into()) };
        }
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.contains('/') {
            return Err("a path is not allowed".into());
        }
        if let Some(under) = text.strip_prefix("*.") {
            return match Host::parse(under) {
                Ok(Host::Domain(domain)) if !domain.contains('*') => Ok(Self::Under(format!(".{domain}"))),
                _ => Err(format!("\"{text}\": after `*.` stands a name")),
            };
        }
        if text.contains('*') {
            return Err("`*` stands alone or at the start, as in *.example.org".into());
        }
        Host::parse(text).map(Self::Exactly).map_err(|e| format!("\"{text}\": {e}"))
    }

    fn allows(&self, host: &Host<String>) -> bool {
        match (self, host) {
            (Self::Any, _) => true,
            (Self::Under(suffix), Host::Domain(name)) => name.ends_with(suffix.as_str()),
            (Self::Exactly(exactly), host) => exactly == host,
            (Self::Network(IpAddr::V4(net), bits), Host::Ipv4(ip)) => {
                let shift = 32 - u32::from(*bits);
                net.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
            }
            (Self::Network(IpAddr::V6(net), bits), Host::Ipv6(ip)) => {
                let shift = 128 - u32::from(*bits);
                net.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> AllowList {
        let entries: Vec<String> = entries.iter().map(|e| (*e).to_owned()).collect();
        AllowList::parse(&entries, &Variables::default()).unwrap()
    }

    #[test]
    fn urls_are_matched_by_scheme_host_and_port() {
        let l = list(&["https://example.org", "http://*.test:8000..8002", "http://127.0.0.1:*", "*://b.example:99"]);
        for yes in [
            "https://example.org/path?q",
            "https://EXAMPLE.org:443/",
            "http://a.test:8001/",
            "http://127.0.0.1:5/",
            "https://b.example:99/",
        ] {
            assert!(l.allows_url(yes), "{yes}");
        }
        for no in [
            "http://example.org/",
            "https://example.org:8443/",
            "https://www.example.org/",
            "http://test:8000/",
            "http://a.test:8002/",
            "http://127.0.0.2:5/",
            "nonsense",
        ] {
            assert!(!l.allows_url(no), "{no}");
        }
        assert!(!l.allows_self());
    }

    #[test]
    fn sockets_are_matched_by_address_only() {
        let l = list(&["tcp://10.1.0.0/16:25", "tcp://relay.example:25", "tcp://[::1]:2525", "tcp://192.0.2.1:587"]);
        for (address, expected) in [
            ("10.1.255.1:25", true),
            ("10.2.0.1:25", false),
            ("10.1.0.1:26", false),
            ("[::1]:2525", true),
            ("192.0.2.1:587", true),
            ("192.0.2.2:587", false),
        ] {
            assert_eq!(l.allows_socket("tcp", address.parse().unwrap()), expected, "{address}");
        }
        assert!(!l.allows_socket("udp", "192.0.2.1:587".parse().unwrap()));
        assert!(list(&["*://*:*"]).allows_socket("tcp", "203.0.113.9:1".parse().unwrap()));
        assert!(!list(&[]).allows_socket("tcp", "127.0.0.1:1".parse().unwrap()));
        assert!(list(&["tcp://0.0.0.0/0:1"]).allows_socket("tcp", "9.9.9.9:1".parse().unwrap()));
    }

    #[test]
    fn requests_to_itself_are_named_self() {
        for yes in ["http://self", "https://self", "http://self.alt", "*://*:*", "http://*:80"] {
            assert!(list(&[yes]).allows_self(), "{yes}");
        }
        assert!(!list(&["http://example.org", "tcp://*:*"]).allows_self());
    }

    #[test]
    fn malformed_entries_are_refused_and_empty_variables_dropped() {
        for bad in [
            "*",
            "",
            "example.org",
            "http://a/b",
            "http://a*b",
            "tcp://a",
            "http://a:x",
            "h1://a:1",
            "http://10.0.0.0/40",
        ] {
            assert!(AllowList::parse(&[bad.to_owned()], &Variables::default()).is_err(), "{bad}");
        }
        let declared = [crate::manifest::VariableDecl {
            name: "relay".into(),
            default: Some(String::new()),
            secret: false,
            line: 1,
        }];
        let variables = Variables::resolve(&declared, &std::collections::BTreeMap::new(), |_| None).unwrap();
        assert_eq!(AllowList::parse(&["{{ relay }}".to_owned()], &variables).unwrap(), AllowList::default());
    }
}
