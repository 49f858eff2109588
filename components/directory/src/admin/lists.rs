//! Distribution lists, self-service: fed by a profile, members hidden.

use maud::{Markup, html};
use people::{GroupId, Profile, Uai};
use rights::{Feed, List};
use web::ui::{self, Column, Field};
use web::{Exchange, Problem, Response};

use super::{administered, hidden, page};
use crate::ask::given;

const PATH: &str = "/directory/admin/lists";

/// `GET /directory/admin/lists`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let lists = rights::lists(&exchange.db(), &uai)?;
    let columns = ["Liste", "Alimentée par", "Membres", "", ""]
        .map(|label| Column { label, class: if label == "Membres" { "num" } else { "" } });
    let rows: Vec<Vec<Markup>> = lists.iter().map(|list| row(exchange, &uai, list)).collect();
    let edited = exchange.query_value("id");
    let body = html! {
        @if rows.is_empty() {
            (ui::empty("Aucune liste", "Une liste de diffusion réunit un profil, tenu à jour tout seul. On lui écrit sans voir qui la compose, et ses membres ne s’écrivent pas entre eux."))
        } @else { (ui::table("Listes de diffusion", &columns, &rows)) }
        (form(exchange, &uai, lists.iter().find(|list| list.id.as_str() == edited))?)
    };
    page(exchange, &uai, PATH, "Listes de diffusion", body)?
        .lead("Qui peut écrire à une liste se décide dans les droits : ajoutez la liste aux groupes qu’un groupe peut joindre.")
        .respond(exchange)
}

fn row(exchange: &Exchange<'_>, uai: &Uai, list: &List) -> Vec<Markup> {
    let Feed { profile, level, discipline, function } = &list.feed;
    vec![
        html! { (list.name) },
        html! {
            (profile.plural())
            @for part in [level, discipline, function].into_iter().flatten() { ", " (part) }
        },
        html! { (list.members) },
        html! { a.button href={ (PATH) "?uai=" (uai) "&id=" (list.id) "#liste" } aria-label={ "Modifier " (list.name) } { "Modifier" }
        " " a.button href={ "/directory/admin/rules/" (list.id) "?uai=" (uai) } aria-label={ "Qui peut écrire à " (list.name) } { "Qui y écrit" } },
        html! {
            form method="post" action={ (PATH) "/delete" } {
                (hidden(exchange, uai)) (ui::hidden("id", list.id.as_str()))
                (ui::confirm("Supprimer", "Personne ne pourra plus écrire à cette liste. Les messages déjà reçus restent.", "Supprimer la liste"))
            }
        },
    ]
}

fn form(exchange: &Exchange<'_>, uai: &Uai, list: Option<&List>) -> Result<Markup, Problem> {
    let profiles: Vec<_> = Profile::ALL.iter().map(|profile| (profile.as_str(), profile.plural())).collect();
    let rights::Feeds { levels, disciplines, functions } = rights::feeds(&exchange.db(), uai)?;
    let feed = list.map(|list| &list.feed);
    let part =
        |of: fn(&Feed) -> &Option<String>| feed.and_then(|feed| of(feed).as_deref()).unwrap_or_default().to_owned();
    let any = |first: &'static str, all: &'_ [String]| -> Vec<(String, String)> {
        std::iter::once((String::new(), first.to_owned()))
            .chain(all.iter().map(|one| (one.clone(), one.clone())))
            .collect()
    };
    let select = |name: &str, label: &str, options: &[(String, String)], chosen: &str| {
        let options: Vec<(&str, &str)> =
            options.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
        ui::select(name, label, &options, chosen)
    };
    Ok(html! {
        section.box #liste aria-labelledby="liste-titre" {
            h2 #liste-titre { @if list.is_some() { "Modifier la liste" } @else { "Nouvelle liste" } }
            form.stack method="post" action=(PATH) {
                (hidden(exchange, uai))
                @if let Some(list) = list { (ui::hidden("id", list.id.as_str())) }
                (Field::new("name", "Nom").value(list.map_or("", |list| &list.name)))
                (ui::select("profile", "Profil", &profiles, feed.map_or("relative", |feed| feed.profile.as_str())))
                (select("level", "Niveau", &any("Tous les niveaux", &levels), &part(|f| &f.level)))
                (select("discipline", "Discipline", &any("Toutes les disciplines", &disciplines), &part(|f| &f.discipline)))
                (select("function", "Fonction", &any("Toutes les fonctions", &functions), &part(|f| &f.function)))
                (ui::submit("Enregistrer la liste"))
            }
        }
    })
}

/// What a form or the API says of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Empty for a new one.
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) profile: &'a str,
    pub(super) level: &'a str,
    pub(super) discipline: &'a str,
    pub(super) function: &'a str,
}

/// Makes or changes the list; its id.
pub(super) fn keep(exchange: &Exchange<'_>, uai: &Uai, asked: Asked<'_>) -> Result<GroupId, Problem> {
    let name = asked.name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Problem::invalid("name", "Donnez un nom de 1 à 200 caractères."));
    }
    let profile: Option<Profile> = given("profile", asked.profile)?;
    let profile = profile.ok_or_else(|| Problem::invalid("profile", "Choisissez le profil qui alimente la liste."))?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let feed =
        Feed { profile, level: some(asked.level), discipline: some(asked.discipline), function: some(asked.function) };
    let id = if asked.id.is_empty() { web::random::ulid(exchange.now())?.to_string() } else { asked.id.to_owned() };
    let id: GroupId = id.parse().map_err(|_| Problem::not_found())?;
    if !asked.id.is_empty() && !rights::lists(&exchange.db(), uai)?.iter().any(|list| list.id == id) {
        return Err(Problem::not_found());
    }
    if rights::keep_list(&exchange.db(), uai, &id, name, &feed, exchange.now())? {
        return Ok(id);
    }
    Err(Problem::not_found())
}

/// `POST /directory/admin/lists`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let form = exchange.form()?;
    let [id, name, profile, level, discipline, function] =
        ["id", "name", "profile", "level", "discipline", "function"].map(|field| form.get(field));
    keep(exchange, &uai, Asked { id, name, profile, level, discipline, function })?;
    Ok(Response::see_other(&format!("{PATH}?uai={uai}")).success("La liste est enregistrée et à jour."))
}

/// Takes the list away.
pub(super) fn drop(exchange: &Exchange<'_>, uai: &Uai, id: &str) -> Result<(), Problem> {
    let id: GroupId = id.parse().map_err(|_| Problem::not_found())?;
    if rights::drop_list(&exchange.db(), uai, &id)? { Ok(()) } else { Err(Problem::not_found()) }
}

/// `POST /directory/admin/lists/delete`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    drop(exchange, &uai, exchange.form()?.get("id"))?;
    Ok(Response::see_other(&format!("{PATH}?uai={uai}")).success("La liste est supprimée."))
}
