//! The same in JSON (U-2). Half of this file is the shapes that the OpenAPI document promises, beside the handlers that fill them.

use letters::template::{FIELDS, Part, Template};
use mailing::model::{self, Content, Copy, Plan};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::ask::Recipients;
use super::recipients::planned;
use super::{ask, failed, preview, runs, send};

/// Of an establishment.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(default)]
pub(crate) struct Of {
    /// UAI; without it, the viewer's own establishment, else the first she administers.
    uai: String,
}

/// A model.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Model {
    id: String,
    uai: String,
    name: String,
    /// Plain text with fields.
    subject: String,
    /// HTML with fields.
    body: String,
    /// Who made it, and who changed it last.
    author: String,
    editor: String,
    /// UTC milliseconds.
    created_at: i64,
    updated_at: i64,
    /// To be given back when it is saved.
    version: i64,
    /// It has a scanned signature of its own.
    signed: bool,
    /// What is to be corrected before it is sent.
    mistakes: Vec<Mistake>,
}

/// A mistake of a template.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Mistake {
    /// "subject" or "body"
    part: &'static str,
    /// As it is seen, from 1.
    line: u32,
    /// French.
    detail: String,
}

/// Models.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Models {
    items: Vec<Model>,
}

/// A new model.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct New {
    /// UAI; without it, as in the list.
    #[serde(default)]
    uai: String,
    name: String,
    #[serde(default)]
    subject: String,
    /// HTML with fields.
    body: String,
}

/// An edit.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    name: String,
    #[serde(default)]
    subject: String,
    body: String,
    /// The version that was edited: another one is answered with 409 `changed`.
    version: i64,
}

/// A text to be looked at.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    #[serde(default)]
    subject: String,
    body: String,
}

/// What is wrong with a text; nothing: it can be sent.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Checked {
    mistakes: Vec<Mistake>,
}

/// A merge field.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct FieldHelp {
    name: &'static str,
    meaning: &'static str,
    example: &'static str,
}

/// The merge fields.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Fields {
    items: Vec<FieldHelp>,
}

/// How many a selection reaches, by way; somebody with both mailbox and redirect address counts in both.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Reach {
    people: usize,
    letters: usize,
    by_mailbox: usize,
    by_redirect: usize,
    paper_only: usize,
    /// Of those, whom the viewer may not write to.
    refused: usize,
    /// Names of those reached on paper only, at most 200.
    on_paper: Vec<String>,
    /// Letters that lack a value, at most 200: names and reasons.
    missing: Vec<String>,
}

/// A letter as it would leave.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Preview {
    /// Its place, from 0, and how many there are.
    at: usize,
    total: usize,
    name: String,
    children: Vec<String>,
    subject: String,
    html: String,
}

/// What is sent.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Sending {
    recipients: Recipients,
    /// "attached", "body", "print", "print-unreached"
    way: String,
    /// People who get a copy of each letter, at most five.
    #[serde(default)]
    copies: Vec<Copied>,
}

/// Somebody who gets a copy.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Copied {
    /// Id of the person.
    person: String,
    /// In Cci rather than Cc.
    #[serde(default)]
    hidden: bool,
}

/// A run.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Run {
    id: String,
    uai: String,
    model: Option<String>,
    name: String,
    /// "attached", "body", "print"
    way: &'static str,
    /// Whom, in words.
    audience: String,
    by: String,
    /// UTC milliseconds.
    created_at: i64,
    /// When its messages left, UTC milliseconds.
    sent_at: Option<i64>,
    /// Why they did not; French, else empty.
    refused: String,
    letters: u32,
    sent: u32,
    /// Left out and still to be printed.
    rest: u32,
    /// The making of its letters: "running", "done", "failed", "cancelled".
    state: &'static str,
    done: u32,
    total: u32,
    /// Why it failed; French, else empty.
    reason: String,
    /// There is a file to download.
    file: bool,
}

/// Runs, newest first, at most 50.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Runs {
    items: Vec<Run>,
}

/// A letter of a run.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Letter {
    position: u32,
    name: String,
    children: Vec<String>,
    /// "waiting", "mailbox", "redirect", "away", "refused", "nowhere"
    state: &'static str,
}

/// Letters of a run, by name, at most 100.
#[derive(Debug, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Letters {
    items: Vec<Letter>,
    /// `after` of the next page; none: this is the last.
    next: Option<u32>,
}

/// Which letters of a run.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(default)]
pub(crate) struct After {
    /// The position of the last one seen.
    after: Option<u32>,
}

fn shown(model: model::Model) -> Model {
    let mistakes = mistakes(&model.subject, &model.body);
    let model::Model { id, uai, name, subject, body, author, editor, created_at, updated_at, version, signed } = model;
    Model { id, uai, name, subject, body, author, editor, created_at, updated_at, version, signed, mistakes }
}

fn mistakes(subject: &str, body: &str) -> Vec<Mistake> {
    let part = |part| if part == Part::Subject { "subject" } else { "body" };
    let told = Template::parse(subject, body).err().unwrap_or_default();
    told.iter().map(|m| Mistake { part: part(m.part), line: m.line, detail: m.to_string() }).collect()
}

/// `GET /api/v1/publipostage/models`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = exchange.administered(&exchange.query::<Of>()?.uai)?.to_string();
    let models = model::list(exchange.db(), &exchange.viewer()?.id, &uai).map_err(failed)?;
    Response::json(&Models { items: models.into_iter().map(shown).collect() })
}

/// `POST /api/v1/publipostage/models`
pub(crate) fn create(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let New { uai, name, subject, body } = exchange.json()?;
    let (db, viewer) = (exchange.db(), &exchange.viewer()?.id);
    let uai = exchange.administered(&uai)?.to_string();
    let id = model::create(db, exchange.now(), viewer, &uai, &Content { name, subject, body }).map_err(failed)?;
    Ok(one_of(exchange, &id)?.status(StatusCode::CREATED))
}

fn one_of(exchange: &Exchange<'_>, id: &str) -> Result<Response, Problem> {
    Response::json(&shown(model::find(exchange.db(), &exchange.viewer()?.id, id).map_err(failed)?))
}

/// `GET /api/v1/publipostage/models/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    one_of(exchange, exchange.param("id"))
}

/// `PUT /api/v1/publipostage/models/{id}`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Edit { name, subject, body, version } = exchange.json()?;
    let (viewer, id, content) = (&exchange.viewer()?.id, exchange.param("id"), Content { name, subject, body });
    model::save(exchange.db(), exchange.now(), viewer, id, version, &content).map_err(failed)?;
    one_of(exchange, id)
}

/// `DELETE /api/v1/publipostage/models/{id}`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    model::delete(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(failed)?;
    Ok(Response::no_content())
}

/// `POST /api/v1/publipostage/models/{id}/duplicate`
pub(crate) fn duplicate(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = model::duplicate(exchange.db(), exchange.now(), &exchange.viewer()?.id, exchange.param("id"))
        .map_err(failed)?;
    Ok(one_of(exchange, &id)?.status(StatusCode::CREATED))
}

/// `PUT /api/v1/publipostage/models/{id}/signature`: the picture is the body.
pub(crate) fn set_signature(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    model::set_signature(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), exchange.body())
        .map_err(failed)?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/publipostage/models/{id}/signature`
pub(crate) fn remove_signature(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    model::remove_signature(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(failed)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/publipostage/models/fields`
pub(crate) fn fields(_: &Exchange<'_>) -> Result<Response, Problem> {
    let field = |field: &letters::template::FieldHelp| FieldHelp {
        name: field.name,
        meaning: field.meaning,
        example: field.example,
    };
    Response::json(&Fields { items: FIELDS.iter().map(field).collect() })
}

/// `POST /api/v1/publipostage/models/check`
pub(crate) fn check(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Text { subject, body } = exchange.json()?;
    Response::json(&Checked { mistakes: mistakes(&subject, &body) })
}

/// `GET /api/v1/publipostage/models/{id}/reach`
pub(crate) fn reach(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let plan: Plan = planned(exchange, &ask::of_query(exchange)?)?.plan?;
    let reach = plan.reach();
    let name = |to: &usize| plan.people.get(*to).map(model::Addressed::name).unwrap_or_default();
    Response::json(&Reach {
        people: reach.people,
        letters: reach.letters,
        by_mailbox: reach.by_mailbox,
        by_redirect: reach.by_redirect,
        paper_only: reach.paper_only,
        refused: reach.refused,
        on_paper: plan.people.iter().filter(|person| !person.reached()).take(200).map(model::Addressed::name).collect(),
        missing: plan.incomplete.iter().take(200).map(|(to, why)| format!("{} : {why}", name(to))).collect(),
    })
}

/// `GET /api/v1/publipostage/models/{id}/preview`
pub(crate) fn preview(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let shown = preview::shown(exchange)?;
    let letter = shown.letter()?;
    Response::json(&Preview {
        at: shown.at,
        total: shown.plan.letters.len(),
        name: shown.plan.people.get(letter.to).map(model::Addressed::name).unwrap_or_default(),
        children: letter.children.clone(),
        subject: letter.subject.clone(),
        html: model::sanitised(&letter.html),
    })
}

/// `POST /api/v1/publipostage/models/{id}/send`
pub(crate) fn send_letters(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Sending { recipients, way, copies } = exchange.json()?;
    let copies: Vec<Copy> = copies.into_iter().map(|Copied { person, hidden }| Copy { hidden, person }).collect();
    let key = send::key(exchange.header("idempotency-key"))?;
    let run = send::start(exchange, &recipients.selection()?, send::way(&way)?, &copies, key)?;
    Ok(run_of(exchange, run)?.status(StatusCode::ACCEPTED))
}

fn run(exchange: &Exchange<'_>, run: model::Run) -> Run {
    Run {
        state: run.job.state.as_str(),
        done: run.job.done,
        total: run.job.total,
        file: run.job.size > 0 && run.job.has_file(exchange.now()),
        reason: run.job.reason,
        way: run.way.as_str(),
        id: run.id,
        uai: run.uai,
        model: run.model,
        name: run.name,
        audience: run.audience,
        by: run.by,
        created_at: run.created_at,
        sent_at: run.sent_at,
        refused: run.refused,
        letters: run.letters,
        sent: run.sent,
        rest: run.rest,
    }
}

fn run_of(exchange: &Exchange<'_>, found: model::Run) -> Result<Response, Problem> {
    Response::json(&run(exchange, found))
}

/// `GET /api/v1/publipostage/models/runs`
pub(crate) fn all_runs(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = exchange.administered(&exchange.query::<Of>()?.uai)?.to_string();
    let runs = model::runs(exchange.db(), &exchange.viewer()?.id, &uai).map_err(failed)?;
    Response::json(&Runs { items: runs.into_iter().map(|one| run(exchange, one)).collect() })
}

/// `GET /api/v1/publipostage/models/runs/{run}`
pub(crate) fn one_run(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    run_of(exchange, model::run(exchange.db(), &exchange.viewer()?.id, exchange.param("run")).map_err(failed)?)
}

/// `GET /api/v1/publipostage/models/runs/{run}/letters`
pub(crate) fn run_letters(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let after = exchange.query::<After>()?.after;
    let letters =
        model::run_letters(exchange.db(), &exchange.viewer()?.id, exchange.param("run"), after).map_err(failed)?;
    let next = letters.last().filter(|_| letters.len() == 100).map(|letter| letter.position);
    let letter = |letter: model::RunLetter| Letter {
        position: letter.position,
        name: letter.name,
        children: letter.children,
        state: letter.state.as_str(),
    };
    Response::json(&Letters { items: letters.into_iter().map(letter).collect(), next })
}

/// `POST /api/v1/publipostage/models/runs/{run}/advance`
pub(crate) fn advance(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    run_of(exchange, send::carry_on(exchange, exchange.param("run"), 1)?)
}

/// `POST /api/v1/publipostage/models/runs/{run}/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    run_of(exchange, runs::cancelled(exchange)?.0)
}

/// `POST /api/v1/publipostage/models/runs/{run}/print-rest`
pub(crate) fn print_rest(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Ok(run_of(exchange, runs::rest(exchange, send::key(exchange.header("idempotency-key"))?)?)?
        .status(StatusCode::ACCEPTED))
}
