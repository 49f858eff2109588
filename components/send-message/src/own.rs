//! One's own groups of contacts and bookmarks as recipients (M-1, D-4, D-5). They are not addressees themselves: one press
//! puts in their place the people and groups among them that may be written to now.

use web::{Exchange, Form, Markup, Problem, html};

use crate::api::{Addressed, FieldName, KindName};

fn problem(error: contacts::Error) -> Problem {
    match error {
        contacts::Error::NotFound => Problem::not_found(),
        contacts::Error::Store(error) => error.into(),
        other => Problem::internal(other.to_string()),
    }
}

/// Below the categories: the groups of the address book, and the bookmarks; nothing for whoever has none.
pub(crate) fn picker(exchange: &Exchange<'_>) -> Result<Markup, Problem> {
    let owner = &exchange.viewer()?.id;
    let groups = contacts::groups(&exchange.db(), owner).map_err(problem)?;
    let bookmarks = contacts::bookmarks(&exchange.db(), owner).map_err(problem)?;
    let group = |one: &contacts::Group| choice("contacts", &one.id, &one.name, "");
    let bookmark = |one: &contacts::Bookmark| {
        let gone = if one.hidden > 0 { format!("{} qui ne sont plus visibles", one.hidden) } else { String::new() };
        choice("bookmark", &one.id, &one.name, &gone)
    };
    let sets = [
        ("Mon carnet d’adresses", groups.iter().map(group).collect::<Vec<_>>()),
        ("Mes favoris", bookmarks.iter().map(bookmark).collect()),
    ];
    Ok(html! {
        @for (title, own) in sets.iter().filter(|(_, own)| !own.is_empty()) {
            details.field {
                summary.link { (title) }
                ul.inside { @for one in own { li { (one) } } }
            }
        }
    })
}

fn choice(kind: &str, id: &str, name: &str, detail: &str) -> Markup {
    html! {
        button.link type="submit" name="set" value={ (kind) ":" (id) } formnovalidate aria-label={ "Ajouter " (name) } { (name) }
        @if !detail.is_empty() { " " small { (detail) } }
    }
}

/// What the set that was pressed stands for, in the field To; nothing when none was.
pub(crate) fn pressed(exchange: &Exchange<'_>, form: &Form) -> Result<Vec<Addressed>, Problem> {
    let viewer = exchange.viewer()?;
    let to = |kind, id: String| Addressed { field: FieldName::To, kind, id };
    Ok(match form.get("set").split_once(':') {
        Some(("contacts", id)) => {
            let found = contacts::recipients(&exchange.db(), &viewer.id, id).map_err(problem)?;
            found.people.iter().map(|id| to(KindName::Person, id.to_string())).collect()
        }
        Some(("bookmark", id)) => {
            let found = contacts::bookmark(&exchange.db(), &viewer.person, id).map_err(problem)?;
            let groups = found.groups.iter().map(|group| to(KindName::Group, group.id.to_string()));
            groups.chain(found.people.iter().map(|person| to(KindName::Person, person.id.to_string()))).collect()
        }
        _ => Vec::new(),
    })
}
