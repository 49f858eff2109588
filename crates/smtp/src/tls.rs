//! TLS for the relay: public authorities, or one private authority instead of them.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::{Settings, SettingsError};

/// A client's side of a connection, not yet on the wire.
pub(crate) fn connection(
    settings: &Settings,
    provider: &Arc<CryptoProvider>,
) -> Result<ClientConnection, SettingsError> {
    let config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| SettingsError::Security)?
        .with_root_certificates(roots(&settings.authorities)?)
        .with_no_client_auth();
    let name = if settings.server_name.is_empty() {
        ServerName::IpAddress(settings.relay.ip().into())
    } else {
        ServerName::try_from(settings.server_name.clone()).map_err(|_| SettingsError::ServerName)?
    };
    ClientConnection::new(Arc::new(config), name).map_err(|_| SettingsError::Security)
}

fn roots(pem: &str) -> Result<RootCertStore, SettingsError> {
    let mut roots = RootCertStore::empty();
    if pem.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    }
    // A PEM text in a variable often comes with its line ends written as \n.
    let pem = pem.replace("\\n", "\n");
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.map_err(|_| SettingsError::Authorities)?).map_err(|_| SettingsError::Authorities)?;
    }
    if roots.is_empty() { Err(SettingsError::Authorities) } else { Ok(roots) }
}
