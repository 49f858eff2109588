//! The same as JSON (U-2).

use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use crate::{pages, problems, state, verification};

/// The redirect address of the person who is signed in.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "Redirect")
)]
pub(crate) struct State {
    /// The address in force; null when there is none.
    address: Option<String>,
    /// Since when, in UTC milliseconds.
    verified_at: Option<i64>,
    /// The address that waits for its code; null when there is none.
    pending: Option<Pending>,
}

/// An address that waits for its code.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "RedirectPending")
)]
pub(crate) struct Pending {
    address: String,
    /// UTC milliseconds.
    expires_at: i64,
    attempts_left: i64,
}

/// An address to give.
#[derive(Deserialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "RedirectAddress")
)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    address: String,
}

/// A code that was mailed.
#[derive(Deserialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "RedirectCode")
)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// Six digits.
    code: String,
}

/// `GET /api/v1/redirect`
pub(crate) fn show(exchange: &Exchange) -> Result<Response, Problem> {
    let state::State { verified, pending } = state::load(exchange.db(), &exchange.viewer()?.id)?;
    let (address, verified_at) = verified.map(|verified| (verified.address, verified.at)).unzip();
    let pending = pending.map(|pending| Pending {
        address: pending.address,
        expires_at: pending.expires_at,
        attempts_left: pending.attempts_left,
    });
    Response::json(&State { address, verified_at, pending })
}

/// `PUT /api/v1/redirect`
pub(crate) fn give(exchange: &Exchange) -> Result<Response, Problem> {
    let given: Address = exchange.json()?;
    pages::send_code(exchange, &given.address)?;
    Ok(show(exchange)?.status(StatusCode::ACCEPTED))
}

/// `POST /api/v1/redirect/code`
pub(crate) fn confirm(exchange: &Exchange) -> Result<Response, Problem> {
    let given: Code = exchange.json()?;
    verification::confirm(exchange.db(), &exchange.viewer()?.id, &given.code, exchange.now()).map_err(problems::of)?;
    show(exchange)
}

/// `DELETE /api/v1/redirect/pending`
pub(crate) fn cancel(exchange: &Exchange) -> Result<Response, Problem> {
    verification::cancel(exchange.db(), &exchange.viewer()?.id)?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/redirect`
pub(crate) fn remove(exchange: &Exchange) -> Result<Response, Problem> {
    verification::remove(exchange.db(), &exchange.viewer()?.id)?;
    Ok(Response::no_content())
}
