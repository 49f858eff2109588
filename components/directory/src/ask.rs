//! What is asked of the lists, read once: the same parameters in the pages' forms and in the API.

use std::str::FromStr;

use people::{GroupQuery, PageSize, PeopleQuery, Role, Uai};
use serde::Deserialize;
use web::{Exchange, Problem, Viewer};

/// Parameters of the list of people; every one given must hold, an empty one is none.
#[derive(Deserialize, Default)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryPeopleQuery")
)]
#[serde(default)]
pub(crate) struct PeopleParameters {
    /// Le début des mots du nom, dans n’importe quel ordre, avec ou sans accents.
    pub(crate) q: String,
    /// `student`, `relative`, `teacher`, `staff` ou `guest`.
    pub(crate) profile: String,
    /// L’identifiant d’une classe ou d’un groupe d’enseignement.
    pub(crate) class: String,
    /// L’identifiant d’un groupe dont on peut connaître les membres.
    pub(crate) group: String,
    /// Le code UAI d’un établissement ; tous par défaut.
    pub(crate) establishment: String,
    /// `next` de la page précédente.
    pub(crate) cursor: String,
    /// De 1 à 100 ; 25 par défaut.
    pub(crate) limit: Option<u32>,
}

/// Parameters of the list of groups.
#[derive(Deserialize, Default)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryGroupQuery")
)]
#[serde(default)]
pub(crate) struct GroupParameters {
    /// Le début des mots du nom.
    pub(crate) q: String,
    /// `establishment`, `class`, `teaching-group`, `manual`, `ad-hoc`, `list` ou `network`.
    pub(crate) kind: String,
    /// L’identifiant d’une classe ou d’un groupe d’enseignement.
    pub(crate) class: String,
    /// Le code UAI d’un établissement ; tous par défaut.
    pub(crate) establishment: String,
    /// `next` de la page précédente.
    pub(crate) cursor: String,
    /// De 1 à 100 ; 25 par défaut.
    pub(crate) limit: Option<u32>,
}

/// Parameters of the suggestions.
#[derive(Deserialize, Default)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectorySuggestQuery")
)]
#[serde(default)]
pub(crate) struct SuggestParameters {
    /// Ce qui est tapé.
    pub(crate) q: String,
}

impl PeopleParameters {
    /// The question, for this viewer.
    pub(crate) fn query<'a>(&'a self, viewer: &'a Viewer) -> Result<PeopleQuery<'a>, Problem> {
        Ok(PeopleQuery {
            viewer: &viewer.person,
            text: &self.q,
            profile: given("profile", &self.profile)?,
            class: given("class", &self.class)?,
            group: given("group", &self.group)?,
            establishment: given("establishment", &self.establishment)?,
            after: given("cursor", &self.cursor)?,
            size: size(self.limit),
        })
    }
}

impl GroupParameters {
    /// The question, for this viewer.
    pub(crate) fn query<'a>(&'a self, viewer: &'a Viewer) -> Result<GroupQuery<'a>, Problem> {
        Ok(GroupQuery {
            viewer: &viewer.person,
            text: &self.q,
            kind: given("kind", &self.kind)?,
            class: given("class", &self.class)?,
            establishment: given("establishment", &self.establishment)?,
            after: given("cursor", &self.cursor)?,
            size: size(self.limit),
        })
    }
}

/// The size of a page, from 1 to 100.
pub(crate) fn size(limit: Option<u32>) -> PageSize {
    limit.map_or_else(PageSize::default, PageSize::near)
}

/// A value of the query: none when it is empty.
pub(crate) fn given<T: FromStr>(name: &'static str, text: &str) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| {
        Problem::invalid(
            name,
            format!("« {name} » n’a pas une valeur connue. Laissez-le vide ou reprenez celle d’une liste."),
        )
    };
    text.parse().map(Some).map_err(wrong)
}

/// Who asks, if she may use the directory.
pub(crate) fn reader<'a>(exchange: &'a Exchange<'_>) -> Result<&'a Viewer, Problem> {
    let viewer = exchange.viewer()?;
    if [Role::User, Role::AdvancedUser, Role::DirectoryManager].into_iter().any(|role| viewer.has(role)) {
        return Ok(viewer);
    }
    Err(Problem::forbidden(
        "L’annuaire n’est pas ouvert à votre compte. Adressez-vous à l’administrateur de l’établissement.",
    ))
}

/// the establishment that a page searches first; `None` for those whose directory ends there anyway, who may have
/// children in another.
pub(crate) fn own_establishment(viewer: &Viewer) -> Option<Uai> {
    let wide = viewer.has(Role::AdvancedUser) || viewer.has(Role::DirectoryManager);
    if wide { viewer.uai.parse().ok() } else { None }
}

/// A question that the database could not answer.
pub(crate) fn failed(error: people::Error) -> Problem {
    match error {
        people::Error::Store(error) => error.into(),
        other => Problem::internal(other.to_string()),
    }
}
