//! Finding recipients: by name and by group for the composer's fields, and by category (S4). Always and only those to whom
//! the viewer may write: `people` asks the views.

use mailbox::Named;
use people::{Category, Suggestion, SuggestionKind};
use serde::Deserialize;
use web::{Exchange, Form, Markup, Problem, Response, html, ui};

use crate::api::{Addressed, FieldName, KindName};
use crate::own;

/// The three fields: name, label, label of the button that opens it.
const FIELDS: [(&str, &str); 3] = [("to", "À"), ("cc", "Copie"), ("bcc", "Copie cachée")];

#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Search {
    /// Le début d’un nom, prénom ou groupe ; accents et ordre indifférents.
    #[expect(dead_code, reason = "read by name in the handler; here for the OpenAPI document")]
    q: Option<String>,
}

/// `GET /api/v1/send-message/recipients?q=…`
pub(crate) fn api(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let items = search(exchange, &exchange.query_value("q"))?;
    Response::json(&serde_json::json!({"items": items, "next": null}))
}

fn search(exchange: &Exchange<'_>, typed: &str) -> Result<Vec<Suggestion>, Problem> {
    people::suggest(&exchange.db(), &exchange.viewer()?.person, typed, exchange.now()).map_err(database)
}

fn kind(suggestion: &Suggestion) -> &'static str {
    match suggestion.kind {
        SuggestionKind::Person => "person",
        SuggestionKind::Group => "group",
    }
}

fn database(error: people::Error) -> Problem {
    Problem::unavailable(error.to_string())
}

/// The names of these addressees, as far as the viewer may know them.
pub(crate) fn named(exchange: &Exchange<'_>, addressed: &[Addressed]) -> Result<Vec<Named>, Problem> {
    if addressed.is_empty() {
        return Ok(Vec::new());
    }
    let triples: Vec<(&str, &str, &str)> = addressed
        .iter()
        .map(|a| {
            let field = match a.field {
                FieldName::To => "to",
                FieldName::Cc => "cc",
                FieldName::Bcc => "bcc",
            };
            let kind = if a.kind == KindName::Person { "person" } else { "group" };
            (field, kind, a.id.as_str())
        })
        .collect();
    Ok(mailbox::named(exchange.db(), &exchange.viewer()?.id, &triples)?)
}

/// The three recipient fields, with what is in them.
pub(crate) fn fields(addressees: &[Named]) -> Markup {
    html! {
        @for (field, label) in FIELDS {
            div.field.recipients data-row=[(field != "to").then_some(field)] {
                label for={ "find-" (field) } { (label) }
                div.chips {
                    span data-chips=(field) {
                        @for addressee in addressees.iter().filter(|a| a.field == field) {
                            span.chip {
                                (addressee.name)
                                input type="hidden" name="addressee" value={ (field) ":" (addressee.kind) ":" (addressee.id) };
                                button type="submit" name="action" value={ "remove=" (addressee.kind) ":" (addressee.id) }
                                    formnovalidate aria-label={ "Retirer " (addressee.name) } { "×" }
                            }
                        }
                    }
                    span.suggest {
                        input id={ "find-" (field) } type="search" data-suggest=(field) autocomplete="off"
                            placeholder="Un nom, une classe, un groupe…" name={ "q-" (field) };
                    }
                    @if field == "to" {
                        button.link type="button" data-open="cc" { "Copie" }
                        button.link type="button" data-open="bcc" { "Copie cachée" }
                    }
                }
            }
        }
        span data-plain { button type="submit" name="action" value="find" formnovalidate { "Chercher ces noms" } }
    }
}

/// What a form without script was looking for, as a query to come back with.
pub(crate) fn query(form: &Form) -> String {
    FIELDS
        .iter()
        .map(|(field, _)| (field, form.get(&format!("q-{field}"))))
        .find(|(_, typed)| !typed.is_empty())
        .map_or_else(String::new, |(field, typed)| format!("field={field}&q={}", web::url_escape(typed)))
}

/// Below the fields: what a search without script found, and the groups by category.
pub(crate) fn picker(exchange: &Exchange<'_>) -> Result<Markup, Problem> {
    let typed = exchange.query_value("q");
    let field =
        FIELDS.iter().map(|(field, _)| *field).find(|field| *field == exchange.query_value("field")).unwrap_or("to");
    let results = if typed.is_empty() { None } else { Some(search(exchange, &typed)?) };
    let categories = people::categories(&exchange.db(), &exchange.viewer()?.person).map_err(database)?;
    Ok(html! {
        @if let Some(results) = results {
            fieldset.found #trouver {
                legend { "Résultats pour « " (typed) " »" }
                @if results.is_empty() { p { "Personne à qui vous puissiez écrire ne porte ce nom." } }
                @for found in &results {
                    (ui::checkbox("found", &format!("{field}:{}:{}", kind(found), found.id), html! {
                        (found.name) " " small { (found.detail) }
                    }, false))
                }
                button type="submit" name="action" value="add" formnovalidate { "Ajouter les personnes cochées" }
            }
        }
        @if !categories.is_empty() {
            details.field {
                summary.link { "Choisir par catégorie" }
                div.categories { @for category in &categories { (groups(category)) } }
            }
        }
        (own::picker(exchange)?)
    })
}

/// The groups of a category, each joined by one button (S4).
fn groups(category: &Category) -> Markup {
    html! {
        details {
            summary { (category.title) " " span.badge { (category.groups.len()) } }
            ul.inside {
                @for group in &category.groups {
                    li {
                        button.link type="submit" name="found" value={ "to:group:" (group.id) } formnovalidate
                            data-add={ "to:group:" (group.id) } data-name=(group.name) { (group.name) }
                        " " small { (group.detail()) }
                    }
                }
            }
        }
    }
}
