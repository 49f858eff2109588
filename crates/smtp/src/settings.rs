//! How the relay is reached (O-2): read once from the texts an administrator wrote.

use std::net::SocketAddr;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: a relay on the same machine.
    None,
    /// RFC 3207; a server that does not offer it is not used.
    StartTls,
    /// TLS from the first octet (RFC 8314 §3).
    Implicit,
}

/// Who we are for the relay.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
}

/// A password shows nowhere.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// A relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where it is. Raw sockets have no name look-up (DOMAIN §5).
    pub relay: SocketAddr,
    /// How the connection is protected.
    pub security: Security,
    /// The name in its certificate; empty: its IP address.
    pub server_name: String,
    /// For AUTH; none: no AUTH.
    pub credentials: Option<Credentials>,
    /// Certificates of a private authority in PEM, in place of the public ones; empty: the public ones.
    pub authorities: String,
}

/// What an administrator wrote that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Neither `none:0` nor `IP:port`.
    #[error("smtp_relay is not IP:port")]
    Relay,
    /// Not `none`, `starttls` or `implicit`.
    #[error("smtp_tls is not none, starttls or implicit")]
    Security,
    /// Credentials would go in clear.
    #[error("smtp_username needs smtp_tls")]
    ClearPassword,
    /// `smtp_ca` holds no certificate.
    #[error("smtp_ca is not a PEM certificate")]
    Authorities,
    /// Not a name that can stand in a certificate.
    #[error("smtp_server_name is not a host name")]
    ServerName,
}

impl Settings {
    /// Reads the variables `smtp_relay`, `smtp_tls`, `smtp_server_name`, `smtp_username`, `smtp_password` and `smtp_ca`; none
    /// when no relay is configured (empty, or port 0).
    ///
    /// # Errors
    /// [`SettingsError`], by the first variable that makes no sense.
    pub fn parse(
        relay: &str,
        security: &str,
        server_name: &str,
        username: &str,
        password: &str,
        authorities: &str,
    ) -> Result<Option<Self>, SettingsError> {
        let relay = relay.trim();
        if relay.is_empty() || relay == "none:0" {
            return Ok(None);
        }
        let relay: SocketAddr = relay.parse().map_err(|_| SettingsError::Relay)?;
        let security = match security.trim() {
            "none" => Security::None,
            "" | "starttls" => Security::StartTls,
            "implicit" => Security::Implicit,
            _ => return Err(SettingsError::Security),
        };
        let credentials = (!username.is_empty())
            .then(|| Credentials { username: username.to_owned(), password: password.to_owned() });
        if credentials.is_some() && security == Security::None {
            return Err(SettingsError::ClearPassword);
        }
        let (server_name, authorities) = (server_name.trim().to_owned(), authorities.trim().to_owned());
        Ok(Some(Self { relay, security, server_name, credentials, authorities }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Security, Settings, SettingsError};

    #[test]
    fn no_relay_is_no_mistake() {
        for none in ["", " ", "none:0"] {
            assert_eq!(Settings::parse(none, "bad", "", "", "", "").unwrap(), None);
        }
    }

    #[test]
    fn settings_are_read_or_refused() {
        let read = |relay, tls, user| Settings::parse(relay, tls, "mx.example", user, "secret", "");
        let settings = read("192.0.2.1:587", "", "ent").unwrap().unwrap();
        assert_eq!((settings.relay.port(), settings.security), (587, Security::StartTls));
        assert!(!format!("{settings:?}").contains("secret"));
        assert_eq!(read("[2001:db8::1]:25", "none", "").unwrap().unwrap().credentials, None);
        assert_eq!(read("mx.example:25", "none", ""), Err(SettingsError::Relay));
        assert_eq!(read("192.0.2.1:25", "ssl", ""), Err(SettingsError::Security));
        assert_eq!(read("192.0.2.1:25", "none", "ent"), Err(SettingsError::ClearPassword));
    }
}
