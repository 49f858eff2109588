//! The page of the groups of contacts: made, renamed, deleted, written to (seed 000, II.1).

use contacts::Group;
use maud::{Markup, html};
use web::ui::{self, Field};
use web::{Exchange, Problem, Response};

use super::{BASE, back, count, problem, write_to};
use crate::ask::reader;
use crate::links;

const HERE: &str = "/directory/contacts/groups";

/// `GET /directory/contacts/groups`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let groups = contacts::groups(&exchange.db(), &viewer.id).map_err(problem)?;
    let columns = ["Groupe", "Contacts", "Renommer", ""]
        .map(|label| ui::Column { label, class: if label == "Contacts" { "num" } else { "" } });
    let rows: Vec<Vec<Markup>> = groups.iter().map(|group| row(exchange, group)).collect();
    let body = html! {
        form.filters method="post" action=(HERE) {
            (ui::csrf(exchange))
            div.inline { (Field::new("name", "Nouveau groupe")) (ui::submit("Créer le groupe")) }
        }
        @if rows.is_empty() {
            (ui::empty("Aucun groupe", "Un groupe réunit des contacts à qui vous écrivez souvent ensemble."))
        } @else { (ui::table("Groupes de contacts", &columns, &rows)) }
    };
    web::Page::new("Groupes de contacts", body)
        .crumb("Carnet d’adresses", BASE)
        .actions(links::tabs(exchange, BASE))
        .wide()
        .respond(exchange)
}

fn row(exchange: &Exchange<'_>, group: &Group) -> Vec<Markup> {
    vec![
        html! { a href={ (BASE) "?group=" (group.id) } { (group.name) } },
        html! { (group.contacts) },
        html! {
            form.inline method="post" action={ (HERE) "/" (group.id) } {
                (ui::csrf(exchange))
                input type="text" name="name" value=(group.name) required maxlength="100" aria-label={ "Nouveau nom de " (group.name) };
                button type="submit" { "Renommer" }
            }
        },
        html! {
            form method="post" action={ (HERE) "/" (group.id) "/delete" } {
                (ui::csrf(exchange))
                (ui::confirm("Supprimer", "Le groupe disparaît ; ses contacts restent dans votre carnet.", "Supprimer le groupe"))
            }
        },
    ]
}

/// `POST /directory/contacts/groups`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let name = exchange.form()?.get("name");
    let made = contacts::new_group(&exchange.db(), &viewer.id, &web::random::ulid(exchange.now())?.to_string(), name);
    back(HERE, made.map(|()| format!("Le groupe « {name} » est créé.")).map_err(problem))
}

/// `POST /directory/contacts/groups/{id}`
pub(crate) fn rename(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let name = exchange.form()?.get("name");
    let renamed = contacts::rename_group(&exchange.db(), &viewer.id, exchange.param("id"), name);
    back(HERE, renamed.map(|()| format!("Le groupe s’appelle maintenant « {name} ».")).map_err(problem))
}

/// `POST /directory/contacts/groups/{id}/delete`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let deleted = contacts::delete_group(&exchange.db(), &viewer.id, exchange.param("id"));
    back(HERE, deleted.map(|()| "Le groupe est supprimé.".to_owned()).map_err(problem))
}

/// `GET /directory/contacts/groups/{id}/write`: to the composer with those of the group whom she may write to.
pub(crate) fn write(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let id = exchange.param("id");
    let recipients = contacts::recipients(&exchange.db(), &viewer.id, id).map_err(problem)?;
    let to: Vec<String> = recipients.people.iter().map(|id| format!("person:{id}")).collect();
    let answer = write_to(exchange, &to, &format!("{BASE}?group={}", web::url_escape(id)))?;
    let (gone, outside) = (recipients.inaccessible, recipients.outside);
    if to.is_empty() || gone + outside == 0 || to.len() > contacts::MAX_RECIPIENTS {
        return Ok(answer);
    }
    Ok(answer.warning(&format!(
        "{} du groupe ne sont pas parmi les destinataires : extérieurs à l’ENT, ou qui ne sont plus accessibles.",
        count(gone + outside, "contact")
    )))
}
