//! Sends the messages of what was scheduled (news, flash messages) and what is due (liaison notices, their reminders): B-3, B-4,
//! B-5. Publishes the events that were scheduled, and tells of those that people are still to be told of: B-2. What is shown
//! otherwise needs no run: the clock says it. Twice, late or on two replicas does no harm.
//! Like `outbox-cron`, it imports only what Spin's cron plug-in and Spin 4.1 both know (DOMAIN §5): `spin:sqlite@3.0.0`,
//! `fermyon:spin/variables@2.0.0`, `vaguemestre:post`, and WASI 0.2.

#[cfg(target_family = "wasm")]
mod component {
    use agenda::Due;
    use announce::Report;
    use bindings::Guest;
    use bindings::fermyon::spin::variables;
    use bindings::fermyon::spin_cron::cron_types::{Error, Metadata};

    mod bindings {
        #![expect(unsafe_code, reason = "generated: the exports' calling convention")]
        wit_bindgen::generate!({
            path: ["../../wit/deps/fermyon-spin", "../../wit/deps/spin-cron"],
            inline: "package vaguemestre:broadcast-cron; world broadcast-cron {
                import fermyon:spin/variables@2.0.0;
                include fermyon:spin-cron/spin-cron@2.0.0;
            }",
            world: "vaguemestre:broadcast-cron/broadcast-cron",
            generate_all,
        });
        use super::BroadcastCron;
        export!(BroadcastCron with_types_in self);
    }

    struct BroadcastCron;

    impl Guest for BroadcastCron {
        fn handle_cron_event(_: Metadata) -> Result<(), Error> {
            // One that fails takes no turn from the other.
            let (agenda, announced) = (publish(), run());
            let due = agenda.map_err(|error| Error::Other(error.to_string()))?;
            if due != Due::default() {
                let Due { published, told, untold } = due;
                eprintln!("Events published and told. published={published} told={told} untold={untold}");
            }
            let report = announced.map_err(|error| Error::Other(error.to_string()))?;
            if report != Report::default() {
                let Report { sent, refused, reminders } = report;
                eprintln!("Announcements told. sent={sent} refused={refused} reminders={reminders}");
            }
            Ok(())
        }
    }

    fn publish() -> Result<Due, agenda::Error> {
        let database = store::Spin::open().map_err(agenda::Error::from)?;
        agenda::publish_due(&database, clock::now())
    }

    fn run() -> Result<Report, announce::Error> {
        let database = store::Spin::open().map_err(announce::Error::from)?;
        // A variable that is not granted counts as empty: no link then.
        let site = variables::get("public_url").unwrap_or_default();
        let site = site.trim_end_matches('/');
        let desk = counter::Desk { database: &database, now: clock::now() };
        announce::tell_due(desk, (!site.is_empty()).then_some(site))
    }
}
