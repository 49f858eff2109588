//! The exported interface.

use std::cell::RefCell;
use std::sync::Arc;

use mail::{Disposition, Envelope, Reply};
use smtp::{Client, Settings, SettingsError, Times};

use crate::bindings::exports::vaguemestre::relay::relay::{self, Guest};
use crate::bindings::fermyon::spin::variables;
use crate::bindings::vaguemestre::transport::types;
use crate::dial::Wasi;

pub(crate) struct Smtp;

thread_local! {
    /// Lives as long as the instance, and its connection with it. It knows the relay, no person.
    static CLIENT: RefCell<Client<Wasi>> = RefCell::new(Client::new(Wasi, provider(), Times::default()));
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    #[cfg(feature = "ring")]
    let provider = rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "ring"))]
    let provider = rustls_rustcrypto::provider();
    Arc::new(provider)
}

/// A variable that is not granted counts as empty.
fn variable(name: &str) -> String {
    variables::get(name).unwrap_or_default()
}

fn settings() -> Result<Option<Settings>, SettingsError> {
    Settings::parse(
        &variable("smtp_relay"),
        &variable("smtp_tls"),
        &variable("smtp_server_name"),
        &variable("smtp_username"),
        &variable("smtp_password"),
        &variable("smtp_ca"),
    )
}

impl Guest for Smtp {
    /// A relay whose settings make no sense is configured all the same: its mails wait, rather than go to a folder.
    fn configured() -> Option<String> {
        match settings() {
            Ok(settings) => settings.map(|settings| settings.relay.to_string()),
            Err(_) => Some(variable("smtp_relay")),
        }
    }

    fn deliver(envelope: relay::Envelope, message: Vec<u8>) -> relay::Disposition {
        out(deliver(&envelope, &message))
    }
}

fn deliver(envelope: &relay::Envelope, message: &[u8]) -> Disposition {
    let settings = match settings() {
        Ok(Some(settings)) => settings,
        Ok(None) => return Disposition::Unavailable(Reply::new("4.3.5", "no relay is configured")),
        Err(error) => return Disposition::Unavailable(Reply::new("4.3.5", &error.to_string())),
    };
    let envelope = match Envelope::parse(&envelope.sender, &envelope.recipient) {
        Ok(envelope) => envelope,
        Err(error) => return Disposition::Reject(Reply::new("5.1.3", &error.to_string())),
    };
    CLIENT.with(|client| match client.try_borrow_mut() {
        Ok(mut client) => client.deliver(&settings, &envelope, message),
        // Another call of this instance waits for the server.
        Err(_) => Disposition::Retry(Reply::new("4.4.5", "the connection is in use")),
    })
}

fn out(disposition: Disposition) -> types::Disposition {
    let reply = |reply: Reply| types::Reply { status: reply.status().to_owned(), words: reply.words().to_owned() };
    match disposition {
        Disposition::Sent(r) => types::Disposition::Sent(reply(r)),
        Disposition::Retry(r) => types::Disposition::Retry(reply(r)),
        Disposition::Reject(r) => types::Disposition::Reject(reply(r)),
        Disposition::Unavailable(r) => types::Disposition::Unavailable(reply(r)),
    }
}
