//! What an establishment lends, for its local administrators.

use ::agenda::{Kind, Resource, ResourceContent, add_resource, resources};
use maud::{Markup, html};
use web::ui::{self, Field};
use web::{Exchange, Form, Page, Problem, Response};

use super::{BASE, failed};

const KINDS: [(&str, &str); 3] = [("room", "Salle"), ("vehicle", "Véhicule"), ("equipment", "Matériel")];

/// `GET /broadcast/agenda/resources`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = exchange.administered(&exchange.query_value("uai"))?.to_string();
    shown(exchange, &uai, None, None)
}

/// `POST /broadcast/agenda/resources`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let uai = exchange.administered(form.get("uai"))?.to_string();
    let id = web::random::ulid(exchange.now())?.to_string();
    let by = &exchange.viewer()?.id;
    let added = content(form).and_then(|content| {
        add_resource(exchange.db(), exchange.now(), by, &uai, &id, &content).map_err(|error| failed(exchange, error))
    });
    after(exchange, &uai, "", added, "La ressource est ajoutée.")
}

/// `POST /broadcast/agenda/resources/{id}`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let uai = exchange.administered(form.get("uai"))?.to_string();
    let (by, id) = (&exchange.viewer()?.id, exchange.param("id"));
    let changed = content(form).and_then(|content| {
        ::agenda::change_resource(exchange.db(), by, id, &content).map_err(|error| failed(exchange, error))
    });
    after(exchange, &uai, id, changed, "La ressource est enregistrée.")
}

/// `POST /broadcast/agenda/resources/{id}/retire`
pub(crate) fn retire(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = exchange.administered(exchange.form()?.get("uai"))?.to_string();
    let (by, id) = (&exchange.viewer()?.id, exchange.param("id"));
    let retired =
        ::agenda::retire_resource(exchange.db(), exchange.now(), by, id).map_err(|error| failed(exchange, error));
    after(exchange, &uai, id, retired, "La ressource n’est plus prêtée. Les événements qui la réservaient la gardent.")
}

fn content(form: &Form) -> Result<ResourceContent, Problem> {
    content_of(form.get("kind"), form.get("name"), form.get("description"))
}

pub(super) fn content_of(kind: &str, name: &str, description: &str) -> Result<ResourceContent, Problem> {
    let kind = Kind::parse(kind)
        .ok_or_else(|| Problem::invalid("kind", "Choisissez une salle, un véhicule ou du matériel."))?;
    Ok(ResourceContent { kind, name: name.to_owned(), description: description.to_owned() })
}

fn after(
    exchange: &Exchange<'_>,
    uai: &str,
    id: &str,
    done: Result<(), Problem>,
    said: &str,
) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(Response::see_other(&format!("{BASE}/resources?uai={uai}")).success(said)),
        Err(problem) if problem.status.is_client_error() && problem.code != "not-found" => {
            Ok(shown(exchange, uai, Some(id), Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

/// The list; `at` is the resource that `problem` is about, empty for the new one.
fn shown(exchange: &Exchange<'_>, uai: &str, at: Option<&str>, problem: Option<&Problem>) -> Result<Response, Problem> {
    let lent = resources(exchange.db(), uai).map_err(|error| failed(exchange, error))?;
    let viewer = exchange.viewer()?;
    let body = html! {
        @if viewer.administers.len() > 1 {
            nav.toolbar aria-label="Établissements" {
                @for own in &viewer.administers { a.button href={ (BASE) "/resources?uai=" (own) } aria-current=[(own == uai).then_some("page")] { (own) } }
            }
        }
        (ui::error_summary(problem.filter(|_| at != Some(""))))
        @if lent.is_empty() { (ui::empty("Aucune ressource", "Ajoutez les salles, véhicules et matériels que les événements peuvent réserver.")) }
        @for resource in &lent { (one(exchange, uai, resource)) }
        section.box aria-labelledby="ajouter" {
            h2 #ajouter { "Ajouter une ressource" }
            form.stack method="post" action={ (BASE) "/resources" } {
                (ui::csrf(exchange)) (ui::hidden("uai", uai))
                @if at == Some("") { (ui::error_summary(problem)) }
                (fields(exchange, at == Some(""), "name", None, problem))
                (ui::submit("Ajouter"))
            }
        }
    };
    Page::new("Ressources", body)
        .lead("Ce que les événements de l’établissement peuvent réserver. Une ressource n’est jamais prêtée deux fois en même temps.")
        .crumb("Mon agenda", BASE)
        .respond(exchange)
}

fn one(exchange: &Exchange<'_>, uai: &str, resource: &Resource) -> Markup {
    html! {
        details.box {
            summary { strong { (resource.name) } " " small { (resource.kind.label()) @if !resource.description.is_empty() { ", " (resource.description) } } }
            form.stack method="post" action={ (BASE) "/resources/" (resource.id) } {
                (ui::csrf(exchange)) (ui::hidden("uai", uai))
                (fields(exchange, false, &format!("name-{}", resource.id), Some(resource), None))
                (ui::submit("Enregistrer"))
            }
            form method="post" action={ (BASE) "/resources/" (resource.id) "/retire" } {
                (ui::csrf(exchange)) (ui::hidden("uai", uai))
                (ui::confirm("Ne plus prêter", "On ne pourra plus la réserver. Les événements qui la réservent la gardent.", "Ne plus prêter"))
            }
        }
    }
}

/// What was typed for the new one comes back; the labels tie to `id`, since the page has many such forms.
fn fields(
    exchange: &Exchange<'_>,
    typed: bool,
    id: &str,
    resource: Option<&Resource>,
    problem: Option<&Problem>,
) -> Markup {
    let typed = |field: &str| {
        if typed { exchange.form().map(|form| form.get(field).to_owned()).unwrap_or_default() } else { String::new() }
    };
    let kind = resource.map_or_else(|| typed("kind"), |r| r.kind.as_str().to_owned());
    let name = resource.map_or_else(|| typed("name"), |r| r.name.clone());
    let description = resource.map_or_else(|| typed("description"), |r| r.description.clone());
    if id == "name" {
        return html! {
            (ui::select("kind", "Nature", &KINDS, &kind))
            (Field::new("name", "Nom").value(&name).problem(problem))
            (Field::new("description", "Description").optional().value(&description).hint("Places, clés, où la demander.").problem(problem))
        };
    }
    html! {
        div.field { label { "Nature " select name="kind" { @for (value, label) in KINDS { option value=(value) selected[value == kind] { (label) } } } } }
        div.field { label { "Nom " input name="name" value=(name) required; } }
        div.field { label { "Description " input name="description" value=(description); } }
    }
}
