//! The same as JSON (U-2). Instants are UTC milliseconds.

use std::collections::BTreeMap;

use queue::{Outcome, State, Target};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response};

use crate::{kept, outside, queued, run};

/// A page of a list.
#[derive(Deserialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxPaging")
)]
pub(crate) struct Paging {
    /// `next` de la page précédente.
    after: Option<String>,
    /// 1 à 100 ; 25 par défaut.
    limit: Option<usize>,
}

/// Part of a list.
#[derive(Deserialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxWindow")
)]
pub(crate) struct Window {
    /// Combien en sauter ; 0 par défaut.
    offset: Option<u32>,
    /// 1 à 500 ; 100 par défaut.
    limit: Option<u32>,
}

/// Which deliveries.
#[derive(Deserialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxFilter")
)]
pub(crate) struct Filter {
    /// L’établissement ; celui de la personne connectée par défaut.
    uai: Option<String>,
    /// `pending`, `leased`, `sent`, `failed`, `held`, `cancelled` ou `dead`, séparés par des virgules ; tous par défaut.
    state: Option<String>,
    /// `next` de la page précédente.
    after: Option<String>,
    /// 1 à 100 ; 50 par défaut.
    limit: Option<usize>,
}

/// Messages one sent.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxMessages")
)]
pub(crate) struct Messages {
    items: Vec<Message>,
    next: Option<String>,
}

/// A message one sent.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxMessage")
)]
pub(crate) struct Message {
    id: String,
    subject: String,
    submitted_at: i64,
    /// Personnes qui reçoivent.
    recipients: i64,
    /// Courriers vers des adresses de redirection ; de ceux-là, remis, en chemin, et non remis.
    mails: i64,
    sent: i64,
    waiting: i64,
    failed: i64,
}

/// How the recipients of a message are reached.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxRecipients")
)]
pub(crate) struct Recipients {
    items: Vec<Recipient>,
}

/// How one recipient is reached.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxRecipient")
)]
pub(crate) struct Recipient {
    id: String,
    name: String,
    /// `to`, `cc` ou `bcc`.
    field: String,
    by_mailbox: bool,
    by_redirect: bool,
    /// État du courrier, s’il y en a un.
    state: Option<&'static str>,
    /// Prochain essai, tant qu’il attend.
    due_at: Option<i64>,
    finished_at: Option<i64>,
    /// Pourquoi il n’a pas été remis.
    error: Option<String>,
}

/// The queues one manages.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxQueue")
)]
pub(crate) struct Queue {
    establishments: Vec<Summary>,
    pauses: Vec<Pause>,
    /// Le serveur configuré ; null : les courriers sont gardés dans un dossier.
    relay: Option<String>,
}

/// The queue of an establishment.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxSummary")
)]
pub(crate) struct Summary {
    uai: String,
    name: String,
    /// Nombre de courriers par état ; `sent` et `cancelled` : des 30 derniers jours.
    counts: BTreeMap<&'static str, i64>,
    /// Dépôt du plus ancien qui attend.
    oldest: Option<i64>,
}

/// A server that is left alone.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxPause")
)]
pub(crate) struct Pause {
    relay: String,
    failures: i64,
    until: i64,
    reason: String,
}

/// Deliveries.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxDeliveries")
)]
pub(crate) struct Deliveries {
    items: Vec<Delivery>,
    next: Option<String>,
}

/// A delivery: whom it is for, never its subject nor its address.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxDelivery")
)]
pub(crate) struct Delivery {
    id: String,
    person: Option<String>,
    profile: Option<String>,
    state: &'static str,
    attempts: i64,
    due_at: i64,
    created_at: i64,
    finished_at: Option<i64>,
    /// RFC 3463.
    status: Option<String>,
    error: Option<String>,
    /// Réponse du serveur, sans adresse.
    words: Option<String>,
}

/// What was done.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxDone")
)]
pub(crate) struct Done {
    /// Nombre de courriers changés.
    changed: usize,
}

/// What a run did.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxDrained")
)]
pub(crate) struct Drained {
    sent: u32,
    deferred: u32,
    failed: u32,
    dead: u32,
    released: u32,
    lost: u32,
    /// Le serveur est laissé au repos jusque-là.
    paused_until: Option<i64>,
}

/// Kept mails.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxPickup")
)]
pub(crate) struct Pickup {
    items: Vec<KeptMail>,
    next: Option<String>,
}

/// A kept mail.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "OutboxKeptMail")
)]
pub(crate) struct KeptMail {
    id: String,
    author: String,
    person: String,
    /// Null pour un administrateur qui n’en est ni l’auteur ni le destinataire.
    subject: Option<String>,
    at: i64,
}

/// `GET /api/v1/outbox/messages`
pub(crate) fn messages(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Paging { after, limit } = exchange.query()?;
    let page = queue::sent(exchange.db(), &exchange.viewer()?.id, after.as_deref(), limit.unwrap_or(25))?;
    let item = |message: queue::Sent| Message {
        id: message.id,
        subject: message.subject,
        submitted_at: message.at,
        recipients: message.recipients,
        mails: message.mails,
        sent: message.sent,
        waiting: message.waiting,
        failed: message.failed,
    };
    Response::json(&Messages { items: page.items.into_iter().map(item).collect(), next: page.next })
}

/// `GET /api/v1/outbox/messages/{id}/recipients`
pub(crate) fn recipients(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Window { offset, limit } = exchange.query()?;
    let (offset, limit) = (offset.unwrap_or(0), limit.unwrap_or(100));
    let list = queue::recipients(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), offset, limit)?;
    if list.is_empty() && offset == 0 {
        return Err(Problem::not_found());
    }
    let item = |recipient: queue::Recipient| Recipient {
        id: recipient.id,
        name: recipient.name,
        field: recipient.field,
        by_mailbox: recipient.by_mailbox,
        by_redirect: recipient.by_redirect,
        state: recipient.state.map(State::as_str),
        due_at: recipient.due_at,
        finished_at: recipient.finished_at,
        error: recipient.error,
    };
    Response::json(&Recipients { items: list.into_iter().map(item).collect() })
}

/// `GET /api/v1/outbox/queue`
pub(crate) fn queue(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let summary = |summary: queue::Summary| Summary {
        uai: summary.uai,
        name: summary.name,
        counts: summary.counts.into_iter().map(|(state, count)| (state.as_str(), count)).collect(),
        oldest: summary.oldest,
    };
    let pause = |pause: queue::Pause| Pause {
        relay: pause.relay,
        failures: pause.failures,
        until: pause.until,
        reason: pause.reason,
    };
    let summaries = queue::summaries(exchange.db(), &exchange.viewer()?.id, exchange.now())?;
    Response::json(&Queue {
        establishments: summaries.into_iter().map(summary).collect(),
        pauses: queue::pauses(exchange.db(), exchange.now())?.into_iter().map(pause).collect(),
        relay: outside::relay(),
    })
}

/// `GET /api/v1/outbox/deliveries`
pub(crate) fn deliveries(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let Filter { uai, state, after, limit } = exchange.query()?;
    let names = state.as_deref().unwrap_or_default().split(',').filter(|name| !name.is_empty());
    let states: Option<Vec<State>> = names.map(State::parse).collect();
    let states = states.ok_or_else(|| Problem::invalid("state", "Cet état n’existe pas."))?;
    let uai = uai.as_deref().unwrap_or(&viewer.uai);
    let page = queue::list(exchange.db(), &viewer.id, uai, &states, after.as_deref(), limit.unwrap_or(50))?;
    let item = |item: queue::Item| Delivery {
        id: item.id,
        person: item.person,
        profile: item.profile,
        state: item.state.as_str(),
        attempts: item.attempts,
        due_at: item.due_at,
        created_at: item.created_at,
        finished_at: item.finished_at,
        status: item.status,
        error: item.error,
        words: item.words,
    };
    Response::json(&Deliveries { items: page.items.into_iter().map(item).collect(), next: page.next })
}

/// `POST /api/v1/outbox/deliveries/{id}/{action}`
pub(crate) fn act(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    done(exchange, Target::One(exchange.param("id")))
}

/// `POST /api/v1/outbox/establishments/{uai}/{action}`
pub(crate) fn act_all(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = exchange.param("uai");
    if !exchange.viewer()?.administers(uai) {
        return Err(Problem::not_found());
    }
    done(exchange, Target::All(uai))
}

fn done(exchange: &Exchange<'_>, target: Target<'_>) -> Result<Response, Problem> {
    let action = queued::action(exchange.param("action")).ok_or_else(Problem::not_found)?;
    match queue::act(exchange.db(), &exchange.viewer()?.id, action, target, exchange.now())? {
        Outcome::Done(changed) => Response::json(&Done { changed }),
        Outcome::NotFound => Err(Problem::not_found()),
        Outcome::WrongState(state) => {
            let detail = format!("Ce courrier est dans l’état « {} » : cette action n’y change rien.", state.label());
            Err(Problem::conflict("wrong-state", detail).with("state", state.as_str()))
        }
    }
}

/// `DELETE /api/v1/outbox/pauses/{relay}`
pub(crate) fn resume(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    if queue::resume(exchange.db(), &exchange.viewer()?.id, exchange.param("relay"))? {
        Ok(Response::no_content())
    } else {
        Err(Problem::not_found())
    }
}

/// `POST /api/v1/outbox/drain`
pub(crate) fn drain(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    run::authorised(exchange)?;
    let queue::Report { sent, deferred, failed, dead, released, lost, paused_until } = run::now(exchange)?;
    Response::json(&Drained { sent, deferred, failed, dead, released, lost, paused_until })
}

/// `GET /api/v1/outbox/pickup`
pub(crate) fn pickup(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Paging { after, .. } = exchange.query()?;
    let (mails, next) = kept::list(exchange, after.as_deref().filter(|after| after.len() == 26))?;
    let item = |kept: queue::Kept| KeptMail {
        id: kept.id,
        author: kept.author,
        person: kept.person,
        subject: kept.subject,
        at: kept.at,
    };
    Response::json(&Pickup { items: mails.into_iter().map(item).collect(), next })
}
