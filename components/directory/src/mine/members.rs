//! The members of a group: who is there, and a search to add others.

use groups::AdHoc;
use maud::{Markup, html};
use people::{PageSize, PeopleQuery, Profile};
use web::{Exchange, Problem, Response, Viewer, ui};

use super::{BASE, asked, failed, keeper};
use crate::ask::given;

/// People proposed at once.
const FOUND: u32 = 50;

/// The section of the page.
pub(super) fn section(exchange: &Exchange<'_>, viewer: &Viewer, group: &AdHoc, here: &str) -> Result<Markup, Problem> {
    let members = groups::members(&exchange.db(), &viewer.person, &group.id).map_err(failed)?;
    Ok(html! {
        section.box #membres aria-labelledby="membres-titre" {
            h2 #membres-titre { "Membres (" (group.members) ")" }
            @if group.open {
                (ui::notice(ui::Tone::Attention, "Les membres de ce groupe peuvent s’écrire entre eux, quels que soient les droits de leur classe ou de leur profil."))
            }
            form method="post" action={ (here) "/members/remove" } {
                (ui::csrf(exchange))
                ul {
                    @for member in &members.known {
                        @let name = format!("{} {}", member.first_name, member.last_name);
                        li {
                            @if member.manager { (name) " " (ui::profile_badge(member.profile)) " " (ui::badge(ui::Tone::Neutral, "Gestionnaire")) }
                            @else { (ui::checkbox("person", member.id.as_str(), html! { (name) " " (ui::profile_badge(member.profile)) }, false)) }
                        }
                    }
                }
                @if members.others > 0 {
                    p.hint { "Et " (members.others) " autres à qui vous ne pouvez pas écrire directement." }
                }
                @if members.known.iter().any(|member| !member.manager) {
                    div.toolbar { button type="submit" { "Retirer les membres cochés" } }
                }
            }
            (search(exchange, viewer, here)?)
        }
    })
}

fn search(exchange: &Exchange<'_>, viewer: &Viewer, here: &str) -> Result<Markup, Problem> {
    let (typed, profile, class) =
        (exchange.query_value("q"), exchange.query_value("profile"), exchange.query_value("class"));
    let classes = people::classes(&exchange.db(), &viewer.person).map_err(crate::ask::failed)?;
    let mut profiles = vec![("", "Tous les profils")];
    profiles.extend(Profile::ALL.iter().map(|profile| (profile.as_str(), profile.plural())));
    let mut choices = vec![("", "Toutes les classes")];
    choices.extend(classes.iter().map(|class| (class.id.as_str(), class.name.as_str())));
    let asked = !(typed.is_empty() && profile.is_empty() && class.is_empty());
    let query = PeopleQuery {
        text: &typed,
        profile: given("profile", &profile)?,
        class: given("class", &class)?,
        size: PageSize::near(FOUND),
        ..PeopleQuery::of(&viewer.person)
    };
    let found =
        if asked { Some(people::search_people(&exchange.db(), &query).map_err(crate::ask::failed)?) } else { None };
    Ok(html! {
        h3 #ajouter { "Ajouter des membres" }
        form.inline method="get" action={ (here) "#ajouter" } role="search" {
            (crate::links::name(&typed))
            (ui::select("profile", "Profil", &profiles, &profile))
            @if !classes.is_empty() { (ui::select("class", "Classe ou groupe", &choices, &class)) }
            button type="submit" { "Chercher" }
        }
        @if let Some(found) = found {
            @if found.items.is_empty() { p { "Personne à qui vous puissiez écrire ne correspond." } }
            @else {
                form method="post" action={ (here) "/members" } {
                    (ui::csrf(exchange))
                    label.check { input type="checkbox" data-check-all="person"; span { "Tout sélectionner" } }
                    ul {
                        @for person in &found.items {
                            li { (ui::checkbox("person", person.id.as_str(), html! { (person.name) " " small { (person.detail()) } }, false)) }
                        }
                    }
                    @if found.next.is_some() { p.hint { "Les " (FOUND) " premiers : précisez la recherche pour voir les autres." } }
                    div.toolbar { (ui::submit("Ajouter les personnes cochées")) }
                }
            }
        }
    })
}

fn ticked(exchange: &Exchange<'_>) -> Result<Vec<String>, Problem> {
    let people: Vec<String> = exchange.form()?.all("person").map(str::to_owned).collect();
    if people.is_empty() { Err(Problem::invalid("person", "Cochez au moins une personne.")) } else { Ok(people) }
}

/// `POST /directory/my-groups/{id}/members`
pub(crate) fn add(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, id) = (keeper(exchange)?, asked(exchange)?);
    let added = groups::add(&exchange.db(), &viewer.person, &id, &ticked(exchange)?).map_err(failed)?;
    let done = match added {
        0 => "Ces personnes étaient déjà membres.".to_owned(),
        1 => "Une personne a rejoint le groupe.".to_owned(),
        n => format!("{n} personnes ont rejoint le groupe."),
    };
    Ok(Response::see_other(&format!("{BASE}/{id}#membres")).success(&done))
}

/// `POST /directory/my-groups/{id}/members/remove`
pub(crate) fn remove(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, id) = (keeper(exchange)?, asked(exchange)?);
    let gone = groups::remove(&exchange.db(), &viewer.person, &id, &ticked(exchange)?).map_err(failed)?;
    let done = if gone > 1 {
        format!("{gone} personnes ont quitté le groupe.")
    } else {
        "Une personne a quitté le groupe.".to_owned()
    };
    Ok(Response::see_other(&format!("{BASE}/{id}#membres")).success(&done))
}
