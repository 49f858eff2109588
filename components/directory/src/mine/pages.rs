//! The pages: the groups one keeps, a new one, one of them.

use groups::{AdHoc, Content, Manager};
use maud::{Markup, html};
use store::params;
use web::ui::{self, Column};
use web::{Exchange, Page, Problem, Response, Viewer};

use super::form::{self, Sent, Sheet};
use super::{BASE, asked, failed, keeper, members, new_ids};
use crate::links;

/// `GET /directory/my-groups`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = keeper(exchange)?;
    let groups = groups::kept(&exchange.db(), &viewer.person).map_err(failed)?;
    let columns = [("Nom", ""), ("Membres", "num"), ("Les membres", ""), ("Pérenne", ""), ("", "min")]
        .map(|(label, class)| Column { label, class });
    let rows: Vec<Vec<Markup>> = groups.iter().map(|group| row(exchange, viewer, group)).collect();
    let body = html! {
        div.toolbar { a.button.primary href={ (BASE) "/new" } { "Créer un groupe" } }
        @if rows.is_empty() {
            (ui::empty("Aucun groupe", "Un groupe ad hoc réunit les personnes que vous choisissez : un club, un projet, un conseil."))
        } @else { (ui::table("Groupes ad hoc", &columns, &rows)) }
    };
    Page::new("Groupes ad hoc", body)
        .crumb("Annuaire", "/directory")
        .actions(links::tabs(exchange, BASE))
        .lead("Les groupes dont vous êtes gestionnaire ou administrateur.")
        .wide()
        .respond(exchange)
}

fn row(exchange: &Exchange<'_>, viewer: &Viewer, group: &AdHoc) -> Vec<Markup> {
    let id = group.id.as_str();
    vec![
        html! {
            a href={ (BASE) "/" (id) } { strong { (group.name) } }
            @if group.uai.as_str() != viewer.uai { small { " " (group.establishment) } }
            @if !group.description.is_empty() { br; small { (group.description) } }
        },
        html! { (group.members) },
        html! { @if group.open { "s’écrivent entre eux" } @else { "ne s’écrivent pas" } },
        html! { @if group.permanent { "oui" } @else { "non" } },
        html! { @if links::can_write(exchange) { (links::write_to("group", id, &group.name)) } },
    ]
}

/// `GET /directory/my-groups/new`
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = keeper(exchange)?;
    let me = Manager { id: viewer.person.clone(), name: viewer.name() };
    let content = Content {
        name: String::new(),
        description: String::new(),
        permanent: false,
        open: false,
        managers: vec![me.id.clone()],
    };
    let establishments = Some(establishments(exchange, viewer)?);
    let (uai, typed) = (viewer.uai.clone(), String::new());
    new_sheet(exchange, &Sheet { content, establishments, uai, managers: vec![me], proposed: Vec::new(), typed }, None)
}

/// `POST /directory/my-groups`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = keeper(exchange)?;
    let sent = form::read(exchange, viewer)?;
    let uai = sent.uai.clone().or_else(|| viewer.uai.parse().ok()).ok_or_else(Problem::not_found)?;
    let problem = if sent.typed.is_empty() {
        let ids = new_ids(exchange)?;
        match groups::make(&exchange.db(), &viewer.person, &uai, &ids, &sent.content, exchange.now()) {
            Ok(()) => {
                let [id, _] = ids;
                return Ok(Response::see_other(&format!("{BASE}/{id}#membres"))
                    .success("Le groupe est créé. Ajoutez maintenant ses membres."));
            }
            Err(error) => failed(error),
        }
    } else {
        which_manager()
    };
    if !problem.status.is_client_error() || problem.code == "forbidden" {
        return Err(problem);
    }
    let establishments = Some(establishments(exchange, viewer)?);
    let sheet = again(exchange, viewer, sent, establishments, uai.to_string())?;
    Ok(new_sheet(exchange, &sheet, Some(&problem))?.status(problem.status))
}

fn new_sheet(exchange: &Exchange<'_>, sheet: &Sheet, problem: Option<&Problem>) -> Result<Response, Problem> {
    Page::new("Créer un groupe", form::form(exchange, BASE, sheet, problem, "Créer le groupe"))
        .crumb("Annuaire", "/directory")
        .crumb("Groupes ad hoc", BASE)
        .respond(exchange)
}

/// `GET /directory/my-groups/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = keeper(exchange)?;
    let (group, managers) = groups::one(&exchange.db(), &viewer.person, &asked(exchange)?).map_err(failed)?;
    let content = Content {
        name: group.name.clone(),
        description: group.description.clone(),
        permanent: group.permanent,
        open: group.open,
        managers: managers.iter().map(|manager| manager.id.clone()).collect(),
    };
    let (uai, typed) = (group.uai.to_string(), String::new());
    let sheet = Sheet { content, establishments: None, uai, managers, proposed: Vec::new(), typed };
    sheet_of(exchange, viewer, &group, &sheet, None)
}

/// `POST /directory/my-groups/{id}`
pub(crate) fn change(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = keeper(exchange)?;
    let id = asked(exchange)?;
    let (group, _) = groups::one(&exchange.db(), &viewer.person, &id).map_err(failed)?;
    let sent = form::read(exchange, viewer)?;
    let problem = if sent.typed.is_empty() {
        let [keepers, _] = new_ids(exchange)?;
        match groups::change(&exchange.db(), &viewer.person, &id, &keepers, &sent.content) {
            // She may have handed it over.
            Ok(()) => {
                let hers = groups::one(&exchange.db(), &viewer.person, &id).is_ok();
                let to = if hers { format!("{BASE}/{id}") } else { BASE.to_owned() };
                return Ok(Response::see_other(&to).success("Le groupe est enregistré."));
            }
            Err(error) => failed(error),
        }
    } else {
        which_manager()
    };
    if !problem.status.is_client_error() || problem.code == "not-found" {
        return Err(problem);
    }
    let sheet = again(exchange, viewer, sent, None, group.uai.to_string())?;
    Ok(sheet_of(exchange, viewer, &group, &sheet, Some(&problem))?.status(problem.status))
}

/// `POST /directory/my-groups/{id}/delete`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = keeper(exchange)?;
    groups::drop_group(&exchange.db(), &viewer.person, &asked(exchange)?).map_err(failed)?;
    Ok(Response::see_other(BASE).success("Le groupe est supprimé. Les messages déjà reçus restent."))
}

fn sheet_of(
    exchange: &Exchange<'_>,
    viewer: &Viewer,
    group: &AdHoc,
    sheet: &Sheet,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let here = format!("{BASE}/{}", group.id);
    let body = html! {
        section.box aria-labelledby="general" {
            h2 #general { "Informations générales" }
            (form::form(exchange, &here, sheet, problem, "Enregistrer"))
        }
        (members::section(exchange, viewer, group, &here)?)
        section.box {
            h2 { "Supprimer" }
            form method="post" action={ (here) "/delete" } {
                (ui::csrf(exchange))
                (ui::confirm("Supprimer le groupe", "Plus personne ne pourra lui écrire. Les messages déjà reçus restent.", "Supprimer"))
            }
        }
    };
    let page = Page::new(group.name.as_str(), body)
        .crumb("Annuaire", "/directory")
        .crumb("Groupes ad hoc", BASE)
        .lead(format!("Groupe ad hoc, {}", group.establishment));
    if links::can_write(exchange) {
        page.actions(links::write_to("group", group.id.as_str(), &group.name)).respond(exchange)
    } else {
        page.respond(exchange)
    }
}

fn which_manager() -> Problem {
    Problem::invalid(
        "manager_name",
        "Cochez le gestionnaire à ajouter, ou effacez son nom. Rien n’est encore enregistré.",
    )
}

/// What was sent, to be shown again, with the names of the managers.
fn again(
    exchange: &Exchange<'_>,
    viewer: &Viewer,
    sent: Sent,
    establishments: Option<Vec<(String, String)>>,
    uai: String,
) -> Result<Sheet, Problem> {
    let mut managers = Vec::new();
    for id in &sent.content.managers {
        let row = exchange.db().first(
            "SELECT p.first_name || ' ' || p.last_name FROM person p WHERE p.id = ?2
                AND (p.id = ?1 OR EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = p.id))",
            params![viewer.id.as_str(), id.as_str()],
        )?;
        let name = row.map_or(Ok(String::new()), |row| row.text(0).map(str::to_owned))?;
        managers.push(Manager { id: id.clone(), name });
    }
    let Sent { content, proposed, typed, .. } = sent;
    Ok(Sheet { content, establishments, uai, managers, proposed, typed })
}

/// Her own, and those she administers.
fn establishments(exchange: &Exchange<'_>, viewer: &Viewer) -> Result<Vec<(String, String)>, Problem> {
    let rows = exchange.db().execute(
        "SELECT e.uai, e.name FROM establishment e WHERE e.uai = ?2
            OR e.uai IN (SELECT a.uai FROM local_admin a WHERE a.person_id = ?1) ORDER BY e.uai <> ?2, e.name",
        params![viewer.id.as_str(), viewer.uai.as_str()],
    )?;
    Ok(rows
        .iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())))
        .collect::<Result<_, store::Error>>()?)
}
