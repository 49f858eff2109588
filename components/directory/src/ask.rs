//! What is asked of the lists, read once: the same parameters in the pages' forms, in the API and in exports.

use std::str::FromStr;

use people::{GroupQuery, PageSize, PeopleQuery, Role, Uai};
use serde::Deserialize;
use web::{Exchange, Problem, Viewer};

/// Establishments chosen at once, at most.
const MOST_ESTABLISHMENTS: usize = 20;

/// Parameters of the list of people; every one given must hold, an empty one is none.
#[derive(Default)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryPeopleQuery", default)
)]
pub(crate) struct PeopleParameters {
    /// Le début des mots du nom, dans n’importe quel ordre, avec ou sans accents.
    pub(crate) q: String,
    /// `student`, `relative`, `teacher`, `staff` ou `guest`.
    pub(crate) profile: String,
    /// Une discipline, telle que l’annuaire la nomme : ses enseignants.
    pub(crate) discipline: String,
    /// L’identifiant d’une classe ou d’un groupe d’enseignement.
    pub(crate) class: String,
    /// L’identifiant d’un groupe dont on peut connaître les membres.
    pub(crate) group: String,
    /// Le code UAI d’un établissement, répété pour plusieurs, 20 au plus ; tous par défaut.
    pub(crate) establishment: Vec<String>,
    /// `next` de la page précédente.
    pub(crate) cursor: String,
    /// De 1 à 100 ; 25 par défaut.
    pub(crate) limit: Option<u32>,
}

/// Parameters of the list of groups.
#[derive(Default)]
#[cfg_attr(
    not(target_family = "wasm"),
    derive(web::schemars::JsonSchema),
    schemars(crate = "web::schemars", rename = "DirectoryGroupQuery", default)
)]
pub(crate) struct GroupParameters {
    /// Le début des mots du nom.
    pub(crate) q: String,
    /// `establishment`, `class`, `teaching-group`, `discipline`, `head-teacher`, `manual`, `ad-hoc`, `list` ou `network`.
    pub(crate) kind: String,
    /// L’identifiant d’une classe ou d’un groupe d’enseignement.
    pub(crate) class: String,
    /// Le début des mots du nom d’un gestionnaire.
    pub(crate) manager: String,
    /// Le code UAI d’un établissement, répété pour plusieurs, 20 au plus ; tous par défaut.
    pub(crate) establishment: Vec<String>,
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
    /// From the address: a parameter may come twice only where that means something.
    pub(crate) fn read(exchange: &Exchange<'_>) -> Result<Self, Problem> {
        let mut asked = Self::default();
        for (name, value) in exchange.query_pairs()? {
            match name.as_str() {
                "q" => asked.q = value,
                "profile" => asked.profile = value,
                "discipline" => asked.discipline = value,
                "class" => asked.class = value,
                "group" => asked.group = value,
                "establishment" => asked.establishment.push(value),
                "cursor" => asked.cursor = value,
                "limit" => asked.limit = limit(&value)?,
                _ => {}
            }
        }
        Ok(asked)
    }

    /// The question, for this viewer.
    pub(crate) fn query<'a>(&'a self, viewer: &'a Viewer) -> Result<PeopleQuery<'a>, Problem> {
        Ok(PeopleQuery {
            viewer: &viewer.person,
            text: &self.q,
            profile: given("profile", &self.profile)?,
            discipline: Some(self.discipline.as_str()).filter(|discipline| !discipline.is_empty()),
            class: given("class", &self.class)?,
            group: given("group", &self.group)?,
            establishments: establishments(&self.establishment)?,
            after: given("cursor", &self.cursor)?,
            size: size(self.limit),
        })
    }

    /// The same for an address, but for the cursor: `establishments` stands for what was really searched.
    pub(crate) fn pairs(&self, establishments: &[Uai]) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("q", self.q.clone()),
            ("profile", self.profile.clone()),
            ("discipline", self.discipline.clone()),
            ("class", self.class.clone()),
            ("group", self.group.clone()),
        ];
        pairs.extend(establishments.iter().map(|uai| ("establishment", uai.to_string())));
        pairs
    }
}

impl GroupParameters {
    /// From the address.
    pub(crate) fn read(exchange: &Exchange<'_>) -> Result<Self, Problem> {
        let mut asked = Self::default();
        for (name, value) in exchange.query_pairs()? {
            match name.as_str() {
                "q" => asked.q = value,
                "kind" => asked.kind = value,
                "class" => asked.class = value,
                "manager" => asked.manager = value,
                "establishment" => asked.establishment.push(value),
                "cursor" => asked.cursor = value,
                "limit" => asked.limit = limit(&value)?,
                _ => {}
            }
        }
        Ok(asked)
    }

    /// The question, for this viewer.
    pub(crate) fn query<'a>(&'a self, viewer: &'a Viewer) -> Result<GroupQuery<'a>, Problem> {
        Ok(GroupQuery {
            viewer: &viewer.person,
            text: &self.q,
            kind: given("kind", &self.kind)?,
            class: given("class", &self.class)?,
            manager: &self.manager,
            establishments: establishments(&self.establishment)?,
            after: given("cursor", &self.cursor)?,
            size: size(self.limit),
        })
    }

    /// The same for an address, but for the cursor: `establishments` stands for what was really searched.
    pub(crate) fn pairs(&self, establishments: &[Uai]) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("q", self.q.clone()),
            ("kind", self.kind.clone()),
            ("class", self.class.clone()),
            ("manager", self.manager.clone()),
        ];
        pairs.extend(establishments.iter().map(|uai| ("establishment", uai.to_string())));
        pairs
    }
}

fn limit(text: &str) -> Result<Option<u32>, Problem> {
    let wrong = |_| Problem::malformed("« limit » doit être un nombre entier, de 1 à 100.");
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) }
}

/// The size of a page, from 1 to 100.
pub(crate) fn size(limit: Option<u32>) -> PageSize {
    limit.map_or_else(PageSize::default, PageSize::near)
}

fn establishments(asked: &[String]) -> Result<Vec<Uai>, Problem> {
    let mut uais: Vec<Uai> = Vec::new();
    for text in asked {
        uais.extend(given("establishment", text)?.filter(|uai| !uais.contains(uai)));
    }
    if uais.len() > MOST_ESTABLISHMENTS {
        return Err(Problem::invalid(
            "establishment",
            format!("Choisissez au plus {MOST_ESTABLISHMENTS} établissements, ou cherchez dans tout l’ENT."),
        ));
    }
    Ok(uais)
}

/// A parameter of a form or of an address; none when it is empty.
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
