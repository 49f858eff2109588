//! The page of groups (D-2).

use maud::{Markup, html};
use people::{FoundGroup, GroupKind, GroupQuery, Page};
use web::{Exchange, Problem, Response, ui};

use crate::ask::{GroupParameters, failed, reader};
use crate::links;
use crate::scope::Scope;

const BASE: &str = "/directory/groups";

/// `GET /directory/groups`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked = GroupParameters::read(exchange)?;
    let mut query = asked.query(viewer)?;
    let scope = Scope::read(exchange, viewer, query.establishments.clone())?;
    if query.kind != Some(GroupKind::Network) {
        query.establishments = scope.establishments.clone();
    }
    let found = people::search_groups(&exchange.db(), &query).map_err(failed)?;
    let body = html! {
        (filters(&asked, &scope))
        (results(exchange, &asked, &query, &scope, &found)?)
    };
    web::Page::new("Annuaire", body)
        .actions(links::tabs(exchange, BASE))
        .lead("Un message à un groupe arrive à chacun de ses membres.")
        .wide()
        .respond(exchange)
}

fn filters(asked: &GroupParameters, scope: &Scope) -> Markup {
    let mut kinds = vec![("", "Tous les types")];
    kinds.extend(GroupKind::ALL.iter().map(|kind| (kind.as_str(), kind.label())));
    let limit = asked.limit.unwrap_or(25).to_string();
    html! {
        form.filters method="get" action=(BASE) role="search" {
            div.inline {
                (links::name(&asked.q))
                (ui::select("kind", "Type", &kinds, &asked.kind))
                div.field {
                    label for="manager" { "Gestionnaire" span.optional { " (facultatif)" } }
                    input id="manager" name="manager" type="search" value=(asked.manager) autocomplete="off" spellcheck="false";
                }
                (ui::select("limit", "Par page", &links::SIZES, &limit))
                (ui::submit("Rechercher"))
            }
            (scope.fields())
        }
    }
}

fn results(
    exchange: &Exchange<'_>,
    asked: &GroupParameters,
    query: &GroupQuery<'_>,
    scope: &Scope,
    found: &Page<FoundGroup>,
) -> Result<Markup, Problem> {
    if found.items.is_empty() {
        return Ok(ui::empty(
            "Aucun groupe ne correspond",
            "Vérifiez le nom, ou élargissez la recherche à tous les types. L’annuaire montre seulement les groupes à qui vous pouvez écrire.",
        ));
    }
    let writable = links::can_write(exchange);
    let count = people::count_groups(&exchange.db(), query).map_err(failed)?;
    let pairs = asked.pairs(&query.establishments);
    let export = links::address("/api/v1/directory/groups.csv", &pairs);
    let mut here = pairs;
    here.push(scope.pair());
    here.push(("limit", asked.limit.map(|limit| limit.to_string()).unwrap_or_default()));
    Ok(html! {
        (links::summary(Some(count), count, None, &export))
        (links::selectable(&table(&found.items, writable), writable))
        (links::pages(&links::address(BASE, &here), query.after.is_some(), found.next.as_ref()))
    })
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
                    @if !group.description.is_empty() { small { (group.description) } }
                }
            }
        },
        html! { (group.kind.label()) },
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
