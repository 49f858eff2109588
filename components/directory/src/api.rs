//! The lists as JSON (U-2). Types of its own, so that what is promised to programs does not change with the library.

use people::{Class, FoundGroup, FoundPerson, Page};
use serde::Serialize;
use web::{Exchange, Problem, Response};

use crate::ask::{GroupParameters, PeopleParameters, SuggestParameters, failed, reader};

/// A page of people.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryPeople")
)]
pub(crate) struct People {
    items: Vec<Person>,
    /// À donner comme `cursor` pour la suite ; null à la fin.
    next: Option<String>,
}

/// A person one may write to.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryPerson")
)]
pub(crate) struct Person {
    id: String,
    name: String,
    first_name: String,
    last_name: String,
    /// `student`, `relative`, `teacher`, `staff` ou `guest`.
    profile: &'static str,
    /// « Professeure d’anglais » ; peut être vide.
    function: String,
    /// Pour un élève.
    classes: Vec<String>,
    /// Pour un parent : les enfants que l’on peut connaître.
    children: Vec<Child>,
    /// Quand ce n’est pas celui de la personne connectée.
    establishment: Option<String>,
    universal_address: String,
    /// Ce qui se montre à côté du nom : « Élève de 6A ».
    detail: String,
}

/// A student for whom somebody is responsible.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryChild")
)]
pub(crate) struct Child {
    name: String,
    class: Option<String>,
}

/// A page of groups.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryGroups")
)]
pub(crate) struct Groups {
    items: Vec<Group>,
    /// À donner comme `cursor` pour la suite ; null à la fin.
    next: Option<String>,
}

/// A group one may write to.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryGroup")
)]
pub(crate) struct Group {
    id: String,
    name: String,
    /// `establishment`, `class`, `teaching-group`, `discipline`, `head-teacher`, `manual`, `ad-hoc`, `list` ou `network`.
    kind: &'static str,
    /// Le profil des membres d’un groupe automatique.
    profile: Option<&'static str>,
    /// Quand ce n’est pas celui de la personne connectée.
    establishment: Option<String>,
    /// Combien recevraient ; null quand le groupe cache ses membres.
    members: Option<u32>,
    /// À quoi sert un groupe ad hoc ; souvent vide.
    description: String,
    /// Ce qui se montre à côté du nom : « 29 personnes ».
    detail: String,
}

/// The classes to choose among.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryClasses")
)]
pub(crate) struct Classes {
    items: Vec<OneClass>,
    /// Toujours null : la liste est entière.
    next: Option<String>,
}

/// A class or teaching group.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryClass")
)]
pub(crate) struct OneClass {
    id: String,
    name: String,
    /// `class` ou `teaching-group`.
    kind: &'static str,
    /// « 6EME » ; vide pour un groupe de plusieurs niveaux.
    level: String,
}

/// The disciplines to choose among.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryDisciplines")
)]
pub(crate) struct Disciplines {
    items: Vec<String>,
    /// Toujours null : la liste est entière.
    next: Option<String>,
}

/// Recipients to propose.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectorySuggestions")
)]
pub(crate) struct Suggestions {
    items: Vec<Suggestion>,
    /// Toujours null.
    next: Option<String>,
}

/// A recipient to propose.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectorySuggestion")
)]
pub(crate) struct Suggestion {
    /// `person` ou `group`.
    kind: &'static str,
    id: String,
    name: String,
    /// Ce qui le distingue d’un autre : « Élève de 6A ».
    detail: String,
    /// Les membres d’un groupe qui les montre.
    count: Option<u32>,
}

/// `GET /api/v1/directory/people`
pub(crate) fn people(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked = PeopleParameters::read(exchange)?;
    let Page { items, next } = people::search_people(&exchange.db(), &asked.query(viewer)?).map_err(failed)?;
    let items = items.into_iter().map(person).collect();
    Response::json(&People { items, next: next.map(|cursor| cursor.to_string()) })
}

/// `GET /api/v1/directory/groups`
pub(crate) fn groups(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked = GroupParameters::read(exchange)?;
    let Page { items, next } = people::search_groups(&exchange.db(), &asked.query(viewer)?).map_err(failed)?;
    let items = items.into_iter().map(group).collect();
    Response::json(&Groups { items, next: next.map(|cursor| cursor.to_string()) })
}

/// `GET /api/v1/directory/classes`
pub(crate) fn classes(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let classes = people::classes(&exchange.db(), &reader(exchange)?.person).map_err(failed)?;
    let class = |Class { id, name, kind, level }| OneClass { id: id.to_string(), name, kind: kind.as_str(), level };
    Response::json(&Classes { items: classes.into_iter().map(class).collect(), next: None })
}

/// `GET /api/v1/directory/disciplines`
pub(crate) fn disciplines(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let items = people::disciplines(&exchange.db(), &reader(exchange)?.person, &[]).map_err(failed)?;
    Response::json(&Disciplines { items, next: None })
}

/// `GET /api/v1/directory/suggest`: for whoever writes, with or without the directory.
pub(crate) fn suggest(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: SuggestParameters = exchange.query()?;
    let found =
        people::suggest(&exchange.db(), &exchange.viewer()?.person, &asked.q, exchange.now()).map_err(failed)?;
    let items = found.into_iter().map(|people::Suggestion { kind, id, name, detail, count }| {
        let kind = match kind {
            people::SuggestionKind::Person => "person",
            people::SuggestionKind::Group => "group",
        };
        Suggestion { kind, id, name, detail, count }
    });
    Response::json(&Suggestions { items: items.collect(), next: None })
}

fn person(found: FoundPerson) -> Person {
    let detail = found.detail();
    let children = found.children.into_iter().map(|people::Child { name, class }| Child { name, class });
    Person {
        id: found.id.to_string(),
        name: found.name,
        first_name: found.first_name,
        last_name: found.last_name,
        profile: found.profile.as_str(),
        function: found.function,
        classes: found.classes,
        children: children.collect(),
        establishment: found.establishment,
        universal_address: found.universal_address,
        detail,
    }
}

fn group(found: FoundGroup) -> Group {
    let detail = found.detail();
    Group {
        id: found.id.to_string(),
        name: found.name,
        kind: found.kind.as_str(),
        profile: found.profile.map(people::Profile::as_str),
        establishment: found.establishment,
        members: found.members,
        description: found.description,
        detail,
    }
}
