//! The page of one bookmark: its name, what it holds, and further people and groups found by name. What is ticked stays so
//! from search to search, without script.

use contacts::Chosen;
use maud::{Markup, html};
use people::{FoundGroup, FoundPerson, Suggestion, SuggestionKind};
use web::ui::{self, Field, Tone};
use web::{Exchange, Form, Page, Problem, Response};

use super::{BASE, chosen};
use crate::ask::{failed, reader};
use crate::contacts::problem;
use crate::links;

/// What the form shows.
#[derive(Default)]
struct Sheet {
    /// Empty for a new one.
    id: String,
    name: String,
    people: Vec<FoundPerson>,
    groups: Vec<FoundGroup>,
    found: Vec<Suggestion>,
    typed: String,
    hidden: usize,
}

/// How many are not visible any more.
pub(crate) fn hidden(number: usize) -> String {
    if number > 1 {
        format!(
            "{number} personnes ou groupes de ce favori ne sont plus visibles : vous ne pouvez plus leur écrire pour l’instant."
        )
    } else {
        "1 personne ou groupe de ce favori n’est plus visible : vous ne pouvez plus lui écrire pour l’instant."
            .to_owned()
    }
}

/// `GET /directory/bookmarks/new?to=person:ID&to=group:ID`
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    reader(exchange)?;
    let pairs = exchange.query_pairs()?;
    let asked: Vec<Chosen> =
        pairs.iter().filter(|(name, _)| name == "to").filter_map(|(_, value)| chosen(value)).collect();
    show(exchange, &filled(exchange, &asked)?, None)
}

/// `GET /directory/bookmarks/{id}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let opened = contacts::bookmark(&exchange.db(), &viewer.person, exchange.param("id")).map_err(problem)?;
    let contacts::Opened { id, name, people, groups, hidden } = opened;
    show(exchange, &Sheet { id, name, people, groups, hidden, ..Sheet::default() }, None)
}

/// `POST /directory/bookmarks/new`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    reader(exchange)?;
    act(exchange, "", 0)
}

/// `POST /directory/bookmarks/{id}`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let kept = contacts::bookmark(&exchange.db(), &viewer.person, exchange.param("id")).map_err(problem)?;
    act(exchange, &kept.id, kept.hidden)
}

/// The button pressed is in `action`: look for a name, or keep.
fn act(exchange: &Exchange<'_>, id: &str, hidden: usize) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let form = exchange.form()?;
    let asked: Vec<Chosen> = form.all("to").filter_map(chosen).collect();
    let again = |problem: Option<&Problem>| -> Result<Response, Problem> {
        let sheet = Sheet { id: id.to_owned(), name: form.get("name").to_owned(), hidden, ..filled(exchange, &asked)? };
        show(exchange, &with_found(exchange, form, sheet)?, problem)
    };
    if form.get("action") == "find" {
        return again(None);
    }
    let (key, exists) =
        if id.is_empty() { (web::random::ulid(exchange.now())?.to_string(), false) } else { (id.to_owned(), true) };
    let drop_hidden = form.has("drop_hidden");
    let name = form.get("name");
    match contacts::save_bookmark(&exchange.db(), &viewer.id, &key, exists, name, &asked, drop_hidden).map_err(problem)
    {
        Ok(()) => Ok(Response::see_other(BASE).success(&format!("Le favori « {name} » est gardé."))),
        Err(problem) if problem.status.is_server_error() || problem.code == "not-found" => Err(problem),
        Err(problem) => Ok(again(Some(&problem))?.status(problem.status)),
    }
}

/// What is asked for, as far as she may write to it.
fn filled(exchange: &Exchange<'_>, asked: &[Chosen]) -> Result<Sheet, Problem> {
    let viewer = exchange.viewer()?;
    let ids = |kind: &str| asked.iter().filter(|one| one.kind == kind).map(|one| one.id.as_str()).collect::<Vec<_>>();
    Ok(Sheet {
        people: people::chosen_people(&exchange.db(), &viewer.person, &ids("person")).map_err(failed)?,
        groups: people::chosen_groups(&exchange.db(), &viewer.person, &ids("group")).map_err(failed)?,
        ..Sheet::default()
    })
}

fn with_found(exchange: &Exchange<'_>, form: &Form, sheet: Sheet) -> Result<Sheet, Problem> {
    let typed = form.get("q").to_owned();
    let mut found =
        people::suggest(&exchange.db(), &exchange.viewer()?.person, &typed, exchange.now()).map_err(failed)?;
    found.retain(|one| {
        !sheet.people.iter().any(|person| person.id.as_str() == one.id)
            && !sheet.groups.iter().any(|group| group.id.as_str() == one.id)
    });
    Ok(Sheet { found, typed, ..sheet })
}

fn show(exchange: &Exchange<'_>, sheet: &Sheet, problem: Option<&Problem>) -> Result<Response, Problem> {
    let action = if sheet.id.is_empty() { format!("{BASE}/new") } else { format!("{BASE}/{}", sheet.id) };
    let body = html! {
        @if !sheet.id.is_empty() && links::can_write(exchange) {
            div.bulk { a.button href={ (action) "/write" } { "Écrire à ce favori" } }
        }
        form.stack.box method="post" action=(action) {
            // The first button is the one that Enter presses.
            button.visually-hidden type="submit" name="action" value="find" formnovalidate tabindex="-1" aria-hidden="true" {}
            (ui::csrf(exchange))
            (ui::error_summary(problem))
            (Field::new("name", "Nom du favori").value(&sheet.name).problem(problem))
            (entries(sheet))
            (search(sheet))
            @if sheet.hidden > 0 {
                (ui::notice(Tone::Attention, html! { p { (hidden(sheet.hidden)) } }))
                (ui::checkbox("drop_hidden", "1", "Retirer aussi ce qui n’est plus visible", false))
            }
            button.primary type="submit" name="action" value="save" { "Garder le favori" }
        }
    };
    let title = if sheet.id.is_empty() { "Nouveau favori" } else { "Favori" };
    Page::new(title, body).crumb("Favoris", BASE).respond(exchange)
}

fn entries(sheet: &Sheet) -> Markup {
    let with = |name: &str, detail: String| html! { (name) " " small { (detail) } };
    html! {
        fieldset {
            legend { "Personnes et groupes" }
            @if sheet.people.is_empty() && sheet.groups.is_empty() { p.soft { "Cherchez des noms ci-dessous, et cochez-les." } }
            @for group in &sheet.groups {
                (ui::checkbox("to", &format!("group:{}", group.id), with(&group.name, group.detail()), true))
            }
            @for person in &sheet.people {
                (ui::checkbox("to", &format!("person:{}", person.id), with(&person.name, person.detail()), true))
            }
        }
    }
}

fn search(sheet: &Sheet) -> Markup {
    let kind = |one: &Suggestion| match one.kind {
        SuggestionKind::Person => "person",
        SuggestionKind::Group => "group",
    };
    html! {
        div.inline {
            div.field {
                label for="q" { "Ajouter une personne ou un groupe" }
                input #q name="q" type="search" value=(sheet.typed) autocomplete="off" spellcheck="false";
            }
            button type="submit" name="action" value="find" formnovalidate { "Chercher" }
        }
        @if !sheet.typed.is_empty() {
            fieldset {
                legend { "Résultats pour « " (sheet.typed) " »" }
                @if sheet.found.is_empty() { p { "Rien d’autre à qui vous puissiez écrire ne porte ce nom." } }
                @for one in &sheet.found {
                    (ui::checkbox("to", &format!("{}:{}", kind(one), one.id), html! { (one.name) " " small { (one.detail) } }, false))
                }
            }
        }
    }
}
