//! Flash messages for programs.

use announce::flash::{self, Content, State};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::{establishment, history, level};
use crate::news::api::made;
use crate::refusal::{key, problem};

web::described! {
    /// Which establishment.
    #[derive(Deserialize)]
    pub(crate) struct Which as "FlashQuery" {
        /// L’établissement ; par défaut celui de la personne connectée.
        #[expect(dead_code, reason = "read from the query by hand; here for the document")]
        uai: Option<String>,
    }
    /// What an author writes.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Wanted as "FlashContent" {
        /// L’établissement ; par défaut celui de la personne connectée.
        #[serde(default)]
        uai: String,
        /// 500 caractères au plus.
        text: String,
        /// `information`, `warning`, `urgent`.
        level: String,
        /// `student`, `relative`, `teacher`, `staff`, `guest`.
        profiles: Vec<String>,
        /// Millisecondes UTC ; sans ce membre : maintenant.
        starts_at: Option<i64>,
        ends_at: i64,
    }
    /// A flash message of the history.
    #[derive(Serialize)]
    pub(crate) struct One as "Flash" {
        id: String,
        text: String,
        level: String,
        profiles: Vec<String>,
        /// `scheduled`, `shown`, `over`, `withdrawn`.
        state: String,
        starts_at: i64,
        ends_at: i64,
        author: String,
        withdrawn_by: Option<String>,
        withdrawn_at: Option<i64>,
        notified_at: Option<i64>,
        notify_problem: Option<String>,
        dismissed: i64,
    }
    /// The history.
    #[derive(Serialize)]
    pub(crate) struct All as "Flashes" {
        items: Vec<One>,
    }
    /// A flash message on one’s pages.
    #[derive(Serialize)]
    pub(crate) struct Current as "ShownFlash" {
        id: String,
        level: String,
        text: String,
        ends_at: i64,
    }
    /// Those on one’s pages now.
    #[derive(Serialize)]
    pub(crate) struct Currents as "ShownFlashes" {
        items: Vec<Current>,
    }
}

/// Writes a flash message in `uai`; gives its id.
pub(super) fn write(
    exchange: &Exchange<'_>,
    uai: &str,
    content: &Content,
    key: Option<&str>,
) -> Result<String, Problem> {
    let id = web::random::ulid(exchange.now())?.to_string();
    flash::write(counter::desk(exchange), &exchange.viewer()?.id, uai, &id, content, key).map_err(problem)
}

/// `POST /api/v1/broadcast/flash`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let wanted: Wanted = exchange.json()?;
    let (uai, _) = establishment(exchange, &wanted.uai)?;
    let content = Content {
        text: wanted.text,
        level: level(&wanted.level)?,
        profiles: wanted.profiles,
        starts_at: wanted.starts_at,
        ends_at: wanted.ends_at,
    };
    let id = write(exchange, &uai, &content, key(exchange))?;
    let told = flash::tell(counter::desk(exchange), exchange.public_url(), &id);
    Ok(Response::json(&made(id, told))?.status(StatusCode::CREATED))
}

/// `GET /api/v1/broadcast/flash/history`
pub(crate) fn all(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (uai, _) = establishment(exchange, &exchange.query_value("uai"))?;
    let one = |flash: flash::Flash| {
        let (withdrawn_by, withdrawn_at) = flash.withdrawn.unzip();
        One {
            id: flash.id,
            text: flash.text,
            level: flash.level.as_str().to_owned(),
            profiles: flash.profiles,
            state: match flash.state {
                State::Scheduled => "scheduled",
                State::Shown => "shown",
                State::Over => "over",
                State::Withdrawn => "withdrawn",
            }
            .to_owned(),
            starts_at: flash.starts_at,
            ends_at: flash.ends_at,
            author: flash.author,
            withdrawn_by,
            withdrawn_at,
            notified_at: flash.notified_at,
            notify_problem: flash.notify_problem,
            dismissed: flash.dismissed,
        }
    };
    Response::json(&All { items: history(exchange, &uai)?.into_iter().map(one).collect() })
}

/// `GET /api/v1/broadcast/flash`
pub(crate) fn current(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let shown = flash::shown(exchange.db(), &exchange.viewer()?.id, exchange.now()).map_err(problem)?;
    let current = |one: flash::Shown| Current {
        id: one.id,
        level: one.level.as_str().to_owned(),
        text: one.text,
        ends_at: one.ends_at,
    };
    Response::json(&Currents { items: shown.into_iter().map(current).collect() })
}

/// `POST /api/v1/broadcast/flash/{id}/withdraw`
pub(crate) fn withdraw(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    flash::withdraw(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), exchange.now()).map_err(problem)?;
    Ok(Response::no_content())
}
