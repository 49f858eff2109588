//! Answers, comments, private links and resources for programs.

use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::{act, answers as table, failed, feeds as links, resources as lent};

web::described! {
    /// One's own answer.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct OwnAnswer as "EventAnswer" {
        /// `accepted` ou `declined`.
        answer: String,
        /// 1 000 caractères au plus.
        #[serde(default)]
        comment: String,
    }

    /// The answers to an event.
    #[derive(Serialize)]
    pub(crate) struct Answers as "EventAnswers" {
        accepted: u32,
        declined: u32,
        tentative: u32,
        /// Sans réponse, ou pour d’autres dates.
        waiting: u32,
        items: Vec<Answered>,
        /// Valeur de `after` pour la page suivante.
        next: Option<String>,
    }

    /// One person and her answer.
    #[derive(Serialize)]
    pub(crate) struct Answered as "EventAnswered" {
        person: String,
        last_name: String,
        first_name: String,
        profile: &'static str,
        /// `accepted`, `declined`, `tentative` ; null sans réponse.
        answer: Option<String>,
        comment: String,
        /// Millisecondes UTC.
        answered_at: Option<i64>,
        /// Depuis son logiciel de courrier.
        by_mail: bool,
        /// Pour d’autres dates : ne compte plus.
        stale: bool,
    }

    /// A comment to write.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Words as "EventCommentText" {
        /// De 1 à 2 000 caractères.
        text: String,
    }

    /// A comment.
    #[derive(Serialize)]
    pub(crate) struct Comment as "EventComment" {
        id: String,
        author: String,
        own: bool,
        text: String,
        /// `pending` (en attente d’un éditeur) ou `shown`.
        state: &'static str,
        /// Millisecondes UTC.
        at: i64,
    }

    /// Comments, oldest first.
    #[derive(Serialize)]
    pub(crate) struct Comments as "EventComments" {
        items: Vec<Comment>,
        /// Valeur de `after` pour la page suivante.
        next: Option<String>,
    }

    /// What an editor decides of a comment.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Decision as "EventCommentDecision" {
        /// Vrai : publié. Faux : retiré.
        shown: bool,
    }

    /// Which agenda.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Feed as "AgendaFeed" {
        /// La rubrique ; vide pour toutes celles que l’on peut lire.
        rubrique: String,
    }

    /// A private link, shown once.
    #[derive(Serialize)]
    pub(crate) struct Link as "AgendaLink" {
        url: String,
    }

    /// A private link that is there.
    #[derive(Serialize)]
    pub(crate) struct Open as "AgendaOpenLink" {
        /// Vide pour toutes les rubriques.
        rubrique: String,
        name: String,
        /// Millisecondes UTC.
        created_at: i64,
    }

    /// One's private links.
    #[derive(Serialize)]
    pub(crate) struct Feeds as "AgendaFeeds" {
        items: Vec<Open>,
        /// Toujours null : la liste est entière.
        next: Option<String>,
    }

    /// A resource.
    #[derive(Serialize)]
    pub(crate) struct Resource as "Resource" {
        id: String,
        /// `room`, `vehicle` ou `equipment`.
        kind: &'static str,
        name: String,
        description: String,
    }

    /// What an establishment lends.
    #[derive(Serialize)]
    pub(crate) struct Resources as "Resources" {
        items: Vec<Resource>,
        /// Toujours null : la liste est entière.
        next: Option<String>,
    }

    /// What an administrator says of a resource.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct ResourceContent as "ResourceContent" {
        /// L’établissement, à la création ; par défaut celui que l’on administre.
        #[serde(default)]
        uai: String,
        /// `room`, `vehicle` ou `equipment`.
        kind: String,
        /// De 1 à 100 caractères.
        name: String,
        /// 500 caractères au plus.
        #[serde(default)]
        description: String,
    }
}

impl From<::agenda::Resource> for Resource {
    fn from(resource: ::agenda::Resource) -> Self {
        let ::agenda::Resource { id, kind, name, description } = resource;
        Self { id, kind: kind.as_str(), name, description }
    }
}

/// `PUT /api/v1/broadcast/events/{id}/answer`
pub(crate) fn answer(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let own: OwnAnswer = exchange.json()?;
    act::answer_with(exchange, &own.answer, &own.comment)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/broadcast/events/{id}/answers?after=`
pub(crate) fn answers(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (counts, part) = table::read(exchange, 200)?;
    let items = part.items.into_iter().map(|answered| Answered {
        person: answered.person,
        last_name: answered.last_name,
        first_name: answered.first_name,
        profile: answered.profile.as_str(),
        answer: answered.participation.map(|p| p.as_str().to_ascii_lowercase()),
        comment: answered.comment,
        answered_at: answered.answered_at,
        by_mail: answered.by_mail,
        stale: answered.stale,
    });
    Response::json(&Answers {
        accepted: counts.accepted,
        declined: counts.declined,
        tentative: counts.tentative,
        waiting: counts.waiting,
        items: items.collect(),
        next: part.next.map(|(name, id)| format!("{id}.{name}")),
    })
}

/// `GET /api/v1/broadcast/events/{id}/comments?after=`
pub(crate) fn comments(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    const PAGE: u32 = 200;
    let event = super::edit::one(exchange, exchange.param("id"))?;
    let after = exchange.query_value("after");
    let after = after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let found = ::agenda::comments(exchange.db(), &exchange.viewer()?.id, &event.id, after, PAGE)
        .map_err(|error| failed(exchange, error))?;
    let next = found.last().filter(|_| found.len() == PAGE as usize).map(|last| format!("{}.{}", last.at, last.id));
    let items = found.into_iter().map(|comment| {
        let ::agenda::Comment { id, author, own, text, state, at } = comment;
        Comment { id, author, own, text, state: state.as_str(), at }
    });
    Response::json(&Comments { items: items.collect(), next })
}

/// `POST /api/v1/broadcast/events/{id}/comments`
pub(crate) fn comment(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let words: Words = exchange.json()?;
    let viewer = exchange.viewer()?;
    let id = match exchange.header("idempotency-key") {
        Some(key) if !key.is_empty() && key.len() <= 128 => ::agenda::id_of(&viewer.id, key),
        _ => web::random::ulid(exchange.now())?.to_string(),
    };
    let state = ::agenda::comment(exchange.db(), exchange.now(), &viewer.id, exchange.param("id"), &id, &words.text)
        .map_err(|error| failed(exchange, error))?;
    let made = Comment {
        id,
        author: viewer.name(),
        own: true,
        text: words.text.trim().to_owned(),
        state: state.as_str(),
        at: exchange.now(),
    };
    Ok(Response::json(&made)?.status(StatusCode::CREATED))
}

/// `PUT /api/v1/broadcast/events/{id}/comments/{comment}`
pub(crate) fn decide(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let decision: Decision = exchange.json()?;
    let (event, comment) = (exchange.param("id"), exchange.param("comment"));
    ::agenda::decide(exchange.db(), exchange.now(), &exchange.viewer()?.id, event, comment, decision.shown)
        .map_err(|error| failed(exchange, error))?;
    Ok(Response::no_content())
}

/// `GET /api/v1/broadcast/agenda/feeds`
pub(crate) fn feeds(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let found = ::agenda::feeds(exchange.db(), &exchange.viewer()?.id).map_err(|error| failed(exchange, error))?;
    let items = found.into_iter().map(|feed| {
        let (rubrique, name) = feed.rubrique.unwrap_or_else(|| (String::new(), "Mon agenda".to_owned()));
        Open { rubrique, name, created_at: feed.created_at }
    });
    Response::json(&Feeds { items: items.collect(), next: None })
}

/// `POST /api/v1/broadcast/agenda/feeds`
pub(crate) fn open_feed(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let feed: Feed = exchange.json()?;
    Ok(Response::json(&Link { url: links::make(exchange, &feed.rubrique)? })?.status(StatusCode::CREATED))
}

/// `POST /api/v1/broadcast/agenda/feeds/revoke`
pub(crate) fn revoke_feed(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let feed: Feed = exchange.json()?;
    links::take_back(exchange, &feed.rubrique)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/broadcast/resources`: what can be booked by the events that the viewer edits, or administers.
pub(crate) fn resources(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let asked = exchange.query_value("uai");
    let uai = if asked.is_empty() { viewer.uai.clone() } else { asked };
    let edited = || -> Result<bool, Problem> {
        let known = ::agenda::rubriques(exchange.db(), &viewer.id).map_err(|error| failed(exchange, error))?;
        Ok(known.iter().any(|rubrique| rubrique.edits && rubrique.uai == uai))
    };
    if !viewer.administers(&uai) && !edited()? {
        return Err(Problem::not_found());
    }
    let found = ::agenda::resources(exchange.db(), &uai).map_err(|error| failed(exchange, error))?;
    Response::json(&Resources { items: found.into_iter().map(Resource::from).collect(), next: None })
}

/// `POST /api/v1/broadcast/resources`
pub(crate) fn add_resource(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let wanted: ResourceContent = exchange.json()?;
    let uai = exchange.administered(&wanted.uai)?.to_string();
    let content = lent::content_of(&wanted.kind, &wanted.name, &wanted.description)?;
    let id = web::random::ulid(exchange.now())?.to_string();
    ::agenda::add_resource(exchange.db(), exchange.now(), &exchange.viewer()?.id, &uai, &id, &content)
        .map_err(|error| failed(exchange, error))?;
    let made = Resource {
        id,
        kind: content.kind.as_str(),
        name: content.name.trim().to_owned(),
        description: content.description.trim().to_owned(),
    };
    Ok(Response::json(&made)?.status(StatusCode::CREATED))
}

/// `PUT /api/v1/broadcast/resources/{id}`
pub(crate) fn change_resource(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let wanted: ResourceContent = exchange.json()?;
    let content = lent::content_of(&wanted.kind, &wanted.name, &wanted.description)?;
    ::agenda::change_resource(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), &content)
        .map_err(|error| failed(exchange, error))?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/broadcast/resources/{id}`
pub(crate) fn retire_resource(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    ::agenda::retire_resource(exchange.db(), exchange.now(), &exchange.viewer()?.id, exchange.param("id"))
        .map_err(|error| failed(exchange, error))?;
    Ok(Response::no_content())
}
