//! The form of a group: what it says, and what is read from it.

use groups::{Content, Manager};
use maud::{Markup, html};
use people::{PageSize, PeopleQuery, PersonId, Uai};
use store::params;
use web::ui::{self, Field};
use web::{Exchange, Form, Problem, Viewer};

use crate::ask::failed;

/// What the form shows.
pub(super) struct Sheet {
    pub(super) content: Content,
    /// None for a group that is there: its establishment stays.
    pub(super) establishments: Option<Vec<(String, String)>>,
    pub(super) uai: String,
    /// With their names, as far as the viewer may know them.
    pub(super) managers: Vec<Manager>,
    /// People who could be meant by the name that was typed.
    pub(super) proposed: Vec<Manager>,
    pub(super) typed: String,
}

/// What was sent. A manager named by her name is added when she is the only one; else the form proposes.
pub(super) struct Sent {
    pub(super) content: Content,
    pub(super) uai: Option<Uai>,
    pub(super) proposed: Vec<Manager>,
    pub(super) typed: String,
}

/// Reads the form.
pub(super) fn read(exchange: &Exchange<'_>, viewer: &Viewer) -> Result<Sent, Problem> {
    let form: &Form = exchange.form()?;
    let mut managers: Vec<PersonId> = Vec::new();
    for id in form.all("manager") {
        managers.push(id.parse().map_err(|_| Problem::invalid("manager", "Ce gestionnaire est inconnu."))?);
    }
    let mut typed = form.get("manager_name").to_owned();
    let mut proposed = if typed.is_empty() { Vec::new() } else { candidates(exchange, viewer, &typed)? };
    if let [one] = &proposed[..] {
        managers.push(one.id.clone());
    }
    // Among homonyms, the one that was ticked is the one that was meant.
    if proposed.iter().any(|person| managers.contains(&person.id)) {
        proposed.clear();
        typed.clear();
    }
    let content = Content {
        name: form.get("name").to_owned(),
        description: form.get("description").to_owned(),
        permanent: form.has("permanent"),
        open: form.get("open") == "1",
        managers,
    };
    Ok(Sent { content, uai: form.get("establishment").parse().ok(), proposed, typed })
}

/// Those of that name who may keep a group, among the people she may write to.
fn candidates(exchange: &Exchange<'_>, viewer: &Viewer, typed: &str) -> Result<Vec<Manager>, Problem> {
    let query = PeopleQuery { text: typed, size: PageSize::near(100), ..PeopleQuery::of(&viewer.person) };
    let found = people::search_people(&exchange.db(), &query).map_err(failed)?.items;
    let mut able = Vec::new();
    let ids: Vec<String> = found.iter().map(|person| format!("\"{}\"", person.id)).collect();
    let rows = exchange.db().execute(
        "SELECT DISTINCT x.person_id FROM json_each(?1) j CROSS JOIN possible_manager x ON x.person_id = j.value AND x.uai = ?2",
        params![format!("[{}]", ids.join(",")), &viewer.uai],
    )?;
    for row in &rows {
        able.push(row.text(0)?.to_owned());
    }
    let able = found.into_iter().filter(|person| able.iter().any(|id| id == person.id.as_str())).take(20);
    Ok(able.map(|person| Manager { name: format!("{} ({})", person.name, person.detail()), id: person.id }).collect())
}

/// The form; `action` is where it goes.
pub(super) fn form(
    exchange: &Exchange<'_>,
    action: &str,
    sheet: &Sheet,
    problem: Option<&Problem>,
    send: &str,
) -> Markup {
    let Content { name, description, permanent, open, .. } = &sheet.content;
    html! {
        form.stack method="post" action=(action) {
            (ui::csrf(exchange))
            (ui::error_summary(problem))
            (Field::new("name", "Nom").value(name).problem(problem))
            (ui::textarea("description", "Description (facultatif)", description, 3, problem))
            @if let Some(establishments) = &sheet.establishments {
                @let options: Vec<(&str, &str)> = establishments.iter().map(|(uai, name)| (uai.as_str(), name.as_str())).collect();
                (ui::select("establishment", "Établissement de rattachement", &options, &sheet.uai))
            }
            (ui::checkbox("permanent", "1", "Pérenne : le groupe est gardé à la fin de l’année scolaire", *permanent))
            fieldset {
                legend { "Qui peut écrire" }
                (choice("0", !open, "Pour écrire au groupe seulement", "Les gestionnaires écrivent au groupe. Le groupe ne donne à ses membres le droit d’écrire à personne."))
                (choice("1", *open, "Les membres peuvent s’écrire", "Chaque membre pourra écrire à tous les autres et au groupe : des élèves à des parents ou à des adultes qu’ils ne connaissent pas, et l’inverse. Choisissez-le pour un club ou un projet dont vous connaissez tous les membres."))
            }
            fieldset #manager {
                legend { "Gestionnaires" }
                @for manager in &sheet.managers {
                    (ui::checkbox("manager", manager.id.as_str(), if manager.name.is_empty() { "Une personne que vous ne pouvez pas voir" } else { &manager.name }, true))
                }
                @for person in &sheet.proposed { (ui::checkbox("manager", person.id.as_str(), &person.name, false)) }
                @if !sheet.typed.is_empty() && sheet.proposed.is_empty() {
                    p.error { "Aucun gestionnaire de l’annuaire à qui vous puissiez écrire ne porte ce nom." }
                }
                (Field::new("manager_name", "Ajouter un gestionnaire").kind("search").optional().value(&sheet.typed)
                    .hint("Son nom. Un gestionnaire est aussi membre du groupe."))
            }
            div.toolbar { (ui::submit(send)) }
        }
    }
}

fn choice(value: &str, chosen: bool, label: &str, meaning: &str) -> Markup {
    html! {
        label.check {
            input type="radio" name="open" value=(value) checked[chosen];
            span { (label) br; small { (meaning) } }
        }
    }
}
