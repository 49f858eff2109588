//! Publishes the events of agendas whose time has come, and sends the messages of what was scheduled (events, news, flash
//! messages) and what is due (liaison notices, their reminders): B-2 to B-5. Twice, late or on two replicas does no harm.
//! Like `outbox-cron`, it imports only what Spin's cron plug-in and Spin 4.1 both know (DOMAIN §5): `spin:sqlite@3.0.0`,
//! `fermyon:spin/variables@2.0.0`, `vaguemestre:post`, and WASI 0.2.

#[cfg(target_family = "wasm")]
mod component {
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
            let (database, now) = (store::Spin, clock::now());
            // What is wrong with one part keeps nothing of the other.
            let announced = announced(&database, now);
            let agenda = agenda::publish_due(&database, now);
            if let Ok(due) = agenda
                && due != agenda::Due::default()
            {
                let agenda::Due { published, told, untold } = due;
                eprintln!("Events published. published={published} told={told} untold={untold}");
            }
            if let Ok(report) = announced
                && report != Report::default()
            {
                let Report { sent, refused, reminders } = report;
                eprintln!("Announcements told. sent={sent} refused={refused} reminders={reminders}");
            }
            announced.map_err(said)?;
            agenda.map(drop).map_err(said)
        }
    }

    fn announced(database: &store::Spin, now: i64) -> Result<Report, announce::Error> {
        // A variable that is not granted counts as empty: no link then.
        let site = variables::get("public_url").unwrap_or_default();
        let site = site.trim_end_matches('/');
        announce::tell_due(counter::Desk { database, now }, site.starts_with("http").then_some(site))
    }

    fn said(error: impl std::fmt::Display) -> Error {
        Error::Other(error.to_string())
    }
}
