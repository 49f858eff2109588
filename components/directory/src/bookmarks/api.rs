//! Bookmarks as JSON (U-2).

use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use crate::ask::reader;
use crate::contacts::problem;

web::described! {
    /// A bookmark in the list.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Listed as "Bookmark" {
        pub(crate) id: String,
        pub(crate) name: String,
        /// Personnes et groupes à qui l’on peut écrire aujourd’hui.
        pub(crate) visible: usize,
        /// Ceux qui ne sont plus visibles.
        pub(crate) hidden: usize,
    }
    /// All bookmarks.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Bookmarks as "Bookmarks" {
        pub(crate) items: Vec<Listed>,
        /// Toujours null : la liste est entière.
        pub(crate) next: Option<String>,
    }
    /// One of its people or groups.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Entry as "BookmarkEntry" {
        /// `person` ou `group`.
        pub(crate) kind: String,
        pub(crate) id: String,
        pub(crate) name: String,
        pub(crate) detail: String,
    }
    /// A bookmark with what is visible of it.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Opened as "BookmarkOpened" { pub(crate) id: String, pub(crate) name: String, pub(crate) entries: Vec<Entry>, pub(crate) hidden: usize }
    /// A person or group to keep.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Chosen as "BookmarkChosen" {
        /// `person` ou `group`.
        pub(crate) kind: String,
        pub(crate) id: String,
    }
    /// What to keep.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(crate) struct Content as "BookmarkContent" {
        pub(crate) name: String,
        /// 500 au plus ; ce à quoi l’on ne peut pas écrire n’est pas gardé.
        pub(crate) entries: Vec<Chosen>,
        /// Oublier aussi ce qui n’est plus visible ; sinon cela reste.
        pub(crate) drop_hidden: bool,
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
