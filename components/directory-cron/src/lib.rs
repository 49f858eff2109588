//! Takes out of the directory, once a day, what must not stay: people who left, ad hoc groups of the school year that is over,
//! imports that nobody came back to (A-7, D-3). Twice or late does no harm. Like `outbox-cron`, it imports only what Spin's cron
//! plug-in and Spin 4.1 both know (DOMAIN §5): `spin:sqlite@3.0.0` and WASI 0.2.

#[cfg(target_family = "wasm")]
mod component {
    use bindings::Guest;
    use bindings::fermyon::spin_cron::cron_types::{Error, Metadata};
    use provisioning::Purged;

    mod bindings {
        #![expect(unsafe_code, reason = "generated: the exports' calling convention")]
        wit_bindgen::generate!({
            path: "../../wit/deps/spin-cron",
            world: "fermyon:spin-cron/spin-cron",
            generate_all,
        });
        use super::DirectoryCron;
        export!(DirectoryCron with_types_in self);
    }

    struct DirectoryCron;

    impl Guest for DirectoryCron {
        fn handle_cron_event(_: Metadata) -> Result<(), Error> {
            let purged = run().map_err(|error| Error::Other(error.to_string()))?;
            if purged != Purged::default() {
                let Purged { people, groups, imports } = purged;
                eprintln!("Purged. people={people} groups={groups} imports={imports}");
            }
            Ok(())
        }
    }

    fn run() -> Result<Purged, provisioning::Error> {
        provisioning::purge(&store::Spin, clock::now())
    }
}
