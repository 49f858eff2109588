//! Carries on jobs of letters that nobody looks at, and purges results after a day. Twice or late does no harm.
//! Like `outbox-cron`, it imports only what Spin's cron plug-in and Spin 4.1 both know (DOMAIN §5): `spin:sqlite@3.0.0` and WASI 0.2.

#[cfg(target_family = "wasm")]
mod component {
    use bindings::Guest;
    use bindings::fermyon::spin_cron::cron_types::{Error, Metadata};

    mod bindings {
        #![expect(unsafe_code, reason = "generated: the exports' calling convention")]
        wit_bindgen::generate!({
            path: "../../wit/deps/spin-cron",
            world: "fermyon:spin-cron/spin-cron",
            generate_all,
        });
        use super::PublipostageCron;
        export!(PublipostageCron with_types_in self);
    }

    struct PublipostageCron;

    impl Guest for PublipostageCron {
        fn handle_cron_event(_: Metadata) -> Result<(), Error> {
            run().map_err(|error| Error::Other(error.to_string()))
        }
    }

    fn run() -> Result<(), mailing::Error> {
        let database = store::Spin::open()?;
        mailing::carry_on(&database, &mut clock::now)
    }
}
