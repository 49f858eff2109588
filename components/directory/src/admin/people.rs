//! Accounts of the establishment: who is there, blocking, the roles of one person.

use ::people::{Page, PersonId, Profile, RegisterQuery, Registered, Uai};
use maud::{Markup, html};
use rights::{Blocked, Blocking};
use web::ui::{self, Column, Field, Tone};
use web::{Exchange, Problem, Response};

use super::{administered, hidden, hidden_query, page, words};
use crate::ask::{failed, given, size};
use crate::links;

const PATH: &str = "/directory/admin/people";
/// Characters of a reason.
const REASON: usize = 500;
const STATES: [(&str, &str); 4] = [("", "Tous"), ("present", "Présents"), ("blocked", "Bloqués"), ("left", "Partis")];

/// `GET /directory/admin/people`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let asked = ["q", "profile", "state", "cursor", "limit"].map(|name| exchange.query_value(name));
    let [q, profile, state, cursor, limit] = &asked;
    let found = find(exchange, &uai, q, profile, state, cursor, limit.parse().ok())?;
    let mut profiles = vec![("", "Tous les profils")];
    profiles.extend(Profile::ALL.iter().map(|profile| (profile.as_str(), profile.plural())));
    let columns = ["Nom", "Qui", "Identifiant", "Compte"].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = found.items.iter().map(|person| row(person, &uai)).collect();
    let parameters = [("uai", uai.as_str()), ("q", q), ("profile", profile), ("state", state), ("limit", limit)];
    let body = html! {
        form.filters method="get" action=(PATH) role="search" {
            (hidden_query(&uai))
            div.inline {
                (links::name(q)) (ui::select("profile", "Profil", &profiles, profile)) (ui::select("state", "Comptes", &STATES, state))
                (ui::submit("Rechercher"))
            }
        }
        @if rows.is_empty() { (ui::empty("Personne ne correspond", "Vérifiez le nom, ou élargissez la recherche.")) }
        @else { (ui::table("Personnes de l’établissement", &columns, &rows)) }
        (links::pages(&links::address(PATH, &parameters), !cursor.is_empty(), found.next.as_ref()))
        (profiles_blocking(exchange, &uai)?)
    };
    page(exchange, &uai, PATH, "Comptes de l’établissement", body)?.respond(exchange)
}

/// The people of the establishment that the parameters ask for.
pub(super) fn find(
    exchange: &Exchange<'_>,
    uai: &Uai,
    text: &str,
    profile: &str,
    state: &str,
    cursor: &str,
    limit: Option<u32>,
) -> Result<Page<Registered>, Problem> {
    let query = RegisterQuery {
        uai,
        text,
        profile: given("profile", profile)?,
        state: given("state", state)?,
        after: given("cursor", cursor)?,
        size: size(limit),
    };
    ::people::register(&exchange.db(), &query).map_err(failed)
}

fn row(person: &Registered, uai: &Uai) -> Vec<Markup> {
    vec![
        html! {
            span.person {
                (ui::avatar(&person.first_name, &person.last_name, person.profile))
                a href={ (PATH) "/" (person.id) "?uai=" (uai) } { (person.first_name) " " strong { (person.last_name) } }
            }
        },
        html! { (person.detail()) },
        html! { (person.login) },
        state(person),
    ]
}

fn state(person: &Registered) -> Markup {
    match (person.left_at, person.blocked_at, person.activated_at) {
        (Some(_), ..) => ui::badge(Tone::Neutral, "parti"),
        (None, Some(_), _) => ui::badge(Tone::Bad, "bloqué"),
        (None, None, Some(_)) => ui::badge(Tone::Good, "activé"),
        (None, None, None) => ui::badge(Tone::Attention, "à activer"),
    }
}

/// Blocking of a whole profile.
fn profiles_blocking(exchange: &Exchange<'_>, uai: &Uai) -> Result<Markup, Problem> {
    let blockings = rights::blockings(&exchange.db(), uai, None)?;
    let open: Vec<&Blocking> =
        blockings.iter().filter(|b| b.lifted.is_none() && matches!(b.who, Blocked::Profile(_))).collect();
    let profiles: Vec<_> = Profile::ALL.iter().map(|profile| (profile.as_str(), profile.plural())).collect();
    Ok(html! {
        details.box open[!open.is_empty()] {
            summary { strong { "Bloquer tout un profil" } }
            @for blocking in &open {
                div.bulk {
                    p { (blocking.name) " : bloqués. Motif : " (blocking.reason) }
                    form method="post" action={ (PATH) "/unblock" } {
                        (hidden(exchange, uai))
                        @if let Blocked::Profile(profile) = &blocking.who { (ui::hidden("profile", profile.as_str())) }
                        button type="submit" { "Débloquer" }
                    }
                }
            }
            form.stack method="post" action={ (PATH) "/block" } {
                (hidden(exchange, uai))
                p { "Les personnes bloquées ne peuvent plus se connecter et n’apparaissent plus nulle part, jusqu’au déblocage. Les administrateurs ne sont pas bloqués avec leur profil." }
                (ui::select("profile", "Profil", &profiles, ""))
                (Field::new("reason", "Motif"))
                (ui::confirm("Bloquer ce profil", "Toutes les personnes de ce profil seront déconnectées.", "Bloquer"))
            }
        }
    })
}

/// `GET /directory/admin/people/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let person = found(exchange, &uai, exchange.param("id"))?;
    let zone = exchange.zone_of(uai.as_str())?;
    let blockings = rights::blockings(&exchange.db(), &uai, Some(&person.id))?;
    let blocked = blockings.iter().any(|blocking| blocking.lifted.is_none());
    let myself = person.id == exchange.viewer()?.person;
    let body = html! {
        section.box aria-labelledby="fiche" {
            h2 #fiche { "Fiche" }
            dl.facts {
                dt { "Profil" } dd { (person.profile.label()) }
                dt { "Fonction ou classe" } dd { (person.detail()) }
                dt { "Identifiant" } dd { (person.login) }
                dt { "Adresse universelle" } dd { (person.universal_address) }
                dt { "Compte" } dd { (state(&person)) @if let Some(at) = person.activated_at { " depuis le " (zone.long(at)) } }
            }
            div.toolbar { a.button href={ "/directory/admin/simulator?uai=" (uai) "&from=" (person.id) } { "À qui peut-elle écrire ?" } }
        }
        section.box aria-labelledby="blocage" {
            h2 #blocage { "Blocage" }
            @if !blockings.is_empty() {
                div.prose { ul {
                    @for b in &blockings {
                        li { "Du " (zone.long(b.at)) @if let Some((at, by)) = &b.lifted { " au " (zone.long(*at)) ", levé par " (by) }
                            " : " (b.reason) @if !b.by.is_empty() { " (" (b.by) ")" } }
                    }
                } }
            }
            @if blocked {
                form method="post" action={ (PATH) "/unblock" } {
                    (hidden(exchange, &uai)) (ui::hidden("person", person.id.as_str())) (ui::submit("Débloquer"))
                }
            } @else if !myself && person.left_at.is_none() {
                form.stack method="post" action={ (PATH) "/block" } {
                    (hidden(exchange, &uai)) (ui::hidden("person", person.id.as_str()))
                    (Field::new("reason", "Motif"))
                    (ui::confirm("Bloquer", "Cette personne sera déconnectée et n’apparaîtra plus nulle part.", "Bloquer"))
                }
            }
        }
        (roles(exchange, &uai, &person)?)
    };
    page(exchange, &uai, PATH, &person.name(), body)?.crumb("Comptes", PATH).respond(exchange)
}

const DECISIONS: [(&str, &str); 3] = [("", "Comme son profil"), ("granted", "Accordé"), ("refused", "Refusé")];

fn roles(exchange: &Exchange<'_>, uai: &Uai, person: &Registered) -> Result<Markup, Problem> {
    let roles = establishment::person_roles(&exchange.db(), &person.id)?;
    Ok(html! {
        section.box aria-labelledby="roles" {
            h2 #roles { "Rôles" }
            form.stack method="post" action={ (PATH) "/" (person.id) "/roles" } {
                (hidden(exchange, uai))
                @for role in &roles {
                    @let chosen = role.exception.map_or("", |granted| if granted { "granted" } else { "refused" });
                    @let profile = if role.by_profile { "Comme son profil : oui" } else { "Comme son profil : non" };
                    @let choices = [("", profile), DECISIONS[1], DECISIONS[2]];
                    (ui::select(role.role.as_str(), words::role(role.role), &choices, chosen))
                }
                (ui::submit("Enregistrer les rôles"))
            }
        }
    })
}

/// The person of the establishment with this id.
pub(super) fn found(exchange: &Exchange<'_>, uai: &Uai, id: &str) -> Result<Registered, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    ::people::registered_person(&exchange.db(), uai, &id).map_err(failed)?.ok_or_else(Problem::not_found)
}

/// `POST /directory/admin/people/{id}/roles`
pub(crate) fn decide(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let person = found(exchange, &uai, exchange.param("id"))?;
    let form = exchange.form()?;
    for role in ::people::Role::ALL {
        if form.has(role.as_str()) {
            decide_one(exchange, &person.id, *role, form.get(role.as_str()))?;
        }
    }
    Ok(Response::see_other(&format!("{PATH}/{}?uai={uai}", person.id)).success("Les rôles sont enregistrés."))
}

/// `decision`: `granted`, `refused`, or empty for as the profile has it.
pub(super) fn decide_one(
    exchange: &Exchange<'_>,
    person: &PersonId,
    role: ::people::Role,
    decision: &str,
) -> Result<(), Problem> {
    let exception = match decision {
        "" => None,
        "granted" => Some(true),
        "refused" => Some(false),
        _ => return Err(Problem::invalid(role.as_str(), "La décision doit être granted, refused ou vide.")),
    };
    let by = &exchange.viewer()?.person;
    establishment::override_role(&exchange.db(), by, person, role, exception, exchange.now())?;
    Ok(())
}

/// Who a form or the API means: a person's id or a profile.
pub(super) fn who(exchange: &Exchange<'_>, uai: &Uai, person: &str, profile: &str) -> Result<Blocked, Problem> {
    if person.is_empty() {
        let profile: Option<Profile> = given("profile", profile)?;
        return profile.map(Blocked::Profile).ok_or_else(|| Problem::invalid("profile", "Choisissez un profil."));
    }
    Ok(Blocked::Person(found(exchange, uai, person)?.id))
}

/// Blocks, or says why not.
pub(super) fn block_one(exchange: &Exchange<'_>, uai: &Uai, who: &Blocked, reason: &str) -> Result<(), Problem> {
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Problem::invalid("reason", format!("Donnez un motif, de {REASON} caractères au plus.")));
    }
    let by = &exchange.viewer()?.person;
    if rights::block(
        &exchange.db(),
        &web::random::ulid(exchange.now())?.to_string(),
        uai,
        by,
        who,
        reason,
        exchange.now(),
    )? {
        return Ok(());
    }
    Err(Problem::conflict(
        "already-blocked",
        "C’est déjà bloqué, ou c’est vous-même : on ne peut pas se bloquer soi-même.",
    ))
}

/// Lifts a blocking, or says that there is none.
pub(super) fn unblock_one(exchange: &Exchange<'_>, uai: &Uai, who: &Blocked) -> Result<(), Problem> {
    let by = &exchange.viewer()?.person;
    if rights::unblock(&exchange.db(), uai, by, who, exchange.now())? {
        return Ok(());
    }
    Err(Problem::conflict("not-blocked", "Ce n’est pas bloqué."))
}

fn back(uai: &Uai, who: &Blocked) -> String {
    match who {
        Blocked::Person(person) => format!("{PATH}/{person}?uai={uai}"),
        Blocked::Profile(_) => format!("{PATH}?uai={uai}"),
    }
}

/// `POST /directory/admin/people/block`
pub(crate) fn block(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let form = exchange.form()?;
    let who = who(exchange, &uai, form.get("person"), form.get("profile"))?;
    block_one(exchange, &uai, &who, form.get("reason"))?;
    Ok(Response::see_other(&back(&uai, &who)).success("Le blocage est en vigueur."))
}

/// `POST /directory/admin/people/unblock`
pub(crate) fn unblock(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let form = exchange.form()?;
    let who = who(exchange, &uai, form.get("person"), form.get("profile"))?;
    unblock_one(exchange, &uai, &who)?;
    Ok(Response::see_other(&back(&uai, &who)).success("Le blocage est levé."))
}
