//! Sending: a run is frozen, its letters are made slice by slice, and when they are all there the post office sends them at once.

use counter::Refusal;
use mailing::job::{Job, State};
use mailing::model::{self, Copy, Launch, Run, Selection, Way};
use web::{Exchange, Problem, Response};

use super::recipients::{Planned, planned, show};
use super::{PATH, ask, failed};

/// Slices made while the form waits: a class or two need no more.
const AT_ONCE: u32 = 4;

/// `POST /publipostage/models/{id}/send`
pub(crate) fn send(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let pairs = || form.fields().iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let selection = ask::selection(pairs())?;
    let copies = ask::copies(pairs());
    let given = key(Some(form.get("key")).filter(|key| !key.is_empty()))?;
    let started = way(form.get("way")).and_then(|way| start(exchange, &selection, way, &copies, given));
    match started {
        Ok(run) => Ok(told(&run)),
        Err(problem) if problem.status.is_client_error() && problem.code != "not-found" => {
            show(exchange, &selection, Some(&problem))
        }
        Err(problem) => Err(problem),
    }
}

/// What a form or a header gives as the key of a request: the request made again with it does nothing more.
pub(crate) fn key(given: Option<&str>) -> Result<Option<&str>, Problem> {
    match given {
        Some(key) if key.is_empty() || key.len() > 128 || !key.bytes().all(|c| c.is_ascii_graphic()) => {
            Err(Problem::invalid("Idempotency-Key", "Une clé a de 1 à 128 caractères ASCII visibles."))
        }
        given => Ok(given),
    }
}

pub(crate) fn way(word: &str) -> Result<Way, Problem> {
    Way::of(word).ok_or_else(|| Problem::invalid("way", "Choisissez comment les lettres partent."))
}

/// Back to the page of the run, with what happened.
pub(crate) fn told(run: &Run) -> Response {
    let back = Response::see_other(&format!("{PATH}/runs/{}", run.id));
    match (run.job.state, run.sent_at) {
        (_, Some(_)) if run.sent > 1 => back.success(&format!("{} lettres sont parties.", run.sent)),
        (_, Some(_)) => back.success("La lettre est partie."),
        (State::Done, None) if !run.refused.is_empty() => back.warning(&run.refused),
        (State::Done, None) => back.success("Le fichier est prêt."),
        (State::Running, None) => back.success(&format!("{} lettres sur {} sont prêtes.", run.job.done, run.job.total)),
        _ => back,
    }
}

/// Freezes a run and begins its letters.
pub(crate) fn start(
    exchange: &Exchange<'_>,
    selection: &Selection,
    way: Way,
    copies: &[Copy],
    key: Option<&str>,
) -> Result<Run, Problem> {
    let (db, viewer) = (exchange.db(), exchange.viewer()?.id.as_str());
    let Planned { model, head, people, plan } = planned(exchange, selection)?;
    let choices = model::choices(db, viewer, &model.uai).map_err(failed)?;
    let audience = ask::words(selection, &choices, &people);
    let launch = Launch { model: &model, head: &head, plan: &plan?, selection, way, audience: &audience, copies, key };
    let id = model::launch(db, exchange.now(), viewer, &launch).map_err(failed)?;
    carry_on(exchange, &id, AT_ONCE)
}

/// Makes up to `slices` more slices of a run of the viewer's, and sends it when its letters are all there.
pub(crate) fn carry_on(exchange: &Exchange<'_>, id: &str, slices: u32) -> Result<Run, Problem> {
    let (db, viewer) = (exchange.db(), exchange.viewer()?.id.as_str());
    let run = model::run(db, viewer, id).map_err(failed)?;
    let mut job: Job = run.job;
    for _ in 0..slices {
        if job.state == State::Running {
            job = mailing::advance(db, exchange.now(), &job.id)
                .map_err(|error| Problem::unavailable(error.to_string()))?;
        }
    }
    if job.state == State::Done && run.way.sends() && run.sent_at.is_none() && run.refused.is_empty() {
        dispatch(exchange, id, &job.by)?;
    }
    model::run(db, viewer, id).map_err(failed)
}

/// Sends; what the post office refuses for good is noted with the run.
fn dispatch(exchange: &Exchange<'_>, id: &str, author: &str) -> Result<(), Problem> {
    match counter::mail_letters(counter::desk(exchange), author, id) {
        Ok(_) => Ok(()),
        Err(Refusal::Unavailable(error)) => Err(error.into()),
        Err(refusal) => model::note_refused(exchange.db(), id, words(&refusal)).map_err(failed),
    }
}

const fn words(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::AuthorMayNotSend => {
            "Rien n’est parti : qui a lancé l’envoi ne peut pas, ou plus, envoyer de messages pour cet établissement."
        }
        Refusal::Refused(_) => {
            "Rien n’est parti : l’une des personnes en copie ne peut plus être jointe par qui a lancé l’envoi."
        }
        Refusal::Nobody => "Rien n’est parti : plus aucun destinataire ne peut être joint. Imprimez les lettres.",
        _ => {
            "Rien n’est parti : la poste a refusé l’envoi. Recommencez, et prévenez l’administrateur du service si cela se répète."
        }
    }
}
