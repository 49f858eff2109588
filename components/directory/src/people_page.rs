//! The page of people (D-1).

use maud::{Markup, html};
use people::{FoundGroup, FoundPerson, Page, PeopleQuery, Profile};
use web::{Exchange, Problem, Response, ui};

use crate::ask::{PeopleParameters, failed, reader};
use crate::links;
use crate::scope::Scope;

const BASE: &str = "/directory";
const TITLE: &str = "Annuaire";
/// Results are counted up to here: to count a whole network would cost more than to show it.
const COUNTED: u32 = 1000;

/// `GET /directory`; with `?group=`, the members of a group.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked = PeopleParameters::read(exchange)?;
    let mut query = asked.query(viewer)?;
    // A discipline says more than "enseignant" of a teacher, and nothing of the others.
    query.discipline = query.discipline.filter(|_| query.profile == Some(Profile::Teacher));
    let group = match &query.group {
        Some(id) => Some(
            people::find_group(&exchange.db(), &viewer.person, id).map_err(failed)?.ok_or_else(Problem::not_found)?,
        ),
        None => None,
    };
    let scope = Scope::read(exchange, viewer, query.establishments.clone())?;
    // The members of a group may be anywhere.
    if group.is_none() {
        query.establishments = scope.establishments.clone();
    }
    let form = people::form(&exchange.db(), &viewer.person, query.text).map_err(failed)?;
    let found = people::search_from(&exchange.db(), &query, &form).map_err(failed)?;
    let body = html! {
        (filters(exchange, &asked, &query, &scope, &form.classes)?)
        (results(exchange, &asked, &query, &scope, &found)?)
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
    asked: &PeopleParameters,
    query: &PeopleQuery<'_>,
    scope: &Scope,
    classes: &[people::Class],
) -> Result<Markup, Problem> {
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
                @if query.profile == Some(Profile::Teacher) { (disciplines(exchange, asked, query)?) }
                @if !classes.is_empty() { (ui::select("class", "Classe ou groupe", &choices, &asked.class)) }
                (ui::select("limit", "Par page", &links::SIZES, &limit))
                @if !asked.group.is_empty() { (ui::hidden("group", &asked.group)) }
                (ui::submit("Rechercher"))
            }
            @if asked.group.is_empty() { (scope.fields()) }
        }
    })
}

/// Seed 000: choosing the profile of teachers opens the list of disciplines.
fn disciplines(exchange: &Exchange<'_>, asked: &PeopleParameters, query: &PeopleQuery<'_>) -> Result<Markup, Problem> {
    let names = people::disciplines(&exchange.db(), query.viewer, &query.establishments).map_err(failed)?;
    let mut choices = vec![("", "Toutes les disciplines")];
    choices.extend(names.iter().map(|name| (name.as_str(), name.as_str())));
    Ok(if names.is_empty() {
        html! {}
    } else {
        ui::select("discipline", "Discipline", &choices, &asked.discipline)
    })
}

fn results(
    exchange: &Exchange<'_>,
    asked: &PeopleParameters,
    query: &PeopleQuery<'_>,
    scope: &Scope,
    found: &Page<FoundPerson>,
) -> Result<Markup, Problem> {
    if found.items.is_empty() {
        return nobody(exchange, asked, query, scope);
    }
    let writable = links::can_write(exchange);
    let count = if query.after.is_none() && found.next.is_none() {
        u32::try_from(found.items.len()).ok()
    } else {
        people::count_people(&exchange.db(), query, COUNTED).map_err(failed)?
    };
    let pairs = asked.pairs(&query.establishments);
    let everyone = if writable { Some(everyone(exchange.viewer()?.max_recipients, &pairs, count)) } else { None };
    let export = links::address("/api/v1/directory/people.csv", &pairs);
    let mut here = pairs;
    here.push(scope.pair());
    here.push(("limit", asked.limit.map(|limit| limit.to_string()).unwrap_or_default()));
    Ok(html! {
        (links::summary(count, COUNTED, everyone.as_ref(), &export))
        (links::selectable(&table(&found.items, writable), writable))
        (links::pages(&links::address(BASE, &here), query.after.is_some(), found.next.as_ref()))
    })
}

/// The way to a message for all results, as far as one message goes (M-2).
fn everyone(limit: u32, pairs: &[(&'static str, String)], count: Option<u32>) -> Markup {
    match count {
        Some(1) => html! {},
        Some(count) if count <= limit => html! {
            a.button href=(links::address("/directory/everyone", pairs)) { "Écrire aux " (count) " résultats" }
        },
        _ => html! {
            p.hint { "Un message va à " (limit) " personnes au plus : précisez la recherche pour écrire à tous les résultats, ou écrivez à un groupe." }
        },
    }
}

fn nobody(
    exchange: &Exchange<'_>,
    asked: &PeopleParameters,
    query: &PeopleQuery<'_>,
    scope: &Scope,
) -> Result<Markup, Problem> {
    let what = if query.after.is_some() {
        "La liste s’arrête ici."
    } else if asked.q.is_empty() && asked.profile.is_empty() && asked.class.is_empty() && asked.group.is_empty() {
        "Vous ne pouvez écrire à personne pour l’instant : votre compte n’est rattaché à aucune classe ni aucun groupe. Adressez-vous à l’établissement."
    } else {
        "Vérifiez le nom, ou élargissez la recherche à tous les profils et à toutes les classes. L’annuaire montre seulement les personnes à qui vous pouvez écrire."
    };
    let meant = if query.after.is_none() { people::meant(&exchange.db(), query).map_err(failed)? } else { None };
    Ok(html! {
        (ui::empty("Personne ne correspond", what))
        @if let Some(meant) = meant {
            @let mut pairs = asked.pairs(&query.establishments);
            @let () = pairs.iter_mut().filter(|(name, _)| *name == "q").for_each(|(_, value)| value.clone_from(&meant));
            @let () = pairs.push(scope.pair());
            p { "Vouliez-vous dire " a href=(links::address(BASE, &pairs)) { (meant) } " ?" }
        }
    })
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
