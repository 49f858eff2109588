//! The page of groups (D-2).

use maud::{Markup, html};
use people::{FoundGroup, GroupKind, GroupQuery, Page};
use web::{Exchange, Problem, Response, Viewer, ui};

use crate::ask::{GroupParameters, failed, own_establishment, reader};
use crate::links;

const BASE: &str = "/directory/groups";

/// `GET /directory/groups`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked: GroupParameters = exchange.query()?;
    let everywhere = exchange.query_value("everywhere") == "1";
    let mut query = asked.query(viewer)?;
    if !everywhere && query.establishment.is_none() && query.kind != Some(GroupKind::Network) {
        query.establishment = own_establishment(viewer);
    }
    let found = people::search_groups(&exchange.db(), &query).map_err(failed)?;
    let body = html! {
        (filters(exchange, viewer, &asked, everywhere)?)
        (results(exchange, &asked, everywhere, &query, &found))
    };
    web::Page::new("Annuaire", body)
        .actions(links::tabs(exchange, BASE))
        .lead("Un message à un groupe arrive à chacun de ses membres.")
        .wide()
        .respond(exchange)
}

/// The kind of a group, in French.
const fn label(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Network => "Tout l’ENT",
        GroupKind::Establishment => "Établissement",
        GroupKind::Class => "Classe",
        GroupKind::TeachingGroup => "Groupe d’enseignement",
        GroupKind::Discipline => "Discipline",
        GroupKind::HeadTeacher => "Professeurs principaux",
        GroupKind::Manual => "Groupe manuel",
        GroupKind::AdHoc => "Groupe ad hoc",
        GroupKind::List => "Liste de diffusion",
    }
}

fn filters(
    exchange: &Exchange<'_>,
    viewer: &Viewer,
    asked: &GroupParameters,
    everywhere: bool,
) -> Result<Markup, Problem> {
    let mut kinds = vec![("", "Tous les types")];
    kinds.extend(GroupKind::ALL.iter().map(|kind| (kind.as_str(), label(*kind))));
    let limit = asked.limit.unwrap_or(25).to_string();
    Ok(html! {
        form.filters method="get" action=(BASE) role="search" {
            div.inline {
                (links::name(&asked.q))
                (ui::select("kind", "Type", &kinds, &asked.kind))
                (ui::select("limit", "Par page", &links::SIZES, &limit))
                (ui::submit("Rechercher"))
            }
            (links::everywhere(exchange, viewer, everywhere)?)
        }
    })
}

fn results(
    exchange: &Exchange<'_>,
    asked: &GroupParameters,
    everywhere: bool,
    query: &GroupQuery<'_>,
    found: &Page<FoundGroup>,
) -> Markup {
    if found.items.is_empty() {
        return ui::empty(
            "Aucun groupe ne correspond",
            "Vérifiez le nom, ou élargissez la recherche à tous les types.",
        );
    }
    let writable = links::can_write(exchange);
    let limit = asked.limit.map(|limit| limit.to_string()).unwrap_or_default();
    let parameters = [
        ("q", asked.q.as_str()),
        ("kind", &asked.kind),
        ("class", &asked.class),
        ("establishment", &asked.establishment),
        ("limit", &limit),
        ("everywhere", if everywhere { "1" } else { "" }),
    ];
    html! {
        (links::selectable(&table(&found.items, writable), writable))
        (links::pages(BASE, &parameters, query.after.is_some(), found.next.as_ref()))
    }
}

fn table(groups: &[FoundGroup], writable: bool) -> Markup {
    let column = |label, class| ui::Column { label, class };
    let mut columns = vec![column("Nom", ""), column("Type", ""), column("Membres", "num")];
    if writable {
        columns.insert(0, column("", "min"));
        columns.push(column("", "min"));
    }
    let rows: Vec<Vec<Markup>> = groups.iter().map(|group| row(group, writable)).collect();
    ui::table("Groupes trouvés", &columns, &rows)
}

fn row(group: &FoundGroup, writable: bool) -> Vec<Markup> {
    let (id, name) = (group.id.as_str(), group.name.as_str());
    let mut cells = vec![
        html! {
            span.person {
                span.avatar.group aria-hidden="true" { (name.chars().next().unwrap_or(' ')) }
                span {
                    strong { (name) }
                    @if let Some(establishment) = &group.establishment { small { (establishment) } }
                }
            }
        },
        html! { (label(group.kind)) },
        members(group, id, name),
    ];
    if writable {
        cells.insert(0, links::tick("group", id, name));
        cells.push(links::write_to("group", id, name));
    }
    cells
}

/// How many they are, and the way to see who, unless the group hides them.
fn members(group: &FoundGroup, id: &str, name: &str) -> Markup {
    html! {
        @match group.members {
            Some(count) => a href={ "/directory?group=" (id) } aria-label={ "Membres de " (name) " : " (count) } { (count) },
            None => "masqués",
        }
    }
}
