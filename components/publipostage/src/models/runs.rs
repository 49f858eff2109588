//! Runs: how far their letters are, what became of each, the file to print, and the letters that are still to be printed.

use mailing::job::{self, State};
use mailing::model::{self, LetterState, Run, RunLetter, Way};
use maud::{Markup, PreEscaped};
use store::params;
use web::ui::{self, Column, Tone};
use web::{Exchange, Page, Problem, Response, html};

use super::send::{carry_on, key, told};
use super::{PATH, counted, failed};

/// "48 lettres parties", "12 sur 48 prêtes"
pub(crate) fn state(run: &Run) -> String {
    match (run.job.state, run.sent_at) {
        (_, Some(_)) => counted(run.sent as usize, "lettre partie", "lettres parties"),
        (State::Running, None) => format!("{} sur {} prêtes", run.job.done, run.job.total),
        (State::Cancelled, None) => "annulé".to_owned(),
        (State::Failed, None) => "interrompu".to_owned(),
        (State::Done, None) if run.way.sends() && run.refused.is_empty() => "prêtes à partir".to_owned(),
        (State::Done, None) if run.way.sends() => "refusé".to_owned(),
        (State::Done, None) => counted(run.letters as usize, "lettre à imprimer", "lettres à imprimer"),
    }
}

/// What became of a letter, in words.
pub(crate) const fn letter_state(state: LetterState) -> (Tone, &'static str) {
    match state {
        LetterState::Waiting => (Tone::Neutral, "En préparation"),
        LetterState::Mailbox => (Tone::Good, "Dans sa messagerie"),
        LetterState::Redirect => (Tone::Good, "Par courriel"),
        LetterState::Away => (Tone::Attention, "Bloqué ou parti"),
        LetterState::Refused => (Tone::Attention, "Vous ne pouvez pas lui écrire"),
        LetterState::Nowhere => (Tone::Attention, "Sur papier seulement"),
    }
}

/// `GET /publipostage/models/runs/{run}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (db, viewer, id) = (exchange.db(), &exchange.viewer()?.id, exchange.param("run"));
    let run = model::run(db, viewer, id).map_err(failed)?;
    let after = exchange.query_value("after").parse().ok();
    let letters = model::run_letters(db, viewer, id, after).map_err(failed)?;
    let remarks = job::remarks(db, &run.job.id).map_err(|error| Problem::internal(error.to_string()))?;
    let zone = exchange.zone_of(&run.uai)?;
    let here = format!("{PATH}/runs/{}", run.id);
    let columns = [
        Column { label: "Destinataire", class: "wide" },
        Column { label: "Au sujet de", class: "" },
        Column { label: "Lettre", class: "" },
    ];
    let row = |letter: &RunLetter| {
        let remark = remarks.iter().find(|(position, _)| *position == letter.position);
        let (tone, words) = match (run.way, letter.state) {
            (Way::Print, _) => (Tone::Neutral, "À imprimer"),
            (_, state) => letter_state(state),
        };
        vec![
            html! { a href={ (here) "/letters/" (letter.position) } { (letter.name) } },
            html! { (letter.children.join(", ")) },
            html! { (ui::badge(tone, words)) @if let Some((_, why)) = remark { " " small { (why) } } },
        ]
    };
    let rows: Vec<_> = letters.iter().map(row).collect();
    let next =
        letters.last().filter(|_| letters.len() == 100).map(|letter| format!("{here}?after={}", letter.position));
    let body = html! {
        p { (run.audience) " · " (zone.long(run.created_at)) " · " (run.by) }
        (progress(exchange, &run, &here, &web::random::ulid(exchange.now())?.to_string()))
        (ui::table("Lettres de cet envoi", &columns, &rows))
        (ui::pager(None, next.as_deref()))
    };
    let mut page = Page::new(run.name.clone(), body)
        .crumb("Publipostage", "/publipostage")
        .crumb("Lettres types", &format!("{PATH}?uai={}", run.uai))
        .lead(state(&run));
    if let Some(model) = &run.model {
        page = page.actions(html! { a.button href={ (PATH) "/" (model) } { "Ouvrir le modèle" } });
    }
    page.wide().respond(exchange)
}

fn progress(exchange: &Exchange<'_>, run: &Run, here: &str, key: &str) -> Markup {
    let job = &run.job;
    html! {
        @match job.state {
            State::Running => section.box data-advance={ "/api/v1" (here) "/advance" } {
                progress max=(job.total) value=(job.done) aria-label="Lettres prêtes" {}
                p role="status" data-words { (job.done) " sur " (job.total) }
                div.toolbar {
                    form method="post" action={ (here) "/advance" } data-by-hand { (ui::csrf(exchange)) (ui::submit("Continuer")) }
                    form method="post" action={ (here) "/cancel" } {
                        (ui::csrf(exchange)) (ui::confirm("Annuler", "Rien n’est encore parti. Ce qui est préparé sera jeté.", "Annuler l’envoi"))
                    }
                }
                script src=(crate::script::JOB.path) defer {}
            },
            State::Done if !run.refused.is_empty() => (ui::notice(Tone::Bad, &run.refused)),
            State::Done if run.way.sends() && run.sent_at.is_none() => form method="post" action={ (here) "/advance" } {
                (ui::csrf(exchange)) (ui::submit("Envoyer maintenant"))
            },
            State::Done if run.way == Way::Print && job.has_file(exchange.now()) => div.toolbar {
                a.button.primary href={ (here) "/file" } { "Télécharger le PDF (" (web::text::size(job.size)) ")" }
                span.hint { "Gardé un jour." }
            },
            State::Done if run.way == Way::Print => (ui::notice(Tone::Neutral, "Le fichier a été effacé après un jour. Relancez l’impression depuis le modèle.")),
            State::Done => {},
            State::Cancelled => (ui::notice(Tone::Attention, "Cet envoi a été annulé : rien n’est parti.")),
            State::Failed => (ui::notice(Tone::Bad, &job.reason)),
        }
        @if run.sent_at.is_some() && run.rest > 0 {
            section.box {
                p { (counted(run.rest as usize, "lettre n’a pas pu partir en message.", "lettres n’ont pas pu partir en message.")) }
                form method="post" action={ (here) "/print-rest" } {
                    (ui::csrf(exchange)) (ui::hidden("key", key))
                    (ui::submit("Imprimer uniquement pour ceux qui ne reçoivent pas d’e-mail"))
                }
            }
        }
    }
}

/// `POST /publipostage/models/runs/{run}/advance`
pub(crate) fn advance(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Ok(told(&carry_on(exchange, exchange.param("run"), 4)?))
}

/// `POST /publipostage/models/runs/{run}/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (run, cancelled) = cancelled(exchange)?;
    let back = Response::see_other(&format!("{PATH}/runs/{}", run.id));
    Ok(if cancelled {
        back.success("L’envoi est annulé.")
    } else {
        back.warning("L’envoi était déjà terminé.")
    })
}

/// Cancels the run of the path.
pub(crate) fn cancelled(exchange: &Exchange<'_>) -> Result<(Run, bool), Problem> {
    let (db, viewer, id) = (exchange.db(), &exchange.viewer()?.id, exchange.param("run"));
    let run = model::run(db, viewer, id).map_err(failed)?;
    let done = job::cancel(db, exchange.now(), &run.job.id).map_err(|error| Problem::unavailable(error.to_string()))?;
    Ok((model::run(db, viewer, id).map_err(failed)?, done))
}

/// `POST /publipostage/models/runs/{run}/print-rest`
pub(crate) fn print_rest(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let key = key(Some(exchange.form()?.get("key")).filter(|key| !key.is_empty()))?;
    Ok(told(&rest(exchange, key)?))
}

/// Starts the printing of what a run left out.
pub(crate) fn rest(exchange: &Exchange<'_>, key: Option<&str>) -> Result<Run, Problem> {
    let id = model::print_rest(exchange.db(), exchange.now(), &exchange.viewer()?.id, exchange.param("run"), key)
        .map_err(failed)?;
    carry_on(exchange, &id, 4)
}

/// `GET /publipostage/models/runs/{run}/file`, and the same in the API
pub(crate) fn file(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let run = model::run(exchange.db(), &exchange.viewer()?.id, exchange.param("run")).map_err(failed)?;
    let job = &run.job;
    if !job.has_file(exchange.now()) || job.size == 0 {
        return Err(Problem::not_found());
    }
    Ok(Response::pieces(&job.file_name, &job.media_type, job.size, job::PART, params![job.id.as_str()].to_vec()))
}

/// `GET /publipostage/models/runs/{run}/letters/{position}`
pub(crate) fn letter(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (db, viewer, id) = (exchange.db(), &exchange.viewer()?.id, exchange.param("run"));
    let position = exchange.param("position").parse().map_err(|_| Problem::not_found())?;
    let (subject, html) = model::run_letter(db, viewer, id, position).map_err(failed)?;
    let body = html! {
        @if html.is_empty() { (ui::notice(Tone::Neutral, "Le contenu de cette lettre a été effacé.")) } @else {
            section.box { div.message { (ui::verbatim(&PreEscaped(html))) } }
        }
    };
    Page::new(if subject.is_empty() { "Lettre".to_owned() } else { subject }, body)
        .crumb("Lettres types", PATH)
        .crumb("Envoi", &format!("{PATH}/runs/{id}"))
        .respond(exchange)
}
