//! The jobs that make files: carried on by the page that shows them, cancelled, downloaded. What they make is known to
//! `mailing`; who may touch one, by what it is about.

use mailing::campaign;
use mailing::job::{self, Job, Kind, State};
use maud::{Markup, html};
use store::params;
use web::ui::{self, Tone};
use web::{Exchange, Problem, Response};

use crate::access::{failed, no_file, place_as};
use crate::{campaigns, script};

/// The job of the path, and the page it is shown on; 404 when it is not the viewer's to see.
pub(crate) fn found(exchange: &Exchange<'_>) -> Result<(Job, String), Problem> {
    place_as(exchange, "")?;
    let job = job::find(exchange.db(), exchange.param("id")).map_err(failed)?;
    let page = match job.kind {
        Kind::Accounts => {
            let viewer = exchange.viewer()?.id.as_str();
            let campaign = campaign::find(exchange.db(), viewer, &job.about).map_err(failed)?;
            format!("{}/{}", campaigns::PATH, campaign.id)
        }
        Kind::Model => return Err(Problem::not_found()),
    };
    Ok((job, page))
}

/// How far a job is, what can be done about it, and its file.
pub(crate) fn progress(exchange: &Exchange<'_>, job: &Job) -> Markup {
    let here = format!("/publipostage/jobs/{}", job.id);
    let rest = job.total - job.done;
    html! {
        section.box aria-labelledby="fichier" {
            h2 #fichier { "Le fichier" }
            @match job.state {
                State::Running => div data-advance={ "/api/v1" (here) "/advance" } {
                    progress max=(job.total) value=(job.done) aria-label="Courriers fabriqués" {}
                    p role="status" data-words { (job.done) " sur " (job.total) " (" (rest) @if rest > 1 { " restants)" } @else { " restant)" } }
                    p.hint { "La fabrication continue même si vous quittez cette page." }
                    div.toolbar {
                        form method="post" action={ (here) "/advance" } data-by-hand { (ui::csrf(exchange)) (ui::submit("Continuer")) }
                        form method="post" action={ (here) "/cancel" } {
                            (ui::csrf(exchange)) (ui::confirm("Annuler", "Ce qui est déjà fabriqué sera jeté.", "Annuler la fabrication"))
                        }
                    }
                    script src=(script::JOB.path) defer {}
                },
                State::Done if job.has_file(exchange.now()) => {
                    p { "Le fichier est prêt (" (size(job.size)) ")." @if job.left_out > 0 { " " (job.left_out) " compte(s) laissé(s) de côté : voir le motif dans la liste." } }
                    div.toolbar { a.button.primary href={ (here) "/result" } download { "Télécharger le PDF" } }
                    p.hint { "Il sera effacé 24 heures après sa fabrication, car il contient des codes. Ne le laissez pas sur un poste partagé." }
                },
                State::Done => (ui::notice(Tone::Neutral, "Le fichier a été effacé, 24 heures après sa fabrication. Lancez une nouvelle campagne pour imprimer encore.")),
                State::Cancelled => (ui::notice(Tone::Attention, "La fabrication a été annulée : rien n’est imprimé.")),
                State::Failed => (ui::notice(Tone::Bad, &job.reason)),
            }
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} Ko", bytes.div_ceil(1000))
    } else {
        format!("{},{} Mo", bytes / 1_000_000, bytes / 100_000 % 10)
    }
}

/// Carries the job on by one slice.
pub(crate) fn advanced(exchange: &Exchange<'_>) -> Result<(Job, String), Problem> {
    let (job, page) = found(exchange)?;
    Ok((mailing::advance(exchange.db(), exchange.now(), &job.id).map_err(failed)?, page))
}

/// `POST /publipostage/jobs/{id}/advance`
pub(crate) fn advance(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (job, page) = advanced(exchange)?;
    let response = Response::see_other(&page);
    Ok(match job.state {
        State::Done => response.success("Le fichier est prêt."),
        State::Running => response.success(&format!("{} courriers sur {} sont prêts.", job.done, job.total)),
        _ => response,
    })
}

/// `POST /publipostage/jobs/{id}/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (job, page) = found(exchange)?;
    let response = Response::see_other(&page);
    Ok(if job::cancel(exchange.db(), exchange.now(), &job.id).map_err(failed)? {
        response.success("La fabrication est annulée.")
    } else {
        response.warning("La fabrication était déjà terminée.")
    })
}

/// `GET /publipostage/jobs/{id}/result`, and the same in the API
pub(crate) fn result(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (job, _) = found(exchange)?;
    if !job.has_file(exchange.now()) {
        return Err(no_file());
    }
    if job.kind == Kind::Accounts {
        let viewer = exchange.viewer()?.id.as_str();
        let campaign = campaign::find(exchange.db(), viewer, &job.about).map_err(failed)?;
        if !campaign::may_open_file(exchange.db(), viewer, &campaign).map_err(failed)? {
            return Err(Problem::forbidden(
                "Ce fichier contient le courrier de quelqu’un dont vous ne pouvez pas, ou plus, voir le code. Lancez votre propre campagne.",
            ));
        }
    }
    Ok(Response::pieces(&job.file_name, &job.media_type, job.size, job::PART, params![job.id.as_str()].to_vec()))
}
