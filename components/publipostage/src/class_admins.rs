//! Administrators of classes: a local administrator gives a class to a teacher or a staff member, and takes it back.

use mailing::delegate;
use maud::{Markup, html};
use web::ui::{self, Column, Field};
use web::{Exchange, Problem, Response};

use crate::access::{Place, failed, place, place_as};
use crate::frame;

const PATH: &str = "/publipostage/class-admins";

/// `GET /publipostage/class-admins`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    let kept = delegate::class_admins(exchange.db(), &place.uai).map_err(failed)?;
    let classes = mailing::classes(exchange.db(), place.viewpoint()).map_err(failed)?;
    let classes: Vec<_> = classes.iter().map(|class| (class.id.as_str(), class.name.as_str())).collect();
    let columns = ["Qui", "Fonction", "Classe", ""].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = kept
        .iter()
        .map(|admin| {
            vec![
                html! { (admin.name) },
                html! { (admin.function) },
                html! { (admin.class.1) },
                html! {
                    form method="post" action={ (PATH) "/remove" } {
                        (frame::hidden(exchange, &place)) (ui::hidden("person", &admin.person)) (ui::hidden("class", &admin.class.0))
                        button type="submit" aria-label={ "Retirer " (admin.class.1) " à " (admin.name) } { "Retirer" }
                    }
                },
            ]
        })
        .collect();
    let body = html! {
        p { "Un administrateur de classe fait le publipostage des élèves de sa classe et de leurs parents : professeur principal, référent. Il ne voit jamais le code d’un administrateur ou de la direction." }
        @if rows.is_empty() { (ui::empty("Aucune classe n’est confiée", "Confiez-en une ci-dessous, si vous voulez partager ce travail.")) }
        @else { (ui::table("Administrateurs de classes", &columns, &rows)) }
        form.stack.box method="post" action=(PATH) {
            h2 { "Confier une classe" }
            (frame::hidden(exchange, &place))
            (Field::new("login", "Identifiant de connexion").hint("D’un enseignant ou d’un personnel de l’établissement : prenom.nom").autocomplete("off"))
            (ui::select("class", "Classe", &classes, ""))
            (ui::submit("Confier"))
        }
    };
    frame::page(&place, PATH, "Administrateurs de classes", body).respond(exchange)
}

fn back(place: &Place) -> Response {
    Response::see_other(&format!("{PATH}?uai={}", place.uai))
}

/// `POST /publipostage/class-admins`
pub(crate) fn add(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let place = place_as(exchange, form.get("uai"))?.whole()?;
    let name = delegate::add(exchange.db(), &place.uai, form.get("login"), form.get("class")).map_err(failed)?;
    Ok(back(&place).success(&format!("La classe est confiée à {name}.")))
}

/// `POST /publipostage/class-admins/remove`
pub(crate) fn remove(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let place = place_as(exchange, form.get("uai"))?.whole()?;
    delegate::remove(exchange.db(), &place.uai, form.get("person"), form.get("class")).map_err(failed)?;
    Ok(back(&place).success("La classe n’est plus confiée."))
}
