//! Drains the outbox when the clock says so (O-1). It imports only what Spin's cron plug-in and Spin 4.1 both know
//! (DOMAIN §5): `spin:sqlite@3.0.0`, `vaguemestre:relay`, `vaguemestre:pickup`, and WASI 0.2.

#[cfg(target_family = "wasm")]
mod component {
    use bindings::Guest;
    use bindings::fermyon::spin_cron::cron_types::{Error, Metadata};
    use queue::plugs::{Pickup, Relay};
    use queue::{Limits, Report, System, choose, drain};

    mod bindings {
        #![expect(unsafe_code, reason = "generated: the exports' calling convention")]
        wit_bindgen::generate!({
            path: "../../wit/deps/spin-cron",
            world: "fermyon:spin-cron/spin-cron",
            generate_all,
        });
        use super::OutboxCron;
        export!(OutboxCron with_types_in self);
    }

    struct OutboxCron;

    impl Guest for OutboxCron {
        fn handle_cron_event(_: Metadata) -> Result<(), Error> {
            let report = run().map_err(|error| Error::Other(error.to_string()))?;
            // A pause is said once, by the run that began it.
            if report != (Report { paused_until: report.paused_until, ..Report::default() }) {
                eprintln!("{}", report.line());
            }
            Ok(())
        }
    }

    fn run() -> Result<Report, store::Error> {
        let (mut relay, mut pickup) = (Relay, Pickup);
        let mut outlet = choose(&mut relay, &mut pickup);
        drain(&store::Spin, &mut outlet, &mut System, &Limits::default())
    }
}
