//! The page of people (D-1).

use maud::{Markup, html};
use people::{FoundGroup, FoundPerson, Page, PeopleQuery, Profile};
use web::{Exchange, Problem, Response, Viewer, ui};

use crate::ask::{PeopleParameters, failed, own_establishment, reader};
use crate::links;

const BASE: &str = "/directory";
const TITLE: &str = "Annuaire";

/// `GET /directory`; with `?group=`, the members of a group.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked: PeopleParameters = exchange.query()?;
    let mut query = asked.query(viewer)?;
    let group = match &query.group {
        Some(id) => Some(
            people::find_group(&exchange.db(), &viewer.person, id).map_err(failed)?.ok_or_else(Problem::not_found)?,
        ),
        None => None,
    };
    // The members of a group may be anywhere.
    let everywhere = group.is_some() || exchange.query_value("everywhere") == "1";
    if !everywhere && query.establishment.is_none() {
        query.establishment = own_establishment(viewer);
    }
    let found = people::search_people(&exchange.db(), &query).map_err(failed)?;
    let body = html! {
        (filters(exchange, viewer, &asked, everywhere)?)
        (results(exchange, &asked, everywhere, &query, &found))
    };
    let page = match &group {
        Some(group) => members_of(exchange, group, body),
        None => web::Page::new(TITLE, body)
            .actions(links::tabs(exchange, BASE))
            .lead("Les personnes et les groupes à qui vous pouvez écrire."),
    };
    page.wide().respond(exchange)
}

fn members_of(exchange: &Exchange<'_>, group: &FoundGroup, body: Markup) -> web::Page {
    let page = web::Page::new(group.name.as_str(), body)
        .crumb(TITLE, BASE)
        .crumb("Groupes", "/directory/groups")
        .lead(group.detail());
    if links::can_write(exchange) {
        page.actions(links::write_to("group", group.id.as_str(), &group.name))
    } else {
        page
    }
}

fn filters(
    exchange: &Exchange<'_>,
    viewer: &Viewer,
    asked: &PeopleParameters,
    everywhere: bool,
) -> Result<Markup, Problem> {
    let classes = people::classes(&exchange.db(), &viewer.person).map_err(failed)?;
    let mut profiles = vec![("", "Tous les profils")];
    profiles.extend(Profile::ALL.iter().map(|profile| (profile.as_str(), profile.plural())));
    let mut choices = vec![("", "Toutes les classes")];
    choices.extend(classes.iter().map(|class| (class.id.as_str(), class.name.as_str())));
    let limit = asked.limit.unwrap_or(25).to_string();
    Ok(html! {
        form.filters method="get" action=(BASE) role="search" {
            div.inline {
                (links::name(&asked.q))
                (ui::select("profile", "Profil", &profiles, &asked.profile))
                @if !classes.is_empty() { (ui::select("class", "Classe ou groupe", &choices, &asked.class)) }
                (ui::select("limit", "Par page", &links::SIZES, &limit))
                @if !asked.group.is_empty() { (ui::hidden("group", &asked.group)) }
                (ui::submit("Rechercher"))
            }
            @if asked.group.is_empty() { (links::everywhere(exchange, viewer, everywhere)?) }
        }
    })
}

fn results(
    exchange: &Exchange<'_>,
    asked: &PeopleParameters,
    everywhere: bool,
    query: &PeopleQuery<'_>,
    found: &Page<FoundPerson>,
) -> Markup {
    if found.items.is_empty() {
        return nobody(asked, query);
    }
    let writable = links::can_write(exchange);
    let limit = asked.limit.map(|limit| limit.to_string()).unwrap_or_default();
    let parameters = [
        ("q", asked.q.as_str()),
        ("profile", &asked.profile),
        ("class", &asked.class),
        ("group", &asked.group),
        ("establishment", &asked.establishment),
        ("limit", &limit),
        ("everywhere", if everywhere { "1" } else { "" }),
    ];
    html! {
        (links::selectable(&table(&found.items, writable), writable))
        (links::pages(BASE, &parameters, query.after.is_some(), found.next.as_ref()))
    }
}

fn nobody(asked: &PeopleParameters, query: &PeopleQuery<'_>) -> Markup {
    let what = if query.after.is_some() {
        "La liste s’arrête ici."
    } else if asked.q.is_empty() && asked.profile.is_empty() && asked.class.is_empty() && asked.group.is_empty() {
        "Vous ne pouvez écrire à personne pour l’instant : votre compte n’est rattaché à aucune classe ni aucun groupe. Adressez-vous à l’établissement."
    } else {
        "Vérifiez le nom, ou élargissez la recherche à tous les profils et à toutes les classes. L’annuaire montre seulement les personnes à qui vous pouvez écrire."
    };
    ui::empty("Personne ne correspond", what)
}

fn table(people: &[FoundPerson], writable: bool) -> Markup {
    let column = |label, class| ui::Column { label, class };
    let mut columns = vec![column("Nom", ""), column("Qui", ""), column("Profil", "min")];
    if writable {
        columns.insert(0, column("", "min"));
        columns.push(column("", "min"));
    }
    let rows: Vec<Vec<Markup>> = people.iter().map(|person| row(person, writable)).collect();
    ui::table("Personnes trouvées", &columns, &rows)
}

fn row(person: &FoundPerson, writable: bool) -> Vec<Markup> {
    let (id, name) = (person.id.as_str(), person.name.as_str());
    let mut cells = vec![
        html! {
            span.person {
                (ui::avatar(&person.first_name, &person.last_name, person.profile))
                span { (person.first_name) " " strong { (person.last_name) } }
            }
        },
        html! { (person.detail()) },
        ui::profile_badge(person.profile),
    ];
    if writable {
        cells.insert(0, links::tick("person", id, name));
        cells.push(links::write_to("person", id, name));
    }
    cells
}
