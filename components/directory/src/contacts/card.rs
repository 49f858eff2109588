//! The page of one contact: a card to change, or a person of the directory.

use contacts::{Card, Contact, Entry};
use maud::{Markup, html};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response};

use super::fields::{fields, typed};
use super::{BASE, back, problem};
use crate::ask::reader;
use crate::links;

/// `GET /directory/contacts/new`
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    reader(exchange)?;
    new(exchange, &Card::default(), &[exchange.query_value("group")], None)
}

/// `POST /directory/contacts/new`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let form = exchange.form()?;
    let groups: Vec<&str> = form.all("group").collect();
    let (card, id) = (typed(form), web::random::ulid(exchange.now())?.to_string());
    match contacts::save_card(&exchange.db(), &viewer.id, &id, card.clone(), Some(&groups)).map_err(problem) {
        Ok(()) => Ok(Response::see_other(&format!("{BASE}/{id}")).success("Le contact est dans votre carnet.")),
        Err(problem) if problem.status.is_server_error() || problem.code == "not-found" => Err(problem),
        Err(problem) => {
            let ticked: Vec<String> = groups.iter().map(|id| (*id).to_owned()).collect();
            Ok(new(exchange, &card, &ticked, Some(&problem))?.status(problem.status))
        }
    }
}

fn new(
    exchange: &Exchange<'_>,
    card: &Card,
    ticked: &[String],
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let groups = contacts::groups(&exchange.db(), &exchange.viewer()?.id).map_err(super::problem)?;
    let body = html! {
        form.stack.box method="post" action={ (BASE) "/new" } {
            (ui::csrf(exchange))
            (ui::error_summary(problem))
            (fields(card, problem))
            @if !groups.is_empty() {
                fieldset {
                    legend { "Groupes" }
                    @for group in &groups { (ui::checkbox("group", &group.id, &group.name, ticked.contains(&group.id))) }
                }
            }
            (ui::submit("Ajouter au carnet"))
        }
    };
    Page::new("Nouveau contact extérieur", body)
        .crumb("Carnet d’adresses", BASE)
        .lead("Gardé pour vous seul, pour mémoire : la messagerie de l’ENT n’écrit pas à l’extérieur.")
        .respond(exchange)
}

/// `GET /directory/contacts/{id}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let contact = contacts::contact(&exchange.db(), &viewer.person, exchange.param("id")).map_err(problem)?;
    show(exchange, &contact, None)
}

/// `POST /directory/contacts/{id}`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let (id, card) = (exchange.param("id"), typed(exchange.form()?));
    match contacts::save_card(&exchange.db(), &viewer.id, id, card.clone(), None).map_err(problem) {
        Ok(()) => Ok(Response::see_other(&format!("{BASE}/{id}")).success("Le contact est modifié.")),
        Err(problem) if problem.status.is_server_error() || problem.code == "not-found" => Err(problem),
        Err(problem) => {
            let contact = contacts::contact(&exchange.db(), &viewer.person, id).map_err(super::problem)?;
            let again = Contact { entry: Entry::Card(card), ..contact };
            Ok(show(exchange, &again, Some(&problem))?.status(problem.status))
        }
    }
}

/// `POST /directory/contacts/{id}/delete`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let deleted = contacts::delete_contacts(&exchange.db(), &viewer.id, &[exchange.param("id")]).map_err(problem)?;
    if deleted == 0 {
        return Err(Problem::not_found());
    }
    back(BASE, Ok("Le contact n’est plus dans votre carnet.".to_owned()))
}

fn show(exchange: &Exchange<'_>, contact: &Contact, problem: Option<&Problem>) -> Result<Response, Problem> {
    let here = format!("{BASE}/{}", contact.id);
    let (title, main) = match &contact.entry {
        Entry::Card(card) => (
            if card.name.is_empty() { "Contact" } else { &card.name },
            html! {
                form.stack.box method="post" action=(here) {
                    (ui::csrf(exchange))
                    (ui::error_summary(problem))
                    (fields(card, problem))
                    (ui::submit("Enregistrer"))
                }
            },
        ),
        Entry::Person(person) => (
            person.name.as_str(),
            html! {
                section.box {
                    p { (ui::profile_badge(person.profile)) " " (person.detail()) }
                    @if links::can_write(exchange) { div.toolbar { (links::write_to("person", person.id.as_str(), &person.name)) } }
                }
            },
        ),
        Entry::Inaccessible => (
            "Contact de l’annuaire",
            ui::notice(
                Tone::Attention,
                html! { p { "Ce contact n’est plus accessible : vous ne pouvez plus lui écrire pour l’instant." } },
            ),
        ),
    };
    let body = html! {
        (main)
        (membership(exchange, contact)?)
        form.toolbar method="post" action={ (here) "/delete" } {
            (ui::csrf(exchange))
            (ui::confirm("Supprimer", "Le contact quitte votre carnet et tous ses groupes.", "Supprimer le contact"))
        }
    };
    Page::new(title, body).crumb("Carnet d’adresses", BASE).respond(exchange)
}

/// The groups it is in, and the way into another and out.
fn membership(exchange: &Exchange<'_>, contact: &Contact) -> Result<Markup, Problem> {
    let groups = contacts::groups(&exchange.db(), &exchange.viewer()?.id).map_err(problem)?;
    let (own, others): (Vec<_>, Vec<_>) = groups.iter().partition(|group| contact.groups.contains(&group.id));
    let others: Vec<(&str, &str)> = others.iter().map(|group| (group.id.as_str(), group.name.as_str())).collect();
    let act = |inside: Markup| {
        html! {
            form.inline method="post" action={ (BASE) "/selection" } {
                (ui::csrf(exchange)) (ui::hidden("contact", &contact.id)) (inside)
            }
        }
    };
    Ok(html! {
        @if !groups.is_empty() {
            section.box aria-labelledby="groupes" {
                h2 #groupes { "Groupes" }
                @for group in own {
                    (act(html! {
                        (ui::hidden("here", &group.id)) span { (group.name) }
                        button.link type="submit" name="action" value="leave" aria-label={ "Retirer de " (group.name) } { "Retirer" }
                    }))
                }
                @if !others.is_empty() {
                    (act(html! {
                        (ui::select("group", "Ajouter au groupe", &others, ""))
                        button type="submit" name="action" value="join" { "Ajouter" }
                    }))
                }
            }
        }
    })
}
