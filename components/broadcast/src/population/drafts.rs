//! Drafts of messages to a population, for programs: as `send-message`'s, but with one population in place of addressees.

use counter::{desk, problem};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::api::{Content, draft, receipt_of};
use crate::rubriques::{editable, edited};

web::described! {
    /// What was kept.
    #[derive(Serialize)]
    pub(crate) struct Kept as "PopulationDraft" {
        /// Du brouillon, ou du fichier joint.
        id: String,
    }

    /// The name of a file.
    #[derive(Deserialize)]
    pub(crate) struct FileName as "PopulationFileName" {
        /// Avec son extension.
        #[serde(default)]
        name: String,
    }
}

/// `POST /api/v1/broadcast/rubriques/{id}/drafts`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = edited(exchange)?;
    let content = draft(exchange, &rubrique.id, exchange.json()?)?;
    let key = exchange.header("idempotency-key");
    let id = counter::save(desk(exchange), &exchange.viewer()?.id, None, &content, key).map_err(problem)?;
    Ok(Response::json(&Kept { id })?.status(StatusCode::CREATED))
}

/// `PUT /api/v1/broadcast/drafts/{id}`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (author, id) = (&exchange.viewer()?.id, mine(exchange)?);
    let rubrique = ::rubriques::of_draft(exchange.db(), author, id)?.ok_or_else(Problem::not_found)?;
    let rubrique = ::rubriques::one(exchange.db(), author, &rubrique)?.ok_or_else(Problem::not_found)?;
    let content: Content = exchange.json()?;
    let content = draft(exchange, &editable(rubrique)?.id, content)?;
    let id = counter::save(desk(exchange), author, Some(id), &content, None).map_err(problem)?;
    Response::json(&Kept { id })
}

/// `DELETE /api/v1/broadcast/drafts/{id}`
pub(crate) fn discard(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    counter::discard(desk(exchange), &exchange.viewer()?.id, mine(exchange)?).map_err(problem)?;
    Ok(Response::no_content())
}

/// `POST /api/v1/broadcast/drafts/{id}/attachments?name=…`: the body is the file.
pub(crate) fn attach(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let FileName { name } = exchange.query()?;
    let id = counter::attach(desk(exchange), &exchange.viewer()?.id, mine(exchange)?, &name, exchange.body())
        .map_err(problem)?;
    Ok(Response::json(&Kept { id })?.status(StatusCode::CREATED))
}

/// `DELETE /api/v1/broadcast/drafts/{id}/attachments/{attachment}`
pub(crate) fn detach(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let attachment = exchange.param("attachment");
    counter::detach(desk(exchange), &exchange.viewer()?.id, mine(exchange)?, attachment).map_err(problem)?;
    Ok(Response::no_content())
}

/// `POST /api/v1/broadcast/drafts/{id}/submit`
pub(crate) fn submit(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let author = &exchange.viewer()?.id;
    let receipt = counter::submit(desk(exchange), author, mine(exchange)?).map_err(problem)?;
    Response::json(&receipt_of(receipt))
}

/// The message of the path, which is to an audience and the viewer's own: other messages have their own door.
fn mine<'a>(exchange: &'a Exchange<'_>) -> Result<&'a str, Problem> {
    let id = exchange.param("id");
    let own = ::rubriques::own_message(exchange.db(), &exchange.viewer()?.id, id)?;
    if own { Ok(id) } else { Err(Problem::not_found()) }
}
