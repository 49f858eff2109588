//! The same as JSON (U-2).

use ::rubriques::{Content, NamedSeat, Seat};
use people::Profile;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::{administered, failed, seen, settings};

web::described! {
    /// A rubrique to make or to change.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Wanted as "RubriqueContent" {
        /// De 1 à 100 caractères ; unique parmi les rubriques ouvertes de l’établissement.
        name: String,
        /// Au plus 2 000 caractères.
        #[serde(default)]
        description: String,
        /// UAI, à la création seulement ; celui de la personne connectée par défaut.
        #[serde(default)]
        establishment: String,
        /// Qui y écrit, avec les administrateurs ; 60 au plus.
        editors: Vec<WantedSeat>,
        /// Qui la lit, et à qui elle peut écrire ; 60 au plus.
        populations: Vec<WantedSeat>,
    }

    /// A group, crossed with a profile.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct WantedSeat as "RubriqueGroup" {
        /// ULID d’un groupe de l’établissement.
        group: String,
        /// `student`, `relative`, `teacher`, `staff` ou `guest` ; absent pour tous les membres.
        #[serde(default)]
        profile: Option<String>,
    }

    /// A group as it is shown.
    #[derive(Serialize)]
    pub(crate) struct ShownSeat as "RubriqueGroupNamed" {
        group: String,
        profile: Option<&'static str>,
        /// « Club théâtre (élèves) »
        name: String,
        members: u32,
    }

    /// Groups.
    #[derive(Serialize)]
    pub(crate) struct Seats as "RubriqueGroups" {
        items: Vec<ShownSeat>,
        /// Toujours null : précisez la recherche.
        next: Option<String>,
    }

    /// One rubrique.
    #[derive(Serialize)]
    pub(crate) struct Rubrique as "Rubrique" {
        id: String,
        name: String,
        description: String,
        establishment: String,
        /// Fermée : seuls les administrateurs de l’établissement la voient.
        closed: bool,
        /// La personne connectée y écrit.
        edits: bool,
        /// La personne connectée l’administre.
        administers: bool,
        /// Null dans une liste, et pour qui ne l’administre pas.
        editors: Option<Vec<ShownSeat>>,
        /// De même.
        populations: Option<Vec<ShownSeat>>,
    }

    /// Rubriques.
    #[derive(Serialize)]
    pub(crate) struct Rubriques as "Rubriques" {
        items: Vec<Rubrique>,
        /// Toujours null : la liste est entière.
        next: Option<String>,
    }

    /// Which groups.
    #[derive(Deserialize)]
    pub(crate) struct GroupSearch as "RubriqueGroupSearch" {
        /// Mots de leur nom ; sans mot, les groupes de tout l’établissement.
        #[serde(default)]
        q: String,
        /// UAI ; celui de la personne connectée par défaut.
        #[serde(default)]
        uai: String,
    }
}

/// `GET /api/v1/broadcast/rubriques`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubriques = ::rubriques::readable(exchange.db(), &exchange.viewer()?.id)?;
    Response::json(&Rubriques { items: rubriques.into_iter().map(shown).collect(), next: None })
}

/// `POST /api/v1/broadcast/rubriques`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let wanted: Wanted = exchange.json()?;
    let uai = exchange.administered(&wanted.establishment)?;
    let id = web::random::ulid(exchange.now())?.to_string();
    let by = &exchange.viewer()?.person;
    ::rubriques::keep(exchange.db(), by, &uai, &id, &content(wanted)?, exchange.now()).map_err(failed)?;
    Ok(answer(exchange, &id)?.status(StatusCode::CREATED))
}

/// `GET /api/v1/broadcast/rubriques/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    answer(exchange, &seen(exchange)?.id)
}

/// `PUT /api/v1/broadcast/rubriques/{id}`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = administered(exchange)?;
    let uai = rubrique.uai.parse().map_err(|_| Problem::not_found())?;
    let content = content(exchange.json()?)?;
    let by = &exchange.viewer()?.person;
    ::rubriques::keep(exchange.db(), by, &uai, &rubrique.id, &content, exchange.now()).map_err(failed)?;
    answer(exchange, &rubrique.id)
}

/// `POST /api/v1/broadcast/rubriques/{id}/close`
pub(crate) fn close(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    settings::close(exchange).map(|_| Response::no_content())
}

/// `POST /api/v1/broadcast/rubriques/{id}/open`
pub(crate) fn open(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    settings::open(exchange).map(|_| Response::no_content())
}

/// `GET /api/v1/broadcast/groups`
pub(crate) fn groups(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: GroupSearch = exchange.query()?;
    let uai = exchange.administered(&asked.uai)?;
    let found = ::rubriques::find(exchange.db(), uai.as_str(), &asked.q)?;
    Response::json(&Seats { items: found.iter().map(seat).collect(), next: None })
}

fn content(wanted: Wanted) -> Result<Content, Problem> {
    let seats = |seats: Vec<WantedSeat>, field: &str| -> Result<Vec<Seat>, Problem> {
        let seat = |seat: WantedSeat| -> Result<Seat, Problem> {
            let unknown = |_| Problem::invalid(field, "« profile » vaut student, relative, teacher, staff ou guest.");
            let profile = seat.profile.map(|profile| profile.parse().map_err(unknown)).transpose()?;
            Ok(Seat { group: seat.group, profile })
        };
        seats.into_iter().map(seat).collect()
    };
    Ok(Content {
        name: wanted.name,
        description: wanted.description,
        editors: seats(wanted.editors, "editors")?,
        populations: seats(wanted.populations, "populations")?,
    })
}

fn answer(exchange: &Exchange<'_>, id: &str) -> Result<Response, Problem> {
    let found = ::rubriques::one(exchange.db(), &exchange.viewer()?.id, id)?.ok_or_else(Problem::not_found)?;
    let administers = found.administers;
    let mut rubrique = shown(found);
    if administers {
        rubrique.editors = Some(::rubriques::editors(exchange.db(), id)?.iter().map(seat).collect());
        rubrique.populations = Some(::rubriques::populations(exchange.db(), id)?.iter().map(seat).collect());
    }
    Response::json(&rubrique)
}

fn shown(rubrique: ::rubriques::Rubrique) -> Rubrique {
    Rubrique {
        id: rubrique.id,
        name: rubrique.name,
        description: rubrique.description,
        establishment: rubrique.uai,
        closed: rubrique.closed_at.is_some(),
        edits: rubrique.edits,
        administers: rubrique.administers,
        editors: None,
        populations: None,
    }
}

fn seat(named: &NamedSeat) -> ShownSeat {
    ShownSeat {
        group: named.seat.group.clone(),
        profile: named.seat.profile.map(Profile::as_str),
        name: settings::label(named),
        members: named.members,
    }
}
