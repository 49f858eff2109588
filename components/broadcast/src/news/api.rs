//! News for programs.

use announce::Told;
use announce::news::{self, Content, Poll, Summary};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::{asked, edit, edited, lists};
use crate::refusal::problem;

web::described! {
    /// Which page of a list.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Which as "NewsQuery" {
        /// Repère donné par la page précédente (`next`).
        #[expect(dead_code, reason = "read from the query by hand; here for the document")]
        before: Option<String>,
    }
    /// A news in a list.
    #[derive(Serialize)]
    pub(crate) struct Item as "NewsItem" {
        id: String,
        rubrique: String,
        rubrique_name: String,
        title: String,
        excerpt: String,
        author: String,
        /// `draft`, `scheduled`, `published`, `expired` ; les lecteurs ne voient que `published`.
        state: String,
        /// Millisecondes UTC.
        publish_at: Option<i64>,
        expires_at: Option<i64>,
        /// Pas encore ouverte.
        unread: bool,
    }
    /// A page of news.
    #[derive(Serialize)]
    pub(crate) struct Items as "NewsList" {
        items: Vec<Item>,
        /// Repère de la page suivante.
        next: Option<String>,
    }
    /// A poll.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct PollContent as "NewsPoll" {
        question: String,
        /// De 2 à 10.
        choices: Vec<String>,
        /// Les éditeurs voient qui a répondu quoi.
        named: bool,
        /// Ceux qui ont répondu voient les résultats.
        results_shown: bool,
    }
    /// What an editor writes.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Wanted as "NewsContent" {
        /// Une ligne, 150 caractères au plus.
        title: String,
        /// HTML, assaini avant d’être gardé.
        body: String,
        /// Identifiants de populations ; sans ce membre : tous les lecteurs de la rubrique.
        audience: Option<Vec<String>>,
        /// Millisecondes UTC, passé : maintenant ; sans ce membre : un brouillon.
        publish_at: Option<i64>,
        expires_at: Option<i64>,
        #[serde(default)]
        comments: bool,
        #[serde(default)]
        acknowledge: bool,
        /// Prévenir par un message à la publication, une fois.
        #[serde(default)]
        notify: bool,
        poll: Option<PollContent>,
    }
    /// A news as it is read.
    #[derive(Serialize)]
    pub(crate) struct Shown as "News" {
        id: String,
        rubrique: String,
        rubrique_name: String,
        title: String,
        /// HTML assaini.
        body: String,
        text: String,
        author: String,
        state: String,
        publish_at: Option<i64>,
        expires_at: Option<i64>,
        comments: bool,
        acknowledge: bool,
        acknowledged_at: Option<i64>,
        poll: Option<PollContent>,
        /// Rang de la réponse choisie, à partir de 0.
        vote: Option<i64>,
        /// Nombre de réponses à chaque choix, pour ceux qui peuvent le savoir.
        results: Option<Vec<i64>>,
        editor: bool,
        /// Pour les éditeurs seulement.
        audience: Option<Vec<String>>,
        notified_at: Option<i64>,
        notify_problem: Option<String>,
    }
    /// What was made, and its message.
    #[derive(Serialize)]
    pub(crate) struct Made as "Published" {
        pub(crate) id: String,
        /// Destinataires du message, s’il est parti.
        pub(crate) recipients: Option<u32>,
        /// Pourquoi il ne partira pas.
        pub(crate) notify_problem: Option<String>,
    }
    /// Which answer.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Vote as "NewsVote" {
        /// Rang de la réponse, à partir de 0.
        choice: i64,
    }
    /// A comment to publish.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Say as "NewsCommentContent" {
        /// 2 000 caractères au plus.
        comment: String,
    }
    /// A comment.
    #[derive(Serialize)]
    pub(crate) struct Comment as "NewsComment" {
        id: String,
        author: String,
        comment: String,
        at: i64,
        deletable: bool,
    }
    /// The comments.
    #[derive(Serialize)]
    pub(crate) struct Comments as "NewsComments" {
        items: Vec<Comment>,
    }
    /// A reader who said that she has read it.
    #[derive(Serialize)]
    pub(crate) struct Reader as "NewsReader" {
        name: String,
        profile: String,
        at: i64,
    }
    /// The answers to one choice.
    #[derive(Serialize)]
    pub(crate) struct Votes as "NewsVotes" {
        choice: String,
        count: i64,
        /// Vide pour un sondage anonyme.
        names: Vec<String>,
    }
    /// What became of a news.
    #[derive(Serialize)]
    pub(crate) struct Follow as "NewsFollow" {
        audience: i64,
        seen: i64,
        acknowledged: i64,
        readers: Vec<Reader>,
        votes: Vec<Votes>,
    }
}

/// What became of the message, for programs.
pub(crate) fn made(id: String, told: Result<Told, announce::Error>) -> Made {
    let (recipients, notify_problem) = match told {
        Ok(Told::Sent(receipt)) => (Some(receipt.recipients), None),
        Ok(Told::Refused(code)) => (None, Some(code.to_owned())),
        // It will leave with the next run.
        Ok(Told::Nothing) | Err(_) => (None, None),
    };
    Made { id, recipients, notify_problem }
}

/// The word of a unit variant, as its JSON has it.
fn word(state: news::State) -> String {
    match state {
        news::State::Draft => "draft",
        news::State::Scheduled => "scheduled",
        news::State::Published => "published",
        news::State::Expired => "expired",
    }
    .to_owned()
}

fn items(listing: news::Listing) -> Result<Response, Problem> {
    let item = |one: Summary| Item {
        id: one.id,
        rubrique: one.rubrique,
        rubrique_name: one.rubrique_name,
        title: one.title,
        excerpt: one.excerpt,
        author: one.author,
        state: word(one.state),
        publish_at: one.publish_at,
        expires_at: one.expires_at,
        unread: one.unread,
    };
    let next = listing.next.map(|next| next.to_string());
    Response::json(&Items { items: listing.items.into_iter().map(item).collect(), next })
}

/// `GET /api/v1/broadcast/news`
pub(crate) fn everything(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, before) = (exchange.viewer()?, lists::before(exchange)?);
    items(news::of_everything(exchange.db(), &viewer.id, exchange.now(), before.as_ref()).map_err(problem)?)
}

/// `GET /api/v1/broadcast/rubriques/{id}/news`
pub(crate) fn of_rubrique(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, before) = (exchange.viewer()?, lists::before(exchange)?);
    let listing = news::of_rubrique(exchange.db(), &viewer.id, exchange.param("id"), exchange.now(), before.as_ref());
    items(listing.map_err(problem)?)
}

/// `POST /api/v1/broadcast/rubriques/{id}/news`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    news::editable(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(problem)?;
    let id = edit::write(exchange, &content(exchange.json()?))?;
    let told = news::tell(counter::desk(exchange), exchange.public_url(), &id);
    Ok(Response::json(&made(id, told))?.status(StatusCode::CREATED))
}

/// `GET /api/v1/broadcast/news/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = asked(exchange)?;
    let poll = news.poll.map(|Poll { question, choices, named, results_shown }| PollContent {
        question,
        choices,
        named,
        results_shown,
    });
    let editor = news.editor;
    Response::json(&Shown {
        id: news.id,
        rubrique: news.rubrique,
        rubrique_name: news.rubrique_name,
        title: news.title,
        body: news.html,
        text: news.text,
        author: news.author,
        state: word(news.state),
        publish_at: news.publish_at,
        expires_at: news.expires_at,
        comments: news.comments,
        acknowledge: news.acknowledge,
        acknowledged_at: news.acknowledged_at,
        poll,
        vote: news.vote,
        results: news.results,
        editor,
        audience: news.audience.filter(|_| editor),
        notified_at: news.notified_at.filter(|_| editor),
        notify_problem: news.notify_problem.filter(|_| editor),
    })
}

/// `PUT /api/v1/broadcast/news/{id}`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    let editor = &exchange.viewer()?.id;
    news::change(counter::desk(exchange), editor, &news.id, &content(exchange.json()?)).map_err(problem)?;
    let told = news::tell(counter::desk(exchange), exchange.public_url(), &news.id);
    Response::json(&made(news.id, told))
}

/// `POST /api/v1/broadcast/news/{id}/withdraw`
pub(crate) fn withdraw(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    news::withdraw(exchange.db(), &exchange.viewer()?.id, &news.id, exchange.now()).map_err(problem)?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/broadcast/news/{id}`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = edited(exchange)?;
    news::delete(exchange.db(), &exchange.viewer()?.id, &news.id).map_err(|error| match error {
        announce::Error::NotFound => edit::still_out(),
        other => problem(other),
    })?;
    Ok(Response::no_content())
}

/// `PUT /api/v1/broadcast/news/{id}/seen`
pub(crate) fn see(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let news = asked(exchange)?;
    news::see(exchange.db(), &exchange.viewer()?.id, &news.id, exchange.now()).map_err(problem)?;
    Ok(Response::no_content())
}

/// `PUT /api/v1/broadcast/news/{id}/acknowledgement`
pub(crate) fn acknowledge(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    news::acknowledge(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), exchange.now()).map_err(problem)?;
    Ok(Response::no_content())
}

/// `PUT /api/v1/broadcast/news/{id}/vote`
pub(crate) fn vote(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Vote { choice } = exchange.json()?;
    let viewer = &exchange.viewer()?.id;
    news::vote(exchange.db(), viewer, exchange.param("id"), choice, exchange.now()).map_err(problem)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/broadcast/news/{id}/comments`
pub(crate) fn comments(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = &exchange.viewer()?.id;
    let comments = news::comments(exchange.db(), viewer, exchange.param("id"), exchange.now()).map_err(problem)?;
    let comment = |one: news::Comment| Comment {
        id: one.id,
        author: one.author,
        comment: one.body,
        at: one.at,
        deletable: one.deletable,
    };
    Response::json(&Comments { items: comments.into_iter().map(comment).collect() })
}

/// `POST /api/v1/broadcast/news/{id}/comments`
pub(crate) fn comment(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let Say { comment } = exchange.json()?;
    let (viewer, id) = (&exchange.viewer()?.id, web::random::ulid(exchange.now())?.to_string());
    news::comment(exchange.db(), viewer, exchange.param("id"), &id, &comment, exchange.now()).map_err(problem)?;
    Ok(Response::json(&Made { id, recipients: None, notify_problem: None })?.status(StatusCode::CREATED))
}

/// `DELETE /api/v1/broadcast/news/{id}/comments/{comment}`
pub(crate) fn delete_comment(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (id, comment) = (exchange.param("id"), exchange.param("comment"));
    news::delete_comment(exchange.db(), &exchange.viewer()?.id, id, comment, exchange.now()).map_err(problem)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/broadcast/news/{id}/follow`
pub(crate) fn follow(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = &exchange.viewer()?.id;
    let follow = news::follow(exchange.db(), viewer, exchange.param("id"), exchange.now()).map_err(problem)?;
    let reader = |one: news::Reader| Reader { name: one.name, profile: one.profile, at: one.at };
    let votes = |one: news::Votes| Votes { choice: one.choice, count: one.count, names: one.names };
    Response::json(&Follow {
        audience: follow.audience,
        seen: follow.seen,
        acknowledged: follow.acknowledged,
        readers: follow.readers.into_iter().map(reader).collect(),
        votes: follow.votes.into_iter().map(votes).collect(),
    })
}

fn content(wanted: Wanted) -> Content {
    Content {
        title: wanted.title,
        body: wanted.body,
        audience: wanted.audience,
        publish_at: wanted.publish_at,
        expires_at: wanted.expires_at,
        comments: wanted.comments,
        acknowledge: wanted.acknowledge,
        notify: wanted.notify,
        poll: wanted.poll.map(|PollContent { question, choices, named, results_shown }| Poll {
            question,
            choices,
            named,
            results_shown,
        }),
    }
}
