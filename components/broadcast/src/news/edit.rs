//! What editors do: write, change, withdraw, delete.

use announce::news::{self, Content, Population};
use web::{Exchange, Page, Problem, Response, html, ui};

use super::edited;
use super::form::{self, Sheet};
use crate::refusal::{key, problem, shown_again, told};

/// `GET /broadcast/rubriques/{id}/news/new`
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let name = editable(exchange)?;
    let key = web::random::ulid(exchange.now())?.to_string();
    let sheet = Sheet { content: Content::default(), choices: String::new(), out: false, told: false, key };
    new_sheet(exchange, &name, &sheet, None)
}

/// `POST /broadcast/rubriques/{id}/news`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let name = editable(exchange)?;
    let sent = Sheet::read(exchange, exchange.form()?, false, false);
    let made = sent.as_ref().map_err(Clone::clone).and_then(|sheet| write(exchange, &sheet.content));
    match made {
        Ok(id) => Ok(published(exchange, &id, sent.is_ok_and(|sheet| sheet.content.publish_at.is_none()))),
        Err(problem) if problem.status == web::StatusCode::UNPROCESSABLE_ENTITY => {
            let sheet = again(exchange, sent, false, false)?;
            Ok(new_sheet(exchange, &name, &sheet, Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

/// Writes a news in rubrique `{id}`; gives its id.
pub(super) fn write(exchange: &Exchange<'_>, content: &Content) -> Result<String, Problem> {
    let id = web::random::ulid(exchange.now())?.to_string();
    let (editor, desk) = (&exchange.viewer()?.id, counter::desk(exchange));
    news::write(desk, editor, exchange.param("id"), &id, content, key(exchange)).map_err(problem)
}

/// `GET /broadcast/news/{id}/edit`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    sheet_of(exchange, &news, &Sheet::of(&news), None)
}

/// `POST /broadcast/news/{id}/edit`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    let Sheet { out, told, .. } = Sheet::of(&news);
    let sent = Sheet::read(exchange, exchange.form()?, out, told);
    let editor = &exchange.viewer()?.id;
    let changed = sent
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|sheet| news::change(counter::desk(exchange), editor, &news.id, &sheet.content).map_err(problem));
    match changed {
        Ok(()) => Ok(published(exchange, &news.id, sent.is_ok_and(|sheet| sheet.content.publish_at.is_none()))),
        Err(problem) if problem.status == web::StatusCode::UNPROCESSABLE_ENTITY || problem.code == "poll-answered" => {
            let sheet = again(exchange, sent, out, told)?;
            Ok(sheet_of(exchange, &news, &sheet, Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /broadcast/news/{id}/withdraw`
pub(crate) fn withdraw(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    news::withdraw(exchange.db(), &exchange.viewer()?.id, &news.id, exchange.now()).map_err(problem)?;
    Ok(Response::see_other(&format!("/broadcast/news/{}", news.id))
        .success("L’actualité est retirée : les lecteurs ne la voient plus. Elle reste ici, en brouillon."))
}

/// `POST /broadcast/news/{id}/delete`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    news::delete(exchange.db(), &exchange.viewer()?.id, &news.id).map_err(|error| match error {
        announce::Error::NotFound => still_out(),
        other => problem(other),
    })?;
    Ok(Response::see_other(&format!("/broadcast/rubriques/{}/news", news.rubrique))
        .success("Le brouillon est supprimé."))
}

pub(super) fn still_out() -> Problem {
    Problem::conflict(
        "still-published",
        "Seul un brouillon se supprime. Retirez d’abord l’actualité, puis recommencez.",
    )
}

/// The name of rubrique `{id}`, for its editors.
fn editable(exchange: &Exchange<'_>) -> Result<String, Problem> {
    news::editable(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(problem)
}

/// Sends the message if it is due, and leads to the news.
fn published(exchange: &Exchange<'_>, id: &str, draft: bool) -> Response {
    let outcome = news::tell(counter::desk(exchange), exchange.public_url(), id);
    let done = if draft { "Le brouillon est gardé." } else { "L’actualité est enregistrée." };
    told(&format!("/broadcast/news/{id}"), done, &outcome)
}

/// What was sent, to be shown again: sanitised, since the page shows it as it is.
fn again(exchange: &Exchange<'_>, sent: Result<Sheet, Problem>, out: bool, told: bool) -> Result<Sheet, Problem> {
    let mut sheet = match sent {
        Ok(sheet) => sheet,
        // A date that is none: the rest is kept.
        Err(_) => {
            let form = exchange.form()?;
            let kept = |(name, _): &&(String, String)| !matches!(name.as_str(), "publish_at" | "expires_at" | "when");
            let fields: Vec<(&str, &str)> =
                form.fields().iter().filter(kept).map(|(name, value)| (name.as_str(), value.as_str())).collect();
            Sheet::read(exchange, &web::Form::of(&fields), out, told)?
        }
    };
    sheet.content.body = shown_again(&sheet.content.body);
    Ok(sheet)
}

fn populations(exchange: &Exchange<'_>, rubrique: &str) -> Result<Vec<Population>, Problem> {
    news::populations(exchange.db(), &exchange.viewer()?.id, rubrique).map_err(problem)
}

fn new_sheet(
    exchange: &Exchange<'_>,
    name: &str,
    sheet: &Sheet,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let rubrique = exchange.param("id");
    let here = format!("/broadcast/rubriques/{rubrique}/news");
    let body = form::form(exchange, &here, sheet, &populations(exchange, rubrique)?, problem)?;
    Page::new("Écrire une actualité", body)
        .crumb("Rubriques", "/broadcast")
        .crumb(name, &format!("/broadcast/rubriques/{rubrique}"))
        .crumb("Actualités", &here)
        .respond(exchange)
}

fn sheet_of(
    exchange: &Exchange<'_>,
    news: &news::News,
    sheet: &Sheet,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let here = format!("/broadcast/news/{}", news.id);
    let form = form::form(exchange, &format!("{here}/edit"), sheet, &populations(exchange, &news.rubrique)?, problem)?;
    let body = html! {
        (form)
        section.box {
            @if news.publish_at.is_some() {
                h2 { "Retirer" }
                form method="post" action={ (here) "/withdraw" } {
                    (ui::csrf(exchange))
                    (ui::confirm("Retirer l’actualité", "Les lecteurs ne la verront plus. Elle restera en brouillon, avec ses commentaires et ses réponses.", "Retirer"))
                }
            } @else {
                h2 { "Supprimer" }
                form method="post" action={ (here) "/delete" } {
                    (ui::csrf(exchange))
                    (ui::confirm("Supprimer le brouillon", "Il sera perdu, avec les commentaires et les réponses qu’il aurait déjà reçus.", "Supprimer"))
                }
            }
        }
    };
    Page::new("Modifier l’actualité", body)
        .crumb("Rubriques", "/broadcast")
        .crumb(&news.rubrique_name, &format!("/broadcast/rubriques/{}", news.rubrique))
        .crumb(&news.title, &here)
        .respond(exchange)
}
