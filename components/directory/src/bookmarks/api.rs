//! Bookmarks as JSON (U-2).

use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use crate::ask::reader;
use crate::contacts::api::described;
use crate::contacts::problem;

described! {
    /// A bookmark in the list.
    Listed as "Bookmark" {
        id: String,
        name: String,
        /// Personnes et groupes à qui l’on peut écrire aujourd’hui.
        visible: usize,
        /// Ceux qui ne sont plus visibles.
        hidden: usize,
    }
    /// All bookmarks.
    Bookmarks as "Bookmarks" {
        items: Vec<Listed>,
        /// Toujours null : la liste est entière.
        next: Option<String>,
    }
    /// One of its people or groups.
    Entry as "BookmarkEntry" {
        /// `person` ou `group`.
        kind: String,
        id: String,
        name: String,
        detail: String,
    }
    /// A bookmark with what is visible of it.
    Opened as "BookmarkOpened" { id: String, name: String, entries: Vec<Entry>, hidden: usize }
    /// A person or group to keep.
    Chosen as "BookmarkChosen" {
        /// `person` ou `group`.
        kind: String,
        id: String,
    }
    /// What to keep.
    Content as "BookmarkContent" {
        name: String,
        /// 500 au plus ; ce à quoi l’on ne peut pas écrire n’est pas gardé.
        entries: Vec<Chosen>,
        /// Oublier aussi ce qui n’est plus visible ; sinon cela reste.
        drop_hidden: bool,
    }
}

/// `GET /api/v1/directory/bookmarks`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let bookmarks = contacts::bookmarks(&exchange.db(), &reader(exchange)?.id).map_err(problem)?;
    let listed = |contacts::Bookmark { id, name, visible, hidden }| Listed { id, name, visible, hidden };
    Response::json(&Bookmarks { items: bookmarks.into_iter().map(listed).collect(), next: None })
}

/// `GET /api/v1/directory/bookmarks/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    opened(exchange, exchange.param("id"))
}

fn opened(exchange: &Exchange<'_>, id: &str) -> Result<Response, Problem> {
    let found = contacts::bookmark(&exchange.db(), &reader(exchange)?.person, id).map_err(problem)?;
    let groups = found.groups.iter().map(|group| Entry {
        kind: "group".to_owned(),
        id: group.id.to_string(),
        name: group.name.clone(),
        detail: group.detail(),
    });
    let people = found.people.iter().map(|person| Entry {
        kind: "person".to_owned(),
        id: person.id.to_string(),
        name: person.name.clone(),
        detail: person.detail(),
    });
    Response::json(&Opened {
        entries: groups.chain(people).collect(),
        id: found.id,
        name: found.name,
        hidden: found.hidden,
    })
}

/// `POST /api/v1/directory/bookmarks`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = web::random::ulid(exchange.now())?.to_string();
    keep(exchange, &id, false)?;
    Ok(opened(exchange, &id)?.status(StatusCode::CREATED))
}

/// `PUT /api/v1/directory/bookmarks/{id}`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    keep(exchange, exchange.param("id"), true)?;
    one(exchange)
}

fn keep(exchange: &Exchange<'_>, id: &str, exists: bool) -> Result<(), Problem> {
    let viewer = reader(exchange)?;
    let Content { name, entries, drop_hidden }: Content = exchange.json()?;
    let entries: Vec<contacts::Chosen> =
        entries.into_iter().map(|Chosen { kind, id }| contacts::Chosen { kind, id }).collect();
    contacts::save_bookmark(&exchange.db(), &viewer.id, id, exists, &name, &entries, drop_hidden).map_err(problem)
}

/// `DELETE /api/v1/directory/bookmarks/{id}`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    contacts::delete_bookmark(&exchange.db(), &viewer.id, exchange.param("id")).map_err(problem)?;
    Ok(Response::no_content())
}
