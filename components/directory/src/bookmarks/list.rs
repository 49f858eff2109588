//! The list of bookmarks, and a message to one.

use contacts::Bookmark;
use maud::{Markup, html};
use web::ui;
use web::{Exchange, Page, Problem, Response};

use super::BASE;
use crate::ask::reader;
use crate::contacts::{back, problem, write_to};
use crate::links;

/// `GET /directory/bookmarks`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let bookmarks = contacts::bookmarks(&exchange.db(), &viewer.id).map_err(problem)?;
    let columns = [("Favori", ""), ("Personnes et groupes", "num"), ("Plus visibles", "num"), ("", "min"), ("", "min")];
    let columns = columns.map(|(label, class)| ui::Column { label, class });
    let rows: Vec<Vec<Markup>> = bookmarks.iter().map(|bookmark| row(exchange, bookmark)).collect();
    let body = html! {
        div.bulk { a.button.primary href={ (BASE) "/new" } { "Nouveau favori" } }
        @if rows.is_empty() {
            (ui::empty("Aucun favori", "Un favori réunit des personnes et des groupes à qui vous écrivez souvent. Cochez-les dans l’annuaire, puis choisissez « Garder en favori »."))
        } @else { (ui::table("Favoris", &columns, &rows)) }
    };
    Page::new("Favoris", body)
        .actions(links::tabs(exchange, BASE))
        .lead("Vous seul voyez vos favoris. Ils montrent les personnes et les groupes à qui vous pouvez écrire aujourd’hui.")
        .wide()
        .respond(exchange)
}

fn row(exchange: &Exchange<'_>, bookmark: &Bookmark) -> Vec<Markup> {
    let Bookmark { id, name, visible, hidden } = bookmark;
    vec![
        html! { a href={ (BASE) "/" (id) } { (name) } },
        html! { (visible) },
        html! { @if *hidden > 0 { (hidden) } @else { "–" } },
        html! {
            @if links::can_write(exchange) && *visible > 0 {
                a.button href={ (BASE) "/" (id) "/write" } aria-label={ "Écrire à " (name) } { "Écrire" }
            }
        },
        html! {
            form method="post" action={ (BASE) "/" (id) "/delete" } {
                (ui::csrf(exchange))
                (ui::confirm("Supprimer", "Le favori disparaît ; les personnes et les groupes restent dans l’annuaire.", "Supprimer le favori"))
            }
        },
    ]
}

/// `GET /directory/bookmarks/{id}/write`: to the composer with what is visible.
pub(crate) fn write(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let id = exchange.param("id");
    let opened = contacts::bookmark(&exchange.db(), &viewer.person, id).map_err(problem)?;
    let groups = opened.groups.iter().map(|group| format!("group:{}", group.id));
    let to: Vec<String> = groups.chain(opened.people.iter().map(|person| format!("person:{}", person.id))).collect();
    let answer = write_to(exchange, &to, &format!("{BASE}/{}", opened.id))?;
    if opened.hidden == 0 || to.is_empty() || to.len() > contacts::MAX_RECIPIENTS {
        return Ok(answer);
    }
    Ok(answer.warning(&super::edit::hidden(opened.hidden)))
}

/// `POST /directory/bookmarks/{id}/delete`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let deleted = contacts::delete_bookmark(&exchange.db(), &viewer.id, exchange.param("id"));
    back(BASE, deleted.map(|()| "Le favori est supprimé.".to_owned()).map_err(problem))
}
