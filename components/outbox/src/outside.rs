//! What this component has from outside but the database: the two transports, and its variables. Natively a double, which
//! the tests fill.

#[cfg(not(target_family = "wasm"))]
pub(crate) use double::{drain_token, names, outlet, read, relay};
#[cfg(target_family = "wasm")]
pub(crate) use real::{drain_token, names, outlet, read, relay};

#[cfg(target_family = "wasm")]
mod real {
    use queue::plugs::{Pickup, Relay};
    use queue::{Relay as _, Transport, choose};

    mod bindings {
        wit_bindgen::generate!({
            path: "../../wit/deps/fermyon-spin",
            inline: "package vaguemestre:outbox; world outbox { import fermyon:spin/variables@2.0.0; }",
            generate_all,
        });
    }

    /// The bearer token for schedulers; empty: none.
    pub(crate) fn drain_token() -> String {
        bindings::fermyon::spin::variables::get("drain_token").unwrap_or_default()
    }

    /// The relay that takes the mails; none: they are kept.
    pub(crate) fn relay() -> Option<String> {
        Relay.configured()
    }

    /// Gives the transport of this run to `work`.
    pub(crate) fn outlet<R>(work: impl FnOnce(&mut dyn Transport) -> R) -> R {
        let (mut relay, mut pickup) = (Relay, Pickup);
        work(&mut choose(&mut relay, &mut pickup))
    }

    /// Names of kept mails, newest first.
    pub(crate) fn names(before: Option<&str>, limit: u32) -> Result<Vec<String>, String> {
        Pickup.recent(before, limit)
    }

    /// A kept mail.
    pub(crate) fn read(name: &str) -> Result<Option<Vec<u8>>, String> {
        Pickup.read(name)
    }
}

#[cfg(not(target_family = "wasm"))]
pub(crate) mod double {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use mail::{Disposition, Envelope, Reply};
    use queue::Transport;

    #[derive(Default)]
    pub(crate) struct Outside {
        pub(crate) token: String,
        pub(crate) relay: Option<String>,
        pub(crate) kept: BTreeMap<String, Vec<u8>>,
    }

    thread_local!(pub(crate) static OUTSIDE: RefCell<Outside> = RefCell::default());

    struct Keeper;

    impl Transport for Keeper {
        fn name(&self) -> &str {
            "pickup"
        }

        fn deliver(&mut self, delivery: &str, _: &Envelope, message: &[u8]) -> Disposition {
            OUTSIDE.with(|outside| outside.borrow_mut().kept.insert(delivery.to_owned(), message.to_vec()));
            Disposition::Sent(Reply::new("2.0.0", "kept"))
        }
    }

    pub(crate) fn drain_token() -> String {
        OUTSIDE.with(|outside| outside.borrow().token.clone())
    }

    pub(crate) fn relay() -> Option<String> {
        OUTSIDE.with(|outside| outside.borrow().relay.clone())
    }

    pub(crate) fn outlet<R>(work: impl FnOnce(&mut dyn Transport) -> R) -> R {
        work(&mut Keeper)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the real one can fail")]
    pub(crate) fn names(before: Option<&str>, limit: u32) -> Result<Vec<String>, String> {
        let older = |name: &&String| before.is_none_or(|before| name.as_str() < before);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(OUTSIDE.with(|outside| outside.borrow().kept.keys().rev().filter(older).take(limit).cloned().collect()))
    }

    #[expect(clippy::unnecessary_wraps, reason = "the real one can fail")]
    pub(crate) fn read(name: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(OUTSIDE.with(|outside| outside.borrow().kept.get(name).cloned()))
    }
}
