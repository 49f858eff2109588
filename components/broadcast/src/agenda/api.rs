//! Events for programs: the same decisions as the pages, by the same functions.

use ::agenda::{Content, Event, FollowUp, List, Notify, Publication, Told};
use calendar::When;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

pub(crate) use super::api_more::{
    Answers, Comment, Comments, Decision, Feed, Feeds, Link, OwnAnswer, Resource, ResourceContent, Resources, Words,
};
pub(crate) use super::api_more::{
    add_resource, answer, answers, change_resource, comment, comments, decide, feeds, open_feed, resources,
    retire_resource, revoke_feed,
};
use super::edit::one;
use super::failed;

web::described! {
    /// Which events.
    #[derive(Deserialize, Default)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Which as "EventQuery" {
        /// D’une rubrique ; par défaut toutes celles que l’on peut lire.
        rubrique: String,
        /// Pas terminés à cet instant (millisecondes UTC) ; par défaut maintenant.
        from: Option<i64>,
        /// Commencés avant cet instant (millisecondes UTC) ; par défaut sans limite.
        until: Option<i64>,
        /// Repère donné par la page précédente (`next`).
        cursor: String,
        /// De 1 à 200 ; 50 par défaut.
        limit: Option<u32>,
    }

    /// What an editor says of an event.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Wanted as "EventContent" {
        /// La rubrique ; à la création seulement.
        #[serde(default)]
        rubrique: String,
        /// Une ligne, 150 caractères au plus.
        title: String,
        /// 200 caractères au plus.
        #[serde(default)]
        place: String,
        /// 4 000 caractères au plus.
        #[serde(default)]
        summary: String,
        /// Sur la journée : `starts` et `ends` sont des jours (AAAA-MM-JJ), le dernier compris.
        #[serde(default)]
        all_day: bool,
        /// À l’heure de l’établissement : AAAA-MM-JJTHH:MM.
        starts: String,
        /// De même, après `starts`.
        ends: String,
        /// Identifiants des ressources à réserver, 20 au plus.
        #[serde(default)]
        resources: Vec<String>,
        /// Qui prévenir par message : vide (personne), `all` (toutes les populations de la rubrique) ou une population.
        #[serde(default)]
        notify: String,
        /// Demander une réponse.
        #[serde(default)]
        confirmation: bool,
        /// `off` (par défaut), `moderated` ou `open`.
        #[serde(default)]
        follow_up: Option<String>,
        /// `draft` (par défaut), `now`, ou le jour et l’heure de la publication (AAAA-MM-JJTHH:MM) ; pour un brouillon seulement.
        #[serde(default)]
        publish: String,
    }

    /// An event.
    #[derive(Serialize)]
    pub(crate) struct Shown as "Event" {
        id: String,
        rubrique: String,
        rubrique_name: String,
        organizer: String,
        title: String,
        place: String,
        summary: String,
        all_day: bool,
        /// À l’heure de `zone` : AAAA-MM-JJ ou AAAA-MM-JJTHH:MM.
        starts: String,
        ends: String,
        zone: String,
        /// Millisecondes UTC.
        starts_at: i64,
        /// Millisecondes UTC, exclues.
        ends_at: i64,
        resources: Vec<Resource>,
        /// `draft`, `published` ou `cancelled`.
        state: &'static str,
        /// Publication programmée, en millisecondes UTC.
        publish_at: Option<i64>,
        /// Qui prévenir ; pour les éditeurs de la rubrique.
        notify: Option<String>,
        confirmation: bool,
        /// `off`, `moderated` ou `open`.
        follow_up: &'static str,
        /// Numéro de version (SEQUENCE).
        sequence: u32,
        /// On peut le modifier.
        editable: bool,
        /// Les personnes de l’espace ont été prévenues ; pour les éditeurs.
        told: Option<bool>,
        /// Pourquoi elles n’ont pas pu l’être : un code de refus ; pour les éditeurs.
        untold: Option<String>,
        /// Sa propre réponse : `accepted`, `declined` ou `tentative`.
        answer: Option<String>,
        comment: Option<String>,
    }

    /// A page of events, by start.
    #[derive(Serialize)]
    pub(crate) struct Events as "Events" {
        items: Vec<Shown>,
        /// Repère de la page suivante.
        next: Option<String>,
    }
}

/// `GET /api/v1/broadcast/events`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Which = exchange.query()?;
    let limit = asked.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Problem::invalid("limit", "Demandez de 1 à 200 événements à la fois."));
    }
    let after = match asked.cursor.as_str() {
        "" => None,
        cursor => {
            let read = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
            Some(read.ok_or_else(|| Problem::invalid("cursor", "Ce repère ne vient pas d’une page précédente."))?)
        }
    };
    let list = List {
        rubrique: Some(asked.rubrique.as_str()).filter(|id| !id.is_empty()),
        from: asked.from.unwrap_or(exchange.now()),
        until: asked.until.unwrap_or(i64::MAX),
        after,
        limit,
    };
    let found =
        ::agenda::events(exchange.db(), &exchange.viewer()?.id, &list).map_err(|error| failed(exchange, error))?;
    let next = found.last().filter(|_| found.len() == limit as usize);
    let next = next.map(|event| format!("{}.{}", event.stored.starts_at, event.id));
    Response::json(&Events { items: found.into_iter().map(shown).collect(), next })
}

/// `POST /api/v1/broadcast/events`; the same `Idempotency-Key` again makes nothing more.
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let wanted: Wanted = exchange.json()?;
    let by = &exchange.viewer()?.id;
    let id = match exchange.header("idempotency-key") {
        None => web::random::ulid(exchange.now())?.to_string(),
        Some(key) if !key.is_empty() && key.len() <= 128 => ::agenda::id_of(by, key),
        Some(_) => return Err(Problem::malformed("Idempotency-Key doit avoir de 1 à 128 caractères.")),
    };
    let (rubrique, publication) = (wanted.rubrique.clone(), publication(&wanted));
    let content = content(wanted)?;
    ::agenda::make(exchange.db(), exchange.now(), by, &rubrique, &id, &content, &publication, exchange.public_url())
        .map_err(|error| failed(exchange, error))?;
    Ok(after(exchange, &id)?.status(StatusCode::CREATED))
}

/// `GET /api/v1/broadcast/events/{id}`
pub(crate) fn get(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Response::json(&shown(one(exchange, exchange.param("id"))?))
}

/// `PUT /api/v1/broadcast/events/{id}`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let wanted: Wanted = exchange.json()?;
    let id = exchange.param("id");
    let publication = publication(&wanted);
    ::agenda::change(exchange.db(), exchange.now(), &exchange.viewer()?.id, id, &content(wanted)?, &publication)
        .map_err(|error| failed(exchange, error))?;
    after(exchange, id)
}

/// `POST /api/v1/broadcast/events/{id}/publish`
pub(crate) fn publish(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = exchange.param("id");
    ::agenda::publish(exchange.db(), exchange.now(), &exchange.viewer()?.id, id)
        .map_err(|error| failed(exchange, error))?;
    after(exchange, id)
}

/// `POST /api/v1/broadcast/events/{id}/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = exchange.param("id");
    ::agenda::cancel(exchange.db(), exchange.now(), &exchange.viewer()?.id, id)
        .map_err(|error| failed(exchange, error))?;
    after(exchange, id)
}

/// `DELETE /api/v1/broadcast/events/{id}`
pub(crate) fn discard(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    ::agenda::discard(exchange.db(), &exchange.viewer()?.id, exchange.param("id"))
        .map_err(|error| failed(exchange, error))?;
    Ok(Response::no_content())
}

/// Sends the notification that is owed, and shows the event as it is now. One that cannot leave stands in `untold`, and
/// one that could not be tried leaves with the clock.
fn after(exchange: &Exchange<'_>, id: &str) -> Result<Response, Problem> {
    let told: Result<Told, ::agenda::Error> = ::agenda::tell(exchange.db(), exchange.now(), id);
    drop(told);
    Response::json(&shown(one(exchange, id)?))
}

fn content(wanted: Wanted) -> Result<Content, Problem> {
    let follow_up = match wanted.follow_up.as_deref() {
        None => FollowUp::Off,
        Some(word) => FollowUp::parse(word)
            .ok_or_else(|| Problem::invalid("follow_up", "Choisissez « off », « moderated » ou « open »."))?,
    };
    Ok(Content {
        title: wanted.title,
        place: wanted.place,
        summary: wanted.summary,
        all_day: wanted.all_day,
        starts: wanted.starts,
        ends: wanted.ends,
        resources: wanted.resources,
        notify: Notify::parse(&wanted.notify),
        confirmation: wanted.confirmation,
        follow_up,
    })
}

fn publication(wanted: &Wanted) -> Publication {
    match wanted.publish.as_str() {
        "" | "draft" => Publication::Draft,
        "now" => Publication::Now,
        at => Publication::At(at.to_owned()),
    }
}

fn shown(event: Event) -> Shown {
    let edits = event.rubrique.edits;
    let (answer, comment) = event.answer.map(|a| (a.participation.as_str().to_ascii_lowercase(), a.comment)).unzip();
    Shown {
        id: event.id,
        rubrique: event.rubrique.id,
        rubrique_name: event.rubrique.name,
        organizer: event.organizer,
        title: event.title,
        place: event.place,
        summary: event.summary,
        all_day: matches!(event.when, When::Days(..)),
        starts: event.stored.starts,
        ends: event.stored.ends,
        zone: event.zone.name().to_owned(),
        starts_at: event.stored.starts_at,
        ends_at: event.stored.ends_at,
        resources: event.resources.into_iter().map(Resource::from).collect(),
        state: event.state.as_str(),
        publish_at: event.publish_at,
        notify: edits.then(|| event.notify.as_str().to_owned()),
        confirmation: event.confirmation,
        follow_up: event.follow_up.as_str(),
        sequence: event.sequence,
        editable: edits,
        told: edits.then_some(event.told),
        untold: event.untold.filter(|_| edits),
        answer,
        comment,
    }
}
