//! The same as JSON (U-2).

use groups::{AdHoc, Content, Manager};
use people::{GroupId, PersonId};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::{asked, failed, keeper, new_ids};
use crate::ask::given;

/// A group to make or to change.
#[derive(Deserialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroupContent")
)]
pub(crate) struct Wanted {
    /// De 1 à 200 caractères.
    name: String,
    /// Au plus 2 000 caractères.
    #[serde(default)]
    description: String,
    /// UAI de l’établissement de rattachement, à la création seulement ; celui de la personne connectée par défaut.
    #[serde(default)]
    establishment: String,
    /// Pérenne : gardé à la fin de l’année scolaire.
    #[serde(default)]
    permanent: bool,
    /// Vrai : les membres peuvent s’écrire entre eux. Faux : seuls les gestionnaires peuvent écrire au groupe.
    #[serde(default)]
    open: bool,
    /// Identifiants des gestionnaires, de 1 à 20 ; la personne connectée quand ils manquent à la création, les mêmes quand ils
    /// manquent ensuite.
    managers: Option<Vec<String>>,
}

/// A group one keeps.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroup")
)]
pub(crate) struct Group {
    id: String,
    name: String,
    description: String,
    establishment: String,
    permanent: bool,
    open: bool,
    members: u32,
    /// Null dans une liste.
    managers: Option<Vec<Named>>,
}

/// A person by name.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroupManager")
)]
pub(crate) struct Named {
    id: String,
    /// Vide quand on ne peut pas lui écrire.
    name: String,
}

/// The groups one keeps.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroups")
)]
pub(crate) struct Groups {
    items: Vec<Group>,
    /// Toujours null : la liste est entière.
    next: Option<String>,
}

/// The members of a group one keeps.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroupMembers")
)]
pub(crate) struct Members {
    items: Vec<Member>,
    /// Toujours null : la liste est entière.
    next: Option<String>,
    /// Combien d’autres membres, à qui on ne peut pas écrire directement.
    others: u32,
}

/// One of them.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroupMember")
)]
pub(crate) struct Member {
    id: String,
    name: String,
    /// `student`, `relative`, `teacher`, `staff` ou `guest`.
    profile: &'static str,
    manager: bool,
}

/// People to add or to take out.
#[derive(Deserialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroupPeople")
)]
pub(crate) struct People {
    /// Leurs identifiants, 1 000 au plus. Toutes ou aucune.
    people: Vec<String>,
}

/// What became of it.
#[derive(Serialize)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "AdHocGroupChanged")
)]
pub(crate) struct Changed {
    /// Combien sont entrées ou sorties.
    changed: usize,
}

/// `GET /api/v1/directory/my-groups`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let groups = groups::kept(&exchange.db(), &keeper(exchange)?.person).map_err(failed)?;
    Response::json(&Groups { items: groups.into_iter().map(|group| shown(group, None)).collect(), next: None })
}

/// `POST /api/v1/directory/my-groups`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = keeper(exchange)?;
    let wanted: Wanted = exchange.json()?;
    let uai = if wanted.establishment.is_empty() { &viewer.uai } else { &wanted.establishment };
    let uai = given("establishment", uai)?.ok_or_else(Problem::not_found)?;
    let ids = new_ids(exchange)?;
    let content = content(wanted, vec![viewer.person.clone()])?;
    groups::make(&exchange.db(), &viewer.person, &uai, &ids, &content, exchange.now()).map_err(failed)?;
    let [id, _] = ids;
    // She may have made it for others to keep.
    if content.managers.contains(&viewer.person) || viewer.administers(uai.as_str()) {
        return Ok(answer(exchange, &id)?.status(StatusCode::CREATED));
    }
    Ok(Response::no_content())
}

/// `GET /api/v1/directory/my-groups/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    answer(exchange, &asked(exchange)?)
}

/// `PUT /api/v1/directory/my-groups/{id}`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, id) = (keeper(exchange)?, asked(exchange)?);
    let (_, managers) = groups::one(&exchange.db(), &viewer.person, &id).map_err(failed)?;
    let content = content(exchange.json()?, managers.into_iter().map(|manager| manager.id).collect())?;
    let [keepers, _] = new_ids(exchange)?;
    groups::change(&exchange.db(), &viewer.person, &id, &keepers, &content).map_err(failed)?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/directory/my-groups/{id}`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    groups::drop_group(&exchange.db(), &keeper(exchange)?.person, &asked(exchange)?).map_err(failed)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/directory/my-groups/{id}/members`
pub(crate) fn members(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let members = groups::members(&exchange.db(), &keeper(exchange)?.person, &asked(exchange)?).map_err(failed)?;
    let items = members.known.into_iter().map(|member| Member {
        id: member.id.to_string(),
        name: format!("{} {}", member.first_name, member.last_name),
        profile: member.profile.as_str(),
        manager: member.manager,
    });
    Response::json(&Members { items: items.collect(), next: None, others: members.others })
}

/// `POST /api/v1/directory/my-groups/{id}/members`
pub(crate) fn add(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, id, asked) = (keeper(exchange)?, asked(exchange)?, exchange.json::<People>()?);
    let changed = groups::add(&exchange.db(), &viewer.person, &id, &asked.people).map_err(failed)?;
    Response::json(&Changed { changed })
}

/// `POST /api/v1/directory/my-groups/{id}/members/remove`
pub(crate) fn remove(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, id, asked) = (keeper(exchange)?, asked(exchange)?, exchange.json::<People>()?);
    let changed = groups::remove(&exchange.db(), &viewer.person, &id, &asked.people).map_err(failed)?;
    Response::json(&Changed { changed })
}

fn content(wanted: Wanted, managers: Vec<PersonId>) -> Result<Content, Problem> {
    let Wanted { name, description, permanent, open, managers: ids, .. } = wanted;
    let managers = match ids {
        None => managers,
        Some(ids) => {
            let unknown =
                |_| Problem::invalid("managers", "Un gestionnaire est désigné par son identifiant dans l’annuaire.");
            ids.iter().map(|id| id.parse().map_err(unknown)).collect::<Result<_, _>>()?
        }
    };
    Ok(Content { name, description, permanent, open, managers })
}

fn answer(exchange: &Exchange<'_>, id: &GroupId) -> Result<Response, Problem> {
    let (group, managers) = groups::one(&exchange.db(), &keeper(exchange)?.person, id).map_err(failed)?;
    Response::json(&shown(group, Some(managers)))
}

fn shown(group: AdHoc, managers: Option<Vec<Manager>>) -> Group {
    let named = |Manager { id, name }| Named { id: id.to_string(), name };
    Group {
        id: group.id.to_string(),
        name: group.name,
        description: group.description,
        establishment: group.uai.to_string(),
        permanent: group.permanent,
        open: group.open,
        members: group.members,
        managers: managers.map(|managers| managers.into_iter().map(named).collect()),
    }
}
