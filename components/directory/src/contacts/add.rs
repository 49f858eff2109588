//! People of the directory into the address book: those ticked in a list of the directory, or found here by name.

use maud::{Markup, html};
use people::{FoundPerson, PageSize, PeopleQuery};
use web::ui::{self, Field};
use web::{Exchange, Problem, Response};

use super::{BASE, back, count, problem};
use crate::ask::{failed, reader};
use crate::links;

/// `GET /directory/contacts/add?to=person:ID&q=…`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let pairs = exchange.query_pairs()?;
    let ids: Vec<&str> =
        pairs.iter().filter(|(name, _)| name == "to").filter_map(|(_, value)| value.strip_prefix("person:")).collect();
    let groups_ticked = pairs.iter().any(|(name, value)| name == "to" && value.starts_with("group:"));
    let chosen = people::chosen_people(&exchange.db(), &viewer.person, &ids).map_err(failed)?;
    let typed = exchange.query_value("q");
    let found = if typed.is_empty() {
        Vec::new()
    } else {
        let query = PeopleQuery { text: &typed, size: PageSize::near(50), ..PeopleQuery::of(&viewer.person) };
        let mut found = people::search_people(&exchange.db(), &query).map_err(failed)?.items;
        found.retain(|person| !chosen.iter().any(|one| one.id == person.id));
        found
    };
    let body = html! {
        @if groups_ticked {
            (ui::notice(ui::Tone::Attention, html! { p { "Le carnet réunit des personnes. Pour garder aussi des groupes de l’annuaire, faites-en un favori." } }))
        }
        form.filters method="get" action={ (BASE) "/add" } role="search" {
            @for person in &chosen { (ui::hidden("to", &format!("person:{}", person.id))) }
            (ui::hidden("group", &exchange.query_value("group")))
            div.inline { (links::name(&typed)) (ui::submit("Rechercher dans l’annuaire")) }
        }
        (form(exchange, &chosen, &found, &typed)?)
    };
    web::Page::new("Ajouter à mon carnet", body).crumb("Carnet d’adresses", BASE).respond(exchange)
}

fn form(
    exchange: &Exchange<'_>,
    chosen: &[FoundPerson],
    found: &[FoundPerson],
    typed: &str,
) -> Result<Markup, Problem> {
    if chosen.is_empty() && found.is_empty() {
        let what = if typed.is_empty() {
            "Cherchez un nom, ou cochez des personnes dans l’annuaire puis choisissez « Ajouter à mon carnet »."
        } else {
            "Personne à qui vous puissiez écrire ne porte ce nom."
        };
        return Ok(ui::empty("Personne à ajouter", what));
    }
    let groups = contacts::groups(&exchange.db(), &exchange.viewer()?.id).map_err(problem)?;
    let mut choices = vec![("", "Aucun")];
    choices.extend(groups.iter().map(|group| (group.id.as_str(), group.name.as_str())));
    let people = chosen.iter().map(|person| (person, true)).chain(found.iter().map(|person| (person, false)));
    Ok(html! {
        form.stack method="post" action={ (BASE) "/add" } {
            (ui::csrf(exchange))
            fieldset {
                legend { "Personnes" }
                @for (person, ticked) in people {
                    (ui::checkbox("person", person.id.as_str(), html! { (person.name) " " small { (person.detail()) } }, ticked))
                }
            }
            (ui::select("group", "Groupe de contacts", &choices, &exchange.query_value("group")))
            (Field::new("new_group", "Ou nouveau groupe").optional())
            (ui::submit("Ajouter à mon carnet"))
        }
    })
}

/// `POST /directory/contacts/add`
pub(crate) fn add(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let form = exchange.form()?;
    let ids: Vec<&str> = form.all("person").collect();
    let (db, mut group) = (exchange.db(), form.get("group").to_owned());
    if ids.is_empty() {
        return Ok(Response::see_other(&format!("{BASE}/add")).warning("Cochez d’abord des personnes."));
    }
    if !form.get("new_group").is_empty() {
        group = web::random::ulid(exchange.now())?.to_string();
        if let Err(error) = contacts::new_group(&db, &viewer.id, &group, form.get("new_group")) {
            return back(BASE, Err(problem(error)));
        }
    }
    let within = Some(group.as_str()).filter(|id| !id.is_empty());
    let added =
        contacts::add_people(&db, &viewer.person, &ids, within, web::random::ulid(exchange.now())?).map_err(problem);
    let here = within.map_or_else(|| BASE.to_owned(), |id| format!("{BASE}?group={}", web::url_escape(id)));
    let done = added.map(|added| {
        let mut text = format!("{} de plus dans votre carnet.", count(added.added, "personne"));
        if added.known > 0 {
            text.push_str(&format!(" {} y étaient déjà.", added.known));
        }
        if added.refused > 0 {
            text.push_str(&format!(
                " Vous ne pouvez pas écrire à {} : elles n’y sont pas.",
                count(added.refused, "personne")
            ));
        }
        text
    });
    back(&here, done)
}
