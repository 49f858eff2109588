//! The administration as JSON (U-2): the same decisions as the pages, by the same functions. More than half of this file is the
//! shapes that the OpenAPI document promises, which are read beside the handlers that fill them.

use people::{Registered, Uai};
use rights::{Blocked, Editor, Effect, RuleGroup, Rules};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response};

use super::{administered, lists, people as accounts, prohibitions, rules, settings, words};
use crate::ask::given;

web::described! {
    /// Parameters of the list of groups.
    #[derive(Deserialize, Default)]
    #[serde(default)]
    pub(crate) struct GroupsQuery as "AdminGroupsQuery" {
        /// L’établissement ; par défaut celui de la personne connectée.
        pub(super) uai: String,
        /// Le début des mots du nom.
        pub(super) q: String,
        /// `establishment`, `class`, `teaching-group`, `discipline`, `head-teacher`, `manual`, `ad-hoc`, `list`.
        pub(super) kind: String,
    }

    /// A group with its part in the rules.
    #[derive(Serialize)]
    pub(crate) struct Group as "AdminGroup" {
        pub(super) id: String,
        pub(super) name: String,
        pub(super) kind: &'static str,
        /// Le profil d’un groupe automatique ou d’une liste.
        pub(super) profile: Option<&'static str>,
        /// `none`, `incoming`, `outgoing` ou `both`.
        pub(super) participation: &'static str,
        pub(super) members: u64,
        /// Combien de groupes ses membres peuvent joindre par une règle.
        pub(super) targets: u64,
        /// Combien de groupes peuvent le joindre par une règle.
        pub(super) sources: u64,
    }

    /// The groups of an establishment.
    #[derive(Serialize)]
    pub(crate) struct Groups as "AdminGroups" {
        pub(super) items: Vec<Group>,
        /// Toujours null : au plus 500 groupes.
        pub(super) next: Option<String>,
    }

    /// A group and its rules.
    #[derive(Serialize)]
    pub(crate) struct GroupRules as "AdminGroupRules" {
        pub(super) group: Group,
        /// À qui ses membres peuvent écrire.
        pub(super) targets: Vec<Group>,
        /// De qui ses membres peuvent recevoir.
        pub(super) sources: Vec<Group>,
    }

    /// A change of the rules.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Change as "AdminRulesChange" {
        /// L’établissement ; par défaut celui de la personne connectée.
        #[serde(default)]
        pub(super) uai: String,
        /// `add-rule`, `remove-rule`, `participation` ou `preset`.
        pub(super) kind: String,
        /// Le groupe d’où part la règle, ou dont la participation change.
        #[serde(default)]
        pub(super) from: String,
        /// Le groupe où va la règle.
        #[serde(default)]
        pub(super) to: String,
        /// `none`, `incoming`, `outgoing` ou `both`.
        #[serde(default)]
        pub(super) participation: String,
        /// `minors-2025`, `midi-pyrenees-2009` ou `edifice`.
        #[serde(default)]
        pub(super) preset: String,
        /// Vrai : rien n’est changé, la réponse dit ce qui le serait.
        #[serde(default)]
        pub(super) rehearsal: bool,
    }

    /// What a change brings.
    #[derive(Serialize)]
    pub(crate) struct Effects as "AdminRulesEffects" {
        /// Combien de personnes peuvent écrire à quelqu’un de plus.
        pub(super) gaining: u64,
        /// Combien de personnes ne peuvent plus écrire à quelqu’un.
        pub(super) losing: u64,
        /// Les groupes dont les membres peuvent désormais s’écrire entre eux.
        pub(super) opened: Vec<String>,
        /// Ceux dont les membres ne le peuvent plus.
        pub(super) closed: Vec<String>,
    }

    /// Two people.
    #[derive(Deserialize)]
    pub(crate) struct Pair as "AdminPair" {
        /// L’établissement ; par défaut celui de la personne connectée.
        #[serde(default)]
        pub(super) uai: String,
        /// Qui écrit.
        pub(super) from: String,
        /// À qui.
        pub(super) to: String,
    }

    /// Why one may write to another, or not.
    #[derive(Serialize)]
    pub(crate) struct Simulation as "AdminSimulation" {
        pub(super) allowed: bool,
        /// Les voies, en toutes lettres.
        pub(super) paths: Vec<String>,
        /// Ce qui l’empêche, en toutes lettres.
        pub(super) obstacles: Vec<String>,
    }

    /// A prohibition to make.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Forbidding as "AdminForbidding" {
        /// L’établissement ; par défaut celui de la personne connectée.
        #[serde(default)]
        pub(super) uai: String,
        /// Qui ne doit pas écrire.
        pub(super) from: String,
        /// À qui.
        pub(super) to: String,
        pub(super) reason: String,
        /// Le dernier jour, `AAAA-MM-JJ` ; vide : sans terme.
        #[serde(default)]
        pub(super) until: String,
    }

    /// A prohibition.
    #[derive(Serialize)]
    pub(crate) struct Prohibition as "AdminProhibition" {
        pub(super) from: String,
        pub(super) from_name: String,
        pub(super) to: String,
        pub(super) to_name: String,
        pub(super) reason: String,
        /// Millisecondes UTC ; null : sans terme.
        pub(super) until: Option<i64>,
        pub(super) by: String,
        pub(super) created_at: i64,
        /// Quand elle a pris fin ; null : elle est en vigueur.
        pub(super) ended_at: Option<i64>,
    }

    /// Parameters of the list of prohibitions.
    #[derive(Deserialize, Default)]
    #[serde(default)]
    pub(crate) struct ProhibitionsQuery as "AdminProhibitionsQuery" {
        pub(super) uai: String,
        /// `1` : avec celles du passé.
        pub(super) past: String,
    }

    /// Prohibitions, newest first.
    #[derive(Serialize)]
    pub(crate) struct Prohibitions as "AdminProhibitions" {
        pub(super) items: Vec<Prohibition>,
        /// Toujours null : au plus 500.
        pub(super) next: Option<String>,
    }

    /// Parameters of the register.
    #[derive(Deserialize, Default)]
    #[serde(default)]
    pub(crate) struct PeopleQuery as "AdminPeopleQuery" {
        pub(super) uai: String,
        /// Le début des mots du nom.
        pub(super) q: String,
        /// `student`, `relative`, `teacher`, `staff` ou `guest`.
        pub(super) profile: String,
        /// `present`, `blocked` ou `left`.
        pub(super) state: String,
        /// `next` de la page précédente.
        pub(super) cursor: String,
        /// De 1 à 100 ; 25 par défaut.
        pub(super) limit: Option<u32>,
    }

    /// A person in the register.
    #[derive(Serialize)]
    pub(crate) struct Person as "AdminPerson" {
        pub(super) id: String,
        pub(super) name: String,
        pub(super) profile: &'static str,
        pub(super) detail: String,
        pub(super) login: String,
        pub(super) universal_address: String,
        pub(super) activated_at: Option<i64>,
        pub(super) blocked_at: Option<i64>,
        pub(super) left_at: Option<i64>,
    }

    /// A page of the register.
    #[derive(Serialize)]
    pub(crate) struct People as "AdminPeople" {
        pub(super) items: Vec<Person>,
        /// À donner comme `cursor` pour la suite ; null à la fin.
        pub(super) next: Option<String>,
    }

    /// Who is to be blocked, or not any more: a person or a profile.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Blocking as "AdminBlocking" {
        #[serde(default)]
        pub(super) uai: String,
        /// L’identifiant d’une personne ; vide pour un profil.
        #[serde(default)]
        pub(super) person: String,
        /// Le profil à bloquer tout entier.
        #[serde(default)]
        pub(super) profile: String,
        /// Faux pour débloquer.
        pub(super) blocked: bool,
        /// Demandé pour bloquer.
        #[serde(default)]
        pub(super) reason: String,
    }

    /// A decision on a role of a person.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Decision as "AdminRoleDecision" {
        #[serde(default)]
        pub(super) uai: String,
        /// `send`, `send-extended`, `mailbox`, `user`, `advanced-user` ou `directory-manager`.
        pub(super) role: String,
        /// `granted`, `refused`, ou vide : comme son profil.
        pub(super) decision: String,
    }

    /// A distribution list, to make or to change.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct ListAsked as "AdminListAsked" {
        #[serde(default)]
        pub(super) uai: String,
        /// Vide pour une nouvelle.
        #[serde(default)]
        pub(super) id: String,
        pub(super) name: String,
        pub(super) profile: String,
        #[serde(default)]
        pub(super) level: String,
        #[serde(default)]
        pub(super) discipline: String,
        #[serde(default)]
        pub(super) function: String,
    }

    /// A distribution list.
    #[derive(Serialize)]
    pub(crate) struct List as "AdminList" {
        pub(super) id: String,
        pub(super) name: String,
        pub(super) profile: &'static str,
        pub(super) level: Option<String>,
        pub(super) discipline: Option<String>,
        pub(super) function: Option<String>,
        pub(super) members: u64,
    }

    /// The lists of an establishment.
    #[derive(Serialize)]
    pub(crate) struct Lists as "AdminLists" {
        pub(super) items: Vec<List>,
        /// Toujours null.
        pub(super) next: Option<String>,
    }

    /// What was made.
    #[derive(Serialize)]
    pub(crate) struct Made as "AdminMade" { pub(super) id: String }

    /// Which establishment.
    #[derive(Deserialize, Default)]
    #[serde(default)]
    pub(crate) struct Which as "AdminWhich" {
        /// L’établissement ; par défaut celui de la personne connectée.
        pub(super) uai: String,
    }

    /// The settings of an establishment.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Settings as "AdminSettings" {
        pub(super) name: String,
        pub(super) domain: String,
        pub(super) timezone: String,
        pub(super) max_recipients: i64,
        /// Octets.
        pub(super) mailbox_quota: i64,
        /// Octets.
        pub(super) attachment_max_bytes: i64,
        pub(super) attachment_extensions: Vec<String>,
        /// Jours avant l’effacement d’un compte parti.
        pub(super) left_retention_days: i64,
        /// `profil:rôle`, comme `teacher:mailbox`.
        pub(super) roles: Vec<String>,
    }
}

fn group(group: &RuleGroup) -> Group {
    Group {
        id: group.id.to_string(),
        name: words::group(group),
        kind: group.kind.as_str(),
        profile: group.profile.map(people::Profile::as_str),
        participation: group.participation.as_str(),
        members: group.members,
        targets: group.targets,
        sources: group.sources,
    }
}

fn effects(effect: Effect) -> Effects {
    let Effect { gaining, losing, opened, closed } = effect;
    Effects { gaining, losing, opened, closed }
}

/// `GET /api/v1/directory/admin/groups`
pub(crate) fn groups(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: GroupsQuery = exchange.query()?;
    let uai = exchange.administered(&asked.uai)?;
    let found = rights::groups(&exchange.db(), &uai, &asked.q, given("kind", &asked.kind)?)?;
    Response::json(&Groups { items: found.iter().map(group).collect(), next: None })
}

/// `GET /api/v1/directory/admin/groups/{id}`
pub(crate) fn group_rules(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let id = exchange.param("id").parse().map_err(|_| Problem::not_found())?;
    let Some(Rules { group: own, targets, sources }) = rights::rules_of(&exchange.db(), &uai, &id)? else {
        return Err(Problem::not_found());
    };
    let all = |groups: &[RuleGroup]| groups.iter().map(group).collect();
    Response::json(&GroupRules { group: group(&own), targets: all(&targets), sources: all(&sources) })
}

/// `POST /api/v1/directory/admin/rules`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Change = exchange.json()?;
    let uai = exchange.administered(&asked.uai)?;
    let edit = rules::edit(&asked.kind, &asked.from, &asked.to, &asked.participation, &asked.preset)?;
    let editor = Editor { person: Some(&exchange.viewer()?.person), uai: &uai, now: exchange.now() };
    let effect = if asked.rehearsal {
        rights::rehearse(&exchange.db(), &editor, &edit)?
    } else {
        rights::edit(&exchange.db(), &editor, &web::random::ulid(exchange.now())?.to_string(), &edit)?
    };
    Response::json(&effects(effect.ok_or_else(rules::refused)?))
}

/// `GET /api/v1/directory/admin/simulation`
pub(crate) fn simulation(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Pair = exchange.query()?;
    let uai = exchange.administered(&asked.uai)?;
    let from = accounts::found(exchange, &uai, &asked.from)?;
    let to = accounts::found(exchange, &uai, &asked.to)?;
    let zone = exchange.zone_of(uai.as_str())?;
    let found = rights::explain(&exchange.db(), &from.id, &to.id, exchange.now())?.ok_or_else(Problem::not_found)?;
    Response::json(&Simulation {
        allowed: found.allowed,
        paths: found.paths.iter().map(words::path).collect(),
        obstacles: found.obstacles.iter().map(|obstacle| words::obstacle(obstacle, |at| zone.long(at))).collect(),
    })
}

/// `GET /api/v1/directory/admin/prohibitions`
pub(crate) fn prohibitions(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: ProhibitionsQuery = exchange.query()?;
    let uai = exchange.administered(&asked.uai)?;
    let found = rights::prohibitions(&exchange.db(), &uai, exchange.now(), asked.past == "1")?;
    let item = |x: rights::Prohibition| Prohibition {
        from: x.sender.0.to_string(),
        from_name: x.sender.1,
        to: x.recipient.0.to_string(),
        to_name: x.recipient.1,
        reason: x.reason,
        until: x.until,
        by: x.by,
        created_at: x.created_at,
        ended_at: x.ended_at,
    };
    Response::json(&Prohibitions { items: found.into_iter().map(item).collect(), next: None })
}

/// `POST /api/v1/directory/admin/prohibitions`
pub(crate) fn forbid(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Forbidding = exchange.json()?;
    let uai = exchange.administered(&asked.uai)?;
    prohibitions::forbid(exchange, &asked.from, &asked.to, asked.reason.trim(), &asked.until, &uai)?;
    Ok(Response::no_content())
}

/// `DELETE /api/v1/directory/admin/prohibitions/{from}/{to}`
pub(crate) fn lift(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    prohibitions::end(exchange, exchange.param("from"), exchange.param("to"))?;
    Ok(Response::no_content())
}

fn person(person: Registered) -> Person {
    Person {
        name: person.name(),
        detail: person.detail(),
        id: person.id.to_string(),
        profile: person.profile.as_str(),
        login: person.login,
        universal_address: person.universal_address,
        activated_at: person.activated_at,
        blocked_at: person.blocked_at,
        left_at: person.left_at,
    }
}

/// `GET /api/v1/directory/admin/people`
pub(crate) fn register(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: PeopleQuery = exchange.query()?;
    let uai = exchange.administered(&asked.uai)?;
    let page = accounts::find(exchange, &uai, &asked.q, &asked.profile, &asked.state, &asked.cursor, asked.limit)?;
    let items = page.items.into_iter().map(person).collect();
    Response::json(&People { items, next: page.next.map(|cursor| cursor.to_string()) })
}

/// `POST /api/v1/directory/admin/blockings`
pub(crate) fn block(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Blocking = exchange.json()?;
    let uai = exchange.administered(&asked.uai)?;
    let who: Blocked = accounts::who(exchange, &uai, &asked.person, &asked.profile)?;
    if asked.blocked {
        accounts::block_one(exchange, &uai, &who, asked.reason.trim())?;
    } else {
        accounts::unblock_one(exchange, &uai, &who)?;
    }
    Ok(Response::no_content())
}

/// `PUT /api/v1/directory/admin/people/{id}/roles`
pub(crate) fn decide(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Decision = exchange.json()?;
    let uai = exchange.administered(&asked.uai)?;
    let person = accounts::found(exchange, &uai, exchange.param("id"))?;
    let role = given("role", &asked.role)?.ok_or_else(|| Problem::invalid("role", "Donnez un rôle."))?;
    accounts::decide_one(exchange, &person.id, role, &asked.decision)?;
    Ok(Response::no_content())
}

/// `GET /api/v1/directory/admin/lists`
pub(crate) fn all_lists(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Which = exchange.query()?;
    let uai = exchange.administered(&asked.uai)?;
    let item = |list: rights::List| List {
        id: list.id.to_string(),
        name: list.name,
        profile: list.feed.profile.as_str(),
        level: list.feed.level,
        discipline: list.feed.discipline,
        function: list.feed.function,
        members: list.members,
    };
    Response::json(&Lists { items: rights::lists(&exchange.db(), &uai)?.into_iter().map(item).collect(), next: None })
}

/// `PUT /api/v1/directory/admin/lists`
pub(crate) fn keep_list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: ListAsked = exchange.json()?;
    let uai = exchange.administered(&asked.uai)?;
    let ListAsked { id, name, profile, level, discipline, function, .. } = &asked;
    let id = lists::keep(exchange, &uai, lists::Asked { id, name, profile, level, discipline, function })?;
    Response::json(&Made { id: id.to_string() })
}

/// `DELETE /api/v1/directory/admin/lists/{id}`
pub(crate) fn drop_list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    lists::drop(exchange, &uai, exchange.param("id"))?;
    Ok(Response::no_content())
}

/// `GET /api/v1/directory/admin/settings`
pub(crate) fn settings(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let asked: Which = exchange.query()?;
    let uai = exchange.administered(&asked.uai)?;
    Response::json(&shown(exchange, &uai)?)
}

fn shown(exchange: &Exchange<'_>, uai: &Uai) -> Result<Settings, Problem> {
    let establishment::Settings {
        name,
        domain,
        timezone,
        max_recipients,
        mailbox_quota,
        attachment_max_bytes,
        attachment_extensions,
        left_retention_days,
    } = settings::load(exchange, uai)?;
    let roles = establishment::profile_roles(&exchange.db(), uai)?;
    let roles = roles.iter().map(|(profile, role)| format!("{profile}:{role}")).collect();
    Ok(Settings {
        name,
        domain,
        timezone,
        max_recipients,
        mailbox_quota,
        attachment_max_bytes,
        attachment_extensions,
        left_retention_days,
        roles,
    })
}

/// `PUT /api/v1/directory/admin/settings`: the whole of them.
pub(crate) fn save_settings(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let asked: Settings = exchange.json()?;
    let roles = settings::pairs(asked.roles.iter().map(String::as_str))?;
    let wanted = establishment::Settings {
        name: asked.name,
        domain: asked.domain,
        timezone: asked.timezone,
        max_recipients: asked.max_recipients,
        mailbox_quota: asked.mailbox_quota,
        attachment_max_bytes: asked.attachment_max_bytes,
        attachment_extensions: asked.attachment_extensions,
        left_retention_days: asked.left_retention_days,
    };
    settings::save_all(exchange, &uai, &wanted)?;
    let by = &exchange.viewer()?.person;
    establishment::save_profile_roles(&exchange.db(), &uai, by, &roles, exchange.now())?;
    Response::json(&shown(exchange, &uai)?)
}
