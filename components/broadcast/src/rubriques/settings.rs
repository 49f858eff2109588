//! What a rubrique is called, who reads it, who edits it: for the local administrators of its establishment. One form, which
//! works without script; each button brings all of it along.

use ::rubriques::{Content, NamedSeat, Rubrique, Seat};
use maud::{Markup, html};
use people::Uai;
use web::ui::{self, Field};
use web::{Exchange, Form, Page, Problem, Response};

use super::{administered, failed};

/// What the form shows.
struct Sheet {
    uai: Uai,
    content: Content,
    /// What was looked for among the groups.
    typed: String,
}

/// `GET /broadcast/new`
pub(crate) fn new(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = exchange.administered(&exchange.query_value("uai"))?;
    shown(exchange, None, &Sheet { uai, content: Content::default(), typed: String::new() }, None)
}

/// `POST /broadcast/new`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let uai = exchange.administered(form.get("uai"))?;
    let id = web::random::ulid(exchange.now())?.to_string();
    kept(exchange, None, &id, uai, form)
}

/// `GET /broadcast/rubriques/{id}/settings`
pub(crate) fn edit(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = administered(exchange)?;
    let seats = |seats: Vec<NamedSeat>| seats.into_iter().map(|named| named.seat).collect();
    let content = Content {
        name: rubrique.name.clone(),
        description: rubrique.description.clone(),
        editors: seats(::rubriques::editors(exchange.db(), &rubrique.id)?),
        populations: seats(::rubriques::populations(exchange.db(), &rubrique.id)?),
    };
    let uai = rubrique.uai.parse().map_err(|_| Problem::not_found())?;
    shown(exchange, Some(&rubrique), &Sheet { uai, content, typed: String::new() }, None)
}

/// `POST /broadcast/rubriques/{id}/settings`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = administered(exchange)?;
    let uai = rubrique.uai.parse().map_err(|_| Problem::not_found())?;
    kept(exchange, Some(&rubrique), &rubrique.id, uai, exchange.form()?)
}

/// `POST /broadcast/rubriques/{id}/close`
pub(crate) fn close(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = administered(exchange)?;
    ::rubriques::close(exchange.db(), &exchange.viewer()?.person, &rubrique.id, exchange.now()).map_err(failed)?;
    Ok(Response::see_other(&format!("/broadcast/rubriques/{}", rubrique.id)).success("La rubrique est fermée."))
}

/// `POST /broadcast/rubriques/{id}/open`
pub(crate) fn open(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = administered(exchange)?;
    ::rubriques::open_again(exchange.db(), &exchange.viewer()?.person, &rubrique.id).map_err(failed)?;
    Ok(Response::see_other(&format!("/broadcast/rubriques/{}", rubrique.id))
        .success("La rubrique est de nouveau ouverte."))
}

fn kept(
    exchange: &Exchange<'_>,
    rubrique: Option<&Rubrique>,
    id: &str,
    uai: Uai,
    form: &Form,
) -> Result<Response, Problem> {
    let seats = |field: &str| form.all(field).filter_map(Seat::parse).collect();
    let content = Content {
        name: form.get("name").to_owned(),
        description: form.get("description").replace("\r\n", "\n"),
        editors: seats("editor"),
        populations: seats("population"),
    };
    let sheet = Sheet { uai, content, typed: form.get("q").to_owned() };
    if form.get("action") == "find" {
        return shown(exchange, rubrique, &sheet, None);
    }
    let by = &exchange.viewer()?.person;
    match ::rubriques::keep(exchange.db(), by, &sheet.uai, id, &sheet.content, exchange.now()).map_err(failed) {
        Ok(()) => {
            Ok(Response::see_other(&format!("/broadcast/rubriques/{id}")).success("La rubrique est enregistrée."))
        }
        // What was typed is shown again, with what is wrong above it.
        Err(problem) if problem.status.is_client_error() && problem.code != "not-found" => {
            Ok(shown(exchange, rubrique, &sheet, Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

fn shown(
    exchange: &Exchange<'_>,
    rubrique: Option<&Rubrique>,
    sheet: &Sheet,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let uai = sheet.uai.as_str();
    let chosen: Vec<Seat> = sheet.content.populations.iter().chain(&sheet.content.editors).cloned().collect();
    let mut seats = ::rubriques::named(exchange.db(), uai, &chosen)?;
    for found in ::rubriques::find(exchange.db(), uai, &sheet.typed)? {
        if !seats.iter().any(|seat| seat.seat == found.seat) {
            seats.push(found);
        }
    }
    let action =
        rubrique.map_or_else(|| "/broadcast/new".to_owned(), |r| format!("/broadcast/rubriques/{}/settings", r.id));
    let body = html! {
        form.stack method="post" action=(action) {
            // The first button is the one that Enter presses.
            button.visually-hidden type="submit" name="action" value="find" tabindex="-1" aria-hidden="true" {}
            (ui::csrf(exchange))
            @if rubrique.is_none() && exchange.viewer()?.administers.len() > 1 { (establishments(exchange, uai)?) }
            @else { (ui::hidden("uai", uai)) }
            (ui::error_summary(problem))
            (Field::new("name", "Nom").value(&sheet.content.name).problem(problem))
            (ui::textarea("description", "Description (facultatif)", &sheet.content.description, 3, problem))
            section #groups {
                h2 { "Qui la lit, qui y écrit" }
                p { "Une population lit la rubrique, et un rédacteur peut lui écrire si ses droits le permettent. Les administrateurs de l’établissement rédigent toujours." }
                div.inline {
                    (Field::new("q", "Chercher un groupe").kind("search").optional().value(&sheet.typed).hint("Une classe, une discipline, un club…"))
                    button type="submit" name="action" value="find" formnovalidate { "Chercher" }
                }
                (table(&seats, &sheet.content))
            }
            div.toolbar { button.primary type="submit" name="action" value="save" { "Enregistrer" } }
        }
        @if let Some(rubrique) = rubrique { (opening(exchange, rubrique)) }
    };
    match rubrique {
        Some(rubrique) => super::page(rubrique, "/settings", body).respond(exchange),
        None => Page::new("Nouvelle rubrique", body).crumb("Rubriques", "/broadcast").wide().respond(exchange),
    }
}

/// The choice of the establishment, for those who administer several: another one has other groups.
fn establishments(exchange: &Exchange<'_>, chosen: &str) -> Result<Markup, Problem> {
    let all = exchange.all_administered()?;
    let names: Vec<_> = all.iter().map(|(uai, name)| (uai.as_str(), name.as_str())).collect();
    Ok(html! {
        div.inline {
            (ui::select("uai", "Établissement", &names, chosen))
            button type="submit" name="action" value="find" formnovalidate { "Changer" }
        }
    })
}

/// Those chosen first, then those found.
fn table(seats: &[NamedSeat], content: &Content) -> Markup {
    let columns = ["Groupe", "Membres", "Lit (population)", "Rédige"]
        .map(|label| ui::Column { label, class: if label == "Membres" { "num" } else { "" } });
    let tick = |field: &str, seat: &NamedSeat, list: &[Seat], verb: &str| {
        html! {
            input type="checkbox" name=(field) value=(seat.seat) checked[list.contains(&seat.seat)]
                aria-label={ (label(seat)) " " (verb) };
        }
    };
    let rows: Vec<Vec<Markup>> = seats
        .iter()
        .map(|seat| {
            vec![
                html! { (label(seat)) },
                html! { (seat.members) },
                tick("population", seat, &content.populations, "lit la rubrique"),
                tick("editor", seat, &content.editors, "rédige la rubrique"),
            ]
        })
        .collect();
    html! {
        @if rows.is_empty() { (ui::empty("Aucun groupe de ce nom", "Vérifiez le nom, ou cherchez un mot de moins.")) }
        @else { (ui::table("Groupes", &columns, &rows)) }
    }
}

/// « Club théâtre (élèves) »
pub(super) fn label(seat: &NamedSeat) -> String {
    match seat.seat.profile {
        None => seat.name.clone(),
        Some(profile) => format!("{} ({})", seat.name, profile.plural().to_lowercase()),
    }
}

fn opening(exchange: &Exchange<'_>, rubrique: &Rubrique) -> Markup {
    let base = format!("/broadcast/rubriques/{}", rubrique.id);
    html! {
        @if rubrique.closed_at.is_some() {
            form method="post" action={ (base) "/open" } {
                (ui::csrf(exchange))
                div.toolbar { button type="submit" { "Ouvrir de nouveau la rubrique" } }
            }
        } @else {
            form method="post" action={ (base) "/close" } {
                (ui::csrf(exchange))
                div.toolbar { (ui::confirm("Fermer la rubrique", "Plus personne ne la lira ni n’y écrira. Les messages envoyés restent, et vous pourrez l’ouvrir de nouveau.", "Fermer la rubrique")) }
            }
        }
    }
}
