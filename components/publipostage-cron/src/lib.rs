//! Carries on jobs of letters that nobody looks at, has the post office send runs of model letters that are ready, and purges
//! results after a day. Twice or late does no harm. Like `outbox-cron`, it imports only what Spin's cron plug-in and Spin 4.1 both
//! know (DOMAIN §5): `spin:sqlite@3.0.0`, `vaguemestre:post`, and WASI 0.2.

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

    mod post {
        wit_bindgen::generate!({
            path: ["../../wit/deps/spin-sqlite", "../../wit/post"],
            inline: "package vaguemestre:publipostage-cron; world publipostage-cron { import vaguemestre:post/submission@0.1.0; }",
            generate_all,
        });
    }

    struct PublipostageCron;

    impl Guest for PublipostageCron {
        fn handle_cron_event(_: Metadata) -> Result<(), Error> {
            run().map_err(|error| Error::Other(error.to_string()))
        }
    }

    fn run() -> Result<(), mailing::Error> {
        let database = store::Spin;
        // Each whatever became of the one before: a job that goes wrong keeps no letters from leaving.
        let carried = mailing::carry_on(&database, &mut clock::now);
        let sent = runs(&database);
        let purged = mailing::model::purge(&database, clock::now());
        carried.and(sent.and(purged).map_err(|error| match error {
            mailing::model::Error::Store(error) => error.into(),
            other => mailing::Error::Store(store::Error::Unavailable(other.to_string())),
        }))
    }

    /// Model letters that are all made, and whose page nobody looks at.
    fn runs(database: &store::Spin) -> Result<(), mailing::model::Error> {
        use post::vaguemestre::post::submission::{Refusal, mail_letters};
        let mut outcome = Ok(());
        for (run, author) in mailing::model::due(database)? {
            outcome = outcome.and(match mail_letters(&author, &run) {
                Ok(_) | Err(Refusal::Unavailable(_)) => Ok(()),
                Err(Refusal::Nobody) => mailing::model::note_refused(database, &run, NOBODY),
                Err(_) => mailing::model::note_refused(database, &run, REFUSED),
            });
        }
        outcome
    }

    const NOBODY: &str = "Rien n’est parti : plus aucun destinataire ne peut être joint. Imprimez les lettres.";
    const REFUSED: &str =
        "Rien n’est parti : qui a lancé l’envoi, ou quelqu’un en copie, n’a plus les droits qu’il faut.";
}
